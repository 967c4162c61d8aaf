/**
 * A contact as they come to a meeting: the person, the post they hold now or were chosen for, and the agency they come
 * from. Quorum counts the agency's category, and its discipline where local procedure counts that for itself. Whether
 * they may decide for their agency goes with the post. Somebody without a post comes from no agency and counts for none.
 */
import { RuleBroken } from '../errors.js';
import { type AgencyCategory } from './agency-category.js';
import { type ContactStatus, refuseUnaskable } from './contact.js';
import { type Doubt } from './verification/doubt.js';

export interface PersonInPost {
  readonly contactId: string;
  readonly contactVersion: number;
  readonly name: string;
  readonly email: string;
  readonly addressKey: string;
  readonly phone: string | null;
  readonly mobile: string | null;
  readonly accessNeeds: string | null;
  readonly status: ContactStatus;
  readonly lastVerifiedAt: Date | null;
  /** Why their particulars should not be relied upon; null when nothing speaks against them. */
  readonly doubt: Doubt | null;
  readonly postId: string | null;
  readonly postTitle: string | null;
  readonly teamName: string | null;
  readonly canDecide: boolean;
  readonly agencyId: string | null;
  readonly agencyName: string | null;
  /** Domains of the agency's addresses; none where they are not known. */
  readonly agencyDomains: readonly string[] | null;
  readonly category: AgencyCategory | null;
  /** The post's, else the agency's. */
  readonly discipline: string | null;
}

/** A person who can be asked: with an agency, neither left nor merged. */
export type Askable = PersonInPost & { readonly agencyId: string; readonly category: AgencyCategory };

/** Throws CONTACT_HAS_LEFT, CONTACT_MERGED, or REQUIRED for somebody who holds no post. */
export function mustBeAskable(person: PersonInPost, field = 'contact'): Askable {
  refuseUnaskable(person, field);
  const { agencyId, category } = person;
  if (agencyId === null || category === null) {
    throw new RuleBroken('REQUIRED', `${person.name} holds no post. Say in the directory where they work`, field);
  }
  return { ...person, agencyId, category };
}
