import { randomBytes, randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { buildCalendar } from '../calendar/calendar.js';
import { type CalendarMail, calendarMethod } from '../calendar/calendar-mail.js';
import { type Settings, SETTINGS } from '../config.js';
import { newId } from '../database/ids.js';
import { Sealing } from '../database/sealing.js';
import { type Tx } from '../database/tx.js';
import { addressToken } from './address.js';
import { Dispatcher } from './dispatcher.js';
import { signMessage } from './domain/sign-message.js';
import { lintMessage } from './lint.js';
import { type DropReason, type MessagePurpose, type MessageState } from './message.js';
import { Message } from './message.table.js';
import { renderMessage } from './render.js';
import { mailBody, type MailWords, plainText } from './words.js';

/** A message to one person, before it is rendered. */
export interface Letter {
  readonly purpose: MessagePurpose;
  /** Messages of one stream leave strictly in order, such as `meeting:<id>:<contact>`. */
  readonly stream: string;
  /** The same key twice is one message. */
  readonly dedupeKey: string;
  readonly to: { readonly name: string; readonly address: string };
  readonly from: { readonly name: string; readonly address: string };
  readonly subject: string;
  readonly words: MailWords;
  readonly calendar?: CalendarMail | undefined;
  readonly matterId?: string | undefined;
  readonly meetingId?: string | undefined;
  readonly contactId?: string | undefined;
  /** After this the message would be of no use and is not sent any more. */
  readonly notAfter?: Date | undefined;
  /** The Message-ID of the first message of the same stream. */
  readonly inReplyTo?: string | undefined;
  /** Leaves at once: codes, confirmations, emergencies. */
  readonly urgent?: boolean | undefined;
}

export interface DroppedBy {
  readonly matterId?: string;
  readonly meetingId?: string;
  readonly contactId?: string;
  readonly stream?: string;
  readonly purposes?: readonly MessagePurpose[];
}

/** How the latest message to one contact about a meeting fares. */
export interface DeliveryRow {
  readonly contact_id: string;
  readonly purpose: MessagePurpose;
  readonly state: MessageState;
  readonly reason: string | null;
  readonly sent_at: Date | null;
  readonly created_at: Date;
  readonly bounce_kind: 'HARD' | 'SOFT' | 'UNCLEAR' | null;
  readonly bounced_at: Date | null;
  readonly bounce_reason: string | null;
}

const STATES = `select distinct on (contact_id) contact_id, purpose, state, reason, sent_at, created_at,
  bounce_kind, bounced_at, bounce_reason from message
  where authority_id = $1 and meeting_id = $2 and contact_id is not null and purpose not in ('CONFIRMATION', 'CODE')
  order by contact_id, ordinal desc`;

const DROP = `update message set state = 'DEAD', reason = $2 where authority_id = $1 and state = 'PENDING'
  and ($3::uuid is null or matter_id = $3) and ($4::uuid is null or meeting_id = $4) and ($5::uuid is null or contact_id = $5)
  and ($6::text is null or stream = $6) and ($7::text[] is null or purpose = any ($7)) returning id`;

/** What is on its way cannot be stopped, but it must not go a second time when the mail server sends it back. */
const RECALL = `update message set not_after = '-infinity' where authority_id = $1 and state in ('PENDING', 'SENDING', 'IN_DOUBT')
  and ($2::uuid is null or matter_id = $2) and ($3::uuid is null or meeting_id = $3) and ($4::uuid is null or contact_id = $4)
  and ($5::text is null or stream = $5) and ($6::text[] is null or purpose = any ($6))`;

/** Messages that a diary takes over. */
export const CALENDAR_PURPOSES: readonly MessagePurpose[] = ['INVITATION', 'UPDATE', 'CANCELLATION', 'WITHDRAWAL'];

/** Outgoing mail: rendered once, in the transaction of the change that causes it, and sent by the worker afterwards. */
@Injectable()
export class Outbox {
  constructor(
    @Inject(SETTINGS) private readonly settings: Settings,
    @Inject(Sealing) private readonly sealing: Sealing,
    @Inject(Dispatcher) private readonly dispatcher: Dispatcher,
  ) {}

  /** Queues one message and answers its id. A newer calendar message of a stream takes the place of one that has not left yet. */
  async queue(tx: Tx, letter: Letter): Promise<string> {
    if (CALENDAR_PURPOSES.includes(letter.purpose)) {
      await this.drop(tx, { stream: letter.stream, purposes: CALENDAR_PURPOSES }, 'SUPERSEDED');
    }
    const message = await this.render(tx, letter);
    await tx.insert(Message, message);
    tx.afterCommit(() => {
      this.dispatcher.wake();
    });
    return message.id;
  }

  /**
   * Ends messages that have not left; those already handed over are beyond recall, but to somebody excluded or gone they
   * are not tried again. Answers how many were ended.
   */
  async drop(tx: Tx, which: DroppedBy, reason: DropReason): Promise<number> {
    const { matterId, meetingId, contactId, stream, purposes } = which;
    if ([matterId, meetingId, contactId, stream].every((part) => part === undefined)) throw new Error('Drop which?');
    const chosen = [matterId, meetingId, contactId, stream, purposes].map((value) => value ?? null);
    if (reason === 'EXCLUDED' || reason === 'LEFT') await tx.sql(RECALL, [tx.by.authorityId, ...chosen]);
    const [rows] = await tx.sql<unknown[]>(DROP, [tx.by.authorityId, reason, ...chosen]);
    return Array.isArray(rows) ? rows.length : 0;
  }

  /** The latest message to each contact of a meeting. */
  async states(tx: Tx, meetingId: string): Promise<DeliveryRow[]> {
    return tx.sql<DeliveryRow>(STATES, [tx.by.authorityId, meetingId]);
  }

  /** The sender of messages that belong to no invitation. */
  plainFrom(authority: { shortName: string }): { name: string; address: string } {
    return { name: `${authority.shortName} meetings`, address: `meetings@${this.settings.mailDomain}` };
  }

  /** The address that answers to one invitation come back to. */
  replyAddress(token: string): string {
    return `r-${token}@${this.settings.mailDomain}`;
  }

  private async render(tx: Tx, letter: Letter): Promise<Message> {
    const mail = {
      from: letter.from,
      to: letter.to.address,
      subject: letter.subject,
      messageId: `<${randomUUID()}@${this.settings.mailDomain}>`,
      date: tx.now,
      ...((letter.words.link ?? letter.calendar) ? mailBody(letter.words) : { text: plainText(letter.words) }),
      ...(letter.inReplyTo === undefined ? {} : { inReplyTo: letter.inReplyTo }),
      ...(letter.calendar === undefined ? {} : { calendar: calendarOf(letter.calendar) }),
    };
    const { bytes, sha256 } = await signMessage(await renderMessage(mail), this.settings.dkim);
    await lintMessage(bytes, { ...mail, ...(letter.words.link ? { link: letter.words.link.url } : {}) });
    return this.row(tx, letter, { messageId: mail.messageId, bytes, sha256 });
  }

  private row(tx: Tx, letter: Letter, rendered: { messageId: string; bytes: Buffer; sha256: string }): Message {
    const id = newId();
    const hold = letter.urgent === true ? 0 : this.settings.mailHoldSeconds * 1000;
    return Object.assign(new Message(), {
      authorityId: tx.by.authorityId,
      id,
      stream: letter.stream,
      dedupeKey: letter.dedupeKey,
      purpose: letter.purpose,
      matterId: letter.matterId ?? null,
      meetingId: letter.meetingId ?? null,
      contactId: letter.contactId ?? null,
      toAddress: letter.to.address,
      envelopeFrom: `b-${addressToken(randomBytes(26))}@${this.settings.mailDomain}`,
      subject: letter.subject,
      messageId: rendered.messageId,
      sealedBytes: this.sealing.seal(rendered.bytes, `${tx.by.authorityId}|message|${id}`),
      sha256: rendered.sha256,
      notBefore: new Date(tx.now.getTime() + hold),
      notAfter: letter.notAfter ?? null,
      urgent: letter.urgent === true,
      createdAt: tx.now,
    });
  }
}

function calendarOf(calendar: CalendarMail): { method: 'REQUEST' | 'CANCEL'; content: string } {
  return { method: calendarMethod(calendar.kind), content: buildCalendar(calendar) };
}
