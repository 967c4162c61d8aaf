import { type Compiler } from './compile.js';
import { cursorSql, type Place, placeIn, readCursor } from './cursors.js';
import { type ListFacts, type NodeDefinition, type Run } from './graph.js';
import { pageSize } from './paging.js';
import { type Selected } from './selection.js';
import { all, as } from './statement.js';

/** The parts of a page's rows: what is joined to each, and the columns that the page gathers. */
interface Rows {
  readonly joins: string[];
  readonly columns: string[];
}

/**
 * One page of a list as SQL. The rows are limited first, by an index in the list's own order; only then is anything
 * joined to them. The limit is a literal, since a parameter would spoil the plan.
 */
export class Page {
  private readonly size: number;
  private readonly place: Place;
  private readonly continues: boolean;
  private readonly row: string;

  constructor(
    private readonly compiler: Compiler,
    private readonly node: NodeDefinition,
    private readonly list: ListFacts,
    private readonly args: (run: Run) => Record<string, unknown>,
  ) {
    const { first, after } = args(compiler.run);
    this.size = pageSize(first);
    this.continues = after !== undefined && after !== null;
    this.place = placeIn(node, list.order);
    this.row = compiler.statement.name();
  }

  /** The connection as one record; `on` joins the rows to their parent. */
  sql(selected: Selected, on: (child: string) => string[]): string {
    const parts = this.compiler.selectedOf(`${this.node.name}Connection`, selected);
    const info = parts.some(({ name }) => name === 'pageInfo');
    const rows: Rows = { joins: [], columns: info ? [this.numbered(), as(cursorSql(this.place, this.row), '~k')] : [] };
    const columns = parts.map((part) => as(this.part(part, rows, info), part.key));
    if (rows.columns.length === 0) rows.columns.push('true');
    const order = this.sorted(this.row);
    const base = `(${this.limited(on, info)}) ${this.row}`;
    const page = `select ${rows.columns.join(', ')} from ${base} ${rows.joins.join(' ')} order by ${order}`;
    return `select ${columns.length === 0 ? this.compiler.nothing() : columns.join(', ')} from (${page}) "~p"`;
  }

  private limited(on: (child: string) => string[], oneMore: boolean): string {
    const { compiler, node } = this;
    const row = compiler.statement.name();
    const conditions = [
      ...compiler.visible(node, row),
      ...on(row),
      ...compiler.conditions(this.list.filters ?? {}, this.args, row),
      ...this.behind(row),
    ];
    const limit = this.size + (oneMore ? 1 : 0);
    return `select ${row}.* from ${node.table} ${row} where ${all(conditions)} order by ${this.sorted(row)} limit ${limit}`;
  }

  private behind(row: string): string[] {
    if (!this.continues) return [];
    const { types, sql } = this.place;
    readCursor(this.args(this.compiler.run).after, types);
    const values = types.map((type, at) =>
      this.compiler.statement.bind((run) => readCursor(this.args(run).after, types)[at], type),
    );
    return [`(${sql(row).join(', ')}) ${this.list.descending === true ? '<' : '>'} (${values.join(', ')})`];
  }

  private part(part: Selected, rows: Rows, info: boolean): string {
    if (part.name === '__typename') return `'${this.node.name}Connection'::text`;
    if (part.name === 'pageInfo') return this.pageInfo(part);
    const gathered = part.name === 'edges' ? this.edge(part, rows) : this.record(part, rows);
    rows.columns.push(as(gathered, gathered.slice(1, -1)));
    const within = info ? ` filter (where "~p"."~i" <= ${this.size})` : '';
    const order = info ? ' order by "~p"."~i"' : '';
    return `coalesce(json_agg("~p".${gathered}${order})${within}, '[]'::json)`;
  }

  private record(part: Selected, rows: Rows): string {
    const { compiler, node } = this;
    const name = compiler.statement.name();
    const { columns, joins } = compiler.record(node, compiler.selectedOf(node.name, part), this.row);
    rows.joins.push(...joins, `cross join lateral (select ${columns.join(', ')}) ${name}`);
    return name;
  }

  private edge(part: Selected, rows: Rows): string {
    const name = this.compiler.statement.name();
    const columns = this.compiler.selectedOf(`${this.node.name}Edge`, part).map((field) => {
      if (field.name === '__typename') return as(`'${this.node.name}Edge'::text`, field.key);
      return as(field.name === 'node' ? this.record(field, rows) : cursorSql(this.place, this.row), field.key);
    });
    const listed = columns.length === 0 ? this.compiler.nothing() : columns.join(', ');
    rows.joins.push(`cross join lateral (select ${listed}) ${name}`);
    return name;
  }

  private pageInfo(part: Selected): string {
    const cursor = (at: string): string =>
      `(array_agg("~p"."~k" order by "~p"."~i") filter (where "~p"."~i" <= ${this.size}))[${at}]`;
    const said: Readonly<Record<string, string>> = {
      __typename: `'PageInfo'::text`,
      hasNextPage: `count(*) > ${this.size}`,
      hasPreviousPage: String(this.continues),
      startCursor: cursor('1'),
      endCursor: cursor(`least(count(*), ${this.size})`),
    };
    const fields = this.compiler
      .selectedOf('PageInfo', part)
      .map(({ key, name }) => `'${key}', ${said[name] ?? 'null'}`);
    return `json_build_object(${fields.join(', ')})`;
  }

  private numbered(): string {
    return as(`row_number() over (order by ${this.sorted(this.row)})`, '~i');
  }

  private sorted(row: string): string {
    const way = this.list.descending === true ? ' desc' : '';
    return this.place
      .sql(row)
      .map((sql) => `${sql}${way}`)
      .join(', ');
  }
}
