import { describe, expect, it } from '@jest/globals';
import { dice, ExcludingWorld } from '../support/excluding-world.js';

const SEQUENCES = 100_000;
const STEPS = 14;

/** The first sequence, by its seed, at whose end or on whose way somebody excluded is asked. */
function firstWrong(sequences: number, follows: boolean): { seed?: number; asked: number; passedOver: number } {
  let [asked, passedOver] = [0, 0];
  for (let seed = 1; seed <= sequences; seed += 1) {
    const world = new ExcludingWorld(dice(seed), follows);
    for (let step = 0; step < STEPS; step += 1) {
      world.step();
      if (world.wrong() !== undefined) return { seed, asked, passedOver };
    }
    asked += world.asked;
    passedOver += world.passedOver;
  }
  return { asked, passedOver };
}

describe('whoever must not be told', () => {
  it(`is asked in none of ${SEQUENCES} random sequences of the directory`, () => {
    const { seed, asked, passedOver } = firstWrong(SEQUENCES, true);
    expect(seed).toBeUndefined();
    expect(asked).toBeGreaterThan(SEQUENCES / 10);
    expect(passedOver).toBeGreaterThan(SEQUENCES / 10);
  }, 180_000);
});

describe('refuses', () => {
  it('to find nothing where exclusions do not follow the directory', () => {
    expect(firstWrong(10_000, false).seed).toBeDefined();
  });
});
