import { type GraphQLField, type GraphQLObjectType, getArgumentValues } from 'graphql';
import { type Actor } from '../access/actor.js';
import { fieldVerdict, type FieldPolicy } from '../access/field-policy.js';
import { NotAllowed } from '../errors.js';
import { Page } from './compile-page.js';
import {
  type ColumnField,
  type ComputedField,
  type Filter,
  type ListFacts,
  type ManyField,
  type NodeDefinition,
  nodeOf,
  type OneField,
  type Run,
} from './graph.js';
import { globalIdSql } from './ids.js';
import { TYPE_NAME } from './node-interface.js';
import { plainTypes } from './plain-types.js';
import { type Asking, type Selected, selectedBelow } from './selection.js';
import { all, as, authorityOf, keyOf, Statement } from './statement.js';

/** A root field: one row, or a page of a list. */
export type Root =
  | {
      readonly kind: 'one';
      readonly node: NodeDefinition;
      readonly filters: Readonly<Record<string, Filter>>;
      /** The one whose key the asking brings. */
      readonly byKey?: boolean;
      /** Asked for as a Node, so that its type has to be told. */
      readonly interface?: boolean;
    }
  | { readonly kind: 'list'; readonly node: NodeDefinition; readonly list: ListFacts };

export interface Compiled {
  readonly text: string;
  readonly values: readonly ((run: Run) => unknown)[];
  /** The JSON is the answer as it stands: no rule of the domain has to work out a part of it. */
  readonly complete: boolean;
}

/** Columns and joins that make the record of one row. */
export interface Recorded {
  readonly columns: string[];
  readonly joins: string[];
}

type Arguments = (run: Run) => Record<string, unknown>;

/** Writes the one statement that answers a root field, for somebody who sees what this actor sees. */
export class Compiler {
  readonly statement = new Statement();
  complete = true;

  constructor(
    readonly asking: Asking,
    readonly by: Actor,
    /** The asking that the shape of the statement comes from; later ones of the same shape bring their own values. */
    readonly run: Run,
  ) {}

  root(root: Root, parent: GraphQLObjectType, selected: Selected): Compiled {
    const args = this.argumentsOf(parent, selected);
    const text = root.kind === 'list' ? this.rootList(root, selected, args) : this.rootOne(root, selected, args);
    return { text, values: this.statement.values, complete: this.complete };
  }

  /** The record of one row as columns named by response keys. */
  record(node: NodeDefinition, selected: readonly Selected[], row: string): Recorded {
    const out: Recorded = { columns: [], joins: [] };
    for (const field of selected) this.field(out, { node, row }, field);
    if (out.columns.length === 0) out.columns.push(this.nothing());
    return out;
  }

  /** A record needs a column, though nothing was asked; it is no part of the answer. */
  nothing(): string {
    this.complete = false;
    return as('null', '~');
  }

  selectedOf(typeName: string, selected: Selected): Selected[] {
    return selectedBelow(this.asking, this.typeNamed(typeName), selected.nodes);
  }

  argumentsOf(parent: GraphQLObjectType, { name, nodes: [node] }: Selected): Arguments {
    const field = parent.getFields()[name] as GraphQLField<unknown, unknown>;
    let last: { run: Run; args: Record<string, unknown> } | undefined;
    return (run) => {
      if (last?.run !== run)
        last = { run, args: node === undefined ? {} : getArgumentValues(field, node, run.variables) };
      return last.args;
    };
  }

  /** The conditions that arguments make; asking by what one does not see is refused. */
  conditions(filters: Readonly<Record<string, Filter>>, args: Arguments, row: string): string[] {
    const given = args(this.run);
    return Object.entries(filters).flatMap(([name, filter]) => {
      if (given[name] === undefined || given[name] === null) return [];
      this.mustSee(filter.policy ?? 'everybody', name);
      const value = (type: string, turn?: (one: never) => unknown): string =>
        this.statement.bind((run) => (turn === undefined ? args(run)[name] : turn(args(run)[name] as never)), type);
      return [filter.where(row, value, this.statement.bind)];
    });
  }

  /** The rows of a node that this actor may see at all. */
  visible(node: NodeDefinition, row: string): string[] {
    const own = `${row}.${node.authority} = ${this.statement.bind(authorityOf, 'int')}`;
    if (this.by.kind !== 'PARTNER') return [own];
    return [own, node.partner?.(row, this.statement.bind) ?? 'false'];
  }

  typeNamed(name: string): GraphQLObjectType {
    return this.asking.schema.getType(name) as GraphQLObjectType;
  }

  private rootList(root: Root & { kind: 'list' }, selected: Selected, args: Arguments): string {
    this.mustSee(root.list.policy, selected.name);
    const page = new Page(this, root.node, root.list, args);
    return `select to_json("~r")::text as answer from (${page.sql(selected, () => [])}) "~r"`;
  }

