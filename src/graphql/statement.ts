import { type Bind, type Run } from './graph.js';

/** A statement being written: its parameters, and names for its parts that no alias of a question can have. */
export class Statement {
  readonly values: ((run: Run) => unknown)[] = [];
  private readonly known = new Map<string, number>();
  private readonly marks = new Map<(run: Run) => unknown, number>();
  private names = 0;

  /** A new name for a table or a record. */
  name(): string {
    this.names += 1;
    return `"~${this.names}"`;
  }

  /** Puts a value in; the same one of the same type only once. */
  readonly bind: Bind = (value, type) => {
    const mark = this.marks.get(value) ?? this.marks.size;
    this.marks.set(value, mark);
    const key = `${mark} ${type}`;
    const index = this.known.get(key) ?? this.values.push(value);
    this.known.set(key, index);
    return `$${index}::${type}`;
  };
}

export const authorityOf = (run: Run): unknown => run.by.authorityId;
export const keyOf = (run: Run): unknown => run.key;
export const agencyOf = (run: Run): unknown => run.by.agencyId ?? null;

/** The asking partner's own agency, for conditions about rows. */
export function ownAgency(bind: Bind): string {
  return bind(agencyOf, 'uuid');
}

/** `as "key"`: keys are GraphQL names, which have no quotes in them. */
export function as(sql: string, key: string): string {
  return `${sql} as "${key}"`;
}

export function all(conditions: readonly (string | undefined)[]): string {
  return conditions.filter((condition) => condition !== undefined).join(' and ');
}
