import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isWorkingDay, type WorkingCalendar } from '../../src/authorities/working-days.js';
import { followUpDates, requireRising, SERIES_UNITS } from '../../src/meetings/series/series.js';
import { refusal } from '../support/refusal.js';

const ENGLAND: WorkingCalendar = { jurisdiction: 'ENGLAND', closures: [] };

describe('the dates of a series', () => {
  it('follow at the same distance, over the year and the change of the clocks', () => {
    const weeks = { count: 3, every: 2, unit: 'WEEKS' } as const;
    expect(followUpDates('2026-12-16', weeks, ENGLAND)).toEqual(['2026-12-30', '2027-01-13', '2027-01-27']);
    const days = { count: 2, every: 10, unit: 'WORKING_DAYS' } as const;
    expect(followUpDates('2026-12-16', days, ENGLAND)).toEqual(['2027-01-04', '2027-01-18']);
  });

  it('of months keep the day of the first, where the month has it', () => {
    const months = { count: 4, every: 1, unit: 'MONTHS' } as const;
    expect(followUpDates('2027-01-31', months, ENGLAND)).toEqual([
      '2027-02-28',
      '2027-03-31',
      '2027-04-30',
      '2027-05-31',
    ]);
  });

  it('always rise, and those by working days are working days', () => {
    const first = fc.date({ min: new Date('2026-01-01'), max: new Date('2027-06-30'), noInvalidDate: true });
    const rule = fc.record({
      count: fc.integer({ min: 1, max: 12 }),
      every: fc.integer({ min: 1, max: 10 }),
      unit: fc.constantFrom(...SERIES_UNITS),
    });
    fc.assert(
      fc.property(first, rule, (day, given) => {
        const date = day.toISOString().slice(0, 10);
        const dates = followUpDates(date, given, ENGLAND);
        expect(dates).toHaveLength(given.count);
        requireRising(date, dates);
        const mustWork = given.unit === 'WORKING_DAYS' ? dates : [];
        expect(mustWork.filter((one) => !isWorkingDay(one, ENGLAND))).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });
});

describe('refuses', () => {
  it.each([
    [{ count: 0, every: 1 }, 'count'],
    [{ count: 13, every: 1 }, 'count'],
    [{ count: 1.5, every: 1 }, 'count'],
    [{ count: 2, every: 0 }, 'every'],
    [{ count: 2, every: 61 }, 'every'],
  ])('%j', (given, field) => {
    const made = refusal(() => followUpDates('2026-12-16', { ...given, unit: 'WEEKS' }, ENGLAND));
    expect([made.code, made.field]).toEqual(['INVALID', field]);
  });

  it('dates that do not rise or do not exist, each by its own field', () => {
    const field = (...dates: string[]): string | undefined =>
      refusal(() => {
        requireRising('2026-12-16', dates);
      }).field;
    expect(field('2026-12-16')).toBe('date[1]');
    expect(field('2026-12-18', '2026-12-17')).toBe('date[2]');
    expect(field('2027-02-30')).toBe('date[1]');
  });
});
