import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { type Actor } from '../../access/actor.js';
import { newId } from '../../database/ids.js';
import { type Tx } from '../../database/tx.js';
import { UnitOfWork } from '../../database/unit-of-work.js';
import { whoIsAskedInstead } from '../../directory/handover/who-is-asked.js';
import { WhoIsAsked } from '../../directory/handover/who-is-asked.service.js';
import { NotFound, RuleBroken } from '../../errors.js';
import { Listeners } from '../../history/listeners.js';
import { Action, type Owner } from '../action.js';
import { OwnersService } from '../owners.service.js';
import { Offer, type OfferStatus } from './offer.js';
import { OfferLetters } from './offer-letters.service.js';
import {
  OFFERED_TO,
  OFFERS_OF_ACTION,
  ONE_OFFER,
  OPEN_BEHIND,
  OPEN_OF_ACTION,
  OPEN_OF_CONTACT,
  ORPHANS_OF_POST,
} from './offer.sql.js';

/** An offered action as pages show it. */
export interface ShownOffer {
  readonly id: string;
  readonly version: number;
  readonly status: OfferStatus;
  readonly reason: string | null;
  readonly offeredAt: Date;
  readonly contactId: string;
  readonly name: string;
  readonly actionId: string;
  readonly ref: string;
  readonly text: string;
  readonly dueOn: string;
  readonly matterRef: string;
  readonly agencyName: string;
}

/** Actions that a leaver owed, offered to whoever holds the post now. */
@Injectable()
export class OffersService implements OnModuleInit {
  constructor(
    @Inject(UnitOfWork) private readonly work: UnitOfWork,
    @Inject(Listeners) private readonly listeners: Listeners,
    @Inject(OwnersService) private readonly owners: OwnersService,
    @Inject(WhoIsAsked) private readonly whoIsAsked: WhoIsAsked,
    @Inject(OfferLetters) private readonly letters: OfferLetters,
  ) {}

  onModuleInit(): void {
    const hear = (action: string, how: (tx: Tx, change: Heard) => Promise<void>): void => {
      this.listeners.on(action, (tx, change) => tx.asService(() => how(tx, change)));
    };
    hear('holding.started', (tx, { object, details }) => this.takenUp(tx, String(details.post), idOf(object)));
    hear('exclusion.adding', (tx, { matterId, details }) =>
      this.withdrawAll(tx, OPEN_BEHIND, [matterId, details.whos], 'EXCLUDED'),
    );
    hear('handover.started', (tx, { details }) => this.withdrawAll(tx, OPEN_OF_CONTACT, [details.contactId], 'LEFT'));
    for (const settled of ['action.reassigned', 'action.cancelled']) {
      hear(settled, (tx, { object }) => this.withdrawAll(tx, OPEN_OF_ACTION, [idOf(object)], 'WITHDRAWN'));
    }
  }

  /** In an open transaction: offers an action without an owner to whoever holds the post now, if anybody may know of it. */
  async offerIn(tx: Tx, action: Action): Promise<void> {
    const { ownerContactId: contactId, ownerPostId: postId } = action;
    if (postId === null) return;
    const { successors } = await this.whoIsAsked.vacancy(tx, { contactId, postId });
    const vacancy = { contactId, cover: null, successors, deputies: [], inboxes: [] };
    const { asked } = whoIsAskedInstead(vacancy, { mustNotKnow: new Set(), alreadyAsked: new Set() });
    if ('contactId' in asked) await this.offerTo(tx, action, asked.contactId);
  }

  /** What is offered to whoever has come by their link. */
  async mine(by: Actor): Promise<ShownOffer[]> {
    return this.work.run(by, (tx) => tx.sql<ShownOffer>(OFFERED_TO, [tx.by.authorityId, by.knowsAs]));
  }

  /** One of them, answered or not; undefined for anybody else's and for what is none. */
  async find(by: Actor, id: string): Promise<ShownOffer | undefined> {
    return this.work.run(by, async (tx) => {
      const [offer] = await tx.sql<ShownOffer>(ONE_OFFER, [tx.by.authorityId, id]);
      return offer?.contactId === by.knowsAs ? offer : undefined;
    });
  }

