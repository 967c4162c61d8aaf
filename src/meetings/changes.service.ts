import { Inject, Injectable } from '@nestjs/common';
import { type Actor } from '../access/actor.js';
import { type Tx } from '../database/tx.js';
import { UnitOfWork } from '../database/unit-of-work.js';
import { DirectoryService } from '../directory/directory.service.js';
import { Diaries } from './diaries/diaries.service.js';
import { type News } from './diaries/diary-entry.js';
import { type PersonsTime } from './availability.js';
import { type Guest, GuestsService } from './guests.service.js';
import { type Invitation, type InvitationRole } from './invitation.js';
import { type AboutMeeting } from './invitation-letters.service.js';
import { lockLive, lockMatterOf, openOf } from './meeting.store.js';
import { Meeting } from './meeting.js';
import { mustRunMeetings } from './running.js';
import { passWarnings, slotOf, type SlotPlan, type Warning } from './slot.js';
import { SlotCheck } from './slot-check.service.js';

export interface NewSlot {
  readonly slot: SlotPlan;
  readonly overrideReason?: string | null | undefined;
  /** The meeting's version that the page showed. */
  readonly version: number;
}

/** Who gets what if a meeting is moved, shown before it is. */
export interface MovePreview {
  /** The answers of those who are told that it moved no longer count. */
  readonly resetsAnswers: boolean;
  /** Everybody asked, and what they hear. */
  readonly heard: readonly { readonly name: string; readonly news: News }[];
  readonly warnings: readonly Warning[];
  /** What everybody’s own calendar says; nothing where nobody reads them. */
  readonly times: readonly PersonsTime[];
}

export interface Appointment {
  readonly chairContactId: string | null;
  readonly minuteTakerContactId: string | null;
  readonly version: number;
}

/** What happens to a meeting after it went out: it moves, is cancelled, gets another chair. */
@Injectable()
export class ChangesService {
  constructor(
    @Inject(UnitOfWork) private readonly work: UnitOfWork,
    @Inject(SlotCheck) private readonly slots: SlotCheck,
    @Inject(GuestsService) private readonly guests: GuestsService,
    @Inject(DirectoryService) private readonly directory: DirectoryService,
    @Inject(Diaries) private readonly diaries: Diaries,
  ) {}

  /**
   * Moves a meeting: the same calendar entry with a higher sequence to all who are still asked; answers are reset when the
   * change endangers them, earlier ones stay in the record. Throws OutOfDate, NOTHING_CHANGED, START_IN_PAST,
   * END_BEFORE_START, NEEDS_CONFIRMATION, MOVE_NOT_ALLOWED.
   */
  async reschedule(by: Actor, id: string, to: NewSlot): Promise<Meeting> {
    mustRunMeetings(by);
    const slot = slotOf(to.slot);
    return this.work.run(by, async (tx) => {
      const meeting = await tx.lock(Meeting, id, to.version);
      const invitations = await lockLive(tx, id);
      const moved = meeting.reschedule(slot, tx.now);
      await this.slots.mustBeNeutral(tx, slot);
      const ids = invitations.map(({ contactId }) => contactId);
      const found = await this.slots.warnings(tx, slot, ids, id);
      meeting.overrideReason = passWarnings(found, to.overrideReason ?? null);
      meeting.urgency = await this.slots.urgency(tx, slot);
      await tx.save(meeting);
      await tx.record(moved);
      await this.tellAll(tx, meeting, invitations);
      return meeting;
    });
  }

  /** What `reschedule` would do; keeps nothing. Throws what it throws, but lists the warnings. */
  async preview(by: Actor, id: string, to: NewSlot): Promise<MovePreview> {
    mustRunMeetings(by);
    const slot = slotOf(to.slot);
    return this.work.run(by, async (tx) => {
      const meeting = await tx.lock(Meeting, id, to.version);
      const invitations = await lockLive(tx, id);
      const resetsAnswers = meeting.significanceOf(slot) === 'RESETS_ANSWERS';
      meeting.reschedule(slot, tx.now);
      const ids = invitations.map(({ contactId }) => contactId);
      return {
        resetsAnswers,
        heard: await this.heard(tx, meeting, invitations),
        warnings: await this.slots.warnings(tx, slot, ids, id),
        times: await this.slots.times(tx, slot, ids),
      };
    });
  }

  /** What `confirm` would do; keeps nothing. Throws what it throws, but lists the warnings. */
  async previewConfirmation(by: Actor, id: string): Promise<Omit<MovePreview, 'resetsAnswers'>> {
    mustRunMeetings(by);
    return this.work.run(by, async (tx) => {
      const meeting = await tx.find(Meeting, id);
      const invitations = await openOf(tx, id);
      meeting.schedule(tx.now);
      const ids = invitations.map(({ contactId }) => contactId);
      return {
        heard: await this.heard(tx, meeting, invitations),
        warnings: await this.slots.warnings(tx, meeting, ids, id),
        times: await this.slots.times(tx, meeting, ids),
      };
    });
  }

  /**
   * Makes a held time certain: everybody is told, and the answers stay. Throws OutOfDate, START_IN_PAST, MOVE_NOT_ALLOWED,
   * and NEEDS_CONFIRMATION with every warning while there is no reason.
   */
  async confirm(by: Actor, id: string, given: Omit<NewSlot, 'slot'>): Promise<Meeting> {
    mustRunMeetings(by);
    return this.work.run(by, async (tx) => {
      const meeting = await tx.lock(Meeting, id, given.version);
      const invitations = await lockLive(tx, id);
      const confirmed = meeting.schedule(tx.now);
      const ids = invitations.map(({ contactId }) => contactId);
      const found = await this.slots.warnings(tx, meeting, ids, id);
      meeting.overrideReason = passWarnings(found, given.overrideReason ?? meeting.overrideReason);
      meeting.urgency = await this.slots.urgency(tx, meeting);
      await tx.save(meeting);
      await tx.record(confirmed);
      await this.tellAll(tx, meeting, invitations);
      return meeting;
    });
  }

