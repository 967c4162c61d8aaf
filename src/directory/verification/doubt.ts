/**
 * Why somebody's particulars should not be relied upon, in words that stand beside their name wherever they can be
 * invited: mail to them came back, somebody has said that they are not there, or nobody has checked for too long (domain
 * guide, section 11). Unverified people can be invited with this warning; where mail came back, only a new address helps.
 */
import { longDate } from '../../authorities/civil-time.js';
import { localDate } from '../../authorities/working-days.js';
import { type ContactStatus } from '../contact.js';

export interface Doubt {
  readonly kind: 'BOUNCED' | 'UNVERIFIED' | 'OVERDUE';
  /** With the date, as it follows a name: "mail came back on 3 March 2026: no such mailbox". */
  readonly words: string;
}

/** What is known of how sure we are. */
export interface Sureness {
  readonly status: ContactStatus;
  readonly lastVerifiedAt: Date | null;
  /** When they are to be asked whether all is still right. */
  readonly verificationDue: Date | null;
  /** Since when and why nothing is sent to their address; null when it works as far as we know. */
  readonly undeliverable: { readonly since: Date | string; readonly why: string } | null;
}

/** The most pressing reason to doubt somebody's particulars today; null when there is none, or they are gone. */
export function doubtOf(known: Sureness, now: Date): Doubt | null {
  const { status, undeliverable } = known;
  if (status === 'LEFT' || status === 'MERGED') return null;
  if (undeliverable !== null) {
    const { since, why } = undeliverable;
    return { kind: 'BOUNCED', words: `mail came back on ${day(new Date(since))}: ${why}` };
  }
  if (status === 'UNVERIFIED') return { kind: 'UNVERIFIED', words: `not verified, ${checkedWords(known)}` };
  const due = known.verificationDue;
  return due !== null && due <= now ? { kind: 'OVERDUE', words: checkedWords(known) } : null;
}

function checkedWords({ lastVerifiedAt }: Sureness): string {
  return lastVerifiedAt === null ? 'never checked' : `not checked since ${day(lastVerifiedAt)}`;
}

function day(at: Date): string {
  return longDate(localDate(at));
}
