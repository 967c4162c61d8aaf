import { Inject, Injectable } from '@nestjs/common';
import PostalMime, { type Attachment } from 'postal-mime';
import { type Settings, SETTINGS } from '../config.js';
import { Clock } from '../database/clock.js';
import { NotFound } from '../errors.js';
import { Dispatcher } from './dispatcher.js';

/** A line of the mailbox: a message that arrived, or one that still waits to leave. */
export interface MailboxLine {
  readonly id: string;
  readonly to: string;
  readonly subject: string;
  readonly at: Date;
  readonly waiting: boolean;
}

export interface CaughtMail {
  readonly id: string;
  readonly to: string;
  readonly from: string;
  readonly subject: string;
  readonly at: Date;
  readonly parts: { readonly text: string; readonly link: boolean }[];
  readonly calendar: string | undefined;
  readonly bytes: Buffer;
}

interface Row {
  readonly id: string;
  readonly to_address: string;
  readonly at: Date;
  readonly bytes: Buffer;
}

const CAUGHT = `select id, to_address, caught_at as at, bytes from caught_mail
  where $1::text is null or to_address ilike '%' || $1 || '%' order by caught_at desc, id desc limit 100`;
const WAITING = `select id, to_address, not_before as at, state from message where state in ('PENDING', 'SENDING', 'IN_DOUBT')
  order by ordinal desc limit 100`;
const ONE = `select id, to_address, caught_at as at, bytes from caught_mail where id = $1`;
const SEND_NOW = `update message set not_before = $2 where id = $1 and state = 'PENDING'`;

/** The built-in mailbox: stands in for everybody's mail program while the service is only tried out. */
@Injectable()
export class Mailbox {
  constructor(
    @Inject(SETTINGS) private readonly settings: Settings,
    @Inject(Dispatcher) private readonly dispatcher: Dispatcher,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  /** Never in production, and not where a real mail server takes the messages. */
  requireOpen(): void {
    if (this.settings.production || this.settings.smtpUrl !== undefined) throw new NotFound();
  }

  async lines(search: string | undefined): Promise<MailboxLine[]> {
    const { rows: waiting } = await this.dispatcher.pool.query<Row>(WAITING);
    const { rows: caught } = await this.dispatcher.pool.query<Row>(CAUGHT, [search ?? null]);
    const arrived = caught.map(async (row) => ({
      id: row.id,
      to: row.to_address,
      subject: (await PostalMime.parse(row.bytes)).subject ?? '',
      at: row.at,
      waiting: false,
    }));
    const held = waiting.map((row) => ({ id: row.id, to: row.to_address, subject: '', at: row.at, waiting: true }));
    return [...held, ...(await Promise.all(arrived))];
  }

  async open(id: string): Promise<CaughtMail> {
    const { rows } = await this.dispatcher.pool.query<Row>(ONE, [id]);
    const row = rows[0];
    if (row === undefined) throw new NotFound();
    const mail = await PostalMime.parse(row.bytes, { attachmentEncoding: 'utf8' });
    const text = mail.text ?? '';
    return {
      id: row.id,
      to: row.to_address,
      from: `${mail.from?.name ?? ''} <${mail.from?.address ?? ''}>`,
      subject: mail.subject ?? '',
      at: row.at,
      parts: text.split(/(https?:\/\/\S+)/).map((part, index) => ({ text: part, link: index % 2 === 1 })),
      calendar: calendarIn(mail.attachments),
      bytes: row.bytes,
    };
  }

  /** Lets a message that waits for its hold leave at once. */
  async sendNow(id: string): Promise<void> {
    await this.dispatcher.pool.query(SEND_NOW, [id, this.clock.now()]);
    this.dispatcher.wake();
  }
}

function calendarIn(attachments: readonly Attachment[]): string | undefined {
  const part = attachments.find((one) => one.mimeType === 'text/calendar' || one.mimeType === 'application/ics');
  if (part === undefined) return undefined;
  return typeof part.content === 'string' ? part.content : new TextDecoder().decode(part.content);
}
