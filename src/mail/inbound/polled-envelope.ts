import PostalMime, { addressParser } from 'postal-mime';

/** The envelope of a message that lies in a mailbox, as the mail server that put it there noted it on the message. */
export interface PolledEnvelope {
  /** Every address it may have been sent to, those the server noted first. */
  readonly recipients: readonly string[];
  /** Null when it was empty. */
  readonly envelopeFrom: string | null;
}

/** Where a mail server notes the recipient, the surest first. */
const RECIPIENTS = ['delivered-to', 'x-original-to', 'envelope-to', 'to'];
/** Bytes in which the headers have to end. */
const HEADERS = 262_144;

/** Reads it from the headers alone: the recipient from Delivered-To, X-Original-To, then To; the sender from Return-Path. */
export async function polledEnvelope(bytes: Buffer): Promise<PolledEnvelope> {
  const head = bytes.subarray(0, HEADERS);
  const ends = [head.indexOf('\r\n\r\n'), head.indexOf('\n\n')].filter((at) => at !== -1);
  const { headers } = await PostalMime.parse(head.subarray(0, Math.min(...ends, head.length)), {
    maxHeadersSize: HEADERS * 2,
  });
  const addresses = (key: string): string[] =>
    headers
      .filter((header) => header.key === key)
      .slice(0, 20)
      .flatMap(({ value }) => addressParser(value.slice(0, 2_000), { flatten: true }))
      .flatMap(({ address }) => address ?? []);
  const noted = headers.find(({ key }) => key === 'return-path')?.value;
  const sender = (noted === undefined ? addresses('from') : [noted.replace(/[<>\s]/g, '')])[0] ?? '';
  return { recipients: RECIPIENTS.flatMap(addresses), envelopeFrom: sender === '' ? null : sender };
}
