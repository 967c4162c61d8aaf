import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { DateTime } from 'luxon';

import { BANK_HOLIDAYS, type Jurisdiction } from '../../src/authorities/bank-holidays.js';
import {
  addWorkingDays,
  bankHolidayName,
  dueOn,
  holidaysKnown,
  isWorkingDay,
  localDate,
  type Period,
  type WorkingCalendar,
} from '../../src/authorities/working-days.js';

const NATIONS: Jurisdiction[] = ['ENGLAND', 'WALES', 'SCOTLAND', 'NORTHERN_IRELAND'];

function calendar(jurisdiction: Jurisdiction = 'ENGLAND', closures: string[] = []): WorkingCalendar {
  return { jurisdiction, closures };
}

function london(wall: string): Date {
  return DateTime.fromISO(wall, { zone: 'Europe/London' }).toJSDate();
}

function endOf(date: string): Date {
  return london(`${date}T23:59:59`);
}

describe('a number of working days', () => {
  it.each([
    // anchor, days, England and Wales, Scotland, Northern Ireland
    ['2026-11-27', 1, '2026-11-30', '2026-12-01', '2026-11-30'],
    ['2026-11-27', 5, '2026-12-04', '2026-12-07', '2026-12-04'],
    ['2026-12-12', 15, '2027-01-06', '2027-01-07', '2027-01-06'],
    ['2026-12-15', 15, '2027-01-08', '2027-01-11', '2027-01-08'],
    ['2026-12-17', 15, '2027-01-12', '2027-01-13', '2027-01-12'],
    ['2026-12-31', 1, '2027-01-04', '2027-01-05', '2027-01-04'],
    ['2027-03-16', 1, '2027-03-17', '2027-03-17', '2027-03-18'],
    ['2027-03-25', 1, '2027-03-30', '2027-03-29', '2027-03-30'],
  ])('%s + %i', (anchor, days, englandAndWales, scotland, northernIreland) => {
    const due = (nation: Jurisdiction) => addWorkingDays(london(`${anchor}T11:20`), days, calendar(nation));
    expect(due('ENGLAND')).toEqual(endOf(englandAndWales));
    expect(due('WALES')).toEqual(endOf(englandAndWales));
    expect(due('SCOTLAND')).toEqual(endOf(scotland));
    expect(due('NORTHERN_IRELAND')).toEqual(endOf(northernIreland));
  });

  it.each([
    ['2026-11-30', 5, '2026-12-07'],
    ['2026-12-02', 1, '2026-12-03'],
    ['2026-12-02', 10, '2026-12-16'],
    ['2026-12-12', 1, '2026-12-14'],
    ['2026-12-24', 1, '2026-12-29'],
    ['2027-01-12', 5, '2027-01-19'],
    ['2027-01-12', 10, '2027-01-26'],
    ['2027-01-15', 15, '2027-02-05'],
    ['2027-01-20', 15, '2027-02-10'],
  ])('%s + %i is the same in all nations', (anchor, days, due) => {
    for (const nation of NATIONS) {
      expect(addWorkingDays(london(`${anchor}T11:20`), days, calendar(nation))).toEqual(endOf(due));
    }
  });

  it('none is the end of that day, or of the next working day', () => {
    expect(addWorkingDays(london('2026-11-27T09:00'), 0, calendar())).toEqual(endOf('2026-11-27'));
    expect(addWorkingDays(london('2026-11-28T09:00'), 0, calendar())).toEqual(endOf('2026-11-30'));
  });

  it('is counted back from a meeting when it is negative', () => {
    expect(addWorkingDays(london('2026-12-02T10:00'), -1, calendar())).toEqual(endOf('2026-12-01'));
    expect(addWorkingDays(london('2026-11-30T10:00'), -1, calendar())).toEqual(endOf('2026-11-27'));
  });

  it('leaves out the days on which the authority is closed', () => {
    const shut = calendar('ENGLAND', ['2026-11-30', '2026-12-01']);
    expect(addWorkingDays(london('2026-11-27T09:00'), 1, shut)).toEqual(endOf('2026-12-02'));
  });

  it('starts from the local date, which in summer is not the date in UTC', () => {
    const justAfterMidnight = new Date('2026-07-01T23:30:00Z');
    expect(localDate(justAfterMidnight)).toBe('2026-07-02');
    expect(addWorkingDays(justAfterMidnight, 1, calendar())).toEqual(endOf('2026-07-03'));
  });

  it('never shifts with the time of day, lands on a working day, and grows with the number', () => {
    const nation = fc.constantFrom(...NATIONS);
    const minute = fc.integer({ min: 0, max: 1439 });
    const start = fc.integer({ min: 0, max: 900 });
    fc.assert(
      fc.property(nation, start, minute, fc.integer({ min: 1, max: 40 }), (jurisdiction, offset, minutes, n) => {
        const day = DateTime.fromISO('2026-01-01', { zone: 'Europe/London' }).plus({ days: offset });
        const at = (hour: number, past: number) => day.set({ hour, minute: past }).toJSDate();
        const rule = calendar(jurisdiction);
        const due = addWorkingDays(at(Math.floor(minutes / 60), minutes % 60), n, rule);
        expect(due).toEqual(addWorkingDays(at(12, 0), n, rule));
        expect(isWorkingDay(localDate(due), rule)).toBe(true);
        expect(addWorkingDays(at(12, 0), n + 1, rule).getTime()).toBeGreaterThan(due.getTime());
      }),
    );
  });
});

