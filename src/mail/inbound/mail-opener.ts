import { Worker } from 'node:worker_threads';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { BOUNDS, type TakenApart } from './taken-apart.js';

/** A message taken apart, or why it could not be. */
export type Opening = { readonly mail: TakenApart } | { readonly why: string };

interface Answer {
  readonly number: number;
  readonly mail?: TakenApart;
  readonly why?: string;
}

const UNCOMPILED = import.meta.filename.endsWith('.ts');

/** Takes messages apart in a thread of its own, one after the other; one over five seconds is given up with its thread. */
@Injectable()
export class MailOpener implements OnApplicationShutdown {
  private thread: Worker | undefined;
  private turn: Promise<unknown> = Promise.resolve();
  private number = 0;

  /** Takes one message apart; never throws. `limitMs` is the time it may take. */
  async open(bytes: Buffer, limitMs: number = BOUNDS.time): Promise<Opening> {
    const mine = this.turn.then(() => this.one(bytes, limitMs));
    this.turn = mine;
    return mine;
  }

  async onApplicationShutdown(): Promise<void> {
    await this.drop();
  }

  private async one(bytes: Buffer, limitMs: number): Promise<Opening> {
    this.thread ??= await this.start();
    const { thread } = this;
    this.number += 1;
    const opening = await answerOf(thread, { number: this.number, bytes: new Uint8Array(bytes) }, limitMs);
    if (opening === undefined) {
      await this.drop();
      return { why: 'It could not be taken apart in time' };
    }
    return opening;
  }

  /** The time limit is a message's, so it begins once the thread is there. */
  private async start(): Promise<Worker> {
    const thread = await started();
    thread
      .on('error', () => undefined)
      .once('exit', () => {
        if (this.thread === thread) this.thread = undefined;
      });
    return thread;
  }

  private async drop(): Promise<void> {
    const thread = this.thread;
    this.thread = undefined;
    await thread?.terminate();
  }
}

async function started(): Promise<Worker> {
  const file = new URL(`./opening-thread.${UNCOMPILED ? 'ts' : 'js'}`, import.meta.url);
  const thread = new Worker(file, {
    execArgv: UNCOMPILED ? ['--import', 'tsx'] : [],
    resourceLimits: { maxOldGenerationSizeMb: 256 },
  });
  thread.unref();
  await new Promise<void>((resolve) => {
    thread.once('online', resolve).once('error', () => {
      resolve();
    });
  });
  return thread;
}

async function answerOf(
  thread: Worker,
  order: { number: number; bytes: Uint8Array<ArrayBuffer> },
  limitMs: number,
): Promise<Opening | undefined> {
  return new Promise((resolve) => {
    const end = (opening: Opening | undefined): void => {
      clearTimeout(timer);
      thread.off('message', answered).off('error', failed).off('exit', failed);
      resolve(opening);
    };
    const answered = ({ number, mail, why }: Answer): void => {
      if (number === order.number) end(mail === undefined ? { why: why ?? 'It is broken' } : { mail });
    };
    const failed = (): void => {
      end(undefined);
    };
    const timer = setTimeout(failed, limitMs);
    thread.on('message', answered).once('error', failed).once('exit', failed);
    thread.postMessage(order, [order.bytes.buffer]);
  });
}
