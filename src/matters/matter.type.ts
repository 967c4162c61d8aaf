import { Int } from '@nestjs/graphql';
import { AgencyNode, ContactNode, InboxNode, PostNode } from '../directory/directory.type.js';
import { type Bind, column, Node, many, one } from '../graphql/graph.js';
import { enumOf } from '../graphql/enums.js';
import { ownAgency } from '../graphql/statement.js';
import { EXCLUSION_REASONS, REASON_LABELS } from './exclusion.js';
import { MATTER_KINDS, SENSITIVITIES } from './matter.js';

const staff = 'staff';
const exclusions = 'exclusions';

export const MatterKindCode = enumOf('MatterKind', MATTER_KINDS, 'What a matter is about.');
export const SensitivityCode = enumOf('Sensitivity', SENSITIVITIES, 'How narrowly a matter is kept.');
export const ExclusionReasonCode = enumOf(
  'ExclusionReason',
  EXCLUSION_REASONS,
  'Why somebody must not be told of a matter.',
  REASON_LABELS,
);

/** A partner knows of a matter through an invitation or an action of its own agency’s people. */
const ofOwnAgency = (row: string, bind: Bind): string => `(exists (select 1 from invitation own_i
    where own_i.authority_id = ${row}.authority_id and own_i.agency_id = ${ownAgency(bind)} and own_i.matter_id = ${row}.id
    and own_i.status in ('OPEN', 'CLOSED', 'SUPERSEDED'))
  or exists (select 1 from action own_a where own_a.authority_id = ${row}.authority_id
    and own_a.owner_agency_id = ${ownAgency(bind)} and own_a.matter_id = ${row}.id and own_a.status <> 'PROPOSED'))`;

/** The name of the member of staff whose id is in a column. */
export const staffName =
  (column: string) =>
  (row: string): string =>
    `(select s.name from staff s where s.authority_id = ${row}.authority_id and s.id = ${row}.${column})`;

@Node({
  name: 'Matter',
  description: 'What meetings are about. A partner sees the reference and nothing that says what it is.',
  table: 'matter',
  policy: 'meetings',
  partner: ofOwnAgency,
  fields: {
    ref: column('ref', () => String, { description: 'Its reference, which stands in messages.', policy: 'everybody' }),
    neutralTitle: column('neutral_title', () => String, {
      description: 'A title that says nothing of it.',
      policy: staff,
    }),
    kind: column('kind', () => MatterKindCode, { description: 'What it is about.', policy: staff }),
    sensitivity: column('sensitivity', () => SensitivityCode, {
      description: 'How narrowly it is kept.',
      policy: staff,
    }),
    status: column('status', () => String, { description: 'Where it stands.', policy: staff }),
    facts: column('facts', () => [String], { description: 'What the rules ask about it, such as S47.', policy: staff }),
    externalIds: column('external_ids', () => [String], {
      description: 'Its numbers in other systems.',
      policy: staff,
    }),
    coordinator: column(staffName('coordinator_id'), () => String, {
      description: 'Who looks after it.',
      policy: staff,
    }),
    createdAt: column('created_at', () => Date, { description: 'When it was opened.', policy: staff }),
    closedAt: column('closed_at', () => Date, { description: 'When it was closed.', policy: staff }),
    version: column('version', () => Int, { description: 'Rises with every change.', policy: 'everybody' }),
    exclusions: many(() => ExclusionNode, 'matter_id', {
      description: 'Who must not be told of it, and why.',
      policy: exclusions,
      order: { sql: (row) => `${row}.added_at`, type: 'timestamptz' },
    }),
  },
})
export class MatterNode {}

@Node({
  name: 'Exclusion',
  description: 'A person, post, mailbox or agency that must not be told of a matter.',
  table: 'exclusion',
  policy: exclusions,
  fields: {
    reason: column('reason', () => ExclusionReasonCode, { description: 'Why.', policy: exclusions }),
    alternative: column('alternative', () => String, { description: 'Whom to ask instead.', policy: exclusions }),
    addedAt: column('added_at', () => Date, { description: 'Since when.', policy: exclusions }),
    addedBy: column(staffName('added_by'), () => String, { description: 'Who said so.', policy: exclusions }),
    liftedAt: column('lifted_at', () => Date, { description: 'Since when it no longer holds.', policy: exclusions }),
    liftedReason: column('lifted_reason', () => String, { description: 'Why it was lifted.', policy: exclusions }),
    version: column('version', () => Int, { description: 'Rises with every change.', policy: exclusions }),
    matter: one(() => MatterNode, 'matter_id', { description: 'The matter.', policy: exclusions }),
    contact: one(() => ContactNode, 'contact_id', { description: 'The person.', policy: exclusions }),
    post: one(() => PostNode, 'post_id', { description: 'The post.', policy: exclusions }),
    inbox: one(() => InboxNode, 'inbox_id', { description: 'The mailbox.', policy: exclusions }),
    agency: one(() => AgencyNode, 'agency_id', { description: 'The agency.', policy: exclusions }),
  },
})
export class ExclusionNode {}
