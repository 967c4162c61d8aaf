import { Inject, Injectable } from '@nestjs/common';
import { LinksService } from '../../access/links.service.js';
import { AuthoritiesService } from '../../authorities/authorities.service.js';
import { newId } from '../../database/ids.js';
import { type Tx } from '../../database/tx.js';
import { Outbox } from '../../mail/outbox.js';
import { Agency } from '../agency.js';
import { Contact } from '../contact.js';
import { holdersOf } from '../people.store.js';
import { type Claim } from './claim.js';

/** The messages about a claim: they name nobody, and what they are about stands behind the link. */
@Injectable()
export class ClaimLetters {
  constructor(
    @Inject(Outbox) private readonly outbox: Outbox,
    @Inject(LinksService) private readonly links: LinksService,
    @Inject(AuthoritiesService) private readonly authorities: AuthoritiesService,
  ) {}

  /** Asks whoever holds the agency's single point of contact, unless it is the claimant or the old holder. */
  async askSpoc(tx: Tx, claim: Claim, agencyId: string): Promise<void> {
    const { spocPostId } = await tx.find(Agency, agencyId);
    const holders = spocPostId === null ? [] : await holdersOf(tx, [spocPostId]);
    const spoc = holders.find(({ contactId }) => contactId !== claim.contactId && contactId !== claim.heldBy);
    if (spoc === undefined) return;
    const to = { contactId: spoc.contactId, name: spoc.name, address: spoc.email };
    const link = await this.links.mint(tx, { contactId: to.contactId, purpose: 'CLAIM', targetId: claim.id });
    await this.send(tx, to, {
      subject: 'A change of people at your agency: please confirm',
      paragraphs: [
        'Somebody has told us that they hold a post at your agency now. You are the point of contact of your agency, so please tell us whether that is right.',
      ],
      link: { label: 'See the change here', url: link },
    });
  }

  /** Tells whoever claimed a post that it is theirs. */
  async tell(tx: Tx, contactId: string, confirmed: boolean): Promise<void> {
    if (!confirmed) return;
    const contact = await tx.find(Contact, contactId);
    await this.send(
      tx,
      { contactId, name: contact.name, address: contact.email },
      {
        subject: 'Thank you, we have noted your post',
        paragraphs: [
          'Thank you for telling us which post you hold now. It has been confirmed. What your post is asked to comes to you from now on, each with a message of its own.',
        ],
      },
    );
  }

  private async send(
    tx: Tx,
    to: { contactId: string; name: string; address: string },
    said: { subject: string; paragraphs: string[]; link?: { label: string; url: string } },
  ): Promise<void> {
    const authority = await this.authorities.authority(tx);
    const id = newId();
    await this.outbox.queue(tx, {
      purpose: 'LINK',
      stream: `claim:${id}`,
      dedupeKey: `claim:${id}`,
      to: { name: to.name, address: to.address },
      from: this.outbox.plainFrom(authority),
      subject: said.subject,
      words: {
        greeting: `Dear ${to.name}`,
        paragraphs: said.paragraphs,
        ...(said.link === undefined ? {} : { link: said.link }),
        footer: [
          `Questions? Ring ${authority.name} on ${authority.phone}. To check that this message is genuine, ring the number on the council’s own website.`,
        ],
      },
      contactId: to.contactId,
    });
  }
}
