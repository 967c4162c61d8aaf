/** The statements behind the lists of meetings; each is constant and filters by the authority. */

/** Who is asked to some meetings, with what a page and quorum need of them. $2: ids of meetings. */
export const INVITEES = `select i.id, i.version, i.meeting_id, i.contact_id, i.post_id, i.agency_id, i.role, i.required, i.status,
    i.can_decide, i.direct_involvement, i.substitute_for, i.sent_sequence, i.asked_revision, i.answer, i.answered_revision,
    i.answered_at, c.name, c.email, c.phone, c.mobile, c.status as contact_status, p.title as post_title,
    coalesce((select q.team_name from post_place q join meeting held on held.authority_id = q.authority_id and held.id = i.meeting_id
      where q.authority_id = i.authority_id and q.post_id = i.post_id and q.until_at > held.starts_at order by q.until_at limit 1),
      u.name) as team_name,
    a.name as agency_name, a.category, coalesce(p.discipline, a.discipline) as discipline,
    (select r.channel from response r where r.authority_id = i.authority_id and r.invitation_id = i.id
      and r.kind = i.answer and r.stated_at = i.answered_at order by r.at desc limit 1) as channel,
    (select r.reason from response r where r.authority_id = i.authority_id and r.invitation_id = i.id
      and r.kind = i.answer and r.stated_at = i.answered_at order by r.at desc limit 1) as reason,
    (select r.said_by from response r where r.authority_id = i.authority_id and r.invitation_id = i.id
      and r.kind = i.answer and r.stated_at = i.answered_at order by r.at desc limit 1) as said_by
  from invitation i
  join contact c on c.authority_id = i.authority_id and c.id = i.contact_id
  join agency a on a.authority_id = i.authority_id and a.id = i.agency_id
  left join post p on p.authority_id = i.authority_id and p.id = i.post_id
  left join team u on u.authority_id = p.authority_id and u.id = p.team_id
  where i.authority_id = $1 and i.meeting_id = any ($2::uuid[])
  order by i.meeting_id, case i.role when 'CHAIR' then 0 when 'MINUTE_TAKER' then 2 else 1 end,
    case i.required when 'NO' then 1 else 0 end, a.category, c.name, i.id`;

const LISTED = `select m.id, m.version, m.ref, m.matter_id, t.ref as matter_ref, t.neutral_title, t.facts as matter_facts, m.type_code,
    y.label as type_label, m.status, m.urgency, m.starts_at, m.ends_at, m.zone, m.mode, m.place, m.revision,
    m.chair_contact_id, c.name as chair_name, m.minute_taker_contact_id, m.quorum_rule_id, m.quorum_rule_version
  from meeting m
  join matter t on t.authority_id = m.authority_id and t.id = m.matter_id
  join meeting_type y on y.authority_id = m.authority_id and y.code = m.type_code
  left join contact c on c.authority_id = m.authority_id and c.id = m.chair_contact_id
  where m.authority_id = $1`;

/** Meetings not over at $2, the next one first. */
export const UPCOMING = `${LISTED} and m.ends_at >= $2 and m.status in ('DRAFT', 'PROPOSED', 'SCHEDULED', 'IN_PROGRESS')
  order by m.starts_at, m.id limit 200`;

/** Meetings over at $2, held or cancelled, the latest first. */
export const PAST = `${LISTED} and (m.ends_at < $2 or m.status not in ('DRAFT', 'PROPOSED', 'SCHEDULED', 'IN_PROGRESS'))
  order by m.starts_at desc, m.id desc limit 200`;

/** The meetings of one matter, $2, the latest first. */
export const OF_MATTER = `${LISTED} and m.matter_id = $2 order by m.starts_at desc, m.id desc limit 200`;

/** Other meetings in the diaries of the same people ($2), held ones too, that overlap from $3 to $4; $5 is left out. */
export const CLASHES = `select distinct c.name as contact_name, m.starts_at, m.ends_at
  from meeting m
  join invitation i on i.authority_id = m.authority_id and i.meeting_id = m.id and i.status = 'OPEN' and i.answer <> 'DECLINED'
  join contact c on c.authority_id = i.authority_id and c.id = i.contact_id
  where m.authority_id = $1 and i.contact_id = any ($2::uuid[])
    and (m.status = 'SCHEDULED' or m.status = 'PROPOSED' and m.last_stamped_at is not null)
    and m.starts_at < $4 and m.ends_at > $3 and ($5::uuid is null or m.id <> $5)
  order by m.starts_at, c.name limit 20`;

