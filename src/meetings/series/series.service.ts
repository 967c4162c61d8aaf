import { Inject, Injectable } from '@nestjs/common';
import { type Actor } from '../../access/actor.js';
import { AuthoritiesService } from '../../authorities/authorities.service.js';
import { type MeetingType } from '../../authorities/meeting-type.js';
import { type Tx } from '../../database/tx.js';
import { UnitOfWork } from '../../database/unit-of-work.js';
import { RuleBroken } from '../../errors.js';
import { Matter } from '../../matters/matter.js';
import { ChangesService } from '../changes.service.js';
import { type GuestPlan } from '../guests.service.js';
import { openOf } from '../meeting.store.js';
import { Meeting } from '../meeting.js';
import { mustRunMeetings, mustSeeMeetings } from '../running.js';
import { type MeetingPlan, SchedulingService } from '../scheduling.service.js';
import { passWarnings, type Slot, slotOf, type SlotPlan, type Warning } from '../slot.js';
import { SlotCheck } from '../slot-check.service.js';
import { followUpDates, requireRising, type SeriesRule } from './series.js';
import { LATER, OF_SERIES } from './series.sql.js';

/** One meeting of a series. */
export interface SeriesRow {
  readonly id: string;
  readonly ref: string;
  readonly number: number;
  readonly startsAt: Date;
  readonly endsAt: Date;
  readonly status: Meeting['status'];
}

/** A follow-up as it would be. */
export interface FollowUp {
  readonly date: string;
  readonly startsAt: Date;
  readonly endsAt: Date;
  readonly warnings: readonly Warning[];
}

/** What follows a meeting. */
export interface FollowUps {
  readonly dates: readonly string[];
  /** The kind of the follow-ups; as the meeting itself unless told. */
  readonly typeCode?: string | undefined;
  readonly overrideReason?: string | null | undefined;
  /** The version of the meeting that the page showed. */
  readonly version: number;
}

/** Review series: separate meetings, one after the other, called in one go and cancelled from one on. */
@Injectable()
export class SeriesService {
  constructor(
    @Inject(UnitOfWork) private readonly work: UnitOfWork,
    @Inject(AuthoritiesService) private readonly authorities: AuthoritiesService,
    @Inject(SchedulingService) private readonly scheduling: SchedulingService,
    @Inject(ChangesService) private readonly changes: ChangesService,
    @Inject(SlotCheck) private readonly slots: SlotCheck,
  ) {}

  /** The meetings of a meeting's series in their order; nothing for one that stands alone. */
  async of(by: Actor, meetingId: string): Promise<SeriesRow[]> {
    mustSeeMeetings(by);
    return this.work.run(by, async (tx) => {
      const { seriesId } = await tx.find(Meeting, meetingId);
      return seriesId === null ? [] : tx.sql<SeriesRow>(OF_SERIES, [tx.by.authorityId, seriesId]);
    });
  }

  /** Kinds of meetings that can follow. */
  async types(by: Actor, meetingId: string): Promise<MeetingType[]> {
    return this.work.run(by, async (tx) => {
      const { matterId } = await tx.find(Meeting, meetingId);
      return this.authorities.meetingTypes(tx, (await tx.find(Matter, matterId)).kind);
    });
  }

  /** The dates that a rule makes of the last meeting of the series. Throws INVALID. */
  async dates(by: Actor, meetingId: string, rule: SeriesRule): Promise<string[]> {
    mustRunMeetings(by);
    return this.work.run(by, async (tx) => {
      const meeting = await tx.find(Meeting, meetingId);
      return followUpDates(await lastDate(tx, meeting), rule, await this.authorities.calendar(tx));
    });
  }

  /** Each follow-up with what to think of twice; keeps nothing. Throws what `add` does, but lists the warnings. */
  async preview(by: Actor, meetingId: string, dates: readonly string[]): Promise<FollowUp[]> {
    mustRunMeetings(by);
    return this.work.run(by, async (tx) => {
      const meeting = await tx.find(Meeting, meetingId);
      requireRising(await lastDate(tx, meeting), dates);
      return this.foreseen(tx, meeting, dates);
    });
  }

  /**
   * Calls the meetings that follow, all or none: the same people in the same parts, the same hour and place. Throws
   * OutOfDate, MOVE_NOT_ALLOWED, INVALID, what calling a meeting does, and NEEDS_CONFIRMATION with every warning while there
   * is no reason.
   */
  async add(by: Actor, meetingId: string, given: FollowUps): Promise<Meeting[]> {
    mustRunMeetings(by);
    return this.work.run(by, async (tx) => {
      const meeting = await tx.lock(Meeting, meetingId, given.version);
      mustGoOn(meeting);
      if (meeting.seriesId !== null && meeting.seriesId !== meetingId) await tx.lock(Meeting, meeting.seriesId);
      requireRising(await lastDate(tx, meeting), given.dates);
      const found = (await this.foreseen(tx, meeting, given.dates)).flatMap(({ warnings }) => warnings);
      passWarnings(found, given.overrideReason ?? null);
      const number = await this.lastNumber(tx, meeting);
      const plan = await planOf(tx, meeting, given);
      const called: Meeting[] = [];
      for (const [at, date] of given.dates.entries()) {
        const series = { id: meeting.seriesId ?? meeting.id, number: number + at + 1 };
        called.push(
          await this.scheduling.schedule(tx.joining(), { ...plan, series, sure: true, slot: slotOn(meeting, date) }),
        );
      }
      return called;
    });
  }

