import { Int } from '@nestjs/graphql';
import { CategoryCode } from '../directory/directory-codes.type.js';
import { AgencyNode, ContactNode } from '../directory/directory.type.js';
import { addFields, column, Node, many, one } from '../graphql/graph.js';
import { ownAgency } from '../graphql/statement.js';
import {
  AttendanceModeCode,
  AttendanceStatusCode,
  DeclineReasonCode,
  ResponseChannelCode,
  ResponseKindCode,
} from './meeting-codes.type.js';
import { InvitationNode, MeetingNode } from './meeting.type.js';

const everybody = 'everybody';
const meetings = 'meetings';

@Node({
  name: 'Response',
  description: 'One entry of what somebody answered. Never changed: a later one stands beside it.',
  table: 'response',
  policy: meetings,
  partner: (row, bind) => `exists (select 1 from invitation own_i where own_i.authority_id = ${row}.authority_id
    and own_i.id = ${row}.invitation_id and own_i.agency_id = ${ownAgency(bind)})`,
  fields: {
    kind: column('kind', () => ResponseKindCode, { description: 'What was answered.', policy: everybody }),
    reason: column('reason', () => DeclineReasonCode, {
      description: 'Why they do not come.',
      policy: everybody,
      nullable: true,
    }),
    comment: column('comment', () => String, { description: 'What they added.', policy: everybody, nullable: true }),
    channel: column('channel', () => ResponseChannelCode, { description: 'By which way it came.', policy: everybody }),
    revision: column('revision', () => Int, {
      description: 'The revision of the meeting it answers.',
      policy: everybody,
    }),
    statedAt: column('stated_at', () => Date, { description: 'When it was given.', policy: everybody }),
    at: column('at', () => Date, { description: 'When it was written down.', policy: everybody }),
    invitation: one(() => InvitationNode, 'invitation_id', { description: 'The invitation.', policy: meetings }),
  },
})
export class ResponseNode {}

@Node({
  name: 'Attendance',
  description: 'One interval, or one absence, of one person at one meeting. A partner sees its own agency’s people.',
  table: 'attendance',
  policy: meetings,
  partner: (row, bind) => `${row}.agency_id = ${ownAgency(bind)}`,
  fields: {
    status: column('status', () => AttendanceStatusCode, { description: 'Whether they came.', policy: everybody }),
    mode: column('mode', () => AttendanceModeCode, {
      description: 'How they came.',
      policy: everybody,
      nullable: true,
    }),
    category: column('category', () => CategoryCode, {
      description: 'The kind of agency they came for.',
      policy: everybody,
    }),
    discipline: column('discipline', () => String, {
      description: 'Their profession.',
      policy: everybody,
      nullable: true,
    }),
    joinedAt: column('joined_at', () => Date, {
      description: 'When they joined; null is from the start.',
      policy: everybody,
      nullable: true,
    }),
    leftAt: column('left_at', () => Date, {
      description: 'When they left; null is to the end.',
      policy: everybody,
      nullable: true,
    }),
    canDecide: column('can_decide', () => Boolean, {
      description: 'They could decide for their agency.',
      policy: everybody,
    }),
    note: column('note', () => String, { description: 'What was noted.', policy: 'staff' }),
    recordedAt: column('recorded_at', () => Date, { description: 'When it was written down.', policy: everybody }),
    meeting: one(() => MeetingNode, 'meeting_id', { description: 'The meeting.', policy: meetings }),
    contact: one(() => ContactNode, 'contact_id', { description: 'The person.', policy: meetings }),
    agency: one(() => AgencyNode, 'agency_id', { description: 'The agency they came for.', policy: meetings }),
    substituteFor: one(() => ContactNode, 'substitute_for_contact_id', {
      description: 'Whom they stood for.',
      policy: meetings,
    }),
  },
})
export class AttendanceNode {}

addFields(AttendanceNode, {
  supersedes: one(() => AttendanceNode, 'supersedes_id', {
    description: 'The entry that this one corrects, which stays in the record.',
    policy: meetings,
  }),
});

addFields(InvitationNode, {
  responses: many(() => ResponseNode, 'invitation_id', {
    description: 'Everything they answered, the newest first.',
    policy: 'own-agency',
    order: { sql: (row) => `${row}.at`, type: 'timestamptz' },
    descending: true,
  }),
});

addFields(MeetingNode, {
  attendanceEntries: column(
    (row) =>
      `(select count(*)::int from attendance e where e.authority_id = ${row}.authority_id and e.meeting_id = ${row}.id)`,
    () => Int,
    {
      description: 'How many entries the register has had, corrected ones too: send it back with recordAttendance.',
      policy: 'staff',
    },
  ),
  attendance: many(
    () => AttendanceNode,
    (meeting, entry) => `${entry}.meeting_id = ${meeting}.id and not exists (select 1 from attendance later
      where later.authority_id = ${entry}.authority_id and later.supersedes_id = ${entry}.id)`,
    {
      description: 'The register as it stands, corrections counted.',
      policy: meetings,
      order: { sql: (row) => `${row}.recorded_at`, type: 'timestamptz' },
    },
  ),
});
