/**
 * Mail that waits for somebody to look, with what it is about and what a calendar in it said; row-level security leaves
 * out matters the reader may not know of. $1 authority.
 */
const SHOWN = `select h.id, h.version, h.reason, h.note, h.kind, h.received_at, h.sender_name, h.sender_address, h.subject,
    h.authentication, h.possibly_automatic, h.invitation_id, m.id as meeting_id, m.ref as meeting_ref, m.starts_at, m.ends_at,
    m.status as meeting_status, t.ref as matter_ref, c.id as contact_id, c.name as contact_name, c.email as contact_email, a.name as agency_name,
    n.id as present_id, n.version as present_version, n.status as present_status, n.answer as present_answer,
    s.address, s.answer, s.comment, s.sequence, s.stated_at, s.starts_at as says_starts_at, s.ends_at as says_ends_at, s.delegate
  from inbound_mail h
  left join invitation i on i.authority_id = h.authority_id and i.id = h.invitation_id
  left join meeting m on m.authority_id = i.authority_id and m.id = i.meeting_id
  left join matter t on t.authority_id = m.authority_id and t.id = m.matter_id
  left join contact c on c.authority_id = i.authority_id and c.id = i.contact_id
  left join agency a on a.authority_id = i.authority_id and a.id = i.agency_id
  left join held_answer s on s.authority_id = h.authority_id and s.id = h.id
  left join lateral (select o.id, o.version, o.status, o.answer from invitation o where o.authority_id = i.authority_id
    and o.meeting_id = i.meeting_id and o.contact_id = i.contact_id
    order by (o.status = 'OPEN') desc, o.created_at desc, o.id desc limit 1) n on true
  where h.authority_id = $1 and h.state = 'HELD'`;

/** The soonest meeting first, then what came first. */
export const HELD = `${SHOWN} order by m.starts_at nulls last, h.received_at, h.id limit 200`;

/** One, $2. */
export const HELD_ONE = `${SHOWN} and h.id = $2`;

/** How many wait about one meeting, $2. */
export const HELD_OF_MEETING = `select count(*)::int as waiting from inbound_mail where authority_id = $1
  and meeting_id = $2 and state = 'HELD'`;
