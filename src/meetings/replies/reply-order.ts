/**
 * Which time an answer from a calendar is about, and which of several counts. SEQUENCE says which request it answers
 * (RFC 5546, section 2.1.5): one below the request that asked about the present arrangement answers an earlier time; one
 * above the last request that went out answers something nobody sent. It is never compared with the meeting's own counter,
 * which rises when one person is withdrawn and nobody else hears of it. Exchange leaves SEQUENCE out, which then stands for
 * the first request; after a later one the date of the message decides, and one may be less sure.
 */

/** What went out to an invitee. */
export interface Requested {
  /** SEQUENCE of the request that first asked about the present arrangement. */
  readonly askedSequence: number | null;
  /** SEQUENCE of the last request. */
  readonly sentSequence: number | null;
  /** When the last request left; null while it has not. */
  readonly lastSentAt: Date | null;
}

export interface Stamped {
  /** As the reply has it; null where it is missing. */
  readonly sequence: number | null;
  /** The date of the message, which its sender writes. */
  readonly sentAt: Date | null;
  readonly receivedAt: Date;
}

/** EARLIER answers an earlier time; LATER something that never went out; PRESENT the meeting as it is now. */
export interface Place {
  readonly kind: 'EARLIER' | 'PRESENT' | 'LATER';
  readonly sequence: number;
  /** SEQUENCE was missing, and the date of the message decided. */
  readonly isGuess: boolean;
}

/** Which request a reply answers. */
export function placeOf(reply: Stamped, requested: Requested): Place {
  const { askedSequence, sentSequence, lastSentAt } = requested;
  const sequence = reply.sequence ?? 0;
  if (sentSequence === null || askedSequence === null) return { kind: 'LATER', sequence, isGuess: false };
  if (reply.sequence === null && sentSequence > 0) {
    return isWrittenAfter(reply, lastSentAt)
      ? { kind: 'PRESENT', sequence: sentSequence, isGuess: true }
      : { kind: 'EARLIER', sequence, isGuess: false };
  }
  return { kind: kindOf(sequence, askedSequence, sentSequence), sequence, isGuess: false };
}

function kindOf(sequence: number, asked: number, sent: number): Place['kind'] {
  if (sequence < asked) return 'EARLIER';
  return sequence > sent ? 'LATER' : 'PRESENT';
}

function isWrittenAfter({ sentAt, receivedAt }: Stamped, lastSentAt: Date | null): boolean {
  const written = sentAt === null || sentAt > receivedAt ? receivedAt : sentAt;
  return lastSentAt !== null && written > lastSentAt;
}

/** An answer from a calendar that is in the ledger already, about the present arrangement. */
export interface Taken {
  readonly sequence: number;
  readonly statedAt: Date;
  readonly kind: string;
}

/** NEWEST counts among those from calendars; OLDER is kept beside them; CONFLICT says otherwise at the same moment. */
export type Rank = 'NEWEST' | 'OLDER' | 'REPEATED' | 'CONFLICT';

/** Where an answer stands among those from calendars: the higher SEQUENCE first, then the later DTSTAMP. */
export function rankOf(next: Taken, taken: readonly Taken[]): Rank {
  const same = taken.filter((one) => compared(one, next) === 0);
  if (same.length > 0) return same.some(({ kind }) => kind === next.kind) ? 'REPEATED' : 'CONFLICT';
  return taken.some((one) => compared(one, next) > 0) ? 'OLDER' : 'NEWEST';
}

function compared(one: Taken, other: Taken): number {
  return one.sequence - other.sequence || one.statedAt.getTime() - other.statedAt.getTime();
}
