import { Global, Module } from '@nestjs/common';
import { HeldMailService } from './held-mail.service.js';
import { InboundReaders } from './inbound-readers.js';

/** What comes back by email: taken in, kept, opened, told apart and handed to whoever understands it. */
@Global()
@Module({ providers: [InboundReaders, HeldMailService], exports: [InboundReaders, HeldMailService] })
export class InboundModule {}
