import { DataSource } from 'typeorm';
import { SettingProblem, type Settings } from '../config.js';
import { Database } from './database.js';
import { appOptions } from './data-source.js';

const ROLE = 'select rolsuper or rolbypassrls as unbound, rolname from pg_roles where rolname = current_user';

/** Connects as the restricted role; a role that row-level security does not bind stops the start. */
export async function openDatabase(settings: Settings): Promise<Database> {
  const source = new DataSource(appOptions(settings.databaseUrl, settings.poolSize));
  try {
    await source.initialize();
  } catch (error) {
    const why = error instanceof Error ? error.message : 'no answer';
    throw new SettingProblem(
      `The database of DATABASE_URL cannot be reached (${why}): check its address and password.`,
    );
  }
  const [role] = await source.query<{ unbound: boolean; rolname: string }[]>(ROLE);
  if (role?.unbound !== false) {
    await source.destroy();
    throw new SettingProblem(
      `DATABASE_URL signs in as ${role?.rolname ?? 'somebody'}, who is above row-level security: use the role quorate_app.`,
    );
  }
  return new Database(source);
}

/** Throws SettingProblem when the service could not start on this database; said before anything else is begun. */
export async function checkDatabase(settings: Settings): Promise<void> {
  const database = await openDatabase({ ...settings, poolSize: 1 });
  await database.close();
}
