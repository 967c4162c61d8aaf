/**
 * Who sits where, when nobody may sit on two chairs: fills as many places as can be filled, each by another person, so
 * that one person in two roles counts once and still never blocks a place that somebody else could have left free.
 * (Kuhn's way of matching: to seat one more, ask whoever sits there to move up.)
 */
export interface Place {
  readonly key: string;
  /** Everybody who could fill it. */
  readonly people: readonly string[];
}

/** The filled places, each with the person who fills it. */
export type Hall = ReadonlyMap<string, string>;

/** Fills the places in their order, earlier ones first; those seated `already` keep a place, perhaps another chair. */
export function fill(places: readonly Place[], already: Hall = new Map()): Hall {
  const placeOf = new Map([...already].map(([key, person]) => [person, key]));
  const byKey = new Map(places.map((place) => [place.key, place]));

  const seatOne = (place: Place, asked: Set<string>): boolean =>
    place.people.some((person) => {
      if (asked.has(person)) return false;
      asked.add(person);
      const taken = placeOf.get(person);
      const sitting = taken === undefined ? undefined : byKey.get(taken);
      if (sitting !== undefined && !seatOne(sitting, asked)) return false;
      placeOf.set(person, place.key);
      return true;
    });

  for (const place of places) if (!already.has(place.key)) seatOne(place, new Set());
  return new Map([...placeOf].map(([person, key]) => [key, person]));
}
