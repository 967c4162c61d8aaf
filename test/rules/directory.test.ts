import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Agency } from '../../src/directory/agency.js';
import { AGENCY_CATEGORIES, CATEGORY_LABELS } from '../../src/directory/agency-category.js';
import { Contact, CONTACT_MOVES, CONTACT_STATUSES, type ContactStatus } from '../../src/directory/contact.js';
import { Deputy } from '../../src/directory/deputy.js';
import { Holding } from '../../src/directory/holding.js';
import { optionalPhone, requiredName } from '../../src/directory/name.js';
import { Post } from '../../src/directory/post.js';
import { registeredAddress } from '../../src/directory/registered-address.js';
import { Team } from '../../src/directory/team.js';
import { refusal } from '../support/refusal.js';

const NOW = new Date('2026-11-30T11:20:00Z');
const ID = '0198c0de-0000-7000-8000-000000000001';
const OTHER = '0198c0de-0000-7000-8000-000000000002';

function aContact(status: ContactStatus = 'ACTIVE', id = ID): Contact {
  const facts = { name: 'Leanne Firth', ...registeredAddress('leanne.firth@northshire.police.example') };
  return Object.assign(Contact.of(facts, { authorityId: 1, id, now: NOW, how: 'COORDINATOR' }), { status });
}

function aHolding(fromOn = '2026-01-05', toOn: string | null = null): Holding {
  return Object.assign(Holding.of({ contactId: ID, postId: OTHER, fromOn }, { authorityId: 1, id: ID }), { toOn });
}

/** What a person can do to a contact's status, and where it leads. */
const MOVES: readonly [ContactStatus, (contact: Contact) => unknown][] = [
  ['UNVERIFIED', (contact) => contact.doubt('Mail came back')],
  ['ON_LEAVE', (contact) => contact.planLeave({ from: '2026-01-05', to: null, cover: null }, '2026-11-30')],
  ['LEFT', (contact) => contact.leave()],
  ['MERGED', (contact) => contact.mergeInto(aContact('ACTIVE', OTHER))],
];

/** Whether the move is allowed; a refused one leaves the contact as it was. */
function comesTo(contact: Contact, to: ContactStatus, move: (contact: Contact) => unknown): boolean {
  const before = contact.status;
  try {
    move(contact);
    return contact.status === to;
  } catch {
    if (contact.status !== before) throw new Error(`Refused, and yet ${contact.status}`);
    return false;
  }
}

describe('a contact', () => {
  it.each(CONTACT_STATUSES)('moves from %s only where the table says', (from) => {
    const reached = MOVES.filter(([to, move]) => {
      const contact = aContact(from);
      return from !== to && comesTo(contact, to, move);
    });
    const allowed = CONTACT_MOVES[from].filter((to) => to !== 'ACTIVE' && !(from === 'LEFT' && to === 'UNVERIFIED'));
    expect(reached.map(([to]) => to)).toEqual(allowed);
  });

  it('is active again once verified, but not while on leave', () => {
    const contact = aContact('UNVERIFIED');
    expect(contact.verify('RESPONSE', NOW)).toMatchObject({ action: 'contact.verified', details: { how: 'RESPONSE' } });
    expect(contact).toMatchObject({ status: 'ACTIVE', lastVerifiedAt: NOW, verifiedHow: 'RESPONSE' });
    const away = aContact('ON_LEAVE');
    away.verify('ATTENDED', NOW);
    expect(away.status).toBe('ON_LEAVE');
    away.endLeave();
    expect(away.status).toBe('ACTIVE');
  });

  it('that comes back has to be checked', () => {
    const contact = aContact('LEFT');
    contact.comeBack();
    expect(contact.status).toBe('UNVERIFIED');
  });

  it('tells before an address changes, and after, and nothing when it is the same', () => {
    const contact = aContact();
    const to = registeredAddress('L.Firth@northshire.police.example');
    expect(contact.addressChanging(to)).toMatchObject({
      action: 'contact.address-changing',
      details: {
        contactId: ID,
        oldKey: 'leanne.firth@northshire.police.example',
        newKey: 'l.firth@northshire.police.example',
      },
    });
    expect(contact.moveAddress(to)).toMatchObject({ action: 'contact.address-changed', details: { contactId: ID } });
    expect(contact.addressChanging(to)).toBeNull();
    expect(contact.moveAddress(to)).toBeNull();
  });

  it('tells what a correction changed, and nothing when nothing did', () => {
    const contact = aContact();
    expect(contact.correct({ name: 'Leanne Firth' })).toBeNull();
    expect(contact.correct({ name: 'Leanne Firth', phone: '01632 960 001' })?.details).toEqual({
      phone: { from: null, to: '01632 960 001' },
    });
  });
});

describe('a holding', () => {
  it('is over on the day until which it is held', () => {
    const holding = aHolding('2026-01-05', '2026-11-30');
    expect(['2026-01-04', '2026-01-05', '2026-11-29', '2026-11-30'].map((day) => holding.holdsOn(day))).toEqual([
      false,
      true,
      true,
      false,
    ]);
  });

  it('that had not begun when its contact left never begins', () => {
    const day = fc.date({ min: new Date('2020-01-01'), max: new Date('2030-12-31'), noInvalidDate: true });
    const iso = day.map((date) => date.toISOString().slice(0, 10));
    fc.assert(
      fc.property(iso, iso, (fromOn, today) => {
        const holding = aHolding(fromOn);
        holding.endEarly(today, 'LEFT', OTHER);
        expect(holding.toOn).toBe(today < fromOn ? fromOn : today);
        expect(holding.isOpenOn(holding.toOn ?? '')).toBe(false);
        expect(holding.holdsOn(today)).toBe(false);
      }),
    );
  });
});

