import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { LinksService } from '../access/links.service.js';
import { type Tx } from '../database/tx.js';
import { DirectoryService } from '../directory/directory.service.js';
import { type Change } from '../history/change.js';
import { Listeners } from '../history/listeners.js';
import { Matter } from '../matters/matter.js';
import { Diaries } from './diaries/diaries.service.js';
import { Invitation } from './invitation.js';
import { InvitationLetters } from './invitation-letters.service.js';
import { liveBehind, liveOfContact, type LiveRow } from './meeting.store.js';
import { Meeting } from './meeting.js';

/**
 * What becomes of invitations when something happens below: somebody must not be told of the matter any more, was a
 * duplicate, or is written to elsewhere (who has left: `ReRoutingService`). It reaches matters that whoever causes it may not see, so it is done with
 * the service's own need to know.
 */
@Injectable()
export class WithdrawalsService implements OnModuleInit {
  constructor(
    @Inject(Listeners) private readonly listeners: Listeners,
    @Inject(LinksService) private readonly links: LinksService,
    @Inject(InvitationLetters) private readonly letters: InvitationLetters,
    @Inject(DirectoryService) private readonly directory: DirectoryService,
    @Inject(Diaries) private readonly diaries: Diaries,
  ) {}

  onModuleInit(): void {
    const hear = (action: string, how: (tx: Tx, details: Change['details']) => Promise<void>): void => {
      this.listeners.on(action, (tx, { details }) => tx.asService(() => how(tx, details)));
    };
    hear('exclusion.adding', (tx, { matterId, whos }) => this.excluded(tx, String(matterId), whos as string[]));
    hear('contact.merged', (tx, { contactId }) => this.gone(tx, String(contactId), 'CONTACT_MERGED'));
    hear('contact.address-changed', (tx, { contactId, email }) =>
      this.readdress(tx, String(contactId), (email as { from: string }).from),
    );
  }

  /**
   * An excluded person gets nothing at all, not even a cancellation: whoever must not know may be reading their mail. What
   * is unsent is dropped, their links stop, and their diary keeps what it has.
   */
  private async excluded(tx: Tx, matterId: string, keys: readonly string[]): Promise<void> {
    for (const row of await liveBehind(tx, matterId, keys)) {
      const invitation = await this.withdrawQuietly(tx, row, 'EXCLUDED');
      if (invitation === null) continue;
      await this.diaries.drop(tx, invitation, 'EXCLUDED');
      await this.links.revoke(tx, { contactId: invitation.contactId, targetId: invitation.id }, 'EXCLUDED');
    }
  }

  /** A duplicate is not written to any more; the place is vacant and the coordinator sees it. */
  private async gone(tx: Tx, contactId: string, why: string): Promise<void> {
    for (const row of await liveOfContact(tx, contactId)) {
      const invitation = await this.withdrawQuietly(tx, row, why);
      if (invitation !== null) await this.diaries.drop(tx, invitation, 'WITHDRAWN');
    }
  }

  private async withdrawQuietly(tx: Tx, row: LiveRow, why: string): Promise<Invitation | null> {
    const meeting = await tx.lock(Meeting, row.meeting_id);
    const invitation = await tx.lock(Invitation, row.id);
    if (!invitation.isLive) return null;
    const withdrawn = invitation.withdraw(why);
    await tx.save(invitation);
    await tx.record(withdrawn);
    if (meeting.minuteTakerContactId === invitation.contactId && meeting.isAhead(tx.now)) {
      meeting.minuteTakerContactId = null;
      await tx.save(meeting);
    }
    return invitation;
  }

  /** The old address is told that it is not needed if it had a request; the new one is asked, from an address of its own. */
  private async readdress(tx: Tx, contactId: string, from: string): Promise<void> {
    const contact = await this.directory.contact(tx, contactId);
    for (const row of await liveOfContact(tx, contactId)) {
      const meeting = await tx.lock(Meeting, row.meeting_id);
      const invitation = await tx.lock(Invitation, row.id);
      if (invitation.status !== 'OPEN' || !meeting.isOut) continue;
      const old = { name: contact.name, email: from };
      const diary = await this.diaries.settle(tx, invitation, old, 'SUPERSEDED');
      meeting.stampAgain(tx.now, diary.told !== null);
      await tx.save(meeting);
      const about = await this.letters.about(tx, meeting, (await tx.find(Matter, meeting.matterId)).ref);
      await this.diaries.callOff(tx, about, { kind: 'READDRESSED', invitation, to: old, diary });
      Object.assign(invitation, this.letters.newReplyAddress(invitation));
      const sent = invitation.sendAgain(meeting);
      await tx.save(invitation);
      await tx.record(sent);
      await this.diaries.askAgain(tx, about, invitation, contact);
    }
  }
}
