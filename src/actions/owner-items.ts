/**
 * Who can be chosen as the owner of an action: those of the meeting, who came first, and then whoever matches what was
 * typed. Each is a named person with their post and agency beside them, since two people may have one name.
 */
interface Choosable {
  readonly contactId: string;
  readonly name: string;
  readonly postTitle: string | null;
  readonly agencyName: string | null;
  /** Unknown for people found by name. */
  readonly attended?: boolean;
}

export interface OwnerItem {
  readonly value: string;
  readonly text: string;
  readonly hint: { readonly text: string };
}

/** Radios for choosing an owner, each person once. */
export function ownerItems(people: readonly Choosable[], found: readonly Choosable[]): OwnerItem[] {
  const isOfMeeting = new Set(people.map((one) => one.contactId));
  const others = found.filter((one) => !isOfMeeting.has(one.contactId));
  return [...people, ...others].map((one) => ({ value: one.contactId, text: one.name, hint: { text: placeOf(one) } }));
}

function placeOf({ postTitle, agencyName, attended }: Choosable): string {
  const place = [postTitle, agencyName].filter((part) => part !== null).join(', ');
  if (attended === undefined) return place;
  return attended ? `${place}. Came` : `${place}. Did not come, or not yet recorded`;
}
