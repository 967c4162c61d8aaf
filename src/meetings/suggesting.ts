/**
 * Whom to ask to a meeting. Working Together to Safeguard Children names who must be involved, local procedures name more;
 * the authority keeps both as suggestions for each kind of meeting. A suggestion is a kind of agency, a profession or a
 * part to play, so it is filled with people of the directory who hold a post there. The coordinator ticks each person:
 * nobody is invited because a machine thought of them.
 */
import { type Suggestion } from '../authorities/meeting-type.js';
import { type AgencyCategory, CATEGORY_LABELS } from '../directory/agency-category.js';
import { type PersonInPost } from '../directory/person-in-post.js';
import { INVITATION_ROLES, type InvitationRole, ROLE_LABELS } from './invitation.js';
import { disciplineLabel } from './quorum-rule.js';

/** One suggestion with those who could fill it. */
export interface SuggestedGroup {
  readonly label: string;
  readonly required: boolean;
  readonly note: string | null;
  readonly role: InvitationRole;
  readonly category: AgencyCategory | null;
  /** Nobody of the directory: somebody has to be found or added. */
  readonly people: readonly PersonInPost[];
}

/** People shown for one suggestion; the search finds the others. */
const SHOWN = 8;

/** The suggestions in their order, each with people who fit; one who fits several is shown with the first. */
export function suggest(wanted: readonly Suggestion[], people: readonly PersonInPost[]): SuggestedGroup[] {
  const shown = new Set<string>();
  return wanted.map((suggestion) => {
    const fitting = people.filter((person) => fits(suggestion, person) && !shown.has(person.contactId)).slice(0, SHOWN);
    for (const { contactId } of fitting) shown.add(contactId);
    const { required, note = null, category } = suggestion;
    return {
      label: labelOf(suggestion),
      required,
      note,
      role: roleOf(suggestion.role),
      category: (category as AgencyCategory | undefined) ?? null,
      people: fitting,
    };
  });
}

function fits({ category, discipline }: Suggestion, person: PersonInPost): boolean {
  if (category === undefined || person.category !== category) return false;
  return discipline === undefined || person.discipline === discipline;
}

function labelOf({ category, discipline, role }: Suggestion): string {
  const part = role === undefined ? null : ROLE_LABELS[roleOf(role)];
  const who = discipline ? disciplineLabel(discipline) : category ? CATEGORY_LABELS[category as AgencyCategory] : null;
  if (who === null) return part ?? 'Anybody';
  return part === null || part === who ? who : `${who} (${part.toLowerCase()})`;
}

/** The part in the meeting of that code; somebody without one attends. */
export function roleOf(code: string | undefined): InvitationRole {
  return INVITATION_ROLES.find((role) => role === code) ?? 'ATTENDEE';
}
