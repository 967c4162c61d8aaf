import { Inject, Injectable } from '@nestjs/common';
import {
  getArgumentValues,
  type GraphQLObjectType,
  type GraphQLResolveInfo,
  type OperationDefinitionNode,
} from 'graphql';
import { type Actor } from '../access/actor.js';
import { Reader, type ReadStatement } from '../database/reader.js';
import { NotFound } from '../errors.js';
import { type Compiled, Compiler, type Root } from './compile.js';
import { type GraphqlContext } from './context.js';
import { type Run } from './graph.js';
import { queries } from './queries.js';
import { type Asking, type Selected } from './selection.js';
import { SHAPES, shapeOf } from './shapes.js';
import { askedBy } from './unauthenticated.js';

/** What one field of an operation asks: enough to write its statement. */
export interface FieldAsking extends Asking {
  readonly operation: OperationDefinitionNode;
  readonly parent: GraphQLObjectType;
  readonly selected: Selected;
}

interface ToRead {
  readonly by: Actor;
  readonly statement: ReadStatement & { readonly complete: boolean };
}

/** Answers questions: one statement for each root field, written once for each document, run for whoever asks. */
@Injectable()
export class Reads {
  private readonly ahead = new WeakMap<object, Map<string, Promise<string>>>();
  private readonly written = new WeakMap<OperationDefinitionNode, Map<string, Compiled>>();

  constructor(@Inject(Reader) private readonly reader: Reader) {}

  /** The resolver of every root field of a query: the answer with response keys as its own. */
  async answer(
    args: Readonly<Record<string, unknown>>,
    context: GraphqlContext,
    info: GraphQLResolveInfo,
  ): Promise<unknown> {
    const asking = askingOf(info);
    const ahead = this.ahead.get(context.req)?.get(asking.selected.key);
    return JSON.parse(await (ahead ?? this.read(this.asked(args, context, asking))));
  }

  /**
   * The answers of root fields as the JSON text that the database made; nothing when rules of the domain have to work out
   * a part of one. What was read and cannot be given as it is waits for the resolvers.
   */
  async answersAsText(context: GraphqlContext, askings: readonly FieldAsking[]): Promise<string[] | undefined> {
    const asked = askings.map((asking) => this.asked(argumentsOf(asking), context, asking));
    if (!asked.every(({ statement }) => statement.complete)) return undefined;
    const reading = asked.map((one) => this.read(one));
    this.ahead.set(context.req, new Map(reading.map((text, at) => [askings[at]?.selected.key ?? '', text])));
    return Promise.all(reading);
  }

  /** The statement of one field with the values of this asking. */
  statement(root: Root, asking: FieldAsking, run: Run): ReadStatement & { complete: boolean } {
    const { text, values, complete } = this.compiled(root, asking, run);
    return { text, values: values.map((value) => value(run)), complete };
  }

  private asked(
    args: Readonly<Record<string, unknown>>,
    context: Pick<GraphqlContext, 'by' | 'now'>,
    asking: FieldAsking,
  ): ToRead {
    const by = askedBy(context);
    const query = queries.get(asking.selected.name);
    if (query === undefined) throw new NotFound();
    const { root, key } = query.root(args);
    const run = { by, now: context.now, variables: asking.variables, ...(key === undefined ? {} : { key }) };
    return { by, statement: this.statement(root, asking, run) };
  }

  private async read({ by, statement }: ToRead): Promise<string> {
    const found = await this.reader.row<{ answer: string }>(by, statement);
    if (found === undefined) throw new NotFound();
    return found.answer;
  }

  private compiled(root: Root, asking: FieldAsking, run: Run): Compiled {
    const { operation, selected } = asking;
    const shapes = this.written.get(operation) ?? new Map<string, Compiled>();
    this.written.set(operation, shapes);
    const shape = `${selected.key} ${root.node.name} ${kindOf(run.by)} ${shapeOf(operation, run.variables)}`;
    const known = shapes.get(shape);
    if (known !== undefined) return known;
    const compiled = new Compiler(asking, run.by, run).root(root, asking.parent, selected);
    if (shapes.size >= SHAPES) shapes.clear();
    shapes.set(shape, compiled);
    return compiled;
  }
}

function argumentsOf({ parent, selected: { name, nodes }, variables }: FieldAsking): Record<string, unknown> {
  const [node] = nodes;
  const field = parent.getFields()[name];
  return node === undefined || field === undefined ? {} : getArgumentValues(field, node, variables);
}

export function askingOf(info: GraphQLResolveInfo): FieldAsking {
  const { schema, fragments, variableValues: variables, operation, parentType: parent, fieldNodes } = info;
  const selected = { key: String(info.path.key), name: info.fieldName, nodes: [...fieldNodes] };
  return { schema, fragments, variables, operation, parent, selected };
}

/** Those who see the same fields; which rows they see is decided when the statement runs. */
function kindOf({ kind, roles, scopes }: Actor): string {
  return [kind, ...[...roles].sort(), ...[...scopes].sort()].join(',');
}