  /** Who would hear if the meeting were cancelled now: those whose diaries hold it. */
  async whoHolds(by: Actor, id: string): Promise<string[]> {
    mustRunMeetings(by);
    return this.work.run(by, async (tx) => this.diaries.holders(tx, await openOf(tx, id)));
  }

  /** Cancels a meeting that was not held, or releases a held time: everybody who had a request hears of it. Throws REASON_REQUIRED, OutOfDate. */
  async cancel(by: Actor, id: string, reason: string | null, version: number): Promise<Meeting> {
    mustRunMeetings(by);
    return this.work.run(by, async (tx) => {
      const meeting = await tx.lock(Meeting, id, version);
      const invitations = await lockLive(tx, id);
      const cancelled = meeting.cancel(reason, tx.now);
      await tx.save(meeting);
      await tx.record(cancelled);
      const about = await this.diaries.about(tx, meeting);
      for (const invitation of invitations) await this.callOff(tx, about, invitation);
      return meeting;
    });
  }

  /** Another chair or minute taker, who is invited if they were not. Throws NO_CHAIR, MINUTE_TAKER_IS_CHAIR, EXCLUDED. */
  async appoint(by: Actor, id: string, to: Appointment): Promise<Meeting> {
    mustRunMeetings(by);
    return this.work.run(by, async (tx) => {
      await lockMatterOf(tx, id);
      const meeting = await tx.lock(Meeting, id, to.version);
      const appointed = meeting.appoint(to.chairContactId, to.minuteTakerContactId);
      if (appointed === null) return meeting;
      const invitations = await lockLive(tx, id);
      const chosen = await this.newInOffice(tx, meeting, invitations);
      await tx.save(meeting);
      await tx.record(appointed);
      await this.seat(tx, meeting, invitations);
      await this.guests.ask(tx, await this.diaries.about(tx, meeting), chosen);
      return meeting;
    });
  }

  /** Who chairs or takes minutes without having been asked yet. Throws NotFound for nobody of this authority. */
  private async newInOffice(tx: Tx, meeting: Meeting, invitations: readonly Invitation[]): Promise<Guest[]> {
    const asked = new Set(invitations.map(({ contactId }) => contactId));
    const fresh = [...officesOf(meeting)].filter(([contactId]) => !asked.has(contactId));
    return this.guests.choose(
      tx,
      meeting.matterId,
      fresh.map(([contactId, role]) => ({ contactId, role })),
    );
  }

  /** Brings the parts of the invitations into line with who chairs and who takes minutes. */
  private async seat(tx: Tx, meeting: Meeting, invitations: readonly Invitation[]): Promise<void> {
    const offices = officesOf(meeting);
    for (const invitation of invitations) {
      const part = offices.get(invitation.contactId) ?? withoutOffice(invitation.role);
      if (part === invitation.role) continue;
      const changed = invitation.comesAs(part, part === 'CHAIR' ? 'BY_QUORUM' : invitation.required);
      await tx.save(invitation);
      await tx.record(changed);
    }
  }

  private async tellAll(tx: Tx, meeting: Meeting, invitations: readonly Invitation[]): Promise<void> {
    const about = await this.diaries.about(tx, meeting);
    const ledger = await this.diaries.ledger(tx, meeting.id);
    for (const invitation of invitations) await this.diaries.follow(tx, about, invitation, ledger);
  }

  /** The same for a page, by the same rule. */
  private async heard(tx: Tx, meeting: Meeting, invitations: readonly Invitation[]): Promise<MovePreview['heard']> {
    const ledger = await this.diaries.ledger(tx, meeting.id);
    const heard: { name: string; news: News }[] = [];
    for (const invitation of invitations) {
      const { name } = await this.directory.contact(tx, invitation.contactId);
      heard.push({ name, news: await this.diaries.foretell(tx, meeting, invitation, ledger) });
    }
    return heard.sort((one, other) => one.name.localeCompare(other.name));
  }

  private async callOff(tx: Tx, about: AboutMeeting, invitation: Invitation): Promise<void> {
    const to = await this.directory.contact(tx, invitation.contactId);
    const diary = await this.diaries.settle(tx, invitation, to, 'CANCELLED');
    if (invitation.status === 'OPEN') {
      const closed = invitation.close();
      await tx.save(invitation);
      await tx.record(closed);
    }
    await this.diaries.callOff(tx, about, { kind: 'CANCELLED', invitation, to, diary });
  }
}

/** Who chairs and who takes the minutes, by contact. */
function officesOf({ chairContactId: chair, minuteTakerContactId: minuteTaker }: Meeting): Map<string, InvitationRole> {
  const offices = new Map<string, InvitationRole>();
  if (minuteTaker !== null) offices.set(minuteTaker, 'MINUTE_TAKER');
  if (chair !== null) offices.set(chair, 'CHAIR');
  return offices;
}

/** Somebody who chairs no longer simply attends; every other part stays. */
function withoutOffice(role: InvitationRole): InvitationRole {
  return role === 'CHAIR' || role === 'MINUTE_TAKER' ? 'ATTENDEE' : role;
}
