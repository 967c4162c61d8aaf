import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { DataSource } from 'typeorm';
import { appOptions } from '../../src/database/data-source.js';
import { aDatabase, type TestDatabase } from '../support/cluster.js';

/** Tables without a tenant: one row an authority, or nobody's data at all. */
const WITHOUT_TENANT = ['authority', 'login_session', 'mail_generation', 'migrations', 'rate_limit'];

let database: TestDatabase;
let admin: Client;

beforeAll(async () => {
  database = await aDatabase();
  admin = new Client({ connectionString: database.adminUrl });
  await admin.connect();
});
afterAll(async () => {
  await admin.end();
  await database.drop();
});

async function names(sql: string): Promise<string[]> {
  const { rows } = await admin.query<{ name: string }>(sql);
  return rows.map((row) => row.name);
}

const TABLES = `select c.oid, c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where n.nspname = 'public' and c.relkind = 'r' and c.relname <> all (array['${WITHOUT_TENANT.join("','")}'])`;

describe('every tenant table', () => {
  it('starts each key with its authority, so that it can be spread by authority and no key tells one about another', async () => {
    const wrong = await names(`
      with t as (${TABLES})
      select t.relname || '.' || k.conname as name from pg_constraint k join t on t.oid = k.conrelid
      join pg_attribute a on a.attrelid = k.conrelid and a.attnum = k.conkey[1]
      where k.contype in ('p', 'u', 'f', 'x') and a.attname <> 'authority_id'
      union all
      select t.relname || '.' || i.relname from pg_index x join t on t.oid = x.indrelid join pg_class i on i.oid = x.indexrelid
      join pg_attribute a on a.attrelid = x.indrelid and a.attnum = x.indkey[0]
      where x.indisunique and a.attname <> 'authority_id'`);
    expect(wrong).toEqual([]);
  });

  it('has row-level security enabled, forced, and one restrictive policy for the authority', async () => {
    const bare = await names(`
      select t.relname as name from (${TABLES}) t join pg_class c on c.oid = t.oid
      where not c.relrowsecurity or not c.relforcerowsecurity or not exists (
        select 1 from pg_policy p where p.polrelid = t.oid and not p.polpermissive and p.polname = 'authority')`);
    expect(bare).toEqual([]);
  });

  it('has no trigger of ours', async () => {
    expect(await names(`select tgname as name from pg_trigger where not tgisinternal`)).toEqual([]);
  });

  it('has a primary key that begins with the authority', async () => {
    const keyless = await names(`
      select t.relname as name from (${TABLES}) t where not exists (
        select 1 from pg_constraint k where k.conrelid = t.oid and k.contype = 'p')`);
    expect(keyless).toEqual([]);
  });
});

describe('the roles', () => {
  it('are bound by row-level security, and none of them owns a table it works on', async () => {
    const unbound = await names(
      `select rolname as name from pg_roles where rolname like 'quorate%' and (rolsuper or rolbypassrls)`,
    );
    expect(unbound).toEqual([]);
    const owned = await names(`
      select c.relname as name from pg_class c join pg_roles r on r.oid = c.relowner
      where r.rolname in ('quorate_app', 'quorate_mail', 'quorate_audit')`);
    expect(owned).toEqual([]);
  });

  it('let the service neither delete what happened nor change an answer', async () => {
    const may = await names(`
      select c.relname || ' ' || p.privilege_type as name from pg_class c, lateral aclexplode(c.relacl) p
      join pg_roles r on r.oid = p.grantee
      where r.rolname = 'quorate_app' and (
        (p.privilege_type in ('UPDATE', 'DELETE') and c.relname in ('event', 'response', 'attendance'))
        or (p.privilege_type = 'INSERT' and c.relname in ('event', 'event_head', 'matter_access'))
        or p.privilege_type = 'TRUNCATE'
        or (p.privilege_type = 'DELETE' and c.relname in ('meeting', 'invitation', 'contact', 'matter', 'exclusion', 'action', 'message')))`);
    expect(may).toEqual([]);
  });

  it('keep the mail worker away from every case row', async () => {
    const seen = await names(`
      select distinct table_name::text as name from information_schema.column_privileges
      where grantee = 'quorate_mail' and table_schema = 'public' order by 1`);
    expect(seen).toEqual(['authority', 'caught_mail', 'mail_generation', 'mail_hold', 'message', 'message_attempt']);
  });
});

describe('every mapping', () => {
  it('has exactly the columns of its table, with the same type and the same "may be empty"', async () => {
    const source = await new DataSource(appOptions(database.appUrl, 2)).initialize();
    try {
      const problems: string[] = [];
      for (const meta of source.entityMetadatas) {
        const { rows } = await admin.query<{ column_name: string; is_nullable: string; udt_name: string }>(
          `select column_name, is_nullable, udt_name from information_schema.columns where table_schema = 'public' and table_name = $1`,
          [meta.tableName],
        );
        const columns = new Map(rows.map((row) => [row.column_name, row]));
        for (const column of meta.columns) {
          const actual = columns.get(column.databaseName);
          if (actual === undefined)
            problems.push(`${meta.tableName}.${column.databaseName} is mapped and does not exist`);
          else if ((actual.is_nullable === 'YES') !== column.isNullable) {
            problems.push(`${meta.tableName}.${column.databaseName} differs in whether it may be empty`);
          } else if (typeOf(column) !== actual.udt_name) {
            problems.push(
              `${meta.tableName}.${column.databaseName} is ${actual.udt_name}, mapped as ${typeOf(column)}`,
            );
          }
        }
      }
      expect(source.entityMetadatas.length).toBeGreaterThan(10);
      expect(problems).toEqual([]);
    } finally {
      await source.destroy();
    }
  });
});

function typeOf(column: { type: unknown; isArray: boolean }): string {
  const names: Record<string, string> = { int: 'int4', integer: 'int4', boolean: 'bool' };
  const type = String(column.type);
  return `${column.isArray ? '_' : ''}${names[type] ?? type}`;
}
