import { type Type } from '@nestjs/common';
import { Field, ObjectType } from '@nestjs/graphql';

/** Where a page of a list begins and ends. */
@ObjectType('PageInfo', { description: 'Where a page of a list begins and ends, and whether more follows.' })
export class PageInfo {
  @Field(() => Boolean, { description: 'More follows: ask again with `after: endCursor`.' })
  readonly hasNextPage: boolean;

  @Field(() => Boolean, { description: 'Something came before, because `after` was given.' })
  readonly hasPreviousPage: boolean;

  @Field(() => String, { nullable: true, description: 'The cursor of the first one of this page.' })
  readonly startCursor: string | null;

  @Field(() => String, { nullable: true, description: 'The cursor of the last one of this page.' })
  readonly endCursor: string | null;
}

const connections = new Map<Type, Type>();

/** Types whose sources are keyed by response keys though they are no nodes: connections and their edges. */
export const connectionTypes = new Set<string>(['PageInfo']);

/** The connection of a node: a page of a list of it. */
export function connectionOf(node: Type): Type {
  const found = connections.get(node);
  if (found === undefined) throw new Error(`${node.name} has no connection`);
  return found;
}

/** Makes the two types of a list of a node, once. */
export function makeConnection(node: Type, name: string): void {
  const Edge = newClass();
  const Connection = newClass();
  const article = /^[AEIO]/.test(name) ? 'an' : 'a';
  ObjectType(`${name}Edge`, { description: `One ${name} of a list, with its place in it.` })(Edge);
  Field(() => node, { description: `The ${name} itself.` })(Edge.prototype as object, 'node');
  Field(() => String, { description: 'Its place: give it as `after` to go on behind it.' })(
    Edge.prototype as object,
    'cursor',
  );
  ObjectType(`${name}Connection`, { description: `A page of a list; each of it is ${article} ${name}.` })(Connection);
  Field(() => [Edge], { description: 'Those of this page with their places.' })(
    Connection.prototype as object,
    'edges',
  );
  Field(() => [node], { description: 'Those of this page, without their places.' })(
    Connection.prototype as object,
    'nodes',
  );
  Field(() => PageInfo, { description: 'Where the page begins and ends.' })(Connection.prototype as object, 'pageInfo');
  connections.set(node, Connection);
  connectionTypes.add(`${name}Edge`).add(`${name}Connection`);
}

/** A class for a type of the schema that stands for no row. */
function newClass(): Type {
  return class {
    readonly isPage = true;
  };
}
