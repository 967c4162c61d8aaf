import { Module } from '@nestjs/common';
import { AuthoritiesModule } from '../authorities/authorities.module.js';
import { AbsencesController } from './absence/absences.controller.js';
import { AbsencesService } from './absence/absences.service.js';
import { OwnAbsenceController } from './absence/own-absence.controller.js';
import { ClaimLetters } from './handover/claim-letters.service.js';
import { ClaimsController } from './handover/claims.controller.js';
import { ClaimsService } from './handover/claims.service.js';
import { HandoversService } from './handover/handovers.service.js';
import { OwnClaimsController } from './handover/own-claims.controller.js';
import { WhoIsAsked } from './handover/who-is-asked.service.js';
import { PeopleChangesResolver } from './people-changes.resolver.js';
import { ReachingController } from './reaching/reaching.controller.js';
import { ReachingService } from './reaching/reaching.service.js';
import { ReorganisationEffects } from './reorganisation/effects.js';
import { ReorganisationsResolver } from './reorganisation/reorganisations.resolver.js';
import { ReorganisationsController } from './reorganisation/reorganisations.controller.js';
import { ReorganisationsService } from './reorganisation/reorganisations.service.js';
import { OwnDetailsController } from './verification/own-details.controller.js';
import { OwnDetailsService } from './verification/own-details.service.js';
import { UpkeepController } from './verification/upkeep.controller.js';
import { UpkeepService } from './verification/upkeep.service.js';
import { VerificationLetters } from './verification/verification-letters.service.js';
import { VerificationsController } from './verification/verifications.controller.js';
import { VerificationsService } from './verification/verifications.service.js';
import { AgenciesController } from './agencies.controller.js';
import { AgenciesService } from './agencies.service.js';
import { AgencyPartsController } from './agency-parts.controller.js';
import { BouncesService } from './bounces.service.js';
import { ContactsController } from './contacts.controller.js';
import { ContactsService } from './contacts.service.js';
import { DeputiesService } from './deputies.service.js';
import { DirectoryService } from './directory.service.js';
import { EndingsController } from './endings.controller.js';
import { HoldingsController } from './holdings.controller.js';
import { HoldingsService } from './holdings.service.js';
import { InboxesService } from './inboxes.service.js';
import { NewPeople } from './new-people.service.js';
import { PeopleImportController } from './people-import.controller.js';
import { PeopleImportService } from './people-import.service.js';
import { PostsController } from './posts.controller.js';
import { PostsService } from './posts.service.js';
import { DirectoryResolver } from './directory.resolver.js';
import { DirectoryChangesResolver } from './directory-changes.resolver.js';
import { ReadingModule } from '../graphql/reading.module.js';

const services = [
  AbsencesService,
  ClaimsService,
  HandoversService,
  WhoIsAsked,
  AgenciesService,
  ContactsService,
  DeputiesService,
  DirectoryService,
  HoldingsService,
  InboxesService,
  PeopleImportService,
  PostsService,
  ReachingService,
  ReorganisationEffects,
  ReorganisationsService,
  OwnDetailsService,
  UpkeepService,
  VerificationsService,
];

/** Agencies, teams, posts, and the named contacts who hold them. */
@Module({
  imports: [ReadingModule, AuthoritiesModule],
  controllers: [
    ContactsController,
    HoldingsController,
    AgenciesController,
    PostsController,
    AgencyPartsController,
    EndingsController,
    PeopleImportController,
    AbsencesController,
    OwnAbsenceController,
    ClaimsController,
    OwnClaimsController,
    ReorganisationsController,
    ReachingController,
    OwnDetailsController,
    UpkeepController,
    VerificationsController,
  ],
  providers: [
    PeopleChangesResolver,
    ReorganisationsResolver,
    DirectoryChangesResolver,
    DirectoryResolver,
    ...services,
    NewPeople,
    ClaimLetters,
    VerificationLetters,
    BouncesService,
  ],
  exports: services,
})
export class DirectoryModule {}
