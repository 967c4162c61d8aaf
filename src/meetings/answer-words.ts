/**
 * The message that confirms an answer to the address somebody is registered with. It says what was answered, so that an
 * answer given by a machine or by another person is seen and put right, and nothing of what the meeting is about. What
 * people wrote beside their answer is not repeated.
 */
import { formatSpan } from '../authorities/civil-time.js';
import { type MailWords } from '../mail/words.js';
import { NEUTRAL_TITLE } from './invitation-words.js';
import { type Meeting } from './meeting.js';
import { ANSWER_LABELS, type ResponseChannel, type ResponseKind } from './response.js';

export interface ConfirmationFacts {
  readonly recipientName: string;
  readonly kind: ResponseKind;
  readonly channel: ResponseChannel;
  readonly reference: string;
  readonly meeting: Pick<Meeting, 'startsAt' | 'endsAt' | 'zone'>;
  readonly authority: { readonly name: string; readonly phone: string };
}

/** Subject and body of the confirmation. */
export function confirmationOf(facts: ConfirmationFacts): { subject: string; words: MailWords } {
  const { reference, meeting, authority, kind, channel } = facts;
  const when = `${formatSpan(meeting.startsAt, meeting.endsAt, meeting.zone)} (UK time)`;
  return {
    subject: `${NEUTRAL_TITLE} ${reference}: we have your answer`,
    words: {
      greeting: `Dear ${facts.recipientName}`,
      paragraphs: [CAME_BY[channel], ...(NEXT[kind] ?? [])],
      details: [
        { label: 'Reference', value: reference },
        { label: 'When', value: when },
        { label: 'Your answer', value: ANSWER_LABELS[kind] },
      ],
      footer: [
        `Was it not you who answered? Ring ${authority.name} on ${authority.phone} at once.`,
        'You can change your answer by the link in your invitation until the meeting starts.',
      ],
    },
  };
}

const CAME_BY: Readonly<Record<ConfirmationFacts['channel'], string>> = {
  LINK: 'Thank you. This answer was given by your link.',
  CALENDAR_REPLY: 'Thank you. This answer came from your calendar.',
  EMAIL: 'Thank you. This answer was written down for you after you wrote to us.',
  PHONE: 'Thank you. This answer was written down for you after a telephone call.',
  PARTNER: 'Thank you. This answer was sent by your agency’s own system.',
};

const NEXT: Readonly<Partial<Record<ResponseKind, readonly string[]>>> = {
  REPORT_ONLY: ['The council will tell you where to send your report.'],
  SUGGESTED_TIME: ['The council has your suggestion. The meeting stays as it is until you hear otherwise.'],
  SUBSTITUTE_NAMED: ['Whoever comes in your place has an invitation of their own.'],
  MOVED_ON: ['The council will ask whoever holds the post now.'],
  NOT_ME: ['The council will look for the right person. Links sent to this address before no longer work.'],
};
