import { Field, ID, InterfaceType } from '@nestjs/graphql';

/** Where a row read through the interface keeps the name of its type; no alias of a question can be called so. */
export const TYPE_NAME = '~type';

@InterfaceType('Node', {
  description: 'Anything that has an id by which it can be asked for again.',
  resolveType: (value: Record<string, string>) => value[TYPE_NAME],
})
export abstract class NodeInterface {
  @Field(() => ID, { description: 'Names this thing in every question; opaque.' })
  readonly id: string;
}
