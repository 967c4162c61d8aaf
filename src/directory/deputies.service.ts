import { Inject, Injectable } from '@nestjs/common';
import { type Actor } from '../access/actor.js';
import { requireDate } from '../authorities/civil-time.js';
import { newId } from '../database/ids.js';
import { UnitOfWork } from '../database/unit-of-work.js';
import { RuleBroken } from '../errors.js';
import { openDeputies } from './agencies.store.js';
import { Deputy } from './deputy.js';
import { mustKeep, mustRead } from './keeping.js';
import { today } from './people.store.js';
import { Post } from './post.js';

/** Standing stand-ins: which post is asked when the holder of another cannot come. */
@Injectable()
export class DeputiesService {
  constructor(@Inject(UnitOfWork) private readonly work: UnitOfWork) {}

  /** One deputy, or NotFound. */
  async find(by: Actor, id: string): Promise<Deputy> {
    mustRead(by);
    return this.work.run(by, (tx) => tx.find(Deputy, id));
  }

  /**
   * Makes one post the deputy of another of the same agency, last in rank unless told. Throws NOT_SAME_AGENCY, INVALID, or
   * ALREADY_EXISTS for a rank that is taken.
   */
  async add(by: Actor, postId: string, deputy: { postId: string; rank?: number }): Promise<Deputy> {
    mustKeep(by);
    return this.work.run(by, async (tx) => {
      const post = await tx.lock(Post, postId);
      const standsIn = await tx.find(Post, deputy.postId);
      if (standsIn.agencyId !== post.agencyId) {
        throw new RuleBroken('NOT_SAME_AGENCY', 'Choose a post of the same agency', 'deputyPostId');
      }
      const others = (await openDeputies(tx, [postId])).filter((other) => other.postId === postId);
      const rank = deputy.rank ?? Math.max(0, ...others.map((other) => other.rank)) + 1;
      const facts = { postId, deputyPostId: standsIn.id, rank, fromOn: today(tx) };
      const added = Deputy.of(facts, { authorityId: by.authorityId, id: newId() });
      refuseTakenRank(others, rank);
      await tx.insert(Deputy, added);
      await tx.record(added.added(post.agencyId));
      return added;
    });
  }

  /** Changes when a deputy is asked. Throws INVALID, ALREADY_EXISTS or OutOfDate. */
  async correct(by: Actor, id: string, rank: number, seen?: number): Promise<void> {
    mustKeep(by);
    return this.work.run(by, async (tx) => {
      const { postId } = await tx.find(Deputy, id);
      const post = await tx.lock(Post, postId);
      const deputy = await tx.lock(Deputy, id, seen);
      const others = (await openDeputies(tx, [postId])).filter((other) => other.postId === postId && other.id !== id);
      const change = deputy.moveTo(rank, post.agencyId);
      if (change === null) return;
      refuseTakenRank(others, rank);
      await tx.save(deputy);
      await tx.record(change);
    });
  }

  /** No longer stands in from a day on. */
  async end(by: Actor, id: string, on: string, seen?: number): Promise<void> {
    mustKeep(by);
    requireDate(on, 'endedOn');
    return this.work.run(by, async (tx) => {
      const deputy = await tx.lock(Deputy, id, seen);
      const post = await tx.find(Post, deputy.postId);
      const change = deputy.end(on, post.agencyId);
      await tx.save(deputy);
      await tx.record(change);
    });
  }
}

function refuseTakenRank(others: readonly { rank: number }[], rank: number): void {
  if (others.some((other) => other.rank === rank)) {
    throw new RuleBroken('ALREADY_EXISTS', 'Another deputy of this post already has this rank', 'rank');
  }
}
