import { Inject, Injectable } from '@nestjs/common';
import { type Actor } from '../access/actor.js';
import { requireDate } from '../authorities/civil-time.js';
import { newId } from '../database/ids.js';
import { type Tx } from '../database/tx.js';
import { UnitOfWork } from '../database/unit-of-work.js';
import { NotFound, RuleBroken } from '../errors.js';
import { Agency } from './agency.js';
import { openDeputies, openHoldings, postsTitled } from './agencies.store.js';
import { Deputy } from './deputy.js';
import { Holding } from './holding.js';
import { mustKeep, mustRead } from './keeping.js';
import { today } from './people.store.js';
import { Post, type PostFacts } from './post.js';
import { Team } from './team.js';

/** When something ends, and whether the person has confirmed what goes with it. */
export interface Ending {
  /** The first day on which it is over (`YYYY-MM-DD`). */
  readonly on: string;
  readonly confirmed?: boolean;
}

/** The posts of agencies: what outlasts whoever holds it. */
@Injectable()
export class PostsService {
  constructor(@Inject(UnitOfWork) private readonly work: UnitOfWork) {}

  /** One post, or NotFound. */
  async find(by: Actor, id: string): Promise<Post> {
    mustRead(by);
    return this.work.run(by, (tx) => tx.find(Post, id));
  }

  /** Adds a post to an agency. Throws ALREADY_EXISTS when the agency has one with that title, and what `Post.of` does. */
  async add(by: Actor, agencyId: string, facts: PostFacts): Promise<Post> {
    mustKeep(by);
    return this.work.run(by, async (tx) => {
      await tx.lock(Agency, agencyId);
      const post = await this.addIn(tx, agencyId, facts);
      const others = await postsTitled(tx, agencyId, post.title);
      if (others.some(({ id, teamId }) => id !== post.id && teamId === post.teamId)) {
        throw new RuleBroken('ALREADY_EXISTS', 'This agency already has a post with this title', 'title');
      }
      return post;
    });
  }

  /** Adds a post in an open transaction, to an agency that is locked in it. */
  async addIn(tx: Tx, agencyId: string, facts: PostFacts): Promise<Post> {
    const post = Post.of(facts, { authorityId: tx.by.authorityId, id: newId(), agencyId });
    await mustBeTeamOf(tx, post);
    await tx.insert(Post, post);
    await tx.record(post.added());
    return post;
  }

  /** Puts a post's particulars right. Throws OutOfDate when `seen` is an older version. */
  async correct(by: Actor, id: string, facts: PostFacts, seen?: number): Promise<Post> {
    mustKeep(by);
    return this.work.run(by, async (tx) => {
      const post = await tx.lock(Post, id, seen);
      const change = post.correct(facts);
      if (change === null) return post;
      await mustBeTeamOf(tx, post);
      await tx.save(post);
      await tx.record(change);
      return post;
    });
  }

  /**
   * Ends a post, who holds it and who stands in for it. Throws NEEDS_CONFIRMATION while somebody holds it, unless that was
   * confirmed.
   */
  async end(by: Actor, id: string, ending: Ending, seen?: number): Promise<void> {
    mustKeep(by);
    requireDate(ending.on, 'endedOn');
    return this.work.run(by, async (tx) => {
      const post = await tx.lock(Post, id, seen);
      await this.endIn(tx, [post], ending);
    });
  }

  /** Ends locked posts in an open transaction, with their holdings and deputies. */
  async endIn(tx: Tx, posts: readonly Post[], ending: Ending): Promise<void> {
    const ids = posts.map(({ id }) => id);
    const holdings = await openHoldings(tx, ids);
    const holders = new Set(holdings.map(({ contactId }) => contactId)).size;
    if (holders > 0 && ending.confirmed !== true) throw stillHeld(holders);
    const agencyOf = new Map(posts.map((post) => [post.id, post.agencyId]));
    for (const { id } of holdings) {
      const holding = await tx.lock(Holding, id);
      const agencyId = agencyOf.get(holding.postId) ?? '';
      if (!holding.isOpenOn(ending.on)) continue;
      const change = holding.end(later(ending.on, holding.fromOn), 'RESTRUCTURE', agencyId);
      await tx.save(holding);
      await tx.record(change);
    }
    await this.endDeputies(tx, ids, ending.on);
    for (const post of posts) {
      const change = post.end(ending.on);
      await tx.save(post);
      await tx.record(change);
    }
  }

  private async endDeputies(tx: Tx, postIds: readonly string[], on: string): Promise<void> {
    for (const { id } of await openDeputies(tx, postIds)) {
      const deputy = await tx.lock(Deputy, id);
      if (deputy.toOn !== null) continue;
      const { agencyId } = await tx.find(Post, deputy.postId);
      const change = deputy.end(on, agencyId);
      await tx.save(deputy);
      await tx.record(change);
    }
  }

  /** The post of an agency, or of one of its teams, with that title that is there now; undefined when there is none. */
  async titled(tx: Tx, agencyId: string, title: string, teamId: string | null): Promise<Post | undefined> {
    const titled = await postsTitled(tx, agencyId, title);
    const found = titled.find((post) => teamId === null || post.teamId === teamId);
    return found === undefined ? undefined : tx.find(Post, found.id);
  }

  /** A post that people may be put in: there now, and of an agency that is. Throws MOVE_NOT_ALLOWED. */
  async open(tx: Tx, id: string): Promise<Post> {
    const post = await tx.find(Post, id);
    const agency = await tx.find(Agency, post.agencyId);
    const ended = [post.endedOn, agency.endedOn].find((on) => on !== null && on <= today(tx));
    if (ended !== undefined) throw new RuleBroken('MOVE_NOT_ALLOWED', 'This post has ended. Choose another', 'postId');
    return post;
  }
}

async function mustBeTeamOf(tx: Tx, { teamId, agencyId }: Post): Promise<void> {
  if (teamId === null) return;
  const team = await tx.find(Team, teamId);
  if (team.agencyId !== agencyId) throw new NotFound();
}

function stillHeld(people: number): RuleBroken {
  const who = people === 1 ? '1 person still holds a post' : `${people} people still hold posts`;
  const message = `${who} that would end. They stay in the directory without it. Confirm that this is right`;
  return new RuleBroken('NEEDS_CONFIRMATION', message, 'confirmed');
}

function later(one: string, other: string): string {
  return one > other ? one : other;
}
