import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type BusyTime, mergeTimes } from '../../src/calendar/busy-times.js';
import { readApart } from '../../src/calendar/read-apart.js';
import { readBusy } from '../../src/calendar/read-busy.js';
import { diaryAt, OwnCalendar } from '../../src/feeds/own-calendar.js';

const NOW = new Date('2026-11-30T11:20:00Z');
const window = { from: NOW, to: new Date(NOW.getTime() + 56 * 86_400_000) };

const calendarOf = (...lines: string[]): string =>
  ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//Test//EN', ...lines, 'END:VCALENDAR', ''].join('\r\n');
const event = (...lines: string[]): string[] => ['BEGIN:VEVENT', 'UID:one@example.test', ...lines, 'END:VEVENT'];
const asked = (text: string, ours: string[] = []) => ({ text, window, zone: 'Europe/London', ours });

/** As `2026-12-01T10:00Z/11:00Z BUSY`, one a line. */
const shown = (times: readonly BusyTime[]): string[] =>
  times.map(({ startsAt, endsAt, kind }) => {
    const [from, to] = [startsAt.toISOString(), endsAt.toISOString()];
    return `${from.slice(0, 16)} ${from.slice(0, 10) === to.slice(0, 10) ? to.slice(11, 16) : to.slice(0, 16)} ${kind}`;
  });
const busyIn = (...lines: string[]): string[] => shown(readBusy(asked(calendarOf(...lines))));

const START = 'DTSTART:20261201T100000Z';
const END = 'DTEND:20261201T110000Z';
const TEN = '2026-12-01T10:00 11:00';

const isWithin = ({ startsAt, endsAt }: BusyTime): boolean =>
  startsAt < endsAt && startsAt >= window.from && endsAt <= window.to;
const taken = (list: readonly BusyTime[], kind: BusyTime['kind'], when: Date): boolean =>
  list.some((time) => time.kind === kind && time.startsAt <= when && when < time.endsAt);

