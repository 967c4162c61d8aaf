import { Field, ID, InputType, Int } from '@nestjs/graphql';
import { ChangeInput } from '../graphql/change-input.js';
import { Payload } from '../graphql/payloads.js';
import { LocalDate } from '../graphql/scalars.js';
import { type InvitationRole, type Requiredness } from './invitation.js';
import { InvitationRoleCode, MeetingModeCode, RequirednessCode } from './meeting-codes.type.js';
import { InvitationNode, MeetingNode } from './meeting.type.js';
import { type MeetingMode } from './slot.js';

const optional = { nullable: true } as const;

@InputType({ description: 'When and where, as it is said: on the clock of the wall.' })
export class SlotInput {
  @Field(() => LocalDate, { description: 'The day.' })
  readonly date: string;

  @Field(() => String, { description: 'From when, on the 24-hour clock: 10:00.' })
  readonly from: string;

  @Field(() => String, { description: 'Until when.' })
  readonly to: string;

  @Field(() => String, { ...optional, description: 'The time zone; Europe/London if not given.' })
  readonly zone?: string | null;

  @Field(() => MeetingModeCode, { description: 'How people come together.' })
  readonly mode: MeetingMode;

  @Field(() => String, {
    ...optional,
    description: 'Where, in words that say nothing of the matter: it is printed in mails.',
  })
  readonly place?: string | null;

  @Field(() => String, { ...optional, description: 'How to join: only for those who come.' })
  readonly joinDetails?: string | null;
}

@InputType({ description: 'Somebody to be asked.' })
export class InviteeInput {
  @Field(() => ID, { description: 'The person.' })
  readonly contact: string;

  @Field(() => ID, { ...optional, description: 'The post they come for; the newest they hold if not given.' })
  readonly post?: string | null;

  @Field(() => InvitationRoleCode, { ...optional, description: 'What they come as; ATTENDEE if not given.' })
  readonly role?: InvitationRole | null;

  @Field(() => RequirednessCode, { ...optional, description: 'Whether the place has to be filled.' })
  readonly required?: Requiredness | null;

  @Field(() => Boolean, { ...optional, description: 'May decide for the agency; as the post says if not given.' })
  readonly canDecide?: boolean | null;

  @Field(() => Boolean, { ...optional, description: 'Works with this family or setting.' })
  readonly directInvolvement?: boolean | null;
}

const SURE =
  'A person has looked at every recipient once more: needed for more than ten, and for addresses outside their agency’s domains.';

@InputType({ description: 'A meeting to be called.' })
export class ScheduleMeetingInput extends ChangeInput {
  @Field(() => ID, { description: 'What it is about.' })
  readonly matter: string;

  @Field(() => String, { description: 'The code of its type, such as STRATEGY_MEETING.' })
  readonly type: string;

  @Field(() => SlotInput, { description: 'When and where.' })
  readonly slot: SlotInput;

  @Field(() => ID, { ...optional, description: 'Who chairs it; they are invited too.' })
  readonly chair?: string | null;

  @Field(() => ID, { ...optional, description: 'Who takes the minutes; not the chair.' })
  readonly minuteTaker?: string | null;

  @Field(() => [InviteeInput], { description: 'Everybody else.' })
  readonly invitees: InviteeInput[];

  @Field(() => String, { ...optional, description: 'Why this time is taken in spite of its warnings.' })
  readonly overrideReason?: string | null;

  @Field(() => Boolean, { ...optional, description: SURE })
  readonly sure?: boolean | null;

  @Field(() => Boolean, { ...optional, description: 'Only holds the time in diaries; false if not given.' })
  readonly hold?: boolean | null;
}

@InputType({ description: 'A held time that is certain now.' })
export class ConfirmMeetingInput extends ChangeInput {
  @Field(() => ID, { description: 'The meeting.' })
  readonly meeting: string;

  @Field(() => Int, { description: 'The version you saw: refused if it has changed since.' })
  readonly version: number;

