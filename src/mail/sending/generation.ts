import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { type Pool, type PoolClient } from 'pg';
import { inTransaction } from './transaction.js';

/** What is known outside the database: which line of copies it belongs to and how far it had come. */
export interface Mark {
  readonly lineage: string;
  readonly generation: number;
  /** When it last moved on. */
  readonly at: Date | null;
}

/** Why this is not the database that mail was last sent from. */
export type CopyProblem = 'OLDER_COPY' | 'OTHER_COPY' | 'NO_FILE';

interface Row {
  readonly lineage: string;
  readonly generation: string;
  readonly moved_at: Date | null;
}

const FILE = 'mail-generation';
const READ = 'select lineage, generation, moved_at from mail_generation';
const LOCK = `${READ} for update`;
const NEW_LINE = `update mail_generation set lineage = gen_random_uuid(), generation = greatest(generation, $1) + 1,
  moved_at = $2 returning lineage, generation, moved_at`;
const HOLD = `insert into mail_hold (authority_id, held_at, reason, copy_at, last_at) select id, $1::timestamptz, $2::text, $3::timestamptz, $4::timestamptz from authority
  on conflict (authority_id) where released_at is null do nothing`;

/**
 * Tells the database that mail is sent from, from an older or another copy of it. Its generation moves on with every
 * claim, in the same transaction, and is then written to a file outside, before anything of that claim is handed over.
 * So a copy made before a message left is always behind the file, and one made after knows that it was leaving. A
 * database that is ahead of the file is the same one: the process ended between the two.
 */
export class Generation {
  private mark: Mark | undefined;

  /** `folder` is shared by all workers of an installation. */
  constructor(
    private readonly pool: Pool,
    private readonly folder: string | undefined,
    private readonly now: () => Date,
  ) {}

  /** What a claim must find in the database; holds all mail when it is not there. */
  async known(): Promise<Mark> {
    const outside = this.outside();
    if (outside !== undefined) return (this.mark = outside);
    return this.adopt();
  }

  /** A claim has moved it on: before anything is handed over. */
  moved(generation: number): void {
    const { mark } = this;
    if (mark === undefined || generation <= mark.generation) return;
    this.write({ ...mark, generation, at: this.now() });
  }

  /** After a claim that could not move it on: why not; undefined when it was only overtaken. Holds all mail. */
  async check(): Promise<CopyProblem | undefined> {
    return this.locked(async (client, row) => {
      const problem = this.problem(row);
      if (problem !== undefined) await this.hold(client, problem, row);
      return problem;
    });
  }

  /** Without a file: a database that never sent anything is taken as it is. */
  private async adopt(): Promise<Mark> {
    return this.locked(async (client, row) => {
      const outside = this.outside();
      if (outside !== undefined) return (this.mark = outside);
      if (Number(row.generation) === 0 || this.folder === undefined) this.write(markOf(row));
      else await this.hold(client, 'NO_FILE', row);
      return this.mark ?? markOf(row);
    });
  }

  private async locked<T>(work: (client: PoolClient, row: Row) => Promise<T>): Promise<T> {
    const done = await inTransaction(this.pool, async (client) => {
      const { rows } = await client.query<Row>(LOCK);
      const [row] = rows;
      if (row === undefined) throw new Error('The database has no generation of its mail');
      return { result: await work(client, row) };
    });
    return (done as { result: T }).result;
  }

  private problem(row: Row): CopyProblem | undefined {
    const mark = this.outside();
    if (mark === undefined) return 'NO_FILE';
    this.mark = mark;
    if (mark.lineage !== row.lineage) return 'OTHER_COPY';
    return Number(row.generation) < mark.generation ? 'OLDER_COPY' : undefined;
  }

  /** The file is written before the commit: should that fail, the copy is recognised once more. */
  private async hold(client: PoolClient, problem: CopyProblem, row: Row): Promise<void> {
    const now = this.now();
    await client.query(HOLD, [now, problem, row.moved_at, this.mark?.at ?? null]);
    const { rows } = await client.query<Row>(NEW_LINE, [this.mark?.generation ?? 0, now]);
    for (const next of rows) this.write(markOf(next));
  }

  private outside(): Mark | undefined {
    if (this.folder === undefined) return this.mark;
    const file = join(this.folder, FILE);
    return existsSync(file) ? parsed(readFileSync(file, 'utf8')) : undefined;
  }

  /** Over the old line and of the same length, so that a power cut leaves the one or the other. */
  private write(mark: Mark): void {
    this.mark = mark;
    if (this.folder === undefined) return;
    const file = join(this.folder, FILE);
    const line = `${mark.lineage} ${String(mark.generation).padStart(16)} ${(mark.at ?? new Date(0)).toISOString()}\n`;
    if (existsSync(file)) {
      const open = openSync(file, 'r+');
      writeSync(open, line, 0);
      closeSync(open);
      return;
    }
    mkdirSync(this.folder, { recursive: true });
    const draft = `${file}.${process.pid}`;
    const open = openSync(draft, 'w', 0o600);
    writeSync(open, line);
    fsyncSync(open);
    closeSync(open);
    renameSync(draft, file);
  }
}

const markOf = (row: Row): Mark => ({ lineage: row.lineage, generation: Number(row.generation), at: row.moved_at });

function parsed(text: string): Mark | undefined {
  const found = /^([0-9a-f-]{36}) +(\d{1,16}) (\S{24})\n$/.exec(text);
  if (found === null) return undefined;
  const [, lineage = '', generation = '', at = ''] = found;
  return { lineage, generation: Number(generation), at: new Date(at) };
}
