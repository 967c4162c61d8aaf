/**
 * How deadlines are counted. Day 0 is the local date (Europe/London) of the event that starts the clock, whether or not
 * that is a working day, and the time of day never shifts it; day 1 is the next working day; something due in n working
 * days is in time until the end of the nth, 23:59:59 local time. A working day is Monday to Friday, less the bank
 * holidays of the nation and less the authority's own closures (Scottish local holidays, a council shutdown). Calendar
 * days and months never roll to a working day; hours run on through nights, weekends and changes of the clocks. This is
 * how Working Together to Safeguard Children and the local procedures that quote "within n working days" are counted.
 */
import { DateTime } from 'luxon';

import { BANK_HOLIDAYS, HOLIDAYS_KNOWN_FROM, HOLIDAYS_KNOWN_UNTIL, type Jurisdiction } from './bank-holidays.js';

export const LONDON = 'Europe/London';

export interface WorkingCalendar {
  readonly jurisdiction: Jurisdiction;
  /** The authority's own closed days, each `YYYY-MM-DD`. */
  readonly closures: readonly string[];
}

export interface Period {
  readonly value: number;
  readonly unit: 'WD' | 'CD' | 'HOURS' | 'MONTHS';
}

const named = new Map(
  BANK_HOLIDAYS.flatMap((holiday) => holiday.where.map((nation) => [`${nation} ${holiday.date}`, holiday.name])),
);

/** The date in London, `YYYY-MM-DD`, on which an instant falls. */
export function localDate(instant: Date): string {
  return DateTime.fromJSDate(instant, { zone: LONDON }).toFormat('yyyy-MM-dd');
}

/** The name of the bank holiday on a date (`YYYY-MM-DD`) in one nation, as it reads in a sentence; null if there is none. */
export function bankHolidayName(date: string, jurisdiction: Jurisdiction): string | null {
  return named.get(`${jurisdiction} ${date}`) ?? null;
}

/** Whether the list of bank holidays covers a date (`YYYY-MM-DD`): outside it only weekends and closures are known. */
export function holidaysKnown(date: string): boolean {
  return date >= HOLIDAYS_KNOWN_FROM && date <= HOLIDAYS_KNOWN_UNTIL;
}

/** Whether a date (`YYYY-MM-DD`) is Saturday or Sunday. */
export function isWeekend(date: string): boolean {
  return DateTime.fromISO(date, { zone: LONDON }).weekday > 5;
}

/** Whether people are at work on a date (`YYYY-MM-DD`): no weekend, bank holiday or closure. */
export function isWorkingDay(date: string, calendar: WorkingCalendar): boolean {
  return !isWeekend(date) && !bankHolidayName(date, calendar.jurisdiction) && !calendar.closures.includes(date);
}

/**
 * The end (23:59:59 in London) of the nth working day after the anchor's date; of the nth before it for a negative n;
 * for 0 of that date itself or, if it is no working day, of the next one.
 */
export function addWorkingDays(anchor: Date, n: number, calendar: WorkingCalendar): Date {
  const isWorking = (day: DateTime) => isWorkingDay(day.toFormat('yyyy-MM-dd'), calendar);
  let day = noon(anchor);
  if (n === 0) while (!isWorking(day)) day = day.plus({ days: 1 });
  const step = Math.sign(n);
  for (let left = Math.abs(n); left > 0;) {
    day = day.plus({ days: step });
    if (isWorking(day)) left -= 1;
  }
  return endOf(day);
}

/** When something is due that is allowed a period from the anchor. Only working days look at the calendar. */
export function dueOn(anchor: Date, period: Period, calendar: WorkingCalendar): Date {
  switch (period.unit) {
    case 'WD':
      return addWorkingDays(anchor, period.value, calendar);
    case 'CD':
      return endOf(noon(anchor).plus({ days: period.value }));
    case 'MONTHS':
      return endOf(noon(anchor).plus({ months: period.value }));
    case 'HOURS':
      return new Date(anchor.getTime() + period.value * 3_600_000);
  }
}

/** Noon keeps the date safe while days are added: no change of the clocks comes near it. */
function noon(anchor: Date): DateTime {
  return DateTime.fromJSDate(anchor, { zone: LONDON }).set({ hour: 12, minute: 0, second: 0, millisecond: 0 });
}

function endOf(day: DateTime): Date {
  return day.set({ hour: 23, minute: 59, second: 59 }).toJSDate();
}
