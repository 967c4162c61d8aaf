/**
 * The dated fact that a contact holds a post. People move, go off sick, leave; the post stays, and who held it on a given
 * day can always be said. The last day is the day before `toOn`: a holding until 1 March is over on 1 March.
 */
import { requireDate } from '../authorities/civil-time.js';
import { RuleBroken } from '../errors.js';
import { type Change } from '../history/change.js';

export const END_REASONS = ['LEFT', 'MOVED', 'RESTRUCTURE', 'SICK', 'MATERNITY'] as const;
export type EndReason = (typeof END_REASONS)[number];

export const END_REASON_LABELS: Readonly<Record<EndReason, string>> = {
  LEFT: 'Left the agency',
  MOVED: 'Moved to another post',
  RESTRUCTURE: 'The agency was reorganised',
  SICK: 'Long-term sickness',
  MATERNITY: 'Maternity, paternity or adoption leave',
};

export class Holding {
  authorityId: number;
  id: string;
  version = 1;
  contactId: string;
  postId: string;
  /** First day (`YYYY-MM-DD`). */
  fromOn: string;
  /** The first day on which they no longer held it; null while they do. */
  toOn: string | null = null;
  endReason: EndReason | null = null;

  /** A contact takes up a post; throws INVALID_DATE. */
  static of(facts: HoldingFacts, at: { authorityId: number; id: string }): Holding {
    requireDate(facts.fromOn, 'fromOn');
    return Object.assign(new Holding(), at, facts);
  }

  /** Held on that day? */
  holdsOn(day: string): boolean {
    return this.fromOn <= day && (this.toOn === null || this.toOn > day);
  }

  /** Not over yet: held now, or to be taken up. */
  isOpenOn(day: string): boolean {
    return this.toOn === null || this.toOn > day;
  }

  /** Told once, when it is new. */
  started(agencyId: string): Change {
    return this.tell('holding.started', { from: this.fromOn }, agencyId);
  }

  /** Is over from a day on, with why; throws INVALID_DATE, INVALID or MOVE_NOT_ALLOWED. */
  end(on: string, reason: string, agencyId: string): Change {
    requireDate(on, 'toOn');
    const why = END_REASONS.find((one) => one === reason);
    if (why === undefined) throw new RuleBroken('INVALID', 'Select why they no longer hold the post', 'endReason');
    if (on < this.fromOn) {
      throw new RuleBroken('INVALID_DATE', 'The end must not be before the day they took up the post', 'toOn');
    }
    if (this.toOn !== null && this.toOn <= on) {
      throw new RuleBroken('MOVE_NOT_ALLOWED', 'This has already ended by that day', 'toOn');
    }
    this.toOn = on;
    this.endReason = why;
    return this.tell('holding.ended', { on, reason: why }, agencyId);
  }

  /** Is over today with everything else the person held; one that had not begun never does. */
  endEarly(today: string, reason: EndReason, agencyId: string): Change {
    return this.end(today < this.fromOn ? this.fromOn : today, reason, agencyId);
  }

  /** Did not end after all. */
  goesOn(agencyId: string): Change {
    this.toOn = null;
    this.endReason = null;
    return this.tell('holding.resumed', {}, agencyId);
  }

  private tell(action: string, details: Record<string, unknown>, agencyId: string): Change {
    return { action, object: `contact:${this.contactId}`, details: { post: this.postId, ...details }, agencyId };
  }
}

export interface HoldingFacts {
  readonly contactId: string;
  readonly postId: string;
  readonly fromOn: string;
}
