import { describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import ICAL from 'ical.js';
import { buildCalendar } from '../../src/calendar/calendar.js';
import { type CalendarMail } from '../../src/calendar/calendar-mail.js';
import { CalendarLint, lintCalendar } from '../../src/calendar/lint.js';
import { aCalendarMail, aCalendarMailBetween, LINK, readEvent, valueOf } from '../support/calendar-mails.js';

const unfolded = (text: string): string => text.replace(/\r\n[ \t]/g, '');
const lineOf = (text: string, name: string): string | undefined =>
  unfolded(text)
    .split('\r\n')
    .find((line) => line.startsWith(name));

describe('an invitation', () => {
  it('asks one person in their own zone, with the words as they were given', () => {
    const text = buildCalendar(aCalendarMail());
    expect(lineOf(text, 'DTSTART;')).toBe('DTSTART;TZID=Europe/London:20260706T140000');
    expect(lineOf(text, 'DTEND;')).toBe('DTEND;TZID=Europe/London:20260706T150000');
    expect(valueOf(text, 'summary')).toBe('Multi-agency meeting ALL-2026-0147');
    expect(valueOf(text, 'location')).toBe('Room 3, Civic Centre; second floor');
    expect(valueOf(text, 'description')).toBe(`Please answer here:\n${LINK}`);
    expect(valueOf(text, 'class')).toBe('PRIVATE');
    expect(valueOf(text, 'status')).toBe('CONFIRMED');
    expect(valueOf(text, 'x-microsoft-disallow-counter')).toBe('FALSE');
    const { calendar, event } = readEvent(text);
    expect(calendar.getFirstPropertyValue('method')).toBe('REQUEST');
    const attendees = event.getAllProperties('attendee');
    expect(attendees).toHaveLength(1);
    expect(attendees[0]?.getFirstValue()).toBe('mailto:priya.nair@police.test');
    expect(attendees[0]?.getFirstParameter('rsvp')).toBe('TRUE');
    expect(attendees[0]?.getFirstParameter('partstat')).toBe('NEEDS-ACTION');
    expect(event.getAllSubcomponents('valarm')).toHaveLength(1);
  });

  it('is pencilled in while the time is only held', () => {
    const text = buildCalendar(aCalendarMail({ hold: true }));
    expect(valueOf(text, 'status')).toBe('TENTATIVE');
    expect(valueOf(text, 'x-microsoft-cdo-busystatus')).toBe('TENTATIVE');
  });

  it('carries the answer already given when only the room changes', () => {
    const mail = aCalendarMail({ sequence: 1 });
    const text = buildCalendar({
      ...mail,
      invitee: { ...mail.invitee, partstat: 'ACCEPTED', role: 'OPT-PARTICIPANT' },
    });
    const attendee = readEvent(text).event.getFirstProperty('attendee');
    expect(attendee?.getFirstParameter('partstat')).toBe('ACCEPTED');
    expect(attendee?.getFirstParameter('role')).toBe('OPT-PARTICIPANT');
  });

  it('keeps UID and organiser through update, cancellation and withdrawal while SEQUENCE rises', () => {
    const later = (sequence: number, kind: CalendarMail['kind']): string =>
      buildCalendar(aCalendarMail({ kind, sequence, stampedAt: new Date(Date.UTC(2026, 6, 1, 9, sequence)) }));
    const texts = [later(0, 'REQUEST'), later(1, 'REQUEST'), later(2, 'CANCEL'), later(3, 'WITHDRAW')];
    expect(new Set(texts.map((text) => lineOf(text, 'UID:'))).size).toBe(1);
    expect(new Set(texts.map((text) => lineOf(text, 'ORGANIZER'))).size).toBe(1);
    expect(texts.map((text) => valueOf(text, 'sequence'))).toEqual(['0', '1', '2', '3']);
    expect(texts.map((text) => lineOf(text, 'METHOD'))).toEqual([
      ...['METHOD:REQUEST', 'METHOD:REQUEST', 'METHOD:CANCEL', 'METHOD:CANCEL'],
    ]);
    expect(texts.map((text) => valueOf(text, 'status'))).toEqual(['CONFIRMED', 'CONFIRMED', 'CANCELLED', undefined]);
    expect(texts.map((text) => text.includes('VALARM'))).toEqual([true, true, false, false]);
    const stamps = texts.map((text) => valueOf(text, 'dtstamp') ?? '');
    expect(stamps).toEqual([...stamps].sort());
    expect(new Set(stamps).size).toBe(4);
  });

  it('keeps names readable in every calendar program', () => {
    const name = (given: string): string | undefined =>
      readEvent(buildCalendar(aCalendarMailBetween({}, { name: given })))
        .event.getFirstProperty('attendee')
        ?.getFirstParameter('cn');
    expect(name('O\u2019Brien, "Pat"')).toBe('O\u2019Brien, \u2019Pat\u2019');
    expect(name('Sia\u0302n')).toBe('Si\u00e2n');
    expect(name('\u{1f469}\u200d\u{1f692} Kim')).toBe('\u{1f469}\u200d\u{1f692} Kim');
    expect(name('山田 太郎')).toBe('山田 太郎');
    expect(name('x'.repeat(300))).toBe('x'.repeat(120));
    expect(name('\u{1f469}'.repeat(300))).toBe('\u{1f469}'.repeat(120));
    expect(name('Pat\r\nATTENDEE:mailto')).toBe('Pat  ATTENDEE:mailto');
    expect(name(' ')).toBe('priya.nair@police.test');
  });

  it('keeps an address exactly as it was given', () => {
    const text = buildCalendar(aCalendarMailBetween({}, { address: "Pat.O'Connor+duty@Police.test" }));
    expect(valueOf(text, 'attendee')).toBe("mailto:Pat.O'Connor+duty@Police.test");
  });

  it('is the same bytes on servers in four time zones', () => {
    const program = `
      import { buildCalendar } from './src/calendar/calendar.ts';
      import { aCalendarMail } from './test/support/calendar-mails.ts';
      const winter = { startsAt: new Date('2026-12-07T13:00:00Z'), endsAt: new Date('2026-12-07T14:00:00Z') };
      const changes = ['2024-03-31', '2026-10-25', '2027-03-28', '2033-10-30', '2040-10-28'];
      const around = changes.flatMap((day) => Array.from({ length: 25 }, (_, at) => {
        const start = Date.parse(day + 'T01:00:00Z') + (at - 12) * 15 * 60_000;
        return { startsAt: new Date(start), endsAt: new Date(start + 3_600_000) };
      }));
      console.log([{}, winter, ...around].map((when) => buildCalendar(aCalendarMail(when))).join(''));`;
    const on = (TZ: string): string =>
      execFileSync(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', program], {
        env: { ...process.env, TZ, NODE_OPTIONS: '' },
        encoding: 'utf8',
      });
    const everywhere = ['UTC', 'Europe/London', 'America/New_York', 'Asia/Kathmandu'].map(on);
    expect(everywhere[0]).toContain('DTSTART;TZID=Europe/London:20260706T140000');
    expect(new Set(everywhere).size).toBe(1);
  });

  it('is written in UTC only when it starts or ends in the hour that happens twice', () => {
    const between = (startsAt: string, endsAt: string): string[] => {
      const text = buildCalendar(aCalendarMail({ startsAt: new Date(startsAt), endsAt: new Date(endsAt) }));
      return [lineOf(text, 'DTSTART:') ?? '', lineOf(text, 'DTEND:') ?? ''];
    };
    const first = between('2026-10-25T00:30:00Z', '2026-10-25T03:00:00Z');
    expect(first).toEqual(['DTSTART:20261025T003000Z', 'DTEND:20261025T030000Z']);
    const second = between('2026-10-24T22:00:00Z', '2026-10-25T01:30:00Z');
    expect(second).toEqual(['DTSTART:20261024T220000Z', 'DTEND:20261025T013000Z']);
    const straddling = between('2026-10-24T22:00:00Z', '2026-10-25T03:00:00Z');
    expect(straddling[0]).not.toContain('2026');
  });
});

