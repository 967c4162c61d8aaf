import { Field, ID, InputType, Int } from '@nestjs/graphql';
import { ChangeInput } from '../graphql/change-input.js';
import { Payload } from '../graphql/payloads.js';
import { LocalDate } from '../graphql/scalars.js';
import { AgencyNode, ContactNode } from './directory.type.js';
import { CategoryCode } from './directory-codes.type.js';

const optional = { nullable: true } as const;

@InputType({ description: 'An agency that is new to the directory.' })
export class AddAgencyInput extends ChangeInput {
  @Field(() => String, { description: 'Its name, which no other agency has.' })
  readonly name: string;

  @Field(() => CategoryCode, { description: 'What quorum counts.' })
  readonly category: string;

  @Field(() => String, { ...optional, description: 'The profession within the category, such as SCHOOL_NURSE.' })
  readonly discipline?: string | null;

  @Field(() => String, { ...optional, description: 'Its number.' })
  readonly phone?: string | null;
}

@InputType({ description: 'What is known of a person.' })
abstract class PersonInput extends ChangeInput {
  @Field(() => String, { description: 'Their full name.' })
  readonly name: string;

  @Field(() => String, { description: 'Where their mail goes.' })
  readonly email: string;

  @Field(() => String, { ...optional, description: 'Their number at work.' })
  readonly phone?: string | null;

  @Field(() => String, { ...optional, description: 'Their mobile number.' })
  readonly mobile?: string | null;

  @Field(() => String, { ...optional, description: 'What they need to take part, such as step-free access.' })
  readonly accessNeeds?: string | null;

  @Field(() => Boolean, {
    ...optional,
    description: 'Somebody has checked that an address which others have, or which looks like another, is right.',
  })
  readonly confirmed?: boolean | null;
}

@InputType({ description: 'A person who is new to the directory, with the post they hold.' })
export class AddContactInput extends PersonInput {
  @Field(() => ID, { ...optional, description: 'The post they hold; or give agency and postTitle.' })
  readonly post?: string | null;

  @Field(() => ID, { ...optional, description: 'The agency they work for.' })
  readonly agency?: string | null;

  @Field(() => String, {
    ...optional,
    description: 'What their post is called; made if the agency has none so called.',
  })
  readonly postTitle?: string | null;

  @Field(() => String, { ...optional, description: 'The team they work in.' })
  readonly teamName?: string | null;

  @Field(() => Boolean, {
    ...optional,
    description: 'Whoever holds a new post may decide for the agency; yes if not given.',
  })
  readonly canDecide?: boolean | null;

  @Field(() => LocalDate, { ...optional, description: 'Their first day in the post; today if not given.' })
  readonly fromOn?: string | null;
}

@InputType({ description: 'The particulars of a person as they should be: what is left out is emptied.' })
export class CorrectContactInput extends PersonInput {
  @Field(() => ID, { description: 'The person.' })
  readonly contact: string;

  @Field(() => Int, { ...optional, description: 'The version you saw: refused if it has changed since.' })
  readonly version?: number | null;
}

@InputType({ description: 'Somebody who has left.' })
export class RecordLeavingInput extends ChangeInput {
  @Field(() => ID, { description: 'The person.' })
  readonly contact: string;

  @Field(() => Int, { ...optional, description: 'The version you saw: refused if it has changed since.' })
  readonly version?: number | null;
}

@Payload({
  name: 'AddAgencyPayload',
  description: 'The agency that was added.',
  nodes: { agency: () => AgencyNode },
})
export class AddAgencyPayload {}
@Payload({
  name: 'AddContactPayload',
  description: 'The person who was added.',
  nodes: { contact: () => ContactNode },
})
export class AddContactPayload {}
@Payload({
  name: 'CorrectContactPayload',
  description: 'The person as they stand now.',
  nodes: { contact: () => ContactNode },
})
export class CorrectContactPayload {}
@Payload({
  name: 'RecordLeavingPayload',
  description: 'The person who has left.',
  nodes: { contact: () => ContactNode },
})
export class RecordLeavingPayload {}
