import { type Pool } from 'pg';
import { newId } from '../../database/ids.js';
import { type Handover } from '../message.js';
import { type Parcel, type PostOffice } from './post-office.js';

const CATCH = `insert into caught_mail (authority_id, id, message_id, to_address, caught_at, bytes) values ($1, $2, $3, $4, $5, $6)`;

/** The built-in mailbox of a trial installation: nothing leaves the machine. */
export class BuiltInMailbox implements PostOffice {
  constructor(
    private readonly pool: Pool,
    private readonly now: () => Date,
  ) {}

  async handOver(parcel: Parcel): Promise<Handover> {
    await this.pool.query(CATCH, [parcel.authorityId, newId(), parcel.id, parcel.toAddress, this.now(), parcel.bytes]);
    return { kind: 'taken', answer: 'In the built-in mailbox' };
  }

  close(): void {
    // Its connections are the worker's own.
  }
}
