import { buildSchema, execute, type GraphQLFieldResolver, type GraphQLSchema, parse, printSchema } from 'graphql';
import { type Actor } from '../../src/access/actor.js';
import { fieldVerdict } from '../../src/access/field-policy.js';
import { type Tx } from '../../src/database/tx.js';
import { UnitOfWork } from '../../src/database/unit-of-work.js';
import { NotFound } from '../../src/errors.js';
import {
  type Bind,
  type ColumnField,
  type ComputedField,
  type FieldDefinition,
  type ListFacts,
  type ManyField,
  type NodeDefinition,
  nodeOf,
  nodes,
  type OneField,
  type Run,
} from '../../src/graphql/graph.js';
import { globalId } from '../../src/graphql/ids.js';
import { pageSize } from '../../src/graphql/paging.js';
import { queries } from '../../src/graphql/queries.js';
import { type TestService } from './service.js';

/** A row of a node, by its place in the table. */
interface Row {
  readonly node: NodeDefinition;
  readonly ctid: string;
}

interface PageRow {
  readonly ctid: string;
  readonly cursor: string;
}

type Args = Readonly<Record<string, unknown>>;

/** A statement with its parameters, written as simply as can be. */
class Small {
  readonly values: unknown[] = [];
  constructor(
    private readonly tx: Tx,
    private readonly run: Run,
  ) {}
  readonly bind: Bind = (value, type) => `$${this.values.push(value(this.run))}::${type}`;
  async rows<R>(text: string): Promise<R[]> {
    return this.tx.sql<R>(text, this.values);
  }
}

/**
 * Answers a question the slow way: a resolver for each field, a statement for each of them, graphql-js for everything
 * else. What the compiled statement answers has to be the same.
 */
export async function readPlainly(
  service: TestService,
  by: Actor,
  schema: GraphQLSchema,
  asked: { query: string; variables: Record<string, unknown> },
): Promise<unknown> {
  const plain = buildSchema(printSchema(schema));
  return service.get(UnitOfWork).run(by, async (tx) => {
    const reading = new Reading(tx, { by, now: tx.now, variables: asked.variables });
    const result = await execute({
      schema: plain,
      document: parse(asked.query),
      variableValues: asked.variables,
      fieldResolver: reading.resolve,
      typeResolver: (value) => (value as Row).node.name,
    });
    if (result.errors !== undefined) throw result.errors[0] ?? new Error('No error');
    return JSON.parse(JSON.stringify(result.data)) as unknown;
  });
}

