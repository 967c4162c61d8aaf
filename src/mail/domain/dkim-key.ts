import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** Who signs our messages (RFC 6376): a domain, the name of its key in the DNS, and the private key. */
export interface DkimKey {
  readonly domain: string;
  readonly selector: string;
  readonly privateKey: string;
}

interface Given {
  readonly DKIM_DOMAIN?: string | undefined;
  readonly DKIM_SELECTOR?: string | undefined;
  readonly DKIM_KEY_FILE?: string | undefined;
}

/**
 * Reads the signing key of the settings. The signing domain is the sender's or one above it, or the signature proves
 * nothing about the sender (DMARC alignment, RFC 7489 section 3.1). Throws an Error that names the setting.
 */
export function readDkimKey(given: Given, mailDomain: string): DkimKey | undefined {
  const { DKIM_DOMAIN: domain, DKIM_SELECTOR: selector, DKIM_KEY_FILE: file } = given;
  if (domain === undefined || selector === undefined || file === undefined) return undefined;
  if (mailDomain !== domain && !mailDomain.endsWith(`.${domain}`))
    throw new Error(`DKIM_DOMAIN must be ${mailDomain} or a domain above it: signed by another it proves nothing.`);
  return { domain, selector, privateKey: goodKey(file) };
}

/** What the DNS must say of this key: the public half, base64. */
export function publicHalf({ privateKey }: DkimKey): string {
  return createPublicKey(privateKey).export({ type: 'spki', format: 'der' }).toString('base64');
}

function goodKey(file: string): string {
  const privateKey = readKey(file);
  const { asymmetricKeyType, asymmetricKeyDetails } = parsedKey(privateKey, file);
  if (asymmetricKeyType !== 'rsa' || (asymmetricKeyDetails?.modulusLength ?? 0) < 2048)
    throw new Error(`DKIM_KEY_FILE: ${file} must hold an RSA key of 2048 bits or more.`);
  return privateKey;
}

function readKey(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    throw new Error(`DKIM_KEY_FILE: ${file} cannot be read.`);
  }
}

function parsedKey(pem: string, file: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch {
    throw new Error(`DKIM_KEY_FILE: ${file} holds no private key without a password, as PEM.`);
  }
}
