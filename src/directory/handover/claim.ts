/**
 * Somebody says that they hold a post now: the new sergeant who opens the old one's mail, or the deputy who was asked in
 * her place. Nothing is believed until somebody entitled has confirmed it, a coordinator or the agency's own single point
 * of contact; until then whoever claims it learns nothing but the time of the meeting. Confirmed, one holding ends and the
 * next begins.
 */
import { requiredReason } from '../../authorities/plain-text.js';
import { RuleBroken } from '../../errors.js';
import { type Change } from '../../history/change.js';
import { type RegisteredAddress } from '../contact.js';
import { requiredName } from '../name.js';

export const CLAIM_STATUSES = ['MADE', 'CONFIRMED', 'REFUSED'] as const;
export type ClaimStatus = (typeof CLAIM_STATUSES)[number];

export class Claim {
  authorityId: number;
  id: string;
  version = 1;
  postId: string;
  /** Whoever the directory has in the post. */
  heldBy: string;
  /** Whoever claims it, where the directory knows them. */
  contactId: string | null = null;
  name: string;
  email: string;
  addressKey: string;
  status: ClaimStatus = 'MADE';
  madeAt: Date;
  decidedAt: Date | null = null;
  decidedBy: string | null = null;
  /** Why it was refused. */
  reason: string | null = null;

  /** A new claim. Throws REQUIRED, TOO_LONG, UNSAFE_TEXT, or INVALID for somebody who claims their own post. */
  static of(facts: ClaimFacts): Claim {
    if (facts.contactId === facts.heldBy || facts.addressKey === facts.holderAddressKey) {
      throw new RuleBroken(
        'INVALID',
        'This is the address of the person you have replaced. Enter your own',
        'claimEmail',
      );
    }
    const { authorityId, id, postId, heldBy, contactId, email, addressKey, madeAt } = facts;
    const name = requiredName(facts.name, { field: 'claimName', ask: 'Enter your full name' });
    return Object.assign(new Claim(), { authorityId, id, postId, heldBy, contactId, email, addressKey, madeAt, name });
  }

  /** Told once, when it is new. */
  made(agencyId: string): Change {
    return this.tell('claim.made', { name: this.name, post: this.postId }, agencyId);
  }

  /** It is so. Throws MOVE_NOT_ALLOWED once it was decided. */
  confirm(at: { now: Date; by: string; agencyId: string }): Change {
    this.decide('CONFIRMED', at);
    return this.tell('claim.confirmed', { name: this.name, post: this.postId }, at.agencyId);
  }

  /** It is not so (REASON_REQUIRED). Throws MOVE_NOT_ALLOWED once it was decided. */
  refuse(reason: string | null, at: { now: Date; by: string; agencyId: string }): Change {
    const why = requiredReason(reason, 'Say why this is not right');
    this.decide('REFUSED', at);
    this.reason = why;
    return this.tell('claim.refused', { name: this.name, post: this.postId, reason: why }, at.agencyId);
  }

  private decide(status: ClaimStatus, { now, by }: { now: Date; by: string }): void {
    if (this.status !== 'MADE') {
      throw new RuleBroken('MOVE_NOT_ALLOWED', 'Somebody has decided this already. Look at it as it is now');
    }
    Object.assign(this, { status, decidedAt: now, decidedBy: by });
  }

  private tell(action: string, details: Record<string, unknown>, agencyId: string): Change {
    return { action, object: `contact:${this.heldBy}`, details: { claim: this.id, ...details }, agencyId };
  }
}

export interface ClaimFacts extends RegisteredAddress {
  readonly authorityId: number;
  readonly id: string;
  readonly postId: string;
  readonly heldBy: string;
  readonly holderAddressKey: string;
  readonly contactId: string | null;
  readonly name: string;
  readonly madeAt: Date;
}
