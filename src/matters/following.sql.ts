/** Which matters a change in the directory touches; `$1` is the authority in each. Run with the service's need to know. */

/** $2: a key. Matters in which it stands, with its verdict, each locked. */
export const MATTERS_OF_KEY = `select m.id as "matterId", s.verdict from standing s
  join matter m on m.authority_id = s.authority_id and m.id = s.matter_id
  where s.authority_id = $1 and s.who = $2 order by m.id for update of m`;

/** $2: keys. Live exclusions that stand for one of them. */
export const EXCLUSIONS_FOR_KEYS = `select id, matter_id as "matterId" from exclusion
  where authority_id = $1 and lifted_at is null and keys && $2::text[] order by matter_id, id`;

/** $2: the post. Live exclusions of it or of its agency, which is answered too. */
export const EXCLUSIONS_OF_POST = `select e.id, e.matter_id as "matterId", e.post_id is not null as whole from exclusion e
  join post p on p.authority_id = e.authority_id and p.id = $2
  where e.authority_id = $1 and e.lifted_at is null and (e.post_id = p.id or e.agency_id = p.agency_id)
  order by e.matter_id, e.id`;

/** $2: the inbox. Live exclusions of it or of its agency. */
export const EXCLUSIONS_OF_INBOX = `select e.id, e.matter_id as "matterId", i.address_key as key from inbox i
  join exclusion e on e.authority_id = i.authority_id and (e.inbox_id = i.id or e.agency_id = i.agency_id) and e.lifted_at is null
  where i.authority_id = $1 and i.id = $2 order by e.matter_id, e.id`;

/** $2: the matter; $3: the contact. Has something that would be sent there: an invitation or an action that is live. */
export const IS_LIVE_IN = `select exists (select 1 from invitation where authority_id = $1 and matter_id = $2 and contact_id = $3
    and verdict is not null) or exists (select 1 from action where authority_id = $1 and matter_id = $2
    and owner_contact_id = $3 and verdict is not null) as live`;

/** $2: contacts. */
export const ADDRESSES = `select id, address_key as "addressKey" from contact where authority_id = $1 and id = any($2::uuid[])`;
