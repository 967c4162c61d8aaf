import { Int } from '@nestjs/graphql';
import { MeetingTypeNode } from '../authorities/authority.type.js';
import { CategoryCode } from '../directory/directory-codes.type.js';
import { AgencyNode, ContactNode, PostNode } from '../directory/directory.type.js';
import { addFields, type Bind, column, computed, Node, many, one } from '../graphql/graph.js';
import { ownAgency } from '../graphql/statement.js';
import { MatterNode, staffName } from '../matters/matter.type.js';
import { Forecast, forecastNeeds, foretell } from './forecast.type.js';
import {
  AnswerCode,
  InvitationRoleCode,
  InvitationStatusCode,
  MeetingModeCode,
  MeetingStatusCode,
  RequirednessCode,
  UrgencyCode,
} from './meeting-codes.type.js';

const everybody = 'everybody';
const staff = 'staff';
const meetings = 'meetings';
const own = 'own-agency';
const version = column('version', () => Int, { description: 'Rises with every change.', policy: everybody });

/** A partner sees a meeting while somebody of its own agency is asked to it. */
export const ownIsAsked = (row: string, meeting: string, bind: Bind): string => `exists (select 1 from invitation own_i
  where own_i.authority_id = ${row}.authority_id and own_i.agency_id = ${ownAgency(bind)} and own_i.meeting_id = ${meeting}
  and own_i.status in ('OPEN', 'CLOSED', 'SUPERSEDED'))`;

@Node({
  name: 'Meeting',
  description: 'A multi-agency discussion, on the telephone too. A partner sees those its own people are asked to.',
  table: 'meeting',
  policy: meetings,
  partner: (row, bind) => `(${row}.status <> 'DRAFT'
    and (${row}.status <> 'PROPOSED' or ${row}.last_stamped_at is not null) and ${ownIsAsked(row, `${row}.id`, bind)})`,
  fields: {
    ref: column('ref', () => String, { description: 'Its reference, which stands in messages.', policy: everybody }),
    status: column('status', () => MeetingStatusCode, { description: 'Where it stands.', policy: everybody }),
    urgency: column('urgency', () => UrgencyCode, { description: 'How soon it has to be.', policy: everybody }),
    startsAt: column('starts_at', () => Date, { description: 'When it starts.', policy: everybody }),
    endsAt: column('ends_at', () => Date, { description: 'When it ends.', policy: everybody }),
    isHold: column(
      (row) => `(${row}.status = 'PROPOSED' and ${row}.last_stamped_at is not null)`,
      () => Boolean,
      { description: 'Its time is only held in diaries and not certain yet.', policy: everybody },
    ),
    zone: column('zone', () => String, { description: 'The time zone it was planned in.', policy: everybody }),
    mode: column('mode', () => MeetingModeCode, { description: 'How people come together.', policy: everybody }),
    place: column('place', () => String, { description: 'Where, in neutral words.', policy: everybody }),
    joinDetails: column('join_details', () => String, {
      description: 'How to join by video or telephone.',
      policy: staff,
    }),
    revision: column('revision', () => Int, {
      description: 'Counts what people were asked: rises when earlier answers no longer hold.',
      policy: everybody,
    }),
    seriesNumber: column('series_number', () => Int, {
      description: 'Which of its series it is; null for a meeting that stands alone.',
      policy: everybody,
      nullable: true,
    }),
    overrideReason: column('override_reason', () => String, {
      description: 'Why it was set for this time in spite of a warning.',
      policy: staff,
    }),
    cancelReason: column('cancel_reason', () => String, { description: 'Why it was cancelled.', policy: staff }),
    organiser: column(staffName('organiser_staff_id'), () => String, { description: 'Who called it.', policy: staff }),
    createdAt: column('created_at', () => Date, { description: 'When it was drafted.', policy: staff }),
    version,
    type: one(() => MeetingTypeNode, 'type_code', { description: 'What kind of meeting it is.', policy: staff }),
    matter: one(() => MatterNode, 'matter_id', { description: 'What it is about.', policy: meetings }),
    chair: one(() => ContactNode, 'chair_contact_id', { description: 'Who chairs it.', policy: meetings }),
    minuteTaker: one(() => ContactNode, 'minute_taker_contact_id', {
      description: 'Who takes the minutes.',
      policy: meetings,
    }),
    forecast: computed(
      () => Forecast,
      { needs: (row) => forecastNeeds(row), compute: foretell },
      { description: 'Whether enough agencies will be there, by the answers so far.', policy: staff },
    ),
    invitations: many(() => InvitationNode, 'meeting_id', {
      description: 'Who is and was asked.',
      policy: meetings,
      order: { sql: (row) => `${row}.created_at`, type: 'timestamptz' },
      filters: {
        status: {
          type: () => [InvitationStatusCode],
          description: 'Only invitations that stand so.',
          where: (row, value) => `${row}.status = any (${value('text[]')})`,
        },
      },
    }),
  },
})
export class MeetingNode {}