  private rootOne(root: Root & { kind: 'one' }, selected: Selected, args: Arguments): string {
    const { node } = root;
    this.mustSee(node.policy, selected.name);
    const row = this.statement.name();
    const keyed = root.byKey === true && node.key !== null ? [this.keyed(row, node.key)] : [];
    const found = all([...this.visible(node, row), ...keyed, ...this.conditions(root.filters, args, row)]);
    const { columns, joins } = this.record(node, this.selectedOf(node.name, selected), row);
    if (root.interface === true) columns.push(this.typeName(node));
    const record = `cross join lateral (select ${columns.join(', ')}) "~r"`;
    return `select to_json("~r")::text as answer from ${node.table} ${row} ${joins.join(' ')} ${record} where ${found} limit 1`;
  }

  /** Which type it is, for graphql-js to go on from an interface. */
  private typeName(node: NodeDefinition): string {
    this.complete = false;
    return as(`'${node.name}'::text`, TYPE_NAME);
  }

  private keyed(row: string, { column, type }: { column: string; type: string }): string {
    return `${row}.${column} = ${this.statement.bind(keyOf, type)}`;
  }

  private field(out: Recorded, at: { node: NodeDefinition; row: string }, selected: Selected): void {
    const { node, row } = at;
    if (selected.name === '__typename') out.columns.push(as(`'${node.name}'::text`, selected.key));
    else if (selected.name === 'id' && node.key !== null) {
      out.columns.push(as(globalIdSql(node.name, `${row}.${node.key.column}`), selected.key));
    } else this.defined(out, at, selected);
  }

  private defined(out: Recorded, { node, row }: { node: NodeDefinition; row: string }, selected: Selected): void {
    const field = node.fields.get(selected.name);
    if (field === undefined) return;
    const verdict = fieldVerdict(field.policy, this.by);
    const own = verdict === 'OWN' ? this.ownRow(node, row) : undefined;
    if (field.kind === 'computed') {
      this.complete = false;
      if (verdict !== 'HIDDEN') this.computed(out, field, { selected, row, own });
    } else if (verdict === 'HIDDEN') out.columns.push(as('null', selected.key));
    else if (field.kind === 'column') out.columns.push(as(guarded(this.column(field, row), own), selected.key));
    else this.related(out, field, { selected, row, own, node });
  }

  /** Whether a row is of the partner's own agency; never, where a node does not say. */
  private ownRow(node: NodeDefinition, row: string): string {
    return node.own?.(row, this.statement.bind) ?? 'false';
  }

  private column(field: ColumnField, row: string): string {
    const sql = field.sql(row, this.statement.bind);
    const type: unknown = field.type();
    if (isPlainObject(type)) this.complete = false;
    return type === Date ? instantSql(sql) : sql;
  }

  private computed(
    out: Recorded,
    field: ComputedField,
    at: { selected: Selected; row: string; own: string | undefined },
  ): void {
    const key = `~${at.selected.name}`;
    const column = as(guarded(`(${field.needs(at.row, this.statement.bind)})`, at.own), key);
    if (!out.columns.includes(column)) out.columns.push(column);
  }

  private related(
    out: Recorded,
    field: OneField | ManyField,
    at: { selected: Selected; row: string; own: string | undefined; node: NodeDefinition },
  ): void {
    const target = nodeOf(field.node());
    const record = this.statement.name();
    const on = (child: string): string[] => [
      field.on(at.row, child, this.statement.bind),
      ...(at.own === undefined ? [] : [at.own]),
    ];
    const rows =
      field.kind === 'one'
        ? this.oneRow(target, at.selected, on)
        : new Page(this, target, field, this.argumentsOf(this.typeNamed(at.node.name), at.selected)).sql(
            at.selected,
            on,
          );
    out.joins.push(`left join lateral (${rows}) ${record} on true`);
    out.columns.push(as(record, at.selected.key));
  }

  private oneRow(node: NodeDefinition, selected: Selected, on: (child: string) => string[]): string {
    const row = this.statement.name();
    const { columns, joins } = this.record(node, this.selectedOf(node.name, selected), row);
    const found = all([...this.visible(node, row), ...on(row)]);
    // at most one row: without the limit the planner may join the whole authority's rows first
    return `select ${columns.join(', ')} from ${node.table} ${row} ${joins.join(' ')} where ${found} limit 1`;
  }

  private mustSee(policy: FieldPolicy, name: string): void {
    if (fieldVerdict(policy, this.by) !== 'SEEN') throw new NotAllowed(`You cannot ask for ${name}`);
  }
}

/** A moment as programs get it. */
function instantSql(sql: string): string {
  return `to_char(${sql} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
}

function guarded(sql: string, own: string | undefined): string {
  return own === undefined ? sql : `case when ${own} then ${sql} end`;
}

/** Is it a type whose fields are read from JSON by their own names, so that aliases are left to the resolvers? */
function isPlainObject(type: unknown): boolean {
  return plainTypes.has(Array.isArray(type) ? type[0] : type);
}
