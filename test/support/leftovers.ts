import { randomBytes } from 'node:crypto';
import { accessSync, constants, existsSync, readdirSync, readFileSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const prefix = 'quorate-test-';
const roomy = 1_000_000_000;

/** The number of this run: the process that runs the tests, so that several runs on a machine never meet. */
export const thisRun = (): number => Number(process.env.QUORATE_TEST_RUN ?? process.pid);

/** The folder of this run's server. */
export function runFolder(): string {
  return join(spaciousFolder(), `${prefix}${thisRun()}`);
}

/** A folder's path for a test that needs one: unique, and the run fails if the test leaves it behind. The test makes it. */
export function testFolder(purpose: string): string {
  return join(spaciousFolder(), `${prefix}${thisRun()}-${purpose}-${randomBytes(3).toString('hex')}`);
}

function spaciousFolder(): string {
  try {
    accessSync('/dev/shm', constants.W_OK);
    const { bavail, bsize } = statfsSync('/dev/shm');
    if (bavail * bsize > roomy) return '/dev/shm';
  } catch {
    // Not every system has it.
  }
  return tmpdir();
}

function runFolders(): { path: string; run: number }[] {
  return [...new Set(['/dev/shm', tmpdir()])]
    .filter((parent) => existsSync(parent))
    .flatMap((parent) => readdirSync(parent).map((name) => ({ path: join(parent, name), run: runOf(name) })))
    .filter(({ run }) => run > 0);
}

function runOf(text: string): number {
  return Number(/quorate-test-(\d+)/.exec(text)?.[1] ?? 0);
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Removes what dead runs left: their servers and folders; on request also this run's, for when it dies before its end. */
export function sweep(includingOurs = false): void {
  for (const { path, run } of runFolders()) {
    if (run === thisRun() ? includingOurs : !isAlive(run)) remove(path);
  }
}

function remove(folder: string): void {
  try {
    const id = Number.parseInt(readFileSync(join(folder, 'data', 'postmaster.pid'), 'utf8'), 10);
    if (commandOf(id).includes(folder)) process.kill(id, 'SIGQUIT');
  } catch {
    // No server runs there.
  }
  try {
    rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
  } catch {
    // Somebody else's.
  }
}

/** What this run left on the machine: folders, and processes that work in one. */
export function leftBehind(): string[] {
  const folders = runFolders().filter(({ run }) => run === thisRun());
  const processes = (existsSync('/proc/self') ? readdirSync('/proc') : [])
    .filter((id) => /^\d+$/.test(id))
    .filter((id) => runOf(commandOf(Number(id))) === thisRun());
  return [...folders.map(({ path }) => path), ...processes.map((id) => `process ${id}`)];
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}
