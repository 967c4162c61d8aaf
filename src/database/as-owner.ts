import { DataSource, type EntityManager } from 'typeorm';
import { systemActor } from '../access/actor.js';
import { contextStatements } from './context.js';
import { ownerOptions } from './data-source.js';

/**
 * Runs work in one transaction as the owner of the tables, for what the running service may not do: making an
 * authority, loading the demonstration. The owner too sees an authority's rows only after `enterAuthority`.
 */
export async function asOwner<T>(ownerUrl: string, work: (manager: EntityManager) => Promise<T>): Promise<T> {
  const source = await new DataSource({ ...ownerOptions(ownerUrl), migrations: [] }).initialize();
  try {
    return await source.transaction(work);
  } finally {
    await source.destroy();
  }
}

/** Sets the context of an authority, as the service itself, until the transaction ends. */
export async function enterAuthority(manager: EntityManager, authorityId: number): Promise<void> {
  await manager.query(contextStatements(systemActor(authorityId)));
}