  @Field(() => String, { ...optional, description: 'Why this time is taken in spite of its warnings.' })
  readonly overrideReason?: string | null;
}

@InputType({ description: 'Whether somebody is needed.' })
export class ChangeNeedInput extends ChangeInput {
  @Field(() => ID, { description: 'The meeting.' })
  readonly meeting: string;

  @Field(() => ID, { description: 'Their invitation.' })
  readonly invitation: string;

  @Field(() => RequirednessCode, { description: 'Whether the place has to be filled.' })
  readonly required: Requiredness;
}

@InputType({ description: 'One more person to a meeting that has gone out.' })
export class InviteToMeetingInput extends ChangeInput {
  @Field(() => ID, { description: 'The meeting.' })
  readonly meeting: string;

  @Field(() => InviteeInput, { description: 'Who is asked.' })
  readonly invitee: InviteeInput;

  @Field(() => String, { ...optional, description: 'Why they are asked in spite of a clash.' })
  readonly overrideReason?: string | null;

  @Field(() => Boolean, { ...optional, description: SURE })
  readonly sure?: boolean | null;
}

@InputType({ description: 'Somebody who is no longer needed.' })
export class WithdrawInvitationInput extends ChangeInput {
  @Field(() => ID, { description: 'The meeting.' })
  readonly meeting: string;

  @Field(() => ID, { description: 'Their invitation.' })
  readonly invitation: string;
}

@InputType({ description: 'Another time or place for a meeting.' })
export class RescheduleMeetingInput extends ChangeInput {
  @Field(() => ID, { description: 'The meeting.' })
  readonly meeting: string;

  @Field(() => Int, { description: 'The version you saw: refused if it has changed since.' })
  readonly version: number;

  @Field(() => SlotInput, { description: 'When and where.' })
  readonly slot: SlotInput;

  @Field(() => String, { ...optional, description: 'Why this time is taken in spite of its warnings.' })
  readonly overrideReason?: string | null;
}

@InputType({ description: 'A meeting that is not held.' })
export class CancelMeetingInput extends ChangeInput {
  @Field(() => ID, { description: 'The meeting.' })
  readonly meeting: string;

  @Field(() => Int, { description: 'The version you saw: refused if it has changed since.' })
  readonly version: number;

  @Field(() => String, { description: 'Why.' })
  readonly reason: string;
}

@Payload({
  name: 'ScheduleMeetingPayload',
  description: 'The meeting that was called; everybody is asked.',
  nodes: { meeting: () => MeetingNode },
})
export class ScheduleMeetingPayload {}
@Payload({
  name: 'InviteToMeetingPayload',
  description: 'The invitation that was sent.',
  nodes: { invitation: () => InvitationNode, meeting: () => MeetingNode },
})
export class InviteToMeetingPayload {}
@Payload({
  name: 'WithdrawInvitationPayload',
  description: 'The invitation that was withdrawn.',
  nodes: { invitation: () => InvitationNode, meeting: () => MeetingNode },
})
export class WithdrawInvitationPayload {}
@Payload({
  name: 'ConfirmMeetingPayload',
  description: 'The meeting whose time is certain.',
  nodes: { meeting: () => MeetingNode },
})
export class ConfirmMeetingPayload {}
@Payload({
  name: 'ChangeNeedPayload',
  description: 'The invitation, needed or not.',
  nodes: { invitation: () => InvitationNode, meeting: () => MeetingNode },
})
export class ChangeNeedPayload {}
@Payload({
  name: 'RescheduleMeetingPayload',
  description: 'The meeting that was moved.',
  nodes: { meeting: () => MeetingNode },
})
export class RescheduleMeetingPayload {}
@Payload({
  name: 'CancelMeetingPayload',
  description: 'The meeting that was cancelled.',
  nodes: { meeting: () => MeetingNode },
})
export class CancelMeetingPayload {}
