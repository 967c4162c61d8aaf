import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { type Tx } from '../database/tx.js';
import { RuleBroken } from '../errors.js';
import { type Change } from '../history/change.js';
import { Listeners } from '../history/listeners.js';
import { type Action } from './action.js';
import { lockLiveBehind, lockLiveOf, openOfMatter } from './action.store.js';
import { ActionLetters } from './action-letters.service.js';

/** So many references stand in a refusal; the rest are counted. */
const NAMED = 5;

/**
 * Actions whose owner is gone: left, merged away, or must not be told any more. They wait for a coordinator to offer them
 * to somebody and never move silently. What happens in the directory reaches every matter, so it is done with the
 * service's own need to know.
 */
@Injectable()
export class OrphansService implements OnModuleInit {
  constructor(
    @Inject(Listeners) private readonly listeners: Listeners,
    @Inject(ActionLetters) private readonly letters: ActionLetters,
  ) {}

  onModuleInit(): void {
    this.listeners.on('exclusion.adding', (tx, change) => this.excluded(tx, change));
    this.listeners.on('matter.closing', (tx, change) => this.mayClose(tx, change));
    for (const gone of ['contact.left', 'contact.merged']) {
      this.listeners.on(gone, (tx, change) => tx.asService(() => this.left(tx, contactOf(change))));
    }
    this.listeners.on('contact.address-changed', (tx, change) => tx.asService(() => this.moved(tx, contactOf(change))));
  }

  private async excluded(tx: Tx, { matterId, details }: Change): Promise<void> {
    const keys = Array.isArray(details.whos) ? details.whos.map(String) : [];
    if (matterId === undefined) return;
    for (const action of await lockLiveBehind(tx, matterId, keys)) await this.orphan(tx, action, 'EXCLUDED');
  }

  private async left(tx: Tx, contactId: string): Promise<void> {
    for (const action of await lockLiveOf(tx, contactId)) await this.orphan(tx, action, 'WITHDRAWN');
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
