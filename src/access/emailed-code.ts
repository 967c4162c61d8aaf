/**
 * The short code that shows somebody reads the mailbox they are registered with: 8 digits, sent to that address and no
 * other, in a message without a link. It is worth ten minutes, one use and five tries, in the browser it was asked for
 * in. Nobody is sent more than three in a quarter of an hour or ten in a day, so the chance of guessing one is at most
 * 5 in 10 million a day (OWASP ASVS 5.0, 6.6; WCAG 2.2, 3.3.8: it can be pasted).
 */
import { RuleBroken } from '../errors.js';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

export const CODE_LIFE_MS = 10 * MINUTE_MS;
export const CODE_TRIES = 5;
const QUARTER = { most: 3, ms: 15 * MINUTE_MS };
const DAY = { most: 10, ms: DAY_MS };

export class EmailedCode {
  authorityId: number;
  id: string;
  /** The contact or member of staff it was sent to. */
  personId: string;
  /** The visit or session it was asked for in, where alone it counts. */
  askedBy: string;
  /** Salt and argon2id digest; the code itself is kept nowhere. */
  codeHash: string;
  createdAt: Date;
  expiresAt: Date;
  tries = 0;
  usedAt: Date | null = null;

  static sent(facts: Omit<EmailedCode, 'expiresAt' | 'tries' | 'usedAt'>): EmailedCode {
    const expiresAt = new Date(facts.createdAt.getTime() + CODE_LIFE_MS);
    return Object.assign(new EmailedCode(), facts, { expiresAt });
  }
}

/** Whether another code may be sent now, `sent` being when the earlier ones were. */
export function mayAskForCode(sent: readonly Date[], now: Date): 'YES' | 'LATER' | 'TOMORROW' {
  const within = (ms: number): number => sent.filter((at) => now.getTime() - at.getTime() < ms).length;
  if (within(DAY.ms) >= DAY.most) return 'TOMORROW';
  return within(QUARTER.ms) >= QUARTER.most ? 'LATER' : 'YES';
}

/** Why no other code is sent; what to do instead stands on the page. */
export function tooManyCodes(when: 'LATER' | 'TOMORROW'): RuleBroken {
  const wait = when === 'LATER' ? 'Wait 15 minutes' : 'Wait until tomorrow, or ring us';
  return new RuleBroken('TOO_MANY_TRIES', `We have sent you several codes already. ${wait} before asking for another`);
}

/** The 8 digits of what was typed, spaces and hyphens left out; throws CODE_WRONG for anything else. */
export function readCode(typed: string): string {
  const digits = typed.replace(/[\s\u2010-\u2015-]/g, '');
  if (!/^\d{8}$/.test(digits)) {
    throw new RuleBroken('CODE_WRONG', 'Enter the 8 digits of the code, like 1234-5678', 'code');
  }
  return digits;
}

/** As it stands in the message: `1234-5678`. */
export function writeCode(digits: string): string {
  return `${digits.slice(0, 4)}-${digits.slice(4)}`;
}

/** What came of a try. */
export type Tried = 'RIGHT' | 'WRONG' | 'USED_UP' | 'EXPIRED';

/** The refusal of a try that was not right. */
export function wrongCode(tried: Exclude<Tried, 'RIGHT'>): RuleBroken {
  if (tried === 'WRONG') {
    return new RuleBroken('CODE_WRONG', 'This code is not right. Check it, or ask for a new one', 'code');
  }
  if (tried === 'EXPIRED') {
    return new RuleBroken('CODE_EXPIRED', 'This code no longer works. Ask for a new one', 'code');
  }
  return new RuleBroken('TOO_MANY_TRIES', 'A wrong code was typed in too often. Ask for a new one', 'code');
}