describe('a team', () => {
  it('keeps each name it had once', () => {
    const team = Team.of('East', { authorityId: 1, id: ID, agencyId: OTHER, fromOn: '2026-01-01' });
    for (const name of ['North', 'East', 'East', 'South']) team.rename(name);
    expect([team.name, team.formerNames]).toEqual(['South', ['North', 'East']]);
  });
});

describe('an agency', () => {
  it('has a category with a label of its own', () => {
    expect(new Set(Object.values(CATEGORY_LABELS)).size).toBe(AGENCY_CATEGORIES.length);
  });

  it('takes a discipline in words', () => {
    const facts = { name: 'School nurses', category: 'HEALTH', discipline: ' school nurse ' };
    expect(Agency.of(facts, { authorityId: 1, id: ID, now: NOW }).discipline).toBe('SCHOOL_NURSE');
  });
});

describe('a name', () => {
  it.each(['Siân O’Neill', 'Nguyễn Thị Minh Khai', 'علی‌رضا', 'Zoë (née Smith)', 'J. R. “Bob” Dobbs', '李小龍'])(
    'of a person may be %s',
    (name) => {
      expect(requiredName(`  ${name} `, { field: 'name', ask: 'Enter a name' })).toBe(name.normalize('NFC'));
    },
  );
});

describe('refuses', () => {
  it.each([
    ['too long', 'x'.repeat(121), 'TOO_LONG'],
    ['10,000 characters', 'x'.repeat(10_000), 'TOO_LONG'],
    ['a null character', 'Tom\0Beck', 'UNSAFE_TEXT'],
    ['a line break', 'Tom\nBeck', 'UNSAFE_TEXT'],
    ['a tab', 'Tom\tBeck', 'UNSAFE_TEXT'],
    ['an override of direction', 'Tom\u202eBeck', 'UNSAFE_TEXT'],
    ['an isolate', 'Tom\u2067Beck', 'UNSAFE_TEXT'],
    ['a line separator', 'Tom\u2028Beck', 'UNSAFE_TEXT'],
    ['a character of no width', 'Tom\u200bBeck', 'UNSAFE_TEXT'],
    ['a byte order mark inside', 'Tom\ufeffBeck', 'UNSAFE_TEXT'],
    ['half a character', 'Tom\ud800Beck', 'UNSAFE_TEXT'],
    ['an email address', 'tom@evil.test', 'UNSAFE_TEXT'],
    ['a web address', 'Tom https://evil.test', 'UNSAFE_TEXT'],
    ['nothing but what cannot be seen', '\u200b \u2060', 'REQUIRED'],
  ])('a name with %s', (_, name, code) => {
    expect(refusal(() => requiredName(name, { field: 'name', ask: 'Enter a name' })).code).toBe(code);
  });

  it.each([
    'a@b.test,c@evil.test',
    'a@b.test;c@evil.test',
    'a@b.test c@evil.test',
    'A <a@b.test>',
    '"a b"@c.test',
    'a@[127.0.0.1]',
    'a%b@c.test',
    'a@b.test\nc@evil.test',
    'a@b',
    'a',
  ])('%j as an address', (typed) => {
    expect(refusal(() => registeredAddress(typed))).toMatchObject({ code: 'INVALID_EMAIL', field: 'email' });
  });

  it.each(['none', 'tel:01632960001', '12', '01632 960 001; 01632 960 002'])('%j as a telephone number', (typed) => {
    expect(refusal(() => optionalPhone(typed, 'phone')).code).toBe('INVALID');
  });

  it('the end of a holding before it began, twice, or without a reason that is known', () => {
    expect(refusal(() => aHolding().end('2026-01-04', 'LEFT', OTHER)).code).toBe('INVALID_DATE');
    expect(refusal(() => aHolding().end('2026-02-30', 'LEFT', OTHER)).code).toBe('INVALID_DATE');
    expect(refusal(() => aHolding().end('2026-03-01', 'BORED', OTHER)).code).toBe('INVALID');
    expect(refusal(() => aHolding('2026-01-05', '2026-02-01').end('2026-03-01', 'LEFT', OTHER)).code).toBe(
      'MOVE_NOT_ALLOWED',
    );
  });

  it('a deputy of itself and a rank that is none', () => {
    const at = { authorityId: 1, id: ID };
    const facts = { postId: ID, deputyPostId: OTHER, rank: 1, fromOn: '2026-01-01' };
    expect(refusal(() => Deputy.of({ ...facts, deputyPostId: ID }, at)).code).toBe('INVALID');
    for (const rank of [0, 10, 1.5, Number.NaN])
      expect(refusal(() => Deputy.of({ ...facts, rank }, at)).code).toBe('INVALID');
  });

  it('what no post does and no agency is', () => {
    const at = { authorityId: 1, id: ID, agencyId: OTHER, now: NOW };
    expect(refusal(() => Post.of({ title: 'Head', functions: ['KING'] }, at)).code).toBe('INVALID');
    expect(refusal(() => Agency.of({ name: 'A', category: 'police' }, at)).code).toBe('INVALID');
    expect(refusal(() => Agency.of({ name: 'A', category: 'POLICE', discipline: 'x'.repeat(60) }, at)).code).toBe(
      'INVALID',
    );
  });
});
