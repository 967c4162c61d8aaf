import { Inject, Injectable } from '@nestjs/common';
import { type QueryRunner } from 'typeorm';
import { type Actor } from '../access/actor.js';
import { type Change } from '../history/change.js';
import { Listeners } from '../history/listeners.js';
import { Clock } from './clock.js';
import { asRuleBroken, isWorthRetrying } from './constraints.js';
import { contextStatements } from './context.js';
import { Database } from './database.js';
import { Queue } from './queue.js';
import { joinedBy, Tx } from './tx.js';

const TRIES = 3;

/**
 * The one way to change anything: one transaction, opened for one actor in one authority. The work locks, allows,
 * changes, records and queues; what it recorded is appended to the history last, because that row is the authority's
 * bottleneck. A deadlock or a serialisation failure runs the whole unit again, so work must have no effect outside.
 */
@Injectable()
export class UnitOfWork {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Listeners) private readonly listeners: Listeners,
    @Inject(Queue) private readonly queue: Queue,
  ) {}

  /**
   * Runs `work` in one transaction as `by`. Errors of the work roll everything back and reach the caller. An actor that
   * acts inside an open transaction (`Tx.joining`) takes part in that one.
   */
  async run<T>(by: Actor, work: (tx: Tx) => Promise<T>): Promise<T> {
    const open = joinedBy(by);
    if (open !== undefined) return this.within(open, work);
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.once(by, work);
      } catch (error) {
        if (attempt >= TRIES || !isWorthRetrying(error)) throw asRuleBroken(error);
      }
    }
  }

  /**
   * Runs statements without a tenant context, which row-level security answers with nothing: only for the lookup
   * functions that find out to which authority a secret or an address belongs.
   */
  async outside<T>(
    work: (sql: <R>(text: string, values?: readonly unknown[]) => Promise<R[]>) => Promise<T>,
  ): Promise<T> {
    return work(async <R>(text: string, values: readonly unknown[] = []) =>
      this.database.source.query<R[]>(text, [...values]),
    );
  }

  private async within<T>(open: Tx, work: (tx: Tx) => Promise<T>): Promise<T> {
    try {
      return await open.part(work);
    } catch (error) {
      throw asRuleBroken(error);
    }
  }

  private async once<T>(by: Actor, work: (tx: Tx) => Promise<T>): Promise<T> {
    const runner = this.database.source.createQueryRunner();
    const tx = new Tx(by, this.clock.now(), runner.manager, this.listeners, this.queue);
    try {
      await runner.startTransaction();
      await runner.query(contextStatements(by));
      const result = await work(tx);
      await append(runner, tx.recorded, tx.now);
      await runner.commitTransaction();
      tx.committed();
      return result;
    } catch (error) {
      if (runner.isTransactionActive) await runner.rollbackTransaction().catch(() => undefined);
      throw error;
    } finally {
      tx.ended = true;
      await runner.release();
    }
  }
}

const APPEND = `select audit_append($1, c->>'action', c->>'object', coalesce(c->'details', '{}'), (c->>'matterId')::uuid, (c->>'agencyId')::uuid)
  from jsonb_array_elements($2::jsonb) with ordinality as t(c, n) order by n`;

async function append(runner: QueryRunner, changes: readonly Change[], at: Date): Promise<void> {
  if (changes.length > 0) await runner.query(APPEND, [at, JSON.stringify(changes)]);
}