describe('a published calendar', () => {
  it('says when somebody is busy, and pencilled in apart', () => {
    expect(busyIn(...event(START, END))).toEqual([`${TEN} BUSY`]);
    expect(busyIn(...event(START, END, 'TRANSP:OPAQUE', 'STATUS:CONFIRMED'))).toEqual([`${TEN} BUSY`]);
    expect(busyIn(...event(START, END, 'STATUS:TENTATIVE'))).toEqual([`${TEN} TENTATIVE`]);
    expect(busyIn(...event(START, END, 'X-MICROSOFT-CDO-BUSYSTATUS:TENTATIVE'))).toEqual([`${TEN} TENTATIVE`]);
    expect(busyIn(...event(START, END, 'X-MICROSOFT-CDO-BUSYSTATUS:OOF'))).toEqual([`${TEN} BUSY`]);
    expect(busyIn(...event(START, 'DURATION:PT1H'))).toEqual([`${TEN} BUSY`]);
  });

  it('leaves out what takes no time', () => {
    for (const line of [
      'TRANSP:TRANSPARENT',
      'STATUS:CANCELLED',
      'X-MICROSOFT-CDO-BUSYSTATUS:FREE',
      'transp:transparent',
    ]) {
      expect([line, busyIn(...event(START, END, line))]).toEqual([line, []]);
    }
    expect(busyIn(...event(START))).toEqual([]);
    expect(busyIn(...event('DTSTART:20270401T100000Z', 'DTEND:20270401T110000Z'))).toEqual([]);
    expect(busyIn(...event('DTSTART:20260401T100000Z', 'DTEND:20260401T110000Z'))).toEqual([]);
  });

  it('is read in the zone each time names, whole days and bare times in the person’s own', () => {
    const at = (tzid: string): string[] =>
      busyIn(...event(`DTSTART;TZID=${tzid}:20261201T100000`, `DTEND;TZID=${tzid}:20261201T110000`));
    expect(at('Europe/London')).toEqual([`${TEN} BUSY`]);
    expect(at('GMT Standard Time')).toEqual([`${TEN} BUSY`]);
    expect(at('Romance Standard Time')).toEqual(['2026-12-01T09:00 10:00 BUSY']);
    expect(at('America/New_York')).toEqual(['2026-12-01T15:00 16:00 BUSY']);
    expect(at('/freeassociation.sourceforge.net/Europe/Paris')).toEqual(['2026-12-01T09:00 10:00 BUSY']);
    expect(busyIn(...event('DTSTART:20261201T100000', 'DTEND:20261201T110000'))).toEqual([`${TEN} BUSY`]);
    const whole = event('DTSTART;VALUE=DATE:20261202', 'DTEND;VALUE=DATE:20261204');
    expect(busyIn(...whole)).toEqual(['2026-12-02T00:00 2026-12-04T00:00 BUSY']);
    expect(busyIn(...event('DTSTART;VALUE=DATE:20261202'))).toEqual(['2026-12-02T00:00 2026-12-03T00:00 BUSY']);
  });

  it('is read by the rules in the file for a zone with a name of its own', () => {
    const zone = [
      ...['BEGIN:VTIMEZONE', 'TZID:Our office', 'BEGIN:STANDARD', 'DTSTART:19700101T000000'],
      ...['TZOFFSETFROM:+0300', 'TZOFFSETTO:+0300', 'END:STANDARD', 'END:VTIMEZONE'],
    ];
    const own = event('DTSTART;TZID=Our office:20261201T100000', 'DTEND;TZID=Our office:20261201T110000');
    expect(busyIn(...zone, ...own)).toEqual(['2026-12-01T07:00 08:00 BUSY']);
  });

  it('repeats by rule across the clock change, with dates left out, added and moved', () => {
    const weekly = event(
      'DTSTART;TZID=America/New_York:20261026T090000',
      'DTEND;TZID=America/New_York:20261026T093000',
      'RRULE:FREQ=WEEKLY;COUNT=9',
      'EXDATE;TZID=America/New_York:20261207T090000',
      'RDATE;TZID=America/New_York:20261210T150000',
    );
    const moved = event(
      'RECURRENCE-ID;TZID=America/New_York:20261214T090000',
      'DTSTART;TZID=America/New_York:20261215T110000',
      'DTEND;TZID=America/New_York:20261215T120000',
      'STATUS:TENTATIVE',
    );
    expect(busyIn(...weekly, ...moved)).toEqual([
      '2026-11-30T14:00 14:30 BUSY',
      '2026-12-10T20:00 20:30 BUSY',
      '2026-12-15T16:00 17:00 TENTATIVE',
      '2026-12-21T14:00 14:30 BUSY',
    ]);
    const gone = event('RECURRENCE-ID;TZID=America/New_York:20261221T090000', START, END, 'STATUS:CANCELLED');
    expect(busyIn(...weekly, ...moved, ...gone)).toHaveLength(3);
  });

  it('ends a rule where it says, on the day and at the minute', () => {
    const daily = (until: string): string[] =>
      busyIn(
        ...event(
          'DTSTART;TZID=Europe/London:20261120T100000',
          'DTEND;TZID=Europe/London:20261120T110000',
          `RRULE:FREQ=DAILY;UNTIL=${until}`,
        ),
      );
    expect(daily('20261202')).toHaveLength(2);
    expect(daily('20261202T100000Z')).toHaveLength(2);
    expect(daily('20261202T095959Z')).toHaveLength(1);
  });

  it('follows a series that began long before the steps it may take', () => {
    const old = event('DTSTART:19950102T090000Z', 'DTEND:19950102T093000Z', 'RRULE:FREQ=DAILY;INTERVAL=3');
    const times = busyIn(...old);
    expect(times).toHaveLength(18);
    const first = Date.parse(`${(times[0] ?? '').slice(0, 16)}:00Z`);
    expect(((first - Date.parse('1995-01-02T09:00:00Z')) / 86_400_000) % 3).toBe(0);
    const weekly = event(
      'DTSTART:19960101T090000Z',
      'DTEND:19960101T093000Z',
      'RRULE:FREQ=WEEKLY;BYDAY=MO,WE;INTERVAL=2',
    );
    const days = busyIn(...weekly).map((time) => new Date(`${time.slice(0, 16)}:00Z`).getUTCDay());
    expect(days).toHaveLength(8);
    expect(new Set(days)).toEqual(new Set([1, 3]));
  });

  it('may say its busy times as such', () => {
    const times = busyIn(
      ...['BEGIN:VFREEBUSY', 'UID:x', 'FREEBUSY:20261201T100000Z/20261201T110000Z,20261201T110000Z/PT30M'],
      ...['FREEBUSY;FBTYPE=BUSY-TENTATIVE:20261202T100000Z/PT1H', 'FREEBUSY;FBTYPE=FREE:20261203T100000Z/PT1H'],
      ...['FREEBUSY;FBTYPE=BUSY-UNAVAILABLE:20261204T100000Z/PT1H', 'END:VFREEBUSY'],
    );
    expect(times).toEqual([
      '2026-12-01T10:00 11:30 BUSY',
      '2026-12-02T10:00 11:00 TENTATIVE',
      '2026-12-04T10:00 11:00 BUSY',
    ]);
  });

  it('does not count our own meetings in it', () => {
    expect(readBusy(asked(calendarOf(...event(START, END)), ['one@example.test']))).toEqual([]);
  });

  it('gives merged times within the window, whatever stands in it', () => {
    const minutes = fc.integer({ min: -2_000, max: 90_000 });
    const any = fc.record({ from: minutes, length: fc.integer({ min: 0, max: 3_000 }), busy: fc.boolean() });
    fc.assert(
      fc.property(fc.array(any, { maxLength: 40 }), (given) => {
        const at = (minute: number): Date => new Date(NOW.getTime() + minute * 60_000);
        const times = given.map(({ from, length, busy }): BusyTime => {
          return { startsAt: at(from), endsAt: at(from + length), kind: busy ? 'BUSY' : 'TENTATIVE' };
        });
        const merged = mergeTimes(times, window);
        for (const kind of ['BUSY', 'TENTATIVE'] as const) {
          const those = merged.filter((time) => time.kind === kind);
          expect(those.every(isWithin)).toBe(true);
          expect(those.slice(1).every(({ startsAt }, before) => (those[before]?.endsAt ?? startsAt) < startsAt)).toBe(
            true,
          );
          for (let minute = 0; minute < 80_000; minute += 997) {
            expect(taken(those, kind, at(minute))).toBe(at(minute) < window.to && taken(times, kind, at(minute)));
          }
        }
      }),
      { numRuns: 60 },
    );
  });
});

