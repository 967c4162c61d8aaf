/** The processes of a measurement, and what one stretch of load on one of them shows. */
import { type ChildProcess, fork } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Burst, type BurstResult, type ServerPlan, type Usage } from './protocol.js';

const isTs = import.meta.filename.endsWith('.ts');
/** The same flags for both sides. */
export const NODE_FLAGS: readonly string[] = ['--max-semi-space-size=64'];

type Message = Partial<{ port: number; usage: Usage; result: BurstResult }>;

/** A process of the measurement: one question to it at a time. */
class Worker {
  private readonly child: ChildProcess;

  constructor(file: string, flags: readonly string[]) {
    this.child = fork(join(import.meta.dirname, `${file}.${isTs ? 'ts' : 'js'}`), [], {
      execArgv: [...flags, ...(isTs ? ['--import', 'tsx'] : [])],
      env: { ...process.env, NODE_ENV: 'production' },
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
  }

  async ask<K extends keyof Message>(message: object, key: K): Promise<NonNullable<Message[K]>> {
    return new Promise((resolve, reject) => {
      const ended = (): void => {
        reject(new Error('A process of the measurement ended: its reason stands above.'));
      };
      this.child.once('exit', ended);
      this.child.once('message', (answer: Message) => {
        this.child.off('exit', ended);
        const found = answer[key];
        if (found === undefined) reject(new Error(`No ${key} was told.`));
        else resolve(found);
      });
      this.child.send(message);
    });
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null) return;
    const ended = new Promise((resolve) => this.child.once('exit', resolve));
    if (this.child.connected) this.child.send({ ask: 'stop' });
    const late = setTimeout(() => this.child.kill('SIGKILL'), 10_000);
    await ended;
    clearTimeout(late);
  }
}

/** A measured server in a process of its own. */
export class Measured {
  port = 0;
  private readonly worker: Worker;

  constructor(readonly name: 'ours' | 'bare') {
    this.worker = new Worker(`${name === 'ours' ? 'our' : 'bare'}-server`, NODE_FLAGS);
  }

  async start(plan: ServerPlan): Promise<void> {
    this.port = await this.worker.ask({ plan }, 'port');
  }

  get path(): string {
    return this.name === 'ours' ? '/graphql' : '/';
  }

  async usage(): Promise<Usage> {
    return this.worker.ask({ ask: 'usage' }, 'usage');
  }

  async stop(): Promise<void> {
    await this.worker.stop();
  }
}

/** What one stretch of load showed. Milliseconds for each request, except where said. */
export interface Shown {
  readonly perSecond: number;
  readonly cpu: number;
  /** Of PostgreSQL's processes; not a number where the system does not tell. */
  readonly postgresCpu: number;
  readonly p50: number;
  readonly p99: number;
  /** Of the server's process, in megabytes. */
  readonly memory: number;
  /** Of one answer with its head, in bytes. */
  readonly size: number;
}

/** The one that asks, with what is needed to see what it cost. */
export class Load {
  private readonly worker = new Worker('client', []);

  constructor(private readonly dataFolder: string) {}

  /** Asks for some seconds. Throws when anything was answered with an error. */
  async on(server: Measured, burst: Omit<Burst, 'port' | 'path'>): Promise<Shown> {
    const before = await server.usage();
    const postgresBefore = postgresCpu(this.dataFolder);
    const result = await this.worker.ask({ burst: { ...burst, port: server.port, path: server.path } }, 'result');
    const after = await server.usage();
    const postgres = postgresCpu(this.dataFolder) - postgresBefore;
    if (result.failed > 0) throw new Error(`${result.failed} of ${result.requests} requests to ${server.name} failed.`);
    return {
      perSecond: result.requests / result.seconds,
      cpu: (after.cpu - before.cpu) / 1000 / result.requests,
      postgresCpu: postgres / result.requests,
      p50: result.p50,
      p99: result.p99,
      memory: after.rss / 1e6,
      size: result.bytes / result.requests,
    };
  }

  async stop(): Promise<void> {
    await this.worker.stop();
  }
}

/** Linux counts in hundredths of a second. */
const TICK_MS = 10;

/** What PostgreSQL's processes have used, those that have ended too, in milliseconds; not a number where there is no /proc. */
function postgresCpu(dataFolder: string): number {
  try {
    const postmaster = readFileSync(join(dataFolder, 'postmaster.pid'), 'utf8').split('\n')[0] ?? '';
    let ticks = 0;
    for (const id of readdirSync('/proc')) if (/^\d+$/.test(id)) ticks += ticksOf(id, postmaster);
    return ticks * TICK_MS;
  } catch {
    return Number.NaN;
  }
}

function ticksOf(id: string, postmaster: string): number {
  try {
    const stat = readFileSync(`/proc/${id}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const used = ([user, system]: readonly [number, number]): number => Number(fields[user]) + Number(fields[system]);
    if (id === postmaster) return used([13, 14]);
    return fields[1] === postmaster ? used([11, 12]) : 0;
  } catch {
    return 0;
  }
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2;
}
