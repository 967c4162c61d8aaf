import { type Tx } from '../../database/tx.js';
import { Response } from '../response.js';
import { type Taken } from './reply-order.js';

/** The newest invitation of the same contact to the same meeting: who was asked again answers there. */
const PRESENT = `select n.id from invitation i join invitation n on n.authority_id = i.authority_id
    and n.meeting_id = i.meeting_id and n.contact_id = i.contact_id
  where i.authority_id = $1 and i.id = $2 order by (n.status = 'OPEN') desc, n.created_at desc, n.id desc limit 1`;

const LAST_REQUEST = `select max(sent_at) as sent_at from message where authority_id = $1 and stream = $2
  and purpose in ('INVITATION', 'UPDATE') and sent_at is not null`;

const REQUESTED_SINCE = `select 1 from message where authority_id = $1 and stream = $2
  and purpose in ('INVITATION', 'UPDATE') and state <> 'DEAD' and created_at > $3 limit 1`;

const TAKEN = `select sequence, stated_at, kind from response where authority_id = $1 and invitation_id = $2
  and revision = $3 and channel = 'CALENDAR_REPLY' and sequence is not null and set_aside is null
  and kind <> 'SUGGESTED_TIME'`;

/** The history knows which revision of the meeting went out under which SEQUENCE. */
const REVISION_OF = `select max((details->>'revision')::int) as revision from event where authority_id = $1
  and object = $2 and action in ('meeting.proposed', 'meeting.scheduled', 'meeting.rescheduled')
  and (details->>'calendarSequence')::int <= $3`;

const IS_QUEUED = 'select 1 from message where authority_id = $1 and dedupe_key = $2';
const IS_KEPT = 'select 1 from response where authority_id = $1 and invitation_id = $2 and reply_key = $3';
const ALIASES = 'select address from contact_alias where authority_id = $1 and contact_id = $2';

/** The id of the invitation that a reply is about now. */
export async function presentInvitation(tx: Tx, invitationId: string): Promise<string | null> {
  const [row] = await tx.sql<{ id: string }>(PRESENT, [tx.by.authorityId, invitationId]);
  return row?.id ?? null;
}

/** When the last request of a stream left; null while none has. */
export async function lastRequestSentAt(tx: Tx, stream: string): Promise<Date | null> {
  const [row] = await tx.sql<{ sent_at: Date | null }>(LAST_REQUEST, [tx.by.authorityId, stream]);
  return row?.sent_at ?? null;
}

/** Whether a request of a stream was made after `since`. */
export async function requestedSince(tx: Tx, stream: string, since: Date): Promise<boolean> {
  return (await tx.sql(REQUESTED_SINCE, [tx.by.authorityId, stream, since])).length > 0;
}

/** Answers from calendars about one revision that could count. */
export async function takenFromCalendars(tx: Tx, invitationId: string, revision: number): Promise<Taken[]> {
  const rows = await tx.sql<{ sequence: number; stated_at: Date; kind: string }>(TAKEN, [
    tx.by.authorityId,
    invitationId,
    revision,
  ]);
  return rows.map(({ sequence, stated_at: statedAt, kind }) => ({ sequence, statedAt, kind }));
}

/** The revision of the meeting that went out under this SEQUENCE; null where the history does not say. */
export async function revisionOf(tx: Tx, meetingId: string, sequence: number): Promise<number | null> {
  const values = [tx.by.authorityId, `meeting:${meetingId}`, sequence];
  const [row] = await tx.sql<{ revision: number | null }>(REVISION_OF, values);
  return row?.revision ?? null;
}

/** Whether a message with this key was queued before. */
export async function isQueued(tx: Tx, dedupeKey: string): Promise<boolean> {
  return (await tx.sql(IS_QUEUED, [tx.by.authorityId, dedupeKey])).length > 0;
}

/** Whether the same answer from a calendar is in the ledger. */
export async function isKept(tx: Tx, invitationId: string, key: string): Promise<boolean> {
  return (await tx.sql(IS_KEPT, [tx.by.authorityId, invitationId, key])).length > 0;
}

/** Other addresses of a contact. */
export async function aliasesOf(tx: Tx, contactId: string): Promise<string[]> {
  const rows = await tx.sql<{ address: string }>(ALIASES, [tx.by.authorityId, contactId]);
  return rows.map(({ address }) => address);
}

/** Everything that was answered to one meeting. */
export async function responsesOf(tx: Tx, meetingId: string): Promise<Response[]> {
  return tx.manager.find(Response, { where: { authorityId: tx.by.authorityId, meetingId } });
}
