import { Global, Inject, Module, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { type Settings, SETTINGS } from '../config.js';
import { Dispatcher } from './dispatcher.js';
import { InboundModule } from './inbound/inbound.module.js';
import { MailboxController } from './mailbox.controller.js';
import { Mailbox } from './mailbox.js';
import { Outbox } from './outbox.js';

/** One message to one person: queued, rendered, sent; and the built-in mailbox of a trial installation. */
@Global()
@Module({
  imports: [InboundModule],
  controllers: [MailboxController],
  providers: [Outbox, Dispatcher, Mailbox],
  exports: [Outbox, Dispatcher],
})
export class MailModule implements OnApplicationBootstrap, OnApplicationShutdown {
  constructor(
    @Inject(SETTINGS) private readonly settings: Settings,
    @Inject(Dispatcher) private readonly dispatcher: Dispatcher,
  ) {}

  onApplicationBootstrap(): void {
    if (this.settings.role !== 'web') this.dispatcher.start();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.dispatcher.stop();
  }
}