  /** To whom an action was offered, the latest first. */
  async ofAction(by: Actor, actionId: string): Promise<ShownOffer[]> {
    return this.work.run(by, (tx) => tx.sql<ShownOffer>(OFFERS_OF_ACTION, [tx.by.authorityId, actionId]));
  }

  /** The new holder takes an action on and owns it. Throws MOVE_NOT_ALLOWED, EXCLUDED, OutOfDate, NotFound. */
  async accept(by: Actor, id: string, seen?: number): Promise<void> {
    await this.answer(by, { id, seen }, async (tx, offer, action) => {
      const owner = await this.owners.choose(tx, { id: action.meetingId, matterId: action.matterId }, offer);
      await this.settle(tx, offer, offer.accept(tx.now));
      const changes = [action.reassign(owner), action.accept()];
      await tx.save(action);
      for (const change of changes) await tx.record(change);
    });
  }

  /** The new holder says why it is not theirs; a coordinator decides. Throws REASON_REQUIRED and what `accept` does. */
  async query(by: Actor, id: string, reason: string | null, seen?: number): Promise<void> {
    await this.answer(by, { id, seen }, async (tx, offer) => {
      await this.settle(tx, offer, offer.query(reason, tx.now));
    });
  }

  private async answer(
    by: Actor,
    { id, seen }: { id: string; seen: number | undefined },
    how: (tx: Tx, offer: Offer, action: Action) => Promise<void>,
  ): Promise<void> {
    await this.work.run(by, async (tx) => {
      const { actionId, contactId } = await tx.find(Offer, id);
      if (contactId !== by.knowsAs) throw new NotFound();
      const action = await tx.lock(Action, actionId);
      await how(tx, await tx.lock(Offer, id, seen), action);
    });
  }

  /** Somebody took up a post: what its former holders left behind is offered to them. */
  private async takenUp(tx: Tx, postId: string, contactId: string): Promise<void> {
    const rows = await tx.sql<{ id: string }>(ORPHANS_OF_POST, [tx.by.authorityId, postId, contactId]);
    for (const { id } of rows) {
      const action = await tx.lock(Action, id);
      if (action.status === 'ORPHANED') await this.offerTo(tx, action, contactId);
    }
  }

  /** Whoever must not be told, or left meanwhile, is offered nothing: the action waits for a coordinator. */
  private async offerTo(tx: Tx, action: Action, contactId: string): Promise<void> {
    const { meetingId, matterId, ownerPostId: postId, authorityId } = action;
    try {
      await tx.part(async (part) => {
        const owner: Owner = await this.owners.choose(part, { id: meetingId, matterId }, { contactId, postId });
        const at = { authorityId, id: newId(), actionId: action.id, matterId, offeredAt: part.now };
        const offer = Offer.to(owner, at);
        await part.insert(Offer, offer);
        await part.record(offer.offered());
        await this.letters.tell(part, offer, action);
      });
    } catch (error) {
      if (!(error instanceof RuleBroken)) throw error;
    }
  }

  private async withdrawAll(
    tx: Tx,
    statement: string,
    which: readonly unknown[],
    why: 'EXCLUDED' | 'LEFT' | 'WITHDRAWN',
  ): Promise<void> {
    for (const { id } of await tx.sql<{ id: string }>(statement, [tx.by.authorityId, ...which])) {
      const offer = await tx.lock(Offer, id);
      if (offer.status !== 'OFFERED') continue;
      await this.letters.end(tx, offer, why);
      await this.settle(tx, offer, offer.withdraw(tx.now));
    }
  }

  private async settle(tx: Tx, offer: Offer, change: ReturnType<Offer['accept']>): Promise<void> {
    await tx.save(offer);
    await tx.record(change);
  }
}

interface Heard {
  readonly object: string;
  readonly details: Readonly<Record<string, unknown>>;
  readonly matterId?: string;
}

function idOf(object: string): string {
  return object.slice(object.indexOf(':') + 1);
}
