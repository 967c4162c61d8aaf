import { Inject, Injectable } from '@nestjs/common';
import { type Tx } from '../../database/tx.js';
import { InboundMail } from './inbound-mail.table.js';
import { type InboundHoldReason } from './opened-mail.js';
import { Reading } from './reading.service.js';

export type { InboundMail as HeldMail } from './inbound-mail.table.js';

/** What came of something held once somebody had looked. */
export interface Settled {
  readonly state: 'DONE' | 'DISMISSED';
  readonly note: string;
}

const OF_INVITATION = `select id from inbound_mail where authority_id = $1 and invitation_id = $2 and state = 'HELD'
  and reason = any ($3::text[]) order by id`;

/** Mail that waits for a coordinator: looked at, locked and settled in the transaction of what is made of it. */
@Injectable()
export class HeldMailService {
  constructor(@Inject(Reading) private readonly reading: Reading) {}

  /** Throws NotFound, and OutOfDate when the page showed an older version. */
  async lock(tx: Tx, id: string, seen?: number): Promise<InboundMail> {
    return tx.lock(InboundMail, id, seen);
  }

  /** Throws NotFound. */
  async find(tx: Tx, id: string): Promise<InboundMail> {
    return tx.find(InboundMail, id);
  }

  /** What a person would read of it; empty where nothing could be read. */
  textOf(mail: InboundMail): string {
    return this.reading.textOf(mail);
  }

  /** Ends the waiting of a message that was locked; `by` is null where it ended by itself. */
  async settle(tx: Tx, mail: InboundMail, settled: Settled, by: string | null): Promise<void> {
    Object.assign(mail, settled, { settledAt: tx.now, settledBy: by });
    await tx.save(mail);
  }

  /** Ends the waiting of all that is held for these reasons about one invitation; answers how many there were. */
  async settleOf(
    tx: Tx,
    invitationId: string,
    reasons: readonly InboundHoldReason[],
    settled: Settled,
  ): Promise<number> {
    const rows = await tx.sql<{ id: string }>(OF_INVITATION, [tx.by.authorityId, invitationId, reasons]);
    for (const { id } of rows) await this.settle(tx, await this.lock(tx, id), settled, null);
    return rows.length;
  }
}
