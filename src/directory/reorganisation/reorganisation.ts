/**
 * A restructure in one go: a team is renamed, merged into another, split, closed, or a post moves, all from one day. It
 * is looked at before it happens, and nothing may be left without a place to go. Until its day it can be taken back; on
 * its day it happens whole. Agencies tell late, so a day in the past is allowed when somebody confirms it. Past meetings,
 * minutes and reports keep the names of their day, and the old names still find the team.
 */
import { requireDate } from '../../authorities/civil-time.js';
import { RuleBroken } from '../../errors.js';
import { type Change } from '../../history/change.js';
import { type ReorganisationKind, type ReorganisationPlan } from './steps.js';

export const REORGANISATION_STATUSES = ['DRAFT', 'SCHEDULED', 'APPLIED'] as const;
export type ReorganisationStatus = (typeof REORGANISATION_STATUSES)[number];

export class Reorganisation {
  authorityId: number;
  id: string;
  version = 1;
  agencyId: string;
  kind: ReorganisationKind;
  plan: ReorganisationPlan;
  /** The teams, and the post, that it is about: only one restructure of each at a time. */
  touched: string[];
  words: string;
  /** `YYYY-MM-DD` */
  effectiveOn: string;
  status: ReorganisationStatus = 'SCHEDULED';
  decidedBy: string;
  decidedAt: Date;
  appliedAt: Date | null = null;
  reversedAt: Date | null = null;
  reversedBy: string | null = null;
  /** Why it could not be applied on its day; a coordinator looks at it again. */
  trouble: string | null = null;

  /** Decides a restructure for a day. Throws INVALID_DATE; NEEDS_CONFIRMATION for a day in the past. */
  static decide(facts: ReorganisationFacts, at: { today: string; confirmed: boolean }): Reorganisation {
    requireDate(facts.effectiveOn, 'effectiveOn');
    if (facts.effectiveOn < at.today && !at.confirmed) {
      throw new RuleBroken(
        'NEEDS_CONFIRMATION',
        'This day has passed. Confirm that it has been so since then; what was sent meanwhile stays as it is',
        'confirmed',
      );
    }
    return Object.assign(new Reorganisation(), facts);
  }

  isDue(today: string): boolean {
    return this.status === 'SCHEDULED' && this.effectiveOn <= today;
  }

  /** Told once, when it waits for its day. */
  scheduled(): Change {
    return this.tell('reorganisation.scheduled', { effectiveOn: this.effectiveOn });
  }

  /** It has happened, with everything it changed. */
  apply(now: Date, changed: Record<string, unknown>): Change {
    if (this.status !== 'SCHEDULED') throw new RuleBroken('MOVE_NOT_ALLOWED', 'This has been settled already');
    Object.assign(this, { status: 'APPLIED', appliedAt: now, trouble: null });
    return this.tell('reorganisation.applied', { effectiveOn: this.effectiveOn, ...changed });
  }

  /** Is not to happen after all. Throws MOVE_NOT_ALLOWED from its day on. */
  reverse(at: { now: Date; today: string; by: string }): Change {
    if (this.status !== 'SCHEDULED' || (this.effectiveOn <= at.today && this.trouble === null)) {
      throw new RuleBroken('MOVE_NOT_ALLOWED', 'Its day has come, so it can no longer be taken back. Plan another one');
    }
    Object.assign(this, { status: 'DRAFT', reversedAt: at.now, reversedBy: at.by });
    return this.tell('reorganisation.reversed', { effectiveOn: this.effectiveOn });
  }

  private tell(action: string, details: Record<string, unknown>): Change {
    const { agencyId, words } = this;
    return { action, object: `agency:${agencyId}`, details: { reorganisation: this.id, words, ...details }, agencyId };
  }
}

export type ReorganisationFacts = Pick<
  Reorganisation,
  'authorityId' | 'id' | 'agencyId' | 'kind' | 'plan' | 'touched' | 'words' | 'effectiveOn' | 'decidedBy' | 'decidedAt'
>;
