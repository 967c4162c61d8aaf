import { Inject, Injectable } from '@nestjs/common';
import { type Actor, coordinates } from '../access/actor.js';
import { newId } from '../database/ids.js';
import { type Tx } from '../database/tx.js';
import { UnitOfWork } from '../database/unit-of-work.js';
import { NotAllowed, NotFound, RuleBroken } from '../errors.js';
import { Outbox } from '../mail/outbox.js';
import { type Excluded, Exclusion, plainRefusal } from './exclusion.js';
import {
  allowAgain,
  allowToKnow,
  blocked,
  endAccess,
  everythingOf,
  type Excludable,
  excludable,
  type ExclusionRow,
  exclusionRows,
  forbidToKnow,
  holdStill,
  keysOf,
  liveExclusions,
  lockExcluded,
  peopleBehind,
} from './exclusion.store.js';
import { Matter } from './matter.js';
import { agencyKey, contactKey, postKey } from './standing.js';

export interface NewExclusion {
  readonly excluded: Excluded;
  readonly reason: string;
  readonly alternative?: string | null | undefined;
}

/** Somebody about to be invited, given an action, or sent something. */
export interface Asked {
  readonly contactId: string;
  /** The posts they are asked in; those they hold are looked up besides. */
  readonly postIds?: readonly string[];
  /** The agency they are asked for. */
  readonly agencyId: string;
  /** Where it would be sent, in the form that all spellings share. */
  readonly addressKey: string;
}

/** Who must not be told of a matter. */
@Injectable()
export class ExclusionsService {
  constructor(
    @Inject(UnitOfWork) private readonly work: UnitOfWork,
    @Inject(Outbox) private readonly outbox: Outbox,
  ) {}

  /**
   * Excludes a person, post, shared mailbox or agency: what is live is withdrawn by those who hear of it, nothing unsent
   * leaves, their access ends. Throws ALREADY_EXISTS, MOVE_NOT_ALLOWED for the matter's own coordinator, or INVALID.
   */
  async exclude(by: Actor, matterId: string, given: NewExclusion): Promise<Exclusion> {
    mustCoordinate(by);
    return this.work.run(by, (tx) => this.excludeIn(tx, matterId, given));
  }

  /** The same in an open transaction. */
  async excludeIn(tx: Tx, matterId: string, given: NewExclusion): Promise<Exclusion> {
    await tx.find(Matter, matterId);
    const locked = await lockExcluded(tx, given.excluded);
    const matter = await tx.lock(Matter, matterId);
    const keys = await keysOf(tx, given.excluded, locked, matterId);
    const at = { authorityId: tx.by.authorityId, id: newId(), matterId, by: tx.by.id, now: tx.now };
    const exclusion = Exclusion.of({ ...given, keys }, at);
    const others = await liveExclusions(tx, matterId);
    if (others.some(({ what }) => what === exclusion.what)) {
      throw new RuleBroken('ALREADY_EXISTS', 'This is on the list already', 'excluded');
    }
    await this.enforce(tx, exclusion, exclusion.keys, matter);
    await tx.insert(Exclusion, exclusion);
    await tx.record(exclusion.added());
    return exclusion;
  }

  /** They may be told after all, unless another exclusion stands for them too. Throws REASON_REQUIRED or OutOfDate. */
  async lift(by: Actor, matterId: string, id: string, reason: string, seen?: number): Promise<void> {
    mustCoordinate(by);
    await this.work.run(by, async (tx) => {
      await tx.lock(Matter, matterId);
      const exclusion = await tx.lock(Exclusion, id, seen);
      if (exclusion.matterId !== matterId) throw new NotFound();
      const lifted = exclusion.lift(reason, tx.now);
      await tx.save(exclusion);
      const still = new Set((await liveExclusions(tx, matterId)).flatMap(({ keys }) => keys));
      const freed = exclusion.keys.filter((key) => !still.has(key));
      await allowAgain(tx, matterId, freed);
      await tx.record(lifted);
    });
  }

  /** The exclusions of a matter, those that count first, for those who may see them. Throws NotFound. */
  async list(by: Actor, matterId: string): Promise<ExclusionRow[]> {
    if (!mayReadExclusions(by)) throw new NotAllowed('Only coordinators and chairs see who must not be told');
    return this.work.run(by, async (tx) => {
      await tx.find(Matter, matterId);
      return exclusionRows(tx, matterId);
    });
  }

