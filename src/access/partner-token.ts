/**
 * What a partner's system proves itself with. A token belongs to one agency, says what it may be used for and until when,
 * and can be taken back at once. It begins with `qrt_` and ends with a checksum, so that programs that look for leaked
 * secrets find it and let look-alikes go (the way GitHub writes its tokens). Only a keyed hash of it is kept: whoever
 * reads the database cannot use it, and whoever lost it gets a new one.
 */
import { RuleBroken } from '../errors.js';
import { type Change } from '../history/change.js';
import { type Scope } from './actor.js';

export const PARTNER_SCOPES = [
  'invitations:own-agency',
  'actions:own-agency',
  'directory:own-agency',
  'meetings:write',
] as const satisfies readonly Scope[];

/** What each scope means, for whoever issues a token. */
export const SCOPE_LABELS: Readonly<Record<Scope, string>> = {
  'invitations:own-agency': 'See and answer invitations of its own agency’s people',
  'actions:own-agency': 'See and update actions its own agency’s people own',
  'directory:own-agency': 'Read its own agency’s people; posts and inboxes of others',
  'meetings:write': 'Read the times of meetings its own agency is invited to',
};

/** The longest life of a token: a year, after which somebody should ask whether it is still needed (this product’s number). */
export const LONGEST_LIFE_DAYS = 366;
const DAY_MS = 86_400_000;

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
/** 8 characters to find it by, 43 that nobody guesses (256 bits), 6 that check the rest. */
const FORM = /^(qrt_(?:live|test)_([0-9A-Za-z]{8})[0-9A-Za-z]{43})([0-9A-Za-z]{6})$/;
export const KEY_LENGTH = 8;
export const SECRET_LENGTH = 43;

export class PartnerToken {
  authorityId: number;
  id: string;
  version = 1;
  agencyId: string;
  /** Which system uses it: "Rio at the Trust". */
  name: string;
  /** What it is found by; no secret. */
  keyId: string;
  secretHash: Buffer;
  scopes: Scope[] = [];
  issuedBy: string;
  issuedAt: Date;
  expiresAt: Date;
  /** The last day on which it was used, `YYYY-MM-DD`; null while it never was. */
  lastUsedOn: string | null = null;
  revokedAt: Date | null = null;

  /** A new token; throws REQUIRED, TOO_LONG, UNSAFE_TEXT, INVALID or INVALID_DATE. */
  static issue(facts: TokenFacts): PartnerToken {
    const name = facts.name.trim();
    if (name === '') throw new RuleBroken('REQUIRED', 'Enter the name of the system that uses it', 'name');
    if (name.length > 120) throw new RuleBroken('TOO_LONG', 'Shorten the name to 120 characters or fewer', 'name');
    if (/[\p{C}\u2028\u2029]/u.test(name)) {
      throw new RuleBroken('UNSAFE_TEXT', 'Remove the hidden characters from the name: type it here', 'name');
    }
    if (facts.scopes.length === 0) throw new RuleBroken('REQUIRED', 'Choose what it may be used for', 'scopes');
    if (!facts.scopes.every((scope) => PARTNER_SCOPES.includes(scope))) {
      throw new RuleBroken('INVALID', `A scope is one of ${PARTNER_SCOPES.join(', ')}`, 'scopes');
    }
    const life = facts.expiresAt.getTime() - facts.issuedAt.getTime();
    if (!(life > 0 && life <= LONGEST_LIFE_DAYS * DAY_MS)) {
      throw new RuleBroken('INVALID_DATE', 'Choose an end within a year from today', 'expiresAt');
    }
    return Object.assign(new PartnerToken(), { ...facts, name, scopes: [...new Set(facts.scopes)].sort() });
  }

  /** Told once, when it is new. */
  issued(): Change {
    const { name, agencyId, scopes } = this;
    const expiresAt = this.expiresAt.toISOString();
    return this.tell('partner-token.issued', { name, agencyId, scopes, expiresAt });
  }

  /** It stops at once; a second time nothing happens. */
  revoke(now: Date): Change | null {
    if (this.revokedAt !== null) return null;
    this.revokedAt = now;
    return this.tell('partner-token.revoked', { name: this.name });
  }

  private tell(action: string, details: Record<string, unknown>): Change {
    return { action, object: `partner-token:${this.id}`, details };
  }
}

export type TokenFacts = Pick<
  PartnerToken,
  'authorityId' | 'id' | 'agencyId' | 'name' | 'keyId' | 'secretHash' | 'scopes' | 'issuedBy' | 'issuedAt' | 'expiresAt'
>;

/** The token as its holder gets it: its parts and their checksum. */
export function writeToken(kind: 'live' | 'test', keyId: string, secret: string): string {
  const body = `qrt_${kind}_${keyId}${secret}`;
  return body + checksum(body);
}

/** The key that a token is found by; nothing for what is no token, a mistyped one among it. */
export function readToken(given: string): { readonly keyId: string } | undefined {
  const [, body, keyId, check] = FORM.exec(given) ?? [];
  if (body === undefined || keyId === undefined || checksum(body) !== check) return undefined;
  return { keyId };
}

/** Letters and digits from bytes that are evenly spread; bytes that would favour some letters are left out. */
export function lettersFrom(bytes: Iterable<number>): string {
  return Array.from(bytes, (byte) => (byte < 248 ? ALPHABET.charAt(byte % 62) : '')).join('');
}

/** CRC-32 (IEEE 802.3) in base 62, six characters. */
function checksum(text: string): string {
  let rest = crc32(text);
  let written = '';
  for (let digit = 0; digit < 6; digit += 1) {
    written = ALPHABET.charAt(rest % 62) + written;
    rest = Math.floor(rest / 62);
  }
  return written;
}

function crc32(text: string): number {
  let crc = 0xffffffff;
  for (let at = 0; at < text.length; at += 1) {
    crc ^= text.charCodeAt(at);
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return (crc ^ 0xffffffff) >>> 0;
}
