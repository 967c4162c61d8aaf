/** `npm run stray-mail` lists what reached addresses that no invitation and no message has, for whoever runs the service. */
import { parseArgs } from 'node:util';
import { asOwner } from './database/as-owner.js';

const USAGE = `Lists mail of the last 30 days that belongs to nobody: when it came, to which address, from whom, how large.
What it says stays sealed. DATABASE_OWNER_URL says where.

  npm run stray-mail
`;

interface Stray {
  readonly received_at: Date;
  readonly recipient: string;
  readonly envelope_from: string | null;
  readonly bytes_length: number;
}

const STRAYS = `select received_at, recipient, envelope_from, bytes_length from stray_mail order by received_at desc limit 500`;

async function list(ownerUrl: string): Promise<string> {
  const rows = await asOwner(ownerUrl, (manager) => manager.query<Stray[]>(STRAYS));
  if (rows.length === 0) return 'Nothing has come to an unknown address.';
  return rows
    .map((row) =>
      [row.received_at.toISOString(), `${row.bytes_length} bytes`, row.envelope_from ?? '<>', '->', row.recipient].join(
        ' ',
      ),
    )
    .join('\n');
}

async function main(): Promise<void> {
  parseArgs({ args: process.argv.slice(2), options: {} });
  const ownerUrl = process.env.DATABASE_OWNER_URL ?? '';
  if (ownerUrl === '') throw new TypeError(`Set DATABASE_OWNER_URL to the role that migrates.\n\n${USAGE}`);
  process.stdout.write(`${await list(ownerUrl)}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
