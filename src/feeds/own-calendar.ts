/**
 * A calendar that a contact's own program publishes at a web address, so that meetings can avoid the times at which they
 * are busy. The address is a secret of theirs: it is sealed, and nobody is shown it again. It is read four times an hour
 * at most. What is not known is never taken for free: a calendar that could not be read for a day says nothing any more,
 * and the person sees that it does not.
 */
import { type BusyKind, type BusyTime } from '../calendar/busy-times.js';
import { type Change } from '../history/change.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** A calendar is read every quarter of an hour at most (interop guide, section 11). */
export const BETWEEN_READINGS_MS = 15 * MINUTE_MS;
/** After failures the wait doubles up to this: this product's number. */
const LONGEST_WAIT_MS = 4 * HOUR_MS;
/** What was read so long ago counts no more: this product's number. */
export const STALE_MS = 24 * HOUR_MS;
/** As far ahead as times are worked out: eight weeks. */
export const WINDOW_MS = 56 * 24 * HOUR_MS;

export type GivenBy = 'SELF' | 'COORDINATOR';

/** FRESH: its times count. NEVER_READ: nothing could be read yet. STALE: not for a day. The last two are "no data". */
export type OwnCalendarState = 'FRESH' | 'NEVER_READ' | 'STALE';

/** What somebody's own calendar says about a slot; NO_DATA is not FREE. */
export type DiaryState = BusyKind | 'FREE' | 'NO_DATA';

export class OwnCalendar {
  authorityId: number;
  id: string;
  version = 1;
  contactId: string;
  /** The web address, sealed for this row. */
  addressSealed: Buffer;
  givenBy: GivenBy;
  givenAt: Date;
  nextReadAt: Date;
  /** When the times were last known to be so: the "as of" of every page. */
  freshAt: Date | null = null;
  /** When the file was last read whole; answers of "unchanged" come in between. */
  readAt: Date | null = null;
  /** Until when its times were worked out. */
  coversUntil: Date | null = null;
  /** Tries in a row that came to nothing. */
  failures = 0;
  etag: string | null = null;
  lastModified: string | null = null;

  /** A calendar whose address was just given: due to be read at once. */
  static given(
    facts: Pick<OwnCalendar, 'authorityId' | 'id' | 'contactId' | 'addressSealed' | 'givenBy' | 'givenAt'>,
  ): OwnCalendar {
    return Object.assign(new OwnCalendar(), { ...facts, nextReadAt: facts.givenAt });
  }

  /** Whether to ask only for changes: not once a day, since "unchanged" does not work out the days that have come nearer. */
  asksForChanges(now: Date): boolean {
    return this.readAt !== null && now.getTime() - this.readAt.getTime() < STALE_MS;
  }

  /** It was read whole: its times are those of the window from now on. */
  wasRead(etag: string | null, lastModified: string | null, now: Date): void {
    this.readAt = now;
    this.coversUntil = new Date(now.getTime() + WINDOW_MS);
    this.etag = etag;
    this.lastModified = lastModified;
    this.isStill(now);
  }

  /** It is as it was when it was read. */
  isStill(now: Date): void {
    this.freshAt = now;
    this.failures = 0;
    this.nextReadAt = new Date(now.getTime() + BETWEEN_READINGS_MS);
  }

  /** It could not be read, for whatever reason: tried again later and later. */
  failed(now: Date): void {
    this.failures += 1;
    const wait = Math.min(BETWEEN_READINGS_MS * 2 ** Math.min(this.failures - 1, 10), LONGEST_WAIT_MS);
    this.nextReadAt = new Date(now.getTime() + wait);
  }

  state(now: Date): OwnCalendarState {
    if (this.freshAt === null) return 'NEVER_READ';
    return isFresh(this, now) ? 'FRESH' : 'STALE';
  }

  given(): Change {
    return this.tell('own-calendar.given');
  }

  stopped(): Change {
    return this.tell('own-calendar.stopped');
  }

  private tell(action: string): Change {
    const { contactId, givenBy } = this;
    return { action, object: `contact:${contactId}`, details: { contactId, givenBy } };
  }
}

/** What a calendar with these times says about a slot; null for nobody's calendar. */
export function diaryAt(
  slot: { readonly startsAt: Date; readonly endsAt: Date },
  calendar: Pick<OwnCalendar, 'freshAt' | 'coversUntil'> | null,
  times: readonly BusyTime[],
  now: Date,
): DiaryState {
  if (calendar === null || !isFresh(calendar, now)) return 'NO_DATA';
  const meant = times.filter(({ startsAt, endsAt }) => startsAt < slot.endsAt && slot.startsAt < endsAt);
  if (meant.some(({ kind }) => kind === 'BUSY')) return 'BUSY';
  if (calendar.coversUntil === null || slot.endsAt > calendar.coversUntil) return 'NO_DATA';
  return meant.length > 0 ? 'TENTATIVE' : 'FREE';
}

function isFresh({ freshAt }: Pick<OwnCalendar, 'freshAt'>, now: Date): boolean {
  return freshAt !== null && now.getTime() - freshAt.getTime() < STALE_MS;
}
