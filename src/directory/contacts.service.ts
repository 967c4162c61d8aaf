import { Inject, Injectable } from '@nestjs/common';
import { type Actor } from '../access/actor.js';
import { type Tx } from '../database/tx.js';
import { UnitOfWork } from '../database/unit-of-work.js';
import { NotFound, OutOfDate } from '../errors.js';
import { type Undeliverable, UndeliverableAddresses } from '../mail/inbound/undeliverable.service.js';
import { Contact, type ContactFacts, type RegisteredAddress, type VerifiedHow } from './contact.js';
import { HoldingsService } from './holdings.service.js';
import { mustKeep, mustRead } from './keeping.js';
import { NewPeople, type NewPerson, type Place, refuseLookAlike, refuseSharedAddress } from './new-people.service.js';
import {
  type HoldingRow,
  holdingsOf,
  oneAtATime,
  type PeoplePage,
  peopleById,
  type PeopleQuery,
  peopleWithAddresses,
  type SameAddress,
  searchPeople,
  today,
} from './people.store.js';
import { type PersonInPost } from './person-in-post.js';
import { registeredAddress } from './registered-address.js';
import { type Doubt } from './verification/doubt.js';

/** A correction: everything a coordinator types about a person but their post. */
export interface ContactCorrection extends Omit<ContactFacts, keyof RegisteredAddress> {
  readonly email: string;
  /** The person has said that an address others have, or a look-alike one, is right. */
  readonly confirmed?: boolean;
}

/** One contact with the posts they hold and held. */
export interface ContactDetail {
  readonly contact: Contact;
  readonly holdings: HoldingRow[];
  /** The contact a duplicate was merged into. */
  readonly mergedInto: Contact | null;
  /** Who covers their leave. */
  readonly cover: Contact | null;
  /** Others with the same address: perhaps the same person. */
  readonly sameAddress: SameAddress[];
  /** Since when and why nothing is sent to the address. */
  readonly undeliverable: Undeliverable | undefined;
  /** Why the particulars should not be relied upon. */
  readonly doubt: Doubt | null;
}

/** Named people: who they are, how they are reached, and whether they are still there. */
@Injectable()
export class ContactsService {
  constructor(
    @Inject(UnitOfWork) private readonly work: UnitOfWork,
    @Inject(NewPeople) private readonly newPeople: NewPeople,
    @Inject(HoldingsService) private readonly holdings: HoldingsService,
    @Inject(UndeliverableAddresses) private readonly addresses: UndeliverableAddresses,
  ) {}

  /** People by part of a name, post, team, agency or address. */
  async search(by: Actor, query: PeopleQuery): Promise<PeoplePage> {
    mustRead(by);
    return this.work.run(by, (tx) => searchPeople(tx, query));
  }

  /** One contact with everything the directory knows of them. */
  async detail(by: Actor, id: string): Promise<ContactDetail> {
    mustRead(by);
    return this.work.run(by, async (tx) => {
      const contact = await tx.find(Contact, id);
      const same = await peopleWithAddresses(tx, [contact.addressKey]);
      return {
        contact,
        holdings: await holdingsOf(tx, id),
        mergedInto: contact.mergedInto === null ? null : await tx.find(Contact, contact.mergedInto),
        cover: contact.coverContactId === null ? null : await tx.find(Contact, contact.coverContactId),
        sameAddress: same.filter((other) => other.id !== id),
        undeliverable: await this.addresses.find(tx, contact.email),
        doubt: (await peopleById(tx, [{ contactId: id }]))[0]?.doubt ?? null,
      };
    });
  }

  /**
   * Adds a person with the post they hold, in an agency of the directory or a new one; while inviting too. Throws
   * NEEDS_CONFIRMATION for an address that somebody else has, INVALID_EMAIL, REQUIRED, TOO_LONG, UNSAFE_TEXT.
   */
  async add(by: Actor, person: NewPerson): Promise<PersonInPost> {
    mustKeep(by);
    return this.work.run(by, (tx) => this.newPeople.add(tx, person, 'COORDINATOR'));
  }

  /**
   * Puts a person's particulars right, the address among them. Those who hold a live invitation or action at the old one
   * keep it at the new, unless somebody there must not be told: EXCLUDED. Throws OutOfDate for an older version.
   */
  async correct(by: Actor, id: string, facts: ContactCorrection, seen?: number): Promise<Contact> {
    mustKeep(by);
    return this.work.run(by, (tx) => this.correctIn(tx, id, facts, seen));
  }

