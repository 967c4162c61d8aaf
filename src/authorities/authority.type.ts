import { Field, Int } from '@nestjs/graphql';
import { column, Node } from '../graphql/graph.js';
import { PlainType } from '../graphql/plain-types.js';

const everybody = 'everybody';
const staff = 'staff';

/** The council and its safeguarding partnership. */
@Node({
  name: 'Authority',
  description: 'The council and its safeguarding partnership, to whom everything else belongs.',
  table: 'authority',
  authority: 'id',
  key: { column: 'id', type: 'int' },
  policy: everybody,
  partner: () => 'true',
  fields: {
    name: column('name', () => String, { description: 'Its full name.', policy: everybody }),
    shortName: column('short_name', () => String, { description: 'Its name where space is short.', policy: everybody }),
    phone: column('phone', () => String, {
      description: 'The number to ring for whoever cannot answer by program or link.',
      policy: everybody,
    }),
    zone: column('zone', () => String, { description: 'The time zone of its meetings.', policy: everybody }),
    jurisdiction: column('jurisdiction', () => String, {
      description: 'The nation whose guidance and bank holidays it follows.',
      policy: everybody,
    }),
  },
})
export class AuthorityNode {}

@PlainType('MeetingTypeSuggestion', 'Somebody worth asking to a meeting of a type, by kind of agency or by part in it.')
export class MeetingTypeSuggestion {
  @Field(() => String, { nullable: true, description: 'The kind of agency, such as POLICE.' })
  readonly category: string | null;

  @Field(() => String, { nullable: true, description: 'The profession, such as PAEDIATRICIAN.' })
  readonly discipline: string | null;

  @Field(() => String, { nullable: true, description: 'The part they would play, such as CHAIR.' })
  readonly role: string | null;

  @Field(() => Boolean, { description: 'The guidance or the quorum needs them.' })
  readonly required: boolean;

  @Field(() => String, { nullable: true, description: 'Only when the matter has this fact.' })
  readonly when: string | null;

  @Field(() => String, { nullable: true, description: 'A word on whom to look for.' })
  readonly note: string | null;
}

/** A kind of multi-agency discussion. */
@Node({
  name: 'MeetingType',
  description: 'A kind of multi-agency discussion, with what the authority has set for it. Never named in a message.',
  table: 'meeting_type',
  key: { column: 'code', type: 'text' },
  policy: staff,
  fields: {
    code: column('code', () => String, { description: 'The same code at every authority.', policy: staff }),
    label: column('label', () => String, { description: 'How the authority calls it.', policy: staff }),
    matterKind: column('matter_kind', () => String, {
      description: 'The kind of matter it is for; null for every kind.',
      policy: staff,
    }),
    durationMinutes: column('duration_minutes', () => Int, {
      description: 'How long it usually takes.',
      policy: staff,
    }),
    quorumRule: column('quorum_rule_id', () => String, {
      description: 'The rule its quorum is judged by.',
      policy: staff,
    }),
    agenda: column('agenda', () => [String], { description: 'What is usually talked about.', policy: staff }),
    suggestions: column('suggestions', () => [MeetingTypeSuggestion], {
      description: 'Whom to think of when inviting.',
      policy: staff,
    }),
    active: column('active', () => Boolean, { description: 'Still offered for new meetings.', policy: staff }),
    version: column('version', () => Int, { description: 'Rises with every change.', policy: staff }),
  },
})
export class MeetingTypeNode {}