describe('other periods', () => {
  it.each<[string, string, Period, string]>([
    ['28 calendar days', '2026-12-02T11:15', { value: 28, unit: 'CD' }, '2026-12-30T23:59:59'],
    ['3 months, clamped, not rolled', '2026-11-30T11:20', { value: 3, unit: 'MONTHS' }, '2027-02-28T23:59:59'],
    ['24 hours over the change of the clocks', '2027-03-27T22:00', { value: 24, unit: 'HOURS' }, '2027-03-28T23:00'],
    ['24 hours over a weekend', '2026-12-12T22:00', { value: 24, unit: 'HOURS' }, '2026-12-13T22:00'],
    ['5 working days', '2026-11-30T11:20', { value: 5, unit: 'WD' }, '2026-12-07T23:59:59'],
  ])('%s', (_what, anchor, period, due) => {
    expect(dueOn(london(anchor), period, calendar())).toEqual(london(due));
  });
});

describe('bank holidays', () => {
  it('have a name in the nations that keep them', () => {
    expect(bankHolidayName('2027-03-26', 'ENGLAND')).toBe('Good Friday');
    expect(bankHolidayName('2026-11-30', 'SCOTLAND')).toBe('St Andrew’s Day');
    expect(bankHolidayName('2026-11-30', 'ENGLAND')).toBeNull();
    expect(bankHolidayName('2027-07-12', 'NORTHERN_IRELAND')).toBe('Battle of the Boyne');
  });

  it.each([
    ['ENGLAND', 8, 8, 8],
    ['WALES', 8, 8, 8],
    ['SCOTLAND', 10, 9, 9],
    ['NORTHERN_IRELAND', 10, 10, 10],
  ] as const)('%s has %i, %i and %i of them, none at a weekend', (nation, ...counts) => {
    const mine = BANK_HOLIDAYS.filter((holiday) => holiday.where.includes(nation));
    const inYear = (year: number) => mine.filter((holiday) => holiday.date.startsWith(String(year)));
    expect([2026, 2027, 2028].map((year) => inYear(year).length)).toEqual(counts);
    expect(mine.filter((holiday) => DateTime.fromISO(holiday.date).weekday > 5)).toEqual([]);
  });

  it('are known for three years only', () => {
    expect(holidaysKnown('2028-12-31')).toBe(true);
    expect(holidaysKnown('2029-01-01')).toBe(false);
    expect(holidaysKnown('2025-12-31')).toBe(false);
  });
});
