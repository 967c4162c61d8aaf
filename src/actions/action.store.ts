import { type Tx } from '../database/tx.js';
import { NotFound } from '../errors.js';
import { Action, type ActionPriority, type ActionStatus } from './action.js';
import * as sql from './action.sql.js';

/** An action as lists and pages show it. */
export interface ActionRow {
  readonly id: string;
  readonly version: number;
  readonly ref: string;
  readonly text: string;
  readonly status: ActionStatus;
  /** `YYYY-MM-DD` */
  readonly dueOn: string;
  readonly priority: ActionPriority;
  readonly reason: string | null;
  readonly doneNote: string | null;
  readonly settledAt: Date | null;
  readonly createdAt: Date;
  readonly meetingId: string;
  readonly meetingStartsAt: Date;
  readonly matterId: string;
  readonly matterRef: string;
  readonly ownerContactId: string;
  readonly ownerName: string;
  readonly postTitle: string | null;
  readonly agencyId: string;
  readonly agencyName: string;
  readonly ownerAttended: boolean;
}

/** Somebody of the meeting who could own an action. */
export interface OwnerChoice {
  readonly contactId: string;
  readonly name: string;
  readonly agencyName: string | null;
  readonly postTitle: string | null;
  readonly attended: boolean;
}

export interface ActionFilter {
  /** Only those still open; all of them otherwise. */
  readonly open: boolean;
  /** Only those due before this day (`YYYY-MM-DD`). */
  readonly dueBefore: string | null;
  readonly agencyId: string | null;
  readonly staffId: string | null;
  /** From 1; fifty a page. */
  readonly page: number;
}

const PAGE = 50;

/** One page of actions, and whether there are more. */
export async function actionRows(tx: Tx, filter: ActionFilter): Promise<{ rows: ActionRow[]; more: boolean }> {
  const { dueBefore, agencyId, staffId, page } = filter;
  const statement = filter.open ? sql.OPEN_ACTIONS : sql.ALL_ACTIONS;
  const values = [tx.by.authorityId, dueBefore, agencyId, staffId, (page - 1) * PAGE];
  const found = await tx.sql<ActionRow>(statement, values);
  return { rows: found.slice(0, PAGE), more: found.length > PAGE };
}

/** One action, or NotFound. */
export async function actionRow(tx: Tx, id: string): Promise<ActionRow> {
  const [row] = await tx.sql<ActionRow>(sql.ONE_ACTION, [tx.by.authorityId, id]);
  if (row === undefined) throw new NotFound();
  return row;
}

export async function actionsOfMeeting(tx: Tx, meetingId: string): Promise<ActionRow[]> {
  return tx.sql<ActionRow>(sql.OF_MEETING, [tx.by.authorityId, meetingId]);
}

export async function actionsOfMatter(tx: Tx, matterId: string): Promise<ActionRow[]> {
  return tx.sql<ActionRow>(sql.OF_MATTER, [tx.by.authorityId, matterId]);
}

/** What somebody owns: everything live, and what came to its end since `since`. */
export async function actionsOfOwner(tx: Tx, contactId: string, since: Date): Promise<ActionRow[]> {
  return tx.sql<ActionRow>(sql.OF_OWNER, [tx.by.authorityId, contactId, since]);
}

/** Agencies that own open actions, for choosing one. */
export async function owningAgencies(tx: Tx): Promise<{ id: string; name: string }[]> {
  return tx.sql(sql.AGENCIES, [tx.by.authorityId]);
}

/** Everybody who was asked to a meeting or came to it, those who came first. */
export async function peopleOfMeeting(tx: Tx, meetingId: string): Promise<OwnerChoice[]> {
  return tx.sql<OwnerChoice>(sql.PEOPLE, [tx.by.authorityId, meetingId]);
}

/** Locks the live actions of a matter behind which one of these keys stands. */
export async function lockLiveBehind(tx: Tx, matterId: string, keys: readonly string[]): Promise<Action[]> {
  return lockAll(tx, await tx.sql<{ id: string }>(sql.LIVE_BEHIND, [tx.by.authorityId, matterId, keys]));
}

/** Locks everything live that a contact owns. */
export async function lockLiveOf(tx: Tx, contactId: string): Promise<Action[]> {
  return lockAll(tx, await tx.sql<{ id: string }>(sql.LIVE_OF_CONTACT, [tx.by.authorityId, contactId]));
}

/** The references of what is still open in a matter. */
export async function openOfMatter(tx: Tx, matterId: string): Promise<string[]> {
  const rows = await tx.sql<{ ref: string }>(sql.OPEN_OF_MATTER, [tx.by.authorityId, matterId]);
  return rows.map(({ ref }) => ref);
}

/** Keeps a contact from leaving or moving until the transaction ends; throws NotFound. */
export async function holdContact(tx: Tx, contactId: string): Promise<void> {
  const found = await tx.sql(sql.HOLD_CONTACT, [tx.by.authorityId, contactId]);
  if (found.length === 0) throw new NotFound();
}

/** Whether a message of a stream has left, or may have. */
export async function hasLeft(tx: Tx, stream: string): Promise<boolean> {
  return (await tx.sql(sql.HAS_LEFT, [tx.by.authorityId, stream])).length > 0;
}

/** One after the other by id; those that somebody settled meanwhile are left out. */
async function lockAll(tx: Tx, rows: readonly { id: string }[]): Promise<Action[]> {
  const actions: Action[] = [];
  for (const { id } of rows) actions.push(await tx.lock(Action, id));
  return actions.filter((action) => action.verdict !== null);
}
