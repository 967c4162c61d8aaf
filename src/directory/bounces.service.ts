import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { systemActor } from '../access/actor.js';
import { type Tx } from '../database/tx.js';
import { UnitOfWork } from '../database/unit-of-work.js';
import { addressKey } from '../mail/address.js';
import { type Bounce, readBounce } from '../mail/inbound/bounce-report.js';
import { InboundReaders } from '../mail/inbound/inbound-readers.js';
import { type InboundOutcome, type OpenedMail } from '../mail/inbound/opened-mail.js';
import { Rounds } from '../mail/inbound/rounds.js';
import { UndeliverableAddresses } from '../mail/inbound/undeliverable.service.js';
import {
  MARK_BOUNCED,
  MESSAGE,
  PEOPLE_THERE,
  REFUSED,
  RETURNED,
  SENT_SINCE,
  type SentMessage,
  SOFT_SINCE,
} from './bounces.sql.js';
import { Contact } from './contact.js';
import { ContactsService } from './contacts.service.js';

const DAY_MS = 24 * 3_600_000;
/** Three messages that came back for the time being within 7 days put an address in doubt (domain guide, 4.2). */
const SOFT = { times: 3, withinMs: 7 * DAY_MS };
/** Refusals at this many domains at once, and nothing taken for ten minutes, are the relay's own fault. */
const RELAY = { domains: 5, quietMs: 10 * 60_000 };

const REFUSED_WHY = 'The mail server refused the address while we were sending';
const RELAY_WHY = 'The mail server refused everything at that time: the fault may be its own';

/**
 * Mail that came back, and mail that was refused while it was sent: what it says about the message, and about the people
 * at its address. An address that does not work for good puts its people in doubt and stops everything else that would
 * be sent there; who is asked instead is for those who hear `contact.bounced`. Answers never change, and nobody is
 * written to about it.
 */
@Injectable()
export class BouncesService implements OnModuleInit {
  constructor(
    @Inject(UnitOfWork) private readonly work: UnitOfWork,
    @Inject(InboundReaders) private readonly readers: InboundReaders,
    @Inject(Rounds) private readonly rounds: Rounds,
    @Inject(UndeliverableAddresses) private readonly addresses: UndeliverableAddresses,
    @Inject(ContactsService) private readonly contacts: ContactsService,
  ) {}

  onModuleInit(): void {
    this.readers.on('BOUNCE', (tx, mail) => this.read(tx, mail));
    this.rounds.also(() => this.settleRefusals());
  }

  /** Notes a bounce on the message it names, and on its address if it is for good. */
  async read(tx: Tx, mail: OpenedMail): Promise<InboundOutcome> {
    const message = await this.messageOf(tx, mail);
    if (message === undefined) return held('It names no message that we sent from this address');
    const bounce = readBounce(mail);
    if (bounce.kind === 'NONE') return { state: 'DONE', note: `The message was delivered: ${bounce.why}` };
    await this.note(tx, message, bounce);
    if (bounce.kind === 'UNCLEAR') return held(bounce.why);
    return { state: 'DONE', note: `${bounce.kind === 'HARD' ? 'Came back' : 'Delayed'}: ${bounce.why}` };
  }

  /** Treats what mail servers refused for good while it was sent as what came back. Safe to run twice. */
  async settleRefusals(): Promise<void> {
    const refused = await this.work.outside((sql) => sql<{ authority_id: number; id: string }>(REFUSED));
    for (const authorityId of new Set(refused.map((one) => one.authority_id))) {
      const rows = refused.filter((one) => one.authority_id === authorityId);
      await this.work.run(systemActor(authorityId), async (tx) => {
        const messages: SentMessage[] = [];
        for (const { id } of rows) messages.push(...(await tx.sql<SentMessage>(MESSAGE, [authorityId, id])));
        const waiting = messages.filter((one) => one.state === 'DEAD' && one.bounce_kind === null);
        const relay = await this.isTheRelay(tx, waiting);
        const bounce: Bounce = relay ? { kind: 'UNCLEAR', why: RELAY_WHY } : { kind: 'HARD', why: REFUSED_WHY };
        for (const message of waiting) await this.note(tx, message, bounce);
      });
    }
  }

  private async isTheRelay(tx: Tx, refused: readonly SentMessage[]): Promise<boolean> {
    const domains = new Set(
      refused.map(({ to_address }) => to_address.slice(to_address.lastIndexOf('@')).toLowerCase()),
    );
    if (domains.size < RELAY.domains) return false;
    const [sent] = await tx.sql<{ n: number }>(SENT_SINCE, [
      tx.by.authorityId,
      new Date(tx.now.getTime() - RELAY.quietMs),
    ]);
    return sent?.n === 0;
  }

  /** At a bounce address the one it was sent from; at a reply address the one it quotes, if it went to that person. */
  private async messageOf(tx: Tx, mail: OpenedMail): Promise<SentMessage | undefined> {
    const { authorityId } = mail;
    if (mail.ofMessageId !== null) return (await tx.sql<SentMessage>(MESSAGE, [authorityId, mail.ofMessageId]))[0];
    const quoted = [authorityId, mail.returnedMessageId, mail.meetingId, mail.contactId];
    return (await tx.sql<SentMessage>(RETURNED, quoted))[0];
  }

  /** What came back for good is not softened by what comes later, nor told twice. */
  private async note(tx: Tx, message: SentMessage, { kind, why }: Bounce): Promise<void> {
    const { id, contact_id: contactId, meeting_id: meetingId, matter_id: matterId } = message;
    if (message.bounce_kind === 'HARD') return;
    await tx.sql(MARK_BOUNCED, [tx.by.authorityId, id, kind, tx.now, why]);
    if (matterId !== null) {
      const details = { kind, why, purpose: message.purpose, contactId, meetingId };
      await tx.record({ action: 'message.bounced', object: `message:${id}`, details, matterId });
    }
    if (kind === 'HARD') await this.giveUp(tx, message, why);
    else if (kind === 'SOFT' && contactId !== null) await this.countDelays(tx, contactId);
  }

  private async giveUp(tx: Tx, { id, to_address: address }: SentMessage, why: string): Promise<void> {
    await this.addresses.mark(tx, address, { why, messageId: id });
    const people = await tx.sql<{ id: string }>(PEOPLE_THERE, [tx.by.authorityId, addressKey(address)]);
    for (const person of people) {
      const contact = await tx.lock(Contact, person.id);
      const bounced = contact.bounce(address, why);
      await tx.save(contact);
      await tx.record(bounced);
    }
  }

  private async countDelays(tx: Tx, contactId: string): Promise<void> {
    const since = new Date(tx.now.getTime() - SOFT.withinMs);
    const [delayed] = await tx.sql<{ n: number }>(SOFT_SINCE, [tx.by.authorityId, contactId, since]);
    if ((delayed?.n ?? 0) < SOFT.times) return;
    await this.contacts.doubtIn(tx, contactId, 'Three messages came back for the time being within 7 days');
  }
}

function held(note: string): InboundOutcome {
  return { state: 'HELD', reason: 'BOUNCE_UNCLEAR', note };
}
