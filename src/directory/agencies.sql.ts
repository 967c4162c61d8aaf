/** What is read of agencies, as constant statements; `$1` is the authority in each. */

const AGENCY = `a.id, a.version, a.name, a.category, a.discipline, a.phone, a.ended_on::text as "endedOn"`;

/**
 * Agencies by part of a name, with how many people hold a post there now; those that start with it first.
 * $2: today; $3: a pattern, such as %school%; $4: the same as the start of a name; $5: ended ones too?; $6: how many; $7: before.
 */
export const AGENCIES_BY_NAME = `
  with found as (
    select * from agency a where a.authority_id = $1 and ($5::boolean or a.ended_on is null or a.ended_on > $2::date)
      and replace(lower(a.name), '’', '''') like $3
    order by (replace(lower(a.name), '’', '''') like $4 || '%') desc, lower(a.name), a.id limit $6 offset $7),
  staffed as (
    select p.agency_id, count(distinct h.contact_id)::int as people from post p
    join holding h on h.authority_id = p.authority_id and h.post_id = p.id and h.from_on <= $2::date
      and (h.to_on is null or h.to_on > $2::date)
    where p.authority_id = $1 and p.agency_id in (select id from found) group by p.agency_id)
  select ${AGENCY}, coalesce(s.people, 0) as people from found a left join staffed s on s.agency_id = a.id
  order by (replace(lower(a.name), '’', '''') like $4 || '%') desc, lower(a.name), a.id`;

/** Every agency there is now, for a list to choose from. $2: today. */
export const AGENCY_CHOICES = `select a.id, a.name, a.category from agency a
  where a.authority_id = $1 and (a.ended_on is null or a.ended_on > $2::date) order by lower(a.name), a.id limit 5000`;

/** Agencies with one of these names, however capitals stand. $2: names in lower case. */
export const AGENCIES_NAMED = `select a.id, a.name, a.category, a.ended_on::text as "endedOn" from agency a
  where a.authority_id = $1 and lower(a.name) = any($2::text[])`;

/** $2: the agency. */
export const TEAMS_OF_AGENCY = `select id, version, name, former_names as "formerNames", from_on::text as "fromOn", to_on::text as "toOn"
  from team where authority_id = $1 and agency_id = $2 order by to_on desc nulls first, lower(name), id`;

/** $2: the agency. */
export const INBOXES_OF_AGENCY = `select i.id, i.version, i.address, i.restricted, i.ended_on::text as "endedOn", i.team_id as "teamId",
    t.name as "teamName"
  from inbox i left join team t on t.authority_id = i.authority_id and t.id = i.team_id
  where i.authority_id = $1 and i.agency_id = $2 order by i.ended_on desc nulls first, i.address_key`;

/** $2: the agency. */
export const POSTS_OF_AGENCY = `select p.id, p.version, p.title, p.discipline, p.can_decide as "canDecide", p.functions,
    p.ended_on::text as "endedOn", p.team_id as "teamId", t.name as "teamName"
  from post p left join team t on t.authority_id = p.authority_id and t.id = p.team_id
  where p.authority_id = $1 and p.agency_id = $2 order by p.ended_on desc nulls first, lower(p.title), p.id`;

/** Standing deputies of an agency's posts, past ones left out. $2: the agency; $3: today. */
export const DEPUTIES_OF_AGENCY = `select d.id, d.version, d.post_id as "postId", d.deputy_post_id as "deputyPostId", d.rank,
    d.from_on::text as "fromOn", p.title as "postTitle"
  from deputy d join post o on o.authority_id = d.authority_id and o.id = d.post_id
  join post p on p.authority_id = d.authority_id and p.id = d.deputy_post_id
  where d.authority_id = $1 and o.agency_id = $2 and (d.to_on is null or d.to_on > $3::date)
  order by d.post_id, d.rank, d.id`;

/** Posts with one of these titles at an agency, however capitals stand. $2: the agency; $3: the title in lower case; $4: today. */
export const POSTS_TITLED = `select p.id, p.team_id as "teamId" from post p where p.authority_id = $1 and p.agency_id = $2
  and lower(p.title) = $3 and (p.ended_on is null or p.ended_on > $4::date) order by p.id`;

/** Teams with a name, now or formerly. $2: the agency; $3: the name in lower case; $4: today. */
export const TEAMS_NAMED = `select t.id from team t where t.authority_id = $1 and t.agency_id = $2
  and (t.to_on is null or t.to_on > $4::date)
  and (lower(t.name) = $3 or exists (select 1 from unnest(t.former_names) former where lower(former) = $3))
  order by (lower(t.name) = $3) desc, t.id limit 1`;

/** Holdings that are not over, of posts. $2: posts; $3: today. */
export const OPEN_HOLDINGS = `select h.id, h.contact_id as "contactId" from holding h
  where h.authority_id = $1 and h.post_id = any($2::uuid[]) and (h.to_on is null or h.to_on > $3::date) order by h.id`;

/** Deputies that are not over, for or by posts. $2: posts; $3: today. */
export const OPEN_DEPUTIES = `select d.id, d.post_id as "postId", d.rank from deputy d
  where d.authority_id = $1 and (d.post_id = any($2::uuid[]) or d.deputy_post_id = any($2::uuid[]))
  and (d.to_on is null or d.to_on > $3::date) order by d.id`;
