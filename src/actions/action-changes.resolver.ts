import { Inject } from '@nestjs/common';
import { Args, Context, Info, Resolver } from '@nestjs/graphql';
import { type GraphQLResolveInfo } from 'graphql';
import { type Actor } from '../access/actor.js';
import { type GraphqlContext } from '../graphql/context.js';
import { given, givenId } from '../graphql/given.js';
import { uuidOf } from '../graphql/ids.js';
import { Mutations } from '../graphql/mutations.js';
import { Change } from '../graphql/payloads.js';
import { type Action } from './action.js';
import {
  AgreeActionInput,
  AgreeActionPayload,
  type OwnersMove,
  UpdateActionInput,
  UpdateActionPayload,
} from './action-changes.type.js';
import { ActionsService } from './actions.service.js';
import { OwnActionsService } from './own-actions.service.js';

/** What is done with actions. */
@Resolver()
export class ActionChangesResolver {
  constructor(
    @Inject(Mutations) private readonly mutations: Mutations,
    @Inject(ActionsService) private readonly actions: ActionsService,
    @Inject(OwnActionsService) private readonly own: OwnActionsService,
  ) {}

  @Change(() => AgreeActionPayload, {
    description: 'Writes down what a meeting agreed and tells the owner.',
    policy: 'coordinate',
  })
  agreeAction(
    @Args('input', { type: () => AgreeActionInput }) input: AgreeActionInput,
    @Context() context: GraphqlContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<object> {
    return this.mutations.run({ input, context, info }, async (by) => {
      const { text, dueOn, priority } = input;
      const owner = { contactId: givenId('Contact', input.owner), postId: givenId('Post', input.post) };
      const agreed = { text, owner, dueOn: dueOn ?? null, priority: given(priority) };
      const action = await this.actions.agree(by, uuidOf('Meeting', input.meeting), agreed);
      return { keys: { action: action.id } };
    });
  }

  @Change(() => UpdateActionPayload, {
    description: 'What the owner does with an action: their own system says so, or a coordinator for them.',
    policy: 'actions',
  })
  updateAction(
    @Args('input', { type: () => UpdateActionInput }) input: UpdateActionInput,
    @Context() context: GraphqlContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<object> {
    return this.mutations.run({ input, context, info }, async (by) => {
      const action = await this.moves[input.move](by, input);
      return { keys: { action: action.id } };
    });
  }

  private readonly moves: Readonly<Record<OwnersMove, (by: Actor, input: UpdateActionInput) => Promise<Action>>> = {
    ACCEPT: (by, { action, version }) => this.own.accept(by, idOf(action), given(version)),
    QUERY: (by, { action, reason, version }) => this.own.query(by, idOf(action), reason ?? null, given(version)),
    START: (by, { action, version }) => this.own.start(by, idOf(action), given(version)),
    COMPLETE: (by, { action, note, version }) => this.own.complete(by, idOf(action), note ?? null, given(version)),
    NOT_POSSIBLE: (by, { action, reason, version }) =>
      this.own.notPossible(by, idOf(action), reason ?? null, given(version)),
    NOT_DONE: (by, { action, reason, version }) => this.own.notDone(by, idOf(action), reason ?? null, given(version)),
  };
}

function idOf(action: string): string {
  return uuidOf('Action', action);
}
