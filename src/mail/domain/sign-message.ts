import { createHash } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import DKIM from 'nodemailer/lib/dkim';
import { type DkimKey } from './dkim-key.js';

/** A rendered message and the SHA-256 of its bytes, in hexadecimal. */
interface Rendered {
  readonly bytes: Buffer;
  readonly sha256: string;
}

/** Signs a rendered message, once and before it is stored; without a key the relay signs, and it stays as it is. */
export async function signMessage(rendered: Rendered, key: DkimKey | undefined): Promise<Rendered> {
  if (key === undefined) return rendered;
  const { domain: domainName, selector: keySelector, privateKey } = key;
  const signed = new DKIM({ domainName, keySelector, privateKey }).sign(rendered.bytes);
  const bytes = await buffer(signed);
  return { bytes, sha256: createHash('sha256').update(bytes).digest('hex') };
}
