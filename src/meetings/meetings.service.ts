import { Inject, Injectable } from '@nestjs/common';
import { type Actor } from '../access/actor.js';
import { AuthoritiesService } from '../authorities/authorities.service.js';
import { type MeetingType } from '../authorities/meeting-type.js';
import { type Tx } from '../database/tx.js';
import { UnitOfWork } from '../database/unit-of-work.js';
import { type DeliveryRow, Outbox } from '../mail/outbox.js';
import { Matter } from '../matters/matter.js';
import { ForecastService, type Foretold, foretoldOf } from './forecast.service.js';
import {
  type InviteeRow,
  inviteeRows,
  type MeetingRow,
  meetingRows,
  type MeetingsOf,
  type VacatedRow,
  vacatedRows,
} from './meeting.store.js';
import { Meeting } from './meeting.js';
import { type QuorumResult } from './quorum.js';
import { type QuorumRule } from './quorum-rule.js';
import { reRoutedAwaiting, reRoutedOf, type ReRoutedRow } from './re-routing/re-routing.store.js';
import { mustSeeMeetings } from './running.js';

/** A meeting in a list, with its forecast while it is still to come. */
export interface ListedMeeting extends MeetingRow {
  readonly forecast: QuorumResult | null;
}

/** Somebody asked, and how the latest message to them fares. */
export interface Invitee extends InviteeRow {
  readonly delivery: DeliveryRow | null;
}

/** Everything the page of a meeting shows. */
export interface MeetingView {
  readonly meeting: Meeting;
  readonly matter: Matter;
  readonly type: MeetingType;
  readonly invitees: readonly Invitee[];
  readonly forecast: QuorumResult;
  readonly rule: QuorumRule;
  /** How many meetings its series has; 0 for one that stands alone. */
  readonly seriesLength: number;
  /** People can still be asked and the meeting moved. */
  readonly isAhead: boolean;
  /** Places that were passed on because their person is not there any more. */
  readonly reRouted: readonly ReRoutedRow[];
}

const TO_COME: readonly Meeting['status'][] = ['DRAFT', 'PROPOSED', 'SCHEDULED', 'IN_PROGRESS'];

/** Meetings as people look at them. */
@Injectable()
export class MeetingsService {
  constructor(
    @Inject(UnitOfWork) private readonly work: UnitOfWork,
    @Inject(AuthoritiesService) private readonly authorities: AuthoritiesService,
    @Inject(ForecastService) private readonly forecasts: ForecastService,
    @Inject(Outbox) private readonly outbox: Outbox,
  ) {}

  /** At most 200 meetings this person may know of: to come, over, or of one matter. */
  async list(by: Actor, which: MeetingsOf): Promise<ListedMeeting[]> {
    mustSeeMeetings(by);
    return this.work.run(by, async (tx) => {
      const rows = await meetingRows(tx, which);
      const ahead = rows.filter(({ status }) => TO_COME.includes(status));
      const forecasts = await this.forecasts.forecasts(tx, ahead.map(foretold));
      return rows.map((row) => ({ ...row, forecast: forecasts.get(row.id) ?? null }));
    });
  }

  /** One meeting with everybody asked, what they answered, and whether enough agencies will come. Throws NotFound. */
  async show(by: Actor, id: string): Promise<MeetingView> {
    mustSeeMeetings(by);
    return this.work.run(by, async (tx) => {
      const meeting = await tx.find(Meeting, id);
      const matter = await tx.find(Matter, meeting.matterId);
      const rows = await inviteeRows(tx, [id]);
      const deliveries = new Map((await this.outbox.states(tx, id)).map((row) => [row.contact_id, row]));
      const { facts } = matter;
      return {
        meeting,
        matter,
        type: await this.authorities.meetingType(tx, meeting.typeCode),
        invitees: rows.map((row) => ({ ...row, delivery: deliveries.get(row.contact_id) ?? null })),
        forecast: await this.forecasts.of(tx, foretoldOf(meeting, facts), rows),
        rule: await this.forecasts.rule(tx, meeting),
        seriesLength: await seriesLength(tx, meeting),
        isAhead: meeting.isOut && meeting.isAhead(tx.now),
        reRouted: await reRoutedOf(tx, id),
      };
    });
  }

  /** One meeting this person may know of; throws NotFound. */
  async find(by: Actor, id: string): Promise<Meeting> {
    return this.work.run(by, (tx) => tx.find(Meeting, id));
  }

  /** Whether enough agencies will come to a meeting, by what they have answered so far. */
  async forecast(tx: Tx, meeting: Meeting): Promise<QuorumResult> {
    const { facts } = await tx.find(Matter, meeting.matterId);
    return this.forecasts.forecast(tx, meeting, facts);
  }

  /** Places in meetings to come whose people have left, for the worklist: somebody else has to be asked. */
  async vacated(by: Actor): Promise<VacatedRow[]> {
    mustSeeMeetings(by);
    return this.work.run(by, vacatedRows);
  }

  /** Places in meetings to come that were passed on and wait for whoever is asked instead, for the worklist. */
  async awaiting(by: Actor): Promise<ReRoutedRow[]> {
    mustSeeMeetings(by);
    return this.work.run(by, reRoutedAwaiting);
  }
}

async function seriesLength(tx: Tx, { seriesId }: Meeting): Promise<number> {
  if (seriesId === null) return 0;
  return tx.manager.count(Meeting, { where: { authorityId: tx.by.authorityId, seriesId } });
}

function foretold(row: MeetingRow): Foretold {
  return {
    id: row.id,
    revision: row.revision,
    minuteTakerContactId: row.minute_taker_contact_id,
    quorumRuleId: row.quorum_rule_id,
    quorumRuleVersion: row.quorum_rule_version,
    facts: row.matter_facts,
  };
}
