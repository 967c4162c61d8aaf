import { Inject } from '@nestjs/common';
import { Args, Context, Info, Resolver } from '@nestjs/graphql';
import { type GraphQLResolveInfo } from 'graphql';
import { RuleBroken } from '../errors.js';
import { type GraphqlContext } from '../graphql/context.js';
import { compact, given } from '../graphql/given.js';
import { uuidOf } from '../graphql/ids.js';
import { Mutations } from '../graphql/mutations.js';
import { Change } from '../graphql/payloads.js';
import { type Excluded } from './exclusion.js';
import { ExclusionsService } from './exclusions.service.js';
import {
  AddExclusionInput,
  AddExclusionPayload,
  LiftExclusionInput,
  LiftExclusionPayload,
  OpenMatterInput,
  OpenMatterPayload,
} from './matter-changes.type.js';
import { MattersService, type OpenedMatter } from './matters.service.js';

/** Changes to matters and to who must not be told of them. */
@Resolver()
export class MatterChangesResolver {
  constructor(
    @Inject(Mutations) private readonly mutations: Mutations,
    @Inject(MattersService) private readonly matters: MattersService,
    @Inject(ExclusionsService) private readonly exclusions: ExclusionsService,
  ) {}

  @Change(() => OpenMatterPayload, { description: 'Opens a matter.', policy: 'coordinate' })
  openMatter(
    @Args('input', { type: () => OpenMatterInput }) input: OpenMatterInput,
    @Context() context: GraphqlContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<object> {
    return this.mutations.run({ input, context, info }, async (by) => {
      const { kind, neutralTitle } = input;
      const { sensitivity, facts, externalIds } = { ...UNLESS_GIVEN, ...compact<Partial<OpenedMatter>>(input) };
      const matter = { kind, neutralTitle, sensitivity, facts, externalIds, coordinatorId: by.id };
      const opened = await this.matters.open(by, matter);
      return { keys: { matter: opened.id } };
    });
  }

  @Change(() => AddExclusionPayload, {
    description:
      'Says who must not be told of a matter: what is live for them is withdrawn, and nothing unsent leaves.',
    policy: 'coordinate',
  })
  addExclusion(
    @Args('input', { type: () => AddExclusionInput }) input: AddExclusionInput,
    @Context() context: GraphqlContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<object> {
    return this.mutations.run({ input, context, info }, async (by) => {
      const { reason, alternative } = input;
      const matter = uuidOf('Matter', input.matter);
      const added = await this.exclusions.exclude(by, matter, { excluded: excludedOf(input), reason, alternative });
      return { keys: { exclusion: added.id, matter } };
    });
  }

  @Change(() => LiftExclusionPayload, { description: 'Lifts an exclusion, with a reason.', policy: 'coordinate' })
  liftExclusion(
    @Args('input', { type: () => LiftExclusionInput }) input: LiftExclusionInput,
    @Context() context: GraphqlContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<object> {
    return this.mutations.run({ input, context, info }, async (by) => {
      const [matter, exclusion] = [uuidOf('Matter', input.matter), uuidOf('Exclusion', input.exclusion)];
      await this.exclusions.lift(by, matter, exclusion, input.reason, given(input.version));
      return { keys: { exclusion, matter } };
    });
  }
}

/** What the schema promises for parts that were left out. */
const UNLESS_GIVEN = { sensitivity: 'STANDARD', facts: [], externalIds: [] };

/** The one that was given; throws INVALID for none and for several. */
function excludedOf({ contact, post, inbox, agency }: AddExclusionInput): Excluded {
  const found: Excluded[] = [];
  if (contact) found.push({ contactId: uuidOf('Contact', contact) });
  if (post) found.push({ postId: uuidOf('Post', post) });
  if (inbox) found.push({ inboxId: uuidOf('Inbox', inbox) });
  if (agency) found.push({ agencyId: uuidOf('Agency', agency) });
  const [one, another] = found;
  if (one !== undefined && another === undefined) return one;
  throw new RuleBroken('INVALID', 'Give exactly one of contact, post, inbox and agency', 'contact');
}
