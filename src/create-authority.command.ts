/** `npm run authority -- create ...` makes the first authority of an installation of its own, with its first coordinator. */
import { parseArgs } from 'node:util';
import { type Desk } from './access/actor.js';
import { createAuthority } from './authorities/founding.service.js';
import { asOwner } from './database/as-owner.js';
import { migrate } from './database/migrate.js';
import { RuleBroken } from './errors.js';
import { DEFAULT_QUORUM_RULES } from './meetings/quorum-defaults.js';

const USAGE = `Makes an authority with its first coordinator. DATABASE_OWNER_URL says where.

  npm run authority -- create --name "Northshire Council" --short Northshire --phone "01632 960 000" \\
    --coordinator-name "Owen Tidy" --coordinator-email owen.tidy@northshire.gov.uk

  --prefix ALL           what references of allegations begin with
  --desk LADO            or CHILD_PROTECTION: the coordinator's side; only the LADO side sees allegations
  --jurisdiction ENGLAND or WALES, SCOTLAND, NORTHERN_IRELAND: whose bank holidays count
`;

const options = {
  name: { type: 'string' },
  short: { type: 'string' },
  phone: { type: 'string' },
  prefix: { type: 'string' },
  jurisdiction: { type: 'string' },
  desk: { type: 'string', default: 'LADO' },
  'coordinator-name': { type: 'string' },
  'coordinator-email': { type: 'string' },
} as const;

async function create(args: string[], ownerUrl: string): Promise<string> {
  const { values } = parseArgs({ args, options });
  await migrate(ownerUrl);
  const { authority, staff } = await asOwner(ownerUrl, (manager) =>
    createAuthority(manager, {
      name: values.name ?? '',
      shortName: values.short ?? values.name ?? '',
      phone: values.phone ?? '',
      referencePrefix: values.prefix,
      jurisdiction: values.jurisdiction,
      rules: DEFAULT_QUORUM_RULES,
      staff: [
        {
          name: values['coordinator-name'] ?? '',
          email: values['coordinator-email'] ?? '',
          roles: ['COORDINATOR', 'AUTHORITY_ADMIN'],
          desk: deskOf(values.desk),
        },
      ],
      now: new Date(),
    }),
  );
  const [first] = staff;
  return `${authority.name} is authority ${authority.id}. ${first?.name ?? ''} signs in with ${first?.email ?? ''}.`;
}

function deskOf(code: string): Desk {
  if (code === 'LADO' || code === 'CHILD_PROTECTION') return code;
  throw new RuleBroken('INVALID', 'Choose LADO or CHILD_PROTECTION', 'desk');
}

/** `coordinatorEmail` is given as `--coordinator-email`. */
function optionOf(field: string): string {
  return field.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

async function main(): Promise<void> {
  const [verb, ...args] = process.argv.slice(2);
  const ownerUrl = process.env.DATABASE_OWNER_URL ?? '';
  if (verb !== 'create') throw new RuleBroken('INVALID', USAGE);
  if (ownerUrl === '') throw new RuleBroken('REQUIRED', 'Set DATABASE_OWNER_URL to the role that migrates.');
  process.stdout.write(`${await create(args, ownerUrl)}\n`);
}

main().catch((error: unknown) => {
  const refused = error instanceof RuleBroken || (error instanceof TypeError && 'code' in error);
  const where = error instanceof RuleBroken && error.field !== undefined ? `--${optionOf(error.field)}: ` : '';
  process.stderr.write(refused ? `${where}${error.message}\n` : `${String(error)}\n`);
  process.exitCode = 1;
});
