/**
 * People from a list that somebody keeps in a spreadsheet: one line a person, with agency and post. The list is looked at
 * line by line before anything is changed; each line that cannot be taken is named with its number, its column and what
 * to do, and the same list a second time changes nothing. Who is not on it stays, and a post that somebody holds already
 * stays beside the one on the list; only who is marked as left has left.
 */
import { RuleBroken } from '../errors.js';
import { AGENCY_CATEGORIES, type AgencyCategory, CATEGORY_LABELS } from './agency-category.js';
import { optionalPhone, requiredName } from './name.js';
import { registeredAddress } from './registered-address.js';

/** The columns, in any order; the first line names them. Team and left may be missing. */
export const LIST_COLUMNS = ['name', 'email', 'phone', 'agency', 'category', 'post', 'team', 'left'] as const;
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
  /** Has left the agency. */
  readonly left: boolean;
}

/** Why a line cannot be taken. */
export interface BadCell {
  readonly line: number;
  readonly column: ListColumn | null;
  readonly message: string;
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
    left: cell('left', leftIn, false),
  };
  return bad.length === 0 ? { person } : { bad };
}

const TOO_LONG = 'This line has more columns than the first line names. Put text that holds commas in quotation marks';

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

function leftIn(typed: string): boolean {
  const said = simple(typed);
  if (said === '' || said === 'no' || said === 'n') return false;
  if (['yes', 'y', 'left', 'x'].includes(said)) return true;
  throw new RuleBroken('INVALID', 'Enter yes for somebody who has left, or leave it empty', 'left');
}

function legible(typed: string, field: ListColumn): string {
  if (!typed.includes('\ufffd')) return typed;
  throw new RuleBroken('INVALID', 'Some letters could not be read. Save the list as CSV UTF-8', field);
}

function simple(text: string): string {
  return text.toLowerCase().replace(/[^a-z]+/g, '');
}

/** The same name, however capitals stand. */
export function same(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}
