/**
 * An organisation whose people are asked to meetings: a police force, a school, a trust, a service of the council. It
 * belongs to one category, which is what quorum counts. Agencies close and merge; they are ended with a date and never
 * deleted, so that past meetings keep the name of their day (Working Together to Safeguard Children lists who is asked).
 */
import { RuleBroken } from '../errors.js';
import { type Change } from '../history/change.js';
import { AGENCY_CATEGORIES, type AgencyCategory } from './agency-category.js';
import { changedFacts } from './changed.js';
import { optionalPhone, requiredName } from './name.js';

export interface AgencyFacts {
  readonly name: string;
  readonly category: string;
  /** A part of one category that some local procedures count for itself: SCHOOL_NURSE, PAEDIATRICIAN. */
  readonly discipline?: string | null;
  readonly phone?: string | null;
  /** Domains of its people's addresses, `northshire.police.uk`; left as they are unless given. */
  readonly emailDomains?: readonly string[] | undefined;
}

/** The posts by which an agency is reached. */
export type WhoToAsk = Pick<Agency, 'spocPostId' | 'outOfHoursPostId' | 'chaseManagerPostId'>;

const DOMAIN = /^(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/;
const DISCIPLINE = /^[A-Z][A-Z_]{1,39}$/;

export class Agency {
  authorityId: number;
  id: string;
  version = 1;
  name: string;
  category: AgencyCategory;
  discipline: string | null = null;
  phone: string | null = null;
  /** Domains of its people's addresses, to notice an address that is not theirs. */
  emailDomains: string[] = [];
  /** Its number in a national register: `URN:100001`, `ODS:RX1`. */
  registerKey: string | null = null;
  /** The first day on which it no longer existed (`YYYY-MM-DD`). */
  endedOn: string | null = null;
  /** Its single point of contact, which confirms who holds its posts. */
  spocPostId: string | null = null;
  /** Whom to ask between 17:00 and 09:00. */
  outOfHoursPostId: string | null = null;
  /** Who is told when the agency stays silent. */
  chaseManagerPostId: string | null = null;
  createdAt: Date;

  /** A new agency; throws REQUIRED, TOO_LONG, UNSAFE_TEXT or INVALID. */
  static of(facts: AgencyFacts, at: { authorityId: number; id: string; now: Date }): Agency {
    const { authorityId, id, now } = at;
    return Object.assign(new Agency(), { authorityId, id, createdAt: now, ...checked(facts) });
  }

  /** Told once, when it is new. */
  added(): Change {
    return this.tell('agency.added', { name: this.name, category: this.category });
  }

  /** Puts its particulars right; null when nothing is different. */
  correct(facts: AgencyFacts): Change | null {
    const changed = changedFacts<Agency>(this, checked(facts));
    return changed === null ? null : this.tell('agency.corrected', changed);
  }

  /** Says by which posts it is reached; null when nothing is different. */
  answerBy(posts: WhoToAsk): Change | null {
    const changed = changedFacts<Agency>(this, posts);
    return changed === null ? null : this.tell('agency.corrected', changed);
  }

  /** It exists no more from a day on. */
  end(on: string): Change {
    if (this.endedOn !== null) throw new RuleBroken('MOVE_NOT_ALLOWED', 'This agency has already ended', 'endedOn');
    this.endedOn = on;
    return this.tell('agency.ended', { on });
  }

  private tell(action: string, details: Record<string, unknown>): Change {
    return { action, object: `agency:${this.id}`, details, agencyId: this.id };
  }
}

/** The category of that code; throws INVALID for anything else. */
export function categoryOf(code: string, field = 'category'): AgencyCategory {
  const known = AGENCY_CATEGORIES.find((one) => one === code);
  if (known === undefined) throw new RuleBroken('INVALID', 'Select what kind of agency it is', field);
  return known;
}

/** A discipline as a code (`SCHOOL_NURSE`), or null; "school nurse" is understood. Throws INVALID. */
export function disciplineOf(typed: string | null | undefined, field = 'discipline'): string | null {
  const code = (typed ?? '').trim().toUpperCase().replace(/[ -]+/g, '_');
  if (code === '') return null;
  if (!DISCIPLINE.test(code)) throw new RuleBroken('INVALID', 'Enter a discipline in words, like school nurse', field);
  return code;
}

type Checked = Pick<Agency, 'name' | 'category' | 'discipline' | 'phone'> & Partial<Pick<Agency, 'emailDomains'>>;

function checked(facts: AgencyFacts): Checked {
  return {
    ...(facts.emailDomains === undefined ? {} : { emailDomains: facts.emailDomains.map(domainOf) }),
    name: requiredName(facts.name, { field: 'name', ask: 'Enter the name of the agency' }),
    category: categoryOf(facts.category),
    discipline: disciplineOf(facts.discipline),
    phone: optionalPhone(facts.phone, 'phone'),
  };
}

/** A domain in lower case, without the `@` some people type. Throws INVALID. */
function domainOf(typed: string): string {
  const domain = typed.trim().toLowerCase().replace(/^@/, '');
  if (DOMAIN.test(domain)) return domain;
  throw new RuleBroken('INVALID', 'Enter email domains like northshire.police.uk, one a line', 'emailDomains');
}
