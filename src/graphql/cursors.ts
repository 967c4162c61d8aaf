import { type NodeDefinition, type SortKey } from './graph.js';
import { base64UrlSql } from './ids.js';
import { badInput } from './paging.js';

/** What a place in a list is made of: the sort key's value and the row's own key. */
export interface Place {
  readonly sql: (row: string) => readonly string[];
  readonly types: readonly string[];
}

const FORMS: Readonly<Record<string, RegExp>> = {
  timestamptz: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?[+-]\d\d:\d\d$/,
  date: /^\d{4}-\d\d-\d\d$/,
  uuid: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
  bigint: /^\d{1,18}$/,
  int: /^\d{1,9}$/,
  text: /^[^\0]{0,2000}$/s,
};

export function placeIn(node: NodeDefinition, order: SortKey): Place {
  const { key } = node;
  if (key === null) return { sql: (row) => [order.sql(row)], types: [order.type] };
  return { sql: (row) => [order.sql(row), `${row}.${key.column}`], types: [order.type, key.type] };
}

/** The cursor of a row, made in SQL. */
export function cursorSql(place: Place, row: string): string {
  return base64UrlSql(`json_build_array(${place.sql(row).join(', ')})::text`);
}

/** The values a cursor stands for. Throws BAD_USER_INPUT for anything that is no cursor of such a list. */
export function readCursor(cursor: unknown, types: readonly string[]): string[] {
  const parts = typeof cursor === 'string' && cursor.length <= 4_000 ? parse(cursor) : undefined;
  const fits = parts?.length === types.length && parts.every((part, at) => FORMS[types[at] ?? '']?.test(part) === true);
  if (parts === undefined || !fits) throw badInput('This is no cursor of this list: give one that the list gave you');
  return parts;
}

function parse(cursor: string): string[] | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    return Array.isArray(value) ? value.map(String) : undefined;
  } catch {
    return undefined;
  }
}
