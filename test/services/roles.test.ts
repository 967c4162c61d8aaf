import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { prepareDatabase } from '../../src/database/prepare-database.js';
import { aDatabase, type TestDatabase } from '../support/cluster.js';

let database: TestDatabase;

beforeAll(async () => {
  database = await aDatabase();
});
afterAll(() => database.drop());

/** The rows of the last statement, run in one session of the role whose address it is. */
async function query(url: string, ...statements: string[]): Promise<unknown[]> {
  const client = new Client(url);
  await client.connect();
  try {
    let rows: unknown[] = [];
    for (const statement of statements) rows = (await client.query<object>(statement)).rows;
    return rows;
  } finally {
    await client.end();
  }
}

describe('the roles', () => {
  it('are held to time limits', async () => {
    const limits = `SELECT current_setting('statement_timeout') AS statement,
                           current_setting('idle_in_transaction_session_timeout') AS idle, current_setting('lock_timeout') AS lock`;
    expect(await query(database.appUrl, limits)).toEqual([{ statement: '5s', idle: '10s', lock: '0' }]);
    expect(await query(database.mailUrl, limits)).toEqual([{ statement: '5s', idle: '10s', lock: '0' }]);
    expect(await query(database.ownerUrl, limits)).toEqual([{ statement: '0', idle: '0', lock: '3s' }]);
  });

  it('hide from one session of the service what another is doing', async () => {
    expect(await query(database.appUrl, 'SHOW track_activities')).toEqual([{ track_activities: 'off' }]);
  });

  it('let the migrations become the owner, and the owner hand a function to the guard', async () => {
    const found = await query(
      database.ownerUrl,
      'SET ROLE quorate_owner',
      `CREATE FUNCTION guarded() RETURNS text LANGUAGE sql SECURITY DEFINER RETURN current_user`,
      'ALTER FUNCTION guarded() OWNER TO quorate_guard',
      'GRANT EXECUTE ON FUNCTION guarded() TO quorate_app',
      'SELECT guarded()',
    );
    expect(found).toEqual([{ guarded: 'quorate_guard' }]);
    expect(await query(database.appUrl, 'SELECT guarded()')).toEqual([{ guarded: 'quorate_guard' }]);
  });

  it('let the service act as the mail worker', async () => {
    expect(await query(database.appUrl, 'SET ROLE quorate_mail', 'SELECT current_user AS me')).toEqual([
      { me: 'quorate_mail' },
    ]);
  });

  it('can be prepared again without harm', async () => {
    const admin = new Client(database.adminUrl);
    await admin.connect();
    const name = admin.database ?? '';
    await admin.query('SELECT 1');
    const marks = () =>
      admin.query(`SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = $1`, [name]);
    expect((await marks()).rows).toEqual([{ shobj_description: null }]);
    await prepareDatabase(admin, () => database.adminUrl, name);
    expect((await marks()).rows).toEqual([{ shobj_description: expect.stringContaining('edition') }]);
    await admin.end();
  });
});

describe('refuses', () => {
  it.each([
    ['the owner', 'SET ROLE quorate_owner'],
    ['the guard', 'SET ROLE quorate_guard'],
    ['the superuser', 'SET ROLE postgres'],
    ['the audit', 'SET ROLE quorate_audit'],
  ])('the service to become %s', async (_who, statement) => {
    await expect(query(database.appUrl, statement)).rejects.toMatchObject({ code: '42501' });
    await expect(query(database.mailUrl, statement)).rejects.toMatchObject({ code: '42501' });
  });

  it.each([
    'CREATE TABLE public.mine (n int)',
    'CREATE SCHEMA mine',
    'CREATE TEMPORARY TABLE mine (n int)',
    'CREATE ROLE mine',
  ])('the service and the migrations, before they become the owner: %s', async (statement) => {
    await expect(query(database.appUrl, statement)).rejects.toMatchObject({ code: '42501' });
    await expect(query(database.ownerUrl, statement)).rejects.toMatchObject({ code: '42501' });
  });

  it('to prepare a database whose roles may skip row-level security', async () => {
    const admin = new Client(database.adminUrl);
    await admin.connect();
    try {
      await admin.query('BEGIN');
      await admin.query('ALTER ROLE quorate_audit BYPASSRLS');
      const roles = readFileSync(join(import.meta.dirname, '../../src/database/roles.sql'), 'utf8');
      const [check] = /DO \$\$\nDECLARE\n {2}wrong text;[\s\S]*?\n\$\$;/.exec(roles) ?? [];
      await expect(admin.query(check ?? '')).rejects.toThrow(/may more than they should: quorate_audit/);
    } finally {
      await admin.query('ROLLBACK');
      await admin.end();
    }
  });
});
