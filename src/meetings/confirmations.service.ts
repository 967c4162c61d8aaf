import { Inject, Injectable } from '@nestjs/common';
import { type Tx } from '../database/tx.js';
import { Outbox } from '../mail/outbox.js';
import { confirmationOf } from './answer-words.js';
import { type Asked } from './asked.store.js';
import { InvitationLetters, streamOf } from './invitation-letters.service.js';
import { type Response } from './response.js';

const REFERENCE = 'select ref from matter where authority_id = $1 and id = $2';

/** Each answer is confirmed to the registered address, so that one nobody gave is seen. */
@Injectable()
export class Confirmations {
  constructor(
    @Inject(InvitationLetters) private readonly letters: InvitationLetters,
    @Inject(Outbox) private readonly outbox: Outbox,
  ) {}

  /** Queues the confirmation of one entry of the ledger; nothing for somebody who has left. */
  async send(tx: Tx, asked: Asked, response: Response): Promise<void> {
    const { invitation, meeting, reference, authority, invitee: to } = asked;
    if (!to.canBeAsked) return;
    const { kind, channel } = response;
    await this.outbox.queue(tx, {
      purpose: 'CONFIRMATION',
      stream: streamOf(invitation),
      dedupeKey: `answer:${response.id}`,
      to: { name: to.name, address: to.email },
      from: this.letters.from(authority, invitation),
      ...confirmationOf({ recipientName: to.name, kind, channel, reference, meeting, authority }),
      matterId: invitation.matterId,
      meetingId: meeting.id,
      contactId: invitation.contactId,
      urgent: true,
    });
  }
}

/** What everybody outside calls the matter. */
export async function referenceOf(tx: Tx, matterId: string): Promise<string> {
  const [row] = await tx.sql<{ ref: string }>(REFERENCE, [tx.by.authorityId, matterId]);
  return row?.ref ?? '';
}
