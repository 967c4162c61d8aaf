import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { closeSync, existsSync, fsyncSync, lstatSync, openSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { chmod, chown, mkdir, readdir, readFile, rename, rm, stat, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Binaries, mayReach, programEnvironment, type RunAs, unprivilegedUser } from './embedded-binaries.js';

/** Where one embedded PostgreSQL lives and who runs it. */
export interface Place {
  readonly folder: string;
  readonly files: string;
  readonly sockets: string;
  readonly log: string;
  readonly user: RunAs | undefined;
}

/** An attempt to run PostgreSQL: the complaint is what it wrote when it ended. */
export interface Attempt {
  readonly at: number;
  complaint?: string;
}

const longestSocketPath = 99;
const oldLog = 10_000_000;

/** Makes the folders. Throws a sentence when the user PostgreSQL runs as cannot live there. */
export async function preparePlace(wanted: string): Promise<Place> {
  const made = await mkdir(wanted, { recursive: true });
  const folder = realpathSync(wanted);
  const files = join(folder, 'data');
  const user = ownerOf(files) ?? unprivilegedUser();
  await openTheWay(folder, made ? realpathSync(made) : folder, user ? 0o711 : 0o700);
  if (user && !mayReach(folder, 1, user)) {
    throw new Error(
      `PostgreSQL runs as user ${user.uid}, who cannot enter ${folder}: set EMBEDDED_PG_USER to one who can, or DATABASE_URL.`,
    );
  }
  return { folder, files, sockets: await socketFolder(folder, files, user), log: join(folder, 'postgres.log'), user };
}

/** Sets the mode of the folder and of those above it that we made, whatever the caller's umask. */
async function openTheWay(folder: string, topmost: string, mode: number): Promise<void> {
  await chmod(folder, mode);
  if (folder !== topmost) await openTheWay(dirname(folder), topmost, mode);
}

/** Whoever owns the files goes on running them, also when another user would be chosen today. */
function ownerOf(files: string): RunAs | undefined {
  if (!existsSync(files)) return undefined;
  const { uid, gid } = statSync(files);
  const we = process.getuid?.();
  if (we === 0) return uid === 0 ? undefined : { uid, gid };
  if (uid !== we)
    throw new Error(`${files} belongs to user ${uid}: start the service as that user, or move the folder away.`);
  return undefined;
}

/** PostgreSQL trusts whoever reaches its socket, so the folder is its user's alone. */
async function socketFolder(folder: string, files: string, user: RunAs | undefined): Promise<string> {
  const name = join(folder, 'socket');
  const short = join('/tmp', `quorate-${createHash('sha256').update(files).digest('hex').slice(0, 16)}`);
  const sockets = Buffer.byteLength(join(name, '.s.PGSQL.5432')) > longestSocketPath ? short : name;
  await mkdir(sockets, { mode: 0o700 }).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  });
  const found = lstatSync(sockets);
  const we = process.getuid?.();
  if (!found.isDirectory() || ![we, user?.uid].includes(found.uid)) {
    throw new Error(`${sockets} belongs to user ${found.uid}: remove it.`);
  }
  if (user) await chown(sockets, user.uid, user.gid);
  await chmod(sockets, 0o700);
  return sockets;
}

/** Creates the files of a new PostgreSQL unless they are there; of several processes at once one wins and the others take its files. */
export async function initialise(place: Place, binaries: Binaries, memory: boolean): Promise<void> {
  if (await othersMadeIt(place)) return;
  const mine = `${place.files}.init.${process.pid}`;
  await rm(mine, { recursive: true, force: true });
  await mkdir(mine, { mode: 0o700 });
  if (place.user) await chown(mine, place.user.uid, place.user.gid);
  try {
    await run(binaries.initdb, [...initdbOptions, ...(memory ? ['--no-sync'] : []), '-D', mine], mine, place.user);
    await rename(mine, place.files);
    const above = openSync(place.folder, 'r');
    fsyncSync(above);
    closeSync(above);
  } catch (error) {
    await rm(mine, { recursive: true, force: true });
    if (!existsSync(join(place.files, 'PG_VERSION'))) throw error;
  }
}

const initdbOptions = ['--username=postgres', '--auth=trust', '--encoding=UTF8', '--locale=C'].concat([
  '--locale-provider=builtin',
  '--builtin-locale=C.UTF-8',
  '--no-instructions',
]);

/** True when the files are there; waits for a living process that is making them, and removes what a dead one left. */
async function othersMadeIt(place: Place): Promise<boolean> {
  const deadline = Date.now() + 20_000;
  for (;;) {
    const others = (await readdir(place.folder)).filter((name) => name.startsWith('data.init.'));
    const living = others.filter((name) => isAlive(Number(name.split('.')[2])));
    for (const name of others) if (!living.includes(name)) await discard(join(place.folder, name));
    if (existsSync(join(place.files, 'PG_VERSION'))) return true;
    if (living.length === 0 || Date.now() > deadline) return false;
    await sleep(20);
  }
}

