import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { type EntityManager } from 'typeorm';
import { createAuthority, type FirstStaff } from '../src/authorities/founding.service.js';
import { asOwner } from '../src/database/as-owner.js';
import { type Sealing } from '../src/database/sealing.js';
import { FIRST_NAMES, SURNAMES } from '../src/demonstration/names.js';
import { addressToken } from '../src/mail/address.js';
import { DEFAULT_QUORUM_RULES } from '../src/meetings/quorum-defaults.js';
import { AGENCIES, LOAD_STEPS, LOADED_TABLES, LOADING } from './load.sql.js';

/** How much to load: totals, shared out evenly over the authorities. */
export interface LoadSize {
  readonly authorities: number;
  readonly contacts: number;
  readonly meetings: number;
  /** The number of the first authority; the others follow. */
  readonly firstId: number;
  /** The service's own, so that the reply addresses of open invitations are real. */
  readonly sealing: Sealing;
  /** Meetings lie from two years before this moment to 60 days after it. */
  readonly now: Date;
}

export interface Loaded {
  readonly rows: number;
  readonly seconds: number;
  readonly byTable: ReadonlyMap<string, number>;
}

/** A load that cannot be done: one sentence that says what to do. */
export class LoadRefused extends Error {
  override readonly name = 'LoadRefused';
}

/** Authorities loaded side by side: as many as an ordinary small machine has processors. */
const SIDE_BY_SIDE = 2;

/**
 * Fills authorities for measuring, one transaction each, then cleans and analyses the tables. `ownerUrl` signs in as the
 * role that migrates. Throws LoadRefused when there are no tables, when one of the authorities is there, or when there
 * are fewer people than agencies.
 */
export async function loadAuthorities(ownerUrl: string, size: LoadSize, tell: (line: string) => void): Promise<Loaded> {
  await refuse(ownerUrl, size);
  const began = performance.now();
  const byTable = new Map<string, number>();
  const waiting = Array.from({ length: size.authorities }, (_, at) => at);
  const next = async (): Promise<void> => {
    for (let at = waiting.shift(); at !== undefined; at = waiting.shift()) {
      await loadOne(ownerUrl, share(size, at), byTable);
      tell(`Authority ${size.firstId + at} is loaded.`);
    }
  };
  await Promise.all(Array.from({ length: SIDE_BY_SIDE }, next));
  const seconds = (performance.now() - began) / 1000;
  await clean(ownerUrl);
  return { rows: [...byTable.values()].reduce((sum, rows) => sum + rows, 0), seconds, byTable };
}

interface Share {
  readonly id: number;
  readonly contacts: number;
  readonly meetings: number;
  readonly now: Date;
  readonly sealing: Sealing;
}

/** The part of one authority; the first ones take what does not divide. */
function share(size: LoadSize, at: number): Share {
  const part = (total: number): number =>
    Math.floor(total / size.authorities) + (at < total % size.authorities ? 1 : 0);
  return {
    id: size.firstId + at,
    contacts: part(size.contacts),
    meetings: part(size.meetings),
    now: size.now,
    sealing: size.sealing,
  };
}

async function refuse(ownerUrl: string, size: LoadSize): Promise<void> {
  if (share(size, size.authorities - 1).contacts < AGENCIES) {
    throw new LoadRefused(`Each authority needs ${AGENCIES} contacts or more, one for each agency: raise --contacts.`);
  }
  await asOwner(ownerUrl, async (manager) => {
    const [tables] = await manager.query<{ there: boolean }[]>(
      `select to_regclass('public.partner_token') is not null as there`,
    );
    if (tables?.there !== true)
      throw new LoadRefused('The tables are not there yet: start the service once, which makes them.');
    const last = size.firstId + size.authorities - 1;
    const found = await manager.query<{ id: number }[]>(
      'select id from authority where id between $1 and $2 order by id',
      [size.firstId, last],
    );
    if (found[0] !== undefined) {
      throw new LoadRefused(
        `Authority ${found[0].id} is there already: choose another --first-id, or an empty database.`,
      );
    }
  });
}

