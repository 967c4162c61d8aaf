/**
 * Somebody says that they have another email address. Whoever can read somebody's old mail could say so as well, and all
 * that is sent from then on would reach them; so a coordinator confirms it first, best by telephone (domain guide,
 * section 11). Until then the old address stays.
 */
import { RuleBroken } from '../../errors.js';
import { type Change } from '../../history/change.js';

type AddressChangeStatus = 'MADE' | 'CONFIRMED' | 'REFUSED' | 'REPLACED';

export class AddressChange {
  authorityId: number;
  id: string;
  version = 1;
  contactId: string;
  /** As they typed it. */
  email: string;
  addressKey: string;
  status: AddressChangeStatus = 'MADE';
  madeAt: Date;
  decidedAt: Date | null = null;
  decidedBy: string | null = null;

  static of(
    facts: Pick<AddressChange, 'authorityId' | 'id' | 'contactId' | 'email' | 'addressKey' | 'madeAt'>,
  ): AddressChange {
    return Object.assign(new AddressChange(), facts);
  }

  /** Told once. */
  made(): Change {
    return this.tell('contact.address-change-asked');
  }

  /** A coordinator decides, or a later wish of the same person takes its place. Throws MOVE_NOT_ALLOWED when settled. */
  decide(status: Exclude<AddressChangeStatus, 'MADE'>, at: { now: Date; by: string }): Change {
    if (this.status !== 'MADE') throw new RuleBroken('MOVE_NOT_ALLOWED', 'This has been settled already');
    Object.assign(this, { status, decidedAt: at.now, decidedBy: at.by });
    return this.tell(`contact.address-change-${status.toLowerCase()}`);
  }

  private tell(action: string): Change {
    return { action, object: `contact:${this.contactId}`, details: { email: this.email } };
  }
}
