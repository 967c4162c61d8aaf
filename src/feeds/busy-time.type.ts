import { BUSY_KINDS } from '../calendar/busy-times.js';
import { ContactNode } from '../directory/directory.type.js';
import { enumOf } from '../graphql/enums.js';
import { addFields, type Bind, column, many, Node, type Run } from '../graphql/graph.js';
import { STALE_MS } from './own-calendar.js';

const staff = 'staff';

const BusyKindCode = enumOf('BusyKind', BUSY_KINDS, 'How a time is taken.', {
  BUSY: 'Taken',
  TENTATIVE: 'Pencilled in',
});

const freshSince = (run: Run): unknown => new Date(run.now.getTime() - STALE_MS);

/** The calendar of a contact, where it could be read within a day. */
const fresh = (contact: string, bind: Bind): string =>
  `o.authority_id = ${contact}.authority_id and o.contact_id = ${contact}.id and o.fresh_at > ${bind(freshSince, 'timestamptz')}`;

@Node({
  name: 'BusyTime',
  description: 'A time at which somebody is busy by the calendar they publish. What with is never read.',
  table: 'busy_time',
  key: null,
  policy: staff,
  fields: {
    startsAt: column('starts_at', () => Date, { description: 'From when.', policy: staff }),
    endsAt: column('ends_at', () => Date, { description: 'Until when.', policy: staff }),
    kind: column('kind', () => BusyKindCode, { description: 'Taken, or pencilled in.', policy: staff }),
  },
})
export class BusyTimeNode {}

addFields(ContactNode, {
  busyTimesAsOf: column(
    (contact, bind) => `(select o.fresh_at from own_calendar o where ${fresh(contact, bind)})`,
    () => Date,
    { description: 'As of when `busyTimes` hold; null where there is no data, which is not free.', policy: staff },
  ),
  busyTimes: many(
    () => BusyTimeNode,
    (contact, time, bind) => `${time}.contact_id = ${contact}.id
      and exists (select 1 from own_calendar o where ${fresh(contact, bind)})`,
    {
      description: 'When they are busy in the next eight weeks, by the calendar they publish.',
      policy: staff,
      order: { sql: (row) => `${row}.starts_at`, type: 'timestamptz' },
      filters: {
        from: {
          type: () => Date,
          description: 'Only those that end later.',
          where: (row, value) => `${row}.ends_at > ${value('timestamptz')}`,
        },
        to: {
          type: () => Date,
          description: 'Only those that start before then.',
          where: (row, value) => `${row}.starts_at < ${value('timestamptz')}`,
        },
      },
    },
  ),
});