class Reading {
  /** One statement after the other, since all share a connection. */
  private turn: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly tx: Tx,
    private readonly run: Run,
  ) {}

  readonly resolve: GraphQLFieldResolver<unknown, unknown, Args> = (source, args, _context, info) => {
    if (info.parentType.name === 'Query') return this.next(() => this.begin(info.fieldName, args));
    const node = nodes.get(info.parentType.name);
    const field = node?.fields.get(info.fieldName);
    if (node !== undefined && info.fieldName === 'id' && node.key !== null)
      return this.next(() => this.id(source as Row));
    if (field === undefined) return (source as Record<string, unknown>)[info.fieldName];
    return this.next(() => this.field(source as Row, field, args));
  };

  private next<T>(work: () => Promise<T>): Promise<T> {
    const result = this.turn.then(work);
    this.turn = result.catch(() => undefined);
    return result;
  }

  private async begin(name: string, args: Args): Promise<unknown> {
    const query = queries.get(name);
    if (query === undefined) throw new Error(name);
    const { root, key } = query.root(args);
    const run = key === undefined ? this.run : { ...this.run, key };
    const small = new Small(this.tx, run);
    if (root.kind === 'list') return this.page(small, root, args, () => 'true');
    const found = [...this.visible(small, root.node), ...this.filters(small, root.filters, args)];
    if (root.byKey === true && root.node.key !== null) {
      const { column, type } = root.node.key;
      found.push(`c.${column} = ${small.bind(({ key: given }) => given, type)}`);
    }
    const [row] = await small.rows<{ ctid: string }>(
      `select c.ctid::text from ${root.node.table} c where ${found.join(' and ')}`,
    );
    if (row === undefined) throw new NotFound();
    return { node: root.node, ctid: row.ctid };
  }

  private async id(row: Row): Promise<string> {
    return globalId(row.node.name, await this.value(row, (alias) => `${alias}.${row.node.key?.column ?? ''}::text`));
  }

  private async field(row: Row, field: FieldDefinition, args: Args): Promise<unknown> {
    const verdict = fieldVerdict(field.policy, this.run.by);
    if (verdict === 'HIDDEN') return null;
    const own = verdict === 'SEEN' || (await this.value<boolean>(row, row.node.own ?? (() => 'false')));
    if (field.kind === 'column') return own ? this.column(row, field) : null;
    if (field.kind === 'computed') return own ? this.computed(row, field) : null;
    return this.related(row, field, args, own);
  }

  private async column(row: Row, field: ColumnField): Promise<unknown> {
    const value = await this.value<string | null>(row, field.sql);
    return field.type() === Date && value !== null ? new Date(value).toISOString() : value;
  }

  private async computed(row: Row, field: ComputedField): Promise<unknown> {
    const needs = await this.value<never>(row, (alias, bind) => `(${field.needs(alias, bind)})`);
    return field.compute(needs, this.run.now);
  }

  private async related(row: Row, field: OneField | ManyField, args: Args, own: boolean): Promise<unknown> {
    const target = nodeOf(field.node());
    const small = new Small(this.tx, this.run);
    const on = (): string =>
      `${String(own)} and exists (select 1 from ${row.node.table} p where p.ctid = ${small.bind(() => row.ctid, 'tid')} and ${field.on('p', 'c', small.bind)})`;
    if (field.kind === 'many') return this.page(small, { node: target, list: field }, args, on);
    const where = [...this.visible(small, target), on()].join(' and ');
    const [found] = await small.rows<{ ctid: string }>(`select c.ctid::text from ${target.table} c where ${where}`);
    return found === undefined ? null : { node: target, ctid: found.ctid };
  }

  private async page(
    small: Small,
    { node, list }: { node: NodeDefinition; list: ListFacts },
    args: Args,
    on: () => string,
  ): Promise<unknown> {
    const where = [...this.visible(small, node), on(), ...this.filters(small, list.filters ?? {}, args)].join(' and ');
    const way = list.descending === true ? 'desc' : 'asc';
    const keys = [list.order.sql('c'), ...(node.key === null ? [] : [`c.${node.key.column}`])];
    const rows = await small.rows<{ ctid: string; place: string }>(
      `select c.ctid::text, json_build_array(${keys.join(', ')})::text as place from ${node.table} c where ${where} order by ${keys.map((key) => `${key} ${way}`).join(', ')}`,
    );
    const all: PageRow[] = rows.map(({ ctid, place }) => ({ ctid, cursor: Buffer.from(place).toString('base64url') }));
    const start = typeof args.after === 'string' ? all.findIndex(({ cursor }) => cursor === args.after) + 1 : 0;
    const page = all.slice(start, start + pageSize(args.first));
    const hasNextPage = all.length > start + page.length;
    return connectionOf(node, page, { hasNextPage, hasPreviousPage: start > 0 });
  }

  private visible(small: Small, node: NodeDefinition): string[] {
    const own = `c.${node.authority} = ${small.bind(({ by }) => by.authorityId, 'int')}`;
    return this.run.by.kind === 'PARTNER' ? [own, node.partner?.('c', small.bind) ?? 'false'] : [own];
  }

  private filters(small: Small, filters: ListFacts['filters'] & object, args: Args): string[] {
    return Object.entries(filters)
      .filter(([name]) => args[name] !== undefined && args[name] !== null)
      .map(([name, filter]) =>
        filter.where(
          'c',
          (type, turn) => small.bind(() => (turn === undefined ? args[name] : turn(args[name] as never)), type),
          small.bind,
        ),
      );
  }

  private async value<T>(row: Row, sql: (alias: string, bind: Bind) => string): Promise<T> {
    const small = new Small(this.tx, this.run);
    const value = sql('r', small.bind);
    const [found] = await small.rows<{ v: T }>(
      `select to_json(${value}) as v from ${row.node.table} r where r.ctid = ${small.bind(() => row.ctid, 'tid')}`,
    );
    return (found as { v: T }).v;
  }
}

function connectionOf(node: NodeDefinition, page: readonly PageRow[], info: object): unknown {
  return {
    nodes: page.map(({ ctid }) => ({ node, ctid })),
    edges: page.map(({ ctid, cursor }) => ({ cursor, node: { node, ctid } })),
    pageInfo: { ...info, startCursor: page[0]?.cursor ?? null, endCursor: page.at(-1)?.cursor ?? null },
  };
}
