import { createHash } from 'node:crypto';
import { existsSync, realpathSync } from 'node:fs';
import { rmdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { embeddedBinaries } from './embedded-binaries.js';
import {
  checkVersion,
  initialise,
  launch,
  type Place,
  postmasterId,
  preparePlace,
  removeStaleLock,
} from './embedded-cluster.js';
import { prepareDatabase } from './prepare-database.js';

/** A running PostgreSQL of our own, for trying the service out and for tests. */
export interface EmbeddedPostgres {
  /** Signs in as `quorate_migrate`. */
  readonly ownerUrl: string;
  /** Signs in as `quorate_app`. */
  readonly appUrl: string;
  /** Signs in as `quorate_mail`. */
  readonly mailUrl: string;
  /** Signs in as the superuser, who is above row-level security. */
  readonly adminUrl: string;
  readonly dataFolder: string;
  /** Leaves PostgreSQL; the last one to leave stops it, unless some other client is connected. */
  readonly stop: () => Promise<void>;
}

export interface EmbeddedSettings {
  /** The folder that holds the files, the socket and the log. */
  readonly folder: string;
  /** Gives up safety on disk for speed: tests only. */
  readonly memory?: boolean;
  /** The database's name, `quorate` unless told otherwise. */
  readonly database?: string;
}

/** Where a checkout keeps what must outlive a restart: `.quorate` inside it or, as root, a folder below `/var/lib/quorate`. */
export function quorateFolder(checkout: string): string {
  const real = realpathSync(checkout);
  if (process.getuid?.() !== 0) return join(real, '.quorate');
  const short = createHash('sha256').update(real).digest('hex').slice(0, 8);
  return join('/var/lib/quorate', `${short}-${basename(real).replace(/[^\w.-]/g, '_')}`);
}

/**
 * Starts PostgreSQL in the folder or takes part in the one that already runs there; at the first start also makes it, its roles and its database.
 * Throws a sentence that says what to do. Waits at most 30 s.
 */
export function startEmbeddedPostgres(settings: EmbeddedSettings): Promise<EmbeddedPostgres> {
  const started = before.then(() => startNow(settings));
  before = started.catch(() => undefined);
  return started;
}

// Within one process one start at a time: what processes tell each other by, their number, cannot tell two starts of ours apart.
let before: Promise<unknown> = Promise.resolve();

async function startNow(settings: EmbeddedSettings): Promise<EmbeddedPostgres> {
  const place = await preparePlace(settings.folder);
  const database = settings.database ?? 'quorate';
  const seat = new Seat(place, (await seated(place.sockets)) ?? (await startOrJoin(place, settings.memory ?? false)));
  try {
    await prepareDatabase(seat.client, (name) => urlOf(place.sockets, 'postgres', name), database);
  } catch (error) {
    await seat.leave();
    throw error;
  }
  return {
    ownerUrl: urlOf(place.sockets, 'quorate_migrate', database),
    appUrl: urlOf(place.sockets, 'quorate_app', database),
    mailUrl: urlOf(place.sockets, 'quorate_mail', database),
    adminUrl: urlOf(place.sockets, 'postgres', database),
    dataFolder: place.files,
    stop: () => seat.leave(),
  };
}

/** The host, port and sslmode are spelt out so that PGHOST, PGPORT and PGSSLMODE of the caller change nothing. */
function urlOf(sockets: string, user: string, database: string): string {
  const url = new URL(`postgresql://${user}@localhost:5432/${encodeURIComponent(database)}`);
  url.search = new URLSearchParams({ host: sockets, sslmode: 'disable' }).toString();
  return url.href;
}

// The key of an advisory lock in the database `postgres`; a number without a meaning.
const seatKey = 7_610_001;
const patience = 30_000;
const anotherTry = 250;

/** A connection that holds the shared lock "somebody uses this server", or undefined when nobody answers (yet, or any more). */
async function seated(sockets: string): Promise<Client | undefined> {
  const client = new Client({
    connectionString: urlOf(sockets, 'postgres', 'postgres'),
    application_name: 'quorate seat',
    connectionTimeoutMillis: patience,
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('SELECT pg_advisory_lock_shared($1)', [seatKey]);
    return client;
  } catch (error) {
    await client.end().catch(() => undefined);
    const code = (error as NodeJS.ErrnoException).code ?? '57P03';
    if (/^(57P0|53300|ENOENT|ECONN|EPIPE)/.test(code)) return undefined;
    throw error;
  }
}

async function startOrJoin(place: Place, memory: boolean): Promise<Client> {
  const binaries = await embeddedBinaries(place.folder, place.user);
  await initialise(place, binaries, memory);
  await checkVersion(place, binaries);
  const deadline = Date.now() + patience;
  let attempt = await launch(place, binaries, memory);
  while (Date.now() < deadline) {
    const client = await seated(place.sockets);
    if (client) return client;
    if (attempt.complaint !== undefined && Date.now() > attempt.at + anotherTry) {
      await mayTryAgain(place, attempt.complaint);
      attempt = await launch(place, binaries, memory);
    }
    await sleep(10);
  }
  throw new Error(
    `PostgreSQL did not answer within ${patience / 1000} s: see ${place.log}. ${attempt.complaint ?? ''}`,
  );
}

/** Another PostgreSQL on the same files, or what a killed one left for a moment, is worth waiting for; all else is not. */
async function mayTryAgain(place: Place, complaint: string): Promise<void> {
  if (!/lock file|shared memory block|received .*shutdown request|database system is shut down/.test(complaint)) {
    const end = complaint.split('\n').slice(-5).join('\n');
    throw new Error(`PostgreSQL does not start: ${end} (more in ${place.log})`);
  }
  await removeStaleLock(place);
}

/** Our place among those who use the server: a connection with a shared lock, which PostgreSQL gives up for us if we die. */
class Seat {
  private left?: Promise<void>;
  private lost = false;

  constructor(
    private readonly place: Place,
    readonly client: Client,
  ) {
    client.once('end', () => (this.lost = true));
  }

  leave(): Promise<void> {
    return (this.left ??= this.leaveOnce());
  }

  private async leaveOnce(): Promise<void> {
    const client = this.lost ? await seated(this.place.sockets) : this.client;
    if (!client) return;
    try {
      await client.query('SELECT pg_advisory_unlock_shared($1)', [seatKey]);
      const tried = await client.query<{ last: boolean }>('SELECT pg_try_advisory_lock($1) AS last', [seatKey]);
      if (tried.rows[0]?.last && (await nobodyElse(client))) await stopServer(this.place);
    } catch (error) {
      if (existsSync(join(this.place.files, 'postmaster.pid'))) throw error;
    } finally {
      await client.end().catch(() => undefined);
    }
  }
}

/** Gives connections that were just closed half a second to go. */
async function nobodyElse(client: Client): Promise<boolean> {
  const deadline = Date.now() + 500;
  for (;;) {
    const found = await client.query<{ others: number }>(
      `SELECT count(*)::int AS others FROM pg_stat_activity
        WHERE backend_type IN ('client backend', 'walsender') AND pid <> pg_backend_pid()`,
    );
    if (found.rows[0]?.others === 0) return true;
    if (Date.now() > deadline) return false;
    await sleep(20);
  }
}

async function stopServer(place: Place): Promise<void> {
  const id = await postmasterId(place);
  if (!id) return;
  process.kill(id, 'SIGINT');
  const deadline = Date.now() + patience;
  while ((await postmasterId(place)) === id) {
    if (Date.now() > deadline) throw new Error(`PostgreSQL (process ${id}) does not stop: see ${place.log}.`);
    await sleep(10);
  }
  if (dirname(place.sockets) !== place.folder) await rmdir(place.sockets).catch(() => undefined);
}
