import { Inject, Injectable } from '@nestjs/common';
import { type Actor } from '../access/actor.js';
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
   * acts inside an open transaction (`Tx.joining`) takes part in that one, which such an error takes back as a whole.
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
      return await work(open);
    } catch (error) {
      const broken = asRuleBroken(error);
      open.broken = broken;
      throw broken;
    }
  }

  private async once<T>(by: Actor, work: (tx: Tx) => Promise<T>): Promise<T> {
    const runner = this.database.source.createQueryRunner();
    const tx = new Tx(by, this.clock.now(), runner.manager, this.listeners, this.queue);
    try {
      Object.assign(runner, { isTransactionActive: true }); // begun by hand, for one round trip less
      // eslint-disable-next-line no-restricted-syntax -- the tenant context: literals that `contextStatements` has checked
      await runner.query(`START TRANSACTION; ${contextStatements(by)}`);
      const result = await work(tx);
      if (tx.broken !== undefined) throw tx.broken as Error;
      await tx.keepRecorded();
      await runner.query('COMMIT');
      Object.assign(runner, { isTransactionActive: false });
      tx.committed();
      return result;
    } catch (error) {
      if (runner.isTransactionActive) await runner.query('ROLLBACK').catch(() => undefined);
      throw error;
    } finally {
      tx.ended = true;
      await runner.release();
    }
  }
}