describe('what a calendar says about a slot', () => {
  const slot = { startsAt: new Date('2026-12-01T10:30:00Z'), endsAt: new Date('2026-12-01T11:30:00Z') };
  const read = { freshAt: NOW, coversUntil: window.to };
  const time = (kind: BusyTime['kind'], from: string, to: string): BusyTime => ({
    startsAt: new Date(`2026-12-01T${from}:00Z`),
    endsAt: new Date(`2026-12-01T${to}:00Z`),
    kind,
  });

  it('is busy, pencilled in or free, and none of them without data', () => {
    expect(diaryAt(slot, read, [time('BUSY', '10:00', '11:00')], NOW)).toBe('BUSY');
    expect(diaryAt(slot, read, [time('TENTATIVE', '10:00', '11:00')], NOW)).toBe('TENTATIVE');
    expect(diaryAt(slot, read, [time('BUSY', '10:00', '10:30'), time('BUSY', '11:30', '12:00')], NOW)).toBe('FREE');
    expect(diaryAt(slot, null, [], NOW)).toBe('NO_DATA');
    expect(diaryAt(slot, { freshAt: null, coversUntil: null }, [], NOW)).toBe('NO_DATA');
    const afterADay = new Date(NOW.getTime() + 86_400_000);
    expect(diaryAt(slot, read, [time('BUSY', '10:00', '11:00')], afterADay)).toBe('NO_DATA');
    expect(diaryAt({ ...slot, endsAt: new Date(window.to.getTime() + 1) }, read, [], NOW)).toBe('NO_DATA');
  });

  it('is asked for less and less often while it cannot be read, four times an hour otherwise', () => {
    const given = { authorityId: 1, id: '', contactId: '', addressSealed: Buffer.of(), givenAt: NOW };
    const calendar = OwnCalendar.given({ ...given, givenBy: 'SELF' });
    const waits = Array.from({ length: 7 }, () => {
      calendar.failed(NOW);
      return (calendar.nextReadAt.getTime() - NOW.getTime()) / 60_000;
    });
    expect(waits).toEqual([15, 30, 60, 120, 240, 240, 240]);
    expect(calendar.state(NOW)).toBe('NEVER_READ');
    calendar.wasRead('"1"', null, NOW);
    expect([calendar.nextReadAt.getTime() - NOW.getTime(), calendar.failures, calendar.state(NOW)]).toEqual([
      900_000,
      0,
      'FRESH',
    ]);
    const nextDay = new Date(NOW.getTime() + 86_400_000);
    expect([calendar.state(nextDay), calendar.asksForChanges(nextDay), calendar.asksForChanges(NOW)]).toEqual([
      'STALE',
      false,
      true,
    ]);
  });
});

describe('refuses', () => {
  const endless = (rule: string): string => calendarOf(...event(START, END, `RRULE:${rule}`));

  it('a calendar that cannot be read whole, since the rest is not free', async () => {
    const long = event('DTSTART:20261130T000000Z', 'DTEND:20261130T000001Z', 'RRULE:FREQ=SECONDLY');
    const half = event('RECURRENCE-ID;RANGE=THISANDFUTURE:20261201T100000Z', START, END);
    for (const text of [
      ...[
        '',
        'no calendar',
        '<html><body>Sign in</body></html>',
        'BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nEND:VCALENDAR\r\n',
      ],
      ...['BEGIN:VEVENT\r\nUID:1\r\nEND:VEVENT\r\n', calendarOf(...event('SUMMARY:Nowhere'))],
      ...[calendarOf(...event('DTSTART:soon', END))],
      ...[calendarOf(...long), endless('FREQ=MINUTELY'), calendarOf(...half)],
    ]) {
      expect([text, await readApart(asked(text))]).toEqual([text, undefined]);
    }
  });

  it('rules that never come to an end, within the time for reading', async () => {
    const many = Array.from({ length: 4_000 }, () =>
      event('DTSTART:20260601T000000Z', 'DTEND:20260601T000100Z', 'RRULE:FREQ=HOURLY;COUNT=4999'),
    );
    expect(await readApart(asked(calendarOf(...many.flat())), 300)).toBeUndefined();
    expect(shown((await readApart(asked(calendarOf(...event(START, END))))) ?? [])).toEqual([`${TEN} BUSY`]);
  });

  it('blocks within blocks without end', async () => {
    const deep = [...Array(20_000).fill('BEGIN:VEVENT'), ...Array(20_000).fill('END:VEVENT')] as string[];
    expect(await readApart(asked(calendarOf(...deep)))).toBeUndefined();
  });
});
