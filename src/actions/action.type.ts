import { Int } from '@nestjs/graphql';
import { localDate } from '../authorities/working-days.js';
import { AgencyNode, ContactNode, PostNode } from '../directory/directory.type.js';
import { enumOf } from '../graphql/enums.js';
import { addFields, column, computed, Node, many, one, type ListFacts } from '../graphql/graph.js';
import { LocalDate } from '../graphql/scalars.js';
import { ownAgency } from '../graphql/statement.js';
import { MatterNode } from '../matters/matter.type.js';
import { MeetingNode } from '../meetings/meeting.type.js';
import {
  type Action,
  ACTION_LABELS,
  ACTION_PRIORITIES,
  ACTION_STATUSES,
  isOverdue,
  OPEN_ACTION_STATUSES,
} from './action.js';

const everybody = 'everybody';
const actions = 'actions';

export const ActionStatusCode = enumOf('ActionStatus', ACTION_STATUSES, 'Where an action stands.', ACTION_LABELS);
export const ActionPriorityCode = enumOf('ActionPriority', ACTION_PRIORITIES, 'How much an action matters.');

/** Open actions, as SQL about their status. */
export const isOpen = (row: string): string =>
  `${row}.status in (${OPEN_ACTION_STATUSES.map((one) => `'${one}'`).join(', ')})`;

@Node({
  name: 'Action',
  description: 'What was agreed, with the one person who owns it. A partner sees those its own agency’s people own.',
  table: 'action',
  policy: actions,
  partner: (row, bind) => `(${row}.owner_agency_id = ${ownAgency(bind)} and ${row}.status <> 'PROPOSED')`,
  fields: {
    ref: column('ref', () => String, { description: 'Its reference.', policy: everybody }),
    text: column('text', () => String, { description: 'What is to be done.', policy: everybody }),
    status: column('status', () => ActionStatusCode, { description: 'Where it stands.', policy: everybody }),
    dueOn: column('due_on', () => LocalDate, { description: 'In time until the end of that day.', policy: everybody }),
    overdue: computed(
      () => Boolean,
      {
        needs: (row) => `json_build_object('status', ${row}.status, 'dueOn', ${row}.due_on)`,
        compute: (action: Pick<Action, 'status' | 'dueOn'>, now) => isOverdue(action, localDate(now)),
      },
      { description: 'Still open after its due date.', policy: everybody },
    ),
    priority: column('priority', () => ActionPriorityCode, { description: 'How much it matters.', policy: everybody }),
    reason: column('reason', () => String, { description: 'Why it stands so.', policy: everybody, nullable: true }),
    doneNote: column('done_note', () => String, { description: 'How it was done.', policy: everybody, nullable: true }),
    settledAt: column('settled_at', () => Date, {
      description: 'When it came to its end.',
      policy: everybody,
      nullable: true,
    }),
    createdAt: column('created_at', () => Date, { description: 'When it was written down.', policy: everybody }),
    version: column('version', () => Int, { description: 'Rises with every change.', policy: everybody }),
    owner: one(() => ContactNode, 'owner_contact_id', { description: 'Who owns it.', policy: actions }),
    ownerPost: one(() => PostNode, 'owner_post_id', { description: 'The post they owned it in.', policy: actions }),
    ownerAgency: one(() => AgencyNode, 'owner_agency_id', {
      description: 'The agency they owned it for.',
      policy: actions,
    }),
    meeting: one(() => MeetingNode, 'meeting_id', { description: 'The meeting that agreed it.', policy: 'meetings' }),
    matter: one(() => MatterNode, 'matter_id', { description: 'What it is about.', policy: actions }),
  },
})
export class ActionNode {}

const byDueDate: Pick<ListFacts, 'policy' | 'order'> = {
  policy: actions,
  order: { sql: (row) => `${row}.due_on`, type: 'date' },
};

addFields(MeetingNode, {
  actions: many(() => ActionNode, 'meeting_id', { description: 'What it agreed, by due date.', ...byDueDate }),
});

addFields(MatterNode, {
  actions: many(() => ActionNode, 'matter_id', { description: 'What its meetings agreed, by due date.', ...byDueDate }),
});

addFields(ContactNode, {
  openActions: many(
    () => ActionNode,
    (contact, action) => `${action}.owner_contact_id = ${contact}.id and ${isOpen(action)}`,
    { description: 'What they own and have not finished, by due date.', ...byDueDate },
  ),
});