  /** The same in an open transaction, by whoever may. */
  async correctIn(tx: Tx, id: string, facts: ContactCorrection, seen?: number): Promise<Contact> {
    const contact = await tx.lock(Contact, id, seen);
    const corrected = contact.correct(facts);
    const address = registeredAddress(facts.email);
    const changing = contact.addressChanging(address);
    if (changing !== null) {
      await oneAtATime(tx, address.addressKey);
      if (facts.confirmed !== true) await refuseDoubtful(tx, address, id);
      await tx.record(changing);
    }
    const moved = contact.moveAddress(address);
    if (corrected === null && moved === null) return contact;
    await tx.save(contact);
    if (corrected !== null) await tx.record(corrected);
    if (moved !== null) await tx.record(moved);
    return contact;
  }

  /** A person takes up a post, from a day on (`YYYY-MM-DD`). Throws ALREADY_EXISTS when they hold it then. */
  async takeUp(by: Actor, id: string, place: Place, fromOn: string): Promise<void> {
    mustKeep(by);
    await this.work.run(by, async (tx) => {
      const contact = await tx.lock(Contact, id);
      contact.mustBeAskable();
      const post = await this.newPeople.postAt(tx, place);
      await this.holdings.startIn(tx, { contactId: id, postId: post.id, fromOn });
    });
  }

  /** A coordinator has checked that the particulars are right; an unverified contact is active again. */
  async verify(by: Actor, id: string, seen?: number): Promise<void> {
    mustKeep(by);
    await this.work.run(by, (tx) => this.verifyIn(tx, id, 'COORDINATOR', seen));
  }

  /** The same in an open transaction, for an answer or attendance that shows it. Those who have left stay as they are. */
  async verifyIn(tx: Tx, id: string, how: VerifiedHow, seen?: number): Promise<void> {
    const contact = await tx.lock(Contact, id, seen);
    if (!contact.canBeAsked && how !== 'COORDINATOR') return;
    if (how === 'COORDINATOR' || how === 'SELF_LINK') await this.addresses.lift(tx, contact.email);
    await this.keep(tx, contact, contact.verify(how, tx.now));
  }

  /** Mail came back, or somebody else answered: an active contact is unverified until checked. */
  async doubtIn(tx: Tx, id: string, why: string): Promise<void> {
    const contact = await tx.lock(Contact, id);
    if (contact.status === 'ACTIVE') await this.keep(tx, contact, contact.doubt(why));
  }

  /**
   * Somebody has left: the posts they hold end today, their links stop and what they were asked and owned is passed on by
   * the modules that hear `contact.left`.
   */
  async leave(by: Actor, id: string, seen?: number): Promise<void> {
    mustKeep(by);
    await this.work.run(by, (tx) => this.leaveIn(tx, id, seen));
  }

  /** The same in an open transaction. */
  async leaveIn(tx: Tx, id: string, seen?: number): Promise<void> {
    const contact = await tx.lock(Contact, id, seen);
    contact.mustBeStillThere();
    const ended = await this.holdings.endAllOf(tx, id, 'LEFT');
    await this.keep(tx, contact, contact.leave(ended.map((holding) => holding.id)));
  }

  /** Somebody who had left is back; what is known of them has to be checked. */
  async comeBack(by: Actor, id: string, seen?: number): Promise<void> {
    mustKeep(by);
    await this.work.run(by, async (tx) => {
      const contact = await tx.lock(Contact, id, seen);
      await this.keep(tx, contact, contact.comeBack());
    });
  }

  /** Folds a duplicate into the contact that stays, who takes over the posts the duplicate holds. */
  async merge(by: Actor, id: string, into: string, seen?: number): Promise<void> {
    mustKeep(by);
    await this.work.run(by, async (tx) => {
      const [duplicate, other] = await lockBoth(tx, id, into);
      if (seen !== undefined && duplicate.version !== seen) throw new OutOfDate();
      const merged = duplicate.mergeInto(other);
      const posts = await this.holdings.endAllOf(tx, id, 'MOVED');
      for (const { postId } of posts)
        await this.holdings.startUnlessHeld(tx, { contactId: into, postId, fromOn: today(tx) });
      await this.keep(tx, duplicate, merged);
    });
  }

  private async keep(tx: Tx, contact: Contact, change: ReturnType<Contact['leave']>): Promise<void> {
    await tx.save(contact);
    await tx.record(change);
  }
}

/** Throws NEEDS_CONFIRMATION for an address that others have or that may only look right. */
async function refuseDoubtful(tx: Tx, address: RegisteredAddress, id: string): Promise<void> {
  await refuseSharedAddress(tx, address, id);
  const [person] = await peopleById(tx, [{ contactId: id }]);
  await refuseLookAlike(tx, address, person?.agencyDomains ?? [], id);
}

/** Always in the same order, so that two who merge the same contacts do not wait for each other. */
async function lockBoth(tx: Tx, first: string, second: string): Promise<[Contact, Contact]> {
  const locked = new Map<string, Contact>();
  for (const id of [first, second].sort()) locked.set(id, await tx.lock(Contact, id));
  const [one, other] = [locked.get(first), locked.get(second)];
  if (one === undefined || other === undefined) throw new NotFound();
  return [one, other];
}