async function loadOne(ownerUrl: string, part: Share, byTable: Map<string, number>): Promise<void> {
  await asOwner(ownerUrl, async (manager) => {
    const { staff } = await createAuthority(manager, {
      id: part.id,
      name: `Loaded authority ${part.id}`,
      shortName: `Loaded ${part.id}`,
      phone: '01632 960 000',
      rules: DEFAULT_QUORUM_RULES,
      staff: staffOf(part.id),
      now: part.now,
    });
    await manager.query(LOADING, [part.id, part.contacts, part.meetings, part.now, staff.map(({ id }) => id)]);
    for (const { into, sql } of LOAD_STEPS) {
      const rows = await grown(manager, into, sql);
      if (into !== null) byTable.set(into, (byTable.get(into) ?? 0) + rows);
      if (into === 'invitation') await sealReplies(manager, part);
    }
  });
}

const LIVE = `select id from invitation where authority_id = $1 and status in ('DRAFT', 'OPEN')`;
const SEAL = `update invitation i set reply_hash = s.hash, reply_sealed = s.sealed
  from unnest($2::uuid[], $3::bytea[], $4::bytea[]) s (id, hash, sealed) where i.authority_id = $1 and i.id = s.id`;

/** Gives invitations that can still be answered the reply addresses that messages print. */
async function sealReplies(manager: EntityManager, { id: authorityId, sealing }: Share): Promise<void> {
  const ids = (await manager.query<{ id: string }[]>(LIVE, [authorityId])).map(({ id }) => id);
  const tokens = ids.map(() => addressToken(randomBytes(26)));
  const hashes = tokens.map((token) => sealing.hash('reply', token));
  const sealed = tokens.map((token, at) =>
    sealing.seal(Buffer.from(token), `${authorityId}|invitation|${ids[at] ?? ''}|reply`),
  );
  await manager.query(SEAL, [authorityId, ids, hashes, sealed]);
}

/** Runs one statement and answers how many rows it added. */
async function grown(manager: EntityManager, into: string | null, sql: string): Promise<number> {
  if (into === null) {
    await manager.query(sql);
    return 0;
  }
  if (into === 'event') {
    const [row] = await manager.query<{ grown: string }[]>(sql);
    return Number(row?.grown ?? 0);
  }
  const counted = `with added as (${sql} returning 1) select count(*)::int as rows from added`;
  const values = into === 'contact' ? [FIRST_NAMES, SURNAMES] : [];
  const [row] = await manager.query<{ rows: number }[]>(counted, values);
  return row?.rows ?? 0;
}

/** One who sees every matter, three at each desk, and one who only administers. */
function staffOf(authority: number): FirstStaff[] {
  const person = (n: number, desk: FirstStaff['desk'], roles: FirstStaff['roles']): FirstStaff => ({
    name: `${FIRST_NAMES[n] ?? 'Ada'} ${SURNAMES[n * 3] ?? 'Marsh'}`,
    email: `staff${n}@load${authority}.example`,
    roles,
    desk,
  });
  return [
    person(1, null, ['COORDINATOR', 'AUTHORITY_ADMIN']),
    ...[2, 3, 4].map((n) => person(n, 'LADO', ['COORDINATOR', 'LADO'])),
    ...[5, 6, 7].map((n) => person(n, 'CHILD_PROTECTION', ['COORDINATOR'])),
    person(8, null, ['AUTHORITY_ADMIN']),
  ];
}

async function clean(ownerUrl: string): Promise<void> {
  const client = new Client({ connectionString: ownerUrl, options: '-c role=quorate_owner' });
  await client.connect();
  try {
    await client.query('vacuum (analyze) ' + LOADED_TABLES);
  } finally {
    await client.end();
  }
}
