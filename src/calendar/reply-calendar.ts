/**
 * What a calendar program sends back about a meeting (iTIP, RFC 5546 section 3.2): an answer (REPLY), another time
 * (COUNTER), or the wish to see the meeting again (REFRESH). It is what a stranger may have written: nothing of it counts
 * before it was matched with the invitation whose reply address it reached.
 */
export const REPLY_METHODS = ['REPLY', 'COUNTER', 'REFRESH'] as const;
export type ReplyMethod = (typeof REPLY_METHODS)[number];

/** Somebody as an ATTENDEE line names them; addresses in lower case and without `mailto:`. */
export interface ReplyAttendee {
  readonly address: string;
  /** In capitals: ACCEPTED, DECLINED, TENTATIVE, DELEGATED, NEEDS-ACTION, or whatever else was written. */
  readonly partstat: string;
  /** The assistant who answered for them. */
  readonly sentBy: string | null;
  readonly delegatedTo: string | null;
  readonly delegatedFrom: string | null;
}

/** One VEVENT of it. */
export interface ReplyEvent {
  readonly uid: string;
  readonly recurrenceId: Date | null;
  /** Null where it is missing: Exchange leaves it out. */
  readonly sequence: number | null;
  readonly stampedAt: Date | null;
  readonly attendees: readonly ReplyAttendee[];
  /** Null where it is missing: Exchange leaves it out. */
  readonly organizer: string | null;
  readonly comment: string | null;
  /** The times it names; null where they cannot be read for certain (a zone that nobody knows, no zone, a whole day). */
  readonly startsAt: Date | null;
  readonly endsAt: Date | null;
}

export interface ReplyCalendar {
  readonly method: ReplyMethod;
  readonly events: readonly ReplyEvent[];
}

/** One calendar part of a message: the method of its MIME type, if it has one, and its text. */
export interface CalendarPart {
  readonly method: string | null;
  readonly text: string;
}

/** OTHER_METHOD: an invitation or a cancellation of somebody else's. METHOD_MISMATCH: a part and its text disagree. */
export type UnreadableWhy = 'TOO_LARGE' | 'NO_CALENDAR' | 'BROKEN' | 'OTHER_METHOD' | 'METHOD_MISMATCH';

/** A calendar part that a person has to look at. */
export class UnreadableCalendar extends Error {
  override readonly name = 'UnreadableCalendar';
  constructor(
    readonly why: UnreadableWhy,
    message: string,
  ) {
    super(message);
  }
}
