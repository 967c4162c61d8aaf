import { Injectable } from '@nestjs/common';
import { type Tx } from '../../database/tx.js';
import { addressKey } from '../address.js';

/** An address that mail came back from for good. */
export interface Undeliverable {
  readonly since: Date;
  readonly why: string;
}

const MARK = `insert into undeliverable_address (authority_id, address_key, since, why, message_id) values ($1, $2, $3, $4, $5)
  on conflict (authority_id, address_key) do update set since = excluded.since, why = excluded.why,
    message_id = excluded.message_id, lifted_at = null`;
const FIND = `select since, why from undeliverable_address where authority_id = $1 and address_key = $2 and lifted_at is null`;
const LIFT = `update undeliverable_address set lifted_at = $3 where authority_id = $1 and address_key = $2 and lifted_at is null`;
const DROP = `update message m set state = 'DEAD', reason = 'BOUNCED' where m.authority_id = $1 and m.state = 'PENDING'
  and m.purpose <> 'CODE' and lower(m.to_address) = lower($2)`;

/**
 * Addresses that mail came back from for good: the sender sends nothing there until the address is put right, or somebody
 * has found that it works after all.
 */
@Injectable()
export class UndeliverableAddresses {
  /** Marks an address and ends what waits to be sent there. */
  async mark(tx: Tx, address: string, about: { why: string; messageId: string | null }): Promise<void> {
    const { authorityId } = tx.by;
    await tx.sql(MARK, [authorityId, addressKey(address), tx.now, about.why, about.messageId]);
    await tx.sql(DROP, [authorityId, address]);
  }

  /** Since when and why nothing is sent to an address; undefined when it works as far as we know. */
  async find(tx: Tx, address: string): Promise<Undeliverable | undefined> {
    const [found] = await tx.sql<Undeliverable>(FIND, [tx.by.authorityId, addressKey(address)]);
    return found;
  }

  /** Somebody has found that the address works: mail goes there again. */
  async lift(tx: Tx, address: string): Promise<void> {
    await tx.sql(LIFT, [tx.by.authorityId, addressKey(address), tx.now]);
  }
}
