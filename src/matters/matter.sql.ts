/** Lists of matters, as constant statements; `$1` is the authority in each. Row-level security leaves out the rest. */

const ROW = `m.id, m.ref, m.kind, m.neutral_title as "neutralTitle", m.sensitivity, m.status, m.created_at as "createdAt",
  s.name as "coordinatorName"`;

const FROM = `from matter m left join staff s on s.authority_id = m.authority_id and s.id = m.coordinator_id`;

const WANTED = `m.authority_id = $1 and ($2::text is null or m.kind = $2) and ($3::text is null or m.status = $3)
  and ($4::text is null or lower(m.ref) like $4 or lower(m.neutral_title) like $4
    or exists (select 1 from unnest(m.external_ids) e where lower(e) like $4))`;

/** $2: kind or null; $3: status or null; $4: a pattern or null; $5: how many before. Newest first, 25 a page. */
export const MATTERS = `select ${ROW} ${FROM} where ${WANTED} order by m.created_at desc, m.id desc limit 25 offset $5`;

/** As MATTERS, how many in all. */
export const HOW_MANY_MATTERS = `select count(*)::int as total from matter m where ${WANTED}`;

/** $2: a contact who may know of them. */
export const MATTERS_OF_CONTACT = `select ${ROW} ${FROM}
  join standing t on t.authority_id = m.authority_id and t.matter_id = m.id and t.who = 'contact:' || $2::uuid and t.verdict = 'may_know'
  where m.authority_id = $1 order by m.created_at desc, m.id desc limit 100`;

/** $2: the matter. Members of staff who may know of it. */
export const READERS = `select s.id, s.name, s.roles, s.desk from matter_access a
  join staff s on s.authority_id = a.authority_id and s.id = a.person_id
  where a.authority_id = $1 and a.matter_id = $2 and (a.until is null or a.until > now()) and s.disabled_at is null
  order by lower(s.name), s.id`;

/** $1: the matter; $2: people. A definer function gives access, if the giver has it. */
export const GIVE_ACCESS = 'select give_matter_access($1, $2::uuid[])';

/** $2: kinds of matters. Open ones whose sensitivity lets the whole desk read. */
export const DESK_MATTERS = `select id from matter where authority_id = $1 and kind = any($2::text[])
  and status <> 'CLOSED' and sensitivity <> 'HIGHLY_RESTRICTED' order by id`;
