import { Inject, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { type Settings, SETTINGS } from '../config.js';
import { Clock } from './clock.js';
import { Database } from './database.js';
import { Queue } from './queue.js';

/** What goes by itself, with nobody's decision: sign-ins that ended, limits that ran out. */
const ENDED = [
  'delete from login_session where expire < $1',
  'delete from rate_limit where expire < extract(epoch from $1::timestamptz) * 1000',
];

/**
 * Whatever falls due is a row compared with the service's clock; once a minute the queue wakes every sweep, in one
 * process of however many, and each looks for itself.
 */
@Injectable()
export class Sweeps implements OnApplicationBootstrap {
  private readonly log = new Logger('Sweeps');
  private readonly sweeps: ((now: Date) => Promise<void>)[] = [];

  constructor(
    @Inject(SETTINGS) private readonly settings: Settings,
    @Inject(Queue) private readonly queue: Queue,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Database) private readonly database: Database,
  ) {}

  /** Adds a sweep; it must be safe to run twice. Called once, when the module starts. */
  add(sweep: (now: Date) => Promise<void>): void {
    this.sweeps.push(sweep);
  }

  async onApplicationBootstrap(): Promise<void> {
    if (this.settings.role === 'web') return;
    await this.queue.start();
    await this.queue.work('sweep', () => this.run());
    await this.queue.schedule('sweep', '* * * * *');
  }

  /** Runs every sweep once; one that fails does not keep the others from running. */
  async run(): Promise<void> {
    const now = this.clock.now();
    const ended = async (): Promise<void> => {
      for (const statement of ENDED) await this.database.source.query(statement, [now]);
    };
    for (const sweep of [ended, ...this.sweeps.map((one) => () => one(now))]) {
      await sweep().catch((error: unknown) => {
        this.log.error(error instanceof Error ? error.message : 'a sweep failed');
      });
    }
  }
}
