import { Inject, Injectable, Logger } from '@nestjs/common';
import { PgBoss } from 'pg-boss';
import { type EntityManager } from 'typeorm';
import { type Settings, SETTINGS } from '../config.js';

export const QUEUE_SCHEMA = 'jobs';

/** Every queue there is: made when the database is migrated, since the service's own role may not create. */
export const QUEUES = ['sweep'] as const;
export type QueueName = (typeof QUEUES)[number];

/**
 * Timers, on the same PostgreSQL. Whatever falls due is a row compared with the service's clock; the queue only wakes
 * the sweep that looks.
 */
@Injectable()
export class Queue {
  private readonly log = new Logger('Queue');
  private readonly boss: PgBoss;
  private working = false;

  constructor(@Inject(SETTINGS) settings: Settings) {
    this.boss = new PgBoss({
      connectionString: settings.databaseUrl,
      schema: QUEUE_SCHEMA,
      max: 2,
      migrate: false,
      createSchema: false,
    });
    this.boss.on('error', (error) => {
      this.log.warn(`The job queue could not reach the database: ${error.message}`);
    });
  }

  /** Starts working: only in a process that has the worker's role. */
  async start(): Promise<void> {
    await this.boss.start();
    this.working = true;
  }

  /** Runs `job` for each entry of a queue; it must be safe to run twice. */
  async work(name: QueueName, job: (entry: Record<string, unknown>) => Promise<void>): Promise<void> {
    await this.boss.work<Record<string, unknown>>(name, { pollingIntervalSeconds: 2 }, async (entries) => {
      for (const entry of entries) await job(entry.data);
    });
  }

  /** Wakes a queue on a cron schedule. */
  async schedule(name: QueueName, cron: string): Promise<void> {
    await this.boss.schedule(name, cron);
  }

  /** Puts a job on a queue in the transaction of `manager`. */
  async send(manager: EntityManager, name: string, job: Record<string, unknown>, startAfter?: Date): Promise<void> {
    const db = {
      executeSql: async (text: string, values?: unknown[]) => ({
        rows: await manager.query<Record<string, unknown>[]>(text, values),
      }),
    };
    await this.boss.send(name, job, { db, ...(startAfter ? { startAfter } : {}) });
  }

  /** Lets jobs in hand finish, then stops. */
  async stop(): Promise<void> {
    if (this.working) await this.boss.stop({ graceful: true, timeout: 5_000 });
    this.working = false;
  }
}
