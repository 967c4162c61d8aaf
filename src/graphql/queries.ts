import { type Type } from '@nestjs/common';
import { TypeMetadataStorage } from '@nestjs/graphql';
import { type FieldPolicy } from '../access/field-policy.js';
import { NotFound } from '../errors.js';
import { type Root } from './compile.js';
import { connectionOf } from './connections.js';
import { declareArguments, type Filter, type ListFacts, type NodeDefinition, nodeOf, nodes } from './graph.js';
import { isUuid, readGlobalId } from './ids.js';
import { pageArguments } from './paging.js';

/** A question one can begin with. */
export interface QueryField {
  readonly description: string;
  readonly policy: FieldPolicy;
  readonly type: () => Type;
  readonly args: Readonly<Record<string, Pick<Filter, 'type' | 'description' | 'required'>>>;
  /** What is read for these arguments; a row that is asked for by its key has it here. */
  readonly root: (args: Readonly<Record<string, unknown>>) => { readonly root: Root; readonly key?: string };
}

/** Every question one can begin with, by its name. */
export const queries = new Map<string, QueryField>();

/** Adds questions to the schema; `target` is the resolver class of the module they belong to. */
export function defineQueries(target: Type, fields: Readonly<Record<string, QueryField>>): void {
  for (const [name, field] of Object.entries(fields)) {
    queries.set(name, field);
    declareArguments(target, name, field.args);
    TypeMetadataStorage.addQueryMetadata({
      methodName: name,
      schemaName: name,
      target,
      typeFn: field.type,
      returnTypeOptions: { nullable: true },
      description: field.description,
    });
  }
}

/** A page of a list. */
export function list(node: () => Type, facts: ListFacts): QueryField {
  const { description, policy, filters = {} } = facts;
  return {
    description,
    policy,
    type: () => connectionOf(node()),
    args: { ...pageArguments, ...filters },
    root: () => ({ root: { kind: 'list', node: nodeOf(node()), list: facts } }),
  };
}

/** One row, found by its arguments; NOT_FOUND when there is none. */
export function single(
  node: () => Type,
  facts: { description: string; filters?: Readonly<Record<string, Filter>> },
): QueryField {
  const { description, filters = {} } = facts;
  return {
    description,
    get policy() {
      return nodeOf(node()).policy;
    },
    type: node,
    args: filters,
    root: () => ({ root: { kind: 'one', node: nodeOf(node()), filters } }),
  };
}

/** Whatever an id names. */
export function anything(type: Type, args: QueryField['args'], description: string): QueryField {
  return {
    description,
    policy: 'everybody',
    type: () => type,
    args,
    root: ({ id }) => {
      const { node, key } = named(String(id));
      return { root: { kind: 'one', node, filters: {}, byKey: true, interface: true }, key };
    },
  };
}

function named(id: string): { node: NodeDefinition; key: string } {
  const found = readGlobalId(id);
  const node = found === undefined ? undefined : nodes.get(found.type);
  if (found === undefined || node?.key === undefined || node.key === null) throw new NotFound();
  const fits = { uuid: isUuid(found.key), int: /^\d{1,9}$/.test(found.key), text: true }[node.key.type];
  if (!fits) throw new NotFound();
  return { node, key: found.key };
}
