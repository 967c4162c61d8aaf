/**
 * Somebody is not where the directory has them, and what they were asked passes on. It starts from any signal: they say
 * so by their link, somebody else says so, mail comes back for good, a coordinator or a list of the agency's people knows
 * it. From then on their links do nothing. Only when they have really gone, or say so themselves, are their actions let
 * go: an address that fails is no proof that a person has left. A departure recorded by mistake can be taken back on the
 * day it was recorded; messages that have gone stay gone.
 */
import { RuleBroken } from '../../errors.js';
import { type Change } from '../../history/change.js';
import { type Contact, type ContactStatus } from '../contact.js';

export const SIGNALS = ['MOVED_ON', 'NOT_ME', 'REPLACED', 'BOUNCED', 'LEFT'] as const;
export type Signal = (typeof SIGNALS)[number];

export const SIGNAL_LABELS: Readonly<Record<Signal, string>> = {
  MOVED_ON: 'Said by their link that they have moved on',
  NOT_ME: 'Whoever has their link said that it was not meant for them',
  REPLACED: 'Whoever has their link said that they have taken over',
  BOUNCED: 'Mail to their address came back for good',
  LEFT: 'Marked as left',
};

interface Consequences {
  /** Their invitations pass on to whoever is asked instead. */
  readonly passesOn: boolean;
  /** Their open actions wait for another owner. */
  readonly orphans: boolean;
}

const CONSEQUENCES: Readonly<Record<Signal, Consequences>> = {
  MOVED_ON: { passesOn: true, orphans: true },
  NOT_ME: { passesOn: true, orphans: false },
  REPLACED: { passesOn: false, orphans: false },
  BOUNCED: { passesOn: true, orphans: false },
  LEFT: { passesOn: true, orphans: true },
};

export class Handover {
  authorityId: number;
  id: string;
  version = 1;
  contactId: string;
  signal: Signal;
  /** What the contact was before. */
  statusBefore: ContactStatus;
  /** What they held and hold no more because of this. */
  holdingIds: string[] = [];
  /** The address they had. */
  addressKey: string;
  startedAt: Date;
  startedBy: string;
  undoneAt: Date | null = null;
  undoneBy: string | null = null;

  static of(facts: HandoverFacts): Handover {
    return Object.assign(new Handover(), facts);
  }

  get passesOn(): boolean {
    return CONSEQUENCES[this.signal].passesOn;
  }

  get orphans(): boolean {
    return CONSEQUENCES[this.signal].orphans;
  }

  /** Told once: those above pass on what they hold for this person. */
  started(): Change {
    const { signal, contactId, passesOn, orphans } = this;
    return this.tell('handover.started', { contactId, signal, passesOn, orphans });
  }

  /** May still be taken back? `day` and `today` are the dates in London of its start and of now. */
  canBeUndone(day: string, today: string): boolean {
    return this.undoneAt === null && day === today;
  }

  /** Was a mistake: the person is still there. Throws MOVE_NOT_ALLOWED after the day it was recorded on. */
  undo(at: { day: string; today: string; now: Date; by: string }): Change {
    if (!this.canBeUndone(at.day, at.today)) {
      throw new RuleBroken(
        'MOVE_NOT_ALLOWED',
        'This can be taken back only on the day it was recorded. Mark them as back instead, and add their post',
      );
    }
    this.undoneAt = at.now;
    this.undoneBy = at.by;
    return this.tell('handover.undone', { contactId: this.contactId, orphans: this.orphans });
  }

  private tell(action: string, details: Record<string, unknown>): Change {
    return { action, object: `contact:${this.contactId}`, details: { ...details, handoverId: this.id } };
  }
}

export type HandoverFacts = Pick<
  Handover,
  'authorityId' | 'id' | 'contactId' | 'signal' | 'statusBefore' | 'holdingIds' | 'startedAt' | 'startedBy'
> &
  Pick<Contact, 'addressKey'>;
