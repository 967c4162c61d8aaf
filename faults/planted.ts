/**
 * Loaded before a mail worker to give it a bug that the run must see: the statements it sends to PostgreSQL are changed
 * on the way. A bug that finds nothing to change stops the worker, so that a run cannot pass without it.
 */
import pg from 'pg';
import { type Plant } from './bed.js';

type Change = (text: string, values: unknown[] | undefined) => [text: string, values: unknown[] | undefined];

/** What is in doubt simply goes again. */
const naiveResend: Change = (text, values) => {
  if (!/update message/i.test(text)) return [text, values];
  return [
    text.replaceAll(/state = 'IN_DOUBT'(?=, reason)/g, `state = 'PENDING'`),
    values?.map((value) => (value === 'IN_DOUBT' ? 'PENDING' : value)),
  ];
};

/** What one worker has in hand the other takes as well. */
const noLease: Change = (text, values) => [
  text.replace(`c.state = 'PENDING'`, `c.state in ('PENDING', 'SENDING')`).replace(' for update skip locked', ''),
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
let changed = false;
prototype.query = function (text: unknown, values: unknown, ...others: unknown[]): unknown {
  if (typeof text !== 'string') return query.call(this, text, values, ...others);
  const given = Array.isArray(values) ? (values as unknown[]) : undefined;
  const [newText, newValues] = change(text, given);
  changed ||= newText !== text;
  return query.call(this, newText, newValues ?? values, ...others);
};

setTimeout(() => {
  if (changed) return;
  process.stderr.write(`The bug ${process.env.PLANTED ?? ''} found nothing to change.\n`);
  process.exit(1);
}, 2_000).unref();
