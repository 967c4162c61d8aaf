/**
 * What an exclusion stands for and whom it touches, as constant statements; `$1` is the authority in each. Who is
 * excluded is locked FOR SHARE: that waits for a change in the directory and makes it wait, but not an invitation, whose
 * foreign keys ask for less; with an invitation the matter's own lock decides. A post is locked FOR UPDATE, since taking
 * it up is a foreign key too.
 */

/** $2: the contact. Locked, so that the address does not change meanwhile. */
export const EXCLUDED_CONTACT = `select address_key as key from contact where authority_id = $1 and id = $2 for share`;

/** $2: the post. Locked, so that nobody takes it up meanwhile. */
export const EXCLUDED_POST = `select id::text as key from post where authority_id = $1 and id = $2 for update`;

/** $2: the post; $3: today. Holders now and to come. */
export const HOLDERS = `select c.id, c.address_key as "addressKey" from holding h
  join contact c on c.authority_id = h.authority_id and c.id = h.contact_id
  where h.authority_id = $1 and h.post_id = $2 and (h.to_on is null or h.to_on > $3::date)`;

/** $2: the inbox. */
export const EXCLUDED_INBOX = `select address_key as key from inbox where authority_id = $1 and id = $2 for share`;

/** $2: the agency. */
export const EXCLUDED_AGENCY = `select id::text as key from agency where authority_id = $1 and id = $2 for share`;

/** $2: the agency. */
export const INBOXES = `select address_key as key from inbox where authority_id = $1 and agency_id = $2`;

/** $2: the agency; $3: today; $4: the matter. Its people who have been told already, in whatever post. */
export const MEMBERS_TOLD = `select distinct c.id, c.address_key as "addressKey" from post p
  join holding h on h.authority_id = p.authority_id and h.post_id = p.id and (h.to_on is null or h.to_on > $3::date)
  join contact c on c.authority_id = h.authority_id and c.id = h.contact_id
  join standing s on s.authority_id = c.authority_id and s.matter_id = $4 and s.who = 'contact:' || c.id
  where p.authority_id = $1 and p.agency_id = $2`;

/** $2: the matter; $3: keys. */
export const MUST_NOT_KNOW = `insert into standing (authority_id, matter_id, who, verdict)
  select $1, $2, who, 'must_not_know' from unnest($3::text[]) as t (who) order by who
  on conflict (authority_id, matter_id, who) do update set verdict = excluded.verdict`;

/** $2: the matter; $3: keys. */
export const MAY_KNOW = `insert into standing (authority_id, matter_id, who, verdict)
  select $1, $2, who, 'may_know' from unnest($3::text[]) as t (who) order by who
  on conflict (authority_id, matter_id, who) do nothing`;

/** $2: the matter; $3: keys. */
export const MAY_KNOW_AGAIN = `update standing set verdict = 'may_know'
  where authority_id = $1 and matter_id = $2 and who = any($3::text[])`;

/** $2: the matter; $3: keys. */
export const BLOCKED = `select who from standing
  where authority_id = $1 and matter_id = $2 and who = any($3::text[]) and verdict = 'must_not_know'`;

/** $2: the contact. Before the matter is locked, in the order of a change in the directory. */
export const KEEP_ADDRESS = `select id from contact where authority_id = $1 and id = $2 for key share`;

/** $2: posts. */
export const KEEP_POSTS = `select id from post where authority_id = $1 and id = any($2::uuid[]) order by id for key share`;

/** $2: the matter. An exclusion locks it for update and waits for this. */
export const KEEP_OPEN = `select id from matter where authority_id = $1 and id = $2 for key share`;

