/**
 * Addresses that only look right. A letter left out, two swapped, a 1 for an l, .org for .com: such an address is
 * somebody else's, and an invitation that goes there is the worst thing the service can do. So an address that is one
 * slip away from a known one, or outside its agency's domains, is asked about before it is kept (security guide, T-20).
 * Addresses that differ in a number alone (j.smith1, j.smith2) are two people's, as organisations hand them out.
 */
import { looksAlike } from '../mail/address.js';

export interface KnownAddresses {
  /** Domains from which the agency's people write; none where nobody has said. */
  readonly agencyDomains: readonly string[];
  /** Every domain of an agency of the directory. */
  readonly domains: readonly string[];
  /** Addresses of the directory that might be meant, in lower case. */
  readonly addresses: readonly string[];
}

export interface LookAlike {
  readonly kind: 'OTHER_SCRIPT' | 'LIKE_ADDRESS' | 'LIKE_DOMAIN' | 'OUTSIDE_DOMAIN';
  /** As a sentence without its full stop. */
  readonly words: string;
}

/** Signs that are read as one another, the longer ones first. */
const GLYPHS: readonly (readonly [RegExp, string])[] = [
  [/rn/g, 'm'],
  [/vv/g, 'w'],
  [/cl/g, 'd'],
  [/[1!|i]/g, 'l'],
  [/0/g, 'o'],
  [/5/g, 's'],
  [/8/g, 'b'],
  [/[_.-]/g, ''],
];

/** Why an address should be looked at once more; null when nothing speaks against it. */
export function lookAlike(address: string, known: KnownAddresses): LookAlike | null {
  const { local, domain } = partsOf(address);
  if (looksAlike(address)) {
    return { kind: 'OTHER_SCRIPT', words: 'This address is spelt in another script and may only look right' };
  }
  const meant = known.addresses.find((other) => isLikeAddress(local, domain, partsOf(other)));
  if (meant !== undefined) return { kind: 'LIKE_ADDRESS', words: `This address is almost the same as ${meant}` };
  if (isWithin(domain, [...known.agencyDomains, ...known.domains])) return outside(domain, known);
  const like = [...known.agencyDomains, ...known.domains].find((other) => isLikeDomain(domain, other));
  if (like !== undefined) return { kind: 'LIKE_DOMAIN', words: `${domain} is almost the same as ${like}` };
  return outside(domain, known);
}

/** Whether an address is outside the domains from which an agency's people write; never where none is known. */
export function isOutside(address: string, agencyDomains: readonly string[]): boolean {
  return agencyDomains.length > 0 && !isWithin(partsOf(address).domain, agencyDomains);
}

/** Whether two words are the same but for one slip: a letter more, less or other, two swapped, or signs read as others. */
export function isOneSlipFrom(one: string, other: string): boolean {
  if (one === other) return false;
  if (isOtherNumber(one, other)) return false;
  return isOneEditFrom(one, other) || skeleton(one) === skeleton(other);
}

function outside(domain: string, { agencyDomains }: KnownAddresses): LookAlike | null {
  if (agencyDomains.length === 0 || isWithin(domain, agencyDomains)) return null;
  const usual = agencyDomains.join(', ');
  return { kind: 'OUTSIDE_DOMAIN', words: `This address is not the agency’s: its people write from ${usual}` };
}

function isLikeAddress(local: string, domain: string, other: { local: string; domain: string }): boolean {
  if (domain === other.domain) return isOneSlipFrom(local, other.local);
  return local === other.local && isLikeDomain(domain, other.domain);
}

/** One slip away, or the same name under another ending: police.uk for police.org. */
function isLikeDomain(domain: string, other: string): boolean {
  if (isOneSlipFrom(domain, other)) return true;
  return domain !== other && nameOf(domain) === nameOf(other);
}

/** A domain without its last part, and without a second part such as `co` before it (`gov`, `nhs` and `police` are other bodies). */
function nameOf(domain: string): string {
  return domain.replace(/(\.(ac|co|com|ltd|me|net|org|plc))?\.[a-z0-9-]+$/, '');
}

function isWithin(domain: string, domains: readonly string[]): boolean {
  return domains.some((own) => domain === own || domain.endsWith(`.${own}`));
}

function partsOf(address: string): { local: string; domain: string } {
  const lower = address.toLowerCase();
  const at = lower.lastIndexOf('@');
  return { local: lower.slice(0, at), domain: lower.slice(at + 1) };
}

function isOtherNumber(one: string, other: string): boolean {
  return one.replace(/\d+/g, '#') === other.replace(/\d+/g, '#') && /\d/.test(one);
}

function skeleton(word: string): string {
  return GLYPHS.reduce((text, [sign, as]) => text.replace(sign, as), word);
}

/** Optimal string alignment of distance one, found by what is the same at both ends. */
function isOneEditFrom(one: string, other: string): boolean {
  if (Math.abs(one.length - other.length) > 1) return false;
  let start = 0;
  while (start < Math.min(one.length, other.length) && one[start] === other[start]) start += 1;
  const [rest, otherRest] = [one.slice(start), other.slice(start)];
  const without = [rest.slice(1), otherRest.slice(1)];
  return without[0] === without[1] || without[0] === otherRest || rest === without[1] || isSwapOf(rest, otherRest);
}

function isSwapOf([first = '', second = '', ...rest]: string, other: string): boolean {
  return `${second}${first}${rest.join('')}` === other;
}
