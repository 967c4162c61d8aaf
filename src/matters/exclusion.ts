/**
 * Who must not be told of a matter, and why: the subject, whom the subject manages, a relative, an agency that looked
 * away, a mailbox the subject can read. The obvious person to ask, the head teacher, may be the subject; so each
 * exclusion says whom to ask instead (the chair of governors or the proprietor for a head, the trust's HR, another
 * mailbox). Source: Keeping Children Safe in Education, part 4; local procedures leave out a placing agency that is
 * alleged to have colluded.
 */
import { optionalText, requiredReason } from '../authorities/plain-text.js';
import { RuleBroken } from '../errors.js';
import { type Change } from '../history/change.js';

export const EXCLUSION_REASONS = [
  'IS_SUBJECT',
  'LINE_MANAGED_BY_SUBJECT',
  'RELATIVE',
  'COLLUSION_ALLEGED',
  'SHARED_INBOX_READABLE_BY_SUBJECT',
] as const;
export type ExclusionReason = (typeof EXCLUSION_REASONS)[number];

/** As it stands in a list. */
export const REASON_LABELS: Readonly<Record<ExclusionReason, string>> = {
  IS_SUBJECT: 'Is the subject',
  LINE_MANAGED_BY_SUBJECT: 'Is managed by the subject',
  RELATIVE: 'Is a relative of the subject or the child',
  COLLUSION_ALLEGED: 'Is alleged to have colluded or ignored complaints',
  SHARED_INBOX_READABLE_BY_SUBJECT: 'The subject can read this mailbox',
};

/** As it stands in a refusal, after "because". */
const BECAUSE: Readonly<Record<ExclusionReason, string>> = {
  IS_SUBJECT: 'they are the subject',
  LINE_MANAGED_BY_SUBJECT: 'the subject manages them',
  RELATIVE: 'they are a relative of the subject or the child',
  COLLUSION_ALLEGED: 'collusion is alleged',
  SHARED_INBOX_READABLE_BY_SUBJECT: 'the subject can read the mailbox',
};

/** Who else to ask, where the coordinator has not said: the ways the procedures name. */
const INSTEAD: Readonly<Record<ExclusionReason, string>> = {
  IS_SUBJECT: 'the chair of governors or the proprietor, or the HR of the trust',
  LINE_MANAGED_BY_SUBJECT: 'somebody the subject does not manage',
  RELATIVE: 'a colleague who is no relative',
  COLLUSION_ALLEGED: 'another agency that can speak for the child',
  SHARED_INBOX_READABLE_BY_SUBJECT: 'the person at an address of their own',
};

/** Exactly one of the four. */
export type Excluded =
  | { readonly contactId: string }
  | { readonly postId: string }
  | { readonly inboxId: string }
  | { readonly agencyId: string };

export interface ExclusionFacts {
  readonly excluded: Excluded;
  readonly reason: string;
  /** Whom to ask instead, as the coordinator puts it. */
  readonly alternative?: string | null | undefined;
  /** Everything it stands for in this matter: keys of `standing`. */
  readonly keys: readonly string[];
}

export class Exclusion {
  authorityId: number;
  id: string;
  version = 1;
  matterId: string;
  contactId: string | null = null;
  postId: string | null = null;
  inboxId: string | null = null;
  agencyId: string | null = null;
  reason: ExclusionReason;
  alternative: string | null = null;
  /** The keys it brought, so that lifting it frees those and no others. */
  keys: string[] = [];
  addedBy: string;
  addedAt: Date;
  liftedAt: Date | null = null;
  liftedReason: string | null = null;

  /** A new exclusion; throws INVALID, TOO_LONG or UNSAFE_TEXT. */
  static of(
    facts: ExclusionFacts,
    at: { authorityId: number; id: string; matterId: string; by: string; now: Date },
  ): Exclusion {
    const { authorityId, id, matterId, by, now } = at;
    return Object.assign(new Exclusion(), {
      authorityId,
      id,
      matterId,
      ...facts.excluded,
      reason: exclusionReasonOf(facts.reason),
      alternative: optionalText(facts.alternative, { field: 'alternative', max: 200 }),
      keys: [...facts.keys].sort(),
      addedBy: by,
      addedAt: now,
    });
  }

  get isLive(): boolean {
    return this.liftedAt === null;
  }

  /** Told before it counts, so that whatever is live is withdrawn and nothing unsent leaves. */
  adding(keys: readonly string[] = this.keys): Change {
    return this.tell('exclusion.adding', { matterId: this.matterId, whos: [...keys] });
  }

  /** Told once, when it is new. */
  added(): Change {
    return this.tell('exclusion.added', { id: this.id, what: this.what, reason: this.reason });
  }

  /** Comes to stand for more: a new holder of the post, another address. Null when it already did. */
  extend(keys: readonly string[], why: string): Change | null {
    const more = keys.filter((key) => !this.keys.includes(key));
    if (more.length === 0) return null;
    this.keys = [...this.keys, ...more].sort();
    return this.tell('exclusion.extended', { id: this.id, keys: more, why });
  }

  /** They may be told after all; throws REASON_REQUIRED or MOVE_NOT_ALLOWED. */
  lift(reason: string, now: Date): Change {
    const why = requiredReason(reason, 'Enter why they may be told now');
    if (!this.isLive) throw new RuleBroken('MOVE_NOT_ALLOWED', 'This exclusion has been lifted already');
    this.liftedAt = now;
    this.liftedReason = why;
    return this.tell('exclusion.lifted', { id: this.id, what: this.what, reason: why });
  }

  /** Why not, and whom to ask instead, for somebody who may see exclusions. */
  refusal(name: string): RuleBroken {
    const instead = this.alternative ?? INSTEAD[this.reason];
    return new RuleBroken(
      'EXCLUDED',
      `${name} must not be told of this matter, because ${BECAUSE[this.reason]}. Ask instead: ${instead}.`,
      'contact',
    );
  }

  /** What is excluded: `contact:<id>`, `post:<id>`, `inbox:<id>` or `agency:<id>`. */
  get what(): string {
    const { contactId, postId, inboxId, agencyId } = this;
    const [kind, id] = Object.entries({ contact: contactId, post: postId, inbox: inboxId, agency: agencyId }).find(
      ([, one]) => one !== null,
    ) ?? ['nobody', ''];
    return `${kind}:${id ?? ''}`;
  }

  private tell(action: string, details: Record<string, unknown>): Change {
    return { action, object: `matter:${this.matterId}`, details, matterId: this.matterId };
  }
}

/** The refusal for those who may not see why. */
export function plainRefusal(): RuleBroken {
  return new RuleBroken('EXCLUDED', 'This person cannot be invited. Ask the council whom to ask instead.', 'contact');
}

/** The reason of that code; throws INVALID for anything else. */
export function exclusionReasonOf(code: string): ExclusionReason {
  const known = EXCLUSION_REASONS.find((one) => one === code);
  if (known === undefined) throw new RuleBroken('INVALID', 'Select why they must not be told', 'reason');
  return known;
}
