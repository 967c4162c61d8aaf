/**
 * What meetings are about: an allegation against somebody who works with children, a child at risk, or organised abuse
 * that touches many. It is pointed to by a reference and called by a neutral title; the story stays in the case system
 * of the council. Allegation matters are ring-fenced, and a highly restricted matter names its readers (Working Together
 * to Safeguard Children; Keeping Children Safe in Education, part 4). Facts of the matter decide who must be asked.
 */
import { optionalText, requiredReason, requiredText } from '../authorities/plain-text.js';
import { RuleBroken } from '../errors.js';
import { type Change } from '../history/change.js';
import { addressesIn, hasUnsafe, linksIn } from '../mail/text.js';

export const MATTER_KINDS = ['ALLEGATION', 'CHILD_PROTECTION', 'COMPLEX'] as const;
export type MatterKind = (typeof MATTER_KINDS)[number];

export const MATTER_KIND_LABELS: Readonly<Record<MatterKind, string>> = {
  ALLEGATION: 'Allegation',
  CHILD_PROTECTION: 'Child protection',
  COMPLEX: 'Complex abuse',
};

export const SENSITIVITIES = ['STANDARD', 'RESTRICTED', 'HIGHLY_RESTRICTED'] as const;
export type Sensitivity = (typeof SENSITIVITIES)[number];

export const SENSITIVITY_LABELS: Readonly<Record<Sensitivity, string>> = {
  STANDARD: 'Standard',
  RESTRICTED: 'Restricted',
  HIGHLY_RESTRICTED: 'Highly restricted',
};

/** Facts that change who must be asked, what is due, and who is told. */
export const MATTER_FACTS = [
  'POSSIBLE_OFFENCE',
  'S47',
  'TEACHER',
  'FII',
  'LOOKED_AFTER',
  'SCHOOL_AGE',
  'MEDICAL_LIKELY',
  'CHILD_ON_CHILD',
  'ORGANISED',
] as const;
export type MatterFact = (typeof MATTER_FACTS)[number];

export const FACT_LABELS: Readonly<Record<MatterFact, string>> = {
  POSSIBLE_OFFENCE: 'A possible criminal offence',
  S47: 'A section 47 enquiry',
  TEACHER: 'It concerns a teacher',
  FII: 'Fabricated or induced illness is possible',
  LOOKED_AFTER: 'The child is looked after',
  SCHOOL_AGE: 'The child is of school age',
  MEDICAL_LIKELY: 'A medical examination is likely',
  CHILD_ON_CHILD: 'Harm by another child',
  ORGANISED: 'Organised abuse is possible',
};

export const MATTER_STATUSES = ['OPEN', 'CLOSED'] as const;
export type MatterStatus = (typeof MATTER_STATUSES)[number];

export interface MatterFacts {
  readonly neutralTitle: string;
  readonly facts: readonly string[];
  /** Its numbers in the council's case system and other places. */
  readonly externalIds: readonly string[];
}

export interface NewMatter extends MatterFacts {
  readonly kind: string;
  readonly sensitivity: string;
  readonly coordinatorId: string;
}

const TITLE_MAX = 120;
const EXTERNAL_ID_MAX = 60;
const EXTERNAL_IDS_MAX = 20;

export class Matter {
  authorityId: number;
  id: string;
  version = 1;
  /** `ALL-2026-0147`: what everybody outside calls it. */
  ref: string;
  kind: MatterKind;
  neutralTitle: string;
  sensitivity: Sensitivity = 'STANDARD';
  status: MatterStatus = 'OPEN';
  /** The member of staff who runs it. */
  coordinatorId: string;
  facts: MatterFact[] = [];
  externalIds: string[] = [];
  createdAt: Date;
  closedAt: Date | null = null;
  /** The same as `id`: what is about a matter carries this, and a matter is about itself. */
  matterId: string;

  /** A new matter; throws REQUIRED, TOO_LONG, UNSAFE_TEXT or INVALID. */
  static open(facts: NewMatter, at: { authorityId: number; id: string; ref: string; now: Date }): Matter {
    const { authorityId, id, ref, now } = at;
    return Object.assign(new Matter(), {
      authorityId,
      id,
      matterId: id,
      ref,
      createdAt: now,
      kind: matterKindOf(facts.kind),
      sensitivity: sensitivityOf(facts.sensitivity),
      coordinatorId: facts.coordinatorId,
      ...checked(facts),
    });
  }

  get isOpen(): boolean {
    return this.status === 'OPEN';
  }

  /** Told once, when it is new. */
  opened(): Change {
    const { kind, sensitivity, ref, facts } = this;
    return this.tell('matter.opened', { ref, kind, sensitivity, facts });
  }

  /** Told when somebody opens the page of a restricted matter. */
  read(): Change {
    return this.tell('matter.read', {});
  }

