import { createHash } from 'node:crypto';
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Pool, type PoolClient } from 'pg';
import { type Actor } from '../access/actor.js';
import { type Settings, SETTINGS } from '../config.js';
import { asRuleBroken } from './constraints.js';
import { contextStatements } from './context.js';

/** How long a connection lives: what was prepared on it goes with it. */
const LIFE_SECONDS = 1_800;
/** How many statements are prepared in that time: a flood of different questions must not fill the database's memory. */
const PREPARED = 500;

export interface ReadStatement {
  readonly text: string;
  readonly values: readonly unknown[];
}

/**
 * Reads with one statement in a transaction of its own, for one actor, on connections of its own, since TypeORM prepares
 * nothing: a statement that comes a second time is prepared and planned once for each connection. The context goes ahead
 * of it in one round trip, and nobody waits for the end of a transaction that changed nothing.
 */
@Injectable()
export class Reader implements OnApplicationShutdown {
  private readonly pool: Pool;
  private names = new Map<string, string>();
  private since = Date.now();

  constructor(@Inject(SETTINGS) settings: Settings) {
    this.pool = new Pool({
      connectionString: settings.databaseUrl,
      application_name: 'quorate reader',
      max: settings.poolSize,
      connectionTimeoutMillis: 2_000,
      maxLifetimeSeconds: LIFE_SECONDS,
      statement_timeout: 5_000,
      idle_in_transaction_session_timeout: 10_000,
    });
    this.pool.on('error', () => undefined);
  }

  /** The first row of the statement's answer, or nothing. The text is made by us; values are always parameters. */
  async row<R extends object>(by: Actor, { text, values }: ReadStatement): Promise<R | undefined> {
    const client = await this.pool.connect();
    try {
      // eslint-disable-next-line no-restricted-syntax -- the tenant context: literals that `contextStatements` has checked
      await client.query(`BEGIN READ ONLY; ${contextStatements(by)}`);
      const name = this.nameOf(text);
      const { rows } = await client.query<R>({ ...(name === undefined ? {} : { name }), text, values: [...values] });
      end(client, 'COMMIT');
      return rows[0];
    } catch (error) {
      end(client, 'ROLLBACK');
      throw asRuleBroken(error);
    }
  }

  async onApplicationShutdown(): Promise<void> {
    await this.pool.end();
  }

  /** A statement is prepared when it comes for the second time. */
  private nameOf(text: string): string | undefined {
    if (Date.now() - this.since > LIFE_SECONDS * 1_000) {
      this.names = new Map();
      this.since = Date.now();
    }
    const known = this.names.get(text);
    if (known === undefined && this.names.size < PREPARED) this.names.set(text, '');
    if (known !== '') return known;
    const name = `q${createHash('sha256').update(text).digest('base64url').slice(0, 20)}`;
    this.names.set(text, name);
    return name;
  }
}

/** Ends the transaction without anybody waiting; a connection that cannot is not used again. */
function end(client: PoolClient, how: 'COMMIT' | 'ROLLBACK'): void {
  client.query(how).then(
    () => {
      client.release();
    },
    (error: unknown) => {
      client.release(error instanceof Error ? error : true);
    },
  );
}
