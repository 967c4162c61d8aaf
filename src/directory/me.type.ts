import { AuthorityNode } from '../authorities/authority.type.js';
import { PartnerTokenNode } from '../access/partner-token.type.js';
import { addFields, column, Node, one } from '../graphql/graph.js';
import { ownAgency } from '../graphql/statement.js';
import { AgencyNode } from './directory.type.js';

const everybody = 'everybody';

/** Whoever asks. */
@Node({
  name: 'Me',
  description: 'Whoever asks: who you are to the service, and what you may do.',
  table: 'authority',
  authority: 'id',
  key: null,
  policy: everybody,
  partner: () => 'true',
  fields: {
    kind: column(
      (_row, bind) => bind(({ by }) => by.kind, 'text'),
      () => String,
      {
        description: 'STAFF or PARTNER.',
        policy: everybody,
      },
    ),
    name: column(
      (_row, bind) => bind(({ by }) => by.name, 'text'),
      () => String,
      {
        description: 'Your name, or that of the system.',
        policy: everybody,
      },
    ),
    roles: column(
      (_row, bind) => bind(({ by }) => by.roles, 'text[]'),
      () => [String],
      {
        description: 'What your account is for.',
        policy: everybody,
      },
    ),
    scopes: column(
      (_row, bind) => bind(({ by }) => by.scopes, 'text[]'),
      () => [String],
      {
        description: 'What the token may be used for.',
        policy: everybody,
      },
    ),
    authority: one(
      () => AuthorityNode,
      (me, authority) => `${authority}.id = ${me}.id`,
      {
        description: 'The authority you are signed in to.',
        policy: everybody,
        nullable: true,
      },
    ),
    agency: one(
      () => AgencyNode,
      (_me, agency, bind) => `${agency}.id = ${ownAgency(bind)}`,
      {
        description: 'The agency that the system belongs to.',
        policy: everybody,
        nullable: true,
      },
    ),
  },
})
export class MeNode {}

addFields(PartnerTokenNode, {
  agency: one(() => AgencyNode, 'agency_id', { description: 'The agency it belongs to.', policy: 'administer' }),
});
