import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { addressKey, addressToken, looksAlike, parseAddress } from '../../src/mail/address.js';

const atext = fc.constantFrom(..."abcXYZ019$&'*+=^_{}~-".split(''));
const word = fc.string({ unit: atext, minLength: 1, maxLength: 8 });
const label = fc.string({ unit: fc.constantFrom(...'abcXYZ019'.split('')), minLength: 1, maxLength: 8 });
const plainAddress = fc
  .tuple(fc.array(word, { minLength: 1, maxLength: 3 }), fc.array(label, { minLength: 1, maxLength: 3 }))
  .map(([local, domain]) => `${local.join('.')}@${domain.join('.')}.test`);

describe('an address', () => {
  it.each([
    'priya.nair@police.test',
    "pat.o'connor@school.sch.test",
    'Duty+mash@Alderbrook.gov.test',
    'a@b.test',
    'first_last-2@x-y.nhs.test',
    `${'a'.repeat(64)}@${'b'.repeat(63)}.test`,
    'pat@xn--mnchen-3ya.test',
  ])('in plain form is taken as it was given: %s', (address) => {
    expect(parseAddress(address)).toBe(address);
  });

  it('may have spaces round it from copying', () => {
    expect(parseAddress('  Pat@b.test\u00a0')).toBe('Pat@b.test');
  });

  it('in any plain form is taken', () => {
    fc.assert(
      fc.property(plainAddress, (address) => {
        expect(parseAddress(address)).toBe(address);
      }),
      { numRuns: 1000 },
    );
  });

  it('matches its other spellings', () => {
    expect(addressKey('Pat.Jones@Police.test')).toBe(addressKey('pat.jones@police.TEST'));
    expect(addressKey('pat+mash@police.test')).toBe(addressKey('pat@police.test'));
    expect(addressKey('p.a.t+x@gmail.com')).toBe(addressKey('Pat@googlemail.com'));
    expect(addressKey('p.at@police.test')).not.toBe(addressKey('pat@police.test'));
    expect(addressKey('+pat@police.test')).not.toBe(addressKey('+kim@police.test'));
    expect(addressKey('pat@police.test')).not.toBe(addressKey('pat@school.test'));
  });

  it('that only looks like another is told apart', () => {
    expect(looksAlike('pat@xn--plice-q9a.test')).toBe(true);
    expect(looksAlike('pat@mail.XN--plice-q9a.test')).toBe(true);
    expect(looksAlike('xn--pat@police.test')).toBe(false);
  });

  it('token has 26 lower-case characters that spell the bytes', () => {
    expect(addressToken(new Uint8Array(26))).toBe('a'.repeat(26));
    expect(addressToken(Uint8Array.from({ length: 26 }, (_, at) => at + 32))).toBe('abcdefghijklmnopqrstuvwxyz');
    expect(addressToken(new Uint8Array(26).fill(255))).toBe('7'.repeat(26));
    expect(`r-${addressToken(new Uint8Array(26).fill(9))}@reply.test`).toMatch(/^[rb]-[a-z2-7]{26}@reply\.test$/);
  });
});

describe('refuses', () => {
  it.each([
    ...[
      '',
      '@',
      'a@',
      '@b.test',
      'a',
      'a b@c.test',
      'a@b',
      'a@b@c.test',
      'a@b.test,c@evil.test',
      'a@b.test;c@evil.test',
    ],
    ...[
      'a@b.test c@evil.test',
      'a@b.test\r\nBcc: c@evil.test',
      'a@b.test\n',
      '\ta@b.test',
      'a@b.test\0',
      'a\u202e@b.test',
    ],
    ...[
      '"a b"@c.test',
      '"a@b.test"@evil.test',
      'a@"b.test"',
      'Pat <a@b.test>',
      '<a@b.test>',
      'Team: a@b.test;',
      'a(x)@b.test',
    ],
    ...[
      'a@b.test(c)',
      'a@[127.0.0.1]',
      'a@[IPv6:::1]',
      'a@127.0.0.1',
      'a@b.1',
      '.a@b.test',
      'a.@b.test',
      'a..b@c.test',
    ],
    ...['a@-b.test', 'a@b-.test', 'a@b..test', 'a@.test', 'a@b.test.', 'a@b_c.test', 'a@b.te st', 'a%c.test@evil.test'],
    ...[
      'evil.test!a@b.test',
      '|id@b.test',
      'a/b@c.test',
      '`id`@b.test',
      'a?cc=c@evil.test',
      'a#b@c.test',
      'a\\@b.test',
    ],
    ...['é@b.test', 'a@é.test', 'а@b.test', 'a@b.tеst', 'a＠b.test', 'a@b．test', 'mailto:a@b.test', 'a,c@b.test'],
    ...[`${'a'.repeat(65)}@b.test`, `a@${'b'.repeat(64)}.test`, `a@${'b.'.repeat(125)}test`, '=?utf-8?q?a?=@b.test'],
  ])('%j', (text) => {
    expect(parseAddress(text)).toBeUndefined();
  });

  it('whatever is added to a plain address with a separator', () => {
    const separator = fc.constantFrom(...',;:<>()[]"\\ \t\r\n\0!%|`/?#'.split(''));
    fc.assert(
      fc.property(plainAddress, separator, plainAddress, (first, mark, second) => {
        expect(parseAddress(`${first}${mark}${second}`)).toBeUndefined();
        expect(parseAddress(`${first}${mark}`)).toBe(mark === ' ' ? first : undefined);
      }),
      { numRuns: 1000 },
    );
  });

  it('any text that is not ASCII, or holds more than one @', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const address = parseAddress(text);
        expect(address === undefined || /^[!-~]+$/.test(address)).toBe(true);
        expect(parseAddress(`${text}@b.test@c.test`)).toBeUndefined();
      }),
      { numRuns: 1000 },
    );
  });

  it('to make a token of too few bytes', () => {
    expect(() => addressToken(new Uint8Array(25))).toThrow(RangeError);
  });
});