  /** One exclusion of a matter; throws NotFound. */
  async one(by: Actor, matterId: string, id: string): Promise<ExclusionRow> {
    const found = (await this.list(by, matterId)).find((one) => one.id === id);
    if (found === undefined) throw new NotFound();
    return found;
  }

  /** Who could be excluded: people, posts, mailboxes and agencies by a part of the name; nobody for fewer than 2 letters. */
  async search(by: Actor, words: string): Promise<Excludable[]> {
    mustCoordinate(by);
    if (words.trim().length < 2) return [];
    return this.work.run(by, (tx) => excludable(tx, words.trim().slice(0, 120)));
  }

  /**
   * Called by whoever is about to tell somebody of a matter, in the transaction that does: refuses with EXCLUDED when the
   * person, their address, a post they hold or their agency must not know; otherwise notes that they may, which the
   * database wants before an invitation or an action. Until the transaction ends nobody can be excluded.
   */
  async mayKnow(tx: Tx, matterId: string, who: Asked): Promise<void> {
    const postIds = who.postIds ?? [];
    await holdStill(tx, { contactId: who.contactId, postIds }, matterId);
    const person = await everythingOf(tx, who.contactId);
    const own = [contactKey(who.contactId), who.addressKey, agencyKey(who.agencyId), ...postIds.map(postKey)];
    const barred = await blocked(tx, matterId, [...own, person.addressKey, ...person.keys]);
    if (barred.length > 0) throw await refusal(tx, matterId, barred, person.name);
    await allowToKnow(tx, matterId, own);
  }

  /** Must this contact not be told of the matter? For lists that leave them out; `mayKnow` decides. */
  async isExcluded(tx: Tx, matterId: string, contactId: string): Promise<boolean> {
    const person = await everythingOf(tx, contactId);
    const keys = [contactKey(contactId), person.addressKey, ...person.keys];
    return (await blocked(tx, matterId, keys)).length > 0;
  }

  /** Lets an exclusion stand for more keys, in a transaction that holds the lock of its matter. */
  async extend(tx: Tx, exclusion: Exclusion, keys: readonly string[], why: string): Promise<void> {
    const before = exclusion.keys;
    const extended = exclusion.extend(keys, why);
    if (extended === null) return;
    const more = exclusion.keys.filter((key) => !before.includes(key));
    await this.enforce(tx, exclusion, more, null);
    await tx.save(exclusion);
    await tx.record(extended);
  }

  /**
   * Tells those who hold something live to let it go, then turns the standing, then stops whatever else about the matter
   * still waits to be sent to them (a cancellation, a withdrawal) and ends access. A matter is given when somebody decides
   * this; then neither they nor its coordinator may be among the excluded.
   */
  private async enforce(tx: Tx, exclusion: Exclusion, keys: readonly string[], matter: Matter | null): Promise<void> {
    const { matterId } = exclusion;
    const people = await peopleBehind(tx, matterId, keys);
    if (matter !== null && people.some((id) => id === matter.coordinatorId || id === tx.by.id)) {
      throw new RuleBroken(
        'MOVE_NOT_ALLOWED',
        'This would exclude the coordinator of the matter or yourself. Hand the matter to somebody else first',
        'excluded',
      );
    }
    await tx.record(exclusion.adding(keys));
    await forbidToKnow(tx, matterId, keys);
    for (const id of people) {
      await this.outbox.drop(tx, { matterId, contactId: id }, 'EXCLUDED');
      await endAccess(tx, matterId, id);
    }
  }
}

/** May this actor read who is excluded and why? Coordinators, designated officers and chairs; no link holder. */
export function mayReadExclusions(by: Actor): boolean {
  return coordinates(by) || by.roles.includes('CHAIR');
}

async function refusal(tx: Tx, matterId: string, keys: readonly string[], name: string): Promise<RuleBroken> {
  if (!mayReadExclusions(tx.by)) return plainRefusal();
  const exclusions = await liveExclusions(tx, matterId);
  const why = exclusions.find((one) => one.keys.some((key) => keys.includes(key)));
  return why?.refusal(name) ?? plainRefusal();
}

function mustCoordinate(by: Actor): void {
  if (!coordinates(by))
    throw new NotAllowed('You cannot change who must not be told', 'A coordinator of the matter can');
}
