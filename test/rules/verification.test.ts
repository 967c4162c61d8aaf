import { describe, expect, it } from '@jest/globals';
import { AddressChange } from '../../src/directory/verification/address-change.js';
import { doubtOf, type Sureness } from '../../src/directory/verification/doubt.js';
import { reverifyDays, Verification } from '../../src/directory/verification/verification.js';
import { refusal } from '../support/refusal.js';

const NOW = new Date('2026-11-30T11:20:00Z');
const sure = (more: Partial<Sureness> = {}): Sureness => ({
  status: 'ACTIVE',
  lastVerifiedAt: new Date('2026-10-01T09:00:00Z'),
  verificationDue: new Date('2026-12-30T09:00:00Z'),
  undeliverable: null,
  ...more,
});
const asked = (): Verification => Verification.of({ authorityId: 1, id: 'v', contactId: 'c', askedAt: NOW });

describe('what is known of somebody', () => {
  it('is sure until it is due, and doubted from that moment with the date', () => {
    expect(doubtOf(sure(), NOW)).toBeNull();
    const due = new Date(NOW);
    expect(doubtOf(sure({ verificationDue: due }), NOW)?.kind).toBe('OVERDUE');
    expect(doubtOf(sure({ verificationDue: due }), new Date(NOW.getTime() - 1))).toBeNull();
    expect(doubtOf(sure({ verificationDue: due }), NOW)?.words).toMatch(/^not checked since .*1 October 2026$/);
    expect(doubtOf(sure({ verificationDue: due, lastVerifiedAt: null }), NOW)?.words).toBe('never checked');
  });

  it('is doubted most when mail came back, with the reason', () => {
    const bounced = sure({ status: 'UNVERIFIED', undeliverable: { since: NOW, why: 'no such mailbox' } });
    expect(doubtOf(bounced, NOW)).toMatchObject({ kind: 'BOUNCED' });
    expect(doubtOf(bounced, NOW)?.words).toMatch(/30 November 2026: no such mailbox$/);
    expect(doubtOf(sure({ status: 'UNVERIFIED' }), NOW)?.kind).toBe('UNVERIFIED');
  });

  it('does not matter for somebody who has gone', () => {
    expect(doubtOf(sure({ status: 'LEFT', undeliverable: { since: NOW.toISOString(), why: 'no such mailbox' } }), NOW)).toBeNull();
  });

  it('is answered once: the first answer stays', () => {
    const one = asked();
    expect(one.say('RIGHT', NOW)?.details).toEqual({ answer: 'RIGHT' });
    expect(one.say('MOVED_ON', NOW)).toBeNull();
    expect(one.answer).toBe('RIGHT');
  });

  it('is asked after as many days as an authority says', () => {
    expect([30, 90, 730].map(reverifyDays)).toEqual([30, 90, 730]);
  });
});

describe('refuses', () => {
  it.each([29, 731, 90.5, Number.NaN])('%s days', (days) => {
    expect(refusal(() => reverifyDays(days))).toMatchObject({ code: 'INVALID', field: 'days' });
  });

  it('to settle a new address twice', () => {
    const facts = { authorityId: 1, id: 'a', contactId: 'c', email: 'a@b.example', addressKey: 'a@b.example' };
    const change = AddressChange.of({ ...facts, madeAt: NOW });
    change.decide('REFUSED', { now: NOW, by: 'Owen' });
    expect(refusal(() => change.decide('CONFIRMED', { now: NOW, by: 'Owen' }))).toMatchObject({
      code: 'MOVE_NOT_ALLOWED',
    });
  });
});
