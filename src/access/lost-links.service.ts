import { setTimeout as sleep } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import { type Tx } from '../database/tx.js';
import { UnitOfWork } from '../database/unit-of-work.js';
import { addressKey } from '../mail/address.js';
import { Outbox } from '../mail/outbox.js';
import { type LinkAuthority, linkActor } from './found-link.js';
import { type LinkPage, LinkPages, type OpenTarget } from './link-pages.js';
import { type LinkPurpose } from './link.js';
import { LinksService } from './links.service.js';
import { RateLimits } from './rate-limits.service.js';

/** Asking takes this long whether the address is known or not, in milliseconds, so that nobody learns which are. */
const AS_LONG_AS_MS = 400;

const HOLDERS = 'select authority_id, id from contacts_by_address($1)';
const HOLDER = `select c.name, c.email, a.name as authority, a.short_name, a.phone from contact c
  join authority a on a.id = c.authority_id where c.authority_id = $1 and c.id = $2`;

interface Holder {
  readonly name: string;
  readonly email: string;
  readonly authority: string;
  readonly short_name: string;
  readonly phone: string;
}

interface Lost {
  readonly purpose: LinkPurpose;
  readonly contactId: string;
  readonly target: OpenTarget;
}

/** A lost link is asked for again by the address it went to, and sent there and nowhere else. */
@Injectable()
export class LostLinks {
  constructor(
    @Inject(UnitOfWork) private readonly work: UnitOfWork,
    @Inject(LinksService) private readonly links: LinksService,
    @Inject(LinkPages) private readonly pages: LinkPages,
    @Inject(Outbox) private readonly outbox: Outbox,
    @Inject(RateLimits) private readonly limits: RateLimits,
  ) {}

  /**
   * Sends new links for whatever the contact with this address still has open. Answers the same, and after the same time,
   * whoever asks: at most 3 times an hour for one address and 20 from one place.
   */
  async askAgain(email: string, from: string): Promise<void> {
    const key = addressKey(email);
    const slow = sleep(AS_LONG_AS_MS);
    const within = await this.limits.within(
      { key: `again:${key}`, most: 3, minutes: 60 },
      { key: `again-from:${from}`, most: 20, minutes: 60 },
    );
    if (within) await this.sendAll(key);
    await slow;
  }

  private async sendAll(key: string): Promise<void> {
    const holders = await this.work.outside((sql) => sql<{ authority_id: number; id: string }>(HOLDERS, [key]));
    for (const { authority_id: authorityId, id: contactId } of holders) {
      await this.work.run(linkActor({ authorityId, contactId }, 'Somebody'), async (tx) => {
        const [holder] = await tx.sql<Holder>(HOLDER, [authorityId, contactId]);
        if (holder === undefined) return;
        for (const [purpose, page] of this.pages.all()) await this.sendOpen(tx, holder, { purpose, page, contactId });
      });
    }
  }

  private async sendOpen(
    tx: Tx,
    holder: Holder,
    what: { purpose: LinkPurpose; page: LinkPage; contactId: string },
  ): Promise<void> {
    const { purpose, page, contactId } = what;
    const authority: LinkAuthority = {
      id: tx.by.authorityId,
      name: holder.authority,
      shortName: holder.short_name,
      telephone: holder.phone,
    };
    for (const target of await page.openFor(tx, contactId, authority)) {
      await this.send(tx, holder, { purpose, contactId, target });
    }
  }

  private async send(tx: Tx, holder: Holder, { purpose, contactId, target }: Lost): Promise<void> {
    const { targetId, matterId, details } = target;
    const url = await this.links.mint(tx, { contactId, purpose, targetId });
    await tx.record({ action: 'link.sent-again', object: `contact:${contactId}`, details: { purpose, targetId } });
    await this.outbox.queue(tx, {
      purpose: 'LINK',
      stream: `link:${contactId}`,
      dedupeKey: `link:${targetId}:${tx.now.getTime()}:${url.slice(-8)}`,
      to: { name: holder.name, address: holder.email },
      from: this.outbox.plainFrom({ shortName: holder.short_name }),
      subject: 'The link you asked for',
      matterId,
      contactId,
      words: {
        greeting: `Dear ${holder.name}`,
        paragraphs: ['Here is the link you asked for. If you did not ask for it, you do not need to do anything.'],
        details: [...details],
        link: { label: 'Open it here', url },
        footer: [
          'This message and its link are personal to you: please do not forward it.',
          `Questions? Ring ${holder.authority} on ${holder.phone}.`,
        ],
      },
    });
  }
}
