import { Inject } from '@nestjs/common';
import { Args, Context, Info, Resolver } from '@nestjs/graphql';
import { type GraphQLResolveInfo } from 'graphql';
import { LONDON } from '../authorities/working-days.js';
import { type GraphqlContext } from '../graphql/context.js';
import { given, givenId } from '../graphql/given.js';
import { uuidOf } from '../graphql/ids.js';
import { Mutations } from '../graphql/mutations.js';
import { Change } from '../graphql/payloads.js';
import { ChangesService } from './changes.service.js';
import { type GuestPlan } from './guests.service.js';
import { InvitationsService } from './invitations.service.js';
import {
  CancelMeetingInput,
  CancelMeetingPayload,
  ChangeNeedInput,
  ChangeNeedPayload,
  ConfirmMeetingInput,
  ConfirmMeetingPayload,
  type InviteeInput,
  InviteToMeetingInput,
  InviteToMeetingPayload,
  RescheduleMeetingInput,
  RescheduleMeetingPayload,
  ScheduleMeetingInput,
  ScheduleMeetingPayload,
  type SlotInput,
  WithdrawInvitationInput,
  WithdrawInvitationPayload,
} from './meeting-changes.type.js';
import { SchedulingService } from './scheduling.service.js';
import { type SlotPlan } from './slot.js';

/** Calling, moving and cancelling meetings, and who is asked to them. */
@Resolver()
export class MeetingChangesResolver {
  constructor(
    @Inject(Mutations) private readonly mutations: Mutations,
    @Inject(SchedulingService) private readonly scheduling: SchedulingService,
    @Inject(ChangesService) private readonly changes: ChangesService,
    @Inject(InvitationsService) private readonly invitations: InvitationsService,
  ) {}

  @Change(() => ScheduleMeetingPayload, { description: 'Calls a meeting and asks everybody.', policy: 'coordinate' })
  scheduleMeeting(
    @Args('input', { type: () => ScheduleMeetingInput }) input: ScheduleMeetingInput,
    @Context() context: GraphqlContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<object> {
    return this.mutations.run({ input, context, info }, async (by) => {
      const called = await this.scheduling.schedule(by, {
        matterId: uuidOf('Matter', input.matter),
        typeCode: input.type,
        slot: planOf(input.slot),
        chairContactId: givenId('Contact', input.chair) ?? null,
        minuteTakerContactId: givenId('Contact', input.minuteTaker),
        invitees: input.invitees.map(guestOf),
        overrideReason: input.overrideReason,
        hold: given(input.hold),
        sure: given(input.sure),
      });
      return { keys: { meeting: called.id } };
    });
  }

  @Change(() => InviteToMeetingPayload, {
    description: 'Asks one more person to a meeting that has gone out.',
    policy: 'coordinate',
  })
  inviteToMeeting(
    @Args('input', { type: () => InviteToMeetingInput }) input: InviteToMeetingInput,
    @Context() context: GraphqlContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<object> {
    return this.mutations.run({ input, context, info }, async (by) => {
      const meeting = uuidOf('Meeting', input.meeting);
      const late = { overrideReason: input.overrideReason, sure: given(input.sure) };
      const asked = await this.invitations.add(by, meeting, { ...guestOf(input.invitee), ...late });
      return { keys: { invitation: asked.id, meeting } };
    });
  }

  @Change(() => WithdrawInvitationPayload, {
    description: 'Tells somebody that they are no longer needed.',
    policy: 'coordinate',
  })
  withdrawInvitation(
    @Args('input', { type: () => WithdrawInvitationInput }) input: WithdrawInvitationInput,
    @Context() context: GraphqlContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<object> {
    return this.mutations.run({ input, context, info }, async (by) => {
      const [meeting, invitation] = [uuidOf('Meeting', input.meeting), uuidOf('Invitation', input.invitation)];
      await this.invitations.withdraw(by, meeting, invitation);
      return { keys: { invitation, meeting } };
    });
  }

  @Change(() => RescheduleMeetingPayload, {
    description: 'Moves a meeting: everybody is told, and asked again when it matters.',
    policy: 'coordinate',
  })
  rescheduleMeeting(
    @Args('input', { type: () => RescheduleMeetingInput }) input: RescheduleMeetingInput,
    @Context() context: GraphqlContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<object> {
    return this.mutations.run({ input, context, info }, async (by) => {
      const meeting = uuidOf('Meeting', input.meeting);
      const { version, overrideReason } = input;
      await this.changes.reschedule(by, meeting, { slot: planOf(input.slot), version, overrideReason });
      return { keys: { meeting } };
    });
  }

  @Change(() => ConfirmMeetingPayload, {
    description: 'Makes a held time certain: everybody is told, and the answers stay.',
    policy: 'coordinate',
  })
  confirmMeeting(
    @Args('input', { type: () => ConfirmMeetingInput }) input: ConfirmMeetingInput,
    @Context() context: GraphqlContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<object> {
    return this.mutations.run({ input, context, info }, async (by) => {
      const meeting = uuidOf('Meeting', input.meeting);
      const { version, overrideReason } = input;
      await this.changes.confirm(by, meeting, { version, overrideReason });
      return { keys: { meeting } };
    });
  }

  @Change(() => ChangeNeedPayload, {
    description: 'Somebody is needed from now on, or no longer: only they hear of it.',
    policy: 'coordinate',
  })
  changeNeed(
    @Args('input', { type: () => ChangeNeedInput }) input: ChangeNeedInput,
    @Context() context: GraphqlContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<object> {
    return this.mutations.run({ input, context, info }, async (by) => {
      const [meeting, invitation] = [uuidOf('Meeting', input.meeting), uuidOf('Invitation', input.invitation)];
      await this.invitations.need(by, meeting, invitation, input.required);
      return { keys: { invitation, meeting } };
    });
  }

  @Change(() => CancelMeetingPayload, {
    description: 'Cancels a meeting: whoever had an invitation is told.',
    policy: 'coordinate',
  })
  cancelMeeting(
    @Args('input', { type: () => CancelMeetingInput }) input: CancelMeetingInput,
    @Context() context: GraphqlContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<object> {
    return this.mutations.run({ input, context, info }, async (by) => {
      const meeting = uuidOf('Meeting', input.meeting);
      await this.changes.cancel(by, meeting, input.reason, input.version);
      return { keys: { meeting } };
    });
  }
}

function planOf({ date, from, to, zone, mode, place, joinDetails }: SlotInput): SlotPlan {
  return { date, from, to, zone: zone ?? LONDON, mode, place: place ?? null, joinDetails: joinDetails ?? null };
}

function guestOf({ contact, post, role, required, canDecide, directInvolvement }: InviteeInput): GuestPlan {
  return {
    contactId: uuidOf('Contact', contact),
    postId: givenId('Post', post),
    role: given(role),
    required: given(required),
    canDecide: given(canDecide),
    directInvolvement: given(directInvolvement),
  };
}
