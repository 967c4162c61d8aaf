import { Inject } from '@nestjs/common';
import { Args, Context, Info, Resolver } from '@nestjs/graphql';
import { type GraphQLResolveInfo } from 'graphql';
import { RuleBroken } from '../../errors.js';
import { type GraphqlContext } from '../../graphql/context.js';
import { given, givenId } from '../../graphql/given.js';
import { readGlobalId, uuidOf } from '../../graphql/ids.js';
import { Mutations } from '../../graphql/mutations.js';
import { Change } from '../../graphql/payloads.js';
import {
  type DestinationInput,
  ReorganiseInput,
  ReorganisePayload,
  ReverseReorganisationInput,
  ReverseReorganisationPayload,
} from '../people-changes.type.js';
import { ReorganisationsService } from './reorganisations.service.js';
import { REORGANISATION_KINDS, type ReorganisationPlan } from './steps.js';

/** Restructures of an agency's teams. */
@Resolver()
export class ReorganisationsResolver {
  constructor(
    @Inject(Mutations) private readonly mutations: Mutations,
    @Inject(ReorganisationsService) private readonly reorganisations: ReorganisationsService,
  ) {}

  @Change(() => ReorganisePayload, {
    description: 'Renames, merges, splits or closes teams, or moves a post, from a day on: whole or not at all.',
    policy: 'administer',
  })
  reorganise(
    @Args('input', { type: () => ReorganiseInput }) input: ReorganiseInput,
    @Context() context: GraphqlContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<object> {
    return this.mutations.run({ input, context, info }, async (by) => {
      const deciding = { effectiveOn: input.effectiveOn, confirmed: input.confirmed === true };
      const agencyId = uuidOf('Agency', input.agency);
      const decided = await this.reorganisations.decide(by, agencyId, planOf(input), deciding);
      return { keys: { reorganisation: decided.id } };
    });
  }

  @Change(() => ReverseReorganisationPayload, {
    description: 'Takes back a restructure whose day has not come.',
    policy: 'administer',
  })
  reverseReorganisation(
    @Args('input', { type: () => ReverseReorganisationInput }) input: ReverseReorganisationInput,
    @Context() context: GraphqlContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<object> {
    return this.mutations.run({ input, context, info }, async (by) => {
      const id = uuidOf('Reorganisation', input.reorganisation);
      await this.reorganisations.reverse(by, id, given(input.version));
      return { keys: { reorganisation: id } };
    });
  }
}

function planOf({ kind: typed, teams, into, names, post, destinations }: ReorganiseInput): ReorganisationPlan {
  const kind = REORGANISATION_KINDS.find((one) => one === typed);
  if (kind === undefined) throw new RuleBroken('INVALID', 'Say RENAME, MERGE, SPLIT, CLOSE or MOVE_POST', 'kind');
  return {
    kind,
    teamIds: (teams ?? []).map((id) => uuidOf('Team', id)),
    intoTeamId: givenId('Team', into) ?? null,
    names: names ?? [],
    postId: givenId('Post', post) ?? null,
    destinations: Object.fromEntries(
      (destinations ?? []).map((one) => [readGlobalId(one.part)?.key ?? '', placeOf(one)]),
    ),
  };
}

function placeOf({ team, newTeam }: DestinationInput): string {
  const id = givenId('Team', team);
  if (id !== undefined) return id;
  return typeof newTeam === 'number' ? `new:${newTeam}` : 'agency';
}
