import { describe, expect, it } from '@jest/globals';
import ICAL from 'ical.js';
import { buildCalendar } from '../../src/calendar/calendar.js';
import { lintCalendar } from '../../src/calendar/lint.js';
import { aCalendarMail, readEvent } from '../support/calendar-mails.js';

const MINUTE = 60_000;
const CHANGES = ['2026-03-29', '2026-10-25', '2027-03-28', '2027-10-31', '2028-03-26', '2028-10-29'];

/* One reading of the London rules serves all minutes: reading them takes longer than all the rest. */
const { calendar: anyCalendar } = readEvent(buildCalendar(aCalendarMail()));
const london = new ICAL.Timezone(anyCalendar.getFirstSubcomponent('vtimezone') ?? new ICAL.Component('vtimezone'));

function instantOf(event: ICAL.Component, property: string): string {
  const time = event.getFirstPropertyValue(property);
  if (!(time instanceof ICAL.Time)) return `${property} is no time`;
  if (time.zone.tzid === 'Europe/London') time.zone = london;
  return time.toJSDate().toISOString();
}

function misread(startsAt: Date, endsAt: Date): string[] {
  const { event } = readEvent(buildCalendar(aCalendarMail({ startsAt, endsAt })));
  const read = [instantOf(event, 'dtstart'), instantOf(event, 'dtend')].join();
  const meant = [startsAt.toISOString(), endsAt.toISOString()].join();
  return read === meant ? [] : [`${meant} was read as ${read}`];
}

describe('around the change of the clocks', () => {
  it.each(CHANGES)('every minute within three hours of 01:00 UTC on %s is read as it was meant', (day) => {
    const change = Date.parse(`${day}T01:00:00Z`);
    const minutes = Array.from({ length: 361 }, (_, at) => change + (at - 180) * MINUTE);
    const wrong = minutes.flatMap((minute, at) => {
      const anHour = misread(new Date(minute), new Date(minute + 60 * MINUTE));
      const aDayBefore = at % 10 === 0 ? misread(new Date(minute - 1440 * MINUTE), new Date(minute)) : [];
      return [...anHour, ...aDayBefore];
    });
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
