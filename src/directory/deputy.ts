/**
 * A standing stand-in: the post that is asked when the holder of another cannot come, first, second and third in order of
 * rank. Post for post and not person for person, so that it outlasts both holders. Somebody who attends one meeting for
 * an invitee is a substitute, which is another thing.
 */
import { RuleBroken } from '../errors.js';
import { type Change } from '../history/change.js';

export class Deputy {
  authorityId: number;
  id: string;
  version = 1;
  /** The post that is stood in for. */
  postId: string;
  /** The post that stands in. */
  deputyPostId: string;
  /** 1 is asked first. */
  rank: number;
  /** First day (`YYYY-MM-DD`). */
  fromOn: string;
  /** The first day on which they no longer stood in. */
  toOn: string | null = null;

  /** A new deputy; throws INVALID when a post would stand in for itself, or the rank is not 1 to 9. */
  static of(facts: DeputyFacts, at: { authorityId: number; id: string }): Deputy {
    if (facts.postId === facts.deputyPostId) {
      throw new RuleBroken('INVALID', 'A post cannot be its own deputy. Choose another post', 'deputyPostId');
    }
    return Object.assign(new Deputy(), at, facts, { rank: checkedRank(facts.rank) });
  }

  /** Told once, when it is new. */
  added(agencyId: string): Change {
    return this.tell('deputy.added', { deputyPost: this.deputyPostId, rank: this.rank }, agencyId);
  }

  /** Is asked earlier or later than before; null when it is the same. */
  moveTo(rank: number, agencyId: string): Change | null {
    const from = this.rank;
    this.rank = checkedRank(rank);
    return rank === from ? null : this.tell('deputy.corrected', { rank: { from, to: rank } }, agencyId);
  }

  /** No longer stands in from a day on; one that had not begun never does. */
  end(on: string, agencyId: string): Change {
    if (this.toOn !== null) throw new RuleBroken('MOVE_NOT_ALLOWED', 'This deputy has already ended', 'endedOn');
    this.toOn = on < this.fromOn ? this.fromOn : on;
    return this.tell('deputy.ended', { on: this.toOn, deputyPost: this.deputyPostId }, agencyId);
  }

  private tell(action: string, details: Record<string, unknown>, agencyId: string): Change {
    return { action, object: `post:${this.postId}`, details: { deputy: this.id, ...details }, agencyId };
  }
}

export interface DeputyFacts {
  readonly postId: string;
  readonly deputyPostId: string;
  readonly rank: number;
  readonly fromOn: string;
}

function checkedRank(rank: number): number {
  if (Number.isInteger(rank) && rank >= 1 && rank <= 9) return rank;
  throw new RuleBroken('INVALID', 'Enter who is asked first as a number from 1 to 9', 'rank');
}
