import { Inject, Injectable, Logger } from '@nestjs/common';
import { systemActor } from '../../access/actor.js';
import { Clock } from '../../database/clock.js';
import { Sealing } from '../../database/sealing.js';
import { type Tx } from '../../database/tx.js';
import { UnitOfWork } from '../../database/unit-of-work.js';
import { InboundMail } from './inbound-mail.table.js';
import { InboundReaders } from './inbound-readers.js';
import { textPlace } from './intake.service.js';
import { type InboundOutcome, type OpenedMail, UNCHECKED } from './opened-mail.js';
import { cleanLine } from './taken-apart.js';
import { Understanding, type Understood, unread } from './understanding.service.js';

interface Claimed {
  readonly authority_id: number;
  readonly id: string;
  readonly attempts: number;
}

const CLAIM = 'select * from claim_inbound_mail(8)';
/** A message whose reading failed comes again soon, not only when its lease has run out. */
const AGAIN = `update inbound_mail set read_until = now() + make_interval(secs => $3) where authority_id = $1 and id = $2`;
const FORGET = 'select forget_stray_mail($1)';

/** How often a message may bring its reading down before a person has to look at it. */
const ATTEMPTS = 3;
/** How long what belongs to nobody is kept: 30 days (security guide, section 3.7). */
const STRAYS_MS = 30 * 24 * 3_600_000;

/**
 * Reads what was taken in: opens it, sorts it, and has its reader act on it in one transaction with what is noted of it.
 * A message whose reading was cut off, even by the end of the process, is read again, and held for a person the third
 * time.
 */
@Injectable()
export class Reading {
  private readonly log = new Logger('Mail');

  constructor(
    @Inject(UnitOfWork) private readonly work: UnitOfWork,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Sealing) private readonly sealing: Sealing,
    @Inject(Understanding) private readonly understanding: Understanding,
    @Inject(InboundReaders) private readonly readers: InboundReaders,
  ) {}

  /** Reads everything that waits and answers how many messages that were. */
  async drain(): Promise<number> {
    let read = 0;
    for (;;) {
      const batch = await this.work.outside((sql) => sql<Claimed>(CLAIM));
      if (batch.length === 0) return read;
      for (const claimed of batch) await this.read(claimed);
      read += batch.length;
    }
  }

  /** What a person would read of a kept message; empty when it could not be opened. */
  textOf({ authorityId, id, sealedText }: InboundMail): string {
    return sealedText === null ? '' : this.sealing.open(sealedText, textPlace(authorityId, id)).toString('utf8');
  }

  /** Forgets what belongs to nobody after 30 days. */
  async forgetStrays(): Promise<void> {
    const before = new Date(this.clock.now().getTime() - STRAYS_MS);
    await this.work.outside((sql) => sql(FORGET, [before]));
  }

  private async read(claimed: Claimed): Promise<void> {
    const { authority_id: authorityId, id, attempts } = claimed;
    const by = systemActor(authorityId);
    try {
      if (attempts > ATTEMPTS) throw new Error('its reading was cut off three times');
      const kept = await this.work.run(by, (tx) => tx.find(InboundMail, id));
      const understood = await this.understanding.of(kept);
      await this.work.run(by, (tx) => this.settle(tx, id, understood));
    } catch (error) {
      const why = error instanceof Error ? error.message : 'error';
      this.log.warn(`Message ${id} that came in could not be read: ${why}`);
      if (attempts < ATTEMPTS) await this.work.run(by, (tx) => tx.sql(AGAIN, [authorityId, id, attempts * 2]));
      else await this.work.run(by, (tx) => this.settle(tx, id, unread(why)));
    }
  }

  /** In one transaction: what the reader does, and what is noted of the message. */
  private async settle(tx: Tx, id: string, { opened, hold }: Understood): Promise<void> {
    const row = await tx.lock(InboundMail, id);
    if (row.state !== 'RECEIVED') return;
    const outcome = hold ?? (opened === null ? NOTHING : await this.readers.read(tx, opened));
    Object.assign(row, noted(opened), cameTo(outcome, tx.now));
    if (opened !== null) row.sealedText = this.sealing.seal(Buffer.from(opened.text), textPlace(row.authorityId, id));
    await tx.save(row);
    await tx.record({
      action: outcome.state === 'HELD' ? 'mail.held' : 'mail.read',
      object: `inbound-mail:${id}`,
      details: { kind: row.kind, reason: row.reason, note: row.note, invitationId: row.invitationId },
      ...(row.matterId === null ? {} : { matterId: row.matterId }),
    });
  }
}

const NOTHING: InboundOutcome = { state: 'HELD', reason: 'UNREADABLE', note: 'It could not be taken apart' };

function cameTo(outcome: InboundOutcome, now: Date): Pick<InboundMail, 'state' | 'reason' | 'note' | 'settledAt'> {
  const note = cleanLine(outcome.note, 500);
  if (outcome.state === 'HELD') return { state: 'HELD', reason: outcome.reason, note, settledAt: null };
  return { state: 'DONE', reason: null, note, settledAt: now };
}

function noted(opened: OpenedMail | null): Partial<InboundMail> {
  if (opened === null) return { authentication: UNCHECKED };
  const { kind, sender, subject, sentAt, messageId, possiblyAutomatic, authentication } = opened;
  return {
    ...{ kind, subject, sentAt, messageId, possiblyAutomatic, authentication },
    senderName: sender?.name ?? null,
    senderAddress: sender?.address ?? null,
  };
}
