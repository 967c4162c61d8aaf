import { ID, Resolver } from '@nestjs/graphql';
import { today } from '../directory/directory.type.js';
import { uuidOf } from '../graphql/ids.js';
import { defineQueries, list } from '../graphql/queries.js';
import { ActionNode, ActionStatusCode, isOpen } from './action.type.js';

/** Questions and changes about actions. */
@Resolver()
export class ActionsResolver {}

defineQueries(ActionsResolver, {
  actions: list(() => ActionNode, {
    description: 'Actions by due date. A partner sees those its own agency’s people own.',
    policy: 'actions',
    order: { sql: (row) => `${row}.due_on`, type: 'date' },
    filters: {
      status: {
        type: () => [ActionStatusCode],
        description: 'Only those that stand so.',
        where: (row, value) => `${row}.status = any (${value('text[]')})`,
      },
      overdue: {
        type: () => Boolean,
        description: 'Only those still open after their due date (true), or only others (false).',
        where: (row, value, bind) =>
          `${value('boolean')} = (${isOpen(row)} and ${row}.due_on < ${bind(today, 'date')})`,
      },
      owner: {
        type: () => ID,
        description: 'Only those of this person.',
        where: (row, value) => `${row}.owner_contact_id = ${value('uuid', (id: string) => uuidOf('Contact', id))}`,
      },
    },
  }),
});
