/**
 * "Is this still right?" Nobody is made to keep a list: whoever answers an invitation or comes to a meeting has shown that
 * we reach them. Only those of whom nothing was heard for a while (90 days unless the authority says otherwise) are asked,
 * once, by a link of their own (domain guide, section 11). One press says that all is right, or that something is not.
 */
import { RuleBroken } from '../../errors.js';
import { type Change } from '../../history/change.js';

export const VERIFICATION_ANSWERS = ['RIGHT', 'CORRECTED', 'MOVED_ON', 'NOT_ME'] as const;
export type VerificationAnswer = (typeof VERIFICATION_ANSWERS)[number];

const DAYS_LEAST = 30;
const DAYS_MOST = 730;

/** The number of days an authority may set. Throws INVALID. */
export function reverifyDays(days: number): number {
  if (Number.isInteger(days) && days >= DAYS_LEAST && days <= DAYS_MOST) return days;
  throw new RuleBroken('INVALID', `Enter a number of days from ${DAYS_LEAST} to ${DAYS_MOST}`, 'days');
}

export class Verification {
  authorityId: number;
  id: string;
  version = 1;
  contactId: string;
  askedAt: Date;
  answer: VerificationAnswer | null = null;
  answeredAt: Date | null = null;

  static of(facts: Pick<Verification, 'authorityId' | 'id' | 'contactId' | 'askedAt'>): Verification {
    return Object.assign(new Verification(), facts);
  }

  /** Told when somebody is asked. */
  asked(): Change {
    return { action: 'contact.verification-asked', object: `contact:${this.contactId}`, details: {} };
  }

  /** What they say; the first answer stays in the record, since what it led to is recorded with the contact. */
  say(answer: VerificationAnswer, now: Date): Change | null {
    if (this.answer !== null) return null;
    Object.assign(this, { answer, answeredAt: now });
    const details = { answer };
    return { action: 'contact.verification-answered', object: `contact:${this.contactId}`, details };
  }
}
