import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isOneSlipFrom, isOutside, type KnownAddresses, lookAlike } from '../../src/directory/look-alike.js';

const POLICE: KnownAddresses = {
  agencyDomains: ['northshire.police.uk'],
  domains: ['northshire.police.uk', 'northshire.gov.uk', 'kestrel.example', 'hillbrook.example'],
  addresses: ['leanne.firth@northshire.police.uk', 'mark.oyelaran@northshire.police.uk'],
};
const kind = (address: string, known = POLICE): string | undefined => lookAlike(address, known)?.kind;

const LETTERS = 'abcdefghijklmnopqrstuvwxyz';
const letter = fc.constantFrom(...LETTERS.split(''));
const at = (text: string, n: number): number => n % text.length;

/** One slip of somebody who types: a letter other, more, less, two swapped. */
const slip = fc
  .tuple(fc.constantFrom('other', 'more', 'less', 'swap'), fc.nat(), letter)
  .map(([what, n, sign]) => (text: string): string => {
    const i = at(text, n);
    if (what === 'other') return text.slice(0, i) + sign + text.slice(i + 1);
    if (what === 'more') return text.slice(0, i) + sign + text.slice(i);
    if (what === 'less') return text.slice(0, i) + text.slice(i + 1);
    return text.slice(0, i) + (text[i + 1] ?? '') + (text[i] ?? '') + text.slice(i + 2);
  });

describe('an address that only looks right', () => {
  it('is found when it is one slip away from a known one', () => {
    expect(kind('leane.firth@northshire.police.uk')).toBe('LIKE_ADDRESS');
    expect(kind('leanne.fitrh@northshire.police.uk')).toBe('LIKE_ADDRESS');
    expect(kind('1eanne.firth@northshire.police.uk')).toBe('LIKE_ADDRESS');
    expect(kind('rnark.oyelaran@northshire.police.uk')).toBe('LIKE_ADDRESS');
    expect(kind('leannefirth@northshire.police.uk')).toBe('LIKE_ADDRESS');
    expect(kind('leanne.firth@northshlre.police.uk')).toBe('LIKE_ADDRESS');
  });

  it('is found when its domain almost is a known one', () => {
    expect(kind('new.person@northshire.police.org')).toBe('LIKE_DOMAIN');
    expect(kind('new.person@northshire.polcie.uk')).toBe('LIKE_DOMAIN');
    expect(kind('new.person@kestre1.example')).toBe('LIKE_DOMAIN');
    expect(kind('new.person@kestrel.co.uk')).toBe('LIKE_DOMAIN');
    expect(kind('pat@xn--plice-q9a.test')).toBe('OTHER_SCRIPT');
  });

  it('is found outside the domains of the agency, one below them is inside', () => {
    expect(kind('new.person@gmail.com')).toBe('OUTSIDE_DOMAIN');
    expect(kind('new.person@northshire.gov.uk')).toBe('OUTSIDE_DOMAIN');
    expect(kind('new.person@cid.northshire.police.uk')).toBeUndefined();
    expect(isOutside('a@gmail.com', [])).toBe(false);
  });

  it('is found among ten thousand slips in names and domains', () => {
    fc.assert(
      fc.property(fc.constantFrom(...POLICE.addresses), fc.boolean(), slip, (known, inName, typo) => {
        const [name = '', domain = ''] = known.split('@');
        const typed = inName ? `${typo(name)}@${domain}` : `${name}@${typo(domain)}`;
        fc.pre(typed !== known);
        expect(lookAlike(typed, POLICE)).not.toBeNull();
      }),
      { numRuns: 10_000, seed: 20 },
    );
  });
});

describe('refuses nothing that is right', () => {
  it.each([
    'leanne.firth@northshire.police.uk',
    'LEANNE.FIRTH@northshire.police.uk',
    'tom.beck@northshire.police.uk',
    'sam.price2@northshire.police.uk',
  ])('%s', (address) => {
    expect(lookAlike(address, POLICE)).toBeNull();
  });

  it('two numbered accounts', () => {
    expect(isOneSlipFrom('j.smith1', 'j.smith2')).toBe(false);
    expect(isOneSlipFrom('j.smith', 'j.smiths')).toBe(true);
  });
});
