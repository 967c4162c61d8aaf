import { Global, Module } from '@nestjs/common';
import { APP_GUARD, DiscoveryModule } from '@nestjs/core';
import { Callers } from '../graphql/context.js';
import { AccessCallers } from './callers.service.js';
import { CodesService } from './codes.service.js';
import { Forgetting } from './forgetting.service.js';
import { FormNonces } from './form-nonces.service.js';
import { LinkDoor } from './link-door.service.js';
import { LinkPages } from './link-pages.js';
import { LinksController } from './links.controller.js';
import { LinksService } from './links.service.js';
import { LostLinks } from './lost-links.service.js';
import { OwnController } from './own.controller.js';
import { PartnersController } from './partners.controller.js';
import { PartnersService } from './partners.service.js';
import { RateLimits } from './rate-limits.service.js';
import { RoutePolicies } from './route-policies.service.js';
import { SignedInGuard } from './signed-in.guard.js';
import { SignInController } from './sign-in.controller.js';
import { SignInService } from './sign-in.service.js';
import { StaffService } from './staff.service.js';
import { TokenDoor } from './token-door.service.js';
import { VisitsService } from './visits.service.js';
import { PartnersResolver } from './partners.resolver.js';
import { ReadingModule } from '../graphql/reading.module.js';

/** Signing in, links in emails, partners' tokens: who is asking, and what they may do. */
@Global()
@Module({
  imports: [DiscoveryModule, ReadingModule],
  controllers: [SignInController, LinksController, OwnController, PartnersController],
  providers: [
    PartnersResolver,
    StaffService,
    SignInService,
    LinksService,
    LinkPages,
    LinkDoor,
    LostLinks,
    VisitsService,
    CodesService,
    FormNonces,
    Forgetting,
    RateLimits,
    RoutePolicies,
    TokenDoor,
    PartnersService,
    { provide: Callers, useClass: AccessCallers },
    { provide: APP_GUARD, useClass: SignedInGuard },
  ],
  exports: [
    StaffService,
    LinksService,
    LinkPages,
    LinkDoor,
    VisitsService,
    CodesService,
    FormNonces,
    RateLimits,
    TokenDoor,
    PartnersService,
    Callers,
  ],
})
export class AccessModule {}
