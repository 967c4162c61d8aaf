import {
  getArgumentValues,
  GraphQLError,
  type GraphQLObjectType,
  type OperationDefinitionNode,
  OperationTypeNode,
} from 'graphql';
import { type FieldDefinition, nodeOf, nodes, type NodeDefinition } from './graph.js';
import { pageSize } from './paging.js';
import { payloads } from './payloads.js';
import { SHAPES, shapeOf } from './shapes.js';
import { type Asking, type Selected, selectedBelow } from './selection.js';

/** What one question may cost: as many rows as a person could read in a day (security guide, 6.1). */
export const COST_LIMIT = 1_000;
/** A row of a list counts one; what stands beside a row, such as the contact of an invitation, a tenth. */
const ROW = 1;
const BESIDE = 0.1;

/** How much an operation asks for, by the sizes of its pages, in variables too, and whether by `nodes` or by `edges`. */
export function costOf(asking: Asking, operation: OperationDefinitionNode): number {
  const { schema } = asking;
  const isQuery = operation.operation === OperationTypeNode.QUERY;
  const type = isQuery ? schema.getQueryType() : schema.getMutationType();
  if (type === null || type === undefined) return 0;
  const fields = selectedRoots(asking, operation, type);
  const costs = fields.map((field) => (isQuery ? queryCost(asking, type, field) : payloadCost(asking, type, field)));
  return costs.reduce((sum, cost) => sum + cost, 0);
}

/** The root fields of an operation. */
export function selectedRoots(asking: Asking, operation: OperationDefinitionNode, type: GraphQLObjectType): Selected[] {
  const { selectionSet } = operation;
  return selectedBelow(asking, type, [{ kind: 'Field', name: { kind: 'Name', value: '' }, selectionSet } as never]);
}

const counted = new WeakMap<OperationDefinitionNode, Map<string, number>>();

/** Refuses what asks for too much at once; an operation is counted once for each shape of its variables. */
export function refuseCostly(asking: Asking, operation: OperationDefinitionNode): void {
  const shapes = counted.get(operation) ?? new Map<string, number>();
  counted.set(operation, shapes);
  const shape = shapeOf(operation, asking.variables);
  const cost = shapes.get(shape) ?? costOf(asking, operation);
  if (shapes.size < SHAPES) shapes.set(shape, cost);
  if (cost <= COST_LIMIT) return;
  throw new GraphQLError('This asks for too much at once. Ask for fewer with `first`, or in several questions', {
    extensions: { code: 'GRAPHQL_VALIDATION_FAILED', http: { status: 400 } },
  });
}

function queryCost(asking: Asking, type: GraphQLObjectType, field: Selected): number {
  const name = returnName(type, field);
  const listed = nodes.get(name.replace(/Connection$/, ''));
  if (listed !== undefined && name.endsWith('Connection')) return pageCost(asking, { type, node: listed }, field, 1);
  const found = nodes.get(name);
  if (found !== undefined) return ROW + recordCost(asking, found, field, 1);
  const any = [...nodes.values()].filter(({ key }) => key !== null);
  return ROW + Math.max(...any.map((node) => recordCost(asking, node, field, 1)));
}

function payloadCost(asking: Asking, type: GraphQLObjectType, field: Selected): number {
  const payload = payloads.get(returnName(type, field));
  if (payload === undefined) return 0;
  return selectedBelow(asking, payloadType(asking, type, field), field.nodes).reduce((sum, part) => {
    const node = payload.nodes[part.name];
    return sum + (node === undefined ? 0 : ROW + recordCost(asking, nodeOf(node()), part, 1));
  }, 0);
}

function recordCost(asking: Asking, node: NodeDefinition, selected: Selected, times: number): number {
  const type = asking.schema.getType(node.name) as GraphQLObjectType | undefined;
  if (type === undefined) return 0;
  return selectedBelow(asking, type, selected.nodes).reduce((sum, field) => {
    const definition = node.fields.get(field.name);
    return definition === undefined ? sum : sum + fieldCost(asking, { type, definition }, field, times);
  }, 0);
}

function fieldCost(
  asking: Asking,
  { type, definition }: { type: GraphQLObjectType; definition: FieldDefinition },
  field: Selected,
  times: number,
): number {
  if (definition.kind === 'column') return 0;
  if (definition.kind === 'computed') return ROW * times;
  const node = nodeOf(definition.node());
  if (definition.kind === 'one') return BESIDE * times + recordCost(asking, node, field, times);
  return pageCost(asking, { type, node }, field, times);
}

function pageCost(
  asking: Asking,
  { type, node }: { type: GraphQLObjectType; node: NodeDefinition },
  field: Selected,
  times: number,
): number {
  const [first] = field.nodes;
  const definition = type.getFields()[field.name];
  if (first === undefined || definition === undefined) return 0;
  const rows = times * pageSize(getArgumentValues(definition, first, asking.variables).first);
  const connection = asking.schema.getType(`${node.name}Connection`) as GraphQLObjectType;
  const edge = asking.schema.getType(`${node.name}Edge`) as GraphQLObjectType;
  return selectedBelow(asking, connection, field.nodes).reduce((sum, part) => {
    if (part.name === 'nodes') return sum + rows * ROW + recordCost(asking, node, part, rows);
    if (part.name !== 'edges') return sum + times * ROW;
    const inner = selectedBelow(asking, edge, part.nodes).filter(({ name }) => name === 'node');
    return inner.reduce((all, one) => all + recordCost(asking, node, one, rows), sum + rows * ROW);
  }, 0);
}

function payloadType(asking: Asking, type: GraphQLObjectType, field: Selected): GraphQLObjectType {
  return asking.schema.getType(returnName(type, field)) as GraphQLObjectType;
}

function returnName(type: GraphQLObjectType, field: Selected): string {
  return String(type.getFields()[field.name]?.type).replaceAll(/[![\]]/g, '');
}
