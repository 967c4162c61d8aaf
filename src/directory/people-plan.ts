/**
 * What a list of people would do to the directory, line by line and before anything is changed. A person is known by
 * their address; the name has to agree where several share one. An agency keeps the category it has: quorum counts it, so
 * no list changes it by the way.
 */
import { RuleBroken } from '../errors.js';
import { type AgencyCategory, CATEGORY_LABELS } from './agency-category.js';
import { type ContactStatus } from './contact.js';
import { type BadCell, type ListColumn, type ListedPerson, type ReadLine, readPerson, same } from './people-list.js';

export interface KnownPerson {
  readonly id: string;
  readonly name: string;
  readonly status: ContactStatus;
  readonly addressKey: string;
  readonly phone: string | null;
}

export interface KnownPost {
  readonly contactId: string;
  readonly agency: string;
  readonly post: string;
  /** The team's name and those it had; empty without a team. */
  readonly teams: readonly string[];
}

/** What the directory holds of the people and agencies on the list. */
export interface Known {
  readonly people: readonly KnownPerson[];
  readonly posts: readonly KnownPost[];
  readonly agencies: readonly { readonly name: string; readonly category: AgencyCategory; readonly ended: boolean }[];
  /** Shared inboxes: nobody's own address. */
  readonly inboxes: readonly { readonly addressKey: string; readonly agencyName: string }[];
}

/** What a line would do. */
export interface PlannedPerson extends ListedPerson {
  readonly kind: 'NEW' | 'CHANGED' | 'UNCHANGED';
  /** The contact it is about; null for somebody new. */
  readonly contactId: string | null;
  readonly newAgency: AgencyCategory | null;
  /** What would change, in words. */
  readonly changes: readonly string[];
}

export interface ListPlan {
  readonly people: readonly PlannedPerson[];
  readonly bad: readonly BadCell[];
}

/** What the whole list would do. */
export function planList(lines: readonly ReadLine[], known: Known): ListPlan {
  const people: PlannedPerson[] = [];
  const bad: BadCell[] = [];
  for (const line of lines) {
    const read = readPerson(line);
    if ('bad' in read) {
      bad.push(...read.bad);
      continue;
    }
    try {
      const { person } = read;
      people.push(person.left ? planLeaver(person, known) : planPerson(person, people, known));
    } catch (error) {
      if (!(error instanceof RuleBroken)) throw error;
      bad.push({ line: line.line, column: (error.field ?? null) as ListColumn | null, message: error.message });
    }
  }
  return { people, bad };
}

function planPerson(person: ListedPerson, above: readonly PlannedPerson[], known: Known): PlannedPerson {
  const newAgency = newAgencyOf(person, above, known);
  const twin = above.find((other) => other.addressKey === person.addressKey);
  if (twin !== undefined && !same(twin.name, person.name)) {
    refuse('email', `Line ${twin.line} has this address for ${twin.name}. Give each person their own`);
  }
  mustBeOwnAddress(person, known);
  const contact = contactOf(person, known);
  const planned = { ...person, newAgency, contactId: contact?.id ?? null };
  if (contact === null && twin === undefined) return { ...planned, kind: 'NEW', changes: [] };
  const changes = [...changesTo(person, contact), ...postChange(person, contact, { above, known })];
  return { ...planned, kind: changes.length === 0 ? 'UNCHANGED' : 'CHANGED', changes };
}

/** Somebody marked as left: known by address and name, and gone from then on; marked again, nothing changes. */
function planLeaver(person: ListedPerson, known: Known): PlannedPerson {
  const contact = known.people.find((one) => one.addressKey === person.addressKey && same(one.name, person.name));
  if (contact === undefined) {
    return refuse('left', 'Nobody with this name and address is in the directory. Take the line out');
  }
  const planned = { ...person, newAgency: null, contactId: contact.id };
  if (contact.status === 'LEFT') return { ...planned, kind: 'UNCHANGED', changes: [] };
  return { ...planned, kind: 'CHANGED', changes: ['Has left: what they were asked is passed on'] };
}

function mustBeOwnAddress(person: ListedPerson, known: Known): void {
  const inbox = known.inboxes.find(({ addressKey }) => addressKey === person.addressKey);
  if (inbox !== undefined) {
    refuse('email', `This is a shared inbox of ${inbox.agencyName}. Enter the person’s own address`);
  }
}

/** The category of an agency that is not in the directory yet; null for one that is. */
function newAgencyOf(person: ListedPerson, above: readonly PlannedPerson[], known: Known): AgencyCategory | null {
  const agency = known.agencies.find(({ name }) => same(name, person.agency));
  if (agency !== undefined) {
    if (agency.ended) refuse('agency', `${agency.name} has ended. Enter the agency they work for now`);
    mustAgree(person, agency.category, 'in the directory');
    return null;
  }
  const before = above.find((other) => same(other.agency, person.agency));
  if (before?.newAgency) {
    mustAgree(person, before.newAgency, `on line ${before.line}`);
    return before.newAgency;
  }
  return person.category ?? refuse('category', NEW_AGENCY);
}

function mustAgree({ agency, category }: ListedPerson, settled: AgencyCategory, where: string): void {
  if (category === null || category === settled) return;
  refuse('category', `${agency} is ${CATEGORY_LABELS[settled]} ${where}. Enter that, or leave it empty`);
}

function contactOf(person: ListedPerson, known: Known): KnownPerson | null {
  const withAddress = known.people.filter(({ addressKey }) => addressKey === person.addressKey);
  const named = withAddress.find(({ name }) => same(name, person.name));
  if (named === undefined && withAddress.length > 1) {
    refuse('email', 'Several people in the directory have this address, none with this name');
  }
  const contact = named ?? withAddress[0] ?? null;
  if (contact?.status === 'LEFT') {
    refuse('name', `${contact.name} has left. Mark them as back in the directory first`);
  }
  return contact;
}

function changesTo(person: ListedPerson, contact: KnownPerson | null): string[] {
  if (contact === null) return [];
  const changes: string[] = [];
  if (contact.name !== person.name) changes.push(`Name: ${contact.name} becomes ${person.name}`);
  if (person.phone !== null && contact.phone !== person.phone) {
    changes.push(`Telephone: ${contact.phone ?? 'none'} becomes ${person.phone}`);
  }
  return changes;
}

function postChange(
  person: ListedPerson,
  contact: KnownPerson | null,
  { above, known }: { above: readonly PlannedPerson[]; known: Known },
): string[] {
  const held = known.posts.some((post) => post.contactId === contact?.id && isPostOf(post, person));
  const listed = above.some((other) => other.addressKey === person.addressKey && isPostOf(asPost(other), person));
  return held || listed ? [] : [`Also ${person.post}, ${person.agency}`];
}

function isPostOf(post: Omit<KnownPost, 'contactId'>, { agency, post: title, team }: ListedPerson): boolean {
  const inTeam = team === null || post.teams.some((name) => same(name, team));
  return same(post.agency, agency) && same(post.post, title) && inTeam;
}

function asPost({ agency, post, team }: ListedPerson): Omit<KnownPost, 'contactId'> {
  return { agency, post, teams: team === null ? [] : [team] };
}

function refuse(column: ListColumn, message: string): never {
  throw new RuleBroken('INVALID', message, column);
}

const NEW_AGENCY = 'This agency is not in the directory yet. Enter its category, like Police or Health';
