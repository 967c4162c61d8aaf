/**
 * How a state reads on a page, and its colour: green is done or confirmed, yellow waits for somebody, red and orange
 * need a person now, grey is over. Colour never stands alone: the word says the same.
 */
export interface StatusTag {
  readonly text: string;
  readonly classes: string;
}

type Colour = 'green' | 'teal' | 'blue' | 'yellow' | 'orange' | 'red' | 'grey';

const WORDS: Readonly<Record<string, readonly [string, Colour]>> = {
  // answers
  ACCEPTED: ['Accepted', 'green'],
  TENTATIVE: ['Tentative', 'yellow'],
  DECLINED: ['Declined', 'red'],
  SUBSTITUTE_NAMED: ['Substitute named', 'teal'],
  REPORT_ONLY: ['Report instead', 'teal'],
  SUGGESTED_TIME: ['Another time suggested', 'orange'],
  NOT_ME: ['Wrong person', 'orange'],
  MOVED_ON: ['Moved on', 'orange'],
  NO_RESPONSE: ['No answer yet', 'yellow'],
  // meetings and invitations
  DRAFT: ['Draft', 'grey'],
  PROPOSED: ['Proposed', 'blue'],
  SCHEDULED: ['Scheduled', 'blue'],
  IN_PROGRESS: ['In progress', 'blue'],
  HELD: ['Held', 'green'],
  ADJOURNED_INQUORATE: ['Adjourned, not quorate', 'orange'],
  CANCELLED: ['Cancelled', 'grey'],
  CLOSED: ['Closed', 'grey'],
  OPEN: ['Open', 'blue'],
  WITHDRAWN: ['Withdrawn', 'grey'],
  SUPERSEDED: ['Replaced', 'grey'],
  // quorum
  MET: ['Quorum met', 'green'],
  AT_RISK: ['Quorum at risk', 'orange'],
  NOT_MET: ['Quorum not met', 'red'],
  CONFIRMED: ['Confirmed', 'green'],
  AWAITED: ['Awaited', 'yellow'],
  MISSING: ['Missing', 'red'],
  REQUIRED: ['Required', 'blue'],
  BY_QUORUM: ['Required', 'blue'],
  BY_COORDINATOR: ['Required by you', 'blue'],
  // delivery
  QUEUED: ['Waiting to be sent', 'blue'],
  SENT: ['Sent', 'green'],
  DELIVERED: ['Delivered', 'green'],
  IN_DOUBT: ['May have been sent: telephone', 'orange'],
  DROPPED: ['Not sent', 'grey'],
  POSSIBLY_TWICE: ['Possibly sent twice', 'yellow'],
  DEFERRED: ['Delayed', 'yellow'],
  BOUNCED_SOFT: ['Delayed by their mailbox', 'yellow'],
  BOUNCED_HARD: ['Address does not work', 'red'],
  // contacts
  ACTIVE: ['Active', 'green'],
  UNVERIFIED: ['Unverified', 'yellow'],
  ON_LEAVE: ['On leave', 'blue'],
  LEFT: ['Left', 'grey'],
  MERGED: ['Merged', 'grey'],
  // attendance
  ATTENDED: ['Attended', 'green'],
  ATTENDED_PART: ['Attended part', 'teal'],
  SUBSTITUTE_ATTENDED: ['Substitute attended', 'green'],
  APOLOGIES: ['Apologies', 'yellow'],
  APOLOGIES_WITH_REPORT: ['Apologies, report sent', 'teal'],
  DNA: ['Did not attend', 'red'],
  COULD_NOT_BE_CONTACTED: ['Could not be contacted', 'grey'],
  NOT_INVITED_BUT_ATTENDED: ['Attended, not invited', 'teal'],
  EXCLUDED_FOR_ITEM: ['Left for an item', 'grey'],
  // actions
  ASSIGNED: ['Assigned', 'blue'],
  QUERIED: ['Queried', 'orange'],
  DONE: ['Done', 'green'],
  VERIFIED: ['Verified', 'green'],
  NOT_POSSIBLE_CIRCUMSTANCES_CHANGED: ['Not possible: circumstances changed', 'grey'],
  NOT_DONE: ['Not done', 'red'],
  ORPHANED: ['Owner has left', 'orange'],
  OVERDUE: ['Overdue', 'red'],
};

/** The words and the GOV.UK classes of a state; a state without words of its own is read out: "Icpc required". */
export function statusTag(status: string): StatusTag {
  const [text, colour] = WORDS[status] ?? [readOut(status), 'grey' as const];
  return { text, classes: colour === 'blue' ? '' : `govuk-tag--${colour}` };
}

function readOut(status: string): string {
  const words = status.replaceAll('_', ' ').toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
