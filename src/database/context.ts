import { type Actor } from '../access/actor.js';

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * The statements that say who is asking, for row-level security. Literals and never parameters, since `set_config`
 * does not reach the shards of a distributed database; so each part is checked or cleaned here, and nowhere else.
 */
export function contextStatements(by: Actor): string {
  if (!Number.isSafeInteger(by.authorityId) || by.authorityId <= 0) throw new Error('An actor without an authority');
  if (!uuid.test(by.knowsAs) || !uuid.test(by.id)) throw new Error('An actor without an id');
  const label = `${by.kind}:${by.id} ${by.name}`.replace(/[\p{Cc}'\\]/gu, '’');
  return `SET LOCAL app.authority_id = '${by.authorityId}'; SET LOCAL app.actor_id = '${by.knowsAs}'; SET LOCAL app.actor = '${label}'`;
}

/** The statement that changes whose need to know counts, within a transaction that has its context. */
export function knowingStatement(knowsAs: string): string {
  if (!uuid.test(knowsAs)) throw new Error('Nobody to know it');
  return `SET LOCAL app.actor_id = '${knowsAs}'`;
}
