/**
 * What an invitee's diary holds of a meeting, and whether the next message has any news for it. The measure is always what
 * the person was last told, never what the meeting was a minute ago: several changes before a message leaves become one
 * message from the old to the new, and a meeting that is moved and moved back says nothing. A new time, another site or a
 * way of attending taken away asks again (RFC 5546, section 2.1.4); a room or a joining route reaches the diaries of those
 * who come; wording, the agenda or another chair reach nobody until something else does.
 */
import { type Invitation } from '../invitation.js';
import { type AnswerKind } from '../response.js';
import { type Arrangement, type MeetingMode, significance } from '../slot.js';

export type CalendarPart = 'CHAIR' | 'REQ-PARTICIPANT' | 'OPT-PARTICIPANT';

/** What one message says about a meeting to one person's diary. */
export interface Told {
  readonly revision: number;
  readonly startsAt: Date;
  readonly endsAt: Date;
  readonly zone: string;
  readonly mode: MeetingMode;
  readonly place: string;
  /** A fingerprint of room and joining route: they stand on the page alone, and diaries learn only that they changed. */
  readonly joining: string | null;
  /** The time is only held. */
  readonly isHold: boolean;
  readonly part: CalendarPart;
}

/** A message that told it, kept beside the message. */
export class DiaryEntry implements Told {
  authorityId = 0;
  messageId = '';
  invitationId = '';
  meetingId = '';
  matterId = '';
  kind: 'REQUEST' | 'CANCEL' | 'WITHDRAW' = 'REQUEST';
  sequence = 0;
  revision = 1;
  startsAt = new Date(0);
  endsAt = new Date(0);
  zone = '';
  mode: MeetingMode = 'VIDEO';
  place = '';
  joining: string | null = null;
  isHold = false;
  part: CalendarPart = 'OPT-PARTICIPANT';
}

/** What somebody has answered so far. */
export interface Answered {
  readonly answer: AnswerKind;
  /** The revision of the answer that counts. */
  readonly answeredRevision: number | null;
  /** The latest revision they ever answered: they saw the meeting as it was then, if only on the page. */
  readonly latestRevision: number | null;
}

/**
 * INVITED: nothing of the meeting stands in their diary. MOVED: another time, site or way of attending. CONFIRMED: the held
 * time is certain. PART: they are needed now, or no longer. JOINING: room or joining route.
 */
export type News = 'NOTHING' | 'INVITED' | 'MOVED' | 'CONFIRMED' | 'PART' | 'JOINING';

/** Who answered so does not come, and need not hear of a room. */
const COMES_NOT: readonly AnswerKind[] = ['DECLINED', 'SUBSTITUTE_NAMED', 'REPORT_ONLY', 'NOT_ME', 'MOVED_ON'];

/** What a message would have to tell somebody whose diary holds `told`; the one place that decides who gets what. */
export function newsFor(told: Told | null, present: Told, answered: Answered): News {
  if (told === null) return 'INVITED';
  const meaning = significance(arrangement(told), arrangement(present));
  if (meaning === 'RESETS_ANSWERS' || sawAnother(told, present, answered)) return 'MOVED';
  if (isCertainNow(told, present)) return 'CONFIRMED';
  if (isOtherPart(told.part, present.part)) return 'PART';
  return meaning === 'KEEPS_ANSWERS' && mayCome(answered) ? 'JOINING' : 'NOTHING';
}

const isCertainNow = (told: Told, present: Told): boolean => told.isHold && !present.isHold;

const mayCome = ({ answer }: Answered): boolean => !COMES_NOT.includes(answer);

/** Whether the news asks for an answer that is not there yet. */
export function asksAnew(news: News, present: Told, answered: Answered): boolean {
  return news === 'INVITED' || (news === 'MOVED' && answered.answeredRevision !== present.revision);
}

/** What somebody comes as, in the words of diaries. */
export function partIn({ role, required }: Pick<Invitation, 'role' | 'required'>): CalendarPart {
  if (role === 'CHAIR') return 'CHAIR';
  return required === 'NO' && role !== 'MINUTE_TAKER' ? 'OPT-PARTICIPANT' : 'REQ-PARTICIPANT';
}

/** They answered on the page for something that no message told them and that is not so any more. */
function sawAnother(told: Told, present: Told, { latestRevision, answeredRevision }: Answered): boolean {
  return latestRevision !== null && latestRevision > told.revision && answeredRevision !== present.revision;
}

/** Another chair is no news; being needed, or no longer, is. */
function isOtherPart(one: CalendarPart, other: CalendarPart): boolean {
  return one !== other && one !== 'CHAIR' && other !== 'CHAIR';
}

function arrangement(told: Told): Arrangement {
  const { startsAt, endsAt, zone, mode, place, joining } = told;
  return { startsAt, endsAt, zone, mode, place, joinDetails: joining };
}
