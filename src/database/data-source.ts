import { DataSource } from 'typeorm';
import { type PostgresDataSourceOptions } from 'typeorm/driver/postgres/PostgresDataSourceOptions.js';
import { PreparedClient } from './prepared-client.js';
import { tables } from './tables.js';
import { StatementLogger } from './logger.js';

const extension = import.meta.filename.endsWith('.ts') ? 'ts' : 'js';

/** How the service signs in: the restricted role, time limits that keep one hung statement from hanging the rest. */
export function appOptions(url: string, poolSize: number): PostgresDataSourceOptions {
  return {
    type: 'postgres',
    url,
    entities: tables,
    synchronize: false,
    installExtensions: false,
    logger: new StatementLogger(),
    logging: ['error', 'warn'],
    poolSize,
    connectTimeoutMS: 2_000,
    poolErrorHandler: () => undefined,
    extra: {
      Client: PreparedClient,
      statement_timeout: 5_000,
      idle_in_transaction_session_timeout: 10_000,
      maxLifetimeSeconds: 1_800,
    },
  };
}

/** How migrations sign in: by DATABASE_OWNER_URL, as a role that becomes the owner. */
export function ownerOptions(url: string): PostgresDataSourceOptions {
  return {
    type: 'postgres',
    url,
    entities: tables,
    migrations: [`${import.meta.dirname}/../../migrations/*.${extension}`],
    migrationsTransactionMode: 'each',
    synchronize: false,
    installExtensions: false,
    logger: new StatementLogger(),
    poolSize: 3,
    poolErrorHandler: () => undefined,
    extra: { options: '-c role=quorate_owner -c lock_timeout=3s' },
  };
}

/** For TypeORM's own command line. */
export default new DataSource(ownerOptions(process.env.DATABASE_OWNER_URL ?? 'postgresql://localhost/quorate'));
