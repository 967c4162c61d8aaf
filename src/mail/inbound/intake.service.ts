import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { systemActor } from '../../access/actor.js';
import { type Settings, SETTINGS } from '../../config.js';
import { Clock } from '../../database/clock.js';
import { newId } from '../../database/ids.js';
import { Sealing } from '../../database/sealing.js';
import { UnitOfWork } from '../../database/unit-of-work.js';

/** One message for one recipient, as the mail server gave it. */
export interface Arrival {
  readonly recipient: string;
  /** Null when it was empty. */
  readonly envelopeFrom: string | null;
  readonly bytes: Buffer;
}

interface Belongs {
  readonly authority_id: number;
  readonly invitation_id: string | null;
  readonly meeting_id: string | null;
  readonly matter_id: string | null;
  readonly contact_id: string | null;
  readonly message_id: string | null;
}

const OF_REPLY = 'select * from invitation_by_reply($1) limit 1';
const OF_ENVELOPE = 'select * from message_by_envelope($1) limit 1';

const KEEP = `insert into inbound_mail (authority_id, id, received_at, recipient, address_kind, envelope_from, sha256,
  bytes_length, sealed_bytes, invitation_id, meeting_id, matter_id, contact_id, of_message_id)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) on conflict (authority_id, sha256, recipient) do nothing`;

const KEEP_STRAY = `insert into stray_mail (id, received_at, recipient, envelope_from, sha256, bytes_length, sealed_bytes)
  values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing`;

/**
 * Takes mail in: it is kept, sealed and as it came, before anybody is told that we have it, and the same message twice is
 * one. An address that belongs to no invitation and no message is taken like any other, so that nobody finds out which
 * exist; what reaches it is kept apart, where no authority sees it.
 */
@Injectable()
export class Intake {
  constructor(
    @Inject(SETTINGS) private readonly settings: Settings,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Sealing) private readonly sealing: Sealing,
    @Inject(UnitOfWork) private readonly work: UnitOfWork,
  ) {}

  /** Has it the form of an address that we give out? Case does not count. */
  isOurs(recipient: string): boolean {
    return this.parts(recipient) !== undefined;
  }

  /** Keeps one message; when this returns it is on disk. Answers whether it found where it belongs. */
  async keep({ recipient, envelopeFrom, bytes }: Arrival): Promise<boolean> {
    const address = recipient.toLowerCase();
    const belongs = await this.belonging(address);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const from = envelopeFrom?.slice(0, 320).replaceAll('\u0000', '') ?? null;
    const id = newId();
    if (belongs === undefined) {
      const sealed = this.sealing.seal(bytes, strayPlace(id));
      const row = [id, this.clock.now(), address, from, sha256, bytes.length, sealed];
      await this.work.outside((sql) => sql(KEEP_STRAY, row));
      return false;
    }
    const { authority_id: authorityId, invitation_id, meeting_id, matter_id, contact_id, message_id } = belongs;
    const sealed = this.sealing.seal(bytes, bytesPlace(authorityId, id));
    await this.work.run(systemActor(authorityId), (tx) =>
      tx.sql(KEEP, [
        ...[authorityId, id, tx.now, address, address.slice(0, 1), from, sha256, bytes.length, sealed],
        ...[invitation_id, meeting_id, matter_id, contact_id, message_id],
      ]),
    );
    return true;
  }

  private async belonging(address: string): Promise<Belongs | undefined> {
    const parts = this.parts(address);
    if (parts === undefined) return undefined;
    const [statement, key] =
      parts.kind === 'r' ? [OF_REPLY, this.sealing.hash('reply', parts.token)] : [OF_ENVELOPE, address];
    const [found] = await this.work.outside((sql) => sql<Belongs>(statement, [key]));
    return found;
  }

  private parts(recipient: string): { kind: 'r' | 'b'; token: string } | undefined {
    const [local = '', domain, ...more] = recipient.toLowerCase().split('@');
    const found = /^([rb])-([a-z2-7]{26})$/.exec(local);
    if (found === null || domain !== this.settings.mailDomain || more.length > 0) return undefined;
    return { kind: found[1] === 'r' ? 'r' : 'b', token: found[2] ?? '' };
  }
}

/** Where the bytes of a kept message are sealed for. */
export function bytesPlace(authorityId: number, id: string): string {
  return `${authorityId}|inbound_mail|${id}|bytes`;
}

/** Where the words of a kept message are sealed for. */
export function textPlace(authorityId: number, id: string): string {
  return `${authorityId}|inbound_mail|${id}|text`;
}

/** Where a message that belongs to nobody is sealed for. */
export function strayPlace(id: string): string {
  return `stray_mail|${id}`;
}
