import { Inject } from '@nestjs/common';
import { Args, Context, Info, Resolver } from '@nestjs/graphql';
import { type GraphQLResolveInfo } from 'graphql';
import { type GraphqlContext } from '../graphql/context.js';
import { uuidOf } from '../graphql/ids.js';
import { Mutations } from '../graphql/mutations.js';
import { Change } from '../graphql/payloads.js';
import { defineQueries, list } from '../graphql/queries.js';
import { type Scope } from './actor.js';
import {
  IssuePartnerTokenInput,
  IssuePartnerTokenPayload,
  PartnerTokenNode,
  RevokePartnerTokenInput,
  RevokePartnerTokenPayload,
} from './partner-token.type.js';
import { PartnersService } from './partners.service.js';

/** Tokens of partners' systems. */
@Resolver()
export class PartnersResolver {
  constructor(
    @Inject(Mutations) private readonly mutations: Mutations,
    @Inject(PartnersService) private readonly partners: PartnersService,
  ) {}

  @Change(() => IssuePartnerTokenPayload, { description: 'Issues a token.', policy: 'administer' })
  issuePartnerToken(
    @Args('input', { type: () => IssuePartnerTokenInput }) input: IssuePartnerTokenInput,
    @Context() context: GraphqlContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<object> {
    return this.mutations.run({ input, context, info }, async (by) => {
      const { name, expiresAt } = input;
      const scopes = input.scopes as Scope[];
      const agencyId = uuidOf('Agency', input.agency);
      const { token, issued } = await this.partners.issue(by, { agencyId, name, scopes, expiresAt });
      return { keys: { partnerToken: issued.id }, once: { token } };
    });
  }

  @Change(() => RevokePartnerTokenPayload, {
    description: 'Takes a token back: it stops within a second.',
    policy: 'administer',
  })
  revokePartnerToken(
    @Args('input', { type: () => RevokePartnerTokenInput }) input: RevokePartnerTokenInput,
    @Context() context: GraphqlContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<object> {
    return this.mutations.run({ input, context, info }, async (by) => {
      const partnerToken = uuidOf('PartnerToken', input.partnerToken);
      await this.partners.revoke(by, partnerToken);
      return { keys: { partnerToken } };
    });
  }
}

defineQueries(PartnersResolver, {
  partnerTokens: list(() => PartnerTokenNode, {
    description: 'The tokens of partners’ systems, the newest first.',
    policy: 'administer',
    order: { sql: (row) => `${row}.issued_at`, type: 'timestamptz' },
    descending: true,
  }),
});
