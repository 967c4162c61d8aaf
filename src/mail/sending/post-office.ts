import { type Handover } from '../message.js';

/** A message as the worker hands it over. */
export interface Parcel {
  readonly authorityId: number;
  readonly id: string;
  readonly messageId: string;
  readonly envelopeFrom: string;
  readonly toAddress: string;
  readonly bytes: Buffer;
}

/** Where messages go: a mail server, or the built-in mailbox. */
export interface PostOffice {
  /** Hands one message over; its content never begins to flow after `deadline`, in milliseconds of `performance.now()`. */
  handOver(parcel: Parcel, deadline: number): Promise<Handover>;
  /** Lets go of connections that are kept. */
  close(): void;
}
