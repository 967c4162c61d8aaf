/**
 * An address that several people of an agency read: `office@` a school, the inbox of a team. It is never invited in a
 * person's place. It matters because whoever reads it reads what is sent to it: an inbox that the subject of an
 * allegation can open must not be told. A restricted one is read by named people only.
 */
import { RuleBroken } from '../errors.js';
import { type Change } from '../history/change.js';
import { changedFacts } from './changed.js';

export class Inbox {
  authorityId: number;
  id: string;
  version = 1;
  agencyId: string;
  teamId: string | null = null;
  /** As given; mail goes there. */
  address: string;
  /** What all spellings of the address have in common, for finding exclusions. */
  addressKey: string;
  restricted = false;
  /** The first day on which nobody read it any more (`YYYY-MM-DD`). */
  endedOn: string | null = null;

  /** A new inbox. */
  static of(facts: InboxFacts, at: { authorityId: number; id: string; agencyId: string }): Inbox {
    return Object.assign(new Inbox(), at, facts);
  }

  /** Told once, when it is new. */
  added(): Change {
    return this.tell('inbox.added', { address: this.address });
  }

  /** Puts its particulars right; null when nothing is different. */
  correct(facts: InboxFacts): Change | null {
    const changed = changedFacts<Inbox>(this, facts);
    return changed === null ? null : this.tell('inbox.corrected', changed);
  }

  /** Nobody reads it from a day on. */
  end(on: string): Change {
    if (this.endedOn !== null) throw new RuleBroken('MOVE_NOT_ALLOWED', 'This inbox has already ended', 'endedOn');
    this.endedOn = on;
    return this.tell('inbox.ended', { on });
  }

  private tell(action: string, details: Record<string, unknown>): Change {
    return { action, object: `inbox:${this.id}`, details, agencyId: this.agencyId };
  }
}

export interface InboxFacts {
  readonly address: string;
  readonly addressKey: string;
  readonly teamId: string | null;
  readonly restricted: boolean;
}
