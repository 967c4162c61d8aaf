import {
  Global,
  Inject,
  Logger,
  Module,
  type OnApplicationBootstrap,
  type BeforeApplicationShutdown,
  type OnModuleInit,
} from '@nestjs/common';
import { SettingProblem, type Settings, SETTINGS } from '../../config.js';
import { Sweeps } from '../../database/sweeps.js';
import { HeldMailService } from './held-mail.service.js';
import { InboundMailServer } from './inbound-mail-server.js';
import { InboundReaders } from './inbound-readers.js';
import { Intake } from './intake.service.js';
import { MailOpener } from './mail-opener.js';
import { MailboxPolling } from './mailbox-polling.js';
import { Reading } from './reading.service.js';
import { Rounds } from './rounds.js';
import { Names, SenderCheck } from './sender-check.js';
import { UndeliverableAddresses } from './undeliverable.service.js';
import { Understanding } from './understanding.service.js';

const shared = [HeldMailService, InboundReaders, Intake, Reading, Rounds, UndeliverableAddresses];

/** What comes back by email: taken in, kept, opened, told apart and handed to whoever understands it. */
@Global()
@Module({
  providers: [...shared, InboundMailServer, MailboxPolling, MailOpener, Names, SenderCheck, Understanding],
  exports: [...shared, InboundMailServer],
})
export class InboundModule implements OnModuleInit, OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly log = new Logger('Mail');

  constructor(
    @Inject(SETTINGS) private readonly settings: Settings,
    @Inject(Sweeps) private readonly sweeps: Sweeps,
    @Inject(Rounds) private readonly rounds: Rounds,
    @Inject(InboundMailServer) private readonly server: InboundMailServer,
    @Inject(MailboxPolling) private readonly mailbox: MailboxPolling,
  ) {}

  onModuleInit(): void {
    this.sweeps.add(() => this.rounds.run());
    this.sweeps.add(() => this.rounds.tidy());
  }

  async onApplicationBootstrap(): Promise<void> {
    if (this.settings.role === 'web') return;
    this.rounds.start();
    this.mailbox.start();
    const { port, portIsOptional } = this.settings.inbound;
    if (port === undefined) return;
    await this.server.listen(port).catch((error: unknown) => {
      if (!portIsOptional || !(error instanceof SettingProblem)) throw error;
      this.log.debug(error.message);
    });
  }

  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all([this.server.stop(), this.mailbox.stop()]);
    await this.rounds.stop();
  }
}
