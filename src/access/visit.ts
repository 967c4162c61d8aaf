/**
 * The time somebody without an account spends on their pages: it begins when they press a button on the page of their
 * link, lasts as long as they are busy, and at most a working day. A visit alone shows no names; it has been proved once
 * the person has typed in the code sent to their registered address (OWASP ASVS 5.0, 7.3: both limits).
 */
const MINUTE_MS = 60_000;
/** Half an hour without doing anything. */
const IDLE_MS = 30 * MINUTE_MS;
/** Eight hours in all. */
const LIFE_MS = 8 * 60 * MINUTE_MS;

export class Visit {
  authorityId: number;
  id: string;
  linkId: string;
  contactId: string;
  secretHash: Buffer;
  openedAt: Date;
  lastSeenAt: Date;
  /** When the emailed code was typed in. */
  provedAt: Date | null = null;
  endedAt: Date | null = null;

  static open(facts: Omit<Visit, 'lastSeenAt' | 'provedAt' | 'endedAt' | 'isOpen' | 'isDueToBeSeen'>): Visit {
    return Object.assign(new Visit(), facts, { lastSeenAt: facts.openedAt });
  }

  /** Neither ended, nor idle for too long, nor older than a working day. */
  isOpen(now: Date): boolean {
    const idle = now.getTime() - this.lastSeenAt.getTime();
    const age = now.getTime() - this.openedAt.getTime();
    return this.endedAt === null && idle < IDLE_MS && age < LIFE_MS;
  }

  /** Whether it is worth writing down that the person is still there: once a minute at most. */
  isDueToBeSeen(now: Date): boolean {
    return now.getTime() - this.lastSeenAt.getTime() >= MINUTE_MS;
  }
}
