import { randomUUID } from 'node:crypto';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { Pool } from 'pg';
import { type Settings, SETTINGS } from '../config.js';
import { Clock } from '../database/clock.js';
import { Sealing } from '../database/sealing.js';
import { CLAIM, EXPIRE, LOST_LEASES, SETTLE, SETTLE_DOUBT, TO_SETTLE } from './dispatcher.sql.js';
import { afterHandover, backOffSeconds, type Handover, SEND_LIMIT_MS } from './message.js';
import { BuiltInMailbox, MailServer, type PostOffice } from './post-office.js';

interface Claimed {
  readonly authority_id: number;
  readonly id: string;
  readonly to_address: string;
  readonly envelope_from: string;
  readonly message_id: string;
  readonly sealed_bytes: Buffer;
  readonly attempts: number;
}

const POLL_MS = 1_000;
const BATCH = 8;

/**
 * Sends what is queued, as the narrow mail role: it sees recipients and sealed messages and no case. It claims messages
 * with a lease, hands each over once, and writes the result only while the lease is still its own; a message whose lease
 * ran out is in doubt and is settled before any repeat.
 */
@Injectable()
export class Dispatcher {
  private readonly log = new Logger('Mail');
  private readonly worker = randomUUID();
  private readonly office: PostOffice;
  /** The mail role's own connections, also for the mailbox page. */
  readonly pool: Pool;
  private timer: NodeJS.Timeout | undefined;
  private round: Promise<number> | undefined;
  private again = false;
  private running = false;

  constructor(
    @Inject(SETTINGS) settings: Settings,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Sealing) private readonly sealing: Sealing,
  ) {
    const role = settings.databaseMailUrl === undefined ? { options: '-c role=quorate_mail' } : {};
    const connectionString = settings.databaseMailUrl ?? settings.databaseUrl;
    this.pool = new Pool({
      connectionString,
      max: 4,
      connectionTimeoutMillis: 2_000,
      statement_timeout: 5_000,
      ...role,
    });
    this.pool.on('error', () => undefined);
    this.office =
      settings.smtpUrl === undefined
        ? new BuiltInMailbox(this.pool, () => clock.now())
        : new MailServer(settings.smtpUrl);
  }

  /** Begins to send; only in a process with the worker's role. */
  start(): void {
    this.running = true;
    this.wake();
  }

  /** Looks for work now: called after a commit that queued a message. Harmless when nothing is there. */
  wake(): void {
    if (!this.running) return;
    if (this.round !== undefined) {
      this.again = true;
      return;
    }
    clearTimeout(this.timer);
    this.round = this.drain().finally(() => {
      this.round = undefined;
      if (!this.running) return;
      if (this.again) {
        this.again = false;
        this.wake();
      } else
        this.timer = setTimeout(() => {
          this.wake();
        }, POLL_MS).unref();
    });
  }

  /** Sends everything that may leave now and answers how many were handed over. */
  async drain(): Promise<number> {
    let sent = 0;
    try {
      await this.settleDoubts();
      for (;;) {
        const batch = await this.claim();
        if (batch.length === 0) return sent;
        await Promise.all(batch.map((message) => this.send(message)));
        sent += batch.length;
      }
    } catch (error) {
      this.log.warn(`Mail waits: ${error instanceof Error ? error.message : 'the database cannot be reached'}`);
      return sent;
    }
  }

  /** Lets what is being handed over finish. */
  async stop(): Promise<void> {
    this.running = false;
    clearTimeout(this.timer);
    await this.round;
    await this.pool.end();
  }

  private async claim(): Promise<Claimed[]> {
    const now = this.clock.now();
    await this.pool.query(EXPIRE, [now]);
    const { rows } = await this.pool.query<Claimed>(CLAIM, [now, BATCH, this.worker]);
    return rows;
  }

  private async send(message: Claimed): Promise<void> {
    const outcome = await this.handOver(message);
    const { state, reason } = afterHandover(outcome, message.attempts);
    if (state !== 'SENT') this.log.warn(`Message ${message.id} is ${state}: ${reason ?? ''}`);
    const now = this.clock.now();
    const wait = state === 'PENDING' ? backOffSeconds(message.attempts, Math.random()) * 1_000 : 0;
    const fence = `${this.worker}#${message.attempts}`;
    const next = state === 'PENDING' ? new Date(now.getTime() + wait) : null;
    const sentAt = state === 'SENT' ? now : null;
    await this.pool.query(SETTLE, [message.authority_id, message.id, fence, state, reason, next, sentAt]);
  }

  private async handOver(message: Claimed): Promise<Handover> {
    const place = `${message.authority_id}|message|${message.id}`;
    const limit = new AbortController();
    try {
      const parcel = {
        authorityId: message.authority_id,
        id: message.id,
        messageId: message.message_id,
        envelopeFrom: message.envelope_from,
        toAddress: message.to_address,
        bytes: this.sealing.open(message.sealed_bytes, place),
      };
      return await Promise.race([this.office.handOver(parcel), tooLong(limit.signal)]);
    } catch (error) {
      return { kind: 'later', why: error instanceof Error ? error.name : 'error' };
    } finally {
      limit.abort();
    }
  }

  private async settleDoubts(): Promise<void> {
    await this.pool.query(LOST_LEASES);
    const { rows } = await this.pool.query<{ authority_id: number; id: string }>(TO_SETTLE, [
      this.office instanceof BuiltInMailbox ? 0 : 300,
    ]);
    for (const { authority_id: authorityId, id } of rows) {
      const found = await this.office.find({ authorityId, id });
      const taken = found === 'taken';
      await this.pool.query(SETTLE_DOUBT, [
        authorityId,
        id,
        taken ? 'SENT' : 'PENDING',
        taken ? this.clock.now() : null,
      ]);
    }
  }
}

async function tooLong(signal: AbortSignal): Promise<Handover> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      resolve({ kind: 'unknown', why: 'The mail server did not answer in time' });
    }, SEND_LIMIT_MS);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
    });
  });
}
