/**
 * A mail server in a process of its own. It takes whatever it is given as often as it is given it, writes each taking on
 * the disk before it answers, and misbehaves as planned. Beside it an HTTP look-up answers "did you take this?", a
 * little late, as a relay's log would.
 */
import { createServer } from 'node:http';
import { type AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server';
import { acceptanceOf } from './acceptance.js';
import { Journal } from './journal.js';
import { type MailFault } from './plan.js';

/** What a sink is started with. Milliseconds. */
export interface SinkPlan {
  readonly journal: string;
  readonly conduct: readonly (readonly [address: string, faults: readonly MailFault[]])[];
  /** How long it keeps a sender waiting that it leaves without an answer. */
  readonly stall: number;
  /** How long it holds every answer back when it is slow. */
  readonly slow: number;
  /** How long a greylisted sender has to wait. */
  readonly greylist: number;
  /** How long a connection may be silent. */
  readonly idle: number;
  /** How late the look-up knows. */
  readonly lag: number;
}

export interface SinkTold {
  readonly smtp: number;
  readonly lookup: number;
}

export type Performed = Partial<Record<MailFault, number>>;

type Answer = (error?: Error | null) => void;

function smtpError(responseCode: number, message: string): Error {
  return Object.assign(new Error(message), { responseCode });
}

/** What a recipient can be answered with, before any content. */
const REFUSALS: Partial<Record<MailFault, readonly [code: number, words: string]>> = {
  'refuses for good (550)': [550, 'No such mailbox'],
  'refuses for now (450)': [450, 'Mailbox busy'],
  'closes (421)': [421, 'Shutting down'],
  greylists: [450, 'Greylisted, come back later'],
};

class Sink {
  private readonly journal: Journal;
  private readonly conduct: Map<string, MailFault[]>;
  private readonly underWay = new Map<string, MailFault>();
  private readonly greylisted = new Map<string, number>();
  private readonly taken = new Map<string, number>();
  private readonly performed = new Map<MailFault, number>();
  private order = 0;
  private readonly server: SMTPServer;

  constructor(private readonly plan: SinkPlan) {
    this.journal = new Journal(plan.journal);
    this.conduct = new Map(plan.conduct.map(([address, faults]) => [address, [...faults]]));
    this.server = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS', 'AUTH'],
      disableReverseLookup: true,
      socketTimeout: plan.idle,
      closeTimeout: 100,
      maxClients: 1_000,
      maxAllowedUnauthenticatedCommands: false,
      onRcptTo: ({ address }, session, answer) => void this.address(address, session, answer),
      onData: (stream, session, answer) => void this.content(stream, session, answer),
    });
    this.server.on('error', () => undefined);
  }

  async listen(): Promise<SinkTold> {
    const lookup = createServer((request, response) => {
      const id = new URL(request.url ?? '/', 'http://localhost').searchParams.get('id') ?? '';
      const at = this.taken.get(id);
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ taken: at !== undefined && at + this.plan.lag <= Date.now() }));
    });
    await new Promise<void>((resolve) => lookup.listen(0, '127.0.0.1', resolve));
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    const portOf = (address: unknown): number => (address as AddressInfo).port;
    return { smtp: portOf(this.server.server.address()), lookup: portOf(lookup.address()) };
  }

  /** What it has done so far. */
  counts(): { performed: Performed; taken: number } {
    return { performed: Object.fromEntries(this.performed), taken: this.order };
  }

  private count(fault: MailFault): void {
    this.performed.set(fault, (this.performed.get(fault) ?? 0) + 1);
  }

  /** A recipient is named: what was planned for them happens now, or once the content comes. */
  private async address(address: string, session: SMTPServerSession, answer: Answer): Promise<void> {
    const until = this.greylisted.get(address);
    if (until !== undefined && Date.now() < until) {
      answer(smtpError(450, 'Greylisted, come back later'));
      return;
    }
    const fault = this.conduct.get(address)?.shift();
    if (fault === undefined) {
      answer();
      return;
    }
    await this.beforeContent(fault, { address, session, answer });
  }

  private async beforeContent(
    fault: MailFault,
    { address, session, answer }: { address: string; session: SMTPServerSession; answer: Answer },
  ): Promise<void> {
    const refusal = REFUSALS[fault];
    if (fault === 'greylists') this.greylisted.set(address, Date.now() + this.plan.greylist);
    if (refusal !== undefined) {
      this.count(fault);
      answer(smtpError(...refusal));
    } else if (fault === 'drops before the content') {
      this.count(fault);
      this.destroy(session);
    } else {
      this.underWay.set(session.id, fault);
      if (fault === 'is slow') await sleep(this.plan.slow);
      answer();
    }
  }

  private async content(stream: SMTPServerDataStream, session: SMTPServerSession, answer: Answer): Promise<void> {
    const fault = this.underWay.get(session.id);
    this.underWay.delete(session.id);
    const parts: Buffer[] = [];
    try {
      for await (const part of stream) {
        if (fault === 'drops within the content') break;
        parts.push(part as Buffer);
      }
    } catch {
      return;
    }
    if (fault !== undefined) this.count(fault);
    const bytes = Buffer.concat(parts);
    if (fault === undefined || fault === 'is slow') {
      if (fault !== undefined) await sleep(this.plan.slow);
      await this.take(session, bytes);
      answer();
    } else await this.afterContent(fault, { session, bytes, answer });
  }

  private async afterContent(
    fault: MailFault,
    { session, bytes, answer }: { session: SMTPServerSession; bytes: Buffer; answer: Answer },
  ): Promise<void> {
    if (fault === 'refuses after the content (451)') {
      answer(smtpError(451, 'Try again later'));
      return;
    }
    if (fault === 'takes it and loses the answer' || fault === 'takes it and stalls') await this.take(session, bytes);
    if (fault === 'stalls and does not take it' || fault === 'takes it and stalls') await sleep(this.plan.stall);
    this.destroy(session);
  }

  private async take(session: SMTPServerSession, bytes: Buffer): Promise<void> {
    const { mailFrom, rcptTo } = session.envelope;
    const envelope = { from: mailFrom === false ? '' : mailFrom.address, to: rcptTo.map(({ address }) => address) };
    this.order += 1;
    const acceptance = acceptanceOf(envelope, bytes, this.order, Date.now());
    await this.journal.add(acceptance);
    if (!this.taken.has(acceptance.messageId)) this.taken.set(acceptance.messageId, Date.now());
  }

  private destroy(session: SMTPServerSession): void {
    for (const connection of this.server.connections) {
      const { id, _socket: socket } = connection as { id: string; _socket: { destroy(): void } };
      if (id === session.id) socket.destroy();
    }
  }
}

let sink: Sink | undefined;
process.on('message', (message: { plan?: SinkPlan; ask?: 'counts' }) => {
  if (message.plan !== undefined) {
    sink = new Sink(message.plan);
    void sink.listen().then((told) => process.send?.({ told }));
  } else process.send?.({ counts: sink?.counts() });
});
process.on('disconnect', () => process.exit(0));
