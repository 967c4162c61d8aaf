/**
 * People from a list that somebody keeps in a spreadsheet: one line a person, with agency and post. The list is looked at
 * line by line before anything is changed; each line that cannot be taken is named with its number, its column and what
 * to do, and the same list a second time changes nothing. It never ends anything: who is not on it stays, and a post that
 * somebody holds already stays beside the one on the list.
 */
import { RuleBroken } from '../errors.js';
import { AGENCY_CATEGORIES, type AgencyCategory, CATEGORY_LABELS } from './agency-category.js';
import { type ContactStatus } from './contact.js';
import { optionalPhone, requiredName } from './name.js';
import { registeredAddress } from './registered-address.js';

/** The columns, in any order; the first line names them. Only the team may be missing. */
export const LIST_COLUMNS = ['name', 'email', 'phone', 'agency', 'category', 'post', 'team'] as const;
export type ListColumn = (typeof LIST_COLUMNS)[number];

/** One line as it was read. */
export interface ReadLine {
  readonly line: number;
  readonly cells: Readonly<Partial<Record<ListColumn, string>>>;
  /** It has more cells than the first line names. */
  readonly tooLong: boolean;
}

export interface ListedPerson {
  readonly line: number;
  readonly name: string;
  readonly email: string;
  readonly addressKey: string;
  readonly phone: string | null;
  readonly agency: string;
  /** Null when the line leaves it out, which it may for an agency that is known. */
  readonly category: AgencyCategory | null;
  readonly post: string;
  readonly team: string | null;
}

/** Why a line cannot be taken. */
export interface BadCell {
  readonly line: number;
  readonly column: ListColumn | null;
  readonly message: string;
}

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

/** One line as a person, or everything that is wrong with it. */
export function readPerson(read: ReadLine): { person: ListedPerson } | { bad: BadCell[] } {
  const { line, cells } = read;
  const bad: BadCell[] = [];
  const cell = <T>(column: ListColumn, check: (typed: string) => T, otherwise: T): T => {
    try {
      return check(legible(cells[column] ?? '', column));
    } catch (error) {
      if (!(error instanceof RuleBroken)) throw error;
      bad.push({ line, column, message: error.message });
      return otherwise;
    }
  };
  if (read.tooLong) bad.push({ line, column: null, message: TOO_LONG });
  const person = {
    line,
    name: cell('name', (typed) => requiredName(typed, { field: 'name', ask: 'Enter a full name' }), ''),
    ...cell('email', (typed) => registeredAddress(typed), { email: '', addressKey: '' }),
    phone: cell('phone', (typed) => optionalPhone(typed, 'phone'), null),
    agency: cell('agency', (typed) => requiredName(typed, { field: 'agency', ask: 'Enter the agency' }), ''),
    category: cell('category', categoryIn, null),
    post: cell('post', (typed) => requiredName(typed, { field: 'post', ask: 'Enter the post' }), ''),
    team: cell('team', teamIn, null),
  };
  return bad.length === 0 ? { person } : { bad };
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
    const planned = planPerson(read.person, people, known);
    if ('message' in planned) bad.push(planned);
    else people.push(planned);
  }
  return { people, bad };
}

function planPerson(person: ListedPerson, above: readonly PlannedPerson[], known: Known): PlannedPerson | BadCell {
  const agency = agencyOf(person, above, known);
  if ('message' in agency) return agency;
  const twin = above.find((other) => other.addressKey === person.addressKey);
  if (twin !== undefined && !same(twin.name, person.name)) {
    const message = `Line ${twin.line} has this address for ${twin.name}. Give each person their own`;
    return { line: person.line, column: 'email', message };
  }
  const inbox = known.inboxes.find(({ addressKey }) => addressKey === person.addressKey);
  if (inbox !== undefined) {
    const message = `This is a shared inbox of ${inbox.agencyName}. Enter the person’s own address`;
    return { line: person.line, column: 'email', message };
  }
  const contact = contactOf(person, known);
  if (contact !== null && 'message' in contact) return contact;
  const { newAgency } = agency;
  const base = { ...person, newAgency, contactId: contact?.id ?? null };
  if (contact === null && twin === undefined) return { ...base, kind: 'NEW', changes: [] };
  const changes = [...changesTo(person, contact), ...postChange(person, contact, above, known)];
  return { ...base, kind: changes.length === 0 ? 'UNCHANGED' : 'CHANGED', changes };
}

