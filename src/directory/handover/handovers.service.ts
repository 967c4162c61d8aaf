import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { type Actor } from '../../access/actor.js';
import { LinksService } from '../../access/links.service.js';
import { type RevokedReason } from '../../access/link.js';
import { localDate } from '../../authorities/working-days.js';
import { newId } from '../../database/ids.js';
import { type Tx } from '../../database/tx.js';
import { UnitOfWork } from '../../database/unit-of-work.js';
import { type Change } from '../../history/change.js';
import { Listeners } from '../../history/listeners.js';
import { type MessagePurpose } from '../../mail/message.js';
import { Outbox } from '../../mail/outbox.js';
import { Contact, type ContactStatus } from '../contact.js';
import { ContactsService } from '../contacts.service.js';
import { Holding } from '../holding.js';
import { mustKeep, mustRead } from '../keeping.js';
import { Post } from '../post.js';
import { Handover, type Signal } from './handover.js';

/** One departure as a contact's page shows it. */
export interface ShownHandover {
  readonly handover: Handover;
  readonly canBeUndone: boolean;
}

const LATEST = `select id from handover where authority_id = $1 and contact_id = $2 order by started_at desc, id desc limit 1`;

/** Why links stop. */
const REVOKED: Readonly<Record<Signal, RevokedReason>> = {
  MOVED_ON: 'LEFT',
  NOT_ME: 'NOT_ME',
  REPLACED: 'NOT_ME',
  BOUNCED: 'BOUNCED',
  LEFT: 'LEFT',
};

/** Everything but the confirmation of what was just said: a person for whom somebody else answered hears of that. */
const STOPPED: readonly MessagePurpose[] = [
  'INVITATION',
  'UPDATE',
  'CANCELLATION',
  'WITHDRAWAL',
  'CODE',
  'ACTION',
  'LINK',
];

/** Passing on what somebody was asked and owes, from whatever signal. */
@Injectable()
export class HandoversService implements OnModuleInit {
  constructor(
    @Inject(UnitOfWork) private readonly work: UnitOfWork,
    @Inject(Listeners) private readonly listeners: Listeners,
    @Inject(LinksService) private readonly links: LinksService,
    @Inject(Outbox) private readonly outbox: Outbox,
    @Inject(ContactsService) private readonly contacts: ContactsService,
  ) {}

  onModuleInit(): void {
    this.listeners.on('contact.left', (tx, change) => this.left(tx, change));
    this.listeners.on('contact.bounced', (tx, change) => this.bounced(tx, change));
  }

  /**
   * In an open transaction: there is reason to think that this person is not there. They become unverified, their links
   * stop, nothing unsent leaves, and those who hear `handover.started` pass on the rest.
   */
  async startIn(tx: Tx, contactId: string, signal: Exclude<Signal, 'LEFT'>, why: string): Promise<void> {
    const contact = await tx.find(Contact, contactId);
    if (!contact.canBeAsked) return;
    const { status } = contact;
    await this.contacts.doubtIn(tx, contactId, why);
    await this.begin(tx, contact, { signal, statusBefore: status, holdingIds: [] });
  }

  /** The latest departure of somebody, and whether it can be taken back today; null when there was none. */
  async latest(by: Actor, contactId: string): Promise<ShownHandover | null> {
    mustRead(by);
    return this.work.run(by, async (tx) => {
      const [row] = await tx.sql<{ id: string }>(LATEST, [tx.by.authorityId, contactId]);
      if (row === undefined) return null;
      const handover = await tx.find(Handover, row.id);
      const today = localDate(tx.now);
      return { handover, canBeUndone: handover.canBeUndone(localDate(handover.startedAt), today) };
    });
  }

  /**
   * A departure was recorded by mistake: the person holds again what they held, and those who passed something on take it
   * back where nobody has answered yet. Messages that have gone stay gone. Throws MOVE_NOT_ALLOWED on a later day.
   */
  async undo(by: Actor, contactId: string): Promise<void> {
    mustKeep(by);
    await this.work.run(by, async (tx) => {
      const contact = await tx.lock(Contact, contactId);
      const [row] = await tx.sql<{ id: string }>(LATEST, [tx.by.authorityId, contactId]);
      const handover = await tx.lock(Handover, row?.id ?? contactId);
      const at = { day: localDate(handover.startedAt), today: localDate(tx.now), now: tx.now, by: by.name };
      const undone = handover.undo(at);
      for (const change of contact.wasThere(handover.statusBefore)) await tx.record(change);
      await tx.save(contact);
      await this.holdAgain(tx, handover.holdingIds);
      await tx.save(handover);
      await tx.record(undone);
    });
  }

  private async left(tx: Tx, { details }: Change): Promise<void> {
    const contact = await tx.find(Contact, String(details.contactId));
    const statusBefore = (details.before ?? 'ACTIVE') as ContactStatus;
    const holdingIds = Array.isArray(details.holdings) ? details.holdings.map(String) : [];
    await this.begin(tx, contact, { signal: 'LEFT', statusBefore, holdingIds });
  }

  /**
   * Mail came back for good. Whoever found that out says so with the contact and that it is final. Several messages that
   * come back from one address on one day are one departure, so that it is taken back whole.
   */
  private async bounced(tx: Tx, { details }: Change): Promise<void> {
    if (details.hard !== true || typeof details.contactId !== 'string') return;
    const contact = await tx.find(Contact, details.contactId);
    if (!contact.canBeAsked) return;
    const statusBefore = (details.before ?? contact.status) as ContactStatus;
    await this.contacts.doubtIn(tx, contact.id, 'Mail to their address came back');
    const same = await this.bouncedToday(tx, contact);
    if (same !== null) await this.passOn(tx, same);
    else await this.begin(tx, contact, { signal: 'BOUNCED', statusBefore, holdingIds: [] });
  }

  private async bouncedToday(tx: Tx, { id, addressKey }: Contact): Promise<Handover | null> {
    const [row] = await tx.sql<{ id: string }>(LATEST, [tx.by.authorityId, id]);
    const latest = row === undefined ? null : await tx.find(Handover, row.id);
    const isSame = latest?.signal === 'BOUNCED' && latest.addressKey === addressKey;
    return isSame && latest.canBeUndone(localDate(latest.startedAt), localDate(tx.now)) ? latest : null;
  }

  private async begin(
    tx: Tx,
    contact: Contact,
    facts: Pick<Handover, 'signal' | 'statusBefore' | 'holdingIds'>,
  ): Promise<void> {
    const { authorityId, id: contactId, addressKey } = contact;
    const at = { authorityId, id: newId(), contactId, addressKey, startedAt: tx.now, startedBy: tx.by.name };
    const handover = Handover.of({ ...at, ...facts });
    await tx.insert(Handover, handover);
    await this.passOn(tx, handover);
  }

  private async passOn(tx: Tx, handover: Handover): Promise<void> {
    const { contactId } = handover;
    await this.links.revoke(tx, { contactId }, REVOKED[handover.signal]);
    await tx.asService(() => this.outbox.drop(tx, { contactId, purposes: STOPPED }, 'LEFT'));
    await tx.record(handover.started());
  }

  private async holdAgain(tx: Tx, holdingIds: readonly string[]): Promise<void> {
    for (const id of holdingIds) {
      const holding = await tx.lock(Holding, id);
      const { agencyId } = await tx.find(Post, holding.postId);
      const again = holding.goesOn(agencyId);
      await tx.save(holding);
      await tx.record(again);
    }
  }
}
