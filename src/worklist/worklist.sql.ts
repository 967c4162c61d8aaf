/**
 * Everything that needs a person, in one statement; row-level security leaves out matters the reader may not know of.
 * $1 authority, $2 now, $3 today in London, $4 until when meetings are looked at.
 */
export const WORKLIST = `
with place as (
  select m.id, m.ref, m.starts_at, i.status, i.required, a.name as agency,
    case when i.answered_revision = m.revision then i.answer else 'NO_RESPONSE' end as answer
  from meeting m
  join invitation i on i.authority_id = m.authority_id and i.meeting_id = m.id and i.status = 'OPEN' and i.required <> 'NO'
  join agency a on a.authority_id = i.authority_id and a.id = i.agency_id
  where m.authority_id = $1 and m.status = 'SCHEDULED' and m.starts_at > $2 and m.starts_at < $4
)
(select 'REQUIRED_DECLINED' as kind, ref as about, string_agg(distinct agency, ', ' order by agency) as detail, starts_at as due, id
  from place where answer in ('DECLINED', 'REPORT_ONLY', 'NOT_ME', 'MOVED_ON') group by id, ref, starts_at limit 100)
union all
(select 'REQUIRED_NOT_CONFIRMED', ref, string_agg(distinct agency, ', ' order by agency), starts_at, id
  from place where answer in ('NO_RESPONSE', 'TENTATIVE') group by id, ref, starts_at limit 100)
union all
(select 'MEETING_TODAY', m.ref, t.label, m.starts_at, m.id from meeting m
  join meeting_type t on t.authority_id = m.authority_id and t.code = m.type_code
  where m.authority_id = $1 and m.status in ('SCHEDULED', 'IN_PROGRESS') and m.ends_at > $2
    and (m.starts_at at time zone 'Europe/London')::date = $3::date order by m.starts_at limit 100)
union all
(select 'TIME_HELD', m.ref, t.label, m.starts_at, m.id from meeting m
  join meeting_type t on t.authority_id = m.authority_id and t.code = m.type_code
  where m.authority_id = $1 and m.status = 'PROPOSED' and m.last_stamped_at is not null and m.starts_at > $2 and m.starts_at < $4
  order by m.starts_at limit 100)
union all
(select 'REGISTER_DUE', m.ref, t.label, m.ends_at, m.id from meeting m
  join meeting_type t on t.authority_id = m.authority_id and t.code = m.type_code
  where m.authority_id = $1 and m.status in ('SCHEDULED', 'IN_PROGRESS') and m.ends_at <= $2 order by m.ends_at desc limit 100)
union all
(select case when a.status = 'ORPHANED' then 'ACTION_ORPHANED' when a.status = 'QUERIED' then 'ACTION_QUERIED'
    when a.status = 'DONE' then 'ACTION_TO_VERIFY' else 'ACTION_OVERDUE' end,
    a.ref, c.name || ': ' || left(a.text, 120), (a.due_on::timestamp at time zone 'Europe/London'), a.id
  from action a join contact c on c.authority_id = a.authority_id and c.id = a.owner_contact_id
  where a.authority_id = $1 and (a.status in ('ORPHANED', 'QUERIED', 'DONE')
    or (a.status in ('ASSIGNED', 'ACCEPTED', 'IN_PROGRESS') and a.due_on < $3::date)) order by a.due_on limit 100)
union all
(select 'MAIL_NOT_DELIVERED', coalesce(m.ref, t.ref), c.name, coalesce(m.starts_at, g.created_at), g.id
  from message g join contact c on c.authority_id = g.authority_id and c.id = g.contact_id
  left join meeting m on m.authority_id = g.authority_id and m.id = g.meeting_id
  left join matter t on t.authority_id = g.authority_id and t.id = g.matter_id
  where g.authority_id = $1 and g.purpose <> 'CODE' and (g.state = 'IN_DOUBT'
      or (g.state = 'DEAD' and g.reason in ('REFUSED', 'ATTEMPTS', 'DOUBTED', 'EXPIRED', 'STARTED', 'BOUNCED'))
      or g.bounce_kind in ('HARD', 'UNCLEAR'))
    and case when g.meeting_id is null then g.matter_id is not null and g.created_at > $2::timestamptz - interval '14 days'
      else m.status in ('PROPOSED', 'SCHEDULED', 'CANCELLED') and m.ends_at > $2 end
    and not exists (select 1 from message n where n.authority_id = g.authority_id and n.stream = g.stream and n.ordinal > g.ordinal)
  order by 4 limit 100)
union all
(select 'NO_CHAIR', m.ref, c.name, m.starts_at, m.id
  from meeting m join contact c on c.authority_id = m.authority_id and c.id = m.chair_contact_id
  where m.authority_id = $1 and m.status = 'SCHEDULED' and m.starts_at > $2
    and not exists (select 1 from invitation i where i.authority_id = m.authority_id and i.meeting_id = m.id
      and i.contact_id = m.chair_contact_id and i.status = 'OPEN')
  order by m.starts_at limit 100)
union all
(select 'SUBSTITUTE_ASKED', asked.ref, asked.name || ', for ' || asked.invitee || ' (' || asked.agency || ')', asked.starts_at, asked.meeting_id
  from (select distinct on (i.id) m.ref, m.starts_at, m.id as meeting_id, a.name as agency, c.name as invitee,
      coalesce(e.details->>'name', 'Somebody') as name
    from event e
    join invitation i on i.authority_id = e.authority_id and i.id = substring(e.object from 12)::uuid
      and i.status = 'OPEN'
    join meeting m on m.authority_id = i.authority_id and m.id = i.meeting_id and m.status in ('PROPOSED', 'SCHEDULED') and m.starts_at > $2
    join agency a on a.authority_id = i.authority_id and a.id = i.agency_id
    join contact c on c.authority_id = i.authority_id and c.id = i.contact_id
    where e.authority_id = $1 and e.action = 'invitation.substitute-asked' and (i.answered_at is null or i.answered_at <= e.at)
      and not exists (select 1 from invitation n where n.authority_id = i.authority_id and n.meeting_id = i.meeting_id
        and n.agency_id = i.agency_id and n.contact_id <> i.contact_id and n.created_at > e.at)
    order by i.id, e.seq desc) asked order by asked.starts_at limit 100)
union all
(select case when m.status in ('PROPOSED', 'SCHEDULED') and m.starts_at > $2 and m.starts_at <= $2 + interval '24 hours' then 'REPLY_HELD_SOON' else 'REPLY_HELD' end,
    coalesce(m.ref, 'No meeting'), concat_ws(': ', c.name, coalesce(nullif(h.sender_address, ''), 'no sender')), m.starts_at, h.id
  from inbound_mail h
  left join invitation i on i.authority_id = h.authority_id and i.id = h.invitation_id
  left join meeting m on m.authority_id = h.authority_id and m.id = h.meeting_id
  left join contact c on c.authority_id = i.authority_id and c.id = i.contact_id
  where h.authority_id = $1 and h.state = 'HELD' order by m.starts_at nulls last, h.received_at limit 100)
union all
(select 'TIME_PROPOSED', m.ref, string_agg(distinct c.name, ', ' order by c.name), m.starts_at, m.id
  from proposal p
  join meeting m on m.authority_id = p.authority_id and m.id = p.meeting_id and m.status in ('PROPOSED', 'SCHEDULED') and m.starts_at > $2
  join invitation i on i.authority_id = p.authority_id and i.id = p.invitation_id
  join contact c on c.authority_id = i.authority_id and c.id = i.contact_id
  where p.authority_id = $1 and p.state = 'OPEN' group by m.id, m.ref, m.starts_at order by m.starts_at limit 100)
union all
(select 'ANSWERS_DISAGREE', m.ref, string_agg(distinct c.name, ', ' order by c.name), m.starts_at, m.id
  from response r
  join response o on o.authority_id = r.authority_id and o.invitation_id = r.invitation_id and o.revision = r.revision
    and o.channel > r.channel and o.kind <> r.kind and o.kind <> 'SUGGESTED_TIME' and o.set_aside is null
    and o.stated_at between r.stated_at - interval '10 minutes' and r.stated_at + interval '10 minutes'
  join invitation i on i.authority_id = r.authority_id and i.id = r.invitation_id and i.status = 'OPEN'
  join meeting m on m.authority_id = r.authority_id and m.id = r.meeting_id and m.revision = r.revision
    and m.status in ('PROPOSED', 'SCHEDULED') and m.starts_at > $2
  join contact c on c.authority_id = i.authority_id and c.id = i.contact_id
  where r.authority_id = $1 and r.kind <> 'SUGGESTED_TIME' and r.set_aside is null
    and i.answered_at <= greatest(r.stated_at, o.stated_at)
  group by m.id, m.ref, m.starts_at order by m.starts_at limit 100)
union all
(select 'CLAIM_MADE', k.name, p.title || ', ' || a.name || ', in place of ' || c.name, null::timestamptz, k.id
  from claim k join post p on p.authority_id = k.authority_id and p.id = k.post_id
  join agency a on a.authority_id = p.authority_id and a.id = p.agency_id
  join contact c on c.authority_id = k.authority_id and c.id = k.held_by
  where k.authority_id = $1 and k.status = 'MADE' order by k.made_at limit 100)
union all
(select 'CONTACT_UNVERIFIED', c.name, string_agg(distinct m.ref, ', '), min(m.starts_at), c.id
  from invitation i
  join meeting m on m.authority_id = i.authority_id and m.id = i.meeting_id and m.status in ('PROPOSED', 'SCHEDULED') and m.starts_at > $2
  join contact c on c.authority_id = i.authority_id and c.id = i.contact_id and c.status in ('ACTIVE', 'UNVERIFIED', 'ON_LEAVE')
  cross join lateral (select r.kind, r.stated_at from response r where r.authority_id = i.authority_id and r.invitation_id = i.id
    and r.kind <> 'SUGGESTED_TIME' order by r.stated_at desc, r.at desc limit 1) said
  where i.authority_id = $1 and i.status in ('OPEN', 'SUPERSEDED', 'WITHDRAWN') and said.kind in ('MOVED_ON', 'NOT_ME')
    and (c.last_verified_at is null or c.last_verified_at < said.stated_at)
  group by c.id, c.name limit 100)`;
