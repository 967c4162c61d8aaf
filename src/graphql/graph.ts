/**
 * What programs can ask for, as a graph of tables: each field says from which column or row it comes, in one sentence what
 * it means, and who sees it. From this both the GraphQL schema and the one statement that answers a question are made, so
 * a field without a policy cannot be written down.
 */
import { type Type } from '@nestjs/common';
import { Field, ID, ObjectType, type ReturnTypeFunc, TypeMetadataStorage } from '@nestjs/graphql';
import { type Actor } from '../access/actor.js';
import { type FieldPolicy } from '../access/field-policy.js';
import { connectionOf, makeConnection } from './connections.js';
import { NodeInterface } from './node-interface.js';
import { pageArguments } from './paging.js';

/** One asking: who, when, and with which variables. */
export interface Run {
  readonly by: Actor;
  /** The service's time. */
  readonly now: Date;
  readonly variables: Readonly<Record<string, unknown>>;
  /** The key of the row that is asked for by its id. */
  readonly key?: string;
}

/** Puts a value that is known when the statement runs into it, as `$3::uuid`. */
export type Bind = (value: (run: Run) => unknown, type: string) => string;

/** SQL about one row, named by its alias. */
export type Sql = (row: string, bind: Bind) => string;

export interface Facts {
  /** One sentence for the schema, which is the manual. */
  readonly description: string;
  readonly policy: FieldPolicy;
  /** May be null for those who see it; whatever somebody may not see is null for them in any case. */
  readonly nullable?: boolean;
}

/** By what a list is in order, before the id; never null. */
export interface SortKey {
  readonly sql: (row: string) => string;
  readonly type: 'timestamptz' | 'date' | 'text' | 'bigint' | 'int';
}

/** An argument that narrows a list or finds one row. */
export interface Filter {
  readonly type: ReturnTypeFunc;
  readonly description: string;
  readonly required?: boolean;
  /** Whoever does not see what it asks about may not ask. */
  readonly policy?: FieldPolicy;
  /** The condition; `value` binds what was given, turned into what the database compares with. */
  readonly where: (
    row: string,
    value: (type: string, turn?: (given: never) => unknown) => string,
    bind: Bind,
  ) => string;
}

export interface ListFacts extends Facts {
  readonly order: SortKey;
  readonly descending?: boolean;
  readonly filters?: Readonly<Record<string, Filter>>;
}

export interface ColumnField extends Facts {
  readonly kind: 'column';
  readonly type: ReturnTypeFunc;
  readonly sql: Sql;
}

export interface OneField extends Facts {
  readonly kind: 'one';
  readonly node: () => Type;
  readonly on: (parent: string, child: string, bind: Bind) => string;
}

export interface ManyField extends ListFacts {
  readonly kind: 'many';
  readonly node: () => Type;
  readonly on: (parent: string, child: string, bind: Bind) => string;
}

export interface ComputedField extends Facts {
  readonly kind: 'computed';
  readonly type: ReturnTypeFunc;
  /** What the rule needs, read in the same statement: SQL that yields JSON. */
  readonly needs: Sql;
  readonly compute: (needs: never, now: Date) => unknown;
}

export type FieldDefinition = ColumnField | OneField | ManyField | ComputedField;

export interface NodeFacts {
  readonly name: string;
  readonly description: string;
  readonly table: string;
  /** The column that names the authority. */
  readonly authority?: string;
  /** The column that with the authority names the row; null for rows that are not found by an id of their own. */
  readonly key?: { readonly column: string; readonly type: 'uuid' | 'text' | 'int' } | null;
  /** Whoever may ask for it by its id. */
  readonly policy: FieldPolicy;
  /** Which rows a partner's system sees at all; none unless said. */
  readonly partner?: Sql;
  /** Whether a row is of the partner's own agency, for the policy own-agency. */
  readonly own?: Sql;
  readonly fields: Readonly<Record<string, FieldDefinition>>;
}

export interface NodeDefinition extends Omit<NodeFacts, 'fields' | 'authority' | 'key'> {
  readonly authority: string;
  readonly key: { readonly column: string; readonly type: 'uuid' | 'text' | 'int' } | null;
  readonly fields: Map<string, FieldDefinition>;
}

