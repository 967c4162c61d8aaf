import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { type Tx } from '../../database/tx.js';
import { RuleBroken } from '../../errors.js';
import { type Change } from '../../history/change.js';
import { Listeners } from '../../history/listeners.js';
import { Action } from '../action.js';
import { lockLiveBehind, lockLiveOf, openOfMatter } from '../action.store.js';
import { ActionLetters } from '../action-letters.service.js';
import { OwnersService } from '../owners.service.js';
import { ORPHANS_OF_CONTACT } from './offer.sql.js';
import { OffersService } from './offers.service.js';

/** So many references stand in a refusal; the rest are counted. */
const NAMED = 5;

/**
 * Actions whose owner is gone: left, merged away, or must not be told any more. They are offered to whoever
 * holds the post now, or wait for a coordinator, and never move silently. What happens in the directory reaches every matter, so it is done with the
 * service's own need to know.
 */
@Injectable()
export class OrphansService implements OnModuleInit {
  constructor(
    @Inject(Listeners) private readonly listeners: Listeners,
    @Inject(ActionLetters) private readonly letters: ActionLetters,
    @Inject(OffersService) private readonly offers: OffersService,
    @Inject(OwnersService) private readonly owners: OwnersService,
  ) {}

  onModuleInit(): void {
    this.listeners.on('exclusion.adding', (tx, change) => this.excluded(tx, change));
    this.listeners.on('matter.closing', (tx, change) => this.mayClose(tx, change));
    this.listeners.on('contact.merged', (tx, change) => tx.asService(() => this.left(tx, contactOf(change))));
    this.listeners.on('handover.started', async (tx, change) => {
      if (change.details.orphans === true) await tx.asService(() => this.left(tx, contactOf(change)));
    });
    this.listeners.on('handover.undone', async (tx, change) => {
      if (change.details.orphans === true) await tx.asService(() => this.cameBack(tx, contactOf(change)));
    });
    this.listeners.on('contact.address-changed', (tx, change) => tx.asService(() => this.moved(tx, contactOf(change))));
  }

  private async excluded(tx: Tx, { matterId, details }: Change): Promise<void> {
    const keys = Array.isArray(details.whos) ? details.whos.map(String) : [];
    if (matterId === undefined) return;
    for (const action of await lockLiveBehind(tx, matterId, keys)) await this.orphan(tx, action, 'EXCLUDED');
  }

  private async left(tx: Tx, contactId: string): Promise<void> {
    for (const action of await lockLiveOf(tx, contactId)) {
      await this.orphan(tx, action, 'WITHDRAWN');
      await this.offers.offerIn(tx, action);
    }
  }

  /** A departure was a mistake: what nobody has taken on meanwhile is theirs again, and they are told. */
  private async cameBack(tx: Tx, contactId: string): Promise<void> {
    for (const { id } of await tx.sql<{ id: string }>(ORPHANS_OF_CONTACT, [tx.by.authorityId, contactId])) {
      try {
        await tx.part(async (part) => {
          const action = await part.lock(Action, id);
          const about = { id: action.meetingId, matterId: action.matterId };
          const owner = await this.owners.choose(part, about, { contactId, postId: action.ownerPostId });
          const change = action.reassign(owner);
          await part.save(action);
          await part.record(change);
          await this.letters.tell(part, action, 'SENT_AGAIN');
        });
      } catch (error) {
        if (!(error instanceof RuleBroken)) throw error;
      }
    }
  }

  /** Links to the old address have stopped; the owner finds their actions again at the new one. */
  private async moved(tx: Tx, contactId: string): Promise<void> {
    for (const action of await lockLiveOf(tx, contactId)) await this.letters.tell(tx, action, 'SENT_AGAIN');
  }

  private async mayClose(tx: Tx, { matterId }: Change): Promise<void> {
    const open = matterId === undefined ? [] : await openOfMatter(tx, matterId);
    if (open.length === 0) return;
    const rest = open.length > NAMED ? ` and ${open.length - NAMED} more` : '';
    throw new RuleBroken(
      'MOVE_NOT_ALLOWED',
      `Some actions are still open: ${open.slice(0, NAMED).join(', ')}${rest}. Complete or cancel each one first`,
    );
  }

  private async orphan(tx: Tx, action: Action, reason: 'EXCLUDED' | 'WITHDRAWN'): Promise<void> {
    const change = action.orphan();
    await tx.save(action);
    await tx.record(change);
    await this.letters.end(tx, action, reason);
  }
}

function contactOf({ details }: Change): string {
  if (typeof details.contactId !== 'string') throw new Error('A change of a contact without its id');
  return details.contactId;
}
