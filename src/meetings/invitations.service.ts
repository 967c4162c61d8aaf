import { Inject, Injectable } from '@nestjs/common';
import { type Actor } from '../access/actor.js';
import { type Tx } from '../database/tx.js';
import { UnitOfWork } from '../database/unit-of-work.js';
import { DirectoryService } from '../directory/directory.service.js';
import { type NewPerson } from '../directory/new-people.service.js';
import { NotFound, RuleBroken } from '../errors.js';
import { Diaries } from './diaries/diaries.service.js';
import { type Guest, type GuestPlan, GuestsService } from './guests.service.js';
import { Invitation, type InvitationRole, type Requiredness } from './invitation.js';
import { lockMatterOf } from './meeting.store.js';
import { Meeting } from './meeting.js';
import { passPrecautions } from './precautions/precaution.js';
import { mustRunMeetings } from './running.js';
import { passWarnings } from './slot.js';
import { SlotCheck } from './slot-check.service.js';

/** Somebody asked to a meeting that has gone out. */
export interface LateGuest extends Omit<GuestPlan, 'contactId'> {
  /** Of the directory; or somebody new to it. */
  readonly contactId?: string | undefined;
  readonly newPerson?: NewPerson | undefined;
  /** Why they are asked in spite of a clash. */
  readonly overrideReason?: string | null | undefined;
  /** Whoever sends has looked at the address once more. */
  readonly sure?: boolean | undefined;
}

/** Who is asked to a meeting that has gone out: more people, fewer people, the same once more. */
@Injectable()
export class InvitationsService {
  constructor(
    @Inject(UnitOfWork) private readonly work: UnitOfWork,
    @Inject(DirectoryService) private readonly directory: DirectoryService,
    @Inject(GuestsService) private readonly guests: GuestsService,
    @Inject(SlotCheck) private readonly slots: SlotCheck,
    @Inject(Diaries) private readonly diaries: Diaries,
  ) {}

  /**
   * Asks one more person, perhaps new to the directory. Throws ALREADY_INVITED, EXCLUDED, CONTACT_HAS_LEFT,
   * CONTACT_MERGED, NEEDS_CONFIRMATION for a clash, an address others have or one that may only look right, MEETING_STARTED, NotFound.
   */
  async add(by: Actor, meetingId: string, late: LateGuest): Promise<Invitation> {
    mustRunMeetings(by);
    return this.work.run(by, async (tx) => {
      await lockMatterOf(tx, meetingId);
      const meeting = await tx.lock(Meeting, meetingId);
      mustBeAhead(meeting, tx.now);
      const contactId = await this.contactOf(tx, late);
      const chosen = await this.guests.choose(tx, meeting.matterId, [{ ...late, contactId, role: partOf(late.role) }]);
      await this.passClashes(tx, meeting, chosen, late.overrideReason ?? null);
      if (late.newPerson?.confirmed !== true) {
        passPrecautions(await this.guests.precautions(tx, chosen), late.sure === true);
      }
      const about = await this.diaries.about(tx, meeting);
      const [invitation] = await this.guests.ask(tx, about, chosen);
      if (invitation === undefined) throw new Error('Nobody was asked');
      return invitation;
    });
  }

  /** Somebody is no longer needed; they hear of it only if they had been asked. Throws INVITATION_CLOSED, NO_CHAIR. */
  async withdraw(by: Actor, meetingId: string, invitationId: string): Promise<void> {
    mustRunMeetings(by);
    await this.work.run(by, async (tx) => {
      const { meeting, invitation } = await lockBoth(tx, meetingId, invitationId);
      mustBeAhead(meeting, tx.now);
      if (invitation.contactId === meeting.chairContactId && invitation.isLive) {
        throw new RuleBroken('NO_CHAIR', 'This person chairs the meeting. Choose another chair first', 'chair');
      }
      const withdrawn = invitation.withdraw('NOT_NEEDED');
      const to = await this.directory.contact(tx, invitation.contactId);
      const diary = await this.diaries.settle(tx, invitation, to, 'WITHDRAWN');
      if (invitation.contactId === meeting.minuteTakerContactId) meeting.minuteTakerContactId = null;
      meeting.stampAgain(tx.now, diary.told !== null);
      await tx.save(meeting);
      await tx.save(invitation);
      await tx.record(withdrawn);
      const about = await this.diaries.about(tx, meeting);
      await this.diaries.callOff(tx, about, { kind: 'WITHDRAWN', invitation, to, diary });
    });
  }

