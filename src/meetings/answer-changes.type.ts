import { Field, ID, InputType, Int } from '@nestjs/graphql';
import { ChangeInput } from '../graphql/change-input.js';
import { Payload } from '../graphql/payloads.js';
import { type GivenAnswer } from './answers.service.js';
import { type AttendanceMode, type AttendanceStatus } from './attendance.js';
import { AttendanceModeCode, AttendanceStatusCode, DeclineReasonCode, GivenAnswerCode } from './meeting-codes.type.js';
import { InvitationNode, MeetingNode } from './meeting.type.js';
import { type DeclineReason } from './response.js';

const optional = { nullable: true } as const;

@InputType({ description: 'What somebody answered: by telephone for staff, by their own system for a partner.' })
export class RecordAnswerInput extends ChangeInput {
  @Field(() => ID, { description: 'The invitation.' })
  readonly invitation: string;

  @Field(() => GivenAnswerCode, { description: 'The answer.' })
  readonly answer: GivenAnswer['kind'];

  @Field(() => DeclineReasonCode, { ...optional, description: 'Why they do not come; needed with DECLINED.' })
  readonly reason?: DeclineReason | null;

  @Field(() => String, { ...optional, description: 'What they added.' })
  readonly comment?: string | null;

  @Field(() => Date, { ...optional, description: 'When they gave it, for an answer by telephone; now if not given.' })
  readonly statedAt?: Date | null;

  @Field(() => Int, {
    ...optional,
    description: 'The revision of the meeting it answers: refused if the meeting has moved since.',
  })
  readonly revision?: number | null;

  @Field(() => Int, {
    ...optional,
    description: 'The version of the invitation you saw: refused if it has changed since.',
  })
  readonly version?: number | null;
}

@InputType({ description: 'One line of the register: one interval, or one absence, of one person.' })
export class AttendanceLineInput {
  @Field(() => ID, { ...optional, description: 'The entry it stands for; null for a line that is new.' })
  readonly entry?: string | null;

  @Field(() => ID, { description: 'The person.' })
  readonly contact: string;

  @Field(() => AttendanceStatusCode, { description: 'Whether they came.' })
  readonly status: AttendanceStatus;

  @Field(() => AttendanceModeCode, { ...optional, description: 'How they came; for those who did.' })
  readonly mode?: AttendanceMode | null;

  @Field(() => Date, { ...optional, description: 'When they joined; from the start if not given.' })
  readonly joinedAt?: Date | null;

  @Field(() => Date, { ...optional, description: 'When they left; to the end if not given.' })
  readonly leftAt?: Date | null;

  @Field(() => Boolean, { ...optional, description: 'They could decide for their agency; yes if not given.' })
  readonly canDecide?: boolean | null;

  @Field(() => ID, { ...optional, description: 'The person they stood for.' })
  readonly substituteFor?: string | null;

  @Field(() => String, { ...optional, description: 'What is to be noted.' })
  readonly note?: string | null;
}

@InputType({ description: 'The register of a meeting, whole: every line that stands, and the new ones.' })
export class RecordAttendanceInput extends ChangeInput {
  @Field(() => ID, { description: 'The meeting.' })
  readonly meeting: string;

  @Field(() => Int, { description: 'The version of the meeting you saw: refused if it has changed since.' })
  readonly version: number;

  @Field(() => Int, { description: 'How many entries there were: refused if somebody else has recorded since.' })
  readonly seenEntries: number;

  @Field(() => [AttendanceLineInput], { description: 'The lines.' })
  readonly lines: AttendanceLineInput[];
}

@Payload({
  name: 'RecordAnswerPayload',
  description: 'The invitation with the answer that counts now.',
  nodes: { invitation: () => InvitationNode },
})
export class RecordAnswerPayload {}
@Payload({
  name: 'RecordAttendancePayload',
  description: 'The meeting with its register.',
  nodes: { meeting: () => MeetingNode },
})
export class RecordAttendancePayload {}
