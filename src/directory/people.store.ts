import { localDate } from '../authorities/working-days.js';
import { type Tx } from '../database/tx.js';
import { type AgencyCategory } from './agency-category.js';
import { CONTACT_STATUSES, type ContactStatus } from './contact.js';
import { type EndReason } from './holding.js';
import { type KnownAddresses } from './look-alike.js';
import * as sql from './people.sql.js';
import { type KnownPost } from './people-plan.js';
import { type PersonInPost } from './person-in-post.js';
import { doubtOf, type Sureness } from './verification/doubt.js';

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
      ? await peopleIn(tx, sql.PEOPLE_BY_NAME, values)
      : await peopleIn(tx, sql.PEOPLE_BY_WORDS, [...values, patterns, escapeLike(words.join(' '))]);
  return { people: found.slice(0, limit), more: found.length > limit };
}

/** Chosen people, each with the post chosen for them or else the newest they hold; ids of nobody are left out. */
export async function peopleById(
  tx: Tx,
  chosen: readonly { contactId: string; postId?: string | null }[],
): Promise<PersonInPost[]> {
  const ids = chosen.map(({ contactId }) => contactId);
  const posts = chosen.map(({ postId }) => postId ?? null);
  return peopleIn(tx, sql.PEOPLE_BY_ID, [tx.by.authorityId, today(tx), ids, posts]);
}

export async function peopleOfAgency(tx: Tx, agencyId: string): Promise<PersonInPost[]> {
  return peopleIn(tx, sql.PEOPLE_OF_AGENCY, [tx.by.authorityId, today(tx), agencyId]);
}

export async function holdersOf(tx: Tx, postIds: readonly string[]): Promise<PersonInPost[]> {
  return peopleIn(tx, sql.HOLDERS_OF_POSTS, [tx.by.authorityId, today(tx), postIds]);
}

export async function peopleOfCategories(
  tx: Tx,
  categories: readonly string[],
  limit: number,
): Promise<PersonInPost[]> {
  return peopleIn(tx, sql.PEOPLE_OF_CATEGORIES, [tx.by.authorityId, today(tx), categories, limit]);
}

export async function deputiesOf(tx: Tx, postId: string): Promise<PersonInPost[]> {
  return peopleIn(tx, sql.DEPUTIES_OF_POST, [tx.by.authorityId, today(tx), postId]);
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

/** What an address is compared with to find a slip: the directory's domains and the addresses that might be meant. */
export async function addressesLike(tx: Tx, key: string, of?: string): Promise<Omit<KnownAddresses, 'agencyDomains'>> {
  const at = key.lastIndexOf('@');
  const half = Math.max(Math.floor(at / 2) - 1, 0);
  const values = [tx.by.authorityId, key.slice(0, at), key.slice(at + 1), half, of ?? null];
  const found = await tx.sql<{ addressKey: string }>(sql.ADDRESSES_LIKE, values);
  const domains = await tx.sql<{ domain: string }>(sql.DOMAINS_OF_AGENCIES, [tx.by.authorityId, today(tx)]);
  return { addresses: found.map(({ addressKey }) => addressKey), domains: domains.map(({ domain }) => domain) };
}

/** For chosen people, addresses of colleagues that might be meant instead. */
export async function colleaguesLike(tx: Tx, contactIds: readonly string[]): Promise<Map<string, string[]>> {
  const values = [tx.by.authorityId, today(tx), contactIds];
  const rows = await tx.sql<{ contactId: string; addresses: string[] }>(sql.COLLEAGUES_LIKE, values);
  return new Map(rows.map(({ contactId, addresses }) => [contactId, addresses]));
}

export async function holdingsOf(tx: Tx, contactId: string): Promise<HoldingRow[]> {
  return tx.sql<HoldingRow>(sql.HOLDINGS_OF_CONTACT, [tx.by.authorityId, contactId]);
}

/** The posts people hold now or will hold, by name. */
export async function postsOfPeople(tx: Tx, contactIds: readonly string[]): Promise<KnownPost[]> {
  return tx.sql<KnownPost>(sql.POSTS_OF_PEOPLE, [tx.by.authorityId, today(tx), contactIds]);
}

type PersonRow = Omit<PersonInPost, 'doubt'> & Sureness;

/** The people that a statement finds, each with what speaks against relying on their particulars. */
async function peopleIn(tx: Tx, text: string, values: readonly unknown[]): Promise<PersonInPost[]> {
  const rows = await tx.sql<PersonRow>(text, values);
  return rows.map(({ verificationDue, undeliverable, ...person }) => {
    const { status, lastVerifiedAt } = person;
    const known = { status, lastVerifiedAt, verificationDue, undeliverable };
    return { ...person, doubt: doubtOf(known, tx.now) };
  });
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
