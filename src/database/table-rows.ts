import { type EntitySchema, type EntitySchemaColumnOptions } from 'typeorm';

type Column = readonly [property: string, column: EntitySchemaColumnOptions];

/**
 * What a hand-written statement selects to load a row of a class beside others, such as `i.meeting_id as "i.meetingId"`
 * for the alias `i`. Days come as text, as TypeORM loads them.
 */
export function columnsOf(table: EntitySchema, alias: string): string {
  return columns(table)
    .map(([property, { name = property, type }]) => {
      const day = type === 'date' ? '::text' : '';
      return `${alias}.${name}${day} as "${alias}.${property}"`;
    })
    .join(', ');
}

/** The row that was selected by `columnsOf` with the same alias. */
export function rowOf<T extends object>(table: EntitySchema<T>, alias: string, found: Record<string, unknown>): T {
  const row = new (table.options.target as new () => T)();
  for (const [property] of columns(table)) Reflect.set(row, property, found[`${alias}.${property}`]);
  return row;
}

function columns(table: EntitySchema): Column[] {
  return Object.entries(table.options.columns) as unknown as Column[];
}
