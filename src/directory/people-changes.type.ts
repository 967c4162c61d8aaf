import { Field, ID, InputType, Int } from '@nestjs/graphql';
import { ChangeInput } from '../graphql/change-input.js';
import { Payload } from '../graphql/payloads.js';
import { LocalDate } from '../graphql/scalars.js';
import { AgencyNode, ContactNode } from './directory.type.js';
import { ClaimNode, ReorganisationNode } from './people-over-time.type.js';

const optional = { nullable: true } as const;
const seen = { ...optional, description: 'The version you saw: refused if it has changed since.' } as const;

@InputType({ description: 'By which posts an agency is reached: what is left out is nobody’s.' })
export class SetWhoToAskInput extends ChangeInput {
  @Field(() => ID, { description: 'The agency.' })
  readonly agency: string;

  @Field(() => ID, { ...optional, description: 'Its single point of contact, which confirms who holds its posts.' })
  readonly spocPost?: string | null;

  @Field(() => ID, { ...optional, description: 'The post to ask between 17:00 and 09:00.' })
  readonly outOfHoursPost?: string | null;

  @Field(() => ID, { ...optional, description: 'The post that is told when the agency stays silent.' })
  readonly chaseManagerPost?: string | null;

  @Field(() => Int, seen)
  readonly version?: number | null;
}

@InputType({ description: 'Somebody is away.' })
export class PlanLeaveInput extends ChangeInput {
  @Field(() => ID, { description: 'The person.' })
  readonly contact: string;

  @Field(() => LocalDate, { description: 'Their first day away.' })
  readonly from: string;

  @Field(() => LocalDate, { ...optional, description: 'Their first day back, where it is known.' })
  readonly to?: string | null;

  @Field(() => ID, { ...optional, description: 'Who covers meanwhile: somebody of their agency.' })
  readonly cover?: string | null;

  @Field(() => Int, seen)
  readonly version?: number | null;
}

@InputType({ description: 'Somebody is back, or does not go away after all.' })
export class EndLeaveInput extends ChangeInput {
  @Field(() => ID, { description: 'The person.' })
  readonly contact: string;

  @Field(() => Int, seen)
  readonly version?: number | null;
}

@InputType({ description: 'A departure that was recorded by mistake, on the day it was recorded.' })
export class UndoLeavingInput extends ChangeInput {
  @Field(() => ID, { description: 'The person.' })
  readonly contact: string;
}

@InputType({ description: 'Whether somebody who says so holds a post now.' })
export class DecideClaimInput extends ChangeInput {
  @Field(() => ID, { description: 'What they say.' })
  readonly claim: string;

  @Field(() => Boolean, { description: 'It is right: they hold the post from today, and whoever held it has left.' })
  readonly isRight: boolean;

  @Field(() => String, { ...optional, description: 'Why it is not right.' })
  readonly reason?: string | null;

  @Field(() => Int, seen)
  readonly version?: number | null;
}

@InputType({ description: 'Where one post or shared inbox goes.' })
export class DestinationInput {
  @Field(() => ID, { description: 'The post or the inbox.' })
  readonly part: string;

  @Field(() => ID, { ...optional, description: 'A team there is already; neither this nor newTeam means no team.' })
  readonly team?: string | null;

  @Field(() => Int, { ...optional, description: 'The place in names, from 0, of a team that begins.' })
  readonly newTeam?: number | null;
}

@InputType({ description: 'A restructure of an agency’s teams.' })
export class ReorganiseInput extends ChangeInput {
  @Field(() => ID, { description: 'The agency.' })
  readonly agency: string;

  @Field(() => String, { description: 'RENAME, MERGE, SPLIT, CLOSE or MOVE_POST.' })
  readonly kind: string;

  @Field(() => [ID], { ...optional, description: 'The teams that end, or the one that is renamed.' })
  readonly teams?: string[] | null;

  @Field(() => ID, { ...optional, description: 'The team that takes the others, or the post, in.' })
  readonly into?: string | null;

  @Field(() => [String], { ...optional, description: 'The names of teams that begin, or the new name.' })
  readonly names?: string[] | null;

  @Field(() => ID, { ...optional, description: 'The post that moves.' })
  readonly post?: string | null;

  @Field(() => [DestinationInput], { ...optional, description: 'Where each post and inbox goes, to split or close.' })
  readonly destinations?: DestinationInput[] | null;

  @Field(() => LocalDate, { description: 'From which day it is so: until then it can be taken back.' })
  readonly effectiveOn: string;

  @Field(() => Boolean, { ...optional, description: 'A day that has passed is right.' })
  readonly confirmed?: boolean | null;
}

@InputType({ description: 'A restructure whose day has not come and that is not to happen.' })
export class ReverseReorganisationInput extends ChangeInput {
  @Field(() => ID, { description: 'The restructure.' })
  readonly reorganisation: string;

  @Field(() => Int, seen)
  readonly version?: number | null;
}

const agencyNode = { agency: () => AgencyNode };
const contactNode = { contact: () => ContactNode };

@Payload({ name: 'SetWhoToAskPayload', description: 'The agency as it stands now.', nodes: agencyNode })
export class SetWhoToAskPayload {}
@Payload({ name: 'PlanLeavePayload', description: 'The person who is away.', nodes: contactNode })
export class PlanLeavePayload {}
@Payload({ name: 'EndLeavePayload', description: 'The person who is back.', nodes: contactNode })
export class EndLeavePayload {}
@Payload({ name: 'UndoLeavingPayload', description: 'The person who is still there.', nodes: contactNode })
export class UndoLeavingPayload {}
@Payload({ name: 'DecideClaimPayload', description: 'What was decided.', nodes: { claim: () => ClaimNode } })
export class DecideClaimPayload {}
@Payload({
  name: 'ReorganisePayload',
  description: 'The restructure, done or waiting for its day.',
  nodes: { reorganisation: () => ReorganisationNode },
})
export class ReorganisePayload {}
@Payload({
  name: 'ReverseReorganisationPayload',
  description: 'The restructure that does not happen.',
  nodes: { reorganisation: () => ReorganisationNode },
})
export class ReverseReorganisationPayload {}
