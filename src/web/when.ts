/**
 * Dates and times as pages show them, in the style of GOV.UK (https://www.gov.uk/guidance/style-guide): "Wednesday
 * 2 December 2026", "10am", "2:30pm", "midday". Instants are shown on the clock of the United Kingdom; a date without a
 * time (`2026-12-02`) is the same day everywhere.
 */
import { DateTime } from 'luxon';

const ZONE = 'Europe/London';

export type When = Date | string;

/** "Wednesday 2 December 2026" */
export function day(when: When | null | undefined): string {
  return shown(when, (wall) => wall.toFormat('cccc d MMMM yyyy'));
}

/** "2 Dec 2026", for tables. */
export function shortDay(when: When | null | undefined): string {
  return shown(when, (wall) => wall.toFormat('d LLL yyyy'));
}

/** "10am", "2:30pm", "midday", "midnight" */
export function clock(when: When | null | undefined): string {
  return shown(when, (wall) => {
    if (wall.minute === 0 && wall.hour === 0) return 'midnight';
    if (wall.minute === 0 && wall.hour === 12) return 'midday';
    return wall.toFormat(wall.minute === 0 ? 'ha' : 'h:mma').toLowerCase();
  });
}

/** "Wednesday 2 December 2026 at 10am" */
export function dayAndTime(when: When | null | undefined): string {
  return shown(when, () => `${day(when)} at ${clock(when)}`);
}

/** "2 Dec 2026, 10am", for tables and history. */
export function shortTime(when: When | null | undefined): string {
  return shown(when, () => `${shortDay(when)}, ${clock(when)}`);
}

/** "Wednesday 2 December 2026, 10am to 11:30am" */
export function span(start: When | null | undefined, end: When | null | undefined): string {
  const until = day(start) === day(end) ? clock(end) : `${day(end)}, ${clock(end)}`;
  return shown(start, () => `${day(start)}, ${clock(start)} to ${until}`);
}

/** `2026-12-02`, for the date input of a form. */
export function isoDay(when: When | null | undefined): string {
  return shown(when, (wall) => wall.toFormat('yyyy-MM-dd'));
}

/** `14:30`, for the time input of a form. */
export function isoClock(when: When | null | undefined): string {
  return shown(when, (wall) => wall.toFormat('HH:mm'));
}

function shown(when: When | null | undefined, words: (wall: DateTime) => string): string {
  if (when === null || when === undefined || when === '') return '';
  const wall =
    typeof when === 'string' ? DateTime.fromISO(when, { zone: ZONE }) : DateTime.fromJSDate(when, { zone: ZONE });
  return wall.isValid ? words(wall.setLocale('en-GB')) : '';
}
