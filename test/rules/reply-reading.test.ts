import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readReply } from '../../src/calendar/read-reply.js';
import { type ReplyEvent, UnreadableCalendar } from '../../src/calendar/reply-calendar.js';
import { zoneNamed } from '../../src/calendar/zone-names.js';
import { type Answered, type Odd, PROGRAMS, replyFrom } from '../support/replies.js';

const ASKED: Answered = {
  uid: '7d1f5c80-2b6b-4b6e-9f0e-3a3f9d2a1c11@reply.northshire.example',
  sequence: 2,
  organizer: 'r-abcdefghijklmnopqrstuvwxyz@reply.northshire.example',
  attendee: 'leanne.firth@force.example',
  startsAt: new Date('2026-12-02T10:00:00Z'),
  endsAt: new Date('2026-12-02T11:30:00Z'),
};

function event(text: string, method: string | null = 'REPLY'): ReplyEvent {
  const [one] = readReply([{ method, text }]).events;
  if (one === undefined) throw new Error('No event');
  return one;
}

const exchange = (odd: Odd = {}): ReplyEvent => event(replyFrom('EXCHANGE', ASKED, odd), odd.method ?? 'REPLY');

function why(text: string, method: string | null = 'REPLY'): string {
  try {
    readReply([{ method, text }]);
    return 'read';
  } catch (error) {
    if (error instanceof UnreadableCalendar) return error.why;
    throw error;
  }
}

describe('an answer of a calendar program', () => {
  it.each(PROGRAMS)('of %s says who, what and when', (program) => {
    const read = event(replyFrom(program, ASKED, { partstat: 'TENTATIVE', comment: 'From 10:30\\, perhaps' }));
    expect(read).toMatchObject({
      uid: ASKED.uid,
      sequence: program === 'EXCHANGE' ? null : 2,
      organizer: program === 'EXCHANGE' ? null : ASKED.organizer,
      stampedAt: new Date('2026-11-30T11:30:00Z'),
      startsAt: ASKED.startsAt,
      endsAt: ASKED.endsAt,
      recurrenceId: null,
      comment: 'From 10:30, perhaps',
    });
    expect(read.attendees).toEqual([
      { address: ASKED.attendee, partstat: 'TENTATIVE', sentBy: null, delegatedTo: null, delegatedFrom: null },
    ]);
  });

  it.each<[string, Odd]>([
    ['a byte order mark', { bom: true }],
    ['a signature behind it', { signature: true }],
    ['lines that are none', { junk: true }],
    ['a rule by the second', { rrule: 'FREQ=SECONDLY' }],
    ['capitals', { attendee: 'Leanne.FIRTH@Force.Example' }],
  ])('is read in spite of %s', (_, odd) => {
    expect(exchange(odd).attendees[0]?.address).toBe(ASKED.attendee);
  });

  it('is read from the body where the part names no method, and from the part where the body names none', () => {
    const text = replyFrom('APPLE', ASKED);
    expect(readReply([{ method: null, text }]).method).toBe('REPLY');
    expect(readReply([{ method: 'reply', text: text.replace(/METHOD:.*\n/, '') }]).method).toBe('REPLY');
  });

  it('is taken once where a program sends two parts', () => {
    const text = replyFrom('GOOGLE', ASKED);
    const parts = [
      { method: 'REPLY', text },
      { method: null, text },
    ];
    expect(readReply(parts).events).toHaveLength(1);
  });

  it('is taken event by event where a program repeats a whole series', () => {
    const text = replyFrom('GOOGLE', ASKED);
    const inner = text.slice(text.indexOf('BEGIN:VEVENT'), text.indexOf('END:VCALENDAR'));
    const series = text.replace('END:VCALENDAR', `${inner}${inner}END:VCALENDAR`);
    expect(readReply([{ method: 'REPLY', text: series }]).events).toHaveLength(3);
  });

  it('never runs a zone block that comes along', () => {
    const text = replyFrom('EXCHANGE', ASKED).replace('FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=10', 'FREQ=SECONDLY');
    expect(event(text).startsAt).toEqual(ASKED.startsAt);
  });

  it.each([
    ['GMT Standard Time', 'Europe/London'],
    ['GMT Standard Time 1', 'Europe/London'],
    ['"W. Europe Standard Time"', 'Europe/Berlin'],
    ['Europe/London', 'Europe/London'],
    ['/citadel.org/20210210_1/Europe/London', 'Europe/London'],
    ['UTC', 'UTC'],
    ['Customized Time Zone', undefined],
    ['', undefined],
  ])('names its zone: %s', (tzid, zone) => {
    const same = (name: string | undefined): string | undefined =>
      name === 'Etc/UTC' || name === 'Etc/GMT' ? 'UTC' : name;
    expect(same(zoneNamed(tzid))).toBe(zone);
  });

  it('proposes a time in a Windows zone, on both sides of the clock change', () => {
    const at = (start: string): Odd => ({ proposes: { start, end: '20261211T110000', tzid: 'GMT Standard Time 1' } });
    expect(exchange({ ...at('20261211T093000'), method: 'COUNTER' }).startsAt).toEqual(
      new Date('2026-12-11T09:30:00Z'),
    );
    expect(exchange({ ...at('20260711T093000'), method: 'COUNTER' }).startsAt).toEqual(
      new Date('2026-07-11T08:30:00Z'),
    );
  });
});

