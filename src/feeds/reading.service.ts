import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { systemActor } from '../access/actor.js';
import { type BusyTime } from '../calendar/busy-times.js';
import { readApart } from '../calendar/read-apart.js';
import { Clock } from '../database/clock.js';
import { Sealing } from '../database/sealing.js';
import { Sweeps } from '../database/sweeps.js';
import { type Tx } from '../database/tx.js';
import { UnitOfWork } from '../database/unit-of-work.js';
import { type Got, Outgoing } from '../web/outgoing.js';
import { DUE, FORGET_TIMES, KEEP_TIMES, OUR_UIDS, TAKE } from './feed.sql.js';
import { BETWEEN_READINGS_MS, OwnCalendar, WINDOW_MS } from './own-calendar.js';

export const CALENDAR_PORTS = [443];
/** For the whole answer, milliseconds, and its size unpacked, bytes (interop guide, section 11). */
const WITHIN_MS = 5_000;
const MOST_BYTES = 2 * 1024 * 1024;
/** Read side by side, and so many of them in one sweep: the other sweeps wait for this one (this product's numbers). */
const AT_ONCE = 4;
const MOST_A_SWEEP = 100;
/** Whole days and times without a zone are those of the contacts' own clocks. */
const ZONE = 'Europe/London';

/** Where an address is sealed for. */
export const placeOfAddress = (authorityId: number, id: string): string => `${authorityId}|own_calendar|${id}|address`;

type Which = Pick<OwnCalendar, 'authorityId' | 'id'>;
/** What became of a reading; nothing for every reason there may be. */
type Read =
  | { readonly kind: 'TIMES'; readonly times: readonly BusyTime[]; readonly got: Got & { kind: 'BODY' } }
  | 'UNCHANGED'
  | undefined;

/** Reads the calendars that contacts publish, each a few times an hour, and keeps when they are busy and nothing else. */
@Injectable()
export class ReadingService implements OnModuleInit {
  constructor(
    @Inject(UnitOfWork) private readonly work: UnitOfWork,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Sealing) private readonly sealing: Sealing,
    @Inject(Outgoing) private readonly outgoing: Outgoing,
    @Inject(Sweeps) private readonly sweeps: Sweeps,
  ) {}

  onModuleInit(): void {
    this.sweeps.add((now) => this.readDue(now));
  }

  /** Reads those that are due, the one that waited longest first. */
  async readDue(now: Date): Promise<void> {
    const due = await this.work.outside((sql) => sql<{ authority_id: number; id: string }>(DUE, [now, MOST_A_SWEEP]));
    const next = due.values();
    const readOn = async (): Promise<void> => {
      for (const { authority_id: authorityId, id } of next) await this.readNow({ authorityId, id });
    };
    await Promise.all(Array.from({ length: AT_ONCE }, readOn));
  }

  /** Reads one if it is due and nobody else has taken it. Nothing that stands at an address makes this fail. */
  async readNow(which: Which): Promise<void> {
    const calendar = await this.take(which);
    if (calendar === undefined) return;
    const read = await this.read(calendar);
    await this.work.run(systemActor(which.authorityId), (tx) => this.keep(tx, which, read));
  }

  /** Taking it makes it due later: whoever comes second, or after a crash, finds nothing to do. */
  private async take({ authorityId, id }: Which): Promise<OwnCalendar | undefined> {
    return this.work.run(systemActor(authorityId), async (tx) => {
      const again = new Date(tx.now.getTime() + BETWEEN_READINGS_MS);
      const [taken] = await tx.sql(TAKE, [authorityId, id, tx.now, again]);
      return taken === undefined ? undefined : tx.find(OwnCalendar, id);
    });
  }

  private async read(calendar: OwnCalendar): Promise<Read> {
    const now = this.clock.now();
    const address = this.sealing.open(calendar.addressSealed, placeOfAddress(calendar.authorityId, calendar.id));
    const condition = calendar.asksForChanges(now) ? calendar : { etag: null, lastModified: null };
    const got = await this.outgoing.get(address.toString('utf8'), {
      ...{ ports: CALENDAR_PORTS, withinMs: WITHIN_MS, most: MOST_BYTES, accept: 'text/calendar' },
      ...{ etag: condition.etag, lastModified: condition.lastModified },
    });
    if (got.kind === 'UNCHANGED')
      return condition.etag === null && condition.lastModified === null ? undefined : 'UNCHANGED';
    if (got.kind === 'NOTHING') return undefined;
    const window = { from: now, to: new Date(now.getTime() + WINDOW_MS) };
    const times = await readApart({ text: got.text, window, zone: ZONE, ours: await this.ours(calendar, now) });
    return times === undefined ? undefined : { kind: 'TIMES', times, got };
  }

  private async ours({ authorityId, contactId }: OwnCalendar, now: Date): Promise<string[]> {
    const rows = await this.work.run(systemActor(authorityId), (tx) =>
      tx.sql<{ uid: string }>(OUR_UIDS, [authorityId, contactId, now]),
    );
    return rows.map(({ uid }) => uid);
  }

  /** Keeps what was read; nothing when the person has taken the address back meanwhile or given another. */
  private async keep(tx: Tx, { authorityId, id }: Which, read: Read): Promise<void> {
    const where = { authorityId, id };
    const calendar = await tx.manager.findOne(OwnCalendar, { where, lock: { mode: 'pessimistic_write' } });
    if (calendar === null) return;
    if (read === undefined) calendar.failed(tx.now);
    else if (read === 'UNCHANGED') calendar.isStill(tx.now);
    else {
      calendar.wasRead(read.got.etag, read.got.lastModified, tx.now);
      await tx.sql(FORGET_TIMES, [authorityId, id]);
      const columns = [
        read.times.map((t) => t.startsAt),
        read.times.map((t) => t.endsAt),
        read.times.map((t) => t.kind),
      ];
      await tx.sql(KEEP_TIMES, [authorityId, id, calendar.contactId, ...columns]);
    }
    await tx.save(calendar);
  }
}
