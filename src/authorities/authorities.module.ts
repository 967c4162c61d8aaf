import { Module } from '@nestjs/common';
import { AuthoritiesService } from './authorities.service.js';
import { AuthoritiesResolver } from './authorities.resolver.js';

@Module({ providers: [AuthoritiesResolver, AuthoritiesService], exports: [AuthoritiesService] })
export class AuthoritiesModule {}
