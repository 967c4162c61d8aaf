/** The PostgreSQL of a run: its own, on disk with every safety on, stopped at once again and again. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../src/database/embedded-postgres.js';
import { migrate } from '../src/database/migrate.js';

const DATABASE = 'faults';
/** How long PostgreSQL may be away, in milliseconds. */
const PATIENCE = 30_000;

export class Cluster {
  private constructor(
    private readonly folder: string,
    private running: EmbeddedPostgres,
  ) {}

  /** Starts an empty one in the folder and makes the tables. */
  static async start(folder: string): Promise<Cluster> {
    const running = await startEmbeddedPostgres({ folder, database: DATABASE });
    await migrate(running.ownerUrl);
    return new Cluster(folder, running);
  }

  get ownerUrl(): string {
    return this.running.ownerUrl;
  }

  /** Signs in as a role of the product's. */
  urlFor(role: 'quorate_app' | 'quorate_mail'): string {
    return role === 'quorate_app' ? this.running.appUrl : this.running.mailUrl;
  }

  /** The path of the socket that PostgreSQL listens at. */
  get socket(): string {
    return join(new URL(this.running.adminUrl).searchParams.get('host') ?? '', '.s.PGSQL.5432');
  }

  /** An immediate stop: nothing is tidied up, as when the power goes, but for what the disk was given. Then starts it. */
  async crash(): Promise<void> {
    const id = this.postmaster();
    process.kill(id, 'SIGQUIT');
    while (isAlive(id)) await sleep(5);
    this.running = await startEmbeddedPostgres({ folder: this.folder, database: DATABASE });
  }

  /** A question asked as the superuser, past the proxy; while PostgreSQL is away it is asked again. */
  async ask<R extends object>(text: string, values: readonly unknown[] = []): Promise<R[]> {
    const deadline = Date.now() + PATIENCE;
    for (;;) {
      try {
        return await this.askOnce<R>(text, values);
      } catch (error) {
        const code = (error as { code?: string }).code ?? 'gone';
        if (!/^(57P0|ENOENT|ECONN|EPIPE|gone)/.test(code) || Date.now() > deadline) throw error;
        await sleep(50);
      }
    }
  }

  async stop(): Promise<void> {
    await this.running.stop();
    // Somebody's connection may have kept it running: nobody needs it any more.
    try {
      process.kill(this.postmaster(), 'SIGQUIT');
    } catch {
      // It has gone.
    }
  }

  private async askOnce<R extends object>(text: string, values: readonly unknown[]): Promise<R[]> {
    const client = new Client({ connectionString: this.running.adminUrl });
    client.on('error', () => undefined);
    try {
      await client.connect();
      return (await client.query<R>(text, [...values])).rows;
    } finally {
      await client.end().catch(() => undefined);
    }
  }

  private postmaster(): number {
    return Number(readFileSync(join(this.running.dataFolder, 'postmaster.pid'), 'utf8').split('\n')[0]);
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
