/**
 * What a correction changed, for the history: each fact as it was and as it is now, so that a wrong correction can be
 * seen and put back.
 */
export type ChangedFacts = Record<string, { from: unknown; to: unknown }>;

/** Puts the new facts on the thing and answers with those that differ; null when none does. */
export function changedFacts<T extends object>(thing: T, facts: Partial<T>): ChangedFacts | null {
  const changed: ChangedFacts = {};
  for (const key of Object.keys(facts) as (keyof T & string)[]) {
    const from = thing[key];
    const to = facts[key];
    if (JSON.stringify(from) !== JSON.stringify(to)) changed[key] = { from, to };
  }
  Object.assign(thing, facts);
  return Object.keys(changed).length === 0 ? null : changed;
}
