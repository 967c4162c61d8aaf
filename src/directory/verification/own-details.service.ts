import { Inject, Injectable } from '@nestjs/common';
import { type Actor } from '../../access/actor.js';
import { newId } from '../../database/ids.js';
import { type Tx } from '../../database/tx.js';
import { UnitOfWork } from '../../database/unit-of-work.js';
import { NotFound } from '../../errors.js';
import { Contact, type RegisteredAddress } from '../contact.js';
import { ContactsService } from '../contacts.service.js';
import { HandoversService } from '../handover/handovers.service.js';
import { type HoldingRow, holdingsOf, today } from '../people.store.js';
import { registeredAddress } from '../registered-address.js';
import { AddressChange } from './address-change.js';
import { Verification, type VerificationAnswer } from './verification.js';
import { OPEN_ADDRESS_CHANGE } from './verification.sql.js';

/** What we know of somebody, as they themselves see it: nothing of any meeting. */
export interface OwnDetails {
  readonly contact: Contact;
  /** The posts they hold now. */
  readonly posts: readonly HoldingRow[];
  /** The address they have asked us to use, while nobody has confirmed it. */
  readonly newEmail: string | null;
}

/** What somebody puts right about themselves. */
export interface OwnCorrection {
  readonly name: string;
  readonly phone?: string | null | undefined;
  readonly mobile?: string | null | undefined;
  readonly accessNeeds?: string | null | undefined;
  readonly email: string;
}

const UNANSWERED = `select id from verification where authority_id = $1 and contact_id = $2 and answer is null
  order by asked_at desc limit 1`;

/** People look after their own particulars: all is right, this is different, I have moved on, that is not me. */
@Injectable()
export class OwnDetailsService {
  constructor(
    @Inject(UnitOfWork) private readonly work: UnitOfWork,
    @Inject(ContactsService) private readonly contacts: ContactsService,
    @Inject(HandoversService) private readonly handovers: HandoversService,
  ) {}

  /** What we know of whoever asks. Throws NotFound for anybody who has come by no link. */
  async show(by: Actor): Promise<OwnDetails> {
    mustBeThemselves(by);
    return this.work.run(by, async (tx) => {
      const contact = await tx.find(Contact, by.id);
      const change = await openChange(tx, by.id);
      const held = (await holdingsOf(tx, by.id)).filter((one) => one.fromOn <= today(tx));
      const posts = held.filter(({ toOn }) => toOn === null || toOn > today(tx));
      return { contact, posts, newEmail: change?.email ?? null };
    });
  }

  /** One question to whoever asks, answered or not. Throws NotFound. */
  async verification(by: Actor, id: string): Promise<Verification> {
    return this.work.run(by, async (tx) => {
      const found = await tx.find(Verification, id);
      if (found.contactId !== by.id) throw new NotFound();
      return found;
    });
  }

  /**
   * Says by link alone that all is right, that they have moved on, or that this is somebody else's. The latter two are
   * signals of a departure: their links stop and what they were asked is passed on.
   */
  async say(by: Actor, answer: Exclude<VerificationAnswer, 'CORRECTED'>): Promise<void> {
    mustBeThemselves(by);
    await this.work.run(by, async (tx) => {
      await this.answered(tx, answer);
      if (answer === 'RIGHT') await this.contacts.verifyIn(tx, by.id, 'SELF_LINK');
      else await this.handovers.startIn(tx, by.id, answer, WHY[answer]);
    });
  }

  /**
   * Puts name and numbers right at once, behind the code; another address waits for a coordinator. What stays is right
   * too. Throws REQUIRED, INVALID_EMAIL, TOO_LONG, UNSAFE_TEXT, OutOfDate, CONTACT_HAS_LEFT.
   */
  async correct(by: Actor, given: OwnCorrection, seen?: number): Promise<void> {
    mustBeThemselves(by);
    await this.work.run(by, async (tx) => {
      const contact = await tx.lock(Contact, by.id, seen);
      contact.mustBeAskable('name');
      const address = registeredAddress(given.email);
      const { name, phone, mobile, accessNeeds } = given;
      const corrected = contact.correct({ name, phone, mobile, accessNeeds });
      if (corrected !== null) {
        await tx.save(contact);
        await tx.record(corrected);
      }
      const moves = address.email !== contact.email;
      if (moves) await this.wish(tx, by.id, address);
      await this.answered(tx, corrected !== null || moves ? 'CORRECTED' : 'RIGHT');
      if (!moves) await this.contacts.verifyIn(tx, by.id, 'SELF_LINK');
    });
  }

  private async wish(tx: Tx, contactId: string, address: RegisteredAddress): Promise<void> {
    const found = await openChange(tx, contactId);
    if (found?.email === address.email) return;
    if (found !== undefined) {
      const open = await tx.lock(AddressChange, found.id);
      const replaced = open.decide('REPLACED', { now: tx.now, by: tx.by.name });
      await tx.save(open);
      await tx.record(replaced);
    }
    const facts = { authorityId: tx.by.authorityId, id: newId(), contactId, madeAt: tx.now };
    const change = AddressChange.of({ ...facts, ...address });
    await tx.insert(AddressChange, change);
    await tx.record(change.made());
  }

  private async answered(tx: Tx, answer: VerificationAnswer): Promise<void> {
    const [row] = await tx.sql<{ id: string }>(UNANSWERED, [tx.by.authorityId, tx.by.id]);
    if (row === undefined) return;
    const verification = await tx.lock(Verification, row.id);
    const said = verification.say(answer, tx.now);
    if (said === null) return;
    await tx.save(verification);
    await tx.record(said);
  }
}

async function openChange(tx: Tx, contactId: string): Promise<{ id: string; email: string } | undefined> {
  const [row] = await tx.sql<{ id: string; email: string }>(OPEN_ADDRESS_CHANGE, [tx.by.authorityId, contactId]);
  return row;
}

const WHY = {
  MOVED_ON: 'They say that they have moved on',
  NOT_ME: 'Somebody else reads their mail',
} as const;

function mustBeThemselves(by: Actor): void {
  if (by.kind !== 'LINK') throw new NotFound();
}
