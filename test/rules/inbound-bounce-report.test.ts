import { describe, expect, it } from '@jest/globals';
import { type Bounce, readBounce } from '../../src/mail/inbound/bounce-report.js';
import { sort } from '../../src/mail/inbound/sorting.js';
import { takeApart } from '../../src/mail/inbound/take-apart.js';
import { BOUNCES, delayed, wordless } from '../support/inbound-mails.js';

const original = { to: 'leanne@force.example', messageId: '<one@reply.northshire.example>' };

async function read(raw: string): Promise<Bounce> {
  const mail = await takeApart(Buffer.from(raw));
  const { deliveryStatus } = sort(mail, { addressKind: 'b', returnPath: null });
  return readBounce({ deliveryStatus, text: mail.text });
}

const status = (...groups: string[][]): Bounce =>
  readBounce({
    deliveryStatus: [['Reporting-MTA: dns; mx'], ...groups].map((one) => one.join('\r\n')).join('\r\n\r\n'),
    text: '',
  });
const recipient = (action: string, code: string, more: string[] = []): string[] => [
  'Final-Recipient: rfc822; a@force.example',
  `Action: ${action}`,
  `Status: ${code}`,
  ...more,
];

describe('for good', () => {
  it.each(Object.keys(BOUNCES))('%s says so', async (system) => {
    const bounce = await read(BOUNCES[system]?.(original) ?? '');
    expect(bounce.kind).toBe('HARD');
    expect(bounce.why).toMatch(/5\.\d+\.\d+/);
  });

  it('is said by the reason that the other server gave, unfolded', async () => {
    expect((await read(BOUNCES.Postfix?.(original) ?? '')).why).toBe('550 5.1.1 User unknown in virtual mailbox table');
  });

  it('by the code of the answer where the status says nothing', () => {
    expect(status(recipient('failed', '', ['Diagnostic-Code: smtp; 550 no such user'])).kind).toBe('HARD');
  });
});

describe('for the time being', () => {
  it('is a delay, a 4, or one of several who was reached', async () => {
    expect((await read(delayed(original))).kind).toBe('SOFT');
    expect(status(recipient('failed', '4.4.7')).kind).toBe('SOFT');
    expect(status(recipient('failed', '5.1.1'), recipient('relayed', '2.0.0')).kind).toBe('SOFT');
    expect(readBounce({ deliveryStatus: null, text: 'host mx said: 452 4.2.2 mailbox full' }).kind).toBe('SOFT');
  });
});

describe('refuses', () => {
  it('to guess from words, or from codes that contradict each other', async () => {
    expect((await read(wordless(original))).kind).toBe('UNCLEAR');
    expect(readBounce({ deliveryStatus: null, text: 'First 4.2.1, then 5.1.1' }).kind).toBe('UNCLEAR');
    expect(status(recipient('failed', 'unknown')).kind).toBe('UNCLEAR');
  });

  it('to take an address, a date or what was returned for a code', () => {
    for (const text of [
      'from 5.1.1.7 at 10.5.4.2',
      'on 5.12.2026 all 550 people',
      'Sorry.\n\nReceived: from mx\n550 5.1.1 x',
    ]) {
      expect([text, readBounce({ deliveryStatus: null, text }).kind]).toEqual([text, 'UNCLEAR']);
    }
  });

  it('a message that was delivered as a bounce', () => {
    expect(status(recipient('delivered', '2.0.0')).kind).toBe('NONE');
  });
});
