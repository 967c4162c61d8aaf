import { describe, expect, it } from '@jest/globals';

import { civilTime, formatSpan, longDate, requireDate, wallTime } from '../../src/authorities/civil-time.js';
import { optionalText, requiredReason, requiredText } from '../../src/authorities/plain-text.js';
import { refusal } from '../support/refusal.js';

const LONDON = 'Europe/London';

describe('a date and a time on the wall', () => {
  it('are an instant, an hour earlier in UTC while the clocks are forward', () => {
    expect(civilTime('2026-12-02', '10:00', LONDON)).toEqual({
      instant: new Date('2026-12-02T10:00:00Z'),
      ambiguous: false,
    });
    expect(civilTime('2027-03-30', '10:00', LONDON).instant).toEqual(new Date('2027-03-30T09:00:00Z'));
  });

  it('mean the first of the two when the hour comes twice, and say so', () => {
    expect(civilTime('2027-10-31', '01:30', LONDON)).toEqual({
      instant: new Date('2027-10-31T00:30:00Z'),
      ambiguous: true,
    });
    expect(civilTime('2027-10-31', '02:00', LONDON)).toEqual({
      instant: new Date('2027-10-31T02:00:00Z'),
      ambiguous: false,
    });
  });

  it('may stand on either side of the missing hour', () => {
    expect(civilTime('2027-03-28', '00:59', LONDON).instant).toEqual(new Date('2027-03-28T00:59:00Z'));
    expect(civilTime('2027-03-28', '02:00', LONDON).instant).toEqual(new Date('2027-03-28T01:00:00Z'));
  });
});

describe('an instant in words', () => {
  it('is a long date and a short time', () => {
    expect(wallTime(new Date('2027-03-30T13:30:00Z'), LONDON)).toEqual({
      date: '2027-03-30',
      time: '14:30',
      longDate: 'Tuesday 30 March 2027',
      clock: '2:30pm',
    });
    expect(longDate('2026-12-02')).toBe('Wednesday 2 December 2026');
  });

  it.each([
    ['2026-12-02T10:00:00Z', '10am'],
    ['2026-12-02T12:00:00Z', 'midday'],
    ['2026-12-02T12:05:00Z', '12:05pm'],
    ['2026-12-02T00:00:00Z', 'midnight'],
    ['2026-12-02T00:05:00Z', '12:05am'],
  ])('%s is %s', (instant, clock) => {
    expect(wallTime(new Date(instant), LONDON).clock).toBe(clock);
  });

  it('names the second day of a span that runs over midnight', () => {
    const ten = new Date('2026-12-02T10:00:00Z');
    expect(formatSpan(ten, new Date('2026-12-02T11:30:00Z'), LONDON)).toBe(
      'Wednesday 2 December 2026, 10am to 11:30am',
    );
    expect(formatSpan(ten, new Date('2026-12-03T00:30:00Z'), LONDON)).toBe(
      'Wednesday 2 December 2026, 10am to Thursday 3 December 2026, 12:30am',
    );
  });
});

describe('typed words', () => {
  it('are kept as typed but for the white space around them', () => {
    expect(requiredText('  Get statements\r\nby Friday ', { field: 'text', ask: 'Enter it' })).toBe(
      'Get statements\nby Friday',
    );
    expect(optionalText(' \u200b ', { field: 'comment' })).toBeNull();
  });
});

describe('refuses', () => {
  it.each([
    ['a day that is not in the month', '2027-02-30', '10:00', 'INVALID_DATE', 'date'],
    ['a day written otherwise', '30/03/2027', '10:00', 'INVALID_DATE', 'date'],
    ['a year nobody meant', '0027-03-30', '10:00', 'INVALID_DATE', 'date'],
    ['an hour that is not in the day', '2027-03-30', '24:00', 'INVALID', 'time'],
    ['a time with words', '2027-03-30', 'ten', 'INVALID', 'time'],
    ['a time within the missing hour', '2027-03-28', '01:30', 'TIME_DOES_NOT_EXIST', 'time'],
  ])('%s', (_what, date, time, code, field) => {
    expect(refusal(() => civilTime(date, time, LONDON))).toMatchObject({ code, field });
  });

  it('the missing hour in a sentence that says why', () => {
    const message = refusal(() => civilTime('2027-03-28', '01:30', LONDON)).message;
    expect(message).toContain('01:30 does not exist on Sunday 28 March 2027: the clocks go forward');
  });

  it.each(['Europe/Paris', 'Europe/Atlantis', '', 'UTC', '+01:00'])('the zone "%s"', (zone) => {
    expect(refusal(() => civilTime('2026-12-02', '10:00', zone))).toMatchObject({
      code: 'UNKNOWN_ZONE',
      field: 'zone',
    });
  });

  it('a date by the name of its field', () => {
    expect(refusal(() => requireDate('2027-13-01', 'dueOn'))).toMatchObject({ code: 'INVALID_DATE', field: 'dueOn' });
  });

  it.each([
    ['nothing', '   ', 'REQUIRED'],
    ['only what cannot be seen', '\u200b\u2060', 'REQUIRED'],
    ['10,000 characters', 'x'.repeat(10_000), 'TOO_LONG'],
    ['an override of the direction of writing', 'pay \u202eelpmaxe', 'UNSAFE_TEXT'],
    ['a control character', 'bell\u0007', 'UNSAFE_TEXT'],
  ])('as text %s', (_what, typed, code) => {
    expect(refusal(() => requiredText(typed, { field: 'text', ask: 'Enter it' }))).toMatchObject({
      code,
      field: 'text',
    });
  });

  it('a reason that is none', () => {
    expect(refusal(() => requiredReason(' ', 'Say why'))).toMatchObject({
      code: 'REASON_REQUIRED',
      message: 'Say why',
      field: 'reason',
    });
  });
});
