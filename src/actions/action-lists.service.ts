import { Inject, Injectable } from '@nestjs/common';
import { type Actor, coordinates } from '../access/actor.js';
import { localDate } from '../authorities/working-days.js';
import { type Tx } from '../database/tx.js';
import { UnitOfWork } from '../database/unit-of-work.js';
import { type PersonInPost } from '../directory/person-in-post.js';
import { NotAllowed } from '../errors.js';
import { MattersService } from '../matters/matters.service.js';
import { Meeting } from '../meetings/meeting.js';
import { isOverdue } from './action.js';
import {
  type ActionRow,
  actionRow,
  actionRows,
  actionsOfMatter,
  actionsOfMeeting,
  type OwnerChoice,
  owningAgencies,
  peopleOfMeeting,
} from './action.store.js';
import { OFFERS_OF_ACTION } from './orphans/offer.sql.js';
import { type ShownOffer } from './orphans/offers.service.js';
import { OwnersService } from './owners.service.js';

/** An action as it is seen today. */
export interface ShownAction extends ActionRow {
  readonly overdue: boolean;
}

/** Which actions to list. */
export interface ActionQuery {
  /** Open ones unless told. */
  readonly show?: 'open' | 'overdue' | 'all' | undefined;
  readonly agencyId?: string | undefined;
  /** Only those of the matters and meetings this member of staff runs, or their own. */
  readonly mine?: boolean | undefined;
  /** From 1; fifty a page. */
  readonly page?: number | undefined;
}

export interface ActionList {
  readonly actions: ShownAction[];
  readonly more: boolean;
  /** Agencies that own open actions. */
  readonly agencies: { readonly id: string; readonly name: string }[];
}

/** A meeting with what it agreed, and who could own something. */
export interface AgreedAtMeeting {
  readonly meeting: Meeting;
  readonly matterRef: string;
  readonly actions: ShownAction[];
  readonly people: OwnerChoice[];
}

/** One action, whom it could be given to, and to whom it was offered when its owner left. */
export interface ActionDetail {
  readonly action: ShownAction;
  readonly people: OwnerChoice[];
  readonly offers: ShownOffer[];
}

/** Lists of actions for those who run meetings. Overdue is looked at each time and never kept. */
@Injectable()
export class ActionLists {
  constructor(
    @Inject(UnitOfWork) private readonly work: UnitOfWork,
    @Inject(MattersService) private readonly matters: MattersService,
    @Inject(OwnersService) private readonly owners: OwnersService,
  ) {}

  /** Actions this person may know of, the longest overdue first. */
  async list(by: Actor, query: ActionQuery = {}): Promise<ActionList> {
    mustSee(by);
    return this.work.run(by, async (tx) => {
      const today = localDate(tx.now);
      const { rows, more } = await actionRows(tx, {
        open: query.show !== 'all',
        dueBefore: query.show === 'overdue' ? today : null,
        agencyId: query.agencyId ?? null,
        staffId: query.mine === true ? by.id : null,
        page: Math.max(1, Math.floor(query.page ?? 1)),
      });
      return { actions: shown(tx, rows), more, agencies: await owningAgencies(tx) };
    });
  }

  /** One action; throws NotFound. */
  async detail(by: Actor, id: string): Promise<ActionDetail> {
    mustSee(by);
    return this.work.run(by, async (tx) => {
      const row = await actionRow(tx, id);
      const [action] = shown(tx, [row]);
      if (action === undefined) throw new Error('One action is one action');
      const people = await peopleOfMeeting(tx, row.meetingId);
      return { action, people, offers: await tx.sql<ShownOffer>(OFFERS_OF_ACTION, [tx.by.authorityId, id]) };
    });
  }

  /** What a meeting agreed, and who could own more; throws NotFound. */
  async ofMeeting(by: Actor, meetingId: string): Promise<AgreedAtMeeting> {
    mustSee(by);
    return this.work.run(by, async (tx) => {
      const meeting = await tx.find(Meeting, meetingId);
      const { ref: matterRef } = await this.matters.findIn(tx, meeting.matterId);
      const actions = shown(tx, await actionsOfMeeting(tx, meetingId));
      return { meeting, matterRef, actions, people: await peopleOfMeeting(tx, meetingId) };
    });
  }

  /** Everything agreed about a matter. */
  async ofMatter(by: Actor, matterId: string): Promise<ShownAction[]> {
    mustSee(by);
    return this.work.run(by, async (tx) => shown(tx, await actionsOfMatter(tx, matterId)));
  }

  /** People who match what was typed where an owner should have been chosen. */
  async matching(by: Actor, typed: string): Promise<PersonInPost[]> {
    mustSee(by);
    return this.work.run(by, (tx) => this.owners.matching(tx, typed));
  }
}

function shown(tx: Tx, rows: readonly ActionRow[]): ShownAction[] {
  const today = localDate(tx.now);
  return rows.map((row) => ({ ...row, overdue: isOverdue(row, today) }));
}

/** May this person see actions on staff pages: those who run meetings, chairs and minute takers. */
export function maySeeActions(by: Actor): boolean {
  const isChair = by.kind === 'STAFF' && by.roles.some((role) => role === 'CHAIR' || role === 'MINUTE_TAKER');
  return coordinates(by) || isChair;
}

function mustSee(by: Actor): void {
  if (!maySeeActions(by)) throw new NotAllowed('You cannot see actions with your account', 'A coordinator can');
}
