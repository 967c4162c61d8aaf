/** What the processes of a measurement say to each other. */
import { type Server } from 'node:http';
import { type AddressInfo } from 'node:net';

/** One that asks: which authority, and as which member of staff. */
export interface Asker {
  readonly authorityId: number;
  readonly staffId: string;
  readonly name: string;
  readonly token: string;
}

/** What a measured server is started with. */
export interface ServerPlan {
  readonly databaseUrl: string;
  readonly poolSize: number;
  readonly linkPepper: string;
  /** Hexadecimal. */
  readonly sealingKey: string;
  readonly askers: readonly Asker[];
}

/** What a process has used since it began: microseconds of processor, bytes of memory. */
export interface Usage {
  readonly cpu: number;
  readonly rss: number;
}

export interface PreparedRequest {
  readonly token: string;
  readonly body: string;
}

/** One stretch of load. */
export interface Burst {
  readonly port: number;
  readonly path: string;
  readonly requests: readonly PreparedRequest[];
  /** The first of the requests to send; they are sent in turn. */
  readonly from: number;
  readonly connections: number;
  readonly seconds: number;
}

/** Milliseconds; a request that was not answered with 200 and without errors has failed. */
export interface BurstResult {
  readonly requests: number;
  readonly failed: number;
  readonly seconds: number;
  readonly p50: number;
  readonly p99: number;
  readonly bytes: number;
}

/** Runs a measured server: begins when the plan comes, tells its port, answers what it has used, ends when told. */
export function serveMeasured(
  start: (plan: ServerPlan) => Promise<{ server: Server; stop: () => Promise<void> }>,
): void {
  let stop: () => Promise<void> = async () => undefined;
  process.on('message', (message: { plan?: ServerPlan; ask?: 'usage' | 'stop' }) => {
    if (message.plan !== undefined) {
      start(message.plan).then((begun) => {
        stop = begun.stop;
        process.send?.({ port: (begun.server.address() as AddressInfo).port });
      }, fail);
    } else if (message.ask === 'usage') {
      const { user, system } = process.cpuUsage();
      process.send?.({ usage: { cpu: user + system, rss: process.memoryUsage.rss() } satisfies Usage });
    } else stop().then(() => process.exit(0), fail);
  });
  process.on('disconnect', () => process.exit(1));
}

function fail(error: unknown): void {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exit(1);
}
