/**
 * The messages that follow an answer from a calendar: please confirm by your link, you answered an earlier time, the
 * meeting stays where it is. They go to the registered address alone, whoever wrote to us, and say no more than the
 * invitation did: no other address, no words of the reply, nothing of what the meeting is about.
 */
import { formatSpan } from '../../authorities/civil-time.js';
import { type MailWords } from '../../mail/words.js';
import { NEUTRAL_TITLE } from '../invitation-words.js';
import { type Meeting } from '../meeting.js';

/** CONFIRM: an answer came that may not be theirs. EARLIER_TIME: it was about another time. STAYS: their proposal. */
export type ReplyLetterKind = 'CONFIRM' | 'EARLIER_TIME' | 'STAYS';

export interface ReplyLetterFacts {
  readonly kind: ReplyLetterKind;
  readonly recipientName: string;
  readonly reference: string;
  readonly meeting: Pick<Meeting, 'startsAt' | 'endsAt' | 'zone'>;
  readonly authority: { readonly name: string; readonly phone: string };
  readonly link: string;
}

/** Subject and body. */
export function replyLetter(facts: ReplyLetterFacts): { subject: string; words: MailWords } {
  const { kind, reference, meeting, authority } = facts;
  return {
    subject: `${NEUTRAL_TITLE} ${reference}: ${SUBJECTS[kind]}`,
    words: {
      greeting: `Dear ${facts.recipientName}`,
      paragraphs: [...PARAGRAPHS[kind]],
      details: [
        { label: 'Reference', value: reference },
        { label: 'When', value: `${formatSpan(meeting.startsAt, meeting.endsAt, meeting.zone)} (UK time)` },
      ],
      link: { label: LABELS[kind], url: facts.link },
      footer: [`Questions? Ring ${authority.name} on ${authority.phone}.`],
    },
  };
}

const SUBJECTS: Readonly<Record<ReplyLetterKind, string>> = {
  CONFIRM: 'please confirm your answer',
  EARLIER_TIME: 'please answer for the present time',
  STAYS: 'the time stays as it is',
};

const PARAGRAPHS: Readonly<Record<ReplyLetterKind, readonly string[]>> = {
  CONFIRM: [
    'An answer to your invitation came by email. We could not be sure that it is yours, so it does not count yet.',
    'Please answer by this link.',
  ],
  EARLIER_TIME: [
    'Your calendar answered this invitation as it was before it changed. We have kept that answer, and it does not count.',
    'Please answer for the meeting as it is now.',
  ],
  STAYS: [
    'Thank you for suggesting another time. The meeting cannot be moved and stays as it is.',
    'Please answer by this link whether you can come.',
  ],
};

const LABELS: Readonly<Record<ReplyLetterKind, string>> = {
  CONFIRM: 'Answer here',
  EARLIER_TIME: 'Answer for the present time here',
  STAYS: 'Answer here',
};
