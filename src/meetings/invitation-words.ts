/**
 * The words of the messages about a meeting, in the style of GOV.UK: short sentences, plain English. A message may be
 * read on a lock screen or in a shared inbox, so it says when and how the meeting is held and nothing of what it is about:
 * no child, no family, no agency, no other person, nothing that a coordinator typed but the neutral place. The reader's
 * own name, our reference, the time by which to answer, one link, the council's name and number, and the advice to name a
 * substitute rather than to forward. (Education Act 2002, section 141F: what could identify a teacher must not be
 * published; the service's own rule for every message.)
 */
import { formatSpan, wallTime } from '../authorities/civil-time.js';
import { type MailWords } from '../mail/words.js';
import { type Meeting } from './meeting.js';
import { type MeetingMode } from './slot.js';

export const NEUTRAL_TITLE = 'Multi-agency meeting';

/**
 * What a message about a meeting is for. MOVED asks again; CHANGED reaches diaries and keeps the answer; READDRESSED goes to
 * the old address of somebody who is written to elsewhere from now on.
 */
export type LetterKind = 'INVITATION' | 'REMINDED' | 'MOVED' | 'CHANGED' | 'CANCELLED' | 'WITHDRAWN' | 'READDRESSED';

export interface LetterFacts {
  readonly kind: LetterKind;
  readonly recipientName: string;
  /** The matter's reference, neutral by itself. */
  readonly reference: string;
  readonly meeting: Pick<Meeting, 'startsAt' | 'endsAt' | 'zone' | 'mode' | 'place'>;
  readonly authority: { readonly name: string; readonly phone: string };
  /** Null: as soon as they can. */
  readonly replyBy: Date | null;
  readonly now: Date;
  /** The reader's own; messages that ask for nothing have none. */
  readonly link: string | null;
}

export interface LetterWords {
  readonly subject: string;
  readonly words: MailWords;
  readonly title: string;
  /** What stands in the diary entry. */
  readonly note: string;
}

export const HOW: Readonly<Record<MeetingMode, string>> = {
  IN_PERSON: 'In person',
  VIDEO: 'By video',
  PHONE: 'By telephone',
  HYBRID: 'In person or by video',
};
const ON_THE_PAGE = 'Joining details on the page';
const PERSONAL =
  'This message and its link are personal to you. If you cannot come, name a substitute on the page rather than forwarding it.';

/** Subject, body and diary note of one message. */
export function lettersOf(facts: LetterFacts): LetterWords {
  const paragraphs = PARAGRAPHS[facts.kind](facts);
  const details = [
    { label: 'Reference', value: facts.reference },
    { label: 'When', value: whenOf(facts) },
    { label: 'How', value: HOW[facts.meeting.mode] },
    { label: 'Where', value: placeOf(facts.meeting) },
    ...(asks(facts.kind) ? [{ label: 'Please reply by', value: replyByOf(facts) }] : []),
  ];
  const words: MailWords = {
    greeting: `Dear ${facts.recipientName}`,
    paragraphs,
    details,
    ...(facts.link === null ? {} : { link: { label: LINK_LABELS[facts.kind], url: facts.link } }),
    footer: footerOf(facts),
  };
  return { subject: subjectOf(facts), words, title: `${NEUTRAL_TITLE} ${facts.reference}`, note: noteOf(facts) };
}

/** Where people should go, in the words of a diary. */
export function placeOf(meeting: Pick<Meeting, 'place'>): string {
  return meeting.place === '' ? ON_THE_PAGE : meeting.place;
}

function asks(kind: LetterKind): boolean {
  return kind === 'INVITATION' || kind === 'REMINDED' || kind === 'MOVED';
}

const LINK_LABELS: Readonly<Record<LetterKind, string>> = {
  INVITATION: 'Answer here',
  REMINDED: 'Answer here',
  MOVED: 'Answer for the new time here',
  CHANGED: 'See the meeting here',
  CANCELLED: 'See the meeting here',
  WITHDRAWN: 'See the meeting here',
  READDRESSED: 'See the meeting here',
};

const PARAGRAPHS: Readonly<Record<LetterKind, (facts: LetterFacts) => string[]>> = {
  INVITATION: ({ authority }) => [
    `${authority.name} asks you to a multi-agency meeting.`,
    'Please tell us whether you can come. You do not need an account.',
  ],
  REMINDED: ({ authority }) => [
    `${authority.name} sends you this invitation again, with a new link.`,
    'Please tell us whether you can come. You do not need an account.',
  ],
  MOVED: () => [
    'This meeting has changed: please note when, how and where it is held now.',
    'Please answer for the new arrangement. If you have answered already, that answer no longer counts.',
  ],
  CHANGED: () => [
    'The arrangements for joining this meeting have changed. The time is the same.',
    'You do not need to answer again.',
  ],
  CANCELLED: () => ['This meeting is cancelled. You do not need to do anything.'],
  READDRESSED: () => ['This invitation is sent to another address from now on. You do not need to do anything here.'],
  WITHDRAWN: () => [
    'You are no longer needed at this meeting. It goes ahead without you. You do not need to do anything.',
  ],
};

function subjectOf(facts: LetterFacts): string {
  const about = `${NEUTRAL_TITLE} ${facts.reference}`;
  switch (facts.kind) {
    case 'INVITATION':
    case 'REMINDED':
      return `${about}: please reply ${shortReplyBy(facts)}`;
    case 'MOVED':
      return `${about} has changed: please reply ${shortReplyBy(facts)}`;
    case 'CHANGED':
      return `${about}: new joining details, no need to reply`;
    case 'CANCELLED':
      return `${about} is cancelled`;
    case 'READDRESSED':
      return `${about}: sent to another address`;
    case 'WITHDRAWN':
      return `${about}: you are no longer needed`;
  }
}

/** "by 16:00", "by 16:00 on Tuesday 1 December", "as soon as you can". */
function shortReplyBy({ replyBy, now, meeting }: LetterFacts): string {
  if (replyBy === null) return 'as soon as you can';
  const by = wallTime(replyBy, meeting.zone);
  const isToday = by.date === wallTime(now, meeting.zone).date;
  return isToday ? `by ${by.time}` : `by ${by.time} on ${by.longDate.replace(/ \d{4}$/, '')}`;
}

function replyByOf({ replyBy, meeting }: LetterFacts): string {
  if (replyBy === null) return 'as soon as you can';
  const by = wallTime(replyBy, meeting.zone);
  return `${by.clock} on ${by.longDate}`;
}

/** "Wednesday 2 December 2026, 10am to 11:30am (UK time)". */
function whenOf({ meeting }: LetterFacts): string {
  return `${formatSpan(meeting.startsAt, meeting.endsAt, meeting.zone)} (UK time)`;
}

function footerOf({ authority, kind, link }: LetterFacts): string[] {
  const ring = `Questions? Ring ${authority.name} on ${authority.phone}. To check that this message is genuine, ring the number on the council’s own website.`;
  const life = kind === 'CHANGED' ? [] : ['You can answer, and change your answer, until the meeting starts.'];
  return link === null ? [ring] : [...life, PERSONAL, ring];
}

function noteOf({ kind, link, authority, reference }: LetterFacts): string {
  const lines = [`${NEUTRAL_TITLE} ${reference}`, `${authority.name}, ${authority.phone}`];
  if (link !== null) lines.push(`${LINK_LABELS[kind]}:`, link, 'The link is personal to you.');
  return lines.join('\n');
}
