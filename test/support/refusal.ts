import { RuleBroken } from '../../src/errors.js';

/** What a rule said no with; fails when it said yes. */
export function refusal(attempt: () => unknown): RuleBroken {
  try {
    attempt();
  } catch (error) {
    if (error instanceof RuleBroken) return error;
    throw error;
  }
  throw new Error('It was allowed');
}
