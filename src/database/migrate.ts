import { PgBoss } from 'pg-boss';
import { DataSource } from 'typeorm';
import { ownerOptions } from './data-source.js';
import { QUEUE_SCHEMA, QUEUES } from './queue.js';

/**
 * Brings the database to this release: the tables, then the job queue's own schema, which the service's role may use
 * but not change. Safe to run again, and by two processes at once (the second waits).
 */
export async function migrate(ownerUrl: string): Promise<void> {
  const source = await new DataSource(ownerOptions(ownerUrl)).initialize();
  const runner = source.createQueryRunner();
  try {
    await runner.query('select pg_advisory_lock(7106)');
    await source.runMigrations({ transaction: 'each' });
    await prepareQueue(source);
  } finally {
    await runner.query('select pg_advisory_unlock(7106)').catch(() => undefined);
    await runner.release();
    await source.destroy();
  }
}

async function prepareQueue(source: DataSource): Promise<void> {
  const db = {
    executeSql: async (text: string, values?: unknown[]) => ({ rows: await source.query<unknown[]>(text, values) }),
  };
  const boss = new PgBoss({ db, schema: QUEUE_SCHEMA, supervise: false, schedule: false });
  boss.on('error', () => undefined);
  await boss.start();
  for (const name of QUEUES) await boss.createQueue(name);
  await boss.stop({ graceful: false });
  await source.query(`
    grant usage on schema jobs to quorate_app;
    grant select, insert, update, delete on all tables in schema jobs to quorate_app;
    grant usage on all sequences in schema jobs to quorate_app;
    grant execute on all functions in schema jobs to quorate_app;
  `);
}
