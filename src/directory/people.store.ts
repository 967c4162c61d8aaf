import { localDate } from '../authorities/working-days.js';
import { type Tx } from '../database/tx.js';
import { type AgencyCategory } from './agency-category.js';
import { CONTACT_STATUSES, type ContactStatus } from './contact.js';
import { type EndReason } from './holding.js';
import * as sql from './people.sql.js';
import { type KnownPost } from './people-plan.js';
import { type PersonInPost } from './person-in-post.js';

/** The people of one page. */
export interface PeoplePage {
  readonly people: PersonInPost[];
  /** There are more after these. */
  readonly more: boolean;
}

export interface PeopleQuery {
  /** Part of a name, a post, a team, an agency or an address; words in any order. */
  readonly part?: string;
  /** Also those who have left and duplicates. */
  readonly everybody?: boolean;
  /** Most people; 50 unless told, 200 at most. */
  readonly limit?: number;
  readonly offset?: number;
}

export interface SameAddress {
  readonly id: string;
  readonly name: string;
  readonly status: ContactStatus;
  readonly addressKey: string;
  readonly phone: string | null;
  readonly version: number;
}

export interface HoldingRow {
  readonly id: string;
  readonly version: number;
  readonly fromOn: string;
  readonly toOn: string | null;
  readonly endReason: EndReason | null;
  readonly postId: string;
  readonly postTitle: string;
  readonly canDecide: boolean;
  readonly teamName: string | null;
  readonly agencyId: string;
  readonly agencyName: string;
  readonly category: AgencyCategory;
}

const ASKABLE: ContactStatus[] = ['ACTIVE', 'UNVERIFIED', 'ON_LEAVE'];
const PAGE = 50;
const PAGE_MAX = 200;
const WORDS_MAX = 8;

/** Today on the wall of the United Kingdom (`YYYY-MM-DD`). */
export function today(tx: Tx): string {
  return localDate(tx.now);
}

/** People by part of a name, post, team or agency; everybody in order of name when nothing is typed. */
export async function searchPeople(tx: Tx, query: PeopleQuery): Promise<PeoplePage> {
  const limit = Math.min(Math.max(query.limit ?? PAGE, 1), PAGE_MAX);
  const statuses = query.everybody === true ? CONTACT_STATUSES : ASKABLE;
  const values = [tx.by.authorityId, today(tx), statuses, limit + 1, Math.max(query.offset ?? 0, 0)];
  const typed = fold(query.part ?? '');
  const words = typed.split(/\s+/).filter((word) => word !== '');
  const patterns = words.slice(0, WORDS_MAX).map((word) => `%${escapeLike(word)}%`);
  const found =
    patterns.length === 0
      ? await tx.sql<PersonInPost>(sql.PEOPLE_BY_NAME, values)
      : await tx.sql<PersonInPost>(sql.PEOPLE_BY_WORDS, [...values, patterns, escapeLike(words.join(' '))]);
  return { people: found.slice(0, limit), more: found.length > limit };
}

/** Chosen people, each with the post chosen for them or else the newest they hold; ids of nobody are left out. */
export async function peopleById(
  tx: Tx,
  chosen: readonly { contactId: string; postId?: string | null }[],
): Promise<PersonInPost[]> {
  const ids = chosen.map(({ contactId }) => contactId);
  const posts = chosen.map(({ postId }) => postId ?? null);
  return tx.sql<PersonInPost>(sql.PEOPLE_BY_ID, [tx.by.authorityId, today(tx), ids, posts]);
}

export async function peopleOfAgency(tx: Tx, agencyId: string): Promise<PersonInPost[]> {
  return tx.sql<PersonInPost>(sql.PEOPLE_OF_AGENCY, [tx.by.authorityId, today(tx), agencyId]);
}

export async function holdersOf(tx: Tx, postIds: readonly string[]): Promise<PersonInPost[]> {
  return tx.sql<PersonInPost>(sql.HOLDERS_OF_POSTS, [tx.by.authorityId, today(tx), postIds]);
}

export async function peopleOfCategories(
  tx: Tx,
  categories: readonly string[],
  limit: number,
): Promise<PersonInPost[]> {
  return tx.sql<PersonInPost>(sql.PEOPLE_OF_CATEGORIES, [tx.by.authorityId, today(tx), categories, limit]);
}

export async function deputiesOf(tx: Tx, postId: string): Promise<PersonInPost[]> {
  return tx.sql<PersonInPost>(sql.DEPUTIES_OF_POST, [tx.by.authorityId, today(tx), postId]);
}

export async function peopleWithAddresses(tx: Tx, keys: readonly string[]): Promise<SameAddress[]> {
  return tx.sql<SameAddress>(sql.PEOPLE_WITH_ADDRESSES, [tx.by.authorityId, keys]);
}

export async function inboxesWithAddresses(
  tx: Tx,
  keys: readonly string[],
): Promise<{ address: string; addressKey: string; agencyName: string }[]> {
  return tx.sql(sql.INBOXES_WITH_ADDRESSES, [tx.by.authorityId, keys]);
}

export async function holdingsOf(tx: Tx, contactId: string): Promise<HoldingRow[]> {
  return tx.sql<HoldingRow>(sql.HOLDINGS_OF_CONTACT, [tx.by.authorityId, contactId]);
}

/** The posts people hold now or will hold, by name. */
export async function postsOfPeople(tx: Tx, contactIds: readonly string[]): Promise<KnownPost[]> {
  return tx.sql<KnownPost>(sql.POSTS_OF_PEOPLE, [tx.by.authorityId, today(tx), contactIds]);
}

/** Waits until nobody else is adding that address. */
export async function oneAtATime(tx: Tx, addressKey: string): Promise<void> {
  await tx.sql(sql.ONE_AT_A_TIME, [tx.by.authorityId, addressKey]);
}

/** What was typed, as it is compared: lower case, one kind of apostrophe. */
export function fold(typed: string): string {
  return typed.normalize('NFC').replaceAll('\0', '').trim().slice(0, 200).toLowerCase().replaceAll('’', "'");
}

/** A word in a LIKE pattern, where it stands for nothing but itself. */
export function escapeLike(word: string): string {
  return word.replace(/[\\%_]/g, '\\$&');
}
