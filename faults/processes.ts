/** The processes of a run: started, asked, killed, frozen, started again. */
import { type ChildProcess, fork, spawn } from 'node:child_process';
import { join } from 'node:path';

const isTs = import.meta.filename.endsWith('.ts');
const here = (file: string): string => join(import.meta.dirname, `${file}.${isTs ? 'ts' : 'js'}`);
const NODE_FLAGS: readonly string[] = isTs ? ['--import', 'tsx'] : ['--enable-source-maps'];

/** Settings for a process, beside what every process has. */
export type Environment = Readonly<Record<string, string>>;

/** Secrets of a run. */
export const SECRETS: Environment = {
  LINK_PEPPER: 'a pepper that is only broken on purpose',
  SEALING_KEY: '5e'.repeat(32),
  SESSION_SECRET: 'a secret that is only broken on purpose',
  MAIL_DOMAIN: 'reply.quorate.example',
};

/** What every process has, and its own. */
export function environment(own: Environment): NodeJS.ProcessEnv {
  return { PATH: process.env.PATH, HOME: process.env.HOME, TZ: process.env.TZ, LOG_LEVEL: 'error', ...own };
}

/** A process of ours that answers one message with one message. */
export class Asked {
  private readonly child: ChildProcess;

  constructor(file: string) {
    this.child = fork(here(file), [], { execArgv: [...NODE_FLAGS], stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    this.child.setMaxListeners(0);
    this.child.on('error', () => undefined);
  }

  /** Tells it something and waits for the answer that has `key`. */
  async ask<T>(message: object, key: string): Promise<T> {
    return new Promise((resolve, reject) => {
      const ended = (): void => {
        reject(new Error('A process of the run ended: its reason stands above.'));
      };
      const hear = (answer: Readonly<Record<string, unknown>>): void => {
        if (!(key in answer)) return;
        this.child.off('message', hear);
        this.child.off('exit', ended);
        resolve(answer[key] as T);
      };
      this.child.on('message', hear);
      this.child.once('exit', ended);
      this.child.send(message);
    });
  }

  tell(message: object): void {
    this.child.send(message);
  }

  /** Ends it, however many connections it holds. */
  end(): void {
    this.child.kill('SIGKILL');
  }
}

/** The service, which can be asked. */
export const SERVICE = here('service');

/** A process of the service; `log` is the number of the file where it says what goes wrong. */
export function forkService(own: Environment, log: number): ChildProcess {
  return fork(SERVICE, [], {
    execArgv: [...NODE_FLAGS],
    env: environment(own),
    stdio: ['ignore', 'ignore', log, 'ipc'],
  });
}

/** What preloads a file of this folder into a process. */
export function preloading(file: string): string[] {
  return [...NODE_FLAGS, '--import', here(file)];
}

/** The mail worker, as the product starts it. */
export const WORKER = join(import.meta.dirname, `../src/mail/sending/sending-worker.${isTs ? 'ts' : 'js'}`);

/** A mail worker, as the product starts it; started again whenever it ends, until it is told to stay away. */
export class MailWorker {
  private child: ChildProcess;
  private wanted = true;
  frozen = false;
  /** How often it ended without being told to. */
  fell = 0;

  constructor(
    private readonly own: Environment,
    private readonly flags: readonly string[],
    /** Where it says what goes wrong: a file's number. */
    private readonly log: number,
  ) {
    this.child = this.start();
  }

  private start(): ChildProcess {
    const child = spawn(process.execPath, [...this.flags, WORKER], {
      env: environment(this.own),
      stdio: ['ignore', 'ignore', this.log],
    });
    child.once('exit', (_, signal) => {
      if (!this.wanted || child !== this.child) return;
      if (signal !== 'SIGKILL') this.fell += 1;
      setTimeout(
        () => {
          if (this.wanted) this.child = this.start();
        },
        signal === 'SIGKILL' ? 0 : 250,
      );
    });
    return child;
  }

  /** kill -9. False when it was not there to be killed. */
  async kill(): Promise<boolean> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return false;
    const { child } = this;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await ended;
    return child.signalCode === 'SIGKILL';
  }

  /** Stops it where it is for some milliseconds. False when it was killed meanwhile. */
  async freeze(ms: number): Promise<boolean> {
    const { child } = this;
    this.frozen = true;
    const stopped = child.kill('SIGSTOP');
    await new Promise((resolve) => setTimeout(resolve, ms));
    this.frozen = false;
    return stopped && child.kill('SIGCONT');
  }

  async end(): Promise<void> {
    this.wanted = false;
    await this.kill();
  }
}
