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
import { type Told } from './diaries/diary-entry.js';
import { type MeetingMode } from './slot.js';

export const NEUTRAL_TITLE = 'Multi-agency meeting';

/**
 * What a message about a meeting is for. MOVED asks again, unless they have answered for the new arrangement already;
 * CHANGED reaches diaries and keeps the answer; CONFIRMED makes a held time certain; PART says that they are needed, or no
 * longer; READDRESSED goes to the old address of somebody who is written to elsewhere from now on.
 */
export type LetterKind =
  'INVITATION' | 'REMINDED' | 'MOVED' | 'CHANGED' | 'CONFIRMED' | 'PART' | 'CANCELLED' | 'WITHDRAWN' | 'READDRESSED';

/** When and how, as a message says it. */
type Shown = Pick<Told, 'startsAt' | 'endsAt' | 'zone' | 'mode' | 'place'>;

export interface LetterFacts {
  readonly kind: LetterKind;
  readonly recipientName: string;
  /** The matter's reference, neutral by itself. */
  readonly reference: string;
  readonly meeting: Shown & Partial<Pick<Told, 'isHold' | 'part'>>;
  /** What they were told last; null or left out when nothing. */
  readonly before?: (Shown & Partial<Pick<Told, 'isHold'>>) | null;
  /** Their answer counts for the meeting as it is here. */
  readonly isAnswered?: boolean;
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
  const details = [
    { label: 'Reference', value: facts.reference },
    { label: 'When', value: whenOf(facts.meeting) },
    { label: 'How', value: HOW[facts.meeting.mode] },
    { label: 'Where', value: placeOf(facts.meeting) },
    ...beforeOf(facts),
    ...(asks(facts) ? [{ label: 'Please reply by', value: replyByOf(facts) }] : []),
  ];
  const words: MailWords = {
    greeting: `Dear ${facts.recipientName}`,
    paragraphs: PARAGRAPHS[facts.kind](facts),
    details,
    ...(facts.link === null ? {} : { link: { label: LINK_LABELS[facts.kind], url: facts.link } }),
    footer: footerOf(facts),
  };
  const held = facts.meeting.isHold === true ? ' (time held)' : '';
  return { subject: subjectOf(facts), words, title: `${NEUTRAL_TITLE} ${facts.reference}${held}`, note: noteOf(facts) };
}

/** What was different when they were last told. */
function beforeOf({ kind, meeting, before }: LetterFacts): { label: string; value: string }[] {
  if (kind !== 'MOVED' || !before) return [];
  const lines: [label: string, was: string, is: string][] = [
    ['When before', whenOf(before), whenOf(meeting)],
    ['How before', HOW[before.mode], HOW[meeting.mode]],
    ['Where before', placeOf(before), placeOf(meeting)],
  ];
  return lines.filter(([, was, is]) => was !== is).map(([label, value]) => ({ label, value }));
}

/** Where people should go, in the words of a diary. */
export function placeOf(meeting: Pick<Shown, 'place'>): string {
  return meeting.place === '' ? ON_THE_PAGE : meeting.place;
}

function asks({ kind, isAnswered = false }: LetterFacts): boolean {
  if (kind === 'MOVED' || kind === 'CONFIRMED') return !isAnswered;
  return kind === 'INVITATION' || kind === 'REMINDED';
}

const LINK_LABELS: Readonly<Record<LetterKind, string>> = {
  INVITATION: 'Answer here',
  REMINDED: 'Answer here',
  MOVED: 'Answer for the new time here',
  CHANGED: 'See the meeting here',
  CONFIRMED: 'See the meeting and your answer here',
  PART: 'See the meeting and your answer here',
  CANCELLED: 'See the meeting here',
  WITHDRAWN: 'See the meeting here',
  READDRESSED: 'See the meeting here',
};

const HELD = 'The time is held: please keep it free. It is not certain yet, and we will write to you when it is.';
const ASKS = 'Please tell us whether you can come. You do not need an account.';
const HAS_ANSWERED = 'We have your answer for this already. You do not need to answer again.';

/** The last sentence of a message that may or may not ask. */
const askOrNot = (facts: LetterFacts, ask: string): string => (asks(facts) ? ask : HAS_ANSWERED);

