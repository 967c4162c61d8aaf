import { Field, ID, InputType, Int } from '@nestjs/graphql';
import { ChangeInput } from '../graphql/change-input.js';
import { enumOf } from '../graphql/enums.js';
import { Payload } from '../graphql/payloads.js';
import { LocalDate } from '../graphql/scalars.js';
import { ActionNode, ActionPriorityCode } from './action.type.js';
import { type ActionPriority } from './action.js';

const optional = { nullable: true } as const;

export const OWNERS_MOVES = ['ACCEPT', 'QUERY', 'START', 'COMPLETE', 'NOT_POSSIBLE', 'NOT_DONE'] as const;
export type OwnersMove = (typeof OWNERS_MOVES)[number];

export const OwnersMoveCode = enumOf('OwnersMove', OWNERS_MOVES, 'What the owner of an action does with it.', {
  ACCEPT: 'They take it on',
  QUERY: 'They say that it is not theirs, and whose it is',
  START: 'They have started',
  COMPLETE: 'They have done it',
  NOT_POSSIBLE: 'It can no longer be done, and nobody is at fault',
  NOT_DONE: 'They have not done it, and say why',
});

@InputType({ description: 'What a meeting agreed.' })
export class AgreeActionInput extends ChangeInput {
  @Field(() => ID, { description: 'The meeting.' })
  readonly meeting: string;

  @Field(() => String, { description: 'What is to be done.' })
  readonly text: string;

  @Field(() => ID, { ...optional, description: 'The one person who owns it.' })
  readonly owner?: string | null;

  @Field(() => ID, { ...optional, description: 'The post they act in; the newest they hold if not given.' })
  readonly post?: string | null;

  @Field(() => LocalDate, { ...optional, description: 'In time until the end of that day.' })
  readonly dueOn?: string | null;

  @Field(() => ActionPriorityCode, { ...optional, description: 'How much it matters; NORMAL if not given.' })
  readonly priority?: ActionPriority | null;
}

@InputType({ description: 'What the owner does with an action.' })
export class UpdateActionInput extends ChangeInput {
  @Field(() => ID, { description: 'The action.' })
  readonly action: string;

  @Field(() => OwnersMoveCode, { description: 'What they do.' })
  readonly move: OwnersMove;

  @Field(() => String, { ...optional, description: 'Why; needed with QUERY, NOT_POSSIBLE and NOT_DONE.' })
  readonly reason?: string | null;

  @Field(() => String, { ...optional, description: 'How it was done, with COMPLETE.' })
  readonly note?: string | null;

  @Field(() => Int, { ...optional, description: 'The version you saw: refused if it has changed since.' })
  readonly version?: number | null;
}

@Payload({
  name: 'AgreeActionPayload',
  description: 'The action that was agreed; its owner is told.',
  nodes: { action: () => ActionNode },
})
export class AgreeActionPayload {}
@Payload({
  name: 'UpdateActionPayload',
  description: 'The action as it stands now.',
  nodes: { action: () => ActionNode },
})
export class UpdateActionPayload {}
