import { type EntityMetadata, type ObjectLiteral } from 'typeorm';
import { type Change } from '../history/change.js';

type Column = EntityMetadata['columns'][number];

const KEPT = `select audit_append($1, c->>'action', c->>'object', coalesce(c->'details', '{}'), (c->>'matterId')::uuid, (c->>'agencyId')::uuid) from jsonb_array_elements($2::jsonb) with ordinality as t(c, n) order by n`;

/** The statement that appends to the history, and its values; `at` is the service's time. */
export function appending(at: Date, changes: readonly Change[]): { text: string; values: unknown[] } {
  return { text: KEPT, values: [at, JSON.stringify(changes)] };
}

/**
 * Several writes of one transaction as one statement, since each way to the database and back costs as much as the write
 * itself. All of them see what was there before; a row is changed at most once.
 */
export class Together {
  private readonly parts: string[] = [];
  private readonly changed: string[] = [];
  private readonly values: unknown[];

  constructor(at: Date, changes: readonly Change[]) {
    this.values = appending(at, changes).values;
  }

  insert(table: EntityMetadata, row: ObjectLiteral): void {
    const columns = table.columns.filter((column) => column.isInsert && row[column.propertyName] !== undefined);
    const values = columns.map((column) => this.value(column, row)).join(', ');
    const names = columns.map((column) => column.databaseName).join(', ');
    this.parts.push(`w${this.parts.length} as (insert into ${table.tableName} (${names}) values (${values}))`);
  }

  /** Writes what is different from `before`, raising the version; nothing where nothing is. */
  update(table: EntityMetadata, row: ObjectLiteral, before: ObjectLiteral | undefined): void {
    const columns = table.columns.filter(
      (column) =>
        !column.isPrimary && !column.isVersion && !same(row[column.propertyName], before?.[column.propertyName]),
    );
    if (columns.length === 0) return;
    const set = columns.map((column) => `${column.databaseName} = ${this.value(column, row)}`);
    for (const { databaseName, propertyName } of table.columns.filter((column) => column.isVersion)) {
      set.push(`${databaseName} = ${databaseName} + 1`);
      row[propertyName] = (row[propertyName] as number) + 1;
    }
    const keys = table.primaryColumns.map((column) => `${column.databaseName} = ${this.value(column, row)}`);
    const name = `w${this.parts.length}`;
    this.changed.push(`(select count(*) from ${name})`);
    this.parts.push(
      `${name} as (update ${table.tableName} set ${set.join(', ')} where ${keys.join(' and ')} returning 1)`,
    );
  }

  /** The statement; its first row says in `changed` how many rows of those to be changed were there. */
  get statement(): { readonly text: string; readonly values: unknown[]; readonly toChange: number } {
    const withParts = this.parts.length === 0 ? '' : `with ${this.parts.join(', ')} `;
    const changed = this.changed.length === 0 ? '0' : this.changed.join(' + ');
    const text = `${withParts}select (${changed})::int as changed, (select count(*) from (${KEPT}) k) as kept`;
    return { text, values: this.values, toChange: this.changed.length };
  }

  private value(column: Column, row: ObjectLiteral): string {
    const value: unknown = row[column.propertyName];
    const json = column.type === 'jsonb' && value !== null;
    this.values.push(json ? JSON.stringify(value) : value);
    return `$${this.values.length}`;
  }
}

/** Lists and JSON may have been changed in place: they are always written. */
function same(one: unknown, other: unknown): boolean {
  if (one instanceof Date && other instanceof Date) return one.getTime() === other.getTime();
  return one === other && (typeof one !== 'object' || one === null || Buffer.isBuffer(one));
}
