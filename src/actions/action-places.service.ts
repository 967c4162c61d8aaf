import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { type FoundLink } from '../access/found-link.js';
import { LinkPages, type OpenTarget, type ShownPage } from '../access/link-pages.js';
import { type Tx } from '../database/tx.js';
import { NotFound } from '../errors.js';
import { MatterSections } from '../matters/matter-sections.service.js';
import { MeetingSections } from '../meetings/meeting-sections.js';
import { longDate } from '../authorities/civil-time.js';
import { paths } from '../web/paths.js';
import { ACTION_LABELS, OPEN_ACTION_STATUSES } from './action.js';
import { actionsOfOwner } from './action.store.js';
import { ActionLists, maySeeActions, type ShownAction } from './action-lists.service.js';
import { type ShownOffer } from './orphans/offers.service.js';
import { OwnActionsService } from './own-actions.service.js';

/** Where actions are seen besides on their own pages: behind their links, on a person's own page, a meeting's, a matter's. */
@Injectable()
export class ActionPlaces implements OnModuleInit {
  constructor(
    @Inject(LinkPages) private readonly links: LinkPages,
    @Inject(MeetingSections) private readonly meetings: MeetingSections,
    @Inject(MatterSections) private readonly matters: MatterSections,
    @Inject(ActionLists) private readonly lists: ActionLists,
    @Inject(OwnActionsService) private readonly own: OwnActionsService,
  ) {}

  onModuleInit(): void {
    this.links.register('ACTION', {
      show: (found) => this.opened(found),
      next: ({ link }) => paths.ownAction(link.targetId),
      openFor: (tx, contactId) => openFor(tx, contactId),
    });
    this.links.addSection({
      position: 20,
      heading: 'Offered to you',
      none: 'No action of your post waits for you.',
      items: async ({ actor }) => (await this.own.offered(actor)).map(offered),
    });
    this.links.addSection({
      position: 30,
      heading: 'Your actions',
      none: 'You have no actions.',
      items: async ({ actor }) => (await this.own.mine(actor)).map(itemOf),
    });
    this.meetings.register('Actions', async (by, meetingId) => {
      const { actions } = await this.lists.ofMeeting(by, meetingId);
      return { view: 'actions/views/of-meeting.njk', locals: { actions, meetingId } };
    });
    this.matters.register(20, async (by, matter) => {
      if (!maySeeActions(by)) return null;
      const actions = await this.lists.ofMatter(by, matter.id);
      return { view: 'actions/views/of-matter.njk', actions };
    });
  }

  /** What the link alone shows: that there is an action, under which reference and by when. Nothing once it is not theirs. */
  private async opened(found: FoundLink): Promise<ShownPage | undefined> {
    const offer = await this.own.offer(found.actor, found.link.targetId);
    if (offer !== undefined) {
      const { ref, matterRef, dueOn, status } = offer;
      return { view: 'actions/views/link.njk', locals: { ref, matterRef, dueOn, isOpen: status === 'OFFERED' } };
    }
    try {
      const { ref, matterRef, dueOn, status } = await this.own.one(found.actor, found.link.targetId);
      const isOpen = OPEN_ACTION_STATUSES.includes(status);
      return { view: 'actions/views/link.njk', locals: { ref, matterRef, dueOn, isOpen } };
    } catch (error) {
      if (error instanceof NotFound) return undefined;
      throw error;
    }
  }
}

/** What somebody still has to do, for sending a lost link again. */
async function openFor(tx: Tx, contactId: string): Promise<OpenTarget[]> {
  const actions = await actionsOfOwner(tx, contactId, tx.now);
  return actions
    .filter(({ status }) => OPEN_ACTION_STATUSES.includes(status))
    .map(({ id, matterId, ref, matterRef, dueOn }) => ({
      targetId: id,
      matterId,
      details: [
        { label: 'Reference', value: matterRef },
        { label: 'Action', value: ref },
        { label: 'Due', value: longDate(dueOn) },
      ],
    }));
}

function offered({ id, text, ref, dueOn }: ShownOffer): { href: string; title: string; lines: string[] } {
  const lines = [ref, `Due ${longDate(dueOn)}`, 'It is yours only if you accept it'];
  return { href: paths.ownOffer(id), title: text, lines };
}

function itemOf({ id, text, ref, dueOn, overdue, status }: ShownAction): {
  href: string;
  title: string;
  lines: string[];
  status: string;
} {
  const due = `Due ${longDate(dueOn)}${overdue ? ', overdue' : ''}`;
  return { href: paths.ownAction(id), title: text, lines: [ref, due, ACTION_LABELS[status]], status };
}
