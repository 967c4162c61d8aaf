import { localDate } from '../authorities/working-days.js';
import { type Tx } from '../database/tx.js';
import { NotFound } from '../errors.js';
import {
  BLOCKED,
  END_ACCESS,
  EVERYTHING_OF,
  EXCLUDABLE,
  EXCLUDED_AGENCY,
  EXCLUDED_CONTACT,
  EXCLUDED_INBOX,
  EXCLUDED_POST,
  EXCLUSIONS,
  HOLDERS,
  INBOXES,
  KEEP_ADDRESS,
  KEEP_OPEN,
  KEEP_POSTS,
  MAY_KNOW,
  MAY_KNOW_AGAIN,
  MEMBERS_TOLD,
  MUST_NOT_KNOW,
  PEOPLE_BEHIND,
} from './excluded.sql.js';
import { type Excluded, Exclusion, type ExclusionReason } from './exclusion.js';
import { agencyKey, contactKey, keysOfPerson, postKey } from './standing.js';

export type ExcludedKind = 'PERSON' | 'POST' | 'INBOX' | 'AGENCY';

/** One line of the list of exclusions. */
export interface ExclusionRow {
  readonly id: string;
  readonly version: number;
  readonly kind: ExcludedKind;
  readonly name: string;
  readonly agencyName: string | null;
  readonly reason: ExclusionReason;
  readonly alternative: string | null;
  readonly addedAt: Date;
  readonly addedBy: string | null;
  readonly liftedAt: Date | null;
  readonly liftedReason: string | null;
}

/** Somebody or something that could be excluded. */
export interface Excludable {
  readonly kind: ExcludedKind;
  readonly id: string;
  readonly name: string;
  /** Their posts and agencies. */
  readonly where: string | null;
}

interface Person {
  readonly id: string;
  readonly addressKey: string;
}

const keysOfPeople = (people: readonly Person[]): string[] =>
  people.flatMap(keysOfPerson);

/** Locks who is to be excluded, before the matter is locked: as a change in the directory does. Throws NotFound. */
export async function lockExcluded(tx: Tx, excluded: Excluded): Promise<Locked> {
  if ('contactId' in excluded) return locked(tx, EXCLUDED_CONTACT, excluded.contactId);
  if ('inboxId' in excluded) return locked(tx, EXCLUDED_INBOX, excluded.inboxId);
  if ('postId' in excluded) return locked(tx, EXCLUDED_POST, excluded.postId);
  return locked(tx, EXCLUDED_AGENCY, excluded.agencyId);
}

/** What was locked: its id, and its address if it has one. */
interface Locked {
  readonly id: string;
  readonly key: string;
}

/**
 * Every key they bring, once they and the matter are locked: a person their address, a post its holders now and to
 * come, a mailbox its address, an agency its mailboxes and those of its people who have been told.
 */
export async function keysOf(tx: Tx, excluded: Excluded, { id, key }: Locked, matterId: string): Promise<string[]> {
  const at = [tx.by.authorityId, id] as const;
  if ('contactId' in excluded) return [contactKey(id), key];
  if ('inboxId' in excluded) return [key];
  const today = localDate(tx.now);
  if ('postId' in excluded) return [postKey(id), ...keysOfPeople(await tx.sql<Person>(HOLDERS, [...at, today]))];
  const inboxes = await tx.sql<{ key: string }>(INBOXES, at);
  const told = await tx.sql<Person>(MEMBERS_TOLD, [...at, today, matterId]);
  return [agencyKey(id), ...inboxes.map((inbox) => inbox.key), ...keysOfPeople(told)];
}

async function locked(tx: Tx, statement: string, id: string): Promise<Locked> {
  const [row] = await tx.sql<{ key: string }>(statement, [tx.by.authorityId, id]);
  if (row === undefined) throw new NotFound();
  return { id, key: row.key };
}

