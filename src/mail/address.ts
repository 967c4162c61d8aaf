/*
 * Email addresses: a narrow grammar, for an address that two programs read differently reaches a stranger. Only
 * `name@domain` in its plain form is an address here (the dot-atom of RFC 5322 at a letter-digit-hyphen domain of
 * RFC 1123, lengths of RFC 5321 section 4.5.3.1); quotes, comments, groups, lists and literals are not.
 */

/* Of the characters of RFC 5322 these are left out: ! % | / ` (old routing and shells), ? # (a second field in mailto:). */
const LOCAL = /^[a-z0-9$&'*+=^_{}~-]+(?:\.[a-z0-9$&'*+=^_{}~-]+)*$/i;
const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/i;
const SPACES = /^[ \u00a0]+|[ \u00a0]+$/g;

function isDomain(domain: string): boolean {
  const labels = domain.split('.');
  const top = labels.at(-1) ?? '';
  return labels.length > 1 && labels.every((label) => LABEL.test(label)) && !/^\d+$/.test(top);
}

/**
 * Reads one address as a person typed it: spaces round it are taken off, capitals stay as given.
 * Undefined if it is not exactly one plain address (at most 64 characters before the @, 254 in all).
 */
export function parseAddress(text: string): string | undefined {
  const address = text.replace(SPACES, '');
  const at = address.lastIndexOf('@');
  if (at < 1 || at > 64 || address.length > 254) return undefined;
  return LOCAL.test(address.slice(0, at)) && isDomain(address.slice(at + 1)) ? address : undefined;
}

/* Providers that deliver a.b.c@ and abc@ to the same person, and the domain they are counted under. */
const DOTS_IGNORED = new Map([
  ['gmail.com', 'gmail.com'],
  ['googlemail.com', 'gmail.com'],
]);

/**
 * What two spellings of one mailbox have in common, to find an exclusion or a duplicate: capitals and plus-tags do not
 * count, nor dots where the provider ignores them. Only for matching: mail goes to the address as given.
 */
export function addressKey(address: string): string {
  const lower = address.toLowerCase();
  const at = lower.lastIndexOf('@');
  const domain = lower.slice(at + 1);
  const [untagged = ''] = lower.slice(0, Math.max(at, 0)).split(/(?<=.)\+/, 1);
  const oneDomain = DOTS_IGNORED.get(domain);
  return oneDomain === undefined ? `${untagged}@${domain}` : `${untagged.replaceAll('.', '')}@${oneDomain}`;
}

const ABC = 'abcdefghijklmnopqrstuvwxyz234567';

/**
 * The secret part of a reply or bounce address: 26 lower-case letters and digits, 130 bits, from 26 random bytes.
 * Lower case only, because mail software changes the case of what stands before the @.
 */
export function addressToken(randomBytes: Uint8Array): string {
  if (randomBytes.length !== 26) throw new RangeError('An address token is made of exactly 26 random bytes.');
  return Array.from(randomBytes, (byte) => ABC.charAt(byte & 31)).join('');
}

/** Whether the domain is spelt in another script (punycode), so that it may only look like the one that is meant. */
export function looksAlike(address: string): boolean {
  const labels = address
    .slice(address.lastIndexOf('@') + 1)
    .toLowerCase()
    .split('.');
  return labels.some((label) => label.startsWith('xn--'));
}