/** What cannot be removed now, since a killed process's child still writes there, goes at the next start. */
async function discard(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 }).catch(() => undefined);
}

function isAlive(pid: number): boolean {
  if (pid === process.pid) return false;
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

async function run(program: string, options: string[], cwd: string, user: RunAs | undefined): Promise<void> {
  const said: Buffer[] = [];
  const child = spawn(program, options, { cwd, env: programEnvironment(), stdio: ['ignore', 'pipe', 'pipe'], ...user });
  child.stdout.on('data', (part: Buffer) => said.push(part));
  child.stderr.on('data', (part: Buffer) => said.push(part));
  const code = await new Promise((resolve, reject) => child.once('error', reject).once('close', resolve)).catch(
    (error: unknown) => cannotRun(program, error),
  );
  if (code !== 0)
    throw new Error(`PostgreSQL could not be set up (${String(code)}): ${Buffer.concat(said).toString().trim()}`);
}

/** ENOENT for a file that is there means that the system's loader is missing. */
function cannotRun(program: string, error: unknown): string {
  const missing = (error as NodeJS.ErrnoException).code === 'ENOENT' && existsSync(program);
  return missing ? 'the embedded PostgreSQL needs glibc, which this system lacks: set DATABASE_URL' : String(error);
}

/** Throws what to do when the files were made by another major version. */
export async function checkVersion(place: Place, binaries: Binaries): Promise<void> {
  const found = (await readFile(join(place.files, 'PG_VERSION'), 'utf8')).trim();
  if (found === binaries.major) return;
  throw new Error(
    `The files in ${place.files} were made by PostgreSQL ${found}; this version of the service brings PostgreSQL ${binaries.major}, which cannot read them. ` +
      `To keep them, go back to the version that made them, or open them with a PostgreSQL ${found} and move them to one of your own (DATABASE_URL). ` +
      `To start empty: mv ${place.files} ${place.files}-${found}`,
  );
}

const alwaysOptions = {
  listen_addresses: '',
  unix_socket_permissions: '0700',
  max_connections: '200',
  jit: 'off',
  log_checkpoints: 'off',
  // A refused value may be somebody's name: statements, values and details stay out of the log.
  log_min_messages: 'log',
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
};
const memoryOptions = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  wal_level: 'minimal',
  max_wal_senders: '0',
  max_wal_size: '256MB',
  // Inside the folder, so that a killed server leaves nothing outside it.
  dynamic_shared_memory_type: 'mmap',
};

/** Runs PostgreSQL in a process session of its own, so that Ctrl-C in our terminal does not reach it. */
export async function launch(place: Place, binaries: Binaries, memory: boolean): Promise<Attempt> {
  const size = await stat(place.log).then(
    (log) => log.size,
    () => 0,
  );
  if (size > oldLog) await rename(place.log, `${place.log}.1`);
  const settings = {
    ...alwaysOptions,
    unix_socket_directories: `"${place.sockets.replaceAll('"', '""')}"`,
    ...(memory ? memoryOptions : {}),
  };
  const options = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const log = openSync(place.log, 'a', 0o600);
  const attempt: Attempt = { at: Date.now() };
  const env = programEnvironment();
  const spawned = { cwd: place.files, env, detached: true, stdio: ['ignore', log, log] as ('ignore' | number)[] };
  const child = spawn(binaries.postgres, ['-D', place.files, ...options], { ...spawned, ...place.user });
  const from = size > oldLog ? 0 : size;
  child.once('error', (error) => (attempt.complaint = cannotRun(binaries.postgres, error)));
  child.once('exit', () => (attempt.complaint = complaintIn(place.log, from)));
  child.unref();
  closeSync(log);
  return attempt;
}

/** What was written since; the log may be gone, since a server ends long after its start too. */
function complaintIn(log: string, from: number): string {
  return (existsSync(log) && readFileSync(log).subarray(from).toString().trim()) || 'it ended';
}

/** The process id in PostgreSQL's own lock file. */
export async function postmasterId(place: Place): Promise<number | undefined> {
  const lock = await readFile(join(place.files, 'postmaster.pid'), 'utf8').catch(() => '');
  return Number.parseInt(lock, 10) || undefined;
}

/**
 * Removes PostgreSQL's lock file when its process id now belongs to something else or to a process nobody has reaped, as in containers.
 * PostgreSQL still refuses to start while any of the old one's processes holds its shared memory.
 */
export async function removeStaleLock(place: Place): Promise<void> {
  const id = await postmasterId(place);
  if (!id || !existsSync('/proc/self/cmdline')) return;
  const command = await readFile(`/proc/${id}/cmdline`, 'utf8').catch(() => '');
  if (command.includes(place.files) || (await postmasterId(place)) !== id) return;
  await unlink(join(place.files, 'postmaster.pid')).catch(() => undefined);
}
