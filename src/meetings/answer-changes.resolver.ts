import { Inject } from '@nestjs/common';
import { Args, Context, Info, Resolver } from '@nestjs/graphql';
import { type GraphQLResolveInfo } from 'graphql';
import { type GraphqlContext } from '../graphql/context.js';
import { given, givenId } from '../graphql/given.js';
import { uuidOf } from '../graphql/ids.js';
import { Mutations } from '../graphql/mutations.js';
import { Change } from '../graphql/payloads.js';
import {
  type AttendanceLineInput,
  RecordAnswerInput,
  RecordAnswerPayload,
  RecordAttendanceInput,
  RecordAttendancePayload,
} from './answer-changes.type.js';
import { AnswersService } from './answers.service.js';
import { AttendanceService } from './attendance.service.js';
import { type SentLine } from './register.js';

/** Writing down what people answered and who came. */
@Resolver()
export class AnswerChangesResolver {
  constructor(
    @Inject(Mutations) private readonly mutations: Mutations,
    @Inject(AnswersService) private readonly answers: AnswersService,
    @Inject(AttendanceService) private readonly attendance: AttendanceService,
  ) {}

  @Change(() => RecordAnswerPayload, {
    description: 'Writes down an answer: one given by telephone, or that of a partner’s own people.',
    policy: 'meetings',
  })
  recordAnswer(
    @Args('input', { type: () => RecordAnswerInput }) input: RecordAnswerInput,
    @Context() context: GraphqlContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<object> {
    return this.mutations.run({ input, context, info }, async (by) => {
      const { answer: kind, reason, comment, revision, statedAt, version } = input;
      const invitation = uuidOf('Invitation', input.invitation);
      const said = { kind, reason, comment };
      if (by.kind === 'PARTNER') await this.answers.byPartner(by, invitation, { ...said, revision: given(revision) });
      else {
        const told = { ...said, statedAt: given(statedAt), seen: given(version) };
        await this.answers.recordByPhone(by, invitation, told);
      }
      return { keys: { invitation } };
    });
  }

  @Change(() => RecordAttendancePayload, {
    description: 'Records who came, or corrects it; earlier entries stay in the record.',
    policy: 'coordinate',
  })
  recordAttendance(
    @Args('input', { type: () => RecordAttendanceInput }) input: RecordAttendanceInput,
    @Context() context: GraphqlContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<object> {
    return this.mutations.run({ input, context, info }, async (by) => {
      const meeting = uuidOf('Meeting', input.meeting);
      const { version, seenEntries } = input;
      await this.attendance.record(by, meeting, { version, seenEntries, lines: input.lines.map(lineOf) });
      return { keys: { meeting } };
    });
  }
}

function lineOf({ entry, contact, substituteFor, ...line }: AttendanceLineInput): SentLine {
  return {
    entryId: givenId('Attendance', entry) ?? null,
    contactId: uuidOf('Contact', contact),
    status: line.status,
    mode: line.mode ?? null,
    joinedAt: line.joinedAt ?? null,
    leftAt: line.leftAt ?? null,
    canDecide: line.canDecide ?? true,
    substituteForContactId: givenId('Contact', substituteFor) ?? null,
    note: line.note ?? null,
  };
}
