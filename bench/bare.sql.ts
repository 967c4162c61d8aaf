/**
 * What somebody would write by hand who knew exactly these questions: one statement each, nested rows by LEFT JOIN
 * LATERAL, the answer's JSON made by PostgreSQL and passed through. The same rows under the same policies as the
 * service's own answers.
 */
/** The text is plain ASCII of a known length, so base64 has no character of its own to replace and its padding is cut off. */
const globalId = (type: string, key: string): string =>
  `left(encode(convert_to('${type}:' || ${key}, 'UTF8'), 'base64'), ${Math.ceil(((type.length + 37) * 4) / 3)})`;
const instant = (column: string): string => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

const invitations = `left join lateral (select coalesce(json_agg(n), '[]'::json) as nodes from (
    select ${globalId('Invitation', 'i.id')} as id, i.role, i.required, i.status, i.answer, ${instant('i.answered_at')} as "answeredAt", contact, agency
    from (select * from invitation i where i.authority_id = $1 and i.meeting_id = m.id order by i.created_at, i.id limit 10) i
    left join lateral (select ${globalId('Contact', 'c.id')} as id, c.name, c.email from contact c
      where c.authority_id = $1 and c.id = i.contact_id limit 1) contact on true
    left join lateral (select ${globalId('Agency', 'a.id')} as id, a.name, a.category from agency a
      where a.authority_id = $1 and a.id = i.agency_id limit 1) agency on true
    order by i.created_at, i.id) n) invitations on true`;

const actions = `left join lateral (select coalesce(json_agg(n), '[]'::json) as nodes from (
    select ${globalId('Action', 'x.id')} as id, x.ref, x.text, x.status, x.due_on as "dueOn", owner, agency as "ownerAgency"
    from (select * from action x where x.authority_id = $1 and x.meeting_id = m.id order by x.due_on, x.id limit 5) x
    left join lateral (select ${globalId('Contact', 'c.id')} as id, c.name from contact c
      where c.authority_id = $1 and c.id = x.owner_contact_id limit 1) owner on true
    left join lateral (select ${globalId('Agency', 'a.id')} as id, a.name from agency a
      where a.authority_id = $1 and a.id = x.owner_agency_id limit 1) agency on true
    order by x.due_on, x.id) n) actions on true`;

const meetingColumns = `${globalId('Meeting', 'm.id')} as id, m.ref, m.status, ${instant('m.starts_at')} as "startsAt",
  ${instant('m.ends_at')} as "endsAt", m.mode, m.place, m.revision, type, matter, chair, invitations, actions`;

const beside = `left join lateral (select t.label from meeting_type t where t.authority_id = $1 and t.code = m.type_code limit 1) type on true
  left join lateral (select ${globalId('Matter', 'a.id')} as id, a.ref, a.neutral_title as "neutralTitle" from matter a
    where a.authority_id = $1 and a.id = m.matter_id limit 1) matter on true
  left join lateral (select ${globalId('Contact', 'c.id')} as id, c.name from contact c
    where c.authority_id = $1 and c.id = m.chair_contact_id limit 1) chair on true
  ${invitations} ${actions}`;

/** $1 authority, $2 reference. */
export const MEETING = `select json_build_object('meeting', to_json(r))::text as answer from (
  select ${meetingColumns} from meeting m ${beside} where m.authority_id = $1 and m.ref = $2) r`;

/** $1 authority, $2 the earliest start. */
export const UPCOMING = `select json_build_object('meetings', json_build_object('nodes', coalesce(json_agg(r), '[]'::json)))::text as answer from (
  select ${meetingColumns} from (select * from meeting m where m.authority_id = $1 and m.starts_at >= $2
    order by m.starts_at, m.id limit 50) m ${beside} order by m.starts_at, m.id) r`;

/** $1 authority, $2 the owner. */
export const OPEN_ACTIONS = `select json_build_object('actions', json_build_object('nodes', coalesce(json_agg(r), '[]'::json)))::text as answer from (
  select ${globalId('Action', 'x.id')} as id, x.ref, x.text, x.status, x.due_on as "dueOn", x.priority, meeting, matter
  from (select * from action x where x.authority_id = $1 and x.owner_contact_id = $2
    and x.status in ('PROPOSED', 'ASSIGNED', 'ACCEPTED', 'QUERIED', 'IN_PROGRESS', 'ORPHANED') order by x.due_on, x.id limit 20) x
  left join lateral (select ${globalId('Meeting', 'm.id')} as id, m.ref, ${instant('m.starts_at')} as "startsAt" from meeting m
    where m.authority_id = $1 and m.id = x.meeting_id limit 1) meeting on true
  left join lateral (select ${globalId('Matter', 'a.id')} as id, a.ref, a.neutral_title as "neutralTitle" from matter a
    where a.authority_id = $1 and a.id = x.matter_id limit 1) matter on true
  order by x.due_on, x.id) r`;

/** Everything that an answer needs, with the invitation locked. $1 authority, $2 invitation. */
export const TO_ANSWER = `select i.meeting_id, i.matter_id, i.contact_id, i.agency_id, i.status, i.answer, i.answered_at, i.reply_sealed,
    m.status as meeting_status, m.starts_at, m.ends_at, m.revision, a.ref, c.name, c.email, t.name as authority, t.short_name, t.phone
  from invitation i join meeting m on m.authority_id = $1 and m.id = i.meeting_id join matter a on a.authority_id = $1 and a.id = i.matter_id
  join contact c on c.authority_id = $1 and c.id = i.contact_id join authority t on t.id = $1
  where i.authority_id = $1 and i.id = $2 for update of i`;

/** Change, event and message in one statement. */
export const ANSWER = `with entry as (
    insert into response (authority_id, id, invitation_id, meeting_id, matter_id, revision, kind, channel, recorded_by, at, stated_at)
    values ($1, $2::uuid, $3::uuid, $4::uuid, $5, $6, $7, 'PHONE', $8, $9, $9)
  ), changed as (
    update invitation set answer = $7, answered_revision = $6, answered_at = $9, version = version + 1
    where authority_id = $1 and id = $3::uuid returning id, answer, answered_at, version
  ), queued as (
    insert into message (authority_id, id, stream, dedupe_key, purpose, matter_id, meeting_id, contact_id, to_address, envelope_from,
      subject, message_id, sealed_bytes, sha256, not_before, created_at)
    values ($1, $10, 'meeting:' || $4::uuid || ':' || $11::uuid, 'answer:' || $2::uuid, 'CONFIRMATION', $5, $4::uuid, $11::uuid, $12, $13, $14, $15, $16, $17, $9, $9)
  ), told as (
    select audit_append($9, 'invitation.answered', 'invitation:' || $3::uuid, $18::jsonb, $5, $19)
  )
  select json_build_object('id', ${globalId('Invitation', 'id')}, 'answer', answer, 'answeredAt', ${instant('answered_at')}, 'version', version)::text as answer
  from changed, told`;
