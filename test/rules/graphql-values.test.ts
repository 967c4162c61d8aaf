import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readCursor } from '../../src/graphql/cursors.js';
import { globalId, NOBODY, readGlobalId, uuidOf } from '../../src/graphql/ids.js';
import { LARGEST_PAGE, pageSize, USUAL_PAGE } from '../../src/graphql/paging.js';
import { InstantScalar, LocalDateScalar } from '../../src/graphql/scalars.js';

const instant = new InstantScalar();
const day = new LocalDateScalar();
const ID = '0198a000-0000-7000-8000-000000000001';

describe('a moment', () => {
  it.each([
    ['2026-12-02T10:00:00Z', '2026-12-02T10:00:00.000Z'],
    ['2026-12-02T10:00Z', '2026-12-02T10:00:00.000Z'],
    ['2027-03-30T10:00:00+01:00', '2027-03-30T09:00:00.000Z'],
    ['2028-02-29T23:59:59.5Z', '2028-02-29T23:59:59.500Z'],
  ])('%s is understood', (given, meant) => {
    expect(instant.parseValue(given).toISOString()).toBe(meant);
    expect(instant.serialize(instant.parseValue(given))).toBe(meant);
  });

  it('comes back as it went out, whatever it is', () => {
    const from = new Date('1900-01-01T00:00:00Z');
    fc.assert(
      fc.property(fc.date({ min: from, max: new Date('2999-12-31T00:00:00Z'), noInvalidDate: true }), (at) => {
        expect(instant.parseValue(instant.serialize(at))).toEqual(at);
      }),
    );
  });
});

describe('a day', () => {
  it.each(['2026-12-04', '2028-02-29'])('%s is understood', (given) => {
    expect(day.parseValue(given)).toBe(given);
  });
});

describe('an id', () => {
  it('names a type and a key', () => {
    expect(readGlobalId(globalId('Meeting', ID))).toEqual({ type: 'Meeting', key: ID });
    expect(uuidOf('Meeting', globalId('Meeting', ID))).toBe(ID);
  });
});

describe('a page', () => {
  it('has the usual size, the size asked for, or the largest', () => {
    expect([pageSize(undefined), pageSize(null), pageSize(7), pageSize(5_000)]).toEqual([
      USUAL_PAGE,
      USUAL_PAGE,
      7,
      LARGEST_PAGE,
    ]);
  });

  it('goes on behind a cursor of its own list', () => {
    const cursor = Buffer.from(JSON.stringify(['2026-12-02T10:00:00+00:00', ID])).toString('base64url');
    expect(readCursor(cursor, ['timestamptz', 'uuid'])).toEqual(['2026-12-02T10:00:00+00:00', ID]);
  });
});

describe('refuses', () => {
  it.each([
    'nope',
    '2027-02-30T10:00:00Z',
    '2026-12-02T24:00:00Z',
    '2026-12-02',
    '2026-12-02T10:00:00',
    '2026-13-01T10:00:00Z',
    '2026-12-02T10:60:00Z',
    '2026-12-02 10:00:00Z',
    '+012026-12-02T10:00:00Z',
    '',
    0,
    null,
    {},
  ])('%p as a moment', (given) => {
    expect(() => instant.parseValue(given)).toThrow('Not a moment');
  });

  it.each(['2027-02-29', '2026-11-31', '2026-1-1', '26-01-01', '2026-12-04T00:00:00Z', 20261204, null])(
    '%p as a day',
    (given) => {
      expect(() => day.parseValue(given)).toThrow('Not a day');
    },
  );

  it('an id of another type, a changed one and none, as one that nobody has', () => {
    const id = globalId('Meeting', ID);
    for (const other of [globalId('Contact', ID), `${id}x`, `${id}=`, '', 'nope', globalId('Meeting', 'x')]) {
      expect(uuidOf('Meeting', other)).toBe(NOBODY);
    }
  });

  it('any text as an id without a fault', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(uuidOf('Meeting', text)).toBe(NOBODY);
      }),
    );
  });

  it.each([0, -1, -2147483648])('a page of %p', (first) => {
    expect(() => pageSize(first)).toThrow('first must be between 1 and 100');
  });

  it('a cursor of another list, and anything that is none', () => {
    const written = (parts: unknown): string => Buffer.from(JSON.stringify(parts)).toString('base64url');
    const wrong = [written(['x', ID]), written(['2026-12-02T10:00:00+00:00']), written({}), written([]), 'nope', '', 7];
    for (const cursor of wrong) {
      expect(() => readCursor(cursor, ['timestamptz', 'uuid'])).toThrow('This is no cursor of this list');
    }
  });
});
