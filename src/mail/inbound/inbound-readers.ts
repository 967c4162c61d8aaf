import { type Tx } from '../../database/tx.js';
import { type InboundKind, type InboundOutcome, type OpenedMail } from './opened-mail.js';

/** Acts on one message in an open transaction of the service itself, and says what came of it. */
export type InboundReader = (tx: Tx, mail: OpenedMail) => Promise<InboundOutcome>;

/**
 * Who acts on what comes back: mail knows no meeting, so the modules above register for the kinds they understand. What
 * reaches a bounce address goes to a reader only as a bounce, a receipt, a complaint or an absence notice, with the
 * invitation that the bounced message was about; anything else there is held.
 */
export class InboundReaders {
  private readonly byKind = new Map<InboundKind, InboundReader>();

  /** Registers the one reader of a kind. Called once, when the module starts. */
  on(kind: InboundKind, reader: InboundReader): void {
    if (this.byKind.has(kind)) throw new Error(`Two readers for ${kind}`);
    this.byKind.set(kind, reader);
  }

  /** What the reader of its kind makes of a message; held when there is none. */
  async read(tx: Tx, mail: OpenedMail): Promise<InboundOutcome> {
    if (mail.addressKind === 'b' && !AT_BOUNCE_ADDRESSES.includes(mail.kind)) {
      return { state: 'HELD', reason: 'BOUNCE_ADDRESS', note: 'Sent to an address that only takes bounces' };
    }
    const reader = this.byKind.get(mail.kind);
    if (reader !== undefined) return reader(tx, mail);
    return { state: 'HELD', reason: 'NOBODY_READS', note: 'Nothing reads messages of this kind' };
  }
}

/** Absence notices go to the envelope's sender (RFC 3834 section 4), which is the bounce address. */
const AT_BOUNCE_ADDRESSES: readonly InboundKind[] = ['BOUNCE', 'RECEIPT', 'COMPLAINT', 'AUTOMATIC'];
