import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Actor, type Scope, type StaffRole } from '../../src/access/actor.js';
import { fieldVerdict, type FieldPolicy } from '../../src/access/field-policy.js';
import { lettersFrom, PARTNER_SCOPES, PartnerToken, readToken, writeToken } from '../../src/access/partner-token.js';

const base = { authorityId: 1, id: 'a', name: 'A', knowsAs: 'a' } as const;
const staff = (...roles: StaffRole[]): Actor => ({ ...base, kind: 'STAFF', roles, scopes: [] });
const partner = (...scopes: Scope[]): Actor => ({ ...base, kind: 'PARTNER', agencyId: 'a', roles: [], scopes });
const link: Actor = { ...base, kind: 'LINK', roles: [], scopes: [] };

describe('who sees which field', () => {
  const table: [FieldPolicy, Actor, string][] = [
    ['everybody', partner(), 'SEEN'],
    ['staff', staff('CHAIR'), 'SEEN'],
    ['coordinate', staff('LADO'), 'SEEN'],
    ['exclusions', staff('CHAIR'), 'SEEN'],
    ['administer', staff('AUTHORITY_ADMIN'), 'SEEN'],
    ['meetings', partner('invitations:own-agency'), 'SEEN'],
    ['actions', partner('actions:own-agency'), 'SEEN'],
    ['directory', partner('directory:own-agency'), 'SEEN'],
    ['own-agency', partner(), 'OWN'],
    ['own-agency', staff('COORDINATOR'), 'SEEN'],
  ];
  it.each(table)('%s', (policy, by, verdict) => {
    expect(fieldVerdict(policy, by)).toBe(verdict);
  });
});

describe('a token', () => {
  const secret = 'S'.repeat(43);

  it('is found by its key', () => {
    expect(readToken(writeToken('live', 'Abcd1234', secret))).toEqual({ keyId: 'Abcd1234' });
    expect(writeToken('test', 'Abcd1234', secret)).toMatch(/^qrt_test_Abcd1234S{43}[0-9A-Za-z]{6}$/);
  });

  it('has letters and digits evenly from random bytes', () => {
    const letters = lettersFrom(Array.from({ length: 256 }, (_, byte) => byte));
    const counts = new Set([...new Set(letters)].map((letter) => letters.split(letter).length - 1));
    expect([letters.length, [...counts]]).toEqual([248, [4]]);
  });
});

describe('refuses', () => {
  const table: [FieldPolicy, Actor][] = [
    ['staff', staff('SCRUTINY')],
    ['staff', staff()],
    ['staff', partner(...PARTNER_SCOPES)],
    ['coordinate', staff('CHAIR', 'AUTHORITY_ADMIN')],
    ['coordinate', partner(...PARTNER_SCOPES)],
    ['exclusions', staff('MINUTE_TAKER')],
    ['exclusions', partner(...PARTNER_SCOPES)],
    ['administer', staff('CHAIR')],
    ['meetings', partner('actions:own-agency', 'directory:own-agency')],
    ['actions', partner('invitations:own-agency')],
    ['directory', partner('invitations:own-agency')],
    ['meetings', link],
    ['own-agency', link],
  ];
  it.each(table)('%s to somebody else', (policy, by) => {
    expect(fieldVerdict(policy, by)).toBe('HIDDEN');
  });

  it('a token with any one letter changed, left out or added', () => {
    const token = writeToken('live', 'Abcd1234', 'k'.repeat(43));
    fc.assert(
      fc.property(fc.nat(token.length - 1), fc.constantFrom('0', 'Z', 'a', '', '_'), (at, letter) => {
        const changed = token.slice(0, at) + letter + token.slice(at + 1);
        fc.pre(changed !== token);
        expect(readToken(changed)).toBeUndefined();
      }),
    );
  });

  it('a token without a name, without scopes, with one that is none, and one that lasts too long or not at all', () => {
    const issuedAt = new Date('2026-11-30T11:20:00Z');
    const good = {
      ...{ authorityId: 1, id: 'i', agencyId: 'a', keyId: 'k', secretHash: Buffer.alloc(32), issuedBy: 's', issuedAt },
      ...{ name: 'Rio', scopes: ['actions:own-agency'] as Scope[], expiresAt: new Date('2027-05-30T00:00:00Z') },
    };
    const code = (change: object): string => {
      try {
        return PartnerToken.issue({ ...good, ...change }).name;
      } catch (error) {
        return (error as { code: string }).code;
      }
    };
    expect(code({})).toBe('Rio');
    expect(code({ name: ' ' })).toBe('REQUIRED');
    expect(code({ name: 'x'.repeat(10_000) })).toBe('TOO_LONG');
    expect(code({ name: 'a\u202eb' })).toBe('UNSAFE_TEXT');
    expect(code({ scopes: [] })).toBe('REQUIRED');
    expect(code({ scopes: ['everything'] })).toBe('INVALID');
    expect(code({ expiresAt: issuedAt })).toBe('INVALID_DATE');
    expect(code({ expiresAt: new Date('2028-11-30T00:00:00Z') })).toBe('INVALID_DATE');
    expect(code({ expiresAt: new Date(Number.NaN) })).toBe('INVALID_DATE');
  });
});
