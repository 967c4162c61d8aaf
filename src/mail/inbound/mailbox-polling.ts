import { Inject, Injectable, Logger } from '@nestjs/common';
import { ImapFlow } from 'imapflow';
import { type Settings, SETTINGS } from '../../config.js';
import { UnitOfWork } from '../../database/unit-of-work.js';
import { Intake } from './intake.service.js';
import { polledEnvelope } from './polled-envelope.js';
import { Rounds } from './rounds.js';
import { BOUNDS } from './taken-apart.js';

const EVERY_MS = 60_000;

interface Cursor {
  readonly uid_validity: string;
  readonly uid: string;
}

const CURSOR = 'select uid_validity, uid from mailbox_cursor where mailbox = $1';
const MOVE = `insert into mailbox_cursor (mailbox, uid_validity, uid) values ($1, $2, $3)
  on conflict (mailbox) do update set uid_validity = excluded.uid_validity, uid = excluded.uid`;

/**
 * Reads a mailbox that catches all mail to our addresses, for sites that cannot route to us: when the mail server says
 * that something came (IDLE), and each minute. A message is kept first, then marked as seen, then counted as read; what
 * is read a second time is the same message still.
 */
@Injectable()
export class MailboxPolling {
  private readonly log = new Logger('Mail');
  private client: ImapFlow | undefined;
  private reading: Promise<void> | undefined;
  private running = false;
  private wakeUp: () => void = () => undefined;

  constructor(
    @Inject(SETTINGS) private readonly settings: Settings,
    @Inject(UnitOfWork) private readonly work: UnitOfWork,
    @Inject(Intake) private readonly intake: Intake,
    @Inject(Rounds) private readonly rounds: Rounds,
  ) {}

  /** Begins, if a mailbox is set. */
  start(): void {
    const url = this.settings.inbound.imapUrl;
    if (url === undefined) return;
    this.running = true;
    this.reading = this.run(new URL(url));
  }

  /** Lets the message in hand be kept. */
  async stop(): Promise<void> {
    this.running = false;
    this.wakeUp();
    await this.reading;
  }

  private async run(url: URL): Promise<void> {
    while (this.running) {
      try {
        const client = await this.connected(url);
        while (this.goesOn(client)) {
          await this.poll(client, mailboxOf(url));
          await this.pause();
        }
        await client.logout().catch(() => undefined);
      } catch (error) {
        this.log.warn(`The mailbox cannot be read: ${error instanceof Error ? error.message : 'error'}`);
        this.client?.close();
        await this.pause();
      }
    }
  }

  private goesOn(client: ImapFlow): boolean {
    return this.running && client.usable;
  }

  private async connected(url: URL): Promise<ImapFlow> {
    const secure = url.protocol === 'imaps:';
    const host = url.hostname.replace(/[[\]]/g, '');
    const client = new ImapFlow({
      host,
      port: Number(url.port) || (secure ? 993 : 143),
      secure,
      auth: { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) },
      ...(secure || ['127.0.0.1', '::1', 'localhost'].includes(host) ? {} : { doSTARTTLS: true }),
      logger: false,
      autoIdleDelay: 1_000,
    });
    this.client = client;
    client
      .on('error', () => undefined)
      .on('exists', () => {
        this.wakeUp();
      });
    await client.connect();
    return client;
  }

  private async poll(client: ImapFlow, mailbox: string): Promise<void> {
    const lock = await client.getMailboxLock(mailbox);
    try {
      const validity = String(client.mailbox === false ? '' : client.mailbox.uidValidity);
      const last = await this.lastRead(mailbox, validity);
      const found = await client.fetchAll(`${last + 1}:*`, { uid: true, size: true }, { uid: true });
      for (const { uid, size } of found.filter((one) => one.uid > last).sort((one, other) => one.uid - other.uid)) {
        if (!this.running) return;
        if ((size ?? 0) > BOUNDS.message)
          this.log.warn(`Message ${uid} of ${mailbox} is larger than 1 MiB and stays there`);
        else await this.take(client, uid);
        await this.work.outside((sql) => sql(MOVE, [mailbox, validity, uid]));
      }
    } finally {
      lock.release();
    }
  }

  private async take(client: ImapFlow, uid: number): Promise<void> {
    const message = await client.fetchOne(String(uid), { source: true }, { uid: true });
    const bytes = message === false ? undefined : message?.source;
    if (bytes === undefined) return;
    const { recipients, envelopeFrom } = await polledEnvelope(bytes);
    const recipient = recipients.find((one) => this.intake.isOurs(one)) ?? recipients[0] ?? '';
    await this.intake.keep({ recipient, envelopeFrom, bytes });
    await client.messageFlagsAdd(String(uid), ['\\Seen'], { uid: true });
    this.rounds.wake();
  }

  /** The last message read; none when the mailbox was made anew since. */
  private async lastRead(mailbox: string, validity: string): Promise<number> {
    const [cursor] = await this.work.outside((sql) => sql<Cursor>(CURSOR, [mailbox]));
    return cursor?.uid_validity === validity ? Number(cursor.uid) : 0;
  }

  private async pause(): Promise<void> {
    if (!this.running) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, EVERY_MS);
      timer.unref();
      this.wakeUp = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

function mailboxOf(url: URL): string {
  const path = decodeURIComponent(url.pathname.slice(1));
  return path === '' ? 'INBOX' : path;
}
