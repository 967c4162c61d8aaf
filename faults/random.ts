/** Chance that a seed gives again. */
export type Random = () => number;

/** What a random number generator with a seed gives, from 0 to below 1: mulberry32. */
export function randomFrom(seed: number): Random {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** The same things in an order drawn by `random`. */
export function shuffled<T>(things: readonly T[], random: Random): T[] {
  const drawn = [...things];
  for (let at = drawn.length - 1; at > 0; at -= 1) {
    const other = Math.floor(random() * (at + 1));
    const [one, two] = [drawn[at], drawn[other]];
    if (one === undefined || two === undefined) continue;
    drawn[at] = two;
    drawn[other] = one;
  }
  return drawn;
}
