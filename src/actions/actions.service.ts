import { Inject, Injectable } from '@nestjs/common';
import { type Actor, coordinates } from '../access/actor.js';
import { AuthoritiesService } from '../authorities/authorities.service.js';
import { localDate } from '../authorities/working-days.js';
import { newId } from '../database/ids.js';
import { type Tx } from '../database/tx.js';
import { UnitOfWork } from '../database/unit-of-work.js';
import { NotAllowed } from '../errors.js';
import { type Change } from '../history/change.js';
import { MattersService } from '../matters/matters.service.js';
import { Meeting } from '../meetings/meeting.js';
import { Action, type ActionPriority } from './action.js';
import { ActionLetters } from './action-letters.service.js';
import { type ChosenOwner, requireAgreeing } from './agreeing.js';
import { OwnersService } from './owners.service.js';

/** An action as somebody writes it down. */
export interface AgreedAction {
  readonly text: string | null;
  readonly owner: ChosenOwner;
  /** `YYYY-MM-DD` */
  readonly dueOn: string | null;
  readonly priority?: ActionPriority | undefined;
}

/** What those who run meetings do with actions: agree, reassign, move the date, check, cancel. */
@Injectable()
export class ActionsService {
  constructor(
    @Inject(UnitOfWork) private readonly work: UnitOfWork,
    @Inject(AuthoritiesService) private readonly authorities: AuthoritiesService,
    @Inject(MattersService) private readonly matters: MattersService,
    @Inject(OwnersService) private readonly owners: OwnersService,
    @Inject(ActionLetters) private readonly letters: ActionLetters,
  ) {}

  /**
   * Writes down what a meeting agreed and tells the owner at once. Throws REQUIRED, OWNER_NOT_NAMED_PERSON, EXCLUDED,
   * CONTACT_HAS_LEFT, CONTACT_MERGED, INVALID_DATE, DATE_IN_PAST, TOO_LONG, UNSAFE_TEXT, MEETING_NOT_STARTED,
   * MEETING_CANCELLED, MOVE_NOT_ALLOWED, NotFound.
   */
  async agree(by: Actor, meetingId: string, agreed: AgreedAction): Promise<Action> {
    mustKeep(by);
    return this.work.run(by, async (tx) => {
      const meeting = await tx.find(Meeting, meetingId);
      requireAgreeing(meeting, await this.matters.findIn(tx, meeting.matterId), tx.now);
      const owner = await this.owners.choose(tx, meeting, agreed.owner);
      requireAgreeing(meeting, await this.matters.findIn(tx, meeting.matterId), tx.now);
      const { authorityId, id, matterId } = meeting;
      const { text, dueOn, priority } = agreed;
      const facts = { authorityId, meetingId: id, matterId, id: newId(), text, owner, dueOn, createdAt: tx.now };
      const ref = await this.authorities.nextReference(tx, 'ACTION');
      const { action, change } = Action.agree({ ...facts, ref, ...(priority ? { priority } : {}) }, localDate(tx.now));
      const assigned = action.assign();
      await tx.insert(Action, action);
      await tx.record(change);
      await tx.record(assigned);
      await this.letters.tell(tx, action, 'ASSIGNED');
      return action;
    });
  }

  /**
   * Gives the action to somebody else, who accepts or queries it anew; the earlier owner's links stop. Throws as `agree`,
   * NOTHING_CHANGED, OutOfDate for an older version.
   */
  async reassign(by: Actor, id: string, to: ChosenOwner, seen?: number): Promise<Action> {
    mustKeep(by);
    return this.work.run(by, async (tx) => {
      const { meetingId, matterId } = await tx.find(Action, id);
      const owner = await this.owners.choose(tx, { id: meetingId, matterId }, to);
      const action = await tx.lock(Action, id, seen);
      const before = Object.assign(new Action(), action);
      const change = action.reassign(owner);
      await tx.save(action);
      await tx.record(change);
      if (before.ownerContactId !== action.ownerContactId) await this.letters.end(tx, before, 'WITHDRAWN');
      await this.letters.tell(tx, action, 'ASSIGNED');
      return action;
    });
  }

  /** Another due date, with a reason; the owner is told. Throws REASON_REQUIRED, DATE_IN_PAST, NOTHING_CHANGED, OutOfDate. */
  async moveDueDate(
    by: Actor,
    id: string,
    to: { dueOn: string; reason: string | null },
    seen?: number,
  ): Promise<Action> {
    return this.change(by, id, seen, async (tx, action) => {
      const change = action.moveDueDate(to.dueOn, to.reason, localDate(tx.now));
      return { change, tell: action.verdict === null ? null : 'DATE_MOVED' };
    });
  }

  /** The coordinator has checked that it is done. Throws MOVE_NOT_ALLOWED, OutOfDate. */
  async verify(by: Actor, id: string, seen?: number): Promise<Action> {
    return this.change(by, id, seen, async (_tx, action) => ({ change: action.verify(), tell: null }));
  }

  /**
   * Done, but something is missing: back to its owner, if they may still be asked. Throws REASON_REQUIRED,
   * MOVE_NOT_ALLOWED, EXCLUDED, CONTACT_HAS_LEFT, OutOfDate.
   */
  async returnToOwner(by: Actor, id: string, reason: string | null, seen?: number): Promise<Action> {
    return this.change(by, id, seen, async (tx, action) => {
      const change = action.returnToOwner(reason);
      const { ownerContactId: contactId, ownerPostId: postId } = action;
      const about = { id: action.meetingId, matterId: action.matterId };
      const { addressKey } = await this.owners.choose(tx, about, { contactId, postId });
      action.addressKey = addressKey;
      return { change, tell: 'RETURNED' };
    });
  }

  /** It is no longer wanted; the owner is told if they had heard of it. Throws REASON_REQUIRED, MOVE_NOT_ALLOWED, OutOfDate. */
  async cancel(by: Actor, id: string, reason: string | null, seen?: number): Promise<Action> {
    return this.change(by, id, seen, async (tx, action) => {
      const isHeard = action.verdict !== null;
      const change = action.cancel(reason, tx.now);
      return { change, tell: isHeard ? 'CANCELLED' : null };
    });
  }

  /** Sends the owner the message once more, with a new link. Throws NotFound, MOVE_NOT_ALLOWED. */
  async resend(by: Actor, id: string): Promise<void> {
    await this.change(by, id, undefined, async (_tx, action) => ({ change: action.sendAgain(), tell: 'SENT_AGAIN' }));
  }

  private async change(by: Actor, id: string, seen: number | undefined, how: Changing): Promise<Action> {
    mustKeep(by);
    return this.work.run(by, async (tx) => {
      const action = await tx.lock(Action, id, seen);
      const { change, tell } = await how(tx, action);
      await tx.save(action);
      await tx.record(change);
      if (tell !== null) await this.letters.tell(tx, action, tell);
      return action;
    });
  }
}

type Changing = (
  tx: Tx,
  action: Action,
) => Promise<{ readonly change: Change; readonly tell: Parameters<ActionLetters['tell']>[2] | null }>;

function mustKeep(by: Actor): void {
  if (!coordinates(by)) throw new NotAllowed('You cannot change actions with your account', 'A coordinator can');
}
