import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { type FoundLink } from '../access/found-link.js';
import { type LinkPage, LinkPages, type OpenTarget, type ShownPage } from '../access/link-pages.js';
import { LinksService } from '../access/links.service.js';
import { formatSpan } from '../authorities/civil-time.js';
import { type Tx } from '../database/tx.js';
import { type Change } from '../history/change.js';
import { Listeners } from '../history/listeners.js';
import { paths } from '../web/paths.js';
import { REASON_ITEMS } from './answer.form.js';
import { AnswersService, type PresentState } from './answers.service.js';
import { HOW, placeOf } from './invitation-words.js';
import { OwnMeetings } from './own-meetings.service.js';
import { ANSWER_LABELS } from './response.js';

const OPEN = `select i.id, i.matter_id, t.ref, m.starts_at, m.ends_at, m.zone from invitation i
  join meeting m on m.authority_id = i.authority_id and m.id = i.meeting_id
  join matter t on t.authority_id = i.authority_id and t.id = i.matter_id
  where i.authority_id = $1 and i.contact_id = $2 and i.status = 'OPEN' and m.status in ('PROPOSED', 'SCHEDULED') and m.ends_at > $3
  order by m.starts_at, i.id limit 20`;

interface OpenRow {
  readonly id: string;
  readonly matter_id: string;
  readonly ref: string;
  readonly starts_at: Date;
  readonly ends_at: Date;
  readonly zone: string;
}

/** What links to invitations open: the meeting as it is now, and the form while an answer is asked for. */
@Injectable()
export class AnswerPage implements LinkPage, OnModuleInit {
  constructor(
    @Inject(LinkPages) private readonly pages: LinkPages,
    @Inject(LinksService) private readonly links: LinksService,
    @Inject(AnswersService) private readonly answers: AnswersService,
    @Inject(OwnMeetings) private readonly meetings: OwnMeetings,
    @Inject(Listeners) private readonly listeners: Listeners,
  ) {}

  onModuleInit(): void {
    this.pages.register('RESPOND', this);
    this.pages.addSection({
      position: 10,
      heading: 'Your meetings',
      none: 'You are not asked to any meeting at the moment.',
      items: (visitor) => this.meetings.list(visitor),
    });
    this.listeners.on('invitation.withdrawn', (tx, change) => this.stopIfExcluded(tx, change));
  }

  async show(found: FoundLink, nonceFor: (revision: number) => string): Promise<ShownPage | undefined> {
    const state = await this.answers.present(found);
    if (state === undefined) return undefined;
    const nonce = state.whyNot === null ? nonceFor(state.meeting.revision) : '';
    return { view: 'meetings/views/answer.njk', locals: { ...shown(state), nonce } };
  }

  next(): string {
    return paths.own();
  }

  async openFor(tx: Tx, contactId: string): Promise<OpenTarget[]> {
    const rows = await tx.sql<OpenRow>(OPEN, [tx.by.authorityId, contactId, tx.now]);
    return rows.map(({ id, matter_id: matterId, ref, starts_at, ends_at, zone }) => ({
      targetId: id,
      matterId,
      details: [
        { label: 'Reference', value: ref },
        { label: 'When', value: `${formatSpan(starts_at, ends_at, zone)} (UK time)` },
      ],
    }));
  }

  /** Links to an invitation stop when its person must not be told any more. */
  private async stopIfExcluded(tx: Tx, { details, object }: Change): Promise<void> {
    if (details.why !== 'EXCLUDED') return;
    const targetId = object.slice('invitation:'.length);
    await this.links.revoke(tx, { targetId, purpose: 'RESPOND' }, 'EXCLUDED');
  }
}

/** What the page says of the meeting: nothing that the message did not say. */
function shown({ invitation, meeting, reference, standsIn, whyNot }: PresentState): object {
  const answered = invitation.answer !== 'NO_RESPONSE';
  return {
    reference,
    when: `${formatSpan(meeting.startsAt, meeting.endsAt, meeting.zone)} (UK time)`,
    how: HOW[meeting.mode],
    where: placeOf(meeting),
    revision: meeting.revision,
    whyNot,
    isHold: meeting.isHold,
    standsIn,
    asksAgain: !answered && meeting.revision > 1,
    answer: answered ? { text: ANSWER_LABELS[invitation.answer], status: invitation.answer } : null,
    reasons: REASON_ITEMS,
  };
}
