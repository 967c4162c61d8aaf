import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { type Actor } from '../access/actor.js';
import { type Tx } from '../database/tx.js';
import { UnitOfWork } from '../database/unit-of-work.js';
import { RuleBroken } from '../errors.js';
import { agenciesNamed } from './agencies.store.js';
import { Contact } from './contact.js';
import { ContactsService } from './contacts.service.js';
import { HoldingsService } from './holdings.service.js';
import { mustKeep } from './keeping.js';
import { NewPeople, type Place } from './new-people.service.js';
import { readPerson, type ReadLine } from './people-list.js';
import { type Known, type ListPlan, planList, type PlannedPerson } from './people-plan.js';
import { readList } from './people-list.csv.js';
import { inboxesWithAddresses, peopleWithAddresses, postsOfPeople, today } from './people.store.js';

/** What a list would do, before it does it. */
export interface ImportPreview extends ListPlan {
  /** Names of columns that are not used. */
  readonly unused: readonly string[];
  /** Of exactly this plan: sent back to show that nothing has changed since. */
  readonly digest: string;
}

export interface ImportResult {
  readonly added: number;
  readonly changed: number;
  readonly unchanged: number;
  /** Lines that could not be taken. */
  readonly skipped: number;
}

/** Brings people into the directory from a list, after a look at what it would do. */
@Injectable()
export class PeopleImportService {
  constructor(
    @Inject(UnitOfWork) private readonly work: UnitOfWork,
    @Inject(NewPeople) private readonly newPeople: NewPeople,
    @Inject(HoldingsService) private readonly holdings: HoldingsService,
    @Inject(ContactsService) private readonly contacts: ContactsService,
  ) {}

  /** What the list would add, change and leave, and every line it could not take. Changes nothing. */
  async preview(by: Actor, text: string): Promise<ImportPreview> {
    mustKeep(by);
    const { lines, unused } = readList(text);
    return this.work.run(by, async (tx) => previewOf(planList(lines, await knownOf(tx, lines)), unused));
  }

  /**
   * Does what the preview with this digest showed, all of it or nothing. Throws NEEDS_CONFIRMATION while there are lines it
   * cannot take, unless that was confirmed, and NOTHING_CHANGED when the directory is no longer as it was shown.
   */
  async apply(by: Actor, text: string, seen: { digest: string; skipBad: boolean }): Promise<ImportResult> {
    mustKeep(by);
    const { lines, unused } = readList(text);
    return this.work.run(by, async (tx) => {
      const plan = previewOf(planList(lines, await knownOf(tx, lines)), unused);
      const skipped = new Set(plan.bad.map(({ line }) => line)).size;
      if (plan.digest !== seen.digest) throw changedSince();
      if (skipped > 0 && !seen.skipBad) throw notAllGood(skipped);
      await this.write(tx, plan.people);
      const result = { ...counted(plan.people), skipped };
      await tx.record({ action: 'people.imported', object: `authority:${by.authorityId}`, details: { ...result } });
      return result;
    });
  }

  private async write(tx: Tx, people: readonly PlannedPerson[]): Promise<void> {
    const contacts = new Map<string, string>();
    const agencies = new Map<string, string>();
    const named = await agenciesNamed(
      tx,
      people.map(({ agency }) => agency),
    );
    for (const { id, name } of named) agencies.set(name.toLowerCase(), id);
    for (const person of people) {
      if (person.kind === 'UNCHANGED') continue;
      if (person.left && person.contactId !== null) {
        await this.contacts.leaveIn(tx, person.contactId);
        continue;
      }
      const place = placeOf(person, agencies);
      const contactId = person.contactId ?? contacts.get(person.addressKey);
      const agencyId =
        contactId === undefined
          ? await this.add(tx, person, place, contacts)
          : await this.change(tx, person, place, contactId);
      agencies.set(person.agency.toLowerCase(), agencyId);
    }
  }

  private async add(tx: Tx, person: PlannedPerson, place: Place, contacts: Map<string, string>): Promise<string> {
    const { name, email, phone } = person;
    const added = await this.newPeople.add(tx, { name, email, phone, ...place, confirmed: true }, 'FEED');
    contacts.set(person.addressKey, added.contactId);
    if (added.agencyId === null) throw new Error('A person who was just added has no post');
    return added.agencyId;
  }

  private async change(tx: Tx, person: PlannedPerson, place: Place, contactId: string): Promise<string> {
    const contact = await tx.lock(Contact, contactId);
    const { mobile, accessNeeds } = contact;
    const phone = person.phone ?? contact.phone;
    const corrected = contact.correct({ name: person.name, phone, mobile, accessNeeds });
    if (corrected !== null) {
      await tx.save(contact);
      await tx.record(corrected);
    }
    const post = await this.newPeople.postAt(tx, place);
    await this.holdings.startUnlessHeld(tx, { contactId, postId: post.id, fromOn: today(tx) });
    return post.agencyId;
  }
}

async function knownOf(tx: Tx, lines: readonly ReadLine[]): Promise<Known> {
  const listed = lines.map(readPerson).flatMap((read) => ('person' in read ? [read.person] : []));
  const keys = [...new Set(listed.map(({ addressKey }) => addressKey))];
  const people = await peopleWithAddresses(tx, keys);
  const agencies = await agenciesNamed(
    tx,
    listed.map(({ agency }) => agency),
  );
  const posts = await postsOfPeople(
    tx,
    people.map(({ id }) => id),
  );
  return {
    people,
    posts,
    agencies: agencies.map((agency) => ({ ...agency, ended: agency.endedOn !== null && agency.endedOn <= today(tx) })),
    inboxes: await inboxesWithAddresses(tx, keys),
  };
}

function placeOf(person: PlannedPerson, agencies: ReadonlyMap<string, string>): Place {
  const { agency, post: postTitle, team, newAgency: category } = person;
  const teamName = team ?? undefined;
  const agencyId = agencies.get(agency.toLowerCase());
  if (agencyId !== undefined) return { agencyId, postTitle, teamName };
  return { newAgency: { name: agency, category: category ?? '' }, postTitle, teamName };
}

function previewOf(plan: ListPlan, unused: readonly string[]): ImportPreview {
  const digest = createHash('sha256').update(JSON.stringify(plan)).digest('hex');
  return { ...plan, unused, digest };
}

function counted(people: readonly PlannedPerson[]): Omit<ImportResult, 'skipped'> {
  const of = (kind: PlannedPerson['kind']): number => people.filter((person) => person.kind === kind).length;
  return { added: of('NEW'), changed: of('CHANGED'), unchanged: of('UNCHANGED') };
}

function changedSince(): RuleBroken {
  const message = 'The directory has changed since you looked at this list. Look again below, then add the people';
  return new RuleBroken('NOTHING_CHANGED', message, 'list');
}

function notAllGood(lines: number): RuleBroken {
  const which = lines === 1 ? '1 line' : `${lines.toLocaleString('en-GB')} lines`;
  const message = `${which} cannot be taken. Put the list right, or tick that the others may be added without them`;
  return new RuleBroken('NEEDS_CONFIRMATION', message, 'skipBad');
}
