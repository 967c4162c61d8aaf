import { Inject, Injectable } from '@nestjs/common';
import { type Actor } from '../access/actor.js';
import { AuthoritiesService } from '../authorities/authorities.service.js';
import { newId } from '../database/ids.js';
import { type Tx } from '../database/tx.js';
import { UnitOfWork } from '../database/unit-of-work.js';
import { RuleBroken } from '../errors.js';
import { Matter } from '../matters/matter.js';
import { type PersonsTime } from './availability.js';
import { type Guest, type GuestPlan, GuestsService } from './guests.service.js';
import { InvitationLetters } from './invitation-letters.service.js';
import { Meeting } from './meeting.js';
import { passPrecautions, type Precaution } from './precautions/precaution.js';
import { mustRunMeetings } from './running.js';
import { passWarnings, type Slot, slotOf, type SlotPlan, type Warning } from './slot.js';
import { SlotCheck } from './slot-check.service.js';

/** A meeting as a coordinator calls it. */
export interface MeetingPlan {
  readonly matterId: string;
  readonly typeCode: string;
  readonly slot: SlotPlan;
  /** A contact; they are invited as chair. */
  readonly chairContactId: string | null;
  /** A contact, not the chair; they are invited as minute taker. */
  readonly minuteTakerContactId?: string | null | undefined;
  /** Everybody else; the chair and the minute taker may be among them. */
  readonly invitees: readonly GuestPlan[];
  /** Why this time is taken in spite of its warnings. */
  readonly overrideReason?: string | null | undefined;
  /** The time is only held: people keep it free until it is certain or released. */
  readonly hold?: boolean | undefined;
  /** Whoever sends has looked at every recipient once more. */
  readonly sure?: boolean | undefined;
  /** It follows others in a series, as this number of it. */
  readonly series?: { readonly id: string; readonly number: number } | undefined;
}

/** A plan looked over before it is sent. */
export interface CheckedPlan {
  readonly meeting: Meeting;
  readonly guests: readonly Guest[];
  /** What to think of twice; a reason goes past it. */
  readonly warnings: readonly Warning[];
  /** What to look at once more: many recipients, addresses that are not the agency's. */
  readonly precautions: readonly Precaution[];
  /** What everybody’s own calendar says; nothing where nobody reads them. */
  readonly times: readonly PersonsTime[];
}

/** Calls meetings: the meeting, an invitation for everybody and their messages, in one piece or not at all. */
@Injectable()
export class SchedulingService {
  constructor(
    @Inject(UnitOfWork) private readonly work: UnitOfWork,
    @Inject(AuthoritiesService) private readonly authorities: AuthoritiesService,
    @Inject(SlotCheck) private readonly slots: SlotCheck,
    @Inject(GuestsService) private readonly guests: GuestsService,
    @Inject(InvitationLetters) private readonly letters: InvitationLetters,
  ) {}

  /** Everything that `schedule` would refuse, thrown; everything it would warn of, listed. Keeps nothing. */
  async check(by: Actor, plan: MeetingPlan): Promise<CheckedPlan> {
    mustRunMeetings(by);
    const slot = slotOf(plan.slot);
    return this.work.run(by, async (tx) => {
      const { meeting, guests } = await this.drafted(tx, plan, slot);
      meeting.schedule(tx.now);
      const warnings = await this.slots.warnings(tx, slot, idsOf(guests));
      const precautions = await this.guests.precautions(tx, guests);
      return { meeting, guests, warnings, precautions, times: await this.slots.times(tx, slot, idsOf(guests)) };
    });
  }

