import { createHash } from 'node:crypto';
import { Client } from 'pg';

/** How many statements one process prepares: those with a list of varying length must not fill the database's memory. */
const PREPARED = 400;

const names = new Map<string, string>();

/** A statement is prepared when it comes for the second time. */
function nameOf(text: string): string | undefined {
  const known = names.get(text);
  if (known === undefined && names.size < PREPARED) names.set(text, '');
  if (known !== '') return known;
  const name = `s${createHash('sha256').update(text).digest('base64url').slice(0, 20)}`;
  names.set(text, name);
  return name;
}

/**
 * A connection that prepares what it runs with parameters. TypeORM never does, and parsing and planning a statement anew
 * costs PostgreSQL several times what running it does.
 */
export class PreparedClient extends Client {
  override query = ((text: unknown, values?: unknown, ...rest: unknown[]): unknown => {
    const run = super.query.bind(this) as (...all: unknown[]) => unknown;
    if (typeof text !== 'string' || !Array.isArray(values)) return run(text, values, ...rest);
    const name = nameOf(text);
    return name === undefined ? run(text, values, ...rest) : run({ name, text, values: values as unknown[] }, ...rest);
  }) as Client['query'];
}
