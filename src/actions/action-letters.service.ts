import { Inject, Injectable } from '@nestjs/common';
import { LinksService } from '../access/links.service.js';
import { AuthoritiesService } from '../authorities/authorities.service.js';
import { newId } from '../database/ids.js';
import { type Tx } from '../database/tx.js';
import { DirectoryService } from '../directory/directory.service.js';
import { Outbox } from '../mail/outbox.js';
import { MattersService } from '../matters/matters.service.js';
import { type Action } from './action.js';
import { hasLeft } from './action.store.js';
import { actionLetter, type ActionLetterKind } from './action-words.js';

/** Messages about one action to one owner leave strictly in order. */
function streamOf(action: Pick<Action, 'id' | 'ownerContactId'>): string {
  return `action:${action.id}:${action.ownerContactId}`;
}

/** The messages to owners: neutral, each with a link of its own. */
@Injectable()
export class ActionLetters {
  constructor(
    @Inject(Outbox) private readonly outbox: Outbox,
    @Inject(LinksService) private readonly links: LinksService,
    @Inject(AuthoritiesService) private readonly authorities: AuthoritiesService,
    @Inject(DirectoryService) private readonly directory: DirectoryService,
    @Inject(MattersService) private readonly matters: MattersService,
  ) {}

  /**
   * Tells the owner, in the transaction of the change. A message that has not left yet is overtaken by this one, which
   * then says what the first would have said; of a cancellation hears only who may have heard of the action.
   */
  async tell(tx: Tx, action: Action, kind: ActionLetterKind): Promise<void> {
    const stream = streamOf(action);
    const overtaken = await this.outbox.drop(tx, { stream }, 'SUPERSEDED');
    const isKnown = await hasLeft(tx, stream);
    if (kind === 'CANCELLED' && !isKnown) return;
    await this.send(tx, action, overtaken > 0 && kind !== 'CANCELLED' && !isKnown ? 'ASSIGNED' : kind);
  }

  private async send(tx: Tx, action: Action, kind: ActionLetterKind): Promise<void> {
    const owner = await this.directory.contact(tx, action.ownerContactId);
    const authority = await this.authorities.authority(tx);
    const { ref: matterRef } = await this.matters.findIn(tx, action.matterId);
    const target = { contactId: owner.id, purpose: 'ACTION' as const, targetId: action.id };
    const link = kind === 'CANCELLED' ? null : await this.links.mint(tx, target);
    const facts = { kind, recipientName: owner.name, matterRef, actionRef: action.ref, dueOn: action.dueOn };
    await this.outbox.queue(tx, {
      purpose: 'ACTION',
      stream: streamOf(action),
      dedupeKey: `action:${newId()}`,
      to: { name: owner.name, address: owner.email },
      from: this.outbox.plainFrom(authority),
      ...actionLetter({ ...facts, authority, link }),
      matterId: action.matterId,
      contactId: owner.id,
    });
  }

  /** The owner is no longer this person: their links stop and nothing unsent leaves. */
  async end(tx: Tx, action: Action, reason: 'EXCLUDED' | 'WITHDRAWN'): Promise<void> {
    await this.outbox.drop(tx, { stream: streamOf(action) }, reason);
    const which = { contactId: action.ownerContactId, targetId: action.id, purpose: 'ACTION' as const };
    await this.links.revoke(tx, which, reason === 'EXCLUDED' ? 'EXCLUDED' : 'COORDINATOR');
  }
}
