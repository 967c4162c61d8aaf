/**
 * What an answer from a calendar comes to. The reply address it reached says whose invitation it may touch, and nothing
 * else does: the calendar's UID must be that meeting's, it must name one person, and that person must be the invitee.
 * Then comes how sure one may be, and only then which time was answered. Whatever does not fit is for the coordinator to
 * look at, and whoever sent it learns nothing. (RFC 5546, section 3.2; the service's own rule that mail can only set the
 * answer of the invitee whose address it reached.)
 */
import { type ReplyEvent } from '../../calendar/reply-calendar.js';
import { type InboundHoldReason } from '../../mail/inbound/opened-mail.js';
import { type CameFrom, type Confidence, confidenceIn, lowered } from './confidence.js';
import { placeOf, type Requested } from './reply-order.js';
import { type Answerer, type KnownAs, whoAnswers } from './who-answers.js';

/** The invitation that the reply address belongs to. */
export interface Asked extends Requested {
  readonly uid: string;
  readonly startsAt: Date;
  readonly known: KnownAs;
}

/** The message an answer came in. */
export interface Carrier extends CameFrom {
  readonly sentAt: Date | null;
  readonly receivedAt: Date;
}

export const CALENDAR_ANSWERS = ['ACCEPTED', 'DECLINED', 'TENTATIVE'] as const;
export type CalendarAnswer = (typeof CALENDAR_ANSWERS)[number];

/** Something of a reply that may touch the invitation. */
export interface Admitted {
  readonly confidence: Exclude<Confidence, 'LOW'>;
  /** The other address that they answered under. */
  readonly via: string | null;
  /** The SEQUENCE of the request that it answers. */
  readonly sequence: number;
  /** It answers an earlier time. */
  readonly isEarlier: boolean;
  /** Its own time, never later than it came. */
  readonly statedAt: Date;
}

export interface Held {
  readonly held: InboundHoldReason;
}

/** What one event of a REPLY comes to; null where it says nothing (NEEDS-ACTION). */
export type Verdict = (Admitted & { readonly answer: CalendarAnswer }) | Held | null;

/** Judges one event of a REPLY. */
export function judge(event: ReplyEvent, asked: Asked, mail: Carrier): Verdict {
  const admitted = admit(event, asked, mail);
  if ('held' in admitted) return admitted;
  const partstat = partstatOf(event, asked.known);
  if (partstat === 'NEEDS-ACTION') return null;
  const answer = CALENDAR_ANSWERS.find((one) => one === partstat);
  return answer === undefined ? { held: 'CALENDAR_UNREADABLE' } : { ...admitted, answer };
}

/** Whether one event of any kind may touch the invitation, and how. */
export function admit(event: ReplyEvent, asked: Asked, mail: Carrier): Admitted | Held {
  if (event.uid !== asked.uid || !isThisMeeting(event.recurrenceId, asked)) return { held: 'OTHER_MEETING' };
  const answerer = whoAnswers(event, mail.from, asked.known);
  const confidence = confidenceIn(mail, answerer, asked.known);
  const why = whyHeld(answerer, confidence);
  if (why !== null) return { held: why };
  const via = answerer.kind === 'OTHER_NAME' ? answerer.address : null;
  return inOrder(event, asked, mail, { confidence, via });
}

function inOrder(
  event: ReplyEvent,
  asked: Asked,
  mail: Carrier,
  { confidence, via }: { confidence: Confidence; via: string | null },
): Admitted | Held {
  const place = placeOf({ ...event, ...mail }, asked);
  if (place.kind === 'LATER') return { held: 'LATER_VERSION' };
  const level = place.isGuess ? lowered(confidence) : confidence;
  if (level === 'LOW') return { held: 'LOW_CONFIDENCE' };
  const isEarlier = place.kind === 'EARLIER';
  return { confidence: level, via, sequence: place.sequence, isEarlier, statedAt: statedAt(event, mail) };
}

/** When it was given: by its own time, never later than it came. */
export function statedAt(event: Pick<ReplyEvent, 'stampedAt'>, mail: Pick<Carrier, 'sentAt' | 'receivedAt'>): Date {
  const own = event.stampedAt ?? mail.sentAt ?? mail.receivedAt;
  return own > mail.receivedAt ? mail.receivedAt : own;
}

/** What the invitee's own line says, or the only line there is. */
export function partstatOf(event: Pick<ReplyEvent, 'attendees'>, known: KnownAs): string {
  const own = event.attendees.find(({ address }) => address === known.address.toLowerCase());
  return (own ?? event.attendees[0])?.partstat ?? 'NEEDS-ACTION';
}

/* Meetings of a series are meetings of their own, so an answer to one day of a series is one to this very start. */
function isThisMeeting(recurrenceId: Date | null, { startsAt }: Asked): boolean {
  return recurrenceId === null || recurrenceId.getTime() === startsAt.getTime();
}

function whyHeld(answerer: Answerer, confidence: Confidence): InboundHoldReason | null {
  if (answerer.kind === 'SEVERAL') return 'SEVERAL_ATTENDEES';
  if (answerer.kind === 'STRANGER') return 'STRANGER';
  if (confidence === 'LOW') return 'LOW_CONFIDENCE';
  return answerer.kind === 'DELEGATES' ? 'DELEGATED' : null;
}

/** An answer is the same if it says the same of the same day at the same moment: taken once, however often it comes. */
export function replyKey(
  event: Pick<ReplyEvent, 'recurrenceId'>,
  one: Pick<Admitted, 'sequence' | 'statedAt'>,
  answer: string,
): string {
  return [event.recurrenceId?.toISOString() ?? '', one.sequence, one.statedAt.toISOString(), answer].join('|');
}
