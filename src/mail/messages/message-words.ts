/*
 * How people read of a message: what it is for, why it did not leave, what came back. The words say what to do, because
 * whoever reads "not sent" has a meeting to save.
 */
import { type AttemptOutcome, type MessagePurpose } from '../message.js';

export const PURPOSE_LABELS: Readonly<Record<MessagePurpose, string>> = {
  INVITATION: 'Invitation',
  UPDATE: 'Change of the meeting',
  CANCELLATION: 'Cancellation',
  WITHDRAWAL: 'No longer needed',
  CONFIRMATION: 'Confirmation of an answer',
  CODE: 'Code to sign in with',
  ACTION: 'Action',
  LINK: 'A link or a question',
};

/** What a message is for. What has no purpose of its own is told by its subject: "Please confirm your answer". */
export function labelOf({ purpose, subject }: { purpose: MessagePurpose; subject: string }): string {
  if (purpose !== 'LINK') return PURPOSE_LABELS[purpose];
  const said = /: (.+)$/.exec(subject)?.[1] ?? subject;
  return said.charAt(0).toUpperCase() + said.slice(1);
}

const REASONS: Readonly<Record<string, string>> = {
  REFUSED: 'Their mail server refused it. Check the address and telephone.',
  ATTEMPTS: 'It was tried as often as is sensible and their mail server never took it. Telephone, or try again.',
  DOUBTED:
    'It was handed over as often as is sensible and their mail server never said whether it took it. Telephone: they may have it.',
  EXPIRED: 'It could not leave in time and would be of no use any more. Telephone if it still matters.',
  STARTED: 'It could not leave before the meeting began. Telephone.',
  EXCLUDED: 'They must not be told of this matter.',
  LEFT: 'They have left their post.',
  BOUNCED: 'Mail to this address comes back. Correct the address, or telephone.',
  CANCELLED: 'The meeting was cancelled first.',
  WITHDRAWN: 'They are no longer invited.',
  SUPERSEDED: 'A newer message took its place.',
  NEVER_ASKED: 'The invitation it would have taken back never left.',
  ANSWERED: 'They had answered first.',
  STOPPED: 'Somebody stopped it before it left.',
  RESTORED: 'It was dropped after the database was restored.',
};

/** Why a message will not leave, as a sentence. */
export function reasonSentence(reason: string | null): string {
  return REASONS[reason ?? ''] ?? 'It did not leave.';
}

const BOUNCES = {
  HARD: 'It came back: mail to this address does not arrive. Correct the address, or telephone.',
  SOFT: 'Their mail server has not delivered it yet and goes on trying. Telephone if it is urgent.',
  UNCLEAR: 'It came back, and the report does not say why. Telephone.',
} as const;

/** What it means that a report came back for a message that had left, as a sentence. */
export function bounceSentence(kind: keyof typeof BOUNCES): string {
  return BOUNCES[kind];
}

/** Reasons after which a person may try the same message again. */
export const MAY_TRY_AGAIN: readonly string[] = ['REFUSED', 'ATTEMPTS', 'DOUBTED', 'BOUNCED'];

export const OUTCOME_LABELS: Readonly<Record<AttemptOutcome, string>> = {
  BEGUN: 'On its way',
  TAKEN: 'Taken by the mail server',
  LATER: 'Not taken: tried again later',
  REFUSED: 'Refused',
  UNKNOWN: 'The mail server did not say whether it took it',
  CUT_OFF: 'The sending was cut off',
  FOUND_TAKEN: 'No answer at first; the mail server says that it was taken',
  FOUND_NOT_TAKEN: 'No answer at first; the mail server says that it was not taken',
  NOT_KNOWN: 'Nobody could say whether it was taken, so it was sent again',
};
