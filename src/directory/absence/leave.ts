/**
 * Time away from work: the first day, the first day back where it is known, and who covers meanwhile. Whoever covers is
 * asked first (domain guide, section 11); nobody covers for themselves.
 */
import { requireDate } from '../../authorities/civil-time.js';
import { RuleBroken } from '../../errors.js';

export interface Leave {
  /** `YYYY-MM-DD` */
  readonly from: string;
  /** The first day back. */
  readonly to: string | null;
  /** The contact who covers. */
  readonly cover: string | null;
}

/** Throws INVALID_DATE, DATE_IN_PAST, or INVALID for somebody who would cover for themselves. */
export function checkLeave({ from, to, cover }: Leave, at: { contactId: string; today: string }): void {
  requireDate(from, 'from');
  if (cover === at.contactId) {
    throw new RuleBroken('INVALID', 'Somebody on leave cannot cover for themselves. Choose somebody else', 'cover');
  }
  if (to === null) return;
  if (requireDate(to, 'to') <= from) {
    throw new RuleBroken('INVALID_DATE', 'The day they are back must be after the first day of leave', 'to');
  }
  if (to <= at.today) {
    throw new RuleBroken('DATE_IN_PAST', 'The day they are back has passed. Enter a later one', 'to');
  }
}
