import { Inject, Injectable } from '@nestjs/common';
import { LinksService } from '../../access/links.service.js';
import { AuthoritiesService } from '../../authorities/authorities.service.js';
import { type Tx } from '../../database/tx.js';
import { Outbox } from '../../mail/outbox.js';
import { type Contact } from '../contact.js';
import { type Verification } from './verification.js';

/** The message that asks whether somebody's particulars are still right; it says nothing of any meeting or matter. */
@Injectable()
export class VerificationLetters {
  constructor(
    @Inject(Outbox) private readonly outbox: Outbox,
    @Inject(LinksService) private readonly links: LinksService,
    @Inject(AuthoritiesService) private readonly authorities: AuthoritiesService,
  ) {}

  async ask(tx: Tx, { id, contactId }: Verification, contact: Contact): Promise<void> {
    const authority = await this.authorities.authority(tx);
    const link = await this.links.mint(tx, { contactId, purpose: 'VERIFY', targetId: id });
    await this.outbox.queue(tx, {
      purpose: 'LINK',
      stream: `verification:${id}`,
      dedupeKey: `verification:${id}`,
      to: { name: contact.name, address: contact.email },
      from: this.outbox.plainFrom(authority),
      subject: 'Are your contact details still right?',
      words: {
        greeting: `Dear ${contact.name}`,
        paragraphs: [
          `${authority.name} keeps a list of the people whom it may have to reach at short notice. Please look at what it says of you: if all is right, it takes one press of a button.`,
          'If you have moved on, or this was not meant for you, say so there too.',
        ],
        link: { label: 'Look at your details here', url: link },
        footer: [
          `Questions? Ring ${authority.name} on ${authority.phone}. To check that this message is genuine, ring the number on the council’s own website.`,
        ],
      },
      contactId,
    });
  }
}