const PARAGRAPHS: Readonly<Record<LetterKind, (facts: LetterFacts) => string[]>> = {
  INVITATION: ({ authority, meeting }) =>
    meeting.isHold === true
      ? [
          `${authority.name} asks you to keep a time free for a multi-agency meeting.`,
          HELD,
          'Please tell us whether you could come then. You do not need an account.',
        ]
      : [`${authority.name} asks you to a multi-agency meeting.`, ASKS],
  REMINDED: ({ authority, meeting }) => [
    `${authority.name} sends you this invitation again, with a new link.`,
    ...(meeting.isHold === true ? [HELD] : []),
    ASKS,
  ],
  MOVED: (facts) => [
    'This meeting has changed: please note when, how and where it is held now.',
    ...certaintyOf(facts),
    askOrNot(
      facts,
      'Please answer for the new arrangement. If you have answered before, that answer no longer counts.',
    ),
  ],
  CONFIRMED: (facts) => [
    'The time that was held for this meeting is now certain. The meeting goes ahead as it stands here.',
    askOrNot(facts, ASKS),
  ],
  PART: ({ meeting }) => [
    meeting.part === 'OPT-PARTICIPANT'
      ? 'You are welcome at this meeting, but it can be held without you.'
      : 'You are needed at this meeting. If you cannot come, please name a substitute on the page.',
    'When and where have not changed, and an answer that you have given stays.',
  ],
  CHANGED: () => [
    'The arrangements for joining this meeting have changed. The time is the same.',
    'You do not need to answer again.',
  ],
  CANCELLED: ({ meeting }) => [
    meeting.isHold === true
      ? 'The time that was held for this meeting is free again: the meeting is not held then. You do not need to do anything.'
      : 'This meeting is cancelled. You do not need to do anything.',
  ],
  READDRESSED: () => ['This invitation is sent to another address from now on. You do not need to do anything here.'],
  WITHDRAWN: () => [
    'You are no longer needed at this meeting. It goes ahead without you. You do not need to do anything.',
  ],
};

/** Whether a moved time is certain, where that was or is in doubt. */
function certaintyOf({ meeting, before }: LetterFacts): string[] {
  if (meeting.isHold === true) return [HELD];
  return before?.isHold === true ? ['The time is no longer only held: it is certain now.'] : [];
}

const SUBJECTS: Readonly<Record<LetterKind, (facts: LetterFacts) => string>> = {
  INVITATION: (facts) =>
    facts.meeting.isHold === true
      ? `: please keep this time free, and reply ${shortReplyBy(facts)}`
      : `: please reply ${shortReplyBy(facts)}`,
  REMINDED: (facts) => `: please reply ${shortReplyBy(facts)}`,
  MOVED: (facts) => ` has changed: ${asks(facts) ? `please reply ${shortReplyBy(facts)}` : 'we have your answer'}`,
  CHANGED: () => ': new joining details, no need to reply',
  CONFIRMED: (facts) => ` goes ahead: ${asks(facts) ? `please reply ${shortReplyBy(facts)}` : 'we have your answer'}`,
  PART: ({ meeting }) => (meeting.part === 'OPT-PARTICIPANT' ? ': you are welcome, not needed' : ': you are needed'),
  CANCELLED: ({ meeting }) => (meeting.isHold === true ? ': the time is no longer held' : ' is cancelled'),
  READDRESSED: () => ': sent to another address',
  WITHDRAWN: () => ': you are no longer needed',
};

function subjectOf(facts: LetterFacts): string {
  return `${NEUTRAL_TITLE} ${facts.reference}${SUBJECTS[facts.kind](facts)}`;
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
function whenOf(meeting: Shown): string {
  return `${formatSpan(meeting.startsAt, meeting.endsAt, meeting.zone)} (UK time)`;
}

function footerOf({ authority, kind, link }: LetterFacts): string[] {
  const ring = `Questions? Ring ${authority.name} on ${authority.phone}. To check that this message is genuine, ring the number on the council’s own website.`;
  const life = kind === 'CHANGED' ? [] : ['You can answer, and change your answer, until the meeting starts.'];
  return link === null ? [ring] : [...life, PERSONAL, ring];
}

function noteOf({ kind, link, authority, reference, meeting }: LetterFacts): string {
  const lines = [`${NEUTRAL_TITLE} ${reference}`, `${authority.name}, ${authority.phone}`];
  if (meeting.isHold === true && link !== null) lines.push('The time is held. It is not certain yet.');
  if (link !== null) lines.push(`${LINK_LABELS[kind]}:`, link, 'The link is personal to you.');
  return lines.join('\n');
}