  /** How many later ones of its series still stand in diaries. */
  async laterThan(by: Actor, meetingId: string): Promise<number> {
    return this.work.run(by, async (tx) => {
      const { seriesId, seriesNumber } = await tx.find(Meeting, meetingId);
      if (seriesId === null) return 0;
      return (await tx.sql(LATER, [tx.by.authorityId, seriesId, seriesNumber, tx.now])).length;
    });
  }

  /** Cancels this meeting and every later one of its series. Throws REASON_REQUIRED, OutOfDate. */
  async cancelFrom(by: Actor, meetingId: string, reason: string | null, version: number): Promise<void> {
    mustRunMeetings(by);
    await this.work.run(by, async (tx) => {
      const { seriesId, seriesNumber } = await this.changes.cancel(tx.joining(), meetingId, reason, version);
      const values = [tx.by.authorityId, seriesId, seriesNumber, tx.now];
      for (const { id } of await tx.sql<{ id: string }>(LATER, values)) {
        const later = await tx.lock(Meeting, id);
        await this.changes.cancel(tx.joining(), id, reason, later.version);
      }
    });
  }

  private async foreseen(tx: Tx, meeting: Meeting, dates: readonly string[]): Promise<FollowUp[]> {
    const people = (await openOf(tx, meeting.id)).map(({ contactId }) => contactId);
    const followUps: FollowUp[] = [];
    for (const [at, date] of dates.entries()) {
      const slot = slotAt(meeting, date, at);
      const { startsAt, endsAt } = slot;
      followUps.push({ date, startsAt, endsAt, warnings: await this.slots.warnings(tx, slot, people) });
    }
    return followUps;
  }

  /** The number of the last meeting so far; a meeting that stood alone becomes the first. */
  private async lastNumber(tx: Tx, meeting: Meeting): Promise<number> {
    if (meeting.seriesId !== null) {
      const rows = await tx.sql<SeriesRow>(OF_SERIES, [tx.by.authorityId, meeting.seriesId]);
      return rows.at(-1)?.number ?? 1;
    }
    await tx.record(meeting.joinSeries(meeting.id, 1));
    await tx.save(meeting);
    return 1;
  }
}

/** The day of the last meeting so far. */
async function lastDate(tx: Tx, meeting: Meeting): Promise<string> {
  if (meeting.seriesId === null) return meeting.wallStart.slice(0, 10);
  const rows = await tx.sql<SeriesRow>(OF_SERIES, [tx.by.authorityId, meeting.seriesId]);
  const last = rows.at(-1);
  return last === undefined ? meeting.wallStart.slice(0, 10) : (await tx.find(Meeting, last.id)).wallStart.slice(0, 10);
}

function mustGoOn(meeting: Meeting): void {
  if (meeting.status !== 'CANCELLED' && meeting.status !== 'DRAFT') return;
  throw new RuleBroken('MOVE_NOT_ALLOWED', 'Nothing follows a meeting that is not held. Call a new one');
}

/** The same people, place and kind; the slot and the number are each meeting's own. */
async function planOf(tx: Tx, meeting: Meeting, given: FollowUps): Promise<Omit<MeetingPlan, 'slot'>> {
  const { matterId, chairContactId, minuteTakerContactId, isHold } = meeting;
  const invitees = (await openOf(tx, meeting.id)).map((one): GuestPlan => {
    const { contactId, postId, role, required, canDecide, directInvolvement } = one;
    return { contactId, postId, role, required, canDecide, directInvolvement };
  });
  const { overrideReason } = given;
  const typeCode = given.typeCode ?? meeting.typeCode;
  return { matterId, typeCode, chairContactId, minuteTakerContactId, invitees, overrideReason, hold: isHold };
}

function slotOn({ wallStart, wallEnd, zone, mode, place, joinDetails }: Meeting, date: string): SlotPlan {
  return { date, from: wallStart.slice(11), to: wallEnd.slice(11), zone, mode, place, joinDetails };
}

/** Says of which date what is wrong. */
function slotAt(meeting: Meeting, date: string, at: number): Slot {
  try {
    return slotOf(slotOn(meeting, date));
  } catch (error) {
    throw error instanceof RuleBroken ? new RuleBroken(error.code, error.message, `date[${at + 1}]`) : error;
  }
}
