import { describe, expect, it } from '@jest/globals';
import ICAL from 'ical.js';
import { buildCalendar } from '../../src/calendar/calendar.js';
import { lintCalendar } from '../../src/calendar/lint.js';
import { aCalendarMail, readEvent } from '../support/calendar-mails.js';

const MINUTE = 60_000;

/** The last Sunday of March and of October, 2024 to 2040. */
const CHANGES = Array.from({ length: 17 }, (_, at) => [2, 9].map((month) => lastSunday(2024 + at, month))).flat();

function lastSunday(year: number, month: number): string {
  const last = new Date(Date.UTC(year, month, 31));
  last.setUTCDate(31 - last.getUTCDay());
  return last.toISOString().slice(0, 10);
}

/* One reading of the London rules serves all minutes: reading them takes longer than all the rest. */
const { calendar: anyCalendar } = readEvent(buildCalendar(aCalendarMail()));
const london = new ICAL.Timezone(anyCalendar.getFirstSubcomponent('vtimezone') ?? new ICAL.Component('vtimezone'));

/** One of the event's times as ical.js reads its line. */
function instantOf(text: string, name: string): string {
  const line = new RegExp(`^${name}[;:].*$`, 'm').exec(text.slice(text.indexOf('BEGIN:VEVENT')))?.[0] ?? '';
  const time = ICAL.Property.fromString(line.trimEnd()).getFirstValue();
  if (!(time instanceof ICAL.Time)) return `${name} is no time`;
  if (line.includes('TZID=Europe/London')) time.zone = london;
  return time.toJSDate().toISOString();
}

function misread(startsAt: Date, endsAt: Date): string[] {
  const text = buildCalendar(aCalendarMail({ startsAt, endsAt }));
  const read = [instantOf(text, 'DTSTART'), instantOf(text, 'DTEND')].join();
  const meant = [startsAt.toISOString(), endsAt.toISOString()].join();
  return read === meant ? [] : [`${meant} was read as ${read}`];
}

describe('around the change of the clocks', () => {
  it.each(CHANGES)('every minute within three hours of 01:00 UTC on %s is read as it was meant', (day) => {
    const change = Date.parse(`${day}T01:00:00Z`);
    /* Each minute of the first half starts a meeting that ends at the same minute of the second half, three hours on. */
    const wrong = Array.from({ length: 181 }, (_, at) => {
      const start = change + (at - 180) * MINUTE;
      return misread(new Date(start), new Date(start + 180 * MINUTE));
    }).flat();
    expect(wrong).toEqual([]);
  });

  it('a meeting on each side keeps its hour on the clock', () => {
    const hours = (startsAt: string): string | undefined => {
      const start = new Date(startsAt);
      const text = buildCalendar(aCalendarMail({ startsAt: start, endsAt: new Date(start.getTime() + 60 * MINUTE) }));
      return /DTSTART;TZID=Europe\/London:\d{8}T(\d{6})/.exec(text)?.[1];
    };
    expect(hours('2027-03-27T10:00:00Z')).toBe('100000');
    expect(hours('2027-03-28T09:00:00Z')).toBe('100000');
    expect(hours('2027-10-30T09:00:00Z')).toBe('100000');
    expect(hours('2027-10-31T10:00:00Z')).toBe('100000');
  });
});

describe('refuses', () => {
  it('the hour that happens twice as a local time, which readers take for either', () => {
    const mail = aCalendarMail({
      startsAt: new Date('2026-10-25T03:00:00Z'),
      endsAt: new Date('2026-10-25T04:00:00Z'),
    });
    const text = buildCalendar(mail).replace('T030000', 'T013000');
    expect(text).toContain('DTSTART;TZID=Europe/London:20261025T013000');
    const first = { ...mail, startsAt: new Date('2026-10-25T00:30:00Z') };
    expect(() => {
      lintCalendar(text, first);
    }).toThrow('Calendar rule 10');
  });
});
