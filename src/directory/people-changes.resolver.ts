import { Inject } from '@nestjs/common';
import { Args, Context, Info, Resolver } from '@nestjs/graphql';
import { type GraphQLResolveInfo } from 'graphql';
import { type GraphqlContext } from '../graphql/context.js';
import { given, givenId } from '../graphql/given.js';
import { uuidOf } from '../graphql/ids.js';
import { Mutations } from '../graphql/mutations.js';
import { Change } from '../graphql/payloads.js';
import { defineQueries, list } from '../graphql/queries.js';
import { AbsencesService } from './absence/absences.service.js';
import { ClaimsService } from './handover/claims.service.js';
import { HandoversService } from './handover/handovers.service.js';
import {
  DecideClaimInput,
  DecideClaimPayload,
  EndLeaveInput,
  EndLeavePayload,
  PlanLeaveInput,
  PlanLeavePayload,
  SetWhoToAskInput,
  SetWhoToAskPayload,
  UndoLeavingInput,
  UndoLeavingPayload,
} from './people-changes.type.js';
import { ClaimNode } from './people-over-time.type.js';
import { ReachingService } from './reaching/reaching.service.js';

/** Changes to people in posts over time: leave and cover, departures, who holds a post, by whom an agency is reached. */
@Resolver()
export class PeopleChangesResolver {
  constructor(
    @Inject(Mutations) private readonly mutations: Mutations,
    @Inject(AbsencesService) private readonly absences: AbsencesService,
    @Inject(ClaimsService) private readonly claims: ClaimsService,
    @Inject(HandoversService) private readonly handovers: HandoversService,
    @Inject(ReachingService) private readonly reaching: ReachingService,
  ) {}

  @Change(() => SetWhoToAskPayload, { description: 'Says by which posts an agency is reached.', policy: 'administer' })
  setWhoToAsk(
    @Args('input', { type: () => SetWhoToAskInput }) input: SetWhoToAskInput,
    @Context() context: GraphqlContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<object> {
    return this.mutations.run({ input, context, info }, async (by) => {
      const id = uuidOf('Agency', input.agency);
      const posts = {
        spocPostId: givenId('Post', input.spocPost) ?? null,
        outOfHoursPostId: givenId('Post', input.outOfHoursPost) ?? null,
        chaseManagerPostId: givenId('Post', input.chaseManagerPost) ?? null,
      };
      await this.reaching.answerBy(by, id, posts, given(input.version));
      return { keys: { agency: id } };
    });
  }

  @Change(() => PlanLeavePayload, { description: 'Notes that somebody is away, and who covers.', policy: 'administer' })
  planLeave(
    @Args('input', { type: () => PlanLeaveInput }) input: PlanLeaveInput,
    @Context() context: GraphqlContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<object> {
    return this.mutations.run({ input, context, info }, async (by) => {
      const id = uuidOf('Contact', input.contact);
      const leave = { from: input.from, to: input.to ?? null, cover: givenId('Contact', input.cover) ?? null };
      await this.absences.plan(by, id, leave, given(input.version));
      return { keys: { contact: id } };
    });
  }

  @Change(() => EndLeavePayload, { description: 'Notes that somebody is back from leave.', policy: 'administer' })
  endLeave(
    @Args('input', { type: () => EndLeaveInput }) input: EndLeaveInput,
    @Context() context: GraphqlContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<object> {
    return this.mutations.run({ input, context, info }, async (by) => {
      const id = uuidOf('Contact', input.contact);
      await this.absences.end(by, id, given(input.version));
      return { keys: { contact: id } };
    });
  }

  @Change(() => UndoLeavingPayload, {
    description: 'Takes back a departure that was recorded by mistake today; messages that have gone stay gone.',
    policy: 'administer',
  })
  undoLeaving(
    @Args('input', { type: () => UndoLeavingInput }) input: UndoLeavingInput,
    @Context() context: GraphqlContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<object> {
    return this.mutations.run({ input, context, info }, async (by) => {
      const id = uuidOf('Contact', input.contact);
      await this.handovers.undo(by, id);
      return { keys: { contact: id } };
    });
  }

  @Change(() => DecideClaimPayload, {
    description: 'Confirms that somebody holds a post now, or says why it is not right.',
    policy: 'administer',
  })
  decideClaim(
    @Args('input', { type: () => DecideClaimInput }) input: DecideClaimInput,
    @Context() context: GraphqlContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<object> {
    return this.mutations.run({ input, context, info }, async (by) => {
      const id = uuidOf('Claim', input.claim);
      if (input.isRight) await this.claims.confirm(by, id, given(input.version));
      else await this.claims.refuse(by, id, input.reason ?? null, given(input.version));
      return { keys: { claim: id } };
    });
  }
}

defineQueries(PeopleChangesResolver, {
  claims: list(() => ClaimNode, {
    description: 'What people say they hold now, the latest first.',
    policy: 'staff',
    order: { sql: (row) => `${row}.made_at`, type: 'timestamptz' },
    descending: true,
    filters: {
      status: {
        type: () => String,
        description: 'Only those that stand so: MADE, CONFIRMED or REFUSED.',
        where: (row, value) => `${row}.status = ${value('text')}`,
      },
    },
  }),
});
