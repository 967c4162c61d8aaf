/**
 * Why a reply waits, and what is known of where it comes from, in words that a coordinator can act on.
 */
import { type Authentication, type InboundHoldReason } from '../../mail/inbound/opened-mail.js';

export const HELD_LABELS: Readonly<Record<InboundHoldReason, string>> = {
  UNREADABLE: 'The message could not be read',
  NOBODY_READS: 'Nothing here reads messages of this kind',
  BOUNCE_ADDRESS: 'Sent to an address that takes delivery reports only',
  BOUNCE_UNCLEAR: 'A delivery report that does not say what went wrong',
  METHOD_MISMATCH: 'The message and the calendar in it disagree on what they are',
  OTHER_METHOD: 'A calendar entry of their own, not an answer',
  CALENDAR_UNREADABLE: 'The calendar in it cannot be read',
  OTHER_MEETING: 'It answers another meeting than the one this address belongs to',
  SEVERAL_ATTENDEES: 'It answers for nobody or for several people',
  STRANGER: 'Somebody else answered: may be a substitute',
  LOW_CONFIDENCE: 'It may not be from the person it names',
  LATER_VERSION: 'It answers a version of the invitation that was never sent',
  CONFLICT: 'Two different answers of the same moment',
  UNKNOWN_ZONE: 'It suggests a time that cannot be read',
  DELEGATED: 'They ask for somebody else to come instead',
  PROPOSAL: 'It suggests another time',
  INVITATION_CLOSED: 'It came when nothing was asked any more',
  WORDS: 'Somebody wrote in words',
  OPAQUE: 'It is encrypted or in a format that cannot be read here',
  COMPLAINT: 'Their mail provider passes on a complaint about our mail',
};

/** Whether the sender is who they say: a sentence for each thing that was checked. */
export function authenticationWords(found: Authentication | null): string[] {
  if (found === null) return ['Nothing was found out about where it comes from.'];
  const { dmarc, dkim, spf } = found;
  const signed = dkim.filter(({ result }) => result === 'pass').map(({ domain }) => domain);
  const forged = dkim.filter(({ result }) => result === 'fail').map(({ domain }) => domain);
  return [
    DMARC_WORDS[dmarc.result](dmarc.domain ?? 'The sender’s domain'),
    signed.length > 0 ? `Signed by ${signed.join(', ')}.` : 'No signature that holds.',
    ...(forged.length > 0
      ? [`A signature of ${forged.join(', ')} does not hold: it was changed on the way, or forged.`]
      : []),
    SPF_WORDS[spf.result] ?? 'Nothing is known of the server it was sent from.',
  ];
}

const DMARC_WORDS: Readonly<Record<Authentication['dmarc']['result'], (domain: string) => string>> = {
  pass: (domain) => `${domain} vouches for the sender.`,
  fail: (domain) => `${domain} says that it did not send this: the sender may be forged.`,
  none: (domain) => `${domain} does not say whether it sent this.`,
};

const SPF_WORDS: Readonly<Record<string, string>> = {
  pass: 'It was sent from a server that may send for that domain.',
  fail: 'It was sent from a server that may not send for that domain.',
  softfail: 'It was sent from a server that probably may not send for that domain.',
};
