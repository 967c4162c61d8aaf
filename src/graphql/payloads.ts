import { type Type } from '@nestjs/common';
import { Field, Mutation, ObjectType, type ReturnTypeFunc } from '@nestjs/graphql';
import { type FieldPolicy } from '../access/field-policy.js';

/** Something a person can put right about what they sent. */
@ObjectType('Problem', { description: 'Something that has to be put right in what was sent; nothing was changed.' })
export class Problem {
  @Field(() => String, { description: 'What is wrong, for programs. A code never changes its meaning.' })
  readonly code: string;

  @Field(() => String, { description: 'What is wrong and what to do, for people.' })
  readonly message: string;

  @Field(() => String, { nullable: true, description: 'The part of the input it is about.' })
  readonly field: string | null;
}

/** What a change answers with. */
export interface PayloadFacts {
  readonly name: string;
  readonly description: string;
  /** What was changed or made, to be read as in any question. */
  readonly nodes: Readonly<Record<string, () => Type>>;
  /** Anything else, which is told once and not kept. */
  readonly once?: Readonly<Record<string, { readonly type: ReturnTypeFunc; readonly description: string }>>;
}

export const payloads = new Map<string, PayloadFacts>();

/** Who may do each change: what the service refuses is refused there; this is for the schema's own check. */
export const mutations = new Map<string, FieldPolicy>();

/** Makes a class into the answer of a change: the things it made or changed, and what has to be put right. */
export function Payload(facts: PayloadFacts): ClassDecorator {
  return (type) => {
    describe(type as unknown as Type, facts);
  };
}

function describe(type: Type, facts: PayloadFacts): void {
  const { name, description, nodes, once = {} } = facts;
  payloads.set(name, facts);
  ObjectType(name, { description })(type);
  const prototype = type.prototype as object;
  for (const [field, node] of Object.entries(nodes)) {
    Field(node, { nullable: true, description: `The ${field} as it is now; null when there are problems.` })(
      prototype,
      field,
    );
  }
  for (const [field, { type: of, description: what }] of Object.entries(once)) {
    Field(of, { nullable: true, description: what })(prototype, field);
  }
  Field(() => [Problem], { description: 'What has to be put right; empty when it was done.' })(prototype, 'problems');
  Field(() => String, { nullable: true, description: 'The key that was sent with it.' })(prototype, 'clientMutationId');
}

/** Marks a resolver's method as a change that programs can make. */
export function Change(payload: () => Type, facts: { description: string; policy: FieldPolicy }): MethodDecorator {
  return (target, key, descriptor) => {
    mutations.set(String(key), facts.policy);
    Mutation(payload, { description: facts.description })(target, key, descriptor as TypedPropertyDescriptor<unknown>);
  };
}
