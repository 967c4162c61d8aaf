/**
 * The link in an email by which somebody without an account answers, looks after their own actions or is found again. It
 * belongs to one person, one purpose and one thing. Whoever reads the mail can open it, so by itself it shows only what
 * the mail said and takes an answer; anything that names people asks for a code as well. Each message carries a link of
 * its own. Old ones go on working, but the form opens only from the newest few: an answer given from an old message
 * may be to something long changed.
 */
export const LINK_PURPOSES = ['RESPOND', 'ACTION', 'MINUTES', 'VERIFY', 'PICKUP', 'FEED', 'CLAIM'] as const;
export type LinkPurpose = (typeof LINK_PURPOSES)[number];

/** Why a link stopped. */
export const REVOKED_REASONS = ['LEFT', 'SUBSTITUTE_REPLACED', 'EXCLUDED', 'BOUNCED', 'NOT_ME', 'COORDINATOR'] as const;
export type RevokedReason = (typeof REVOKED_REASONS)[number];

/** Links of the same person about the same thing whose form opens: this product's own number. */
export const OPENING_LINKS = 5;

/** 32 random bytes in base64url: 43 characters, which fit on one line of a mail. */
export const SECRET_FORM = /^[A-Za-z0-9_-]{43}$/;

export class Link {
  authorityId: number;
  id: string;
  contactId: string;
  purpose: LinkPurpose;
  /** The invitation, action or other thing it is about. */
  targetId: string;
  /** The keyed hash it is found by; the secret itself stands in the email alone. */
  secretHash: Buffer;
  createdAt: Date;
  revokedAt: Date | null = null;
  revokedReason: RevokedReason | null = null;

  /** A new link, which works from now on. */
  static to(facts: Omit<Link, 'revokedAt' | 'revokedReason'>): Link {
    return Object.assign(new Link(), facts);
  }
}
