import { Module } from '@nestjs/common';
import { AuthoritiesModule } from '../authorities/authorities.module.js';
import { ExclusionsController } from './exclusions.controller.js';
import { ExclusionsService } from './exclusions.service.js';
import { FollowingService } from './following.service.js';
import { MatterPages } from './matter-pages.service.js';
import { MatterSections } from './matter-sections.service.js';
import { MattersController } from './matters.controller.js';
import { MattersService } from './matters.service.js';
import { ReadersService } from './readers.service.js';
import { MattersResolver } from './matters.resolver.js';
import { MatterChangesResolver } from './matter-changes.resolver.js';
import { ReadingModule } from '../graphql/reading.module.js';

/** What meetings are about, and who must not be told of it. */
@Module({
  imports: [ReadingModule, AuthoritiesModule],
  controllers: [MattersController, ExclusionsController],
  providers: [
    MatterChangesResolver,
    MattersResolver,
    MattersService,
    ReadersService,
    ExclusionsService,
    FollowingService,
    MatterSections,
    MatterPages,
  ],
  exports: [MattersService, ReadersService, ExclusionsService, MatterSections],
})
export class MattersModule {}
