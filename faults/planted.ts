/**
 * Loaded before a mail worker to give it a bug that the run must see: the statements it sends to PostgreSQL are changed
 * on the way. The first change is noted in a file, so that a run knows whether the bug was there.
 */
import { writeFileSync } from 'node:fs';
import pg from 'pg';
import { type Plant } from './bed.js';

type Change = (text: string, values: unknown[] | undefined) => [text: string, values: unknown[] | undefined];

/** What is in doubt simply goes again. */
const naiveResend: Change = (text, values) => {
  if (!/update message/i.test(text)) return [text, values];
  return [
    text.replace(`set state = 'IN_DOUBT'`, `set state = 'PENDING'`),
    values?.map((value) => (value === 'IN_DOUBT' ? 'PENDING' : value)),
  ];
};

/** What one worker has in hand the other takes as well. */
const noLease: Change = (text, values) => [
  text
    .replaceAll(`c.state = 'PENDING'`, `c.state in ('PENDING', 'SENDING')`)
    .replace(' for update of c skip locked', ''),
  values,
];

/** A newer message does not wait for an older one. */
const noOrder: Change = (text, values) => [
  text.replace(/and not exists \(\s*select[^)]*o\.ordinal < c\.ordinal[^)]*\([^)]*\)\)/, ''),
  values,
];

const changes: Readonly<Record<Plant, Change>> = {
  'naive-resend': naiveResend,
  'no-lease': noLease,
  'no-order': noOrder,
};
const change = changes[process.env.PLANTED as Plant];

type Query = (this: unknown, ...args: unknown[]) => unknown;
const prototype = pg.Client.prototype as unknown as { query: Query };
const { query } = prototype;
let marked = false;
prototype.query = function (text: unknown, values: unknown, ...others: unknown[]): unknown {
  if (typeof text !== 'string') return query.call(this, text, values, ...others);
  const given = Array.isArray(values) ? (values as unknown[]) : undefined;
  const [newText, newValues] = change(text, given);
  if (newText !== text && !marked) {
    writeFileSync(process.env.PLANTED_MARK ?? '', newText);
    marked = true;
  }
  return query.call(this, newText, newValues ?? values, ...others);
};
