import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { type Tx } from '../../database/tx.js';
import { DirectoryService } from '../../directory/directory.service.js';
import { Listeners } from '../../history/listeners.js';
import { HeldMailService } from '../../mail/inbound/held-mail.service.js';
import { InboundReaders } from '../../mail/inbound/inbound-readers.js';
import { type InboundHoldReason, type InboundOutcome, type OpenedMail } from '../../mail/inbound/opened-mail.js';
import { Invitation } from '../invitation.js';
import { awayUntil } from './away.js';
import { aliasesOf, presentInvitation } from './replies.store.js';
import { mayCarry } from './who-answers.js';

/** What the invitee's own answer by link settles. */
const SETTLED_BY_LINK: readonly InboundHoldReason[] = ['LOW_CONFIDENCE', 'CONFLICT', 'LATER_VERSION'];

/** Everything else that comes back to the address of an invitation: nothing of it is ever an answer. */
@Injectable()
export class OtherMail implements OnModuleInit {
  constructor(
    @Inject(InboundReaders) private readonly readers: InboundReaders,
    @Inject(DirectoryService) private readonly directory: DirectoryService,
    @Inject(HeldMailService) private readonly held: HeldMailService,
    @Inject(Listeners) private readonly listeners: Listeners,
  ) {}

  onModuleInit(): void {
    this.readers.on('AUTOMATIC', (tx, mail) => this.automatic(tx, mail));
    this.readers.on('RECEIPT', (tx, mail) => this.receipt(tx, mail));
    this.readers.on('OTHER', (tx, mail) => this.hold(tx, mail, 'WORDS'));
    this.readers.on('OPAQUE', (tx, mail) => this.hold(tx, mail, 'OPAQUE'));
    this.readers.on('COMPLAINT', (tx, mail) => this.hold(tx, mail, 'COMPLAINT'));
    this.listeners.on('invitation.answered', async (tx, { object, details }) => {
      if (details.channel !== 'LINK' || details.counts !== true) return;
      const settled = { state: 'DONE' as const, note: 'They answered by their link since' };
      await this.held.settleOf(tx, object.slice('invitation:'.length), SETTLED_BY_LINK, settled);
    });
  }

  /** An absence notice of the invitee's own mailbox is shown beside the invitation; the answer stays what it is. */
  private async automatic(tx: Tx, mail: OpenedMail): Promise<InboundOutcome> {
    const id = mail.invitationId === null ? null : await presentInvitation(tx, mail.invitationId);
    if (id === null) return { state: 'DONE', note: 'An automatic reply' };
    const invitation = await tx.lock(Invitation, id);
    const { email: address } = await this.directory.contact(tx, invitation.contactId);
    const { emailDomains: agencyDomains } = await this.directory.agency(tx, invitation.agencyId);
    const known = { address, agencyDomains, aliases: await aliasesOf(tx, invitation.contactId) };
    if (!mayCarry(mail.sender?.address ?? null, { kind: 'INVITEE' }, known)) {
      return { state: 'DONE', note: 'An automatic reply of another mailbox' };
    }
    const until = awayUntil(`${mail.subject}\n${mail.text}`, tx.now);
    const change = invitation.noteAway(until, tx.now);
    await tx.save(invitation);
    await tx.record(change);
    return { state: 'DONE', note: until === null ? 'An automatic reply' : `An automatic reply: away until ${until}` };
  }

  private async receipt(tx: Tx, mail: OpenedMail): Promise<InboundOutcome> {
    await this.record(tx, mail, 'invitation.receipt-noted', {});
    return { state: 'DONE', note: 'A receipt: a program says that a message was opened' };
  }

  private async hold(tx: Tx, mail: OpenedMail, reason: InboundHoldReason): Promise<InboundOutcome> {
    await this.record(tx, mail, 'invitation.reply-held', { reason });
    return { state: 'HELD', reason, note: '' };
  }

  private async record(tx: Tx, mail: OpenedMail, action: string, details: Record<string, unknown>): Promise<void> {
    const { invitationId, meetingId, contactId, matterId } = mail;
    if (invitationId === null || matterId === null) return;
    const object = `invitation:${invitationId}`;
    await tx.record({ action, object, details: { ...details, meetingId, contactId }, matterId });
  }
}
