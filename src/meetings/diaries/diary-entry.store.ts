import { type Tx } from '../../database/tx.js';
import { type DiaryEntry } from './diary-entry.js';

/** What somebody's diary holds of a meeting, by the messages that left or may have. */
export interface Diary {
  /** What the last one told; null when there was none or the last one took it back. */
  readonly told: DiaryEntry | null;
  /** The Message-ID of the first request, which the others answer to. */
  readonly first: string | null;
}

/** Calendar messages of one stream to one address that left or may have, and did not come back for good; the first one first. */
const LEFT = `select m.message_id as "mailId", d.authority_id as "authorityId", d.message_id as "messageId",
    d.invitation_id as "invitationId", d.meeting_id as "meetingId", d.matter_id as "matterId", d.kind, d.sequence, d.revision,
    d.starts_at as "startsAt", d.ends_at as "endsAt", d.zone, d.mode, d.place, d.joining, d.is_hold as "isHold", d.part
  from message m join diary_entry d on d.authority_id = m.authority_id and d.message_id = m.id
  where m.authority_id = $1 and m.stream = $2 and m.to_address = $3
    and (m.state in ('SENDING', 'SENT', 'IN_DOUBT') or m.possible_repeats > 0 or m.reason in ('DOUBTED', 'RESTORED'))
    and m.bounce_kind is distinct from 'HARD'
  order by m.ordinal`;

/** A link to the meeting that somebody has and that still works; who was asked again answers there. */
const LINK = `select 1 from link l join invitation i on i.authority_id = l.authority_id and i.id = l.target_id
  where l.authority_id = $1 and l.contact_id = $2 and l.purpose = 'RESPOND' and l.revoked_at is null and i.meeting_id = $3 limit 1`;

/** Whether somebody has a link to a meeting that still works. */
export async function hasLink(
  tx: Tx,
  of: { readonly contactId: string; readonly meetingId: string },
): Promise<boolean> {
  return (await tx.sql(LINK, [tx.by.authorityId, of.contactId, of.meetingId])).length > 0;
}

/** What the diary behind one address holds, by the messages of one stream. */
export async function diaryOf(tx: Tx, stream: string, address: string): Promise<Diary> {
  const left = await tx.sql<DiaryEntry & { mailId: string }>(LEFT, [tx.by.authorityId, stream, address]);
  const last = left.at(-1);
  const first = left.find(({ kind }) => kind === 'REQUEST')?.mailId ?? null;
  return { told: last?.kind === 'REQUEST' ? last : null, first };
}
