/** A process that can be killed at a point of its work, by what is loaded before it. */
import { type ChildProcess } from 'node:child_process';

export class Mortal {
  constructor(
    private readonly child: ChildProcess,
    /** By which PostgreSQL knows its connections. */
    readonly name = '',
  ) {
    child.on('error', () => undefined);
    child.setMaxListeners(0);
  }

  get isAlive(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  /** Asks and waits for an answer that has `key`; undefined when it died over it. */
  async ask<T>(message: object, key: string): Promise<T | undefined> {
    if (!this.isAlive) return undefined;
    return new Promise((resolve) => {
      const done = (answer: T | undefined): void => {
        this.child.off('message', hear).off('exit', died);
        resolve(answer);
      };
      const hear = (answer: Readonly<Record<string, unknown>>): void => {
        if (key in answer) done(answer as T);
      };
      const died = (): void => {
        done(undefined);
      };
      this.child.on('message', hear).on('exit', died);
      this.child.send(message, () => undefined);
    });
  }

  /** From now on it counts its points and dies at the nth; 0 only counts. */
  async arm(n: number): Promise<void> {
    await this.ask({ arm: n }, 'armed');
  }

  /** How many points it has counted; 0 when it died. */
  async points(): Promise<number> {
    return (await this.ask<{ points: number }>({ ask: 'points' }, 'points'))?.points ?? 0;
  }

  async kill(): Promise<void> {
    if (!this.isAlive) return;
    const ended = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.kill('SIGKILL');
    await ended;
  }
}
