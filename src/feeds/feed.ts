/**
 * The private address at which a calendar program reads one person's meetings: a contact's, or those of a member of the
 * council's staff. Whoever has the address can read it, so it says when, and by which reference, and nothing else; it is
 * told once, it can be taken back and made anew, and it stops by itself when nobody has read it for ninety days, when its
 * person has left and when their email address turns out to have been somebody else's.
 */
import { type Change } from '../history/change.js';

/** Days without being read after which a feed stops (security guide, T-14). */
export const IDLE_DAYS = 90;
const DAY_MS = 86_400_000;

/** Why a feed stopped. */
export type FeedEnd = 'STOPPED' | 'ROTATED' | 'LEFT' | 'ADDRESS_CHANGED' | 'NOT_ME';

/** Whose meetings it shows: a contact's or a member of staff's. */
export interface FeedHolder {
  readonly contactId: string | null;
  readonly staffId: string | null;
}

export class Feed {
  authorityId: number;
  id: string;
  version = 1;
  contactId: string | null;
  staffId: string | null;
  /** The keyed hash it is found by; the secret itself stands in the person's calendar program alone. */
  secretHash: Buffer;
  madeAt: Date;
  lastFetchedAt: Date | null = null;
  revokedAt: Date | null = null;
  revokedReason: FeedEnd | null = null;

  /** A new feed, which works from now on. */
  static of(facts: Pick<Feed, 'authorityId' | 'id' | 'contactId' | 'staffId' | 'secretHash' | 'madeAt'>): Feed {
    return Object.assign(new Feed(), facts);
  }

  /** Not taken back, and read within the last ninety days. */
  isLive(now: Date): boolean {
    const last = (this.lastFetchedAt ?? this.madeAt).getTime();
    return this.revokedAt === null && last > now.getTime() - IDLE_DAYS * DAY_MS;
  }

  /** Told once, when it is new. */
  made(): Change {
    return this.tell('feed.made', {});
  }

  /** It stops at once. */
  revoke(reason: FeedEnd, now: Date): Change {
    this.revokedAt = now;
    this.revokedReason = reason;
    return this.tell('feed.revoked', { reason });
  }

  private tell(action: string, details: Record<string, unknown>): Change {
    const { contactId, staffId } = this;
    const whose = contactId === null ? { staffId } : { contactId };
    return { action, object: `feed:${this.id}`, details: { ...details, ...whose } };
  }
}
