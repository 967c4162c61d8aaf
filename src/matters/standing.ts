/**
 * Where somebody stands towards a matter: may know of it, or must not be told. One row for each contact, post, agency and
 * address that the matter touches. A live invitation or action refers to rows that say "may know", so one verdict cannot
 * be both, whoever writes it and in whatever order (domain guide, section 4.3, invariant 4).
 */
export type Verdict = 'may_know' | 'must_not_know';

export class Standing {
  authorityId: number;
  matterId: string;
  /** `contact:<id>`, `post:<id>`, `agency:<id>`, or the address itself in the form that all its spellings share. */
  who: string;
  verdict: Verdict;
}

export const contactKey = (id: string): string => `contact:${id}`;
/** A person and the address they have: whoever is excluded is so under both. */
export const keysOfPerson = (person: { readonly id: string; readonly addressKey: string }): string[] => [
  contactKey(person.id),
  person.addressKey,
];
export const postKey = (id: string): string => `post:${id}`;
export const agencyKey = (id: string): string => `agency:${id}`;
