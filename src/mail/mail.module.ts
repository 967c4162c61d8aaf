import { Resolver } from 'node:dns/promises';
import {
  Global,
  Inject,
  Logger,
  Module,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { type Settings, SETTINGS } from '../config.js';
import { Dispatcher } from './dispatcher.js';
import { domainWarnings } from './domain/domain-records.js';
import { MailboxController } from './mailbox.controller.js';
import { Mailbox } from './mailbox.js';
import { MailHolds } from './messages/mail-holds.service.js';
import { MailWatch } from './messages/mail-watch.service.js';
import { Messages } from './messages/messages.service.js';
import { Outbox } from './outbox.js';
import { isLocalServer } from './sending/mail-server.js';

/** One message to one person: queued, rendered, sent; and the built-in mailbox of a trial installation. */
@Global()
@Module({
  controllers: [MailboxController],
  providers: [Outbox, Dispatcher, Mailbox, MailHolds, MailWatch, Messages],
  exports: [Outbox, Dispatcher, MailHolds, MailWatch, Messages],
})
export class MailModule implements OnApplicationBootstrap, OnApplicationShutdown {
  constructor(
    @Inject(SETTINGS) private readonly settings: Settings,
    @Inject(Dispatcher) private readonly dispatcher: Dispatcher,
  ) {}

  onApplicationBootstrap(): void {
    if (this.settings.role === 'web') return;
    this.dispatcher.start();
    void this.checkDomain();
  }

  /** Says what keeps our mail from being believed; not where a mail server of this machine only keeps it. */
  private async checkDomain(): Promise<void> {
    const { smtpUrl, mailDomain, dkim } = this.settings;
    if (smtpUrl === undefined || isLocalServer(smtpUrl)) return;
    const log = new Logger('Mail');
    const dns = new Resolver({ timeout: 5_000, tries: 2 });
    for (const warning of await domainWarnings(dns, mailDomain, dkim)) log.warn(warning);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.dispatcher.stop();
  }
}
