/**
 * A named person who can be asked to a meeting and can own an action; never a role, and never a telephone call. What is
 * known of them goes stale: people move, addresses die. So each contact says how sure we are (verified, by what, when),
 * and somebody who has left or was a duplicate is never asked again but stays in every record of what they did.
 */
import { RuleBroken } from '../errors.js';
import { type Change } from '../history/change.js';
import { checkLeave, type Leave } from './absence/leave.js';
import { changedFacts } from './changed.js';
import { optionalNote, optionalPhone, requiredName } from './name.js';

export const CONTACT_STATUSES = ['ACTIVE', 'UNVERIFIED', 'ON_LEAVE', 'LEFT', 'MERGED'] as const;
export type ContactStatus = (typeof CONTACT_STATUSES)[number];

/** From where to where a contact may go; anything not listed is refused. */
export const CONTACT_MOVES: Readonly<Record<ContactStatus, readonly ContactStatus[]>> = {
  ACTIVE: ['UNVERIFIED', 'ON_LEAVE', 'LEFT', 'MERGED'],
  UNVERIFIED: ['ACTIVE', 'LEFT', 'MERGED'],
  ON_LEAVE: ['ACTIVE', 'LEFT', 'MERGED'],
  LEFT: ['UNVERIFIED', 'MERGED'],
  MERGED: [],
};

/** How somebody's particulars were last found to be right. */
export const VERIFIED_HOW = ['SELF_LINK', 'RESPONSE', 'ATTENDED', 'COORDINATOR', 'FEED'] as const;
export type VerifiedHow = (typeof VERIFIED_HOW)[number];

export const VERIFIED_LABELS: Readonly<Record<VerifiedHow, string>> = {
  SELF_LINK: 'They confirmed it themselves',
  RESPONSE: 'They answered an invitation',
  ATTENDED: 'They attended a meeting',
  COORDINATOR: 'A coordinator checked',
  FEED: 'From a list of the agency’s people',
};

const IN_WORDS: Readonly<Record<ContactStatus, string>> = {
  ACTIVE: 'is active',
  UNVERIFIED: 'is not verified',
  ON_LEAVE: 'is on leave',
  LEFT: 'has left',
  MERGED: 'was merged into another contact',
};

/** An address as given, and what all its spellings have in common. */
export interface RegisteredAddress {
  readonly email: string;
  readonly addressKey: string;
}

export interface ContactFacts extends RegisteredAddress {
  readonly name: string;
  readonly phone?: string | null;
  readonly mobile?: string | null;
  /** What they need to take part: hearing loop, step-free access. */
  readonly accessNeeds?: string | null;
}

/** Those who have left, and duplicates folded into another contact, are never asked again. */
export function canBeAsked(status: ContactStatus): boolean {
  return status !== 'LEFT' && status !== 'MERGED';
}

export class Contact {
  authorityId: number;
  id: string;
  version = 1;
  name: string;
  /** As given; mail goes there. */
  email: string;
  /** What all spellings of the address have in common, for finding exclusions and duplicates. */
  addressKey: string;
  phone: string | null = null;
  mobile: string | null = null;
  accessNeeds: string | null = null;
  status: ContactStatus = 'ACTIVE';
  lastVerifiedAt: Date | null = null;
  verifiedHow: VerifiedHow | null = null;
  /** The contact that took this duplicate's place. */
  mergedInto: string | null = null;
  /** First day of leave (`YYYY-MM-DD`). */
  leaveFrom: string | null = null;
  /** The first day on which they are back; null while nobody knows. */
  leaveTo: string | null = null;
  /** Who covers meanwhile. */
  coverContactId: string | null = null;
  createdAt: Date;

  /** A new contact, known to be right because somebody vouches for it; throws REQUIRED, TOO_LONG, UNSAFE_TEXT, INVALID. */
  static of(facts: ContactFacts, at: { authorityId: number; id: string; now: Date; how: VerifiedHow }): Contact {
    const { authorityId, id, now, how } = at;
    const known = { createdAt: now, lastVerifiedAt: now, verifiedHow: how };
    return Object.assign(new Contact(), { authorityId, id, ...known, ...checked(facts) });
  }

