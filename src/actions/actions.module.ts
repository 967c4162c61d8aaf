import { Module } from '@nestjs/common';
import { AccessModule } from '../access/access.module.js';
import { AuthoritiesModule } from '../authorities/authorities.module.js';
import { DirectoryModule } from '../directory/directory.module.js';
import { MattersModule } from '../matters/matters.module.js';
import { MeetingsModule } from '../meetings/meetings.module.js';
import { ActionLetters } from './action-letters.service.js';
import { ActionLists } from './action-lists.service.js';
import { ActionPlaces } from './action-places.service.js';
import { ActionsController } from './actions.controller.js';
import { ActionsService } from './actions.service.js';
import { MeetingActionsController } from './meeting-actions.controller.js';
import { OfferLetters } from './orphans/offer-letters.service.js';
import { OffersService } from './orphans/offers.service.js';
import { OrphansService } from './orphans/orphans.service.js';
import { ActionEffects } from './orphans/reorganisation-effects.service.js';
import { OwnOffersController } from './orphans/own-offers.controller.js';
import { OwnActionsController } from './own-actions.controller.js';
import { OwnActionsService } from './own-actions.service.js';
import { OwnersService } from './owners.service.js';
import { ActionsResolver } from './actions.resolver.js';
import { ActionChangesResolver } from './action-changes.resolver.js';
import { ReadingModule } from '../graphql/reading.module.js';

/**
 * What was agreed, who owns it, whether it is done. Access is imported by name although it is everywhere: so its
 * listeners come first, and the links of a person who has moved are stopped before new ones are made.
 */
@Module({
  imports: [ReadingModule, AccessModule, AuthoritiesModule, DirectoryModule, MattersModule, MeetingsModule],
  controllers: [MeetingActionsController, ActionsController, OwnActionsController, OwnOffersController],
  providers: [
    ActionChangesResolver,
    ActionsResolver,
    ActionsService,
    ActionLists,
    OwnActionsService,
    OwnersService,
    ActionLetters,
    ActionEffects,
    OfferLetters,
    OffersService,
    OrphansService,
    ActionPlaces,
  ],
  exports: [ActionsService, ActionLists, OwnActionsService],
})
export class ActionsModule {}
