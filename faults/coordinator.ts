/** One who does what a coordinator does, through a process of the service that may be killed under them. */
import { type ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Actor } from '../src/access/actor.js';
import { type Journal } from './journal.js';
import { type Environment, forkService } from './processes.js';
import { type Deed, type DeedAnswer } from './words.js';

/** A line of the driver's own journal: what it was about to do, or what it was told became of it. */
export type Promised = { readonly n: number; readonly begins: Deed; readonly authorityId: number } | DeedAnswer;

/** Who got an error page looks at it for a moment. Milliseconds. */
const PAUSE = 250;

type Answered = (answer: DeedAnswer) => void;

/** A process of the service and everything asked of it. */
export class Coordinator {
  private child: ChildProcess | undefined;
  private ready: Promise<void>;
  private readonly open = new Map<number, Answered>();
  private wanted = true;

  constructor(
    private readonly own: Environment,
    private readonly log: number,
    private readonly journal: Journal,
    private readonly next: () => number,
  ) {
    this.ready = this.start();
  }

  /** Does something, with what is meant on the disk before, and what became of it on the disk after. */
  async do(by: Actor, deed: Deed): Promise<DeedAnswer> {
    await this.ready;
    const n = this.next();
    await this.journal.add({ n, begins: deed, authorityId: by.authorityId } satisfies Promised);
    const answer = await this.asked(n, by, deed);
    await this.journal.add(answer satisfies Promised);
    if ('unknown' in answer) await sleep(PAUSE);
    return answer;
  }

  /** kill -9; whoever waits for an answer never learns it. Comes back when the next one is ready. */
  async kill(): Promise<void> {
    this.child?.kill('SIGKILL');
    await new Promise((resolve) => setTimeout(resolve, 50));
    await this.ready;
  }

  end(): void {
    this.wanted = false;
    this.child?.kill('SIGKILL');
  }

  private async asked(n: number, by: Actor, deed: Deed): Promise<DeedAnswer> {
    return new Promise((resolve) => {
      this.open.set(n, resolve);
      this.child?.send({ n, by, deed }, (error) => {
        if (error !== null) this.answered({ n, unknown: 'The service was not there' });
      });
    });
  }

  private answered(answer: DeedAnswer): void {
    this.open.get(answer.n)?.(answer);
    this.open.delete(answer.n);
  }

  private async start(): Promise<void> {
    const child = forkService(this.own, this.log);
    this.child = child;
    await new Promise<void>((resolve, reject) => {
      child.on('message', (message: { ready?: true } | DeedAnswer) => {
        if ('n' in message) this.answered(message);
        else resolve();
      });
      child.once('exit', () => {
        for (const n of [...this.open.keys()]) this.answered({ n, unknown: 'The service was killed' });
        if (!this.wanted) reject(new Error('The run is over'));
        else {
          this.ready = new Promise((again) => setTimeout(again, 50)).then(() => this.start());
          this.ready.then(resolve, reject);
        }
      });
    });
  }
}