/** Invitations to one meeting, $2, that hold a place. */
export const LIVE_OF_MEETING = `select id from invitation where authority_id = $1 and meeting_id = $2
  and status in ('DRAFT', 'OPEN') order by id`;

/** Live invitations of a matter, $2, behind which stands somebody of $3 (keys of who may know). */
export const LIVE_BEHIND = `select id, meeting_id from invitation where authority_id = $1 and matter_id = $2
  and status in ('DRAFT', 'OPEN') and (contact_key = any ($3) or post_key = any ($3) or agency_key = any ($3)
    or address_key = any ($3)) order by meeting_id, id`;

/** Live invitations of one contact, $2, to meetings that are still to come at $3. */
export const LIVE_OF_CONTACT = `select i.id, i.meeting_id from invitation i
  join meeting m on m.authority_id = i.authority_id and m.id = i.meeting_id
  where i.authority_id = $1 and i.contact_id = $2 and i.status in ('DRAFT', 'OPEN') and m.status in ('DRAFT', 'PROPOSED', 'SCHEDULED')
    and m.starts_at > $3 order by i.meeting_id, i.id`;

/** Earlier invitations of some people, $3, to one meeting, $2: their reply address serves again. */
export const EARLIER = `select distinct on (contact_id) contact_id, id, reply_hash, reply_sealed, sent_sequence, answer,
    address_key from invitation
  where authority_id = $1 and meeting_id = $2 and contact_id = any ($3::uuid[]) order by contact_id, created_at desc, id desc`;

/** An agency other than the council's own, or a person, whose name stands in $2. */
export const NAMED_IN = `select name from (
    select name from agency where authority_id = $1 and category not in ('CHILDRENS_SOCIAL_CARE', 'LADO_SERVICE')
    union all select name from contact where authority_id = $1) known
  where length(name) >= 5 and position(lower(name) in lower($2)) > 0 limit 1`;

/** Keeps everybody from being excluded from the matter of a meeting, $2, until the transaction ends. */
export const MATTER_OF_MEETING = `select t.id from matter t
  join meeting m on m.authority_id = t.authority_id and m.matter_id = t.id
  where t.authority_id = $1 and m.authority_id = $1 and m.id = $2 for key share of t`;

/** Who must not be told of a matter, $2, by the keys that stand for them. */
export const MUST_NOT_KNOW = `select who from standing where authority_id = $1 and matter_id = $2 and verdict = 'must_not_know'`;

/** Places in meetings still to come at $2 whose people have left, while nobody else of their agency is asked. */
export const VACATED = `select i.id as invitation_id, i.meeting_id, m.starts_at, m.ref, c.name, a.name as agency_name,
    i.required, i.role
  from invitation i
  join meeting m on m.authority_id = i.authority_id and m.id = i.meeting_id
  join contact c on c.authority_id = i.authority_id and c.id = i.contact_id
  join agency a on a.authority_id = i.authority_id and a.id = i.agency_id
  where i.authority_id = $1 and i.status = 'WITHDRAWN' and m.status in ('PROPOSED', 'SCHEDULED') and m.starts_at > $2
    and (exists (select 1 from re_routing r where r.authority_id = i.authority_id and r.invitation_id = i.id
        and r.asked_as = 'COORDINATOR' and r.undone_at is null)
      or c.status in ('LEFT', 'MERGED') and exists (select 1 from event e where e.authority_id = i.authority_id
        and e.object = 'invitation:' || i.id and e.action = 'invitation.withdrawn'
        and e.details->>'why' in ('CONTACT_LEFT', 'CONTACT_MERGED')))
    and not exists (select 1 from invitation o where o.authority_id = i.authority_id and o.meeting_id = i.meeting_id
      and o.agency_id = i.agency_id and o.status = 'OPEN')
  order by m.starts_at, c.name limit 200`;
