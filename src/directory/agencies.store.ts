import { type Tx } from '../database/tx.js';
import { type AgencyCategory } from './agency-category.js';
import * as sql from './agencies.sql.js';
import { escapeLike, fold, holdersOf, today } from './people.store.js';
import { type PersonInPost } from './person-in-post.js';
import { type PostFunction } from './post.js';

export interface AgencyRow {
  readonly id: string;
  readonly version: number;
  readonly name: string;
  readonly category: AgencyCategory;
  readonly discipline: string | null;
  readonly phone: string | null;
  readonly endedOn: string | null;
  /** How many hold a post there now. */
  readonly people: number;
}

export interface AgencyChoice {
  readonly id: string;
  readonly name: string;
  readonly category: AgencyCategory;
}

export interface AgencyQuery {
  readonly part?: string;
  /** Also those that have ended. */
  readonly ended?: boolean;
  /** Most agencies; 50 unless told, 200 at most. */
  readonly limit?: number;
  readonly offset?: number;
}

export interface TeamRow {
  readonly id: string;
  readonly version: number;
  readonly name: string;
  readonly formerNames: string[];
  readonly fromOn: string;
  readonly toOn: string | null;
}

export interface InboxRow {
  readonly id: string;
  readonly version: number;
  readonly address: string;
  readonly restricted: boolean;
  readonly endedOn: string | null;
  readonly teamId: string | null;
  readonly teamName: string | null;
}

export interface DeputyRow {
  readonly id: string;
  readonly version: number;
  readonly postId: string;
  readonly deputyPostId: string;
  readonly rank: number;
  readonly fromOn: string;
  /** The title of the post that stands in. */
  readonly postTitle: string;
}

export interface PostRow {
  readonly id: string;
  readonly version: number;
  readonly title: string;
  readonly discipline: string | null;
  readonly canDecide: boolean;
  readonly functions: PostFunction[];
  readonly endedOn: string | null;
  readonly teamId: string | null;
  readonly teamName: string | null;
}

/** A post with who holds it now and who stands in. */
export interface StaffedPost extends PostRow {
  readonly holders: PersonInPost[];
  readonly deputies: DeputyRow[];
}

const PAGE = 50;
const PAGE_MAX = 200;

/** Agencies by part of their name, with whether there are more. */
export async function searchAgencies(tx: Tx, query: AgencyQuery): Promise<{ agencies: AgencyRow[]; more: boolean }> {
  const limit = Math.min(Math.max(query.limit ?? PAGE, 1), PAGE_MAX);
  const start = escapeLike(fold(query.part ?? ''));
  const found = await tx.sql<AgencyRow>(sql.AGENCIES_BY_NAME, [
    tx.by.authorityId,
    today(tx),
    `%${start}%`,
    start,
    query.ended ?? false,
    limit + 1,
    Math.max(query.offset ?? 0, 0),
  ]);
  return { agencies: found.slice(0, limit), more: found.length > limit };
}

export async function agencyChoices(tx: Tx): Promise<AgencyChoice[]> {
  return tx.sql<AgencyChoice>(sql.AGENCY_CHOICES, [tx.by.authorityId, today(tx)]);
}

/** Agencies with one of these names, however capitals stand. */
export async function agenciesNamed(
  tx: Tx,
  names: readonly string[],
): Promise<(AgencyChoice & { endedOn: string | null })[]> {
  return tx.sql(sql.AGENCIES_NAMED, [tx.by.authorityId, names.map((name) => name.toLowerCase())]);
}

export async function teamsOf(tx: Tx, agencyId: string): Promise<TeamRow[]> {
  return tx.sql<TeamRow>(sql.TEAMS_OF_AGENCY, [tx.by.authorityId, agencyId]);
}

export async function inboxesOf(tx: Tx, agencyId: string): Promise<InboxRow[]> {
  return tx.sql<InboxRow>(sql.INBOXES_OF_AGENCY, [tx.by.authorityId, agencyId]);
}

/** The posts of an agency, those there are now first, each with holders and deputies. */
export async function staffedPostsOf(tx: Tx, agencyId: string): Promise<StaffedPost[]> {
  const { authorityId } = tx.by;
  const posts = await tx.sql<PostRow>(sql.POSTS_OF_AGENCY, [authorityId, agencyId]);
  const deputies = await tx.sql<DeputyRow>(sql.DEPUTIES_OF_AGENCY, [authorityId, agencyId, today(tx)]);
  const holders = await holdersOf(
    tx,
    posts.map(({ id }) => id),
  );
  return posts.map((post) => ({
    ...post,
    holders: holders.filter(({ postId }) => postId === post.id),
    deputies: deputies.filter(({ postId }) => postId === post.id),
  }));
}

/** Posts of an agency with that title, however capitals stand. */
export async function postsTitled(
  tx: Tx,
  agencyId: string,
  title: string,
): Promise<{ id: string; teamId: string | null }[]> {
  return tx.sql(sql.POSTS_TITLED, [tx.by.authorityId, agencyId, title.toLowerCase(), today(tx)]);
}

/** The team of an agency that has or had that name. */
export async function teamNamed(tx: Tx, agencyId: string, name: string): Promise<string | undefined> {
  const values = [tx.by.authorityId, agencyId, name.toLowerCase(), today(tx)];
  const [team] = await tx.sql<{ id: string }>(sql.TEAMS_NAMED, values);
  return team?.id;
}

/** Ids of the holdings of posts that are not over, with who holds them. */
export async function openHoldings(tx: Tx, postIds: readonly string[]): Promise<{ id: string; contactId: string }[]> {
  return tx.sql(sql.OPEN_HOLDINGS, [tx.by.authorityId, postIds, today(tx)]);
}

/** The deputies for or by posts that are not over. */
export async function openDeputies(
  tx: Tx,
  postIds: readonly string[],
): Promise<{ id: string; postId: string; rank: number }[]> {
  return tx.sql(sql.OPEN_DEPUTIES, [tx.by.authorityId, postIds, today(tx)]);
}