/** Name, address and all keys of a contact's present and coming posts and agencies; throws NotFound. */
export async function everythingOf(
  tx: Tx,
  contactId: string,
): Promise<{ name: string; addressKey: string; keys: string[] }> {
  const [row] = await tx.sql<{ name: string; addressKey: string; keys: string[] }>(EVERYTHING_OF, [
    tx.by.authorityId,
    contactId,
    localDate(tx.now),
  ]);
  if (row === undefined) throw new NotFound();
  return row;
}

/** What is about to be told of a matter. */
interface Still {
  readonly contactId: string;
  readonly postIds: readonly string[];
}

/**
 * Holds a contact's address, posts and a matter's exclusions as they are until the transaction ends, in the order in which
 * an exclusion locks them. Throws NotFound for a matter that is not there or not this actor's.
 */
export async function holdStill(tx: Tx, { contactId, postIds }: Still, matterId: string): Promise<void> {
  await tx.sql(KEEP_ADDRESS, [tx.by.authorityId, contactId]);
  if (postIds.length > 0) await tx.sql(KEEP_POSTS, [tx.by.authorityId, [...postIds]]);
  const [matter] = await tx.sql(KEEP_OPEN, [tx.by.authorityId, matterId]);
  if (matter === undefined) throw new NotFound();
}

/** Those of the keys that must not know. */
export async function blocked(tx: Tx, matterId: string, keys: readonly string[]): Promise<string[]> {
  const rows = await tx.sql<{ who: string }>(BLOCKED, [tx.by.authorityId, matterId, [...keys]]);
  return rows.map(({ who }) => who);
}

/** Notes that the keys may know, where nothing is noted yet. */
export async function allowToKnow(tx: Tx, matterId: string, keys: readonly string[]): Promise<void> {
  await tx.sql(MAY_KNOW, [tx.by.authorityId, matterId, [...new Set(keys)]]);
}

/** Turns the keys to "must not know"; the database refuses while anything live refers to one. */
export async function forbidToKnow(tx: Tx, matterId: string, keys: readonly string[]): Promise<void> {
  await tx.sql(MUST_NOT_KNOW, [tx.by.authorityId, matterId, [...new Set(keys)]]);
}

/** Turns the keys back to "may know". */
export async function allowAgain(tx: Tx, matterId: string, keys: readonly string[]): Promise<void> {
  await tx.sql(MAY_KNOW_AGAIN, [tx.by.authorityId, matterId, [...keys]]);
}

/** Who with access to the matter stands behind the keys: contacts, a partner's agency, members of staff. */
export async function peopleBehind(tx: Tx, matterId: string, keys: readonly string[]): Promise<string[]> {
  const rows = await tx.sql<{ id: string }>(PEOPLE_BEHIND, [tx.by.authorityId, matterId, [...keys]]);
  return rows.map(({ id }) => id);
}

/** Ends somebody's access to the matter, at once. */
export async function endAccess(tx: Tx, matterId: string, personId: string): Promise<void> {
  await tx.sql(END_ACCESS, [matterId, personId]);
}

/** The exclusions of a matter that count now. */
export async function liveExclusions(tx: Tx, matterId: string): Promise<Exclusion[]> {
  const all = await tx.manager.find(Exclusion, {
    where: { authorityId: tx.by.authorityId, matterId },
    order: { addedAt: 'ASC', id: 'ASC' },
  });
  return all.filter((one) => one.isLive);
}

/** The exclusions of a matter as a list for people, those that count first. */
export async function exclusionRows(tx: Tx, matterId: string): Promise<ExclusionRow[]> {
  return tx.sql<ExclusionRow>(EXCLUSIONS, [tx.by.authorityId, matterId]);
}

/** People, posts, mailboxes and agencies by a part of the name. */
export async function excludable(tx: Tx, words: string): Promise<Excludable[]> {
  const pattern = `%${words.toLowerCase().replace(/[\\%_]/g, '\\$&')}%`;
  return tx.sql<Excludable>(EXCLUDABLE, [tx.by.authorityId, pattern]);
}