function brokenRule(act: () => unknown): number | undefined {
  try {
    act();
    return undefined;
  } catch (error) {
    return error instanceof CalendarLint ? error.rule : NaN;
  }
}

describe('refuses', () => {
  const building = (mail: CalendarMail): number | undefined => brokenRule(() => buildCalendar(mail));

  it.each([
    ['an unknown zone', aCalendarMail({ zone: 'Europe/Atlantis' }), 8],
    ['a zone that is another name of London', aCalendarMail({ zone: 'Europe/Jersey' }), 8],
    ['an end before the start', aCalendarMail({ endsAt: new Date('2026-07-06T12:00:00Z') }), 10],
    ['an end at the start', aCalendarMail({ endsAt: new Date('2026-07-06T13:00:00Z') }), 10],
    ['a UID with a line break', aCalendarMail({ uid: 'x\r\nATTENDEE:mailto:eve@evil.test' }), 11],
    ['two addresses in one', aCalendarMailBetween({}, { address: 'a@b.test,c@evil.test' }), 13],
    [
      'an address with a line break',
      aCalendarMailBetween({}, { address: 'a@b.test\r\nATTENDEE:mailto:c@evil.test' }),
      13,
    ],
    ['two organisers in one', aCalendarMailBetween({ address: 'a@b.test,c@evil.test' }, {}), 12],
    ['a title of nothing but marks', aCalendarMail({ title: ' \u202e' }), 5],
    ['a third address in the title', aCalendarMail({ title: 'Ask eve@evil.test' }), 16],
    ['a third address in the note', aCalendarMail({ note: 'Ask\neve@evil.test.' }), 16],
    ['a third address as a name', aCalendarMailBetween({}, { name: 'eve@evil.test' }), 16],
  ])('%s', (_, mail, rule) => {
    expect(building(mail)).toBe(rule);
  });

  it('an instant that does not exist', () => {
    expect(() => buildCalendar(aCalendarMail({ startsAt: new Date(NaN) }))).toThrow('valid date');
  });

  it.each([
    ['bare line feeds', /\r\n/g, '\n', 3],
    ['a missing last CRLF', /\r\n$/, '', 1],
    ['a line over 75 octets', 'CLASS:PRIVATE', `SUMMARY:${'x'.repeat(70)}`, 1],
    ['a direction mark', 'Multi-agency', 'Multi\u202eagency', 2],
    ['a second UID', 'CLASS:PRIVATE', 'UID:another', 3],
    ['a second event', 'END:VEVENT\r\n', 'END:VEVENT\r\nBEGIN:VEVENT\r\nEND:VEVENT\r\n', 3],
    ['an unclosed block', 'END:VALARM\r\n', '', 3],
    ['a property after a block', 'END:VALARM\r\n', 'END:VALARM\r\nCLASS:PRIVATE\r\n', 4],
    ['an empty property', /SUMMARY:[^\r]+/, 'SUMMARY:', 5],
    ['a property nobody expects', 'CLASS:PRIVATE', 'URL:https://quorate.test', 5],
    ['another method', 'METHOD:REQUEST', 'METHOD:PUBLISH', 6],
    ['a stamp in local time', /DTSTAMP:(\w+)Z/, 'DTSTAMP:$1', 7],
    ['another stamp', 'DTSTAMP:20260701T090000Z', 'DTSTAMP:20260701T090001Z', 7],
    ['a zone nobody defines', 'DTSTART;TZID=Europe/London', 'DTSTART;TZID=Europe/Paris', 8],
    ['a floating time', 'DTSTART;TZID=Europe/London', 'DTSTART', 8],
    ['a zone without summer time', /BEGIN:DAYLIGHT.*END:DAYLIGHT\r\n/s, '', 8],
    ['a rule that ends in local time', 'BYDAY=-1SU', 'BYDAY=-1SU;UNTIL=20370101T000000', 9],
    ['another hour', '20260706T140000', '20260706T130000', 10],
    ['another end', '20260706T150000', '20260706T160000', 10],
    ['another offset', 'TZOFFSETTO:+0100', 'TZOFFSETTO:+0200', 10],
    ['another UID', /UID:5/, 'UID:6', 11],
    ['another SEQUENCE', 'SEQUENCE:0', 'SEQUENCE:1', 11],
    ['another organiser', /mailto:r-q/, 'mailto:r-x', 12],
    ['another attendee', 'mailto:priya', 'mailto:eve', 13],
    ['a second attendee', 'CLASS:PRIVATE', 'ATTENDEE:mailto:priya.nair@police.test', 13],
    ['another status', 'STATUS:CONFIRMED', 'STATUS:CANCELLED', 14],
    ['an escaped quote in a name', 'CN="Priya', `CN="^'Priya`, 17],
  ])('a calendar with %s', (_, from, to, rule) => {
    const mail = aCalendarMail();
    const text = buildCalendar(mail);
    const spoilt = text.replace(from, to);
    expect(spoilt).not.toBe(text);
    expect(
      brokenRule(() => {
        lintCalendar(spoilt, mail);
      }),
    ).toBe(rule);
  });

  it('an alarm in a cancellation', () => {
    const mail = aCalendarMail({ kind: 'CANCEL', sequence: 1 });
    const alarm = 'BEGIN:VALARM\r\nACTION:DISPLAY\r\nTRIGGER:-PT15M\r\nDESCRIPTION:Meeting\r\nEND:VALARM\r\n';
    const text = buildCalendar(mail).replace('END:VEVENT', `${alarm}END:VEVENT`);
    expect(() => ICAL.parse(text) as unknown).not.toThrow();
    expect(
      brokenRule(() => {
        lintCalendar(text, mail);
      }),
    ).toBe(15);
  });
});