  /** Sends an open invitation once more, with a new link: same meeting, same sequence. Throws INVITATION_CLOSED. */
  async resend(by: Actor, meetingId: string, invitationId: string): Promise<void> {
    mustRunMeetings(by);
    await this.work.run(by, async (tx) => {
      const { meeting, invitation } = await lockBoth(tx, meetingId, invitationId);
      mustBeAhead(meeting, tx.now);
      const sent = invitation.sendAgain(meeting);
      meeting.stampAgain(tx.now, false);
      await tx.save(meeting);
      await tx.save(invitation);
      await tx.record(sent);
      const about = await this.diaries.about(tx, meeting);
      await this.diaries.askAgain(tx, about, invitation, await this.directory.contact(tx, invitation.contactId));
    });
  }

  /**
   * Somebody is needed from now on, or no longer: only they hear of it, and only if their diary would show it. Throws
   * INVITATION_CLOSED, MEETING_STARTED.
   */
  async need(by: Actor, meetingId: string, invitationId: string, required: Requiredness): Promise<void> {
    mustRunMeetings(by);
    await this.work.run(by, async (tx) => {
      const { meeting, invitation } = await lockBoth(tx, meetingId, invitationId);
      mustBeAhead(meeting, tx.now);
      const changed = invitation.need(required);
      if (changed === null) return;
      await tx.record(changed);
      meeting.stampAgain(tx.now, false);
      await tx.save(meeting);
      const about = await this.diaries.about(tx, meeting);
      await this.diaries.follow(tx, about, invitation, await this.diaries.ledger(tx, meetingId));
    });
  }

  /**
   * In an open transaction with the meeting locked: asks people whom the caller has chosen and may ask, such as a
   * substitute. Who may know is asked again by the database. `mustHear`: each gets a message whatever their diary holds.
   */
  async askIn(tx: Tx, meeting: Meeting, chosen: readonly Guest[], mustHear = false): Promise<Invitation[]> {
    const about = await this.diaries.about(tx, meeting);
    return this.guests.ask(tx, about, chosen, mustHear);
  }

  private async contactOf(tx: Tx, late: LateGuest): Promise<string> {
    if (late.newPerson !== undefined) return (await this.directory.addPerson(tx, late.newPerson)).contactId;
    if (late.contactId !== undefined) return late.contactId;
    throw new RuleBroken('REQUIRED', 'Choose whom to invite', 'contact');
  }

  private async passClashes(tx: Tx, meeting: Meeting, chosen: readonly Guest[], reason: string | null): Promise<void> {
    const ids = chosen.map(({ person }) => person.contactId);
    const found = await this.slots.warnings(tx, meeting, ids, meeting.id);
    passWarnings(
      found.filter(({ code }) => code === 'CLASH'),
      reason,
    );
  }
}

/** Chair and minute taker are appointed (`ChangesService.appoint`), not invited as such beside the ones there are. */
function partOf(role: InvitationRole = 'ATTENDEE'): InvitationRole {
  return role === 'CHAIR' || role === 'MINUTE_TAKER' ? 'ATTENDEE' : role;
}

async function lockBoth(
  tx: Tx,
  meetingId: string,
  invitationId: string,
): Promise<{ meeting: Meeting; invitation: Invitation }> {
  const meeting = await tx.lock(Meeting, meetingId);
  const invitation = await tx.lock(Invitation, invitationId);
  if (invitation.meetingId !== meeting.id) throw new NotFound();
  return { meeting, invitation };
}

/** Throws MEETING_CANCELLED, MEETING_STARTED or MOVE_NOT_ALLOWED unless people can still be asked. */
function mustBeAhead(meeting: Meeting, now: Date): void {
  if (meeting.isOut && meeting.isAhead(now)) return;
  if (meeting.status === 'CANCELLED') throw new RuleBroken('MEETING_CANCELLED', 'This meeting has been cancelled');
  if (meeting.status === 'DRAFT' || meeting.status === 'PROPOSED') {
    throw new RuleBroken('MOVE_NOT_ALLOWED', 'This meeting has not been sent out yet');
  }
  throw new RuleBroken('MEETING_STARTED', 'This meeting has started. Record in its register who came');
}
