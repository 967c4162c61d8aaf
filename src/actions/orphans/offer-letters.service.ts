import { Inject, Injectable } from '@nestjs/common';
import { LinksService } from '../../access/links.service.js';
import { AuthoritiesService } from '../../authorities/authorities.service.js';
import { type Tx } from '../../database/tx.js';
import { DirectoryService } from '../../directory/directory.service.js';
import { Outbox } from '../../mail/outbox.js';
import { MattersService } from '../../matters/matters.service.js';
import { type Action } from '../action.js';
import { actionLetter } from '../action-words.js';
import { type Offer } from './offer.js';

const streamOf = (offer: Pick<Offer, 'id'>): string => `offer:${offer.id}`;

/** The messages to whom an action is offered: neutral, each with a link of its own. */
@Injectable()
export class OfferLetters {
  constructor(
    @Inject(Outbox) private readonly outbox: Outbox,
    @Inject(LinksService) private readonly links: LinksService,
    @Inject(AuthoritiesService) private readonly authorities: AuthoritiesService,
    @Inject(DirectoryService) private readonly directory: DirectoryService,
    @Inject(MattersService) private readonly matters: MattersService,
  ) {}

  /** Tells somebody that an action of their post is offered to them. */
  async tell(tx: Tx, offer: Offer, action: Action): Promise<void> {
    const to = await this.directory.contact(tx, offer.contactId);
    const authority = await this.authorities.authority(tx);
    const { ref: matterRef } = await this.matters.findIn(tx, offer.matterId);
    const link = await this.links.mint(tx, { contactId: to.id, purpose: 'ACTION', targetId: offer.id });
    const facts = { recipientName: to.name, matterRef, actionRef: action.ref, dueOn: action.dueOn, authority, link };
    await this.outbox.queue(tx, {
      purpose: 'ACTION',
      stream: streamOf(offer),
      dedupeKey: streamOf(offer),
      to: { name: to.name, address: to.email },
      from: this.outbox.plainFrom(authority),
      ...actionLetter({ kind: 'OFFERED', ...facts }),
      matterId: offer.matterId,
      contactId: to.id,
    });
  }

  /** It is no longer offered: its link stops and nothing unsent leaves. */
  async end(tx: Tx, offer: Offer, why: 'EXCLUDED' | 'LEFT' | 'WITHDRAWN'): Promise<void> {
    await this.outbox.drop(tx, { stream: streamOf(offer) }, why);
    const which = { contactId: offer.contactId, targetId: offer.id, purpose: 'ACTION' as const };
    await this.links.revoke(tx, which, why === 'WITHDRAWN' ? 'COORDINATOR' : why);
  }
}
