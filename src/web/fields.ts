/** Fields of forms other than words: dates, times, choices, ticks, ids. */
import { DateTime } from 'luxon';
import { z } from 'zod';

import { capital, withArticle } from './safe-text.js';

/** A day that must be given, as `YYYY-MM-DD`; 2/12/2026 is understood too, where a browser has no date picker. */
export function dateField(label: string): z.ZodType<string> {
  return z.preprocess(
    readDate,
    z
      .string({ error: `Enter ${withArticle(label)}` })
      .min(1, `Enter ${withArticle(label)}`)
      .refine(isRealDate, { error: `${capital(label)} must be a real date, like 2/12/2026`, abort: true }),
  );
}

/** A time of day that must be given, as `HH:MM`; 9:30 and 9.30 are understood too. */
export function timeField(label: string): z.ZodType<string> {
  return z.preprocess(
    readTime,
    z
      .string({ error: `Enter ${withArticle(label)}` })
      .min(1, { error: `Enter ${withArticle(label)}`, abort: true })
      .regex(/^([01]\d|2[0-3]):[0-5]\d$/, `${capital(label)} must be a time on the 24-hour clock, like 09:30 or 14:00`),
  );
}

/** One of the choices; the message says what to do: "Select how the meeting is held". */
export function choiceField<const T extends readonly [string, ...string[]]>(
  choices: T,
  ask: string,
): z.ZodType<T[number]> {
  return z.enum(choices, { error: ask });
}

/** Any number of the choices, none included; what is not among them is refused. */
export function choicesField<const T extends readonly [string, ...string[]]>(
  choices: T,
  ask: string,
): z.ZodType<T[number][]> {
  return z.preprocess(asList, z.array(z.enum(choices, { error: ask }), { error: ask }));
}

/** A single tick box: true when ticked. */
export function tickField(): z.ZodType<boolean> {
  return z.preprocess((value) => value !== undefined && value !== '', z.boolean());
}

/** The id of something chosen from a list; the message says what to do: "Select who chairs the meeting". */
export function idField(ask: string): z.ZodType<string> {
  return z.guid({ error: ask });
}

/** As `idField`, but nothing chosen is `undefined`. */
export function optionalIdField(ask: string): z.ZodType<string | undefined> {
  return z.preprocess((value) => (value === '' ? undefined : value), z.guid({ error: ask }).optional());
}

/** Any number of ids, none included, each once. */
export function idsField(ask: string): z.ZodType<string[]> {
  const ids = z.array(z.guid({ error: ask }), { error: ask }).transform((list) => [...new Set(list)]);
  return z.preprocess(asList, ids);
}

/** The version of what the page showed, from its hidden field; compared under the lock. */
export function versionField(): z.ZodType<number> {
  return z.coerce.number({ error: 'Open the page again: it does not say which version it showed' }).int().positive();
}

function asList(value: unknown): unknown {
  if (value === undefined || value === '') return [];
  return Array.isArray(value) ? value : [value];
}

function readDate(value: unknown): unknown {
  if (typeof value !== 'string') return value ?? '';
  const [, day, month, year] = /^(\d{1,2})[/. -](\d{1,2})[/. -](\d{4})$/.exec(value.trim()) ?? [];
  if (day === undefined || month === undefined || year === undefined) return value.trim();
  return `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
}

function readTime(value: unknown): unknown {
  if (typeof value !== 'string') return value ?? '';
  const [, hour, minute] = /^(\d{1,2})[:.](\d\d)(?::00)?$/.exec(value.trim()) ?? [];
  return hour === undefined || minute === undefined ? value.trim() : `${hour.padStart(2, '0')}:${minute}`;
}

function isRealDate(date: string): boolean {
  if (date === '') return true;
  return /^(19|2\d)\d\d-\d\d-\d\d$/.test(date) && DateTime.fromISO(date, { zone: 'utc' }).isValid;
}
