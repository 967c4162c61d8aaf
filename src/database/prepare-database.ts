import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Client } from 'pg';

// The key of an advisory lock; a number without a meaning.
const rolesKey = 7_610_002;

/**
 * Makes the database and runs `roles.sql` in it, unless this edition of the file was run there already; the client is a superuser's in
 * another database. Asks again under a lock, since several processes may come at once.
 */
export async function prepareDatabase(
  client: Client,
  urlIn: (database: string) => string,
  database: string,
): Promise<void> {
  const roles = await readFile(join(import.meta.dirname, 'roles.sql'), 'utf8');
  const mark = `Made with the roles of Quorate, edition ${createHash('sha256').update(roles).digest('hex').slice(0, 12)}.`;
  const state = async (): Promise<string | null | undefined> => {
    const found = await client.query<{ mark: string | null }>(
      `SELECT shobj_description(oid, 'pg_database') AS mark FROM pg_database WHERE datname = $1`,
      [database],
    );
    return found.rows[0]?.mark;
  };
  if ((await state()) === mark) return;
  await client.query('SELECT pg_advisory_lock($1)', [rolesKey]);
  try {
    const before = await state();
    if (before === mark) return;
    if (before === undefined) await execute(client, `format('CREATE DATABASE %I', $1::text)`, [database]);
    const inside = new Client(urlIn(database));
    await inside.connect();
    await inside.query(roles).finally(() => inside.end());
    await execute(client, `format('COMMENT ON DATABASE %I IS %L', $1::text, $2::text)`, [database, mark]);
  } finally {
    await client.query('SELECT pg_advisory_unlock($1)', [rolesKey]);
  }
}

/** Runs a statement that takes no parameters, built by PostgreSQL's own `format`, which quotes the names in it. */
export async function execute(client: Client, expression: string, values: string[]): Promise<void> {
  const made = await client.query<{ statement: string }>('SELECT ' + expression + ' AS statement', values);
  await client.query(made.rows[0]?.statement ?? '');
}
