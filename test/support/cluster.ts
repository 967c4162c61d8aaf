import { randomBytes } from 'node:crypto';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { startEmbeddedPostgres } from '../../src/database/embedded-postgres.js';
import { execute, prepareDatabase } from '../../src/database/prepare-database.js';
import { runFolder, sweep, thisRun } from './leftovers.js';

/** A database of a test file's own, migrated and empty. */
export interface TestDatabase {
  readonly appUrl: string;
  readonly ownerUrl: string;
  readonly mailUrl: string;
  /** The superuser, who is above row-level security: for looking, and for what no role of the service may do. */
  readonly adminUrl: string;
  /** Throws when the test left a connection open. */
  drop(): Promise<void>;
}

/** The server of one run of the tests. */
export interface TestCluster {
  readonly adminUrl: string;
  readonly template: string;
  readonly folder: string | undefined;
  stop(): Promise<void>;
}

/** A copy of the migrated template, in 30 to 60 ms. */
export async function aDatabase(): Promise<TestDatabase> {
  const { QUORATE_TEST_ADMIN_URL: adminUrl, QUORATE_TEST_TEMPLATE: template } = process.env;
  if (!adminUrl || !template) throw new Error('No cluster was started for this run: see test/support/global-setup.ts.');
  const name = `${template}_${randomBytes(4).toString('hex')}`;
  await asAdmin(adminUrl, async (admin) => {
    await execute(admin, `format('CREATE DATABASE %I TEMPLATE %I OWNER quorate_owner', $1::text, $2::text)`, [
      name,
      template,
    ]);
    await execute(admin, `format('REVOKE ALL ON DATABASE %I FROM PUBLIC', $1::text)`, [name]);
    const roles = 'quorate_migrate, quorate_app, quorate_mail, quorate_audit';
    await execute(admin, `format('GRANT CONNECT ON DATABASE %I TO ' || $2, $1::text)`, [name, roles]);
  });
  return {
    appUrl: urlFor(adminUrl, name, 'quorate_app'),
    ownerUrl: urlFor(adminUrl, name, 'quorate_migrate'),
    mailUrl: urlFor(adminUrl, name, 'quorate_mail'),
    adminUrl: urlFor(adminUrl, name),
    drop: () => asAdmin(adminUrl, (admin) => dropDatabase(admin, name)),
  };
}

/** Starts the run's server, or takes part of the one in TEST_DATABASE_URL, and migrates the template. */
export async function startCluster(): Promise<TestCluster> {
  sweep();
  const template = `quorate_test_${thisRun()}`;
  const cluster = process.env.TEST_DATABASE_URL
    ? await lentCluster(process.env.TEST_DATABASE_URL, template)
    : await ownCluster(template);
  try {
    const { migrate } = await import('../../src/database/migrate.js');
    await migrate(urlFor(cluster.adminUrl, template, 'quorate_migrate'));
    await asAdmin(cluster.adminUrl, (admin) =>
      execute(admin, `format('ALTER DATABASE %I WITH IS_TEMPLATE true ALLOW_CONNECTIONS false', $1::text)`, [template]),
    );
    return cluster;
  } catch (error) {
    await cluster.stop();
    throw error;
  }
}

async function ownCluster(template: string): Promise<TestCluster> {
  const folder = runFolder();
  const server = await startEmbeddedPostgres({ folder, memory: true, database: template });
  const adminUrl = urlFor(server.adminUrl, 'postgres');
  return {
    adminUrl,
    template,
    folder,
    stop: async () => {
      const left = await asAdmin(adminUrl, (admin) => dropLeftovers(admin, template)).finally(() => server.stop());
      if (!existsSync(join(folder, 'data', 'postmaster.pid'))) rmSync(folder, { recursive: true, force: true });
      complain(left);
    },
  };
}

/** A server lent for tests: the roles get the password of its URL, since they sign in there as well. */
async function lentCluster(lent: string, template: string): Promise<TestCluster> {
  const password = new URL(lent).password;
  await asAdmin(lent, async (admin) => {
    await prepareDatabase(admin, (name) => urlFor(lent, name), template);
    for (const role of password ? ['quorate_migrate', 'quorate_app', 'quorate_mail', 'quorate_audit'] : []) {
      await execute(admin, `format('ALTER ROLE %I PASSWORD %L', $1::text, $2::text)`, [
        role,
        decodeURIComponent(password),
      ]);
    }
  });
  const stop = async (): Promise<void> => {
    complain(await asAdmin(lent, (admin) => dropLeftovers(admin, template)));
  };
  return { adminUrl: lent, template, folder: undefined, stop };
}

function complain(left: string[]): void {
  if (left.length > 0)
    throw new Error(`Tests left databases behind, now dropped: ${left.join(', ')}. Call drop() in afterAll.`);
}

/** Drops the template and answers which other databases of this run were still there. */
async function dropLeftovers(admin: Client, template: string): Promise<string[]> {
  const found = await admin.query<{ name: string }>(
    `SELECT datname AS name FROM pg_database WHERE datname = $1 OR starts_with(datname, $1 || '_') ORDER BY datname`,
    [template],
  );
  for (const { name } of found.rows) {
    await execute(admin, `format('ALTER DATABASE %I WITH IS_TEMPLATE false', $1::text)`, [name]);
    await execute(admin, `format('DROP DATABASE %I WITH (FORCE)', $1::text)`, [name]);
  }
  return found.rows.map(({ name }) => name).filter((name) => name !== template);
}

async function dropDatabase(admin: Client, name: string): Promise<void> {
  const left = await connectionsLeft(admin, name);
  await execute(admin, `format('DROP DATABASE IF EXISTS %I WITH (FORCE)', $1::text)`, [name]);
  if (left.length > 0) throw new Error(`The test left connections to its database open: ${left.join(', ')}.`);
}

/** Who is still connected, after up to two seconds to go. */
async function connectionsLeft(admin: Client, name: string): Promise<string[]> {
  const deadline = Date.now() + 2_000;
  for (;;) {
    const found = await admin.query<{ who: string }>(
      `SELECT usename || ' ' || application_name AS who FROM pg_stat_activity WHERE datname = $1 AND backend_type = 'client backend'`,
      [name],
    );
    if (found.rows.length === 0 || Date.now() > deadline) return found.rows.map(({ who }) => who);
    await sleep(20);
  }
}

async function asAdmin<T>(url: string, work: (admin: Client) => Promise<T>): Promise<T> {
  const admin = new Client({ connectionString: url, application_name: 'quorate tests' });
  await admin.connect();
  try {
    return await work(admin);
  } finally {
    await admin.end();
  }
}

function urlFor(adminUrl: string, database: string, user?: string): string {
  const url = new URL(adminUrl);
  url.pathname = `/${database}`;
  if (user) url.username = user;
  return url.href;
}
