import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { z } from 'zod';

import { NotFound, RuleBroken } from '../../src/errors.js';
import {
  choiceField,
  choicesField,
  dateField,
  idField,
  idsField,
  optionalIdField,
  tickField,
  timeField,
  versionField,
} from '../../src/web/fields.js';
import { emptyForm, failedForm, FormInvalid, parseForm, valuesById } from '../../src/web/forms.js';
import { localPath } from '../../src/web/page.js';
import { paths, withQuery } from '../../src/web/paths.js';
import { hasHiddenCharacters, safeText } from '../../src/web/safe-text.js';
import { statusTag } from '../../src/web/status-words.js';
import { clock, dayAndTime, isoClock, isoDay, shortTime, span } from '../../src/web/when.js';

const ID = '01890a5d-ac96-774b-bcce-b302099a8057';

function errorsIn(schema: z.ZodType, body: unknown): unknown {
  try {
    return { value: parseForm(schema, body) };
  } catch (error) {
    return error instanceof FormInvalid ? error.errors : error;
  }
}

function messageFor(field: z.ZodType, typed: unknown): unknown {
  const errors = errorsIn(z.object({ field }), typed === undefined ? {} : { field: typed });
  return Array.isArray(errors) ? (errors[0] as { message: string }).message : errors;
}

describe('what people type into forms', () => {
  it('is tidied and kept: white space, line breaks, one form of Unicode', () => {
    const schema = z.object({
      name: safeText({ label: 'full name' }),
      note: safeText({ label: 'note', max: 500, required: false, lines: true }),
      reason: safeText({ label: 'reason', required: false }),
    });
    const typed = {
      name: ' Zoe\u0308\u00a0O’Connor\t',
      note: 'One\r\nTwo\rThree',
      reason: '  ',
      _csrf: 'x',
      more: 'y',
    };
    expect(parseForm(schema, typed)).toEqual({ name: 'Zoë O’Connor', note: 'One\nTwo\nThree', reason: undefined });
    expect(parseForm(schema, { name: 'نازنین\u200cزهرا' }).name).toBe('نازنین\u200cزهرا');
  });

  it('is understood as dates, times, choices, ticks and ids', () => {
    const schema = z.object({
      on: dateField('the date'),
      at: timeField('the time'),
      mode: choiceField(['VIDEO', 'PHONE'], 'Select how it is held'),
      needs: choicesField(['BSL', 'LOOP'], 'Select needs'),
      none: choicesField(['BSL'], 'Select needs'),
      urgent: tickField(),
      quiet: tickField(),
      chair: idField('Select who chairs it'),
      taker: optionalIdField('Select who takes minutes'),
      invitees: idsField('Select whom to invite'),
      version: versionField(),
    });
    const typed = { on: '2/12/2026', at: '9.30', mode: 'PHONE', needs: 'LOOP', urgent: 'yes', chair: ID, taker: '' };
    expect(parseForm(schema, { ...typed, invitees: [ID, ID], version: '3' })).toEqual({
      on: '2026-12-02',
      at: '09:30',
      mode: 'PHONE',
      needs: ['LOOP'],
      none: [],
      urgent: true,
      quiet: false,
      chair: ID,
      taker: undefined,
      invitees: [ID],
      version: 3,
    });
  });

  it('comes back with the errors, under the names of the inputs', () => {
    const body = { on: ' 2027-03-28 ', to: ['a', 'b'], _csrf: 'secret' };
    const broken = [
      new RuleBroken('START_IN_PAST', 'Choose a later time', 'startsAt'),
      new RuleBroken('NO_CHAIR', 'x'),
    ];
    expect(failedForm(body, broken, { startsAt: 'on' })).toEqual({
      values: { on: '2027-03-28', to: ['a', 'b'] },
      errors: [
        { code: 'START_IN_PAST', message: 'Choose a later time', field: 'on' },
        { code: 'NO_CHAIR', message: 'x' },
      ],
    });
    expect(emptyForm({ on: '' })).toEqual({ values: { on: '' }, errors: [] });
  });

  it('is read row by row from a register', () => {
    const rows = valuesById({ 'status[a]': 'ATTENDED', 'status[b]': ' DNA', 'status[]': 'x', statuses: 'y' }, 'status');
    expect([...rows]).toEqual([
      ['a', 'ATTENDED'],
      ['b', 'DNA'],
    ]);
  });
});

