/** `npm run bench`: the service beside a bare server that answers the same questions, in one run and interleaved. */
import 'reflect-metadata';
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Client } from 'pg';
import { startEmbeddedPostgres } from '../src/database/embedded-postgres.js';
import { migrate } from '../src/database/migrate.js';
import { Sealing } from '../src/database/sealing.js';
import { type Settings } from '../src/config.js';
import { compare } from './comparing.js';
import { loadAuthorities } from './load-authorities.js';
import { measureMail } from './mail.js';
import { Load, Measured, NODE_FLAGS, type Shown } from './measuring.js';
import { type ServerPlan } from './protocol.js';
import { findAskers, type Pair, prepare, type Question, QUESTIONS } from './questions.js';
import { growthTable, resultTable } from './tables.js';

const USAGE = `Measures the service beside a bare server that answers the same questions.

  npm run bench -- --meetings 100000 --rounds 5 --seconds 3

  --meetings 100000        in all, in ten authorities; a fifth as many contacts
  --smaller 10000          the other size, for seeing whether anything grows with the tables; 0 leaves that out
  --rounds 5               how often each side is measured, in turn
  --seconds 3              how long each time
  --connections 1,16,64    requests under way at once
  --questions ${QUESTIONS.join(',')}
  --pool 20                connections to the database, on both sides
  --mail 12                rounds in which mail is measured; 0 leaves that out
  --seed 1                 which rows are asked for
  --folder <path>          keeps the databases there and uses them again; without it they are removed at the end`;

const options = {
  meetings: { type: 'string', default: '100000' },
  smaller: { type: 'string', default: '10000' },
  rounds: { type: 'string', default: '5' },
  seconds: { type: 'string', default: '3' },
  connections: { type: 'string', default: '1,16,64' },
  questions: { type: 'string', default: QUESTIONS.join(',') },
  pool: { type: 'string', default: '20' },
  mail: { type: 'string', default: '12' },
  seed: { type: 'string', default: '1' },
  folder: { type: 'string' },
  help: { type: 'boolean', default: false },
} as const;

interface Plan {
  readonly meetings: number;
  readonly smaller: number;
  readonly rounds: number;
  readonly seconds: number;
  readonly connections: readonly number[];
  readonly questions: readonly Question[];
  readonly pool: number;
  readonly mail: number;
  readonly seed: number;
  readonly folder: string | undefined;
}

const AUTHORITIES = 10;
/** How many connections the comparison of sizes uses. */
const GROWTH_CONNECTIONS = 16;
const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

function planFrom(args: string[]): Plan | undefined {
  const { values } = parseArgs({ args, options });
  if (values.help) return undefined;
  const wanted = values.questions.split(',');
  return {
    meetings: Number(values.meetings),
    smaller: Number(values.smaller),
    rounds: Number(values.rounds),
    seconds: Number(values.seconds),
    connections: values.connections.split(',').map(Number),
    questions: QUESTIONS.filter((question) => wanted.includes(question)),
    pool: Number(values.pool),
    mail: Number(values.mail),
    seed: Number(values.seed),
    folder: values.folder,
  };
}

/** What a random number generator with a seed gives: mulberry32. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Secrets of the measurement; the same for a folder that is used again. */
const secrets = { linkPepper: 'a pepper that only measures, 32 characters', sealingKey: '5e'.repeat(32) };

/** One database with the two servers on it. */
interface Bed {
  readonly meetings: number;
  readonly dataFolder: string;
  readonly ours: Measured;
  readonly bare: Measured;
  readonly pairs: ReadonlyMap<Question, readonly Pair[]>;
}

/** Makes a database and starts the servers; whatever was started is handed to `tidying`, to be stopped in turn. */
async function makeBed(folder: string, plan: Plan, meetings: number, tidying: AsyncDisposableStack): Promise<Bed> {
  const postgres = await startEmbeddedPostgres({ folder, database: `bench_${meetings}` });
  tidying.defer(() => postgres.stop());
  await migrate(postgres.ownerUrl);
  const admin = new Client({ connectionString: postgres.adminUrl });
  await admin.connect();
  try {
    await fill(admin, postgres.ownerUrl, meetings);
    const askers = await findAskers(admin, () => `qrt_test_${randomBytes(24).toString('hex')}`);
    const pairs = new Map<Question, Pair[]>();
    const at = { askers, seed: plan.seed, now: new Date() };
    for (const question of plan.questions) pairs.set(question, await prepare(admin, question, at));
    const given: ServerPlan = { databaseUrl: postgres.appUrl, poolSize: plan.pool, askers, ...secrets };
    const [ours, bare] = [new Measured('ours'), new Measured('bare')];
    for (const server of [ours, bare]) {
      tidying.defer(() => server.stop());
      await server.start(given);
    }
    return { meetings, dataFolder: postgres.dataFolder, ours, bare, pairs };
  } finally {
    await admin.end();
  }
}

