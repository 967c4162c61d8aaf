/**
 * A part of an agency: "Child Abuse Investigation Unit East". Teams are renamed and merged every few years; the names
 * they had stay with them, so that whoever looks for the old name finds the team.
 */
import { RuleBroken } from '../errors.js';
import { type Change } from '../history/change.js';
import { requiredName } from './name.js';

export class Team {
  authorityId: number;
  id: string;
  version = 1;
  agencyId: string;
  name: string;
  formerNames: string[] = [];
  /** First day (`YYYY-MM-DD`). */
  fromOn: string;
  /** The first day on which it no longer existed. */
  toOn: string | null = null;
  /** The teams its posts went to when it was merged, split or closed. */
  successorIds: string[] = [];

  /** A new team; throws REQUIRED, TOO_LONG or UNSAFE_TEXT. */
  static of(name: string, at: { authorityId: number; id: string; agencyId: string; fromOn: string }): Team {
    return Object.assign(new Team(), at, { name: checked(name) });
  }

  /** Told once, when it is new. */
  added(): Change {
    return this.tell('team.added', { name: this.name });
  }

  /** Takes another name and keeps the old one; null when it is the same. */
  rename(to: string): Change | null {
    const from = this.name;
    const name = checked(to);
    if (name === from) return null;
    this.formerNames = [...this.formerNames.filter((former) => former !== name), from];
    this.name = name;
    return this.tell('team.renamed', { name: { from, to: name } });
  }

  /** It exists no more from a day on. */
  end(on: string): Change {
    if (this.toOn !== null) throw new RuleBroken('MOVE_NOT_ALLOWED', 'This team has already ended', 'endedOn');
    if (on < this.fromOn) {
      throw new RuleBroken('INVALID_DATE', 'The end must not be before the team began', 'endedOn');
    }
    this.toOn = on;
    return this.tell('team.ended', { on });
  }

  private tell(action: string, details: Record<string, unknown>): Change {
    return { action, object: `team:${this.id}`, details, agencyId: this.agencyId };
  }
}

function checked(name: string): string {
  return requiredName(name, { field: 'name', ask: 'Enter the name of the team' });
}
