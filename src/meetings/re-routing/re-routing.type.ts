import { addFields, column, many, Node, one } from '../../graphql/graph.js';
import { InvitationNode, MeetingNode } from '../meeting.type.js';

const everybody = 'everybody';

@Node({
  name: 'ReRouting',
  description: 'A place at a meeting that was passed on because its person is not there any more.',
  table: 're_routing',
  policy: 'staff',
  fields: {
    askedAs: column('asked_as', () => String, {
      description: 'As what somebody is asked instead: COVER, SUCCESSOR, DEPUTY, INBOX, or COORDINATOR for nobody.',
      policy: everybody,
    }),
    at: column('at', () => Date, { description: 'When.', policy: everybody }),
    undoneAt: column('undone_at', () => Date, {
      description: 'When it was taken back, because the person is there after all.',
      policy: everybody,
      nullable: true,
    }),
    from: one(() => InvitationNode, 'invitation_id', {
      description: 'The invitation that ended.',
      policy: everybody,
      nullable: true,
    }),
    to: one(() => InvitationNode, 'to_invitation_id', {
      description: 'The invitation that began; none where only a shared inbox or nobody could be asked.',
      policy: everybody,
      nullable: true,
    }),
  },
})
export class ReRoutingNode {}

addFields(MeetingNode, {
  reRoutings: many(() => ReRoutingNode, 'meeting_id', {
    description: 'Places that were passed on, the latest first.',
    policy: 'staff',
    order: { sql: (row) => `${row}.at`, type: 'timestamptz' },
    descending: true,
  }),
});