  /** May be asked to a meeting or given an action. */
  get canBeAsked(): boolean {
    return canBeAsked(this.status);
  }

  /** Throws CONTACT_HAS_LEFT or CONTACT_MERGED for somebody who is never asked again. */
  mustBeAskable(field = 'contact'): void {
    refuseUnaskable(this, field);
  }

  /** Throws MOVE_NOT_ALLOWED for somebody who has gone already. */
  mustBeStillThere(): void {
    if (!CONTACT_MOVES[this.status].includes('LEFT')) this.refuse('LEFT');
  }

  /** Told once, when it is new. */
  added(): Change {
    return this.tell('contact.added', { name: this.name, how: this.verifiedHow });
  }

  /** Puts name and numbers right; null when nothing is different. The address has its own way, `moveAddress`. */
  correct(facts: Omit<ContactFacts, keyof RegisteredAddress>): Change | null {
    this.mustNotBeMerged();
    const changed = changedFacts<Contact>(this, checkedParticulars(facts));
    return changed === null ? null : this.tell('contact.corrected', changed);
  }

  /** What is told before an address changes, to those who must make room for it or refuse it; null when it is the same. */
  addressChanging(to: RegisteredAddress): Change | null {
    this.mustNotBeMerged();
    if (to.addressKey === this.addressKey) return null;
    const { id: contactId, addressKey: oldKey } = this;
    return this.tell('contact.address-changing', { contactId, oldKey, newKey: to.addressKey });
  }

  /** Takes another address; null when it is the same to the letter. */
  moveAddress(to: RegisteredAddress): Change | null {
    this.mustNotBeMerged();
    const from = this.email;
    if (to.email === from) return null;
    this.email = to.email;
    this.addressKey = to.addressKey;
    return this.tell('contact.address-changed', { contactId: this.id, email: { from, to: to.email } });
  }

  /** Somebody entitled found the particulars to be right; an unverified contact is active again. */
  verify(how: VerifiedHow, now: Date): Change {
    if (this.status === 'UNVERIFIED') this.status = 'ACTIVE';
    else if (!this.canBeAsked) this.moveTo('ACTIVE');
    this.lastVerifiedAt = now;
    this.verifiedHow = how;
    return this.tell('contact.verified', { how });
  }

  /** There is reason to doubt the particulars: mail came back, or somebody else answered. */
  doubt(why: string): Change {
    if (this.status !== 'ACTIVE') this.refuse('UNVERIFIED');
    this.moveTo('UNVERIFIED');
    return this.tell('contact.doubted', { why });
  }

  /** Mail to the address came back for good: an active contact has to be checked, and others hear of it. */
  bounce(address: string, why: string): Change {
    const before = this.status;
    if (before === 'ACTIVE') this.moveTo('UNVERIFIED');
    return this.tell('contact.bounced', { contactId: this.id, address, hard: true, why, before });
  }

  /**
   * Is away from a day until they are back, and somebody may cover for them; at once when that day has come. Throws
   * INVALID_DATE, INVALID for somebody who would cover for themselves, MOVE_NOT_ALLOWED.
   */
  planLeave(leave: Leave, today: string): Change {
    checkLeave(leave, { contactId: this.id, today });
    this.mustBeAskable();
    const begins = leave.from <= today;
    if (!begins && this.status === 'ON_LEAVE') this.refuse('ON_LEAVE');
    if (begins && this.status !== 'ON_LEAVE') this.moveTo('ON_LEAVE');
    const { from, to, cover } = leave;
    Object.assign(this, { leaveFrom: from, leaveTo: to, coverContactId: cover });
    return this.tell(begins ? 'contact.on-leave' : 'contact.leave-planned', { from, to, cover });
  }

  /** What today asks of a planned leave: it begins, it is over, or nothing (null). */
  followLeave(today: string): Change | null {
    if (this.leaveFrom === null) return null;
    if (this.leaveTo !== null && this.leaveTo <= today) return this.endLeave();
    if (this.leaveFrom > today || this.status !== 'ACTIVE') return null;
    this.moveTo('ON_LEAVE');
    return this.tell('contact.on-leave', { from: this.leaveFrom, to: this.leaveTo, cover: this.coverContactId });
  }

