import { Module } from '@nestjs/common';
import { AuthoritiesModule } from '../authorities/authorities.module.js';
import { DirectoryModule } from '../directory/directory.module.js';
import { MattersModule } from '../matters/matters.module.js';
import { AnswerPage } from './answer-page.service.js';
import { AnswersController } from './answers.controller.js';
import { AnswersService } from './answers.service.js';
import { AttendanceController } from './attendance.controller.js';
import { AttendanceService } from './attendance.service.js';
import { Availability } from './availability.js';
import { ChangesService } from './changes.service.js';
import { Confirmations } from './confirmations.service.js';
import { Diaries } from './diaries/diaries.service.js';
import { ForecastService } from './forecast.service.js';
import { GuestsService } from './guests.service.js';
import { InvitationPages } from './invitation-pages.service.js';
import { InvitationLetters } from './invitation-letters.service.js';
import { InvitationsController } from './invitations.controller.js';
import { InvitationsService } from './invitations.service.js';
import { MeetingChangesController } from './meeting-changes.controller.js';
import { MeetingChangePages } from './meeting-change-pages.service.js';
import { MeetingPages } from './meeting-pages.service.js';
import { MeetingSections } from './meeting-sections.js';
import { MeetingsController } from './meetings.controller.js';
import { MeetingsService } from './meetings.service.js';
import { PhonedAnswersController } from './phoned-answers.controller.js';
import { NewMeetingController } from './new-meeting.controller.js';
import { NewMeetingPages } from './new-meeting-pages.service.js';
import { OwnMeetingsController } from './own-meetings.controller.js';
import { OwnMeetings } from './own-meetings.service.js';
import { SchedulingService } from './scheduling.service.js';
import { SeriesController } from './series/series.controller.js';
import { SeriesService } from './series/series.service.js';
import { SlotCheck } from './slot-check.service.js';
import { SubstitutePlaces } from './substitute-places.service.js';
import { SubstitutesService } from './substitutes.service.js';
import { SuggestionsService } from './suggestions.service.js';
import { WithdrawalsService } from './withdrawals.service.js';
import './answers.type.js';
import './re-routing/re-routing.type.js';
import { MeetingsResolver } from './meetings.resolver.js';
import { InvitationClaimsController } from './re-routing/invitation-claims.controller.js';
import { InvitationClaims } from './re-routing/invitation-claims.service.js';
import { PlaceLetters } from './re-routing/place-letters.service.js';
import { ReRoutingService } from './re-routing/re-routing.service.js';
import { MeetingEffects } from './re-routing/reorganisation-effects.service.js';
import { TakingBack } from './re-routing/taking-back.service.js';
import { MeetingChangesResolver } from './meeting-changes.resolver.js';
import { AnswerChangesResolver } from './answer-changes.resolver.js';
import { ReadingModule } from '../graphql/reading.module.js';

const scheduling = [
  MeetingsService,
  SchedulingService,
  ChangesService,
  InvitationsService,
  SuggestionsService,
  ForecastService,
  GuestsService,
  InvitationLetters,
  Diaries,
  SlotCheck,
  SeriesService,
];

const answering = [AnswersService, SubstitutesService];

/** Scheduling, invitations, answers, quorum and attendance. */
@Module({
  imports: [ReadingModule, AuthoritiesModule, DirectoryModule, MattersModule],
  controllers: [
    MeetingsController,
    NewMeetingController,
    MeetingChangesController,
    InvitationsController,
    PhonedAnswersController,
    AnswersController,
    OwnMeetingsController,
    AttendanceController,
    SeriesController,
    InvitationClaimsController,
  ],
  providers: [
    AnswerChangesResolver,
    MeetingChangesResolver,
    MeetingsResolver,
    ...scheduling,
    ...answering,
    AnswerPage,
    Confirmations,
    OwnMeetings,
    SubstitutePlaces,
    { provide: MeetingSections, useClass: MeetingSections },
    { provide: Availability, useClass: Availability },
    MeetingPages,
    MeetingChangePages,
    InvitationPages,
    NewMeetingPages,
    WithdrawalsService,
    InvitationClaims,
    PlaceLetters,
    ReRoutingService,
    TakingBack,
    MeetingEffects,
    AttendanceService,
  ],
  exports: [
    ...scheduling,
    ...answering,
    MeetingPages,
    MeetingChangePages,
    MeetingSections,
    Availability,
    AttendanceService,
  ],
})
export class MeetingsModule {}
