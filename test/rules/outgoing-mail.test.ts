import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { afterHandover, backOffSeconds, type Handover, MAX_ATTEMPTS, MESSAGE_MOVES } from '../../src/mail/message.js';

const why = fc.string();
const outcome: fc.Arbitrary<Handover> = fc.oneof(
  fc.constant({ kind: 'taken' as const }),
  fc.record({ kind: fc.constantFrom('later' as const, 'refused' as const, 'unknown' as const), why }),
);

describe('what an attempt makes of a message', () => {
  it('is always a move that a message may make', () => {
    fc.assert(
      fc.property(outcome, fc.integer({ min: 1, max: 20 }), (how, attempts) => {
        expect(MESSAGE_MOVES.SENDING).toContain(afterHandover(how, attempts).state);
      }),
    );
  });

  it('is sent only when the server took it, and in doubt whenever nobody can tell', () => {
    fc.assert(
      fc.property(outcome, fc.integer({ min: 1, max: 20 }), (how, attempts) => {
        const { state } = afterHandover(how, attempts);
        expect(state === 'SENT').toBe(how.kind === 'taken');
        expect(state === 'IN_DOUBT').toBe(how.kind === 'unknown');
      }),
    );
  });

  it('is given up after eight attempts and not before, with a reason', () => {
    expect(afterHandover({ kind: 'later', why: '451' }, MAX_ATTEMPTS - 1)).toEqual({ state: 'PENDING', reason: '451' });
    expect(afterHandover({ kind: 'later', why: '451' }, MAX_ATTEMPTS)).toEqual({ state: 'DEAD', reason: 'ATTEMPTS' });
  });
});

describe('the wait before the next attempt', () => {
  it('doubles up to half an hour, spread by a quarter either way', () => {
    expect([1, 2, 3, 8, 20].map((attempts) => backOffSeconds(attempts, 0.5))).toEqual([15, 30, 60, 1_800, 1_800]);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 50 }), fc.double({ min: 0, max: 1, noNaN: true }), (attempts, spread) => {
        const wait = backOffSeconds(attempts, spread);
        expect(wait).toBeGreaterThanOrEqual(11);
        expect(wait).toBeLessThanOrEqual(2_250);
      }),
    );
  });
});

describe('refuses', () => {
  it('to let a message that was sent move again, and one that was given up anything but be tried again', () => {
    expect(MESSAGE_MOVES.SENT).toEqual([]);
    expect(MESSAGE_MOVES.DEAD).toEqual(['PENDING']);
  });
});
