/**
 * Who is asked when the person a place belongs to is not there: whoever covers their leave, else whoever holds the post
 * now, else the first deputy in order who can be asked, else the shared inbox of the team, else nobody, and a coordinator
 * decides. One rule for every way in which somebody goes missing: a bounce, "I have moved on", a leaver, silence. It never
 * answers with somebody who must not be told of the matter, and says of everybody it passed over why (this product's
 * order, agreed for the chase ladder; Working Together asks agencies to send somebody who can decide in their place).
 */
import { type ContactStatus } from '../contact.js';

/** Somebody who could be asked. */
export interface Candidate {
  readonly contactId: string;
  readonly name: string;
  readonly status: ContactStatus;
  /** Every name under which a matter may have excluded them: themselves, their address, their posts, their agencies. */
  readonly keys: readonly string[];
  /** Mail to the address they have came back for good. */
  readonly isBounced: boolean;
  /** Who covers while they are away. */
  readonly cover: Candidate | null;
}

/** A shared inbox that could be asked, with everybody who reads it. */
export interface AskedInbox {
  readonly inboxId: string;
  readonly address: string;
  readonly restricted: boolean;
  /** Its address and agency, and whoever reads it, as exclusions name them. */
  readonly keys: readonly string[];
}

/** A place whose person is not there. */
export interface Vacancy {
  readonly contactId: string;
  /** Who covers this person's own leave. */
  readonly cover: Candidate | null;
  /** Others who hold the post now, the newest first. */
  readonly successors: readonly Candidate[];
  /** Who holds the posts that stand in, the first to be asked first. */
  readonly deputies: readonly Candidate[];
  readonly inboxes: readonly AskedInbox[];
}

/** What the matter and the meeting say about people. */
export interface Limits {
  /** Keys of those who must not be told. */
  readonly mustNotKnow: ReadonlySet<string>;
  /** Contacts who hold a place there already, or were refused at the last moment. */
  readonly alreadyAsked: ReadonlySet<string>;
}

export type AskedInstead =
  | { readonly as: 'COVER' | 'SUCCESSOR' | 'DEPUTY'; readonly contactId: string }
  | { readonly as: 'INBOX'; readonly inboxId: string; readonly address: string }
  | { readonly as: 'COORDINATOR' };
export type AskedAs = AskedInstead['as'];

export type WhySkipped =
  'THE_SAME_PERSON' | 'EXCLUDED' | 'LEFT' | 'MERGED' | 'BOUNCED' | 'ON_LEAVE' | 'ALREADY_ASKED' | 'RESTRICTED';

export interface Skipped {
  readonly as: AskedAs;
  /** The contact or inbox. */
  readonly id: string;
  readonly why: WhySkipped;
}

export interface AskedAnswer {
  readonly asked: AskedInstead;
  /** Whoever came before in order, and why they were not asked. */
  readonly skipped: readonly Skipped[];
}

/** The person, inbox or nobody who is asked in the place of somebody. */
export function whoIsAskedInstead(vacancy: Vacancy, limits: Limits): AskedAnswer {
  const skipped: Skipped[] = [];
  for (const { as, candidate } of inOrder(vacancy)) {
    const why = whyNot(candidate, vacancy, limits);
    if (why === null) return { asked: { as, contactId: candidate.contactId }, skipped };
    skipped.push({ as, id: candidate.contactId, why });
  }
  for (const inbox of vacancy.inboxes) {
    const why = whyNotInbox(inbox, limits);
    if (why === null) return { asked: { as: 'INBOX', inboxId: inbox.inboxId, address: inbox.address }, skipped };
    skipped.push({ as: 'INBOX', id: inbox.inboxId, why });
  }
  return { asked: { as: 'COORDINATOR' }, skipped };
}

interface Turn {
  readonly as: 'COVER' | 'SUCCESSOR' | 'DEPUTY';
  readonly candidate: Candidate;
}

/** Everybody in the order of asking: after somebody on leave comes whoever covers for them. */
function inOrder({ cover, successors, deputies }: Vacancy): Turn[] {
  const turn =
    (as: Turn['as']) =>
    (candidate: Candidate): Turn[] => [
      { as, candidate },
      ...(candidate.status === 'ON_LEAVE' && candidate.cover !== null
        ? [{ as: 'COVER' as const, candidate: candidate.cover }]
        : []),
    ];
  return [
    ...(cover === null ? [] : turn('COVER')(cover)),
    ...successors.flatMap(turn('SUCCESSOR')),
    ...deputies.flatMap(turn('DEPUTY')),
  ];
}

function whyNot(candidate: Candidate, vacancy: Vacancy, limits: Limits): WhySkipped | null {
  if (candidate.contactId === vacancy.contactId) return 'THE_SAME_PERSON';
  if (isExcluded([`contact:${candidate.contactId}`, ...candidate.keys], limits)) return 'EXCLUDED';
  if (candidate.status === 'LEFT' || candidate.status === 'MERGED') return candidate.status;
  if (candidate.isBounced) return 'BOUNCED';
  if (candidate.status === 'ON_LEAVE') return 'ON_LEAVE';
  return limits.alreadyAsked.has(candidate.contactId) ? 'ALREADY_ASKED' : null;
}

function whyNotInbox(inbox: AskedInbox, limits: Limits): WhySkipped | null {
  if (isExcluded(inbox.keys, limits)) return 'EXCLUDED';
  return inbox.restricted ? 'RESTRICTED' : null;
}

function isExcluded(keys: readonly string[], { mustNotKnow }: Limits): boolean {
  return keys.some((key) => mustNotKnow.has(key));
}

/** As what somebody is asked, for people: "DS Oyelaran (deputy)". */
export const ASKED_AS_WORDS: Readonly<Record<AskedAs, string>> = {
  COVER: 'covers their leave',
  SUCCESSOR: 'holds the post now',
  DEPUTY: 'deputy',
  INBOX: 'shared inbox',
  COORDINATOR: 'nobody to ask',
};

/** Why somebody was passed over, for people. */
export const SKIPPED_WORDS: Readonly<Record<WhySkipped, string>> = {
  THE_SAME_PERSON: 'is the same person',
  EXCLUDED: 'cannot be asked about this matter',
  LEFT: 'has left',
  MERGED: 'was a duplicate',
  BOUNCED: 'mail to them comes back',
  ON_LEAVE: 'is on leave',
  ALREADY_ASKED: 'is asked already',
  RESTRICTED: 'only named people read it',
};
