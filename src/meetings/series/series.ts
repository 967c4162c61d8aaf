/**
 * Reviews that follow a meeting: each a meeting of its own, with its own people and its own entry in diaries, at the same
 * hour of the wall's clock whatever the season. They come after some working days, weeks or months; a month that lacks the
 * day takes its last one, and the next month has the day again. What falls on a holiday or a weekend is left to the
 * coordinator, who sees each date before anything goes out.
 */
import { DateTime } from 'luxon';
import { requireDate } from '../../authorities/civil-time.js';
import { addWorkingDays, localDate, LONDON, type WorkingCalendar } from '../../authorities/working-days.js';
import { RuleBroken } from '../../errors.js';

export const SERIES_UNITS = ['WORKING_DAYS', 'WEEKS', 'MONTHS'] as const;
export type SeriesUnit = (typeof SERIES_UNITS)[number];

/** More follow-ups than this are called at another time: this product's own number. */
export const MOST_FOLLOW_UPS = 12;

export interface SeriesRule {
  /** How many follow. */
  readonly count: number;
  /** After how many units each. */
  readonly every: number;
  readonly unit: SeriesUnit;
}

/** The dates (`YYYY-MM-DD`) that follow a first one; throws INVALID for none or too many, and for a step that is no step. */
export function followUpDates(first: string, rule: SeriesRule, calendar: WorkingCalendar): string[] {
  requireWhole(rule.count, MOST_FOLLOW_UPS, 'count');
  requireWhole(rule.every, 60, 'every');
  const start = DateTime.fromISO(`${first}T12:00`, { zone: LONDON });
  return Array.from({ length: rule.count }, (_, at) => {
    const steps = rule.every * (at + 1);
    if (rule.unit === 'WORKING_DAYS') return localDate(addWorkingDays(start.toJSDate(), steps, calendar));
    return start.plus(rule.unit === 'WEEKS' ? { weeks: steps } : { months: steps }).toFormat('yyyy-MM-dd');
  });
}

/** Each date is a real one and later than the one before; throws INVALID_DATE or INVALID, its field `date[1]` and so on. */
export function requireRising(first: string, dates: readonly string[]): void {
  requireWhole(dates.length, MOST_FOLLOW_UPS, 'count');
  let before = first;
  for (const [at, date] of dates.entries()) {
    const field = `date[${at + 1}]`;
    requireDate(date, field);
    if (date <= before) throw new RuleBroken('INVALID', 'Enter a date after the meeting before it', field);
    before = date;
  }
}

function requireWhole(value: number, most: number, field: string): void {
  if (Number.isInteger(value) && value >= 1 && value <= most) return;
  throw new RuleBroken('INVALID', `Enter a whole number from 1 to ${most}`, field);
}