describe('what pages show', () => {
  it('dates and times on the clock of the United Kingdom, winter and summer', () => {
    const winter = new Date('2026-12-02T10:00:00Z');
    expect(span(winter, new Date('2026-12-02T11:30:00Z'))).toBe('Wednesday 2 December 2026, 10am to 11:30am');
    expect(dayAndTime(new Date('2027-03-30T09:00:00Z'))).toBe('Tuesday 30 March 2027 at 10am');
    expect([isoDay(winter), isoClock('2027-06-30T23:30:00Z'), isoDay('2027-06-30T23:30:00Z')]).toEqual([
      '2026-12-02',
      '00:30',
      '2027-07-01',
    ]);
    expect([clock('2027-01-05T12:00'), clock('2027-01-05'), shortTime(undefined), clock('nonsense')]).toEqual([
      'midday',
      'midnight',
      '',
      '',
    ]);
  });

  it('a state in words, with a colour that is never all it says', () => {
    expect(statusTag('NO_RESPONSE')).toEqual({ text: 'No answer yet', classes: 'govuk-tag--yellow' });
    expect(statusTag('SCHEDULED')).toEqual({ text: 'Scheduled', classes: '' });
    expect(statusTag('AWAITING_INITIAL_MEETING').text).toBe('Awaiting initial meeting');
  });

  it('addresses of our own', () => {
    expect(paths.exclusions(ID)).toBe(`/matters/${ID}/exclusions`);
    expect(paths.link('a/../b')).toBe('/i/a%2F..%2Fb');
    expect(withQuery(paths.history(), { about: 'a b', page: undefined })).toBe('/history?about=a+b');
    expect(localPath('/history?about=a+b')).toBe('/history?about=a+b');
  });
});

describe('refuses', () => {
  it.each([
    ['', 'Enter a place'],
    [undefined, 'Enter a place'],
    [' \u00a0 ', 'Enter a place'],
    [['a', 'b'], 'Enter a place'],
    ['x'.repeat(121), 'Place must be 120 characters or fewer'],
    ['Room \u202e3', 'Place has hidden characters in it: type it here instead of pasting it'],
    ['Room\u2066', 'Place has hidden characters in it: type it here instead of pasting it'],
    ['Room\u0000', 'Place has hidden characters in it: type it here instead of pasting it'],
    ['Room\u200b3', 'Place has hidden characters in it: type it here instead of pasting it'],
    ['Room\n3', 'Place has hidden characters in it: type it here instead of pasting it'],
  ])('words %j', (typed, message) => {
    expect(messageFor(safeText({ label: 'place' }), typed)).toBe(message);
  });

  it.each([
    ['', 'Enter the date'],
    ['2027-02-30', 'The date must be a real date, like 2/12/2026'],
    ['30/2/2027', 'The date must be a real date, like 2/12/2026'],
    ['0027-01-01', 'The date must be a real date, like 2/12/2026'],
    ['tomorrow', 'The date must be a real date, like 2/12/2026'],
  ])('the date %j', (typed, message) => {
    expect(messageFor(dateField('the date'), typed)).toBe(message);
  });

  it.each([
    ['', 'Enter the time'],
    ['24:00', 'The time must be a time on the 24-hour clock, like 09:30 or 14:00'],
    ['9', 'The time must be a time on the 24-hour clock, like 09:30 or 14:00'],
  ])('the time %j', (typed, message) => {
    expect(messageFor(timeField('the time'), typed)).toBe(message);
  });

  it('what is not among the choices, and ids and versions that are none', () => {
    expect(messageFor(choiceField(['VIDEO'], 'Select how it is held'), 'PIGEON')).toBe('Select how it is held');
    expect(messageFor(choicesField(['BSL'], 'Select needs'), ['BSL', 'MAGIC'])).toBe('Select needs');
    expect(messageFor(idField('Select who chairs it'), '1')).toBe('Select who chairs it');
    expect(messageFor(idsField('Select whom to invite'), [ID, 'x'])).toBe('Select whom to invite');
    expect(messageFor(versionField(), 'x')).toMatch(/^Open the page again/);
    expect(messageFor(versionField(), '-1')).toMatch(/^Open the page again/);
    expect(messageFor(z.number(), 'x')).toBe('Check this answer');
  });

  it('to keep a hidden character, whatever is typed around it', () => {
    const hidden = fc.constantFrom(
      '\u0000',
      '\u001b',
      '\u007f',
      '\u0085',
      '\u2028',
      '\u202a',
      '\u202e',
      '\u2069',
      '\ud800',
    );
    const schema = z.object({ name: safeText({ label: 'name', lines: true, max: 1000 }) });
    const property = fc.property(fc.string({ unit: 'grapheme' }), hidden, fc.string(), (before, mark, after) => {
      expect(errorsIn(schema, { name: `a${before}${mark}${after}b` })).toHaveLength(1);
    });
    fc.assert(property);
    const kept = fc.property(fc.string({ unit: 'binary' }), (typed) => {
      const result = errorsIn(schema, { name: typed }) as { value?: { name: string } };
      expect(hasHiddenCharacters((result.value?.name ?? '').replaceAll('\n', ''))).toBe(false);
    });
    fc.assert(kept);
  });

  it('to call something a mistake of the form that the person cannot put right', () => {
    expect(() => failedForm({}, new NotFound())).toThrow(NotFound);
    expect(() => failedForm({}, 'odd')).toThrow('A form failed');
    expect(() => failedForm({}, [new RuleBroken('INVALID', 'x'), new Error('y')])).toThrow('A form failed');
  });

  it('to lead anybody to another site', () => {
    const elsewhere = ['//evil.test', '/\\evil.test', 'https://evil.test', '/a\\b', '/a\n/b', 'x', undefined, ['/a']];
    expect(elsewhere.map(localPath)).toEqual(elsewhere.map(() => '/'));
  });
});