describe('refuses', () => {
  it.each([
    ['nothing', 'hello', 'NO_CALENDAR'],
    ['half a calendar', 'BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\n', 'NO_CALENDAR'],
    ['no event', 'BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\nEND:VCALENDAR\r\n', 'BROKEN'],
    [
      'an event that does not end',
      'BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\nBEGIN:VEVENT\r\nUID:a\r\nEND:VCALENDAR',
      'BROKEN',
    ],
    ['two calendars', replyFrom('GOOGLE', ASKED) + replyFrom('GOOGLE', ASKED), 'BROKEN'],
    ['two UIDs', replyFrom('GOOGLE', ASKED).replace('UID:', 'UID:other\r\nUID:'), 'BROKEN'],
    ['a SEQUENCE that is no number', replyFrom('GOOGLE', ASKED).replace('SEQUENCE:2', 'SEQUENCE:two'), 'BROKEN'],
    ['a day that cannot be told', replyFrom('GOOGLE', ASKED, { recurrenceId: '20261202T100000' }), 'BROKEN'],
    ['eleven events', elevenEvents(), 'BROKEN'],
    ['more than 256 KiB', replyFrom('GOOGLE', ASKED, { comment: 'x'.repeat(263_000) }), 'TOO_LARGE'],
    ['an invitation of theirs', replyFrom('GOOGLE', ASKED, { method: 'REQUEST' }), 'METHOD_MISMATCH'],
  ])('%s', (_, text, reason) => {
    expect(why(text)).toBe(reason);
  });

  it('an invitation that is called one, and a part and a body that disagree', () => {
    expect(why(replyFrom('GOOGLE', ASKED, { method: 'REQUEST' }), 'REQUEST')).toBe('OTHER_METHOD');
    expect(why(replyFrom('GOOGLE', ASKED, { method: 'COUNTER' }))).toBe('METHOD_MISMATCH');
  });

  it('to guess a time: no zone, a zone nobody knows, a whole day', () => {
    const proposing = (tzid: string | null): Odd => ({
      proposes: { start: '20261211T093000', end: '20261211T110000', tzid },
    });
    expect([exchange(proposing(null)).startsAt, exchange(proposing('Customized Time Zone')).startsAt]).toEqual([
      null,
      null,
    ]);
    expect(event(replyFrom('GOOGLE', ASKED).replace(/DTSTART.*/, 'DTSTART;VALUE=DATE:20261202')).startsAt).toBeNull();
  });

  it('nothing but by saying so: whatever comes, it is read or it is unreadable', () => {
    const whole = replyFrom('EXCHANGE', ASKED, { comment: 'x' });
    const line = fc.constantFrom(
      ...whole.split('\r\n'),
      'BEGIN:VEVENT',
      'END:VCALENDAR',
      'RRULE:FREQ=SECONDLY',
      'ATTENDEE:x',
    );
    const mixed = fc.array(fc.oneof(line, fc.string({ unit: 'binary', maxLength: 40 })), { maxLength: 60 });
    fc.assert(
      fc.property(mixed, (lines) => {
        expect(['read', 'TOO_LARGE', 'NO_CALENDAR', 'BROKEN', 'OTHER_METHOD', 'METHOD_MISMATCH']).toContain(
          why(lines.join('\r\n')),
        );
      }),
      { numRuns: 2000 },
    );
  });
});

function elevenEvents(): string {
  const text = replyFrom('GOOGLE', ASKED);
  const inner = text.slice(text.indexOf('BEGIN:VEVENT'), text.indexOf('END:VCALENDAR'));
  return text.replace('END:VCALENDAR', `${inner.repeat(10)}END:VCALENDAR`);
}
