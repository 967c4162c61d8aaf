/**
 * Restructures, as few statements however many people they concern; `$1` is the authority in each. `$2` is the agency
 * unless said.
 */

export const TEAMS = `select id, name, from_on::text as "fromOn", to_on::text as "toOn", successor_ids as "successorIds"
  from team where authority_id = $1 and agency_id = $2 order by to_on desc nulls first, lower(name), id`;

/** $3: today. */
export const POSTS = `select id, title as name, team_id as "teamId" from post
  where authority_id = $1 and agency_id = $2 and (ended_on is null or ended_on > $3::date) order by lower(title), id`;

/** $3: today. */
export const INBOXES = `select id, address as name, team_id as "teamId" from inbox
  where authority_id = $1 and agency_id = $2 and (ended_on is null or ended_on > $3::date) order by address_key`;

/** $2: posts; $3: today. Who holds them now or will. */
export const HOLDERS = `select distinct c.id, c.name from holding h join contact c on c.authority_id = h.authority_id and c.id = h.contact_id
  where h.authority_id = $1 and h.post_id = any ($2::uuid[]) and (h.to_on is null or h.to_on > $3::date) order by c.name, c.id`;

/** $3: teams and posts. Restructures that wait for their day and touch one of them. */
export const WAITING = `select words, effective_on::text as "effectiveOn" from reorganisation
  where authority_id = $1 and agency_id = $2 and status = 'SCHEDULED' and touched && $3::uuid[] order by effective_on limit 1`;

export const OF_AGENCY = `select id from reorganisation where authority_id = $1 and agency_id = $2
  order by decided_at desc, id desc limit 50`;

/** $2: today. */
export const DUE = `select id from reorganisation where authority_id = $1 and status = 'SCHEDULED' and effective_on <= $2::date
  order by effective_on, decided_at, id limit 100`;

/** $2: posts, or those of $3: teams; $4: until when they were so called. Their places as they were. */
export const REMEMBER_PLACES = `insert into post_place (authority_id, post_id, until_at, team_name, agency_name)
  select p.authority_id, p.id, $4, t.name, a.name from post p
  join agency a on a.authority_id = p.authority_id and a.id = p.agency_id
  left join team t on t.authority_id = p.authority_id and t.id = p.team_id
  where p.authority_id = $1 and (p.id = any ($2::uuid[]) or p.team_id = any ($3::uuid[]))
  on conflict do nothing`;

/** $2: posts; $3: the team of each, or null. */
export const MOVE_POSTS = `update post p set team_id = m.team_id, version = version + 1
  from unnest($2::uuid[], $3::uuid[]) m (id, team_id) where p.authority_id = $1 and p.id = m.id`;

/** $2: inboxes; $3: the team of each, or null. */
export const MOVE_INBOXES = `update inbox i set team_id = m.team_id, version = version + 1
  from unnest($2::uuid[], $3::uuid[]) m (id, team_id) where i.authority_id = $1 and i.id = m.id`;

/** $2: the team; $3: from when; $4: its successors. */
export const END_TEAM = `update team set to_on = greatest($3::date, from_on), successor_ids = $4::uuid[], version = version + 1
  where authority_id = $1 and id = $2`;

/** $2: the team; $3: names that find it from now on, with those that found what went into it. */
export const KEEP_NAMES = `update team t set version = version + 1, former_names = (select array_agg(distinct n) from (
    select unnest(t.former_names || $3::text[]) as n
    union select unnest(g.former_names) from team g where g.authority_id = t.authority_id and g.id = any ($4::uuid[])) names
  where n <> t.name) where t.authority_id = $1 and t.id = $2`;