  /** Is back, or does not go away after all. Throws MOVE_NOT_ALLOWED for somebody who is not away nor to go. */
  endLeave(): Change {
    if (this.status !== 'ON_LEAVE' && this.leaveFrom === null) this.refuse('ACTIVE');
    const isAway = this.status === 'ON_LEAVE';
    if (isAway) this.moveTo('ACTIVE');
    this.noLeave();
    return this.tell(isAway ? 'contact.back-from-leave' : 'contact.leave-cancelled', {});
  }

  /** Has left; their links stop, and what they were asked and owned is passed on by those who hear of it. */
  leave(holdings: readonly string[] = []): Change {
    const before = this.status;
    this.moveTo('LEFT');
    this.noLeave();
    return this.tell('contact.left', { contactId: this.id, before, holdings });
  }

  /** Had not left after all, nor moved on: is again what they were before. */
  wasThere(before: ContactStatus): Change[] {
    if (this.status === 'MERGED') refuseUnaskable(this, 'contact');
    if (this.status === before) return [];
    this.status = before === 'ON_LEAVE' ? 'ACTIVE' : before;
    return [this.tell('contact.returned', { was: before })];
  }

  /** Has come back after leaving; their particulars have to be checked again. */
  comeBack(): Change {
    if (this.status !== 'LEFT') this.refuse('UNVERIFIED');
    this.moveTo('UNVERIFIED');
    return this.tell('contact.returned', {});
  }

  /** Was the same person as another contact, who takes this one's place. */
  mergeInto(other: Contact): Change {
    if (other.id === this.id) {
      throw new RuleBroken('INVALID', 'Choose another contact: this is the same one', 'into');
    }
    other.mustBeAskable('into');
    this.moveTo('MERGED');
    this.mergedInto = other.id;
    return this.tell('contact.merged', { contactId: this.id, into: other.id });
  }

  private noLeave(): void {
    Object.assign(this, { leaveFrom: null, leaveTo: null, coverContactId: null });
  }

  private moveTo(status: ContactStatus): void {
    if (!CONTACT_MOVES[this.status].includes(status)) this.refuse(status);
    this.status = status;
  }

  private refuse(to: ContactStatus): never {
    throw new RuleBroken(
      'MOVE_NOT_ALLOWED',
      this.status === to ? `${this.name} ${IN_WORDS[to]} already` : `${this.name} ${IN_WORDS[this.status]}`,
    );
  }

  private mustNotBeMerged(): void {
    if (this.status === 'MERGED') refuseUnaskable(this, 'contact');
  }

  private tell(action: string, details: Record<string, unknown>): Change {
    return { action, object: `contact:${this.id}`, details };
  }
}

/** Throws CONTACT_HAS_LEFT or CONTACT_MERGED for somebody who is never asked again. */
export function refuseUnaskable(who: { name: string; status: ContactStatus }, field = 'contact'): void {
  if (who.status === 'LEFT') {
    throw new RuleBroken('CONTACT_HAS_LEFT', `${who.name} has left. Choose who holds the post now`, field);
  }
  if (who.status === 'MERGED') {
    const message = `${who.name} was a duplicate and was merged into another contact. Choose that one`;
    throw new RuleBroken('CONTACT_MERGED', message, field);
  }
}

function checked(facts: ContactFacts): Pick<Contact, 'email' | 'addressKey'> & ReturnType<typeof checkedParticulars> {
  return { email: facts.email, addressKey: facts.addressKey, ...checkedParticulars(facts) };
}

function checkedParticulars(
  facts: Omit<ContactFacts, keyof RegisteredAddress>,
): Pick<Contact, 'name' | 'phone' | 'mobile' | 'accessNeeds'> {
  return {
    name: requiredName(facts.name, { field: 'name', ask: 'Enter their full name' }),
    phone: optionalPhone(facts.phone, 'phone'),
    mobile: optionalPhone(facts.mobile, 'mobile'),
    accessNeeds: optionalNote(facts.accessNeeds, 'accessNeeds'),
  };
}
