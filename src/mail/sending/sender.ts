import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Pool } from 'pg';
import { afterHandover, type AttemptOutcome, backOffSeconds, type Handover } from '../message.js';
import { type DeliveryOracle, type Doubtful, type Finding } from './delivery-oracle.js';
import { type CopyProblem, Generation } from './generation.js';
import { Pace } from './pace.js';
import { type PostOffice } from './post-office.js';
import { inTransaction } from './transaction.js';
import { ASK_AGAIN, CLAIM, LOST_LEASES, MOVE_ON, SETTLE, SETTLE_DOUBT, TO_SETTLE } from './sending.sql.js';
import { type SendingSettings } from './sending-settings.js';

interface Claimed {
  readonly authority_id: number;
  readonly id: string;
  readonly to_address: string;
  readonly envelope_from: string;
  readonly message_id: string;
  readonly sealed_bytes: Buffer;
  readonly attempts: number;
  readonly attempts_allowed: number;
  /** SENDING, or DEAD when it had no purpose any more. */
  readonly state: string;
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

const OUTCOMES: Readonly<Record<Handover['kind'], AttemptOutcome>> = {
  taken: 'TAKEN',
  later: 'LATER',
  refused: 'REFUSED',
  unknown: 'UNKNOWN',
};

const FOUND: Readonly<Record<Exclude<Finding, 'UNREACHABLE'>, AttemptOutcome>> = {
  TAKEN: 'FOUND_TAKEN',
  NOT_TAKEN: 'FOUND_NOT_TAKEN',
  CANNOT_TELL: 'NOT_KNOWN',
};

const HELD: Readonly<Record<CopyProblem, string>> = {
  OLDER_COPY: 'All mail is held: this is an older copy of the database than mail was last sent from.',
  OTHER_COPY: 'All mail is held: this is another copy of the database than mail was last sent from.',
  NO_FILE: 'All mail is held: the file that says from which copy of the database mail was last sent is missing.',
};

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
  private readonly generation: Generation;
  private readonly onTheirWay = new Set<Promise<void>>();
  /** Results that the database was not there to hear. */
  private readonly unheard: unknown[][] = [];
  private timer: NodeJS.Timeout | undefined;
  private round: Promise<number> | undefined;
  private again = false;
  private running = false;
  /** When doubts were last looked at: a long queue must not keep them waiting. */
  private settledAt = 0;

  constructor(protected readonly parts: SenderParts) {
    this.pool = parts.pool;
    this.pace = new Pace(parts.settings);
    this.generation = new Generation(parts.pool, parts.settings.stateFolder, parts.now);
  }

  /** The statements, by what they do. */
  protected readonly statements = { CLAIM, MOVE_ON, SETTLE, LOST_LEASES, TO_SETTLE, SETTLE_DOUBT, ASK_AGAIN };

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
        if (performance.now() - this.settledAt >= this.parts.settings.pollMs) await this.settleDoubts();
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
    for (const message of batch) if (message.state === 'SENDING') this.begin(message, asked);
    return batch.length;
  }

  private begin(message: Claimed, claimedAt: number): void {
    const over = this.pace.begin(message.to_address, performance.now());
    const sending = this.send(message, claimedAt).finally(() => {
      over();
      this.onTheirWay.delete(sending);
    });
    this.onTheirWay.add(sending);
  }

  private async claim(most: number, at: number): Promise<Claimed[]> {
    const mark = await this.generation.known();
    const { byDomain, other } = this.pace.allowances(at);
    const now = this.parts.now();
    const limits = [most, this.worker, this.parts.settings.leaseSeconds, JSON.stringify(byDomain), other];
    const claimed = await inTransaction(this.pool, async (client) => {
      const { rows } = await client.query<Claimed>(this.statements.CLAIM, [now, ...limits]);
      if (rows.length === 0) return { rows, generation: mark.generation };
      const { rows: moved } = await client.query<{ generation: string }>(this.statements.MOVE_ON, [
        mark.lineage,
        mark.generation,
        now,
      ]);
      return moved[0] === undefined ? undefined : { rows, generation: Number(moved[0].generation) };
    });
    if (claimed === undefined) return this.refused();
    this.generation.moved(claimed.generation);
    return claimed.rows;
  }

  private async refused(): Promise<Claimed[]> {
    const problem = await this.generation.check();
    if (problem !== undefined) this.parts.warn(HELD[problem]);
    return [];
  }

  private async send(message: Claimed, claimedAt: number): Promise<void> {
    const outcome = await this.handOver(message, claimedAt + this.parts.settings.sendLimitSeconds * 1_000);
    const { state, reason } = afterHandover(outcome, message.attempts, message.attempts_allowed);
    if (state !== 'SENT') this.parts.warn(`Message ${message.id} is ${state}: ${reason ?? ''}`);
    const now = this.parts.now();
    const wait = backOffSeconds(message.attempts, Math.random(), this.parts.settings.backOffSeconds) * 1_000;
    const fence = `${this.worker}#${message.attempts}`;
    const next = state === 'PENDING' ? new Date(now.getTime() + wait) : null;
    const ends = [state, reason, next, state === 'SENT' ? now : null];
    const attempt = [message.attempts, OUTCOMES[outcome.kind], outcome.answer ?? null, now];
    this.unheard.push([message.authority_id, message.id, fence, ...ends, ...attempt]);
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
    this.settledAt = performance.now();
    await this.tellUnheard();
    await this.pool.query(this.statements.LOST_LEASES);
    const { doubtSeconds } = this.parts.settings;
    const { rows } = await this.pool.query<{ authority_id: number; id: string; message_id: string; attempts: number }>(
      this.statements.TO_SETTLE,
      [doubtSeconds],
    );
    for (const { authority_id: authorityId, id, message_id: messageId, attempts } of rows) {
      await this.settleDoubt({ authorityId, id, messageId }, attempts);
    }
  }

  private async settleDoubt(message: Doubtful, attempts: number): Promise<void> {
    const { authorityId, id } = message;
    const found = await this.parts.oracle.find(message);
    if (found === 'UNREACHABLE') {
      await this.pool.query(this.statements.ASK_AGAIN, [authorityId, id, this.parts.settings.doubtSeconds]);
      return;
    }
    const values = [authorityId, id, FOUND[found], this.parts.now(), attempts];
    await this.pool.query(this.statements.SETTLE_DOUBT, values);
  }
}
