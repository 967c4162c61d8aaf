import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { type Actor, coordinates } from '../../access/actor.js';
import { type Tx } from '../../database/tx.js';
import { UnitOfWork } from '../../database/unit-of-work.js';
import { MeetingSections } from '../meeting-sections.js';
import { Meeting } from '../meeting.js';
import { type InviteeRow, inviteeRows } from '../meeting.store.js';
import { ANSWER_LABELS, CHANNEL_LABELS, DECLINE_LABELS, type Response } from '../response.js';
import { mustSeeMeetings } from '../running.js';
import { CONFIDENCE_LABELS } from './confidence.js';
import { HELD_OF_MEETING } from './held-replies.sql.js';
import { type Ledger, type LedgerEntry, ledgerOf, STANDING_LABELS } from './ledger.js';
import { ProposalsService } from './proposals.service.js';
import { responsesOf } from './replies.store.js';

interface AwayRow {
  readonly id: string;
  readonly away_noted_at: Date | null;
  readonly away_until: string | null;
}

/** Everything that one invitee answered. */
export interface InviteeLedger {
  readonly invitee: InviteeRow;
  readonly ledger: Ledger;
  readonly away: AwayRow | undefined;
}

const AWAY = `select id, away_noted_at, away_until::text as away_until from invitation
  where authority_id = $1 and meeting_id = $2 and away_noted_at is not null`;

/** What a meeting's page shows of the answers behind the ones that count, and of suggested times. */
@Injectable()
export class ReplySections implements OnModuleInit {
  constructor(
    @Inject(MeetingSections) private readonly sections: MeetingSections,
    @Inject(UnitOfWork) private readonly work: UnitOfWork,
    @Inject(ProposalsService) private readonly proposals: ProposalsService,
  ) {}

  onModuleInit(): void {
    this.sections.register('Suggested times', async (by, meetingId) => {
      const proposals = await this.work.run(by, (tx) => this.proposals.of(tx, meetingId));
      const locals = { meetingId, proposals, channels: CHANNEL_LABELS, mayChange: coordinates(by) };
      return { view: 'meetings/replies/views/of-proposals.njk', locals };
    });
    this.sections.register('Every answer', async (by, meetingId) => {
      const { ledgers, waiting } = await this.ledgers(by, meetingId);
      const locals = { invitees: ledgers.map(shown), waiting, mayChange: coordinates(by) };
      return { view: 'meetings/replies/views/of-answers.njk', locals };
    });
  }

  /** Everything that was answered to one meeting, invitee by invitee. Throws NotAllowed, NotFound. */
  async ledgers(by: Actor, meetingId: string): Promise<{ ledgers: InviteeLedger[]; waiting: number }> {
    mustSeeMeetings(by);
    return this.work.run(by, async (tx) => {
      const { revision } = await tx.find(Meeting, meetingId);
      const invitees = await inviteeRows(tx, [meetingId]);
      const responses = await responsesOf(tx, meetingId);
      const aways = await tx.sql<AwayRow>(AWAY, [by.authorityId, meetingId]);
      const ledgers = invitees.map((invitee) => ({
        invitee,
        ledger: ledgerOf(
          responses.filter(({ invitationId }) => invitationId === invitee.id),
          revision,
        ),
        away: aways.find(({ id }) => id === invitee.id),
      }));
      return { ledgers, waiting: await this.waiting(tx, meetingId) };
    });
  }

  private async waiting(tx: Tx, meetingId: string): Promise<number> {
    const [row] = await tx.sql<{ waiting: number }>(HELD_OF_MEETING, [tx.by.authorityId, meetingId]);
    return row?.waiting ?? 0;
  }
}

function shown({ invitee, ledger, away }: InviteeLedger): object {
  return {
    id: invitee.id,
    name: invitee.name,
    agency: invitee.agency_name,
    disagree: ledger.disagree,
    away,
    entries: ledger.entries.map(entryShown),
  };
}

function entryShown({ response, standing }: LedgerEntry): object {
  const { kind, reason, comment, statedAt, at } = response;
  return {
    ...{ kind, comment, statedAt, at, standing },
    kindWords: ANSWER_LABELS[kind],
    reasonWords: reason === null ? null : DECLINE_LABELS[reason],
    standingWords: STANDING_LABELS[standing],
    came: cameWords(response),
  };
}

/** "from their calendar, as leanne@home.example, fairly sure: nothing speaks against it; written down by Priya". */
function cameWords(response: Response): string {
  const { channel, via, confidence, saidBy, recordedBy } = response;
  return [
    CHANNEL_LABELS[channel],
    via === null ? null : `as ${via}`,
    saidBy === null || saidBy === via ? null : `said by ${saidBy}`,
    confidence === null ? null : CONFIDENCE_LABELS[confidence],
    channel === 'LINK' || (channel === 'CALENDAR_REPLY' && confidence !== null)
      ? null
      : `written down by ${recordedBy}`,
  ]
    .filter((part) => part !== null)
    .join(', ');
}
