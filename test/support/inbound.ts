import { createConnection, type Socket } from 'node:net';
import { InboundMailServer } from '../../src/mail/inbound/inbound-mail-server.js';
import { Rounds } from '../../src/mail/inbound/rounds.js';
import { type TestService } from './service.js';

/** What the site's mail server hears: the answer to each recipient and to the message. */
export interface Heard {
  readonly recipients: string[];
  readonly message: string;
}

/** A mail server's side of the conversation, line by line, so that it can also misbehave. */
export class SiteMailServer {
  private buffer = '';
  private waiting: ((line: string) => void) | undefined;
  private closed = false;

  private constructor(private readonly socket: Socket) {
    socket.on('data', (part) => {
      this.buffer += part.toString('latin1');
      this.tell();
    });
    socket.on('close', () => {
      this.closed = true;
      this.waiting?.('closed');
    });
    socket.on('error', () => undefined);
  }

  static async connect(port: number, hello = 'EHLO mx.northshire.example'): Promise<SiteMailServer> {
    const socket = createConnection(port, '127.0.0.1');
    const server = new SiteMailServer(socket);
    await server.answer();
    await server.say(hello);
    return server;
  }

  /** Says one line and answers with what is said to it. */
  async say(line: string): Promise<string> {
    this.socket.write(`${line}\r\n`);
    return this.answer();
  }

  /** Hands over one message. */
  async send(to: string | string[], bytes: Buffer | string, from = ''): Promise<Heard> {
    const sender = await this.say(`MAIL FROM:<${from}>`);
    if (!sender.startsWith('250')) return { recipients: [], message: sender };
    const recipients: string[] = [];
    for (const one of [to].flat()) recipients.push(await this.say(`RCPT TO:<${one}>`));
    const ready = await this.say('DATA');
    if (!ready.startsWith('354')) {
      await this.say('RSET');
      return { recipients, message: ready };
    }
    const text = typeof bytes === 'string' ? Buffer.from(bytes) : bytes;
    const stuffed = text.toString('latin1').replace(/\r?\n/g, '\r\n').replace(/^\./gm, '..');
    this.socket.write(Buffer.from(`${stuffed.replace(/\r\n$/, '')}\r\n.\r\n`, 'latin1'));
    return { recipients, message: await this.answer() };
  }

  /** What is said next, without asking. */
  async answer(): Promise<string> {
    if (this.closed) return 'closed';
    return new Promise((resolve) => {
      this.waiting = resolve;
      this.tell();
    });
  }

  end(): void {
    this.socket.destroy();
  }

  private tell(): void {
    const last = /(?:^|\r\n)(\d{3} [^\r\n]*)\r\n$/.exec(this.buffer);
    if (last === null || this.waiting === undefined) return;
    const [waiting, said] = [this.waiting, this.buffer.trim()];
    this.waiting = undefined;
    this.buffer = '';
    waiting(said);
  }
}

/** Our listener on a free port, and the site's mail server connected to it. */
export async function aSiteMailServer(service: TestService): Promise<SiteMailServer> {
  const server = service.get(InboundMailServer);
  if (server.port === undefined) await server.listen(0);
  return SiteMailServer.connect(server.port ?? 0);
}

/** Has everything read that came in. */
export async function readAll(service: TestService): Promise<void> {
  await service.get(Rounds).run();
}

export interface KeptRow {
  readonly id: string;
  readonly state: string;
  readonly reason: string | null;
  readonly kind: string | null;
  readonly note: string | null;
  readonly recipient: string;
  readonly subject: string | null;
  readonly sender_address: string | null;
  readonly attempts: number;
  readonly invitation_id: string | null;
  readonly authentication: { spf: { result: string }; dmarc: { result: string }; dkim: unknown[] } | null;
}

/** What was kept, the earliest first. */
export async function keptMail(service: TestService): Promise<KeptRow[]> {
  return service.look<KeptRow>('select * from inbound_mail order by received_at, id');
}

/** The bounce address of the newest message to somebody, and the message. */
export async function bounceAddressOf(
  service: TestService,
  to: string,
): Promise<{ id: string; envelope: string; messageId: string }> {
  const [row] = await service.look<{ id: string; envelope: string; messageId: string }>(
    `select id, envelope_from as envelope, message_id as "messageId" from message where to_address = $1 order by ordinal desc limit 1`,
    [to],
  );
  if (row === undefined) throw new Error(`No message to ${to}`);
  return row;
}
