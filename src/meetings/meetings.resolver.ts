import { ID, Resolver } from '@nestjs/graphql';
import { uuidOf } from '../graphql/ids.js';
import { defineQueries, list, single } from '../graphql/queries.js';
import { MeetingStatusCode } from './meeting-codes.type.js';
import { MeetingNode } from './meeting.type.js';

/** Questions and changes about meetings. */
@Resolver()
export class MeetingsResolver {}

defineQueries(MeetingsResolver, {
  meetings: list(() => MeetingNode, {
    description: 'Meetings in order of their start. A partner sees those its own agency’s people are asked to.',
    policy: 'meetings',
    order: { sql: (row) => `${row}.starts_at`, type: 'timestamptz' },
    filters: {
      from: {
        type: () => Date,
        description: 'Only those that start then or later.',
        where: (row, value) => `${row}.starts_at >= ${value('timestamptz')}`,
      },
      to: {
        type: () => Date,
        description: 'Only those that start before then.',
        where: (row, value) => `${row}.starts_at < ${value('timestamptz')}`,
      },
      matter: {
        type: () => ID,
        description: 'Only those about this matter.',
        where: (row, value) => `${row}.matter_id = ${value('uuid', (id: string) => uuidOf('Matter', id))}`,
      },
      status: {
        type: () => [MeetingStatusCode],
        description: 'Only those that stand so.',
        where: (row, value) => `${row}.status = any (${value('text[]')})`,
      },
    },
  }),
  meeting: single(() => MeetingNode, {
    description: 'The meeting with this reference.',
    filters: {
      ref: {
        type: () => String,
        description: 'Its reference, such as ALL-2026-0147-M1.',
        required: true,
        where: (row, value) => `${row}.ref = ${value('text')}`,
      },
    },
  }),
});
