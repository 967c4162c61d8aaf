import { Module } from '@nestjs/common';
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
  AgenciesService,
  ContactsService,
  DeputiesService,
  DirectoryService,
  HoldingsService,
  InboxesService,
  PeopleImportService,
  PostsService,
];

/** Agencies, teams, posts, and the named contacts who hold them. */
@Module({
  imports: [ReadingModule],
  controllers: [
    ContactsController,
    HoldingsController,
    AgenciesController,
    PostsController,
    AgencyPartsController,
    EndingsController,
    PeopleImportController,
  ],
  providers: [DirectoryChangesResolver, DirectoryResolver, ...services, NewPeople, BouncesService],
  exports: services,
})
export class DirectoryModule {}
