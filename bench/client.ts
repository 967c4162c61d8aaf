/**
 * The one that asks, in a process of its own: a fixed number of connections, each with one request under way. It speaks
 * HTTP over bare sockets, so that on a small machine the measured servers keep the processors.
 */
import { connect, type Socket } from 'node:net';
import { type Burst, type BurstResult } from './protocol.js';

const HEAD_END = Buffer.from('\r\n\r\n');
const CHUNKS_END = Buffer.from('\r\n0\r\n\r\n');

interface Tally {
  readonly times: number[];
  failed: number;
  bytes: number;
}

/** One connection that sends the next request as soon as it has the answer to the last. */
class Connection {
  private readonly socket: Socket;
  private parts: Buffer[] = [];
  private held = 0;
  private wanted: number | undefined;
  private ended: (() => void) | undefined;
  private began = 0;
  private ok = true;
  private chunked = false;

  constructor(
    port: number,
    private readonly next: () => Buffer | undefined,
    private readonly tally: Tally,
  ) {
    this.socket = connect(port, '127.0.0.1').setNoDelay(true);
    this.socket.on('data', (part) => {
      this.take(part);
    });
    this.socket.on('error', () => {
      this.tally.failed += 1;
    });
    this.socket.on('close', () => this.ended?.());
  }

  async run(): Promise<void> {
    const ended = new Promise<void>((resolve) => (this.ended = resolve));
    await new Promise<void>((resolve) => this.socket.once('connect', resolve).once('error', resolve));
    this.send();
    await ended;
  }

  private send(): void {
    const request = this.next();
    if (request === undefined) {
      this.socket.end();
      return;
    }
    this.parts = [];
    this.held = 0;
    this.wanted = undefined;
    this.began = performance.now();
    this.socket.write(request);
  }

  private take(part: Buffer): void {
    this.parts.push(part);
    this.held += part.length;
    if (this.wanted === undefined) this.readHead();
    if (this.wanted === undefined || this.held < this.wanted || !this.isWhole()) return;
    this.tally.times.push(performance.now() - this.began);
    this.tally.bytes += this.held;
    if (!this.ok) this.tally.failed += 1;
    this.send();
  }

  private readHead(): void {
    const all = Buffer.concat(this.parts);
    const end = all.indexOf(HEAD_END);
    if (end < 0) return;
    const head = all.toString('latin1', 0, end);
    const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
    this.chunked = length === undefined;
    this.wanted = length === undefined ? end + 8 : end + HEAD_END.length + Number(length);
    this.ok =
      head.startsWith('HTTP/1.1 200') &&
      !all.subarray(end).includes('"errors":[') &&
      !all.subarray(end).includes('"code":"');
  }

  /** An answer in pieces ends with an empty piece. */
  private isWhole(): boolean {
    return !this.chunked || Buffer.concat(this.parts.slice(-2)).subarray(-CHUNKS_END.length).equals(CHUNKS_END);
  }
}

function encode({ port, path, requests }: Burst): Buffer[] {
  return requests.map(({ token, body }) =>
    Buffer.from(
      `POST ${path} HTTP/1.1\r\nHost: localhost:${port}\r\nContent-Type: application/json\r\nAccept: application/json\r\n` +
        `Authorization: Bearer ${token}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    ),
  );
}

async function burst(plan: Burst): Promise<BurstResult> {
  const requests = encode(plan);
  const tally: Tally = { times: [], failed: 0, bytes: 0 };
  let at = plan.from;
  const began = performance.now();
  const until = began + plan.seconds * 1000;
  const next = (): Buffer | undefined => {
    if (performance.now() >= until) return undefined;
    at += 1;
    return requests[at % requests.length];
  };
  await Promise.all(Array.from({ length: plan.connections }, () => new Connection(plan.port, next, tally).run()));
  const seconds = (performance.now() - began) / 1000;
  const times = tally.times.sort((one, other) => one - other);
  const at99 = times[Math.min(times.length - 1, Math.floor(times.length * 0.99))] ?? 0;
  return {
    requests: times.length,
    failed: tally.failed,
    seconds,
    p50: times[Math.floor(times.length / 2)] ?? 0,
    p99: at99,
    bytes: tally.bytes,
  };
}

process.on('message', (message: { burst?: Burst }) => {
  if (message.burst === undefined) process.exit(0);
  void burst(message.burst).then((result) => process.send?.({ result }));
});
process.on('disconnect', () => process.exit(0));
