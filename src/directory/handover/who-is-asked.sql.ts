/**
 * Who could be asked in somebody's place, in one statement. $1: the authority; $2: today; $3: the person who is not there;
 * $4: the post they had, or null. Rows come in the order of asking; `cover` is whoever covers that candidate's leave.
 */
const CANDIDATE = `json_build_object('contactId', c.id, 'name', c.name, 'status', c.status,
    'isBounced', exists (select 1 from undeliverable_address u where u.authority_id = c.authority_id
        and u.address_key = c.address_key and u.lifted_at is null)
      or exists (select 1 from handover b where b.authority_id = c.authority_id and b.contact_id = c.id
      and b.signal = 'BOUNCED' and b.undone_at is null and b.address_key = c.address_key
      and (c.last_verified_at is null or c.last_verified_at <= b.started_at)),
    'keys', (select array[c.address_key] || coalesce(array_agg('post:' || p.id) || array_agg('agency:' || p.agency_id), '{}')
      from holding h join post p on p.authority_id = h.authority_id and p.id = h.post_id
      where h.authority_id = c.authority_id and h.contact_id = c.id and (h.to_on is null or h.to_on > $2::date)))`;

const candidate = (alias: string): string => CANDIDATE.replaceAll('c.', `${alias}.`);

const PERSON = `jsonb_build_object('candidate', ${candidate('k')}, 'cover', case when v.id is null then null else ${candidate('v')} end)`;

const COVERED = `left join contact v on v.authority_id = k.authority_id and v.id = k.cover_contact_id`;

const HELD = `h.from_on <= $2::date and (h.to_on is null or h.to_on > $2::date)`;

export const WHO_COULD_BE_ASKED = `
  select 'COVER' as as, 0 as n, 0 as m, ${PERSON} as who from contact k ${COVERED}
    join contact gone on gone.authority_id = k.authority_id and gone.cover_contact_id = k.id and gone.id = $3
    where k.authority_id = $1 and gone.status = 'ON_LEAVE'
  union all
  select 'SUCCESSOR', 1, (row_number() over (order by h.from_on desc, h.id))::int, ${PERSON} from holding h
    join contact k on k.authority_id = h.authority_id and k.id = h.contact_id ${COVERED}
    where h.authority_id = $1 and h.post_id = $4 and h.contact_id <> $3 and ${HELD}
  union all
  select 'DEPUTY', 2, (row_number() over (order by d.rank, h.from_on desc, h.id))::int, ${PERSON} from deputy d
    join holding h on h.authority_id = d.authority_id and h.post_id = d.deputy_post_id and ${HELD}
    join contact k on k.authority_id = h.authority_id and k.id = h.contact_id ${COVERED}
    where d.authority_id = $1 and d.post_id = $4 and d.from_on <= $2::date and (d.to_on is null or d.to_on > $2::date)
  union all
  select 'INBOX', 3, (row_number() over (order by i.address_key))::int, jsonb_build_object('inboxId', i.id, 'address', i.address,
      'restricted', i.restricted, 'keys', array[i.address_key, 'agency:' || i.agency_id] || case
        when exists (select 1 from inbox_reader r where r.authority_id = i.authority_id and r.inbox_id = i.id)
        then (select array_agg('contact:' || r.contact_id) from inbox_reader r
          where r.authority_id = i.authority_id and r.inbox_id = i.id)
        else (select coalesce(array_agg(distinct 'contact:' || h.contact_id), '{}') from post q
          join holding h on h.authority_id = q.authority_id and h.post_id = q.id and (h.to_on is null or h.to_on > $2::date)
          where q.authority_id = i.authority_id and q.team_id = i.team_id) end)
    from inbox i join post p on p.authority_id = i.authority_id and p.team_id = i.team_id and p.id = $4
    where i.authority_id = $1 and (i.ended_on is null or i.ended_on > $2::date)
  order by n, m`;
