import { createHash } from 'node:crypto';
import { GraphQLError } from 'graphql';
import { type Tx } from '../database/tx.js';
import { RuleBroken } from '../errors.js';

/** An answer is kept 72 hours; 24 are promised (security guide, 7.2). */
export const KEPT_MS = 72 * 3_600_000;
const LONGEST_KEY = 200;

const ONE_AT_A_TIME = `select pg_advisory_xact_lock(hashtextextended($1, 0))`;
const FIND = `select digest, answer from kept_answer where authority_id = $1 and client_id = $2 and key = $3 and created_at > $4`;
const FORGET = `delete from kept_answer where authority_id = $1 and client_id = $2 and created_at <= $3`;
const KEEP = `insert into kept_answer (authority_id, client_id, key, digest, answer, created_at) values ($1, $2, $3, $4, $5, $6)`;

export type KeptAnswer = Record<string, unknown>;

/** A change with a key of the client's: sent again, it is answered as the first time and not done again. */
export interface Keyed {
  readonly key: string;
  /** What was asked, in short; another question under the same key is refused. */
  readonly digest: string;
}

/** The key a change was sent with, as part of the input or as a header; both must agree. Throws KEY_REUSED, TOO_LONG. */
export function keyOf(inInput: string | null | undefined, inHeader: string | undefined): string | null {
  const [key = null, another] = [...new Set([inInput, inHeader].filter((one) => one))];
  if (another !== undefined) throw refusal('KEY_REUSED', 'The header and the input have different keys: send one');
  if (key != null && key.length > LONGEST_KEY) {
    throw refusal('TOO_LONG', `Shorten the key to ${LONGEST_KEY} characters or fewer`);
  }
  return key;
}

/** What a partner reads who sent a change without a key. */
export function keyMissing(): RuleBroken {
  return refusal('REQUIRED', 'Send a key of your own with each change, so that it can be repeated safely');
}

function refusal(code: 'KEY_REUSED' | 'TOO_LONG' | 'REQUIRED', message: string): RuleBroken {
  return new RuleBroken(code, message, 'clientMutationId');
}

/** What was asked, in short: the words of the question and its variables, in whatever order they came. */
export function digestOf(query: string, variables: unknown): string {
  return createHash('sha256')
    .update(`${query}\n${inOrder(variables)}`)
    .digest('hex');
}

/**
 * The answer given to this key before, once whoever is at it has ended; nothing when it is new. Throws KEY_REUSED when
 * something else was asked under it.
 */
export async function findAnswer(tx: Tx, { key, digest }: Keyed): Promise<KeptAnswer | undefined> {
  const { authorityId, id } = tx.by;
  await oneAtATime(tx, `${authorityId}|${id}|${key}`);
  const since = new Date(tx.now.getTime() - KEPT_MS);
  const [kept] = await tx.sql<{ digest: string; answer: KeptAnswer }>(FIND, [authorityId, id, key, since]);
  if (kept === undefined) return undefined;
  if (kept.digest === digest) return kept.answer;
  throw refusal('KEY_REUSED', 'This key was sent with something else before. Nothing has been changed: send a new key');
}

/** Keeps the answer in the transaction of the change, so that one is there with the other or not at all. */
export async function keepAnswer(tx: Tx, { key, digest }: Keyed, answer: KeptAnswer): Promise<void> {
  const { authorityId, id } = tx.by;
  await tx.sql(FORGET, [authorityId, id, new Date(tx.now.getTime() - KEPT_MS)]);
  await tx.sql(KEEP, [authorityId, id, key, digest, JSON.stringify(answer), tx.now]);
}

async function oneAtATime(tx: Tx, what: string): Promise<void> {
  try {
    await tx.sql(ONE_AT_A_TIME, [what]);
  } catch (error) {
    if ((error as { driverError?: { code?: string } }).driverError?.code !== '57014') throw error;
    throw new GraphQLError('The same change is still being made. Send it again in a few seconds', {
      extensions: { code: 'BAD_REQUEST', http: { status: 409, headers: new Map([['retry-after', '5']]) } },
    });
  }
}

/** JSON with the names of objects in order. */
function inOrder(value: unknown): string {
  return JSON.stringify(value ?? null, (_key, one: unknown) =>
    typeof one === 'object' && one !== null && !Array.isArray(one)
      ? Object.fromEntries(Object.entries(one).sort(([a], [b]) => (a < b ? -1 : 1)))
      : one,
  );
}