async function fill(admin: Client, ownerUrl: string, meetings: number): Promise<void> {
  const { rows } = await admin.query<{ there: boolean }>(
    'select exists (select from authority where id = 101) as there',
  );
  if (rows[0]?.there === true) {
    say(`The database with ${meetings.toLocaleString('en-GB')} meetings is there already.`);
    return;
  }
  const sealing = new Sealing({
    linkPepper: secrets.linkPepper,
    sealingKey: Buffer.from(secrets.sealingKey, 'hex'),
  } as Settings);
  const size = {
    authorities: AUTHORITIES,
    contacts: Math.max(meetings / 5, 40 * AUTHORITIES),
    meetings,
    firstId: 101,
    now: new Date(),
    sealing,
  };
  const loaded = await loadAuthorities(ownerUrl, size, () => undefined);
  const pace = Math.round(loaded.rows / loaded.seconds).toLocaleString('en-GB');
  say(
    `Loaded ${meetings.toLocaleString('en-GB')} meetings, ${loaded.rows.toLocaleString('en-GB')} rows, in ${loaded.seconds.toFixed(0)} s: ${pace} rows/s.`,
  );
  await admin.query('checkpoint');
}

/** Measures two servers in turn, first the one, then the other, the next time the other way round. */
async function interleave(
  load: Load,
  plan: Plan,
  sides: readonly [Side, Side],
  at: { readonly connections: number; readonly random: () => number },
): Promise<[Shown[], Shown[]]> {
  const shown: [Shown[], Shown[]] = [[], []];
  const burst = async (side: Side, seconds: number): Promise<Shown> =>
    load.on(side.server, {
      requests: side.requests,
      from: Math.floor(at.random() * side.requests.length),
      connections: at.connections,
      seconds,
    });
  for (const side of sides) await burst(side, Math.min(2, plan.seconds));
  for (let round = 0; round < plan.rounds; round += 1) {
    const order = round % 2 === 0 ? ([0, 1] as const) : ([1, 0] as const);
    for (const which of order) shown[which].push(await burst(sides[which], plan.seconds));
  }
  return shown;
}

interface Side {
  readonly server: Measured;
  readonly requests: readonly { readonly token: string; readonly body: string }[];
}

function side(bed: Bed, name: 'ours' | 'bare', question: Question): Side {
  return { server: bed[name], requests: (bed.pairs.get(question) ?? []).map((pair) => pair[name]) };
}

async function measure(plan: Plan, load: Load, bed: Bed, random: () => number): Promise<void> {
  const results = [];
  for (const question of plan.questions) {
    for (const connections of plan.connections) {
      const sides = [side(bed, 'ours', question), side(bed, 'bare', question)] as const;
      const [ours, bare] = await interleave(load, plan, sides, { connections, random });
      results.push({ question, connections, ours, bare });
    }
  }
  say(resultTable(results));
}

async function measureGrowth(
  plan: Plan,
  load: Load,
  [small, big]: readonly [Bed, Bed],
  random: () => number,
): Promise<void> {
  const results = [];
  for (const question of plan.questions) {
    const sides = [side(small, 'ours', question), side(big, 'ours', question)] as const;
    const [smaller, bigger] = await interleave(load, plan, sides, { connections: GROWTH_CONNECTIONS, random });
    results.push({ question, smaller, bigger });
  }
  say(growthTable(results, small.meetings, big.meetings));
}

/** With a database and a service of its own, gone again before the rest is measured. */
async function measureMailAlone(folder: string, rounds: number): Promise<void> {
  const tidying = new AsyncDisposableStack();
  try {
    say(await measureMail(folder, rounds, tidying));
  } finally {
    await tidying.disposeAsync();
  }
}

async function run(plan: Plan): Promise<void> {
  const tidying = new AsyncDisposableStack();
  if (plan.folder !== undefined) mkdirSync(plan.folder, { recursive: true });
  const folder = plan.folder ?? mkdtempSync(join(tmpdir(), 'quorate-bench-'));
  if (plan.folder === undefined) {
    tidying.defer(() => {
      rmSync(folder, { recursive: true, force: true });
    });
  }
  process.once('SIGINT', () => void tidying.disposeAsync().finally(() => process.exit(130)));
  try {
    const random = randomFrom(plan.seed);
    const flags = NODE_FLAGS.join(' ');
    say(
      `Node ${process.versions.node} ${flags}, ${cpus().length} processors, ${plan.pool} connections to the database, seed ${plan.seed}.`,
    );
    if (plan.mail > 0) await measureMailAlone(folder, plan.mail);
    if (plan.questions.length === 0) return;
    const big = await makeBed(folder, plan, plan.meetings, tidying);
    for (const [question, pairs] of big.pairs) await compare(question, pairs, big);
    const load = new Load(big.dataFolder);
    tidying.defer(() => load.stop());
    await measure(plan, load, big, random);
    if (plan.smaller > 0)
      await measureGrowth(plan, load, [await makeBed(folder, plan, plan.smaller, tidying), big], random);
  } finally {
    await tidying.disposeAsync();
  }
}

const plan = planFrom(process.argv.slice(2));
if (plan === undefined) say(USAGE);
else {
  run(plan).catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exitCode = 1;
  });
}
