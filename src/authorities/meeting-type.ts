/**
 * What kind of multi-agency discussion a meeting is. The codes are fixed, so that reports of different councils can be
 * compared; the label, the length, the agenda and whom to suggest are the authority's own. The label is for staff pages
 * alone: "Allegation meeting" in an email or a diary would say what must not be said there. Who is suggested follows
 * Working Together to Safeguard Children and the local procedures that name more (domain guide, section 7.1).
 */
export const MEETING_TYPE_CODES = [
  'STRATEGY_DISCUSSION',
  'STRATEGY_MEETING',
  'REVIEW_STRATEGY',
  'ALLEGATION_MEETING',
  'ALLEGATION_REVIEW',
  'ALLEGATION_OUTCOME',
  'COMPLEX_ABUSE_STRATEGY',
  'ICPC',
  'RCPC',
  'CORE_GROUP',
  'PROFESSIONALS',
] as const;
export type MeetingTypeCode = (typeof MEETING_TYPE_CODES)[number];

/** Somebody worth asking, by agency category or by part in the meeting; nobody is ticked for the coordinator. */
export interface Suggestion {
  /** An agency category: POLICE, HEALTH. */
  readonly category?: string;
  readonly discipline?: string;
  /** The part they would play: CHAIR, EMPLOYER, REFERRER. */
  readonly role?: string;
  /** The guidance or the quorum needs them. */
  readonly required: boolean;
  /** Only when the matter has this fact: POSSIBLE_OFFENCE, FII. */
  readonly when?: string;
  /** A word on whom to look for, as the coordinator reads it. */
  readonly note?: string;
}

export class MeetingType {
  authorityId: number;
  code: string;
  version = 1;
  /** How staff call it; never in a message. */
  label: string;
  /** Only for matters of this kind; null for all. */
  matterKind: string | null = null;
  durationMinutes: number;
  quorumRuleId: string;
  suggestions: Suggestion[] = [];
  agenda: string[] = [];
  /** Still offered for new meetings. */
  active = true;
  /** Its place in the list. */
  position = 0;

  /** Offered for a matter of this kind? */
  suits(matterKind: string): boolean {
    return this.active && (this.matterKind === null || this.matterKind === matterKind);
  }

  /** Whom to suggest for a matter with these facts; required ones first, otherwise in the authority's order. */
  suggestedFor(facts: readonly string[]): Suggestion[] {
    const apply = this.suggestions.filter(({ when }) => when === undefined || facts.includes(when));
    return [...apply.filter(({ required }) => required), ...apply.filter(({ required }) => !required)];
  }
}
