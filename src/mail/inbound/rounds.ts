import { Inject, Injectable, Logger } from '@nestjs/common';
import { Reading } from './reading.service.js';

const EVERY_MS = 1_000;

/**
 * Looks once a second, and at once when a message has come in, for what waits to be read; and for whatever else came
 * back that others add (refusals while sending). In a process with the worker's role.
 */
@Injectable()
export class Rounds {
  private readonly log = new Logger('Mail');
  private readonly works: (() => Promise<void>)[] = [];
  private timer: NodeJS.Timeout | undefined;
  private round: Promise<void> | undefined;
  private again = false;
  private running = false;

  constructor(@Inject(Reading) private readonly reading: Reading) {
    this.also(async () => {
      await reading.drain();
    });
  }

  /** Adds something to look for in each round; it must be safe to run twice. Called once, when a module starts. */
  also(work: () => Promise<void>): void {
    this.works.push(work);
  }

  start(): void {
    this.running = true;
    this.wake();
  }

  /** Looks now; harmless when nothing is there. */
  wake(): void {
    if (!this.running) return;
    if (this.round !== undefined) {
      this.again = true;
      return;
    }
    clearTimeout(this.timer);
    this.round = this.run().finally(() => {
      this.round = undefined;
      this.next();
    });
  }

  /** One round now, and no sooner is it over than this returns. */
  async run(): Promise<void> {
    for (const work of this.works) {
      await work().catch((error: unknown) => {
        this.log.warn(`What came back waits: ${error instanceof Error ? error.message : 'error'}`);
      });
    }
  }

  /** What goes by itself when it is old. */
  async tidy(): Promise<void> {
    await this.reading.forgetStrays();
  }

  /** Lets the round in hand finish. */
  async stop(): Promise<void> {
    this.running = false;
    clearTimeout(this.timer);
    await this.round;
  }

  private next(): void {
    if (!this.running) return;
    if (this.again) {
      this.again = false;
      this.wake();
      return;
    }
    this.timer = setTimeout(() => {
      this.wake();
    }, EVERY_MS);
    this.timer.unref();
  }
}
