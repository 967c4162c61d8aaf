import { Inject, Injectable } from '@nestjs/common';
import { type Actor } from '../access/actor.js';
import { newId } from '../database/ids.js';
import { type Tx } from '../database/tx.js';
import { UnitOfWork } from '../database/unit-of-work.js';
import { Contact } from './contact.js';
import { type EndReason, Holding, type HoldingFacts } from './holding.js';
import { mustKeep, mustRead } from './keeping.js';
import { holdingsOf, today } from './people.store.js';
import { Post } from './post.js';
import { PostsService } from './posts.service.js';

/** Which contact holds which post, from when to when. */
@Injectable()
export class HoldingsService {
  constructor(
    @Inject(UnitOfWork) private readonly work: UnitOfWork,
    @Inject(PostsService) private readonly posts: PostsService,
  ) {}

  /** One holding, or NotFound. */
  async find(by: Actor, id: string): Promise<Holding> {
    mustRead(by);
    return this.work.run(by, (tx) => tx.find(Holding, id));
  }

  /** A contact takes up a post. Throws ALREADY_EXISTS when they hold it then, CONTACT_HAS_LEFT, INVALID_DATE. */
  async start(by: Actor, facts: HoldingFacts): Promise<Holding> {
    mustKeep(by);
    return this.work.run(by, async (tx) => {
      const contact = await tx.lock(Contact, facts.contactId);
      contact.mustBeAskable();
      return this.startIn(tx, facts);
    });
  }

  /** The same in an open transaction, for a contact that is locked in it. */
  async startIn(tx: Tx, facts: HoldingFacts): Promise<Holding> {
    const post = await this.posts.open(tx, facts.postId);
    const holding = Holding.of(facts, { authorityId: tx.by.authorityId, id: newId() });
    await tx.insert(Holding, holding);
    await tx.record(holding.started(post.agencyId));
    return holding;
  }

  /** As `startIn`, but nothing for somebody who holds the post already. */
  async startUnlessHeld(tx: Tx, facts: HoldingFacts): Promise<void> {
    const held = await holdingsOf(tx, facts.contactId);
    const holds = ({ postId, toOn }: { postId: string; toOn: string | null }): boolean =>
      postId === facts.postId && (toOn === null || toOn > facts.fromOn);
    if (!held.some(holds)) await this.startIn(tx, facts);
  }

  /** A contact no longer holds a post, with why. Throws INVALID_DATE, INVALID, MOVE_NOT_ALLOWED or OutOfDate. */
  async end(by: Actor, id: string, ending: { on: string; reason: string }, seen?: number): Promise<Holding> {
    mustKeep(by);
    return this.work.run(by, async (tx) => {
      const holding = await tx.lock(Holding, id, seen);
      const { agencyId } = await tx.find(Post, holding.postId);
      const change = holding.end(ending.on, ending.reason, agencyId);
      await tx.save(holding);
      await tx.record(change);
      return holding;
    });
  }

  /**
   * Ends today every post that somebody holds, and those they were to take up without ever beginning. Answers with the
   * holdings that were true today.
   */
  async endAllOf(tx: Tx, contactId: string, reason: EndReason): Promise<Holding[]> {
    const now = today(tx);
    const held: Holding[] = [];
    for (const row of await holdingsOf(tx, contactId)) {
      if (row.toOn !== null && row.toOn <= now) continue;
      const holding = await tx.lock(Holding, row.id);
      if (holding.holdsOn(now)) held.push(holding);
      const change = holding.endEarly(now, reason, row.agencyId);
      await tx.save(holding);
      await tx.record(change);
    }
    return held;
  }
}