function agencyOf(
  person: ListedPerson,
  above: readonly PlannedPerson[],
  known: Known,
): { newAgency: AgencyCategory | null } | BadCell {
  const { line, category } = person;
  const agency = known.agencies.find(({ name }) => same(name, person.agency));
  if (agency?.ended === true) {
    return { line, column: 'agency', message: `${agency.name} has ended. Enter the agency they work for now` };
  }
  const before = above.find((other) => same(other.agency, person.agency) && other.newAgency !== null);
  const settled = agency?.category ?? before?.newAgency ?? null;
  if (settled !== null && category !== null && category !== settled) {
    const where = agency === undefined ? `on line ${before?.line ?? 0}` : 'in the directory';
    return { line, column: 'category', message: `${person.agency} is ${CATEGORY_LABELS[settled]} ${where}` };
  }
  if (agency !== undefined) return { newAgency: null };
  const newAgency = settled ?? category;
  return newAgency === null ? { line, column: 'category', message: NEW_AGENCY } : { newAgency };
}

function contactOf(person: ListedPerson, known: Known): KnownPerson | BadCell | null {
  const { line } = person;
  const withAddress = known.people.filter(({ addressKey }) => addressKey === person.addressKey);
  const [first, second] = withAddress;
  const named = withAddress.find(({ name }) => same(name, person.name));
  const contact = named ?? first ?? null;
  if (named === undefined && second !== undefined) {
    return { line, column: 'email', message: 'Several people in the directory have this address, none with this name' };
  }
  if (contact?.status !== 'LEFT') return contact;
  return { line, column: 'name', message: `${contact.name} has left. Mark them as back in the directory first` };
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
  above: readonly PlannedPerson[],
  known: Known,
): string[] {
  const held = known.posts.some((post) => post.contactId === contact?.id && isPostOf(post, person));
  const listed = above.some(
    (other) =>
      other.addressKey === person.addressKey &&
      isPostOf({ agency: other.agency, post: other.post, teams: other.team === null ? [] : [other.team] }, person),
  );
  return held || listed ? [] : [`Also ${person.post}, ${person.agency}`];
}

function isPostOf(post: Omit<KnownPost, 'contactId'>, { agency, post: title, team }: ListedPerson): boolean {
  const inTeam = team === null || post.teams.some((name) => same(name, team));
  return same(post.agency, agency) && same(post.post, title) && inTeam;
}

const TOO_LONG = 'This line has more columns than the first line names. Put text that holds commas in quotation marks';
const NEW_AGENCY = 'This agency is not in the directory yet. Enter its category, like Police or Health';

const CATEGORIES_BY_NAME = new Map(
  AGENCY_CATEGORIES.flatMap((code) => [
    [simple(code), code],
    [simple(CATEGORY_LABELS[code]), code],
  ]),
);

function categoryIn(typed: string): AgencyCategory | null {
  if (typed.trim() === '') return null;
  const category = CATEGORIES_BY_NAME.get(simple(typed));
  if (category !== undefined) return category;
  const known = AGENCY_CATEGORIES.map((code) => CATEGORY_LABELS[code]).join(', ');
  throw new RuleBroken('INVALID', `Enter one of: ${known}`, 'category');
}

function teamIn(typed: string): string | null {
  return typed.trim() === '' ? null : requiredName(typed, { field: 'team', ask: 'Enter the team' });
}

function legible(typed: string, field: ListColumn): string {
  if (!typed.includes('\ufffd')) return typed;
  throw new RuleBroken('INVALID', 'Some letters could not be read. Save the list as CSV UTF-8', field);
}

function simple(text: string): string {
  return text.toLowerCase().replace(/[^a-z]+/g, '');
}

function same(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}