/** $2: the contact; $3: today. Everything they stand for besides themselves: address, posts, agencies. */
export const EVERYTHING_OF = `select c.name, c.address_key as "addressKey",
    coalesce(array_agg(distinct 'post:' || p.id) filter (where p.id is not null), '{}')
    || coalesce(array_agg(distinct 'agency:' || p.agency_id) filter (where p.id is not null), '{}') as keys
  from contact c
  left join (holding h join post p on p.authority_id = h.authority_id and p.id = h.post_id)
    on h.authority_id = c.authority_id and h.contact_id = c.id and (h.to_on is null or h.to_on > $3::date)
  where c.authority_id = $1 and c.id = $2 group by c.authority_id, c.id`;

/** $2: the matter; $3: keys of people and addresses. Whose own access to the matter ends: contacts, and staff who are those. */
export const PEOPLE_BEHIND = `with people as (
    select id from contact where authority_id = $1 and ('contact:' || id = any($3::text[]) or address_key = any($3::text[])))
  select a.person_id as id from matter_access a where a.authority_id = $1 and a.matter_id = $2
    and (a.until is null or a.until > now()) and (a.person_id in (select id from people)
      or 'agency:' || a.person_id = any($3::text[])
      or a.person_id in (select id from staff where authority_id = $1 and contact_id in (select id from people)))`;

export const END_ACCESS = `select end_matter_access($1, $2)`;

/** $2: the matter. With the name of whoever is excluded; newest first. */
export const EXCLUSIONS = `select e.id, e.version, e.reason, e.alternative, e.added_at as "addedAt", s.name as "addedBy",
    e.lifted_at as "liftedAt", e.lifted_reason as "liftedReason",
    coalesce(c.name, p.title, i.address, a.name) as name,
    case when e.contact_id is not null then 'PERSON' when e.post_id is not null then 'POST'
      when e.inbox_id is not null then 'INBOX' else 'AGENCY' end as kind,
    coalesce(pa.name, ia.name) as "agencyName"
  from exclusion e
  left join contact c on c.authority_id = e.authority_id and c.id = e.contact_id
  left join post p on p.authority_id = e.authority_id and p.id = e.post_id
  left join agency pa on pa.authority_id = p.authority_id and pa.id = p.agency_id
  left join inbox i on i.authority_id = e.authority_id and i.id = e.inbox_id
  left join agency ia on ia.authority_id = i.authority_id and ia.id = i.agency_id
  left join agency a on a.authority_id = e.authority_id and a.id = e.agency_id
  left join staff s on s.authority_id = e.authority_id and s.id = e.added_by
  where e.authority_id = $1 and e.matter_id = $2 order by e.lifted_at is not null, e.added_at desc, e.id`;

/** $2: a pattern. People, posts, mailboxes and agencies whose name has it: up to ten of each. */
export const EXCLUDABLE = `
  (select 'PERSON' as kind, c.id, c.name, (select string_agg(p.title || ', ' || a.name, '; ' order by h.from_on desc)
      from holding h join post p on p.authority_id = h.authority_id and p.id = h.post_id
      join agency a on a.authority_id = p.authority_id and a.id = p.agency_id
      where h.authority_id = c.authority_id and h.contact_id = c.id and h.to_on is null) as "where"
    from contact c where c.authority_id = $1 and c.status <> 'MERGED' and lower(c.name) like $2
    order by lower(c.name), c.id limit 10)
  union all (select 'INBOX', i.id, i.address, a.name from inbox i
    join agency a on a.authority_id = i.authority_id and a.id = i.agency_id
    where i.authority_id = $1 and (lower(i.address) like $2 or lower(a.name) like $2) order by i.address_key limit 10)
  union all (select 'POST', p.id, p.title, a.name from post p
    join agency a on a.authority_id = p.authority_id and a.id = p.agency_id
    where p.authority_id = $1 and p.ended_on is null and (lower(p.title) like $2 or lower(a.name) like $2)
    order by lower(p.title), p.id limit 10)
  union all (select 'AGENCY', a.id, a.name, null from agency a
    where a.authority_id = $1 and a.ended_on is null and lower(a.name) like $2 order by lower(a.name), a.id limit 10)`;
