import { type GraphQLFieldResolver, GraphQLObjectType, type GraphQLSchema } from 'graphql';
import { connectionTypes } from './connections.js';
import { type GraphqlContext } from './context.js';
import { type ComputedField, type NodeDefinition, nodes } from './graph.js';
import { mutations, payloads } from './payloads.js';
import { isPlainType } from './plain-types.js';
import { queries } from './queries.js';
import { type Reads } from './reads.js';

type Resolve = GraphQLFieldResolver<Record<string, unknown>, GraphqlContext, Record<string, unknown>>;

/** What the database answered is keyed by response keys, so that aliases are already in it. */
const readByKey: Resolve = (source, _args, _context, { path }) => source[path.key];

/**
 * Gives every field of the schema its way to be answered, and refuses to start with a field that nobody has said who
 * may see: each field of a node, each question and each change has a policy, and every other type is reached only
 * through one of those.
 */
export function attach(schema: GraphQLSchema, reads: Reads): GraphQLSchema {
  const problems: string[] = [];
  for (const type of Object.values(schema.getTypeMap())) {
    if (!(type instanceof GraphQLObjectType) || type.name.startsWith('__')) continue;
    for (const [name, field] of Object.entries(type.getFields())) {
      const resolve = resolverOf(schema, type, name, reads);
      if (resolve === undefined) problems.push(`${type.name}.${name}`);
      else if (resolve !== 'OWN') field.resolve = resolve as GraphQLFieldResolver<unknown, unknown>;
    }
  }
  if (problems.length > 0) throw new Error(`Nobody has said who may see ${problems.join(', ')}: give it a policy`);
  return schema;
}

/** How a field is answered; 'OWN' keeps the resolver it has, and nothing means that it has no policy. */
function resolverOf(
  schema: GraphQLSchema,
  type: GraphQLObjectType,
  name: string,
  reads: Reads,
): Resolve | 'OWN' | undefined {
  if (type === schema.getQueryType()) return queries.has(name) ? answerBy(reads) : undefined;
  if (type === schema.getMutationType()) return mutations.has(name) ? 'OWN' : undefined;
  const node = nodes.get(type.name);
  return node === undefined ? shapeOf(type.name) : fieldOf(node, name);
}

/** Types without a policy of their own are seen by whoever sees the field that leads to them. */
function shapeOf(typeName: string): Resolve | 'OWN' | undefined {
  if (isPlainType(typeName)) return 'OWN';
  return connectionTypes.has(typeName) || payloads.has(typeName) ? readByKey : undefined;
}

function answerBy(reads: Reads): Resolve {
  return (_source, args, context, info) => reads.answer(args, context, info);
}

function fieldOf(node: NodeDefinition, name: string): Resolve | undefined {
  if (name === 'id' && node.key !== null) return readByKey;
  const field = node.fields.get(name);
  if (field === undefined) return undefined;
  return field.kind === 'computed' ? compute(name, field) : readByKey;
}

function compute(name: string, field: ComputedField): Resolve {
  const key = `~${name}`;
  return (source, _args, { now }) => {
    const needs = source[key];
    return needs === undefined || needs === null ? null : field.compute(needs as never, now);
  };
}
