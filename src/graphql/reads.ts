import { Inject, Injectable } from '@nestjs/common';
import { type GraphQLObjectType, type GraphQLResolveInfo, type OperationDefinitionNode } from 'graphql';
import { type Actor } from '../access/actor.js';
import { Reader, type ReadStatement } from '../database/reader.js';
import { NotFound } from '../errors.js';
import { type Compiled, Compiler, type Root } from './compile.js';
import { type GraphqlContext } from './context.js';
import { type Run } from './graph.js';
import { queries } from './queries.js';
import { type Asking, type Selected } from './selection.js';
import { askedBy } from './unauthenticated.js';

/** What one field of an operation asks: enough to write its statement. */
export interface FieldAsking extends Asking {
  readonly operation: OperationDefinitionNode;
  readonly parent: GraphQLObjectType;
  readonly selected: Selected;
}

/** The statements of one operation: one for each shape of variables and each kind of asker. */
const SHAPES = 64;

/** Answers questions: one statement for each root field, written once for each document, run for whoever asks. */
@Injectable()
export class Reads {
  private readonly written = new WeakMap<OperationDefinitionNode, Map<string, Compiled>>();

  constructor(@Inject(Reader) private readonly reader: Reader) {}

  /** The resolver of every root field of a query: the answer with response keys as its own. */
  async answer(
    args: Readonly<Record<string, unknown>>,
    context: GraphqlContext,
    info: GraphQLResolveInfo,
  ): Promise<unknown> {
    const { text } = await this.answerAsText(args, context, askingOf(info));
    return JSON.parse(text);
  }

  /** The same as the JSON text that the database made; `complete` when nothing is left to work out. */
  async answerAsText(
    args: Readonly<Record<string, unknown>>,
    context: Pick<GraphqlContext, 'by' | 'now'>,
    asking: FieldAsking,
  ): Promise<{ text: string; complete: boolean }> {
    const by = askedBy(context);
    const query = queries.get(asking.selected.name);
    if (query === undefined) throw new NotFound();
    const { root, key } = query.root(args);
    const run = { by, now: context.now, variables: asking.variables, ...(key === undefined ? {} : { key }) };
    const statement = this.statement(root, asking, run);
    const found = await this.reader.row<{ answer: string }>(by, statement);
    if (found === undefined) throw new NotFound();
    return { text: found.answer, complete: statement.complete };
  }

  /** The statement of one field with the values of this asking. */
  statement(root: Root, asking: FieldAsking, run: Run): ReadStatement & { complete: boolean } {
    const { text, values, complete } = this.compiled(root, asking, run);
    return { text, values: values.map((value) => value(run)), complete };
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

export function askingOf(info: GraphQLResolveInfo): FieldAsking {
  const { schema, fragments, variableValues: variables, operation, parentType: parent, fieldNodes } = info;
  const selected = { key: String(info.path.key), name: info.fieldName, nodes: [...fieldNodes] };
  return { schema, fragments, variables, operation, parent, selected };
}

/** Those who see the same fields; which rows they see is decided when the statement runs. */
function kindOf({ kind, roles, scopes }: Actor): string {
  return [kind, ...[...roles].sort(), ...[...scopes].sort()].join(',');
}

/** What of the variables changes the text of a statement: numbers and switches, and whether anything was given at all. */
function shapeOf(operation: OperationDefinitionNode, variables: Readonly<Record<string, unknown>>): string {
  return (operation.variableDefinitions ?? [])
    .map(({ variable }) => {
      const value = variables[variable.name.value];
      if (typeof value === 'number' || typeof value === 'boolean') return String(value);
      return value === undefined || value === null ? '-' : '+';
    })
    .join(' ');
}
