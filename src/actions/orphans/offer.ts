/**
 * An action whose owner has gone, offered to whoever holds the post now. Nothing moves silently: the new holder accepts it
 * and owns it, or says why it is not theirs, and then a coordinator decides. Each action is offered and answered by itself
 * (this product's own rule for hand-overs; what was agreed at a meeting stays agreed).
 */
import { requiredReason } from '../../authorities/plain-text.js';
import { RuleBroken } from '../../errors.js';
import { type Change } from '../../history/change.js';
import { type Owner } from '../action.js';

export const OFFER_STATUSES = ['OFFERED', 'ACCEPTED', 'QUERIED', 'WITHDRAWN'] as const;
export type OfferStatus = (typeof OFFER_STATUSES)[number];

export class Offer {
  authorityId: number;
  id: string;
  version = 1;
  actionId: string;
  matterId: string;
  contactId: string;
  postId: string | null = null;
  agencyId: string;
  contactKey: string;
  agencyKey: string;
  addressKey: string;
  /** While it is offered, whoever it is offered to may know of the matter; the database refuses it otherwise. */
  verdict: 'may_know' | null = 'may_know';
  status: OfferStatus = 'OFFERED';
  /** Why it is not theirs. */
  reason: string | null = null;
  offeredAt: Date;
  answeredAt: Date | null = null;

  static to(owner: Owner, at: Pick<Offer, 'authorityId' | 'id' | 'actionId' | 'matterId' | 'offeredAt'>): Offer {
    const { contactId, postId, agencyId, addressKey } = owner;
    const keys = { contactKey: `contact:${contactId}`, agencyKey: `agency:${agencyId}` };
    return Object.assign(new Offer(), at, { contactId, postId, agencyId, addressKey, ...keys });
  }

  /** Told once, when it is new. */
  offered(): Change {
    return this.tell('action.offered', { contactId: this.contactId });
  }

  /** The new holder takes it on. Throws MOVE_NOT_ALLOWED once it was answered or withdrawn; so do those below. */
  accept(now: Date): Change {
    this.answer('ACCEPTED', now);
    return this.tell('action.offer-accepted', { contactId: this.contactId });
  }

  /** The new holder says why it is not theirs (REASON_REQUIRED). */
  query(reason: string | null, now: Date): Change {
    const why = requiredReason(reason, 'Say why it is not yours, and who to ask instead');
    this.answer('QUERIED', now);
    this.reason = why;
    return this.tell('action.offer-queried', { contactId: this.contactId, reason: why });
  }

  /** Somebody else owns it now, or this person must not be told. */
  withdraw(now: Date): Change {
    this.answer('WITHDRAWN', now);
    return this.tell('action.offer-withdrawn', { contactId: this.contactId });
  }

  private answer(status: OfferStatus, now: Date): void {
    if (this.status !== 'OFFERED') {
      throw new RuleBroken('MOVE_NOT_ALLOWED', 'This is no longer offered to you. There is nothing for you to do');
    }
    Object.assign(this, { status, verdict: null, answeredAt: now });
  }

  private tell(action: string, details: Record<string, unknown>): Change {
    const { matterId, agencyId } = this;
    return { action, object: `action:${this.actionId}`, details: { offer: this.id, ...details }, matterId, agencyId };
  }
}
