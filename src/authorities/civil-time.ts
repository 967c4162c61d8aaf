/**
 * Dates and times as people say them. A meeting is at ten on the clock of the wall, so a date and a time are turned into
 * an instant once, with the zone they were meant in, and the wall time is kept beside it. In the spring an hour is
 * missing and is refused; in the autumn an hour comes twice and the first one is meant. Dates and times are written in
 * the style of GOV.UK (https://www.gov.uk/guidance/style-guide): "Wednesday 2 December 2026", "10am", "2:30pm", "midday".
 */
import { DateTime } from 'luxon';

import { RuleBroken } from '../errors.js';

/** Zones that meetings may be held in: the service is for the four nations, which share one. */
export const ZONES: readonly string[] = ['Europe/London'];

export interface CivilTime {
  readonly instant: Date;
  /** The hour comes twice that night (the clocks go back); the instant is the first one. */
  readonly ambiguous: boolean;
}

export interface WallTime {
  /** `2026-12-02` */
  readonly date: string;
  /** `10:00` */
  readonly time: string;
  /** `Wednesday 2 December 2026` */
  readonly longDate: string;
  /** `10am`, `2:30pm`, `midday` */
  readonly clock: string;
}

const LONG_DATE = 'cccc d MMMM yyyy';

/**
 * The instant of a date (`YYYY-MM-DD`) and a time (`HH:MM`) in a zone. Throws `RuleBroken` with UNKNOWN_ZONE,
 * INVALID_DATE, INVALID or TIME_DOES_NOT_EXIST, its field `zone`, `date` or `time`.
 */
export function civilTime(date: string, time: string, zone: string): CivilTime {
  if (!ZONES.includes(zone)) {
    throw new RuleBroken('UNKNOWN_ZONE', `Times are kept in ${ZONES.join(', ')}. Choose that time zone`, 'zone');
  }
  requireDate(date, 'date');
  if (!/^([01]\d|2[0-3]):[0-5]\d$/.test(time)) {
    throw new RuleBroken('INVALID', 'Enter the time on the 24-hour clock, like 09:30 or 14:00', 'time');
  }
  const meant = DateTime.fromISO(`${date}T${time}`, { zone });
  if (meant.toFormat('HH:mm') !== time) throw missingHour(meant, time);
  const [first, second] = meant.getPossibleOffsets().sort((a, b) => a.toMillis() - b.toMillis());
  return { instant: (first ?? meant).toJSDate(), ambiguous: second !== undefined };
}

/** Refuses a date that is not `YYYY-MM-DD` of a real day between 1900 and 2999 with INVALID_DATE. */
export function requireDate(date: string, field: string): string {
  const real = /^(19|2\d)\d\d-\d\d-\d\d$/.test(date) && DateTime.fromISO(date, { zone: 'utc' }).isValid;
  if (!real) throw new RuleBroken('INVALID_DATE', 'Enter a real date, like 2 12 2026 for 2 December 2026', field);
  return date;
}

/** An instant as the clock on the wall of a zone shows it, in pieces for a page. */
export function wallTime(instant: Date, zone: string): WallTime {
  const wall = DateTime.fromJSDate(instant, { zone }).setLocale('en-GB');
  return {
    date: wall.toFormat('yyyy-MM-dd'),
    time: wall.toFormat('HH:mm'),
    longDate: wall.toFormat(LONG_DATE),
    clock: clockOf(wall),
  };
}

/** A date (`YYYY-MM-DD`) in words: "Wednesday 2 December 2026". */
export function longDate(date: string): string {
  return DateTime.fromISO(date, { zone: 'utc', locale: 'en-GB' }).toFormat(LONG_DATE);
}

/** From when to when, in words: "Wednesday 2 December 2026, 10am to 11:30am". */
export function formatSpan(start: Date, end: Date, zone: string): string {
  const from = DateTime.fromJSDate(start, { zone }).setLocale('en-GB');
  const to = DateTime.fromJSDate(end, { zone }).setLocale('en-GB');
  const until = from.hasSame(to, 'day') ? clockOf(to) : `${to.toFormat(LONG_DATE)}, ${clockOf(to)}`;
  return `${from.toFormat(LONG_DATE)}, ${clockOf(from)} to ${until}`;
}

function clockOf(wall: DateTime): string {
  if (wall.minute === 0 && wall.hour === 0) return 'midnight';
  if (wall.minute === 0 && wall.hour === 12) return 'midday';
  const minutes = wall.minute === 0 ? '' : `:${String(wall.minute).padStart(2, '0')}`;
  return `${wall.hour % 12 || 12}${minutes}${wall.hour < 12 ? 'am' : 'pm'}`;
}

function missingHour(after: DateTime, time: string): RuleBroken {
  const day = after.setLocale('en-GB').toFormat(LONG_DATE);
  return new RuleBroken(
    'TIME_DOES_NOT_EXIST',
    `${time} does not exist on ${day}: the clocks go forward from 1am to 2am that night. Enter a time before 01:00 or from 02:00`,
    'time',
  );
}
