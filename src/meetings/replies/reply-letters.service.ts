import { Inject, Injectable } from '@nestjs/common';
import { LinksService } from '../../access/links.service.js';
import { AuthoritiesService } from '../../authorities/authorities.service.js';
import { type Tx } from '../../database/tx.js';
import { DirectoryService } from '../../directory/directory.service.js';
import { Outbox } from '../../mail/outbox.js';
import { whyNotAsked } from '../answer.js';
import { referenceOf } from '../confirmations.service.js';
import { type Invitation } from '../invitation.js';
import { InvitationLetters, streamOf } from '../invitation-letters.service.js';
import { Meeting } from '../meeting.js';
import { replyLetter, type ReplyLetterKind } from './reply-words.js';
import { isQueued } from './replies.store.js';

const HOUR_MS = 3_600_000;

/** The messages that follow an answer from a calendar: to the registered address, with a link, each once. */
@Injectable()
export class ReplyLetters {
  constructor(
    @Inject(AuthoritiesService) private readonly authorities: AuthoritiesService,
    @Inject(DirectoryService) private readonly directory: DirectoryService,
    @Inject(LinksService) private readonly links: LinksService,
    @Inject(InvitationLetters) private readonly letters: InvitationLetters,
    @Inject(Outbox) private readonly outbox: Outbox,
  ) {}

  /** Asks whether an answer is theirs: at most once an hour, however many are forged. */
  async askToConfirm(tx: Tx, invitation: Invitation): Promise<void> {
    await this.send(tx, invitation, { kind: 'CONFIRM', once: String(Math.floor(tx.now.getTime() / HOUR_MS)) });
  }

  /** Asks for the present time: once for each arrangement of the meeting. */
  async askForPresentTime(tx: Tx, invitation: Invitation): Promise<void> {
    await this.send(tx, invitation, { kind: 'EARLIER_TIME', once: String(invitation.askedRevision) });
  }

  /** Says that the meeting is not moved to the time they suggested. */
  async sayItStays(tx: Tx, invitation: Invitation, proposalId: string): Promise<void> {
    await this.send(tx, invitation, { kind: 'STAYS', once: proposalId });
  }

  private async send(tx: Tx, invitation: Invitation, one: { kind: ReplyLetterKind; once: string }): Promise<void> {
    const { contactId, matterId, meetingId, id: targetId } = invitation;
    const dedupeKey = `reply:${one.kind}:${targetId}:${one.once}`;
    const meeting = await tx.find(Meeting, meetingId);
    if (whyNotAsked(invitation, meeting, tx.now) !== null || (await isQueued(tx, dedupeKey))) return;
    const to = await this.directory.contact(tx, contactId);
    if (!to.canBeAsked) return;
    const authority = await this.authorities.authority(tx);
    const link = await this.links.mint(tx, { contactId, purpose: 'RESPOND', targetId });
    const facts = { recipientName: to.name, reference: await referenceOf(tx, matterId), meeting, authority, link };
    await this.outbox.queue(tx, {
      purpose: 'LINK',
      stream: streamOf(invitation),
      dedupeKey,
      to: { name: to.name, address: to.email },
      from: this.letters.from(authority, invitation),
      ...replyLetter({ ...facts, kind: one.kind }),
      matterId,
      meetingId,
      contactId,
      notAfter: meeting.startsAt,
    });
  }
}
