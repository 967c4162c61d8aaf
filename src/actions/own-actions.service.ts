import { Inject, Injectable } from '@nestjs/common';
import { type Actor, coordinates, hasScope } from '../access/actor.js';
import { localDate } from '../authorities/working-days.js';
import { type Tx } from '../database/tx.js';
import { UnitOfWork } from '../database/unit-of-work.js';
import { NotFound } from '../errors.js';
import { type Change } from '../history/change.js';
import { Action, isOverdue } from './action.js';
import { actionRow, actionsOfOwner } from './action.store.js';
import { OffersService, type ShownOffer } from './orphans/offers.service.js';
import { type ShownAction } from './action-lists.service.js';

/** Own actions stay on the owner's page for 28 days after they came to their end (security guide, 4.1). */
const SHOWN_MS = 28 * 24 * 3_600_000;

/**
 * What owners do with their actions: by link without an account, by their agency's own system, or by a coordinator who
 * writes down what the owner said on the telephone. Anybody else's action is not there.
 */
@Injectable()
export class OwnActionsService {
  constructor(
    @Inject(UnitOfWork) private readonly work: UnitOfWork,
    @Inject(OffersService) private readonly offers: OffersService,
  ) {}

  /** Actions that the post they have taken up left behind, offered to the link holder. */
  async offered(by: Actor): Promise<ShownOffer[]> {
    return this.offers.mine(by);
  }

  /** One of them, answered or not; undefined for what is none of theirs. */
  async offer(by: Actor, id: string): Promise<ShownOffer | undefined> {
    return this.offers.find(by, id);
  }

  /** The link holder's own actions: what is live, and what came to its end of late. */
  async mine(by: Actor): Promise<ShownAction[]> {
    return this.work.run(by, async (tx) => {
      const since = new Date(tx.now.getTime() - SHOWN_MS);
      const rows = await actionsOfOwner(tx, by.knowsAs, since);
      return rows.map((row) => ({ ...row, overdue: isOverdue(row, localDate(tx.now)) }));
    });
  }

  /** One of them; throws NotFound. */
  async one(by: Actor, id: string): Promise<ShownAction> {
    return this.work.run(by, async (tx) => {
      const row = await actionRow(tx, id);
      mustWork(by, { ownerContactId: row.ownerContactId, ownerAgencyId: row.agencyId });
      return { ...row, overdue: isOverdue(row, localDate(tx.now)) };
    });
  }

  /** The owner takes it on. Throws MOVE_NOT_ALLOWED, OutOfDate, NotFound; so do all below. */
  async accept(by: Actor, id: string, seen?: number): Promise<Action> {
    return this.change(by, id, seen, (action) => action.accept());
  }

  /** The owner says that it is not theirs, and whose it is. Throws REASON_REQUIRED. */
  async query(by: Actor, id: string, reason: string | null, seen?: number): Promise<Action> {
    return this.change(by, id, seen, (action) => action.query(reason));
  }

  /** The owner has started. */
  async start(by: Actor, id: string, seen?: number): Promise<Action> {
    return this.change(by, id, seen, (action) => action.progress());
  }

  /** The owner has done it; a note may say how. */
  async complete(by: Actor, id: string, note: string | null, seen?: number): Promise<Action> {
    return this.change(by, id, seen, (action, tx) => action.done(note, tx.now));
  }

  /** It can no longer be done and nobody is at fault. Throws REASON_REQUIRED. */
  async notPossible(by: Actor, id: string, reason: string | null, seen?: number): Promise<Action> {
    return this.change(by, id, seen, (action, tx) => action.notPossible(reason, tx.now));
  }

  /** It was not done. Throws REASON_REQUIRED. */
  async notDone(by: Actor, id: string, reason: string | null, seen?: number): Promise<Action> {
    return this.change(by, id, seen, (action, tx) => action.notDone(reason, tx.now));
  }

  private async change(
    by: Actor,
    id: string,
    seen: number | undefined,
    how: (action: Action, tx: Tx) => Change,
  ): Promise<Action> {
    return this.work.run(by, async (tx) => {
      mustWork(by, await tx.find(Action, id));
      const action = await tx.lock(Action, id, seen);
      mustWork(by, action);
      const change = how(action, tx);
      await tx.save(action);
      await tx.record({ ...change, agencyId: action.ownerAgencyId });
      return action;
    });
  }
}

/** Throws NotFound for an action that is not this person's to work. */
function mustWork(by: Actor, action: Pick<Action, 'ownerContactId' | 'ownerAgencyId'>): void {
  const isOwner = by.kind === 'LINK' && action.ownerContactId === by.knowsAs;
  const isAgency = hasScope(by, 'actions:own-agency') && action.ownerAgencyId === by.agencyId;
  if (!isOwner && !isAgency && !coordinates(by)) throw new NotFound();
}
