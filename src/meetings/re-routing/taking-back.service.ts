import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { type Tx } from '../../database/tx.js';
import { DirectoryService } from '../../directory/directory.service.js';
import { RuleBroken } from '../../errors.js';
import { Listeners } from '../../history/listeners.js';
import { Diaries } from '../diaries/diaries.service.js';
import { GuestsService } from '../guests.service.js';
import { Invitation } from '../invitation.js';
import { InvitationsService } from '../invitations.service.js';
import { liveOfContact } from '../meeting.store.js';
import { Meeting } from '../meeting.js';
import { ReRouting } from './re-routing.js';
import { OF_HANDOVER } from './re-routing.sql.js';

interface Row {
  readonly id: string;
  readonly invitationId: string;
  readonly toInvitationId: string | null;
  readonly meetingId: string;
}

/**
 * A departure was recorded by mistake: the person is asked again wherever nobody has answered in their place. Where
 * somebody has, they keep the place, and the coordinator sees who comes.
 */
@Injectable()
export class TakingBack implements OnModuleInit {
  constructor(
    @Inject(Listeners) private readonly listeners: Listeners,
    @Inject(GuestsService) private readonly guests: GuestsService,
    @Inject(InvitationsService) private readonly invitations: InvitationsService,
    @Inject(Diaries) private readonly diaries: Diaries,
    @Inject(DirectoryService) private readonly directory: DirectoryService,
  ) {}

  onModuleInit(): void {
    this.listeners.on('handover.undone', (tx, { details }) =>
      tx.asService(() => this.takeBack(tx, String(details.handoverId), String(details.contactId))),
    );
  }

  private async takeBack(tx: Tx, handoverId: string, contactId: string): Promise<void> {
    const rows = await tx.sql<Row>(OF_HANDOVER, [tx.by.authorityId, handoverId, tx.now]);
    if (rows.length === 0) await this.sendAgain(tx, contactId);
    for (const row of rows) {
      const meeting = await tx.lock(Meeting, row.meetingId);
      const before = await tx.lock(Invitation, row.invitationId);
      try {
        await tx.part(() => this.takeBackOne(tx, meeting, before, row));
      } catch (error) {
        if (!(error instanceof RuleBroken)) throw error;
      }
    }
  }

  /** Nothing was passed on: what they are asked to stayed theirs, but their links stopped, so they get new ones. */
  private async sendAgain(tx: Tx, contactId: string): Promise<void> {
    const to = await this.directory.contact(tx, contactId);
    for (const row of await liveOfContact(tx, contactId)) {
      const meeting = await tx.lock(Meeting, row.meeting_id);
      const invitation = await tx.lock(Invitation, row.id);
      if (!meeting.isOut || invitation.status !== 'OPEN') continue;
      const sent = invitation.sendAgain(meeting);
      meeting.stampAgain(tx.now, false);
      await tx.save(meeting);
      await tx.save(invitation);
      await tx.record(sent);
      await this.diaries.askAgain(tx, await this.diaries.about(tx, meeting), invitation, to);
    }
  }

  /** Their links stopped when they were taken for gone, so they get a message although their diary may hold it all. */
  private async takeBackOne(tx: Tx, meeting: Meeting, before: Invitation, row: Row): Promise<void> {
    if (row.toInvitationId !== null && !(await this.giveUp(tx, meeting, row.toInvitationId))) return;
    const { contactId, postId, role, required, directInvolvement, canDecide, matterId } = before;
    const plan = { contactId, postId, role, required, directInvolvement, canDecide };
    await this.invitations.askIn(tx, meeting, await this.guests.choose(tx, matterId, [plan]), true);
    const reRouting = await tx.find(ReRouting, row.id);
    reRouting.undoneAt = tx.now;
    await tx.save(reRouting);
  }

  /** Whoever was asked instead is no longer needed, unless they have answered. */
  private async giveUp(tx: Tx, meeting: Meeting, invitationId: string): Promise<boolean> {
    const invitation = await tx.lock(Invitation, invitationId);
    if (invitation.status !== 'OPEN') return true;
    if (invitation.answer !== 'NO_RESPONSE') return false;
    const withdrawn = invitation.withdraw('NOT_NEEDED');
    const to = await this.directory.contact(tx, invitation.contactId);
    const diary = await this.diaries.settle(tx, invitation, to, 'WITHDRAWN');
    meeting.stampAgain(tx.now, diary.told !== null);
    await tx.save(meeting);
    await tx.save(invitation);
    await tx.record(withdrawn);
    const about = await this.diaries.about(tx, meeting);
    await this.diaries.callOff(tx, about, { kind: 'WITHDRAWN', invitation, to, diary });
    return true;
  }
}
