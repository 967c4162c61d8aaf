/**
 * What a quorum rule may say. No statute sets a quorum for strategy meetings; the guidance's minimum involvement is used
 * as one, and local procedures differ, so every rule is a version with its source, how far it can be trusted, and the
 * dates between which it holds. Named requirements are places that must be filled (children's social care, the police);
 * "others" is a number of further agencies or disciplines; conditions add a requirement when a fact holds.
 */
import { type Jurisdiction } from '../authorities/bank-holidays.js';
import { type AgencyCategory, CATEGORY_LABELS } from '../directory/agency-category.js';
import { type InvitationRole, ROLE_LABELS } from './invitation.js';

/** Who could fill a place: everything named here holds of the one person. */
export interface Alternative {
  readonly category?: AgencyCategory;
  readonly role?: InvitationRole;
  readonly discipline?: string;
}

export interface Requirement {
  readonly key: string;
  readonly anyOf: readonly Alternative[];
}

/** So many further agencies, or disciplines where the rule counts those. */
export interface Others {
  readonly min: number;
  readonly excludeCategories: readonly AgencyCategory[];
  /** Only people who work with this family or setting count. */
  readonly directInvolvement: boolean;
}

export interface Condition {
  /** A fact of the matter, such as POSSIBLE_OFFENCE. */
  readonly if: string;
  readonly require: Requirement;
}

/** The chair may go on with fewer others, and gives reasons. */
export interface ChairMayProceed {
  readonly others: number;
  readonly when: string;
}

export type Confidence = 'HIGH' | 'LOCAL' | 'HISTORIC' | 'PROPOSED';

export class QuorumRule {
  id: string;
  version = 1;
  /** Null is the rule everybody starts with; otherwise the name under which an authority may choose this one. */
  variant: string | null = null;
  jurisdiction: Jurisdiction | 'UK' = 'UK';
  requirements: Requirement[] = [];
  others: Others | null = null;
  /** Categories whose disciplines count separately; all else counts once for each category. */
  countBy: Partial<Record<AgencyCategory, 'CATEGORY' | 'DISCIPLINE'>> = {};
  conditional: Condition[] = [];
  /** Only people who can decide for their agency count. */
  needsAuthority = true;
  /** A report sent instead of coming counts. */
  reportCounts = false;
  chairMayProceedWith: ChairMayProceed | null = null;
  source: string;
  confidence: Confidence = 'PROPOSED';
  /** `YYYY-MM-DD`; null: not in force yet. */
  effectiveFrom: string | null = null;
  /** `YYYY-MM-DD`, the last day; null: until further notice. */
  effectiveTo: string | null = null;

  static of(facts: Partial<QuorumRule> & Pick<QuorumRule, 'id' | 'source' | 'confidence'>): QuorumRule {
    return Object.assign(new QuorumRule(), facts);
  }
}

/** The rule that holds on a date (`YYYY-MM-DD`): the latest of its versions in force, or null. */
export function ruleInForce(rules: readonly QuorumRule[], id: string, on: string): QuorumRule | null {
  const inForce = rules.filter(
    (rule) =>
      rule.id === id &&
      rule.effectiveFrom !== null &&
      rule.effectiveFrom <= on &&
      (rule.effectiveTo === null || on <= rule.effectiveTo),
  );
  return inForce.sort((a, b) => b.version - a.version)[0] ?? null;
}

/**
 * A rule's requirements for a matter: its own and those whose condition holds. A condition adds nothing that a place
 * asks for already: where children's social care chairs, it is there.
 */
export function requirementsFor(rule: QuorumRule, facts: readonly string[]): Requirement[] {
  const places = [...rule.requirements];
  for (const condition of rule.conditional) {
    const isNew = !places.some((place) => implies(place, condition.require));
    if (facts.includes(condition.if) && isNew) places.push(condition.require);
  }
  return places;
}

function implies(place: Requirement, asked: Requirement): boolean {
  return place.anyOf.every((one) => asked.anyOf.some((other) => isNarrower(one, other)));
}

function isNarrower(one: Alternative, other: Alternative): boolean {
  const category = other.category === undefined || one.category === other.category;
  const role = other.role === undefined || one.role === other.role;
  return category && role && (other.discipline === undefined || one.discipline === other.discipline);
}

/** A place in words: "Employer or HR". */
export function placeLabel(requirement: Requirement): string {
  return [...new Set(requirement.anyOf.map(alternativeLabel))].join(' or ');
}

/** A discipline's code in words: `SCHOOL_NURSE` is "School nurse". */
export function disciplineLabel(discipline: string): string {
  const words = discipline.toLowerCase().replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function alternativeLabel(alternative: Alternative): string {
  const { category, role, discipline } = alternative;
  const who = discipline ? disciplineLabel(discipline) : category ? CATEGORY_LABELS[category] : null;
  if (who === null) return role ? ROLE_LABELS[role] : 'Anybody';
  return role ? `${who} (${ROLE_LABELS[role].toLowerCase()})` : who;
}
