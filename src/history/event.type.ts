import { column, Node } from '../graphql/graph.js';
import { base64UrlSql } from '../graphql/ids.js';
import { ownAgency } from '../graphql/statement.js';

const everybody = 'everybody';

/** `meeting-type:STRATEGY_MEETING` as the id of a MeetingType. */
const objectId = (row: string): string =>
  base64UrlSql(`replace(initcap(replace(split_part(${row}.object, ':', 1), '-', ' ')), ' ', '')
    || substring(${row}.object from position(':' in ${row}.object))`);

/** One thing that happened. */
@Node({
  name: 'Event',
  description:
    'One thing that happened: the history, and what partners follow. A partner sees what concerns its own agency.',
  table: 'event',
  key: null,
  policy: 'meetings',
  partner: (row, bind) => `${row}.agency_id = ${ownAgency(bind)}`,
  fields: {
    seq: column(
      (row) => `${row}.seq::text`,
      () => String,
      {
        description: 'Its number: rises by one with everything that happens in the authority.',
        policy: everybody,
      },
    ),
    at: column('at', () => Date, { description: 'When.', policy: everybody }),
    action: column('action', () => String, {
      description: 'What happened, such as meeting.rescheduled.',
      policy: everybody,
    }),
    object: column(objectId, () => String, {
      description: 'The id of what it happened to: ask `node` for it.',
      policy: everybody,
    }),
    actor: column(
      (row) => `substring(${row}.actor from position(' ' in ${row}.actor) + 1)`,
      () => String,
      {
        description: 'Who did it.',
        policy: 'staff',
      },
    ),
  },
})
export class EventNode {}
