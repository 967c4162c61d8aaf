/**
 * Stands between the service, the workers and PostgreSQL, in a process of its own, and breaks connections when told. A
 * cut "after the commit" waits until PostgreSQL says that something was committed, and keeps that answer to itself.
 */
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { type OtherFault } from './plan.js';

export type ConnectionFault = Extract<OtherFault, `connection ${string}`>;

/** Whose connections: the service's, or the mail workers'. */
export type Side = 'service' | 'worker';

export interface ProxyPlan {
  /** PostgreSQL's socket. */
  readonly socket: string;
  /** How long a delayed connection is silent, in milliseconds. */
  readonly delay: number;
  /** How long a half-open connection is silent before it is reset, in milliseconds. */
  readonly halfOpen: number;
}

export type Ports = Readonly<Record<Side, number>>;
export type Broken = Partial<Record<ConnectionFault, number>>;

/** How long a side may be waited for to commit something, in milliseconds. */
const PATIENCE = 2_000;

/** PostgreSQL's word that a transaction, or a change outside one, was committed; and that nothing is open any more. */
const COMMITTED = /(?:COMMIT|UPDATE [1-9]\d*)\0/;
const AT_REST = Buffer.from([0x5a, 0, 0, 0, 5, 0x49]);

function tellsOfCommit(bytes: Buffer): boolean {
  return bytes.subarray(-AT_REST.length).equals(AT_REST) && COMMITTED.test(bytes.toString('latin1'));
}

/** One connection through the proxy: bytes go both ways unless they are held. */
class Line {
  private held: (() => void)[] | undefined;
  busyAt = 0;

  constructor(
    readonly client: Socket,
    private readonly server: Socket,
    private readonly cutsNow: () => boolean,
    gone: () => void,
  ) {
    const end = (): void => {
      client.destroy();
      server.destroy();
      gone();
    };
    for (const socket of [client, server]) socket.on('error', () => undefined).on('close', end);
    client.on('data', (bytes) => {
      this.busyAt = performance.now();
      this.pass(() => server.write(bytes));
    });
    server.on('data', (bytes) => {
      if (tellsOfCommit(bytes) && cutsNow()) this.cut();
      else this.pass(() => client.write(bytes));
    });
  }

  cut(): void {
    this.client.resetAndDestroy();
    this.server.destroy();
  }

  /** Holds back what comes until `ms` have passed; then `after` happens to the connection, or it flows again. */
  hold(ms: number, after: 'cut' | 'flow'): void {
    this.held ??= [];
    setTimeout(() => {
      const held = this.held ?? [];
      this.held = undefined;
      if (after === 'cut') this.cut();
      else for (const pass of held) pass();
    }, ms);
  }

  get isHeld(): boolean {
    return this.held !== undefined;
  }

  private pass(on: () => void): void {
    if (this.held === undefined) on();
    else this.held.push(on);
  }
}

class Proxy {
  private readonly lines: Record<Side, Set<Line>> = { service: new Set(), worker: new Set() };
  private readonly cuts: Record<Side, number> = { service: 0, worker: 0 };
  private readonly broken: Broken = {};

  constructor(private readonly plan: ProxyPlan) {}

  async listen(): Promise<Ports> {
    return { service: await this.serve('service'), worker: await this.serve('worker') };
  }

  /** Breaks a connection of one side: the one that was busy last, or the next that commits. */
  break(side: Side, fault: ConnectionFault): void {
    if (fault === 'connection cut after the commit') {
      this.cuts[side] += 1;
      setTimeout(() => {
        this.cutTheOther(side);
      }, PATIENCE);
      return;
    }
    const busiest = [...this.lines[side]]
      .filter((line) => !line.isHeld)
      .sort((one, other) => other.busyAt - one.busyAt)[0];
    if (busiest === undefined) {
      // Nobody is connected just now: whoever comes next is struck.
      setTimeout(() => {
        this.break(side, fault);
      }, 50);
      return;
    }
    this.count(fault);
    if (fault === 'connection cut') busiest.cut();
    else if (fault === 'connection delayed') busiest.hold(this.plan.delay, 'flow');
    else busiest.hold(this.plan.halfOpen, 'cut');
  }

  /** A side that commits nothing any more is no side to cut. */
  private cutTheOther(side: Side): void {
    if (this.cuts[side] === 0) return;
    this.cuts[side] -= 1;
    this.cuts[side === 'service' ? 'worker' : 'service'] += 1;
  }

  counts(): Broken {
    return this.broken;
  }

  private count(fault: ConnectionFault): void {
    this.broken[fault] = (this.broken[fault] ?? 0) + 1;
  }

  private async serve(side: Side): Promise<number> {
    const cutsNow = (): boolean => {
      if (this.cuts[side] === 0) return false;
      this.cuts[side] -= 1;
      this.count('connection cut after the commit');
      return true;
    };
    const server: Server = createServer((client) => {
      const line: Line = new Line(client.setNoDelay(true), connect(this.plan.socket), cutsNow, () => {
        this.lines[side].delete(line);
      });
      this.lines[side].add(line);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return (server.address() as AddressInfo).port;
  }
}

let proxy: Proxy | undefined;
process.on(
  'message',
  (message: { plan?: ProxyPlan; break?: { side: Side; fault: ConnectionFault }; ask?: 'counts' }) => {
    if (message.plan !== undefined) {
      proxy = new Proxy(message.plan);
      void proxy.listen().then((ports) => process.send?.({ ports }));
    } else if (message.break !== undefined) proxy?.break(message.break.side, message.break.fault);
    else process.send?.({ broken: proxy?.counts() });
  },
);
process.on('disconnect', () => process.exit(0));
