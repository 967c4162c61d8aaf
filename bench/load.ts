/** `npm run load -- ...` fills authorities with invented work, for measuring and for trying out how big ones feel. */
import 'reflect-metadata';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { readSettings, SettingProblem } from '../src/config.js';
import { quorateFolder, startEmbeddedPostgres } from '../src/database/embedded-postgres.js';
import { Sealing } from '../src/database/sealing.js';
import { type Loaded, loadAuthorities, LoadRefused, type LoadSize } from './load-authorities.js';

const USAGE = `Loads invented authorities with two years of meetings and the next 60 days, for measuring.

  npm run load -- --authorities 10 --contacts 20000 --meetings 100000

  --authorities 10    how many authorities, numbered from --first-id
  --contacts 20000    people in all, shared out evenly over the authorities; at least 40 each
  --meetings 100000   meetings in all, shared out evenly, each with 8 invitations
  --first-id 101      the number of the first authority

DATABASE_OWNER_URL says where; without it the built-in PostgreSQL of this folder is used. With secrets of your own set
SEALING_KEY and LINK_PEPPER as for the service. No mail is loaded.`;

const options = {
  authorities: { type: 'string', default: '10' },
  contacts: { type: 'string', default: '20000' },
  meetings: { type: 'string', default: '100000' },
  'first-id': { type: 'string', default: '101' },
  help: { type: 'boolean', default: false },
} as const;

function positive(name: string, text: string): number {
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < 1)
    throw new LoadRefused(`--${name} must be a whole number of 1 or more.`);
  return number;
}

function sizeFrom(args: string[]): Omit<LoadSize, 'sealing'> | undefined {
  const { values } = parseArgs({ args, options });
  if (values.help) return undefined;
  return {
    authorities: positive('authorities', values.authorities),
    contacts: positive('contacts', values.contacts),
    meetings: positive('meetings', values.meetings),
    firstId: positive('first-id', values['first-id']),
    now: new Date(),
  };
}

function report({ rows, seconds, byTable }: Loaded): string {
  const lines = [...byTable].map(
    ([table, count]) => `  ${table.padEnd(14)} ${count.toLocaleString('en-GB').padStart(12)}`,
  );
  const pace = Math.round(rows / seconds).toLocaleString('en-GB');
  return [`Loaded ${rows.toLocaleString('en-GB')} rows in ${seconds.toFixed(1)} s: ${pace} rows/s.`, ...lines].join(
    '\n',
  );
}

async function load(size: Omit<LoadSize, 'sealing'>): Promise<Loaded> {
  const given = process.env.DATABASE_OWNER_URL ?? '';
  const root = join(import.meta.dirname, import.meta.filename.endsWith('.ts') ? '..' : '../..');
  const folder = process.env.QUORATE_FOLDER ?? quorateFolder(root);
  const postgres = given === '' ? await startEmbeddedPostgres({ folder }) : undefined;
  try {
    const ownerUrl = postgres?.ownerUrl ?? given;
    const sealing = new Sealing(readSettings({ ...process.env, DATABASE_URL: ownerUrl }, { folder }));
    return await loadAuthorities(ownerUrl, { ...size, sealing }, say);
  } finally {
    await postgres?.stop();
  }
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Mistakes of whoever called are told in a sentence, faults of ours in full. */
function told(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const plain = error instanceof LoadRefused || error instanceof SettingProblem || 'code' in error;
  return plain ? error.message : (error.stack ?? error.message);
}

async function main(): Promise<void> {
  const size = sizeFrom(process.argv.slice(2));
  say(size === undefined ? USAGE : report(await load(size)));
}

main().catch((error: unknown) => {
  process.stderr.write(`${told(error)}\n`);
  process.exitCode = 1;
});
