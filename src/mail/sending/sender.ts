import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Pool } from 'pg';
import { afterHandover, backOffSeconds, type Handover } from '../message.js';
import { type DeliveryOracle, type Doubtful } from './delivery-oracle.js';
import { Pace } from './pace.js';
import { type PostOffice } from './post-office.js';
import { ASK_AGAIN, CLAIM, EXPIRE, LOST_LEASES, SETTLE, SETTLE_DOUBT, TO_SETTLE } from './sending.sql.js';
import { type SendingSettings } from './sending-settings.js';

interface Claimed {
  readonly authority_id: number;
  readonly id: string;
  readonly to_address: string;
  readonly envelope_from: string;
  readonly message_id: string;
  readonly sealed_bytes: Buffer;
  readonly attempts: number;
}

/** What a worker needs: everything from outside, so that it runs in the service and by itself. */
export interface SenderParts {
  /** The mail role's connections. */
  readonly pool: Pool;
  readonly office: PostOffice;
  readonly oracle: DeliveryOracle;
  readonly settings: SendingSettings;
  readonly now: () => Date;
  /** Opens sealed bytes at their place; throws when they were changed. */
  readonly open: (sealed: Buffer, place: string) => Buffer;
  readonly warn: (line: string) => void;
}

/** Results that come in together are followed by one claim, not by one each. Milliseconds. */
const GATHER_MS = 2;

/**
 * Sends what is queued, as the narrow mail role: it sees recipients and sealed messages and no case. It claims messages
 * with a lease, hands each over once, and writes the result only under its own fence; a message whose lease ran out is
 * in doubt and is settled before any repeat. Knows no framework.
 */
export class Sender {
  readonly worker = randomUUID();
  /** The mail role's own connections, also for the mailbox page. */
  readonly pool: Pool;
  private readonly pace: Pace;
  private readonly onTheirWay = new Set<Promise<void>>();
  /** Results that the database was not there to hear. */
  private readonly unheard: unknown[][] = [];
  private timer: NodeJS.Timeout | undefined;
  private round: Promise<number> | undefined;
  private again = false;
  private running = false;

  constructor(protected readonly parts: SenderParts) {
    this.pool = parts.pool;
    this.pace = new Pace(parts.settings);
  }

  /** The statements, by what they do. */
  protected readonly statements = { CLAIM, EXPIRE, SETTLE, LOST_LEASES, TO_SETTLE, SETTLE_DOUBT, ASK_AGAIN };

  /** Begins to send and goes on until it is stopped. */
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
        }, this.parts.settings.pollMs);
    });
  }

  /** Sends everything that may leave now and answers how many were handed over. */
  async drain(): Promise<number> {
    let begun = 0;
    try {
      await this.settleDoubts();
      for (;;) {
        begun += await this.beginSome();
        if (this.onTheirWay.size === 0) return begun;
        await Promise.race(this.onTheirWay);
        await sleep(GATHER_MS);
      }
    } catch (error) {
      this.parts.warn(`Mail waits: ${error instanceof Error ? error.message : 'the database cannot be reached'}`);
      await Promise.all(this.onTheirWay);
      return begun;
    }
  }

  /** Lets what is being handed over finish. */
  async stop(): Promise<void> {
    this.running = false;
    clearTimeout(this.timer);
    await this.round;
    this.parts.office.close();
    await this.pool.end();
  }

  private async beginSome(): Promise<number> {
    await this.tellUnheard();
    const asked = performance.now();
    const free = this.pace.free(asked);
    if (free === 0) return 0;
    const batch = await this.claim(free, asked);
    for (const message of batch) {
      const over = this.pace.begin(message.to_address, performance.now());
      const sending = this.send(message, asked).finally(() => {
        over();
        this.onTheirWay.delete(sending);
      });
      this.onTheirWay.add(sending);
    }
    return batch.length;
  }

  private async claim(most: number, at: number): Promise<Claimed[]> {
    const now = this.parts.now();
    const { byDomain, other } = this.pace.allowances(at);
    await this.pool.query(this.statements.EXPIRE, [now]);
    const { leaseSeconds } = this.parts.settings;
    const values = [now, most, this.worker, leaseSeconds, JSON.stringify(byDomain), other];
    return (await this.pool.query<Claimed>(this.statements.CLAIM, values)).rows;
  }

  private async send(message: Claimed, claimedAt: number): Promise<void> {
    const outcome = await this.handOver(message, claimedAt + this.parts.settings.sendLimitSeconds * 1_000);
    const { state, reason } = afterHandover(outcome, message.attempts);
    if (state !== 'SENT') this.parts.warn(`Message ${message.id} is ${state}: ${reason ?? ''}`);
    const now = this.parts.now();
    const wait = backOffSeconds(message.attempts, Math.random(), this.parts.settings.backOffSeconds) * 1_000;
    const fence = `${this.worker}#${message.attempts}`;
    const next = state === 'PENDING' ? new Date(now.getTime() + wait) : null;
    this.unheard.push([message.authority_id, message.id, fence, state, reason, next, state === 'SENT' ? now : null]);
    await this.tellUnheard().catch(() => undefined);
  }

  private async handOver(message: Claimed, deadline: number): Promise<Handover> {
    const place = `${message.authority_id}|message|${message.id}`;
    try {
      const parcel = {
        authorityId: message.authority_id,
        id: message.id,
        messageId: message.message_id,
        envelopeFrom: message.envelope_from,
        toAddress: message.to_address,
        bytes: this.parts.open(message.sealed_bytes, place),
      };
      return await this.parts.office.handOver(parcel, deadline);
    } catch (error) {
      return { kind: 'later', why: error instanceof Error ? error.name : 'error' };
    }
  }

  /** Writes the results; those that cannot be written are kept for the next time, since nobody else knows them. */
  private async tellUnheard(): Promise<void> {
    for (let result = this.unheard.shift(); result !== undefined; result = this.unheard.shift()) {
      try {
        await this.pool.query(this.statements.SETTLE, result);
      } catch (error) {
        this.unheard.unshift(result);
        throw error;
      }
    }
  }

  private async settleDoubts(): Promise<void> {
    await this.tellUnheard();
    await this.pool.query(this.statements.LOST_LEASES);
    const { doubtSeconds } = this.parts.settings;
    const { rows } = await this.pool.query<{ authority_id: number; id: string; message_id: string }>(
      this.statements.TO_SETTLE,
      [doubtSeconds],
    );
    for (const { authority_id: authorityId, id, message_id: messageId } of rows) {
      await this.settleDoubt({ authorityId, id, messageId });
    }
  }

  private async settleDoubt(message: Doubtful): Promise<void> {
    const { authorityId, id } = message;
    const found = await this.parts.oracle.find(message);
    if (found === 'UNREACHABLE') {
      await this.pool.query(this.statements.ASK_AGAIN, [authorityId, id, this.parts.settings.doubtSeconds]);
      return;
    }
    const isTaken = found === 'TAKEN';
    const values = [authorityId, id, isTaken ? 'SENT' : 'PENDING', isTaken ? this.parts.now() : null];
    await this.pool.query(this.statements.SETTLE_DOUBT, values);
  }
}
