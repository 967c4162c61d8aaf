/** `npm run faults`: breaks things while invitations flow, and holds what arrived against what was promised. */
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Plant, PLANTS } from './bed.js';
import { ordeal, type Report } from './ordeal.js';
import { draw, type Size, SIZES } from './plan.js';
import { crashPoints, type Strides } from './points.js';

const USAGE = `Breaks things while invitations flow, and holds what the mail server took against what was promised.

  npm run faults -- --seed 7

  --small            500 invitations and 100 faults, for a try
  --long             50,000 invitations and 10,000 faults; without either 20,000 and 2,500
  --seed 1           the faults, whom they strike and what becomes of each meeting; drawn unless given
  --only <part>      look-up, plain or points; all three unless given
  --plant <bug>      ${PLANTS.join(', ')}: the run must fail
  --folder <path>    keeps journals and database there; without it they are removed at the end`;

const options = {
  small: { type: 'boolean', default: false },
  long: { type: 'boolean', default: false },
  seed: { type: 'string' },
  only: { type: 'string' },
  plant: { type: 'string' },
  folder: { type: 'string' },
  help: { type: 'boolean', default: false },
} as const;

const PARTS = ['look-up', 'plain', 'points'] as const;
type Part = (typeof PARTS)[number];

interface Wanted {
  readonly seed: number;
  readonly size: keyof typeof SIZES;
  readonly parts: readonly Part[];
  readonly plant: Plant | undefined;
  readonly folder: string | undefined;
}

/** Over plain SMTP a tenth of the messages and an eighth of the faults are enough to see every kind. */
const PLAIN: Readonly<Record<keyof typeof SIZES, Size>> = {
  small: { invitations: 300, faults: 60, each: 20 },
  ordinary: { invitations: 2_000, faults: 300, each: 20 },
  long: { invitations: 15_000, faults: 3_000, each: 20 },
};

/**
 * Of the points every so manyth. Sending is where mail is lost and doubled, and a worker starts quickly; each of the
 * service's points costs the start of a service.
 */
const STRIDES: Readonly<Record<keyof typeof SIZES, Strides>> = {
  small: { worker: 6, service: 12, reception: 12 },
  ordinary: { worker: 1, service: 2, reception: 2 },
  long: { worker: 1, service: 1, reception: 1 },
};

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** One of the words that an option knows, or nothing; throws for any other. */
function oneOf<T extends string>(option: string, known: readonly T[], given: string | undefined): T | undefined {
  const found = known.find((one) => one === given);
  if (given !== undefined && found === undefined) throw new Error(`--${option} is one of ${known.join(', ')}.`);
  return found;
}

function wantedFrom(args: string[]): Wanted | undefined {
  const { values } = parseArgs({ args, options });
  if (values.help) return undefined;
  const plant = oneOf('plant', PLANTS, values.plant);
  const only = oneOf('only', PARTS, values.only) ?? (plant === undefined ? undefined : 'look-up');
  return {
    seed: Number(values.seed ?? Math.floor(Math.random() * 1_000_000)),
    size: values.small ? 'small' : values.long ? 'long' : 'ordinary',
    parts: only === undefined ? PARTS : [only],
    plant,
    folder: values.folder,
  };
}

async function perform(
  part: Part,
  wanted: Wanted,
  { folder, tidying }: { folder: string; tidying: AsyncDisposableStack },
): Promise<Report> {
  if (part === 'points') {
    return crashPoints(join(folder, part), { strides: STRIDES[wanted.size], seed: wanted.seed }, tidying);
  }
  const size = part === 'plain' ? PLAIN[wanted.size] : SIZES[wanted.size];
  const plan = draw(wanted.seed, size);
  return ordeal({ folder: join(folder, part), plan, lookUp: part === 'look-up', plant: wanted.plant }, tidying);
}

const TITLES: Readonly<Record<Part, string>> = {
  'look-up': 'With a mail server that can be asked what it took:',
  plain: 'Over plain SMTP:',
  points: 'The service stopped at each point of its work:',
};

/** The folder of a run; one that nobody named is removed at the end. */
function folderOf(given: string | undefined, tidying: AsyncDisposableStack): string {
  if (given !== undefined) mkdirSync(given, { recursive: true });
  const folder = given ?? mkdtempSync(join(tmpdir(), 'quorate-faults-'));
  // PostgreSQL runs as another user when we are root, and has to get through.
  chmodSync(folder, 0o711);
  if (given === undefined) {
    tidying.defer(() => {
      rmSync(folder, { recursive: true, force: true });
    });
  }
  return folder;
}

async function run(wanted: Wanted): Promise<boolean> {
  await using tidying = new AsyncDisposableStack();
  const folder = folderOf(wanted.folder, tidying);
  say(`seed ${wanted.seed}${wanted.plant === undefined ? '' : `, with the planted bug ${wanted.plant}`}`);
  let passed = true;
  let open = tidying;
  const stop = (): void => {
    void open
      .disposeAsync()
      .then(() => tidying.disposeAsync())
      .finally(() => process.exit(130));
  };
  process.once('SIGINT', stop).once('SIGTERM', stop);
  for (const part of wanted.parts) {
    const began = performance.now();
    say(TITLES[part]);
    await using started = new AsyncDisposableStack();
    open = started;
    const report = await perform(part, wanted, { folder, tidying: started });
    for (const line of report.lines) say(line);
    say(`${report.passed ? 'passed' : 'FAILED'} in ${((performance.now() - began) / 1000).toFixed(0)} s`);
    passed &&= report.passed;
  }
  return passed;
}

try {
  const wanted = wantedFrom(process.argv.slice(2));
  if (wanted === undefined) say(USAGE);
  else process.exitCode = (await run(wanted)) ? 0 : 1;
} catch (error) {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
}
