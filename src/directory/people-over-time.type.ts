import { addFields, column, many, Node, one } from '../graphql/graph.js';
import { LocalDate } from '../graphql/scalars.js';
import { Int } from '@nestjs/graphql';
import { AgencyNode, ContactNode, PostNode } from './directory.type.js';

const everybody = 'everybody';
const directory = 'directory';
const version = column('version', () => Int, { description: 'Rises with every change.', policy: everybody });

@Node({
  name: 'Claim',
  description: 'Somebody says that they hold a post now; nothing changes until somebody entitled confirms it.',
  table: 'claim',
  policy: 'staff',
  fields: {
    name: column('name', () => String, { description: 'Who says so.', policy: everybody }),
    email: column('email', () => String, { description: 'Their address.', policy: everybody }),
    status: column('status', () => String, { description: 'MADE, CONFIRMED or REFUSED.', policy: everybody }),
    madeAt: column('made_at', () => Date, { description: 'When they said so.', policy: everybody }),
    decidedAt: column('decided_at', () => Date, {
      description: 'When it was decided.',
      policy: everybody,
      nullable: true,
    }),
    decidedBy: column('decided_by', () => String, {
      description: 'Who decided it.',
      policy: everybody,
      nullable: true,
    }),
    reason: column('reason', () => String, { description: 'Why it was refused.', policy: everybody, nullable: true }),
    version,
    post: one(() => PostNode, 'post_id', { description: 'The post.', policy: everybody, nullable: true }),
    heldBy: one(() => ContactNode, 'held_by', {
      description: 'Whoever held it when it was said.',
      policy: everybody,
      nullable: true,
    }),
  },
})
export class ClaimNode {}

@Node({
  name: 'Reorganisation',
  description: 'A restructure of an agency’s teams, done or waiting for its day.',
  table: 'reorganisation',
  policy: 'staff',
  fields: {
    kind: column('kind', () => String, { description: 'RENAME, MERGE, SPLIT, CLOSE or MOVE_POST.', policy: everybody }),
    words: column('words', () => String, { description: 'What it does, in one sentence.', policy: everybody }),
    effectiveOn: column('effective_on', () => LocalDate, {
      description: 'From which day it is so.',
      policy: everybody,
    }),
    status: column('status', () => String, {
      description: 'SCHEDULED until its day, then APPLIED; DRAFT once it was taken back.',
      policy: everybody,
    }),
    decidedBy: column('decided_by', () => String, { description: 'Who decided it.', policy: everybody }),
    decidedAt: column('decided_at', () => Date, { description: 'When.', policy: everybody }),
    appliedAt: column('applied_at', () => Date, {
      description: 'When it was done.',
      policy: everybody,
      nullable: true,
    }),
    trouble: column('trouble', () => String, {
      description: 'Why it could not be done on its day.',
      policy: everybody,
      nullable: true,
    }),
    version,
    agency: one(() => AgencyNode, 'agency_id', { description: 'Whose teams.', policy: everybody, nullable: true }),
  },
})
export class ReorganisationNode {}

const post = (column: string, description: string): ReturnType<typeof one> =>
  one(() => PostNode, column, { description, policy: everybody, nullable: true });

addFields(AgencyNode, {
  spocPost: post('spoc_post_id', 'Its single point of contact.'),
  outOfHoursPost: post('out_of_hours_post_id', 'The post to ask between 17:00 and 09:00.'),
  chaseManagerPost: post('chase_manager_post_id', 'The post that is told when the agency stays silent.'),
  reorganisations: many(() => ReorganisationNode, 'agency_id', {
    description: 'Restructures of its teams, the latest first.',
    policy: 'staff',
    order: { sql: (row) => `${row}.decided_at`, type: 'timestamptz' },
    descending: true,
  }),
});

addFields(ContactNode, {
  leaveFrom: column('leave_from', () => LocalDate, {
    description: 'Their first day of leave, now or to come.',
    policy: directory,
    nullable: true,
  }),
  leaveTo: column('leave_to', () => LocalDate, {
    description: 'Their first day back.',
    policy: directory,
    nullable: true,
  }),
  cover: one(() => ContactNode, 'cover_contact_id', {
    description: 'Who covers meanwhile.',
    policy: directory,
    nullable: true,
  }),
});
