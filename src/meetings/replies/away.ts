/**
 * An absence notice: somebody's mailbox says that they are away, perhaps until when. It is never an answer; the coordinator
 * sees it beside the invitation and can ask somebody else in time. The day is read only where it is plain to see, in the
 * ways people write it in England; two readings of one date (3/12: the third of December) follow the English one.
 */
import { DateTime } from 'luxon';

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const UNTIL = String.raw`(?:until|till|to|returning|return|back(?:\s+in\s+the\s+office)?|through|available\s+again)`;
const WEEKDAY = String.raw`(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?,?\s+)?`;
const WORDS = new RegExp(
  String.raw`\b${UNTIL}\b[^.\n]{0,20}?\s${WEEKDAY}(?:the\s+)?(\d{1,2})(?:st|nd|rd|th)?\s+(?:of\s+)?([a-z]{3,9})\b\.?,?\s*(\d{4})?`,
  'i',
);
const DIGITS = new RegExp(
  String.raw`\b${UNTIL}\b[^.\n]{0,20}?\s${WEEKDAY}(\d{1,2})[/.](\d{1,2})(?:[/.](\d{4}|\d{2}))?\b`,
  'i',
);

/** This product's own number, half a year: a day further away was written in another year, or is not a return. */
const FURTHEST_DAYS = 184;

/** The day that an absence notice names as its end or the return, `YYYY-MM-DD`; null where it names none. */
export function awayUntil(text: string, now: Date): string | null {
  const start = text.slice(0, 4000);
  const [, day, month, year] = WORDS.exec(start) ?? [];
  const [, dayNumber, monthNumber, yearNumber] = DIGITS.exec(start) ?? [];
  if (month !== undefined) {
    const index = MONTHS.indexOf(month.slice(0, 3).toLowerCase());
    if (index >= 0) return dayOf({ day: Number(day), month: index + 1, year }, now);
  }
  if (monthNumber === undefined) return null;
  return dayOf({ day: Number(dayNumber), month: Number(monthNumber), year: yearNumber }, now);
}

function dayOf(named: { day: number; month: number; year: string | undefined }, now: Date): string | null {
  const { day, month } = named;
  const today = DateTime.fromJSDate(now, { zone: 'Europe/London' }).startOf('day');
  const years = named.year === undefined ? [today.year, today.year + 1] : [Number(named.year.padStart(4, '20'))];
  const found = years
    .map((year) => DateTime.fromObject({ year, month, day }, { zone: 'Europe/London' }))
    .find((date) => date.isValid && date >= today && date.diff(today, 'days').days <= FURTHEST_DAYS);
  return found?.toISODate() ?? null;
}