  /** Puts title, facts and numbers right; null when nothing is different. */
  correct(facts: MatterFacts): Change | null {
    const now = checked(facts);
    const changed: Record<string, unknown> = {};
    for (const key of ['neutralTitle', 'facts', 'externalIds'] as const) {
      if (JSON.stringify(this[key]) !== JSON.stringify(now[key])) changed[key] = { from: this[key], to: now[key] };
    }
    Object.assign(this, now);
    return Object.keys(changed).length === 0 ? null : this.tell('matter.corrected', changed);
  }

  /** Another member of staff runs it from now on; null when it is the same one. */
  handOver(coordinatorId: string): Change | null {
    const from = this.coordinatorId;
    if (from === coordinatorId) return null;
    this.coordinatorId = coordinatorId;
    return this.tell('matter.handed-over', { from, to: coordinatorId });
  }

  /** What is told before it closes, so that whoever still has something open can refuse; throws as `close`. */
  closing(reason: string): Change {
    const why = requiredReason(reason, 'Enter why the matter is closed');
    this.mustBe('OPEN', `${this.ref} is closed already`);
    return this.tell('matter.closing', { reason: why });
  }

  /** Nothing more is to be done; throws REASON_REQUIRED or MOVE_NOT_ALLOWED. */
  close(reason: string, now: Date): Change {
    const why = requiredReason(reason, 'Enter why the matter is closed');
    this.mustBe('OPEN', `${this.ref} is closed already`);
    this.status = 'CLOSED';
    this.closedAt = now;
    return this.tell('matter.closed', { reason: why });
  }

  /** Something new has come up; throws REASON_REQUIRED or MOVE_NOT_ALLOWED. */
  reopen(reason: string): Change {
    const why = requiredReason(reason, 'Enter why the matter is opened again');
    this.mustBe('CLOSED', `${this.ref} is open`);
    this.status = 'OPEN';
    this.closedAt = null;
    return this.tell('matter.reopened', { reason: why });
  }

  private mustBe(status: MatterStatus, message: string): void {
    if (this.status !== status) throw new RuleBroken('MOVE_NOT_ALLOWED', message);
  }

  private tell(action: string, details: Record<string, unknown>): Change {
    return { action, object: `matter:${this.id}`, details, matterId: this.id };
  }
}

/** The kind of that code; throws INVALID for anything else. */
export function matterKindOf(code: string): MatterKind {
  const known = MATTER_KINDS.find((one) => one === code);
  if (known === undefined) throw new RuleBroken('INVALID', 'Select what the matter is about', 'kind');
  return known;
}

function sensitivityOf(code: string): Sensitivity {
  const known = SENSITIVITIES.find((one) => one === code);
  if (known === undefined) throw new RuleBroken('INVALID', 'Select how sensitive the matter is', 'sensitivity');
  return known;
}

function checked(given: MatterFacts): Pick<Matter, 'neutralTitle' | 'facts' | 'externalIds'> {
  return {
    neutralTitle: neutralTitle(given.neutralTitle),
    facts: factsOf(given.facts),
    externalIds: externalIdsOf(given.externalIds),
  };
}

/** One line that could be read by anybody: no address, no web link, nothing hidden. */
function neutralTitle(typed: string): string {
  const field = 'neutralTitle';
  const title = requiredText(typed.normalize('NFC'), { field, ask: 'Enter a neutral title', max: TITLE_MAX });
  if (hasUnsafe(title)) {
    throw new RuleBroken('UNSAFE_TEXT', 'Remove the hidden characters: type it here, do not paste it', field);
  }
  if (addressesIn(title).length > 0 || linksIn(title).length > 0) {
    throw new RuleBroken('UNSAFE_TEXT', 'Enter a title without an email or web address', field);
  }
  return title;
}

function factsOf(codes: readonly string[]): MatterFact[] {
  if (codes.some((code) => !(MATTER_FACTS as readonly string[]).includes(code))) {
    throw new RuleBroken('INVALID', 'Select only facts from the list', 'facts');
  }
  return MATTER_FACTS.filter((fact) => codes.includes(fact));
}

function externalIdsOf(typed: readonly string[]): string[] {
  const field = 'externalIds';
  const ids = typed.map((one) => optionalText(one.normalize('NFC'), { field, max: EXTERNAL_ID_MAX }));
  const given = [...new Set(ids.filter((one) => one !== null))];
  if (given.length > EXTERNAL_IDS_MAX) {
    throw new RuleBroken('TOO_LONG', `Enter at most ${EXTERNAL_IDS_MAX} case numbers`, field);
  }
  if (given.some(hasUnsafe)) throw new RuleBroken('UNSAFE_TEXT', 'Enter one case number a line', field);
  return given;
}
