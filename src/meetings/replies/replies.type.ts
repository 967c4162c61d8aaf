import { addFields, column, many, Node, one } from '../../graphql/graph.js';
import { ownAgency } from '../../graphql/statement.js';
import { ResponseNode } from '../answers.type.js';
import { ConfidenceCode, LedgerStandingCode, ProposalStateCode, ResponseChannelCode } from '../meeting-codes.type.js';
import { InvitationNode, MeetingNode } from '../meeting.type.js';

const everybody = 'everybody';
const meetings = 'meetings';

/** The same rule as `ledgerOf`, in the statement that answers the question. */
const standing = (row: string): string => `(select case
    when ${row}.set_aside is not null then ${row}.set_aside
    when ${row}.revision <> ledger_m.revision then 'EARLIER_TIME'
    when ${row}.kind = 'SUGGESTED_TIME' then 'SUGGESTION'
    when exists (select 1 from response later where later.authority_id = ${row}.authority_id
      and later.invitation_id = ${row}.invitation_id and later.revision = ${row}.revision
      and later.kind <> 'SUGGESTED_TIME' and later.set_aside is null
      and (later.stated_at, later.at, later.id) > (${row}.stated_at, ${row}.at, ${row}.id)) then 'LATER_ANSWER'
    else 'COUNTS' end
  from meeting ledger_m where ledger_m.authority_id = ${row}.authority_id and ledger_m.id = ${row}.meeting_id)`;

addFields(ResponseNode, {
  standing: column(standing, () => LedgerStandingCode, {
    description: 'Whether it counts, and if not, why.',
    policy: everybody,
  }),
  recordedBy: column('recorded_by', () => String, { description: 'Who wrote it down.', policy: 'staff' }),
  saidBy: column('said_by', () => String, {
    description: 'Who said it, where that was not the invitee.',
    policy: 'staff',
    nullable: true,
  }),
  via: column('via', () => String, {
    description: 'The other address that they answered under.',
    policy: 'staff',
    nullable: true,
  }),
  confidence: column('confidence', () => ConfidenceCode, {
    description: 'How sure one may be that it is their own, for answers from a calendar.',
    policy: 'staff',
    nullable: true,
  }),
});

@Node({
  name: 'Proposal',
  description:
    'Another time that an invitee suggests; the meeting and the answer stay what they are until it is settled.',
  table: 'proposal',
  policy: meetings,
  partner: (row, bind) => `exists (select 1 from invitation own_i where own_i.authority_id = ${row}.authority_id
    and own_i.id = ${row}.invitation_id and own_i.agency_id = ${ownAgency(bind)})`,
  fields: {
    channel: column('channel', () => ResponseChannelCode, { description: 'By which way it came.', policy: everybody }),
    startsAt: column('starts_at', () => Date, {
      description: 'The suggested start, where one is named.',
      policy: everybody,
      nullable: true,
    }),
    endsAt: column('ends_at', () => Date, { description: 'The suggested end.', policy: everybody, nullable: true }),
    words: column('words', () => String, { description: 'What they wrote.', policy: everybody, nullable: true }),
    state: column('state', () => ProposalStateCode, { description: 'What became of it.', policy: everybody }),
    madeAt: column('made_at', () => Date, { description: 'When it came.', policy: everybody }),
    settledAt: column('settled_at', () => Date, {
      description: 'When it was settled.',
      policy: everybody,
      nullable: true,
    }),
    invitation: one(() => InvitationNode, 'invitation_id', {
      description: 'Whose suggestion it is.',
      policy: meetings,
    }),
  },
})
export class ProposalNode {}

addFields(MeetingNode, {
  proposals: many(() => ProposalNode, 'meeting_id', {
    description: 'Suggested times, the newest first.',
    policy: meetings,
    order: { sql: (row) => `${row}.made_at`, type: 'timestamptz' },
    descending: true,
  }),
});

addFields(InvitationNode, {
  awayNotedAt: column('away_noted_at', () => Date, {
    description: 'When an absence notice came from their mailbox; no answer.',
    policy: 'staff',
    nullable: true,
  }),
});