  /**
   * Calls a meeting, or only holds its time, and asks everybody. Throws START_IN_PAST, END_BEFORE_START, TIME_DOES_NOT_EXIST, NO_CHAIR,
   * MINUTE_TAKER_IS_CHAIR, EXCLUDED, CONTACT_HAS_LEFT, CONTACT_MERGED, NotFound; and NEEDS_CONFIRMATION with every
   * warning while there is no `overrideReason`, or while many recipients or strange addresses are not `sure`.
   */
  async schedule(by: Actor, plan: MeetingPlan): Promise<Meeting> {
    mustRunMeetings(by);
    const slot = slotOf(plan.slot);
    return this.work.run(by, async (tx) => {
      const { meeting, guests, matter } = await this.drafted(tx, plan, slot);
      meeting.ref = await this.authorities.nextMeetingReference(tx, matter);
      const scheduled = plan.hold === true ? meeting.propose(tx.now) : meeting.schedule(tx.now);
      const found = await this.slots.warnings(tx, slot, idsOf(guests));
      meeting.overrideReason = passWarnings(found, plan.overrideReason ?? null);
      passPrecautions(await this.guests.precautions(tx, guests), plan.sure === true);
      await tx.insert(Meeting, meeting);
      await tx.record(withWarnings(scheduled, meeting, found));
      await this.guests.ask(tx, await this.letters.about(tx, meeting, matter.ref), guests);
      return meeting;
    });
  }

  private async drafted(
    tx: Tx,
    plan: MeetingPlan,
    slot: Slot,
  ): Promise<{ meeting: Meeting; guests: Guest[]; matter: Matter }> {
    const everybody = placesOf(plan);
    const guests = await this.guests.choose(tx, plan.matterId, everybody);
    const matter = await tx.find(Matter, plan.matterId);
    if (!matter.isOpen) throw new RuleBroken('MOVE_NOT_ALLOWED', `${matter.ref} is closed. Open it again first`);
    const type = await this.authorities.meetingType(tx, plan.typeCode);
    if (!type.suits(matter.kind)) {
      throw new RuleBroken('INVALID', 'Select a kind of meeting that suits this matter', 'type');
    }
    const rule = await this.authorities.quorumRule(tx, type.quorumRuleId, slot.startsAt);
    await this.slots.mustBeNeutral(tx, slot);
    const id = newId();
    const meeting = Meeting.draft({
      authorityId: tx.by.authorityId,
      id,
      ref: '',
      matterId: matter.id,
      typeCode: type.code,
      urgency: await this.slots.urgency(tx, slot),
      chairContactId: plan.chairContactId,
      minuteTakerContactId: plan.minuteTakerContactId ?? null,
      quorumRuleId: rule.id,
      quorumRuleVersion: rule.version,
      calendarUid: this.letters.newCalendarUid(),
      organiserStaffId: tx.by.kind === 'STAFF' ? tx.by.id : matter.coordinatorId,
      createdAt: tx.now,
      ...seriesOf(plan),
      ...slot,
    });
    return { meeting, guests, matter };
  }
}

/** Everybody with the part they play: chair and minute taker are invited like the others, each once. */
function placesOf(plan: MeetingPlan): GuestPlan[] {
  const { chairContactId: chair, minuteTakerContactId: minuteTaker = null, invitees } = plan;
  const as = (contactId: string, place: Partial<GuestPlan>): GuestPlan => ({
    ...invitees.find((one) => one.contactId === contactId),
    ...place,
    contactId,
  });
  const others = invitees.filter(({ contactId }) => contactId !== chair && contactId !== minuteTaker);
  return [
    ...(chair === null ? [] : [as(chair, { role: 'CHAIR', required: 'BY_QUORUM' })]),
    ...others,
    ...(minuteTaker === null || minuteTaker === chair ? [] : [as(minuteTaker, { role: 'MINUTE_TAKER' })]),
  ];
}

function seriesOf({ series }: MeetingPlan): Pick<Meeting, 'seriesId' | 'seriesNumber'> {
  return series === undefined
    ? { seriesId: null, seriesNumber: null }
    : { seriesId: series.id, seriesNumber: series.number };
}

function idsOf(guests: readonly Guest[]): string[] {
  return guests.map(({ person }) => person.contactId);
}

type Scheduled = ReturnType<Meeting['schedule']>;

/** The history keeps what was warned of and why it was taken all the same. */
function withWarnings(change: Scheduled, meeting: Meeting, found: readonly Warning[]): Scheduled {
  if (found.length === 0) return change;
  const warned = { warnings: found.map(({ code }) => code), overrideReason: meeting.overrideReason };
  return { ...change, details: { ...change.details, ...warned } };
}
