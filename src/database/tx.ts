import { type EntityManager, type EntityTarget, type FindOptionsWhere, type ObjectLiteral } from 'typeorm';
import { type Actor, SYSTEM_ID } from '../access/actor.js';
import { NotFound, OutOfDate } from '../errors.js';
import { type Change } from '../history/change.js';
import { type Listeners } from '../history/listeners.js';
import { knowingStatement } from './context.js';
import { type Queue } from './queue.js';
import { appending, Together } from './together.js';

/** An aggregate: one row of one authority, with a version that rises with every change. */
export interface Versioned {
  authorityId: number;
  id: string;
  version: number;
}

const joined = new WeakMap<Actor, Tx>();

/** The open transaction that an actor made by `joining` acts in; throws when it has ended. */
export function joinedBy(by: Actor): Tx | undefined {
  const tx = joined.get(by);
  if (tx?.ended === true) throw new Error('This transaction has ended: nobody can join it any more');
  return tx;
}

/** One open transaction, handed to the work as an argument and never found anywhere else. */
export class Tx {
  private readonly recorded: Change[] = [];
  /** How many of those stand in the history already. */
  private kept = 0;
  private gathered: ((together: Together) => void)[] | undefined;
  /** Recorded while writes were gathered: whoever listens hears of it when they are there to be read. */
  private untold: Change[] = [];
  private readonly before = new WeakMap<ObjectLiteral, ObjectLiteral>();
  private readonly after: (() => void)[] = [];
  private knowing: string;
  /** Set by the unit of work alone. */
  ended = false;
  /** The error of somebody who took part: even if it is caught, nothing of this transaction stays. */
  broken: unknown;

  constructor(
    readonly by: Actor,
    /** The service's time for everything in this transaction. */
    readonly now: Date,
    /** For stores only. */
    readonly manager: EntityManager,
    private readonly listeners: Listeners,
    private readonly jobs: Queue,
  ) {
    this.knowing = by.knowsAs;
  }

  /**
   * Locks one row and loads it. Throws NotFound when it is not there or not this actor's, and OutOfDate when the
   * page that asks showed an older version.
   */
  async lock<T extends Versioned>(target: EntityTarget<T>, id: string, seenVersion?: number): Promise<T> {
    const where = { authorityId: this.by.authorityId, id } as unknown as FindOptionsWhere<T>;
    const row = await this.manager.findOne(target, { where, lock: { mode: 'pessimistic_write' } });
    if (row === null) throw new NotFound();
    return this.locked(row, seenVersion);
  }

  /** A row that a store has locked by a statement of its own. Throws OutOfDate as `lock` does. */
  locked<T extends Versioned>(row: T, seenVersion?: number): T {
    if (seenVersion !== undefined && row.version !== seenVersion) throw new OutOfDate();
    this.before.set(row, { ...row });
    return row;
  }

  /** Loads one row without locking it, or throws NotFound. */
  async find<T extends ObjectLiteral>(target: EntityTarget<T>, id: string): Promise<T> {
    const where = { authorityId: this.by.authorityId, id } as unknown as FindOptionsWhere<T>;
    const row = await this.manager.findOne(target, { where });
    if (row === null) throw new NotFound();
    return row;
  }

  /** Saves a changed aggregate that was locked in this transaction. */
  async save<T extends ObjectLiteral>(row: T): Promise<T> {
    if (this.gathered === undefined) return this.manager.save(row);
    const table = this.manager.dataSource.getMetadata(row.constructor);
    this.gathered.push((together) => {
      together.update(table, row, this.before.get(row));
    });
    return row;
  }

  /** Adds new rows of one class. */
  async insert<T extends ObjectLiteral>(target: EntityTarget<T>, ...rows: T[]): Promise<void> {
    if (this.gathered === undefined) {
      if (rows.length > 0) await this.manager.insert(target, rows);
      return;
    }
    const table = this.manager.dataSource.getMetadata(target);
    for (const row of rows)
      this.gathered.push((together) => {
        together.insert(table, row);
      });
  }

  /**
   * Sends what `work` inserts and saves, with what is recorded by then, as one statement when `work` has ended: for what
   * many people do at once. What `work` reads is as it was before. Throws NotFound when a saved row is not there.
   */
  async together(work: () => Promise<void>): Promise<void> {
    const gathered: ((together: Together) => void)[] = [];
    this.gathered = gathered;
    try {
      await work();
    } finally {
      this.gathered = undefined;
    }
    const together = new Together(this.now, this.unkept());
    for (const write of gathered) write(together);
    const { text, values, toChange } = together.statement;
    const [row] = await this.sql<{ changed: number }>(text, values);
    if (row?.changed !== toChange) throw new NotFound();
    this.kept = this.recorded.length;
    for (const change of this.untold.splice(0)) await this.listeners.tell(this, change);
  }

  /** A constant SQL statement with parameters, for stores and named `.sql.ts` files. */
  async sql<R>(text: string, values: readonly unknown[] = []): Promise<R[]> {
    return this.manager.query(text, [...values]);
  }

  /**
   * Runs `work` with the service's own need to know, in this transaction: for what follows in matters that whoever
   * causes it may not see (a contact's address changes). The history still says who caused it; `by` stays the same.
   */
  async asService<T>(work: () => Promise<T>): Promise<T> {
    const before = this.knowing;
    await this.know(SYSTEM_ID);
    try {
      const result = await work();
      await this.know(before);
      return result;
    } catch (error) {
      await this.know(before).catch(() => undefined);
      throw error;
    }
  }

  /**
   * The same actor, acting inside this transaction: a service that is called with it takes part instead of opening a
   * transaction of its own, so that its change commits together with what stands around it.
   */
  joining(): Actor {
    const actor = { ...this.by };
    joined.set(actor, this);
    return actor;
  }

  /** Runs a part that may fail for itself: what it wrote and recorded is taken back, and the rest goes on. */
  async part<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    const [recorded, after] = [this.recorded.length, this.after.length];
    await this.manager.query('savepoint part');
    try {
      const result = await work(this);
      await this.manager.query('release savepoint part');
      return result;
    } catch (error) {
      await this.manager.query('rollback to savepoint part; release savepoint part');
      this.recorded.length = recorded;
      this.kept = Math.min(this.kept, recorded);
      this.after.length = after;
      throw error;
    }
  }

  /** Keeps what happened: those who listen hear it now, in this transaction, and may refuse. */
  async record(change: Change): Promise<void> {
    this.recorded.push(change);
    if (this.gathered === undefined) await this.listeners.tell(this, change);
    else this.untold.push(change);
  }

  /** Queues a job that exists only if this transaction commits. Jobs carry ids, never content. */
  async queue(name: string, job: Record<string, unknown>, startAfter?: Date): Promise<void> {
    await this.jobs.send(this.manager, name, job, startAfter);
  }

  /** Something to do once the commit has happened and only then; it must be safe to lose. */
  afterCommit(effect: () => void): void {
    this.after.push(effect);
  }

  private async know(as: string): Promise<void> {
    await this.manager.query(knowingStatement(as));
    this.knowing = as;
  }

  /** Called by the unit of work alone, last: what was recorded and is not in the history yet. */
  async keepRecorded(): Promise<void> {
    const changes = this.unkept();
    if (changes.length === 0) return;
    const { text, values } = appending(this.now, changes);
    await this.sql(text, values);
    this.kept = this.recorded.length;
  }

  private unkept(): Change[] {
    return this.recorded.slice(this.kept);
  }

  /** Called by the unit of work alone. */
  committed(): void {
    for (const effect of this.after) effect();
  }
}
