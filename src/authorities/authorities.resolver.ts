import { Resolver } from '@nestjs/graphql';
import { defineQueries, list } from '../graphql/queries.js';
import { MeetingTypeNode } from './authority.type.js';

/** Questions about what an authority has set. */
@Resolver()
export class AuthoritiesResolver {}

defineQueries(AuthoritiesResolver, {
  meetingTypes: list(() => MeetingTypeNode, {
    description: 'The kinds of meetings the authority holds.',
    policy: 'staff',
    order: { sql: (row) => `${row}.position`, type: 'int' },
  }),
});