const byClass = new Map<Type, NodeDefinition>();
const byName = new Map<string, NodeDefinition>();

/** The nodes of the graph by their name in the schema. */
export const nodes: ReadonlyMap<string, NodeDefinition> = byName;

export function nodeOf(type: Type): NodeDefinition {
  const found = byClass.get(type);
  if (found === undefined) throw new Error(`${type.name} is no node of the graph`);
  return found;
}

/** Makes a class into a type of the schema and a node of the graph. */
export function Node(facts: NodeFacts): ClassDecorator {
  return (type) => {
    defineNode(type as unknown as Type, facts);
  };
}

function defineNode(type: Type, facts: NodeFacts): void {
  const { name, description, authority = 'authority_id', key = { column: 'id', type: 'uuid' } } = facts;
  const definition: NodeDefinition = { ...facts, authority, key, fields: new Map() };
  byClass.set(type, definition);
  byName.set(name, definition);
  ObjectType(name, { description, ...(key === null ? {} : { implements: () => [NodeInterface] }) })(type);
  makeConnection(type, name);
  if (key !== null)
    Field(() => ID, { description: 'Names this thing in every question; opaque.' })(type.prototype as object, 'id');
  addFields(type, facts.fields);
}

/** Adds fields to a node; for the modules above that know more about it. */
export function addFields(type: Type, fields: Readonly<Record<string, FieldDefinition>>): void {
  for (const [name, field] of Object.entries(fields)) {
    nodeOf(type).fields.set(name, field);
    Field(typeOfField(field), { description: field.description, nullable: isNullable(field) })(
      type.prototype as object,
      name,
    );
    if (field.kind === 'many') declareArguments(type, name, { ...pageArguments, ...field.filters });
  }
}

/** Tells the schema of the arguments of a field or of a root field. */
export function declareArguments(
  target: Type,
  methodName: string,
  args: Readonly<Record<string, Pick<Filter, 'type' | 'description' | 'required'>>>,
): void {
  const names = Object.keys(args).reverse();
  for (const [index, name] of names.entries()) {
    const { type, description, required = false } = args[name] as Filter;
    const given: unknown = type();
    const isArray = Array.isArray(given);
    TypeMetadataStorage.addMethodParamMetadata({
      kind: 'arg',
      name,
      description,
      target,
      methodName,
      index,
      typeFn: () => (isArray ? (given as unknown[])[0] : given) as Type,
      options: { nullable: !required, ...(isArray ? { isArray, arrayDepth: 1 } : {}) },
    });
  }
}

export function column(sql: string | Sql, type: ReturnTypeFunc, facts: Facts): ColumnField {
  return { kind: 'column', type, sql: typeof sql === 'string' ? (row) => `${row}.${sql}` : sql, ...facts };
}

/** The row whose key is in a column of this one, or that a condition finds. */
export function one(node: () => Type, on: string | OneField['on'], facts: Facts): OneField {
  const joined: OneField['on'] =
    typeof on === 'string' ? (parent, child) => `${child}.${keyColumn(node())} = ${parent}.${on}` : on;
  return { kind: 'one', node, on: joined, ...facts };
}

/** The rows of another node that name this one in a column, or that a condition finds. */
export function many(node: () => Type, on: string | ManyField['on'], facts: ListFacts): ManyField {
  return { kind: 'many', node, on: typeof on === 'string' ? (p, c) => `${c}.${on} = ${p}.id` : on, ...facts };
}

/** A field that a rule of the domain works out from what the same statement reads. */
export function computed(
  type: ReturnTypeFunc,
  rule: Pick<ComputedField, 'needs' | 'compute'>,
  facts: Facts,
): ComputedField {
  return { kind: 'computed', type, ...rule, ...facts };
}

/** Null is what somebody gets who may not see it, so only what everybody sees is never null. */
export function isNullable({ policy, nullable }: Facts): boolean {
  return nullable ?? policy !== 'everybody';
}

function keyColumn(type: Type): string {
  return nodeOf(type).key?.column ?? 'id';
}

function typeOfField(field: FieldDefinition): ReturnTypeFunc {
  if (field.kind === 'one') return () => field.node();
  return field.kind === 'many' ? () => connectionOf(field.node()) : field.type;
}
