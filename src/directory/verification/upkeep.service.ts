import { Inject, Injectable } from '@nestjs/common';
import { type Actor } from '../../access/actor.js';
import { type Tx } from '../../database/tx.js';
import { UnitOfWork } from '../../database/unit-of-work.js';
import { Contact } from '../contact.js';
import { ContactsService } from '../contacts.service.js';
import { mustKeep, mustRead } from '../keeping.js';
import { today } from '../people.store.js';
import { AddressChange } from './address-change.js';
import { type Doubt, doubtOf, type Sureness } from './doubt.js';
import { reverifyDays } from './verification.js';
import { ADDRESS_CHANGES, COUNT_OVERDUE, DAYS_OF_AUTHORITY, LIST_OVERDUE, SET_DAYS } from './verification.sql.js';

/** Most people shown on the page of the overdue. */
const SHOWN = 100;

/** Somebody of whom nothing was heard for too long. */
export interface OverduePerson {
  readonly contactId: string;
  readonly name: string;
  readonly doubt: Doubt | null;
  /** When they were last asked by link. */
  readonly askedAt: Date | null;
}

/** An address that waits to be confirmed. */
export interface WaitingAddress {
  readonly id: string;
  readonly version: number;
  readonly contactId: string;
  readonly name: string;
  readonly phone: string | null;
  readonly oldEmail: string;
  readonly email: string;
  readonly madeAt: Date;
}

export interface Upkeep {
  /** After how many days without a sign somebody is asked. */
  readonly days: number;
  readonly overdue: number;
  readonly people: readonly OverduePerson[];
  readonly addresses: readonly WaitingAddress[];
}

type OverdueRow = Sureness & Omit<OverduePerson, 'doubt'>;

/** What keeps the directory true and still needs a person: the overdue, and addresses to confirm. */
@Injectable()
export class UpkeepService {
  constructor(
    @Inject(UnitOfWork) private readonly work: UnitOfWork,
    @Inject(ContactsService) private readonly contacts: ContactsService,
  ) {}

  async show(by: Actor): Promise<Upkeep> {
    mustRead(by);
    return this.work.run(by, async (tx) => {
      const { authorityId } = tx.by;
      const values = [authorityId, tx.now, today(tx)];
      const [setting] = await tx.sql<{ days: number }>(DAYS_OF_AUTHORITY, [authorityId]);
      const [counted] = await tx.sql<{ count: number }>(COUNT_OVERDUE, values);
      const rows = await tx.sql<OverdueRow>(LIST_OVERDUE, [...values, SHOWN]);
      const people = rows.map((row) => ({ ...row, doubt: doubtOf(row, tx.now) }));
      const addresses = await tx.sql<WaitingAddress>(ADDRESS_CHANGES, [authorityId]);
      return { days: setting?.days ?? 0, overdue: counted?.count ?? 0, people, addresses };
    });
  }

  /** How many are overdue, and which addresses wait, for the worklist. */
  async waiting(by: Actor): Promise<Pick<Upkeep, 'overdue' | 'addresses'>> {
    mustRead(by);
    return this.work.run(by, async (tx) => {
      const [counted] = await tx.sql<{ count: number }>(COUNT_OVERDUE, [tx.by.authorityId, tx.now, today(tx)]);
      const addresses = await tx.sql<WaitingAddress>(ADDRESS_CHANGES, [tx.by.authorityId]);
      return { overdue: counted?.count ?? 0, addresses };
    });
  }

  /** Sets after how many days (30 to 730) without a sign people are asked. Throws INVALID. */
  async askAfter(by: Actor, typed: number): Promise<void> {
    mustKeep(by);
    const days = reverifyDays(typed);
    await this.work.run(by, async (tx) => {
      const [before] = await tx.sql<{ days: number }>(DAYS_OF_AUTHORITY, [tx.by.authorityId]);
      if (before?.days === days) return;
      await tx.sql(SET_DAYS, [tx.by.authorityId, days]);
      const object = `authority:${tx.by.authorityId}`;
      const details = { reverifyDays: { from: before?.days, to: days } };
      await tx.record({ action: 'directory.upkeep-set', object, details });
    });
  }

  /**
   * The new address is theirs: mail goes there from now on, and they count as checked. Throws EXCLUDED when somebody at it
   * must not be told of a matter they have a part in, NEEDS_CONFIRMATION for one that others have or that may only look
   * right, MOVE_NOT_ALLOWED, OutOfDate.
   */
  async confirm(by: Actor, id: string, given: { confirmed: boolean; version?: number }): Promise<void> {
    mustKeep(by);
    await this.settle(by, id, given.version, async (tx, change) => {
      const { contactId, email } = change;
      const { name, phone, mobile, accessNeeds } = await tx.find(Contact, contactId);
      const facts = { name, phone, mobile, accessNeeds, email, confirmed: given.confirmed };
      await this.contacts.correctIn(tx, contactId, facts);
      await this.contacts.verifyIn(tx, contactId, 'COORDINATOR');
      return 'CONFIRMED';
    });
  }

  /** The new address is not taken; the old one stays. Throws MOVE_NOT_ALLOWED, OutOfDate. */
  async refuse(by: Actor, id: string, version?: number): Promise<void> {
    mustKeep(by);
    await this.settle(by, id, version, () => Promise.resolve('REFUSED'));
  }

  private async settle(
    by: Actor,
    id: string,
    seen: number | undefined,
    how: (tx: Tx, change: AddressChange) => Promise<'CONFIRMED' | 'REFUSED'>,
  ): Promise<void> {
    await this.work.run(by, async (tx) => {
      const change = await tx.lock(AddressChange, id, seen);
      const decided = change.decide(await how(tx, change), { now: tx.now, by: by.name });
      await tx.save(change);
      await tx.record(decided);
    });
  }
}
