import { Field, ID, InputType, Int } from '@nestjs/graphql';
import { ChangeInput } from '../graphql/change-input.js';
import { Payload } from '../graphql/payloads.js';
import { ExclusionNode, ExclusionReasonCode, MatterKindCode, MatterNode, SensitivityCode } from './matter.type.js';

const optional = { nullable: true } as const;

@InputType({ description: 'A matter to be opened; whoever opens it looks after it.' })
export class OpenMatterInput extends ChangeInput {
  @Field(() => MatterKindCode, { description: 'What it is about.' })
  readonly kind: string;

  @Field(() => String, { description: 'A title that says nothing of it.' })
  readonly neutralTitle: string;

  @Field(() => SensitivityCode, { ...optional, description: 'How narrowly it is kept; STANDARD if not given.' })
  readonly sensitivity?: string | null;

  @Field(() => [String], { ...optional, description: 'What the rules ask about it, such as POSSIBLE_OFFENCE or S47.' })
  readonly facts?: string[] | null;

  @Field(() => [String], { ...optional, description: 'Its numbers in other systems.' })
  readonly externalIds?: string[] | null;
}

@InputType({ description: 'Somebody who must not be told: exactly one of contact, post, inbox and agency.' })
export class AddExclusionInput extends ChangeInput {
  @Field(() => ID, { description: 'The matter.' })
  readonly matter: string;

  @Field(() => ID, { ...optional, description: 'A person.' })
  readonly contact?: string | null;

  @Field(() => ID, { ...optional, description: 'Whoever holds a post.' })
  readonly post?: string | null;

  @Field(() => ID, { ...optional, description: 'A shared mailbox.' })
  readonly inbox?: string | null;

  @Field(() => ID, { ...optional, description: 'Everybody of an agency.' })
  readonly agency?: string | null;

  @Field(() => ExclusionReasonCode, { description: 'Why.' })
  readonly reason: string;

  @Field(() => String, { ...optional, description: 'Whom to ask instead.' })
  readonly alternative?: string | null;
}

@InputType({ description: 'An exclusion that no longer holds.' })
export class LiftExclusionInput extends ChangeInput {
  @Field(() => ID, { description: 'The matter.' })
  readonly matter: string;

  @Field(() => ID, { description: 'The exclusion.' })
  readonly exclusion: string;

  @Field(() => String, { description: 'Why they may be told now.' })
  readonly reason: string;

  @Field(() => Int, { ...optional, description: 'The version you saw: refused if it has changed since.' })
  readonly version?: number | null;
}

@Payload({
  name: 'OpenMatterPayload',
  description: 'The matter that was opened.',
  nodes: { matter: () => MatterNode },
})
export class OpenMatterPayload {}
@Payload({
  name: 'AddExclusionPayload',
  description: 'The exclusion; what was live was withdrawn.',
  nodes: { exclusion: () => ExclusionNode, matter: () => MatterNode },
})
export class AddExclusionPayload {}
@Payload({
  name: 'LiftExclusionPayload',
  description: 'The exclusion that was lifted.',
  nodes: { exclusion: () => ExclusionNode, matter: () => MatterNode },
})
export class LiftExclusionPayload {}