@Node({
  name: 'Invitation',
  description: 'One person asked to one meeting. Of other agencies’ people a partner sees post and agency.',
  table: 'invitation',
  policy: meetings,
  partner: (row, bind) => `((${row}.agency_id = ${ownAgency(bind)} and ${row}.status <> 'DRAFT')
    or (${row}.status in ('OPEN', 'CLOSED') and ${ownIsAsked(row, `${row}.meeting_id`, bind)}))`,
  own: (row, bind) => `${row}.agency_id = ${ownAgency(bind)}`,
  fields: {
    status: column('status', () => InvitationStatusCode, { description: 'Where it stands.', policy: everybody }),
    role: column(
      (row) => `coalesce(${row}.role, 'ATTENDEE')`,
      () => InvitationRoleCode,
      {
        description: 'What they come as.',
        policy: own,
      },
    ),
    required: column('required', () => RequirednessCode, {
      description: 'Whether the place has to be filled.',
      policy: own,
    }),
    canDecide: column('can_decide', () => Boolean, { description: 'They may decide for their agency.', policy: own }),
    answer: column('answer', () => AnswerCode, { description: 'The answer that counts now.', policy: own }),
    answeredAt: column('answered_at', () => Date, { description: 'When that was given.', policy: own }),
    askedRevision: column('asked_revision', () => Int, {
      description: 'The revision of the meeting that it asks about.',
      policy: own,
    }),
    createdAt: column('created_at', () => Date, { description: 'When they were put down for it.', policy: own }),
    version,
    meeting: one(() => MeetingNode, 'meeting_id', { description: 'The meeting.', policy: meetings }),
    contact: one(() => ContactNode, 'contact_id', {
      description: 'The person; null for a partner that asks about another agency’s.',
      policy: meetings,
    }),
    category: column(
      (row) =>
        `(select a.category from agency a where a.authority_id = ${row}.authority_id and a.id = ${row}.agency_id)`,
      () => CategoryCode,
      {
        description: 'The kind of agency they come for, which is what quorum counts.',
        policy: meetings,
      },
    ),
    post: one(() => PostNode, 'post_id', { description: 'The post they are asked in.', policy: meetings }),
    agency: one(() => AgencyNode, 'agency_id', { description: 'The agency they come for.', policy: meetings }),
  },
})
export class InvitationNode {}

addFields(InvitationNode, {
  substituteFor: one(() => InvitationNode, 'substitute_for', {
    description: 'The invitation whose place this one takes.',
    policy: own,
  }),
});

addFields(MatterNode, {
  meetings: many(() => MeetingNode, 'matter_id', {
    description: 'The meetings about it, the earliest first.',
    policy: meetings,
    order: { sql: (row) => `${row}.starts_at`, type: 'timestamptz' },
  }),
});

addFields(ContactNode, {
  invitations: many(() => InvitationNode, 'contact_id', {
    description: 'What they were asked to, the newest first.',
    policy: meetings,
    order: { sql: (row) => `${row}.created_at`, type: 'timestamptz' },
    descending: true,
    filters: {
      upcoming: {
        type: () => Boolean,
        description: 'Only open invitations to meetings that are still to come (true), or only others (false).',
        where: (row, value, bind) => `${value('boolean')} = (${row}.status = 'OPEN' and exists (select 1 from meeting m
          where m.authority_id = ${row}.authority_id and m.id = ${row}.meeting_id and m.status = 'SCHEDULED'
          and m.starts_at > ${bind(({ now }) => now, 'timestamptz')}))`,
      },
    },
  }),
});
