import { Inject, Injectable } from '@nestjs/common';
import { type Actor, coordinates } from '../access/actor.js';
import { AuthoritiesService } from '../authorities/authorities.service.js';
import { newId } from '../database/ids.js';
import { type Tx } from '../database/tx.js';
import { UnitOfWork } from '../database/unit-of-work.js';
import { NotAllowed } from '../errors.js';
import { type Change } from '../history/change.js';
import { Matter, type MatterFacts, matterKindOf, type NewMatter } from './matter.js';
import {
  activeStaff,
  giveAccess,
  listMatters,
  type MatterList,
  type MatterQuery,
  type MatterRow,
  mattersOfContact,
} from './matter.store.js';
import { firstReaders, mayOpen, mustBeNamed, mustRun } from './readers.js';

export interface OpenedMatter extends NewMatter {
  /** Members of staff who are let in by name; a highly restricted matter has no other readers. */
  readonly readers?: readonly string[];
}

/** What meetings are about: opened, found, corrected, closed. */
@Injectable()
export class MattersService {
  constructor(
    @Inject(UnitOfWork) private readonly work: UnitOfWork,
    @Inject(AuthoritiesService) private readonly authorities: AuthoritiesService,
  ) {}

  /** Opens a matter and lets its desk know. Throws REQUIRED, INVALID, UNSAFE_TEXT; NotAllowed off the LADO side. */
  async open(by: Actor, given: OpenedMatter): Promise<Matter> {
    mustCoordinate(by);
    return this.work.run(by, (tx) => this.openIn(tx, given));
  }

  /** The same in an open transaction. */
  async openIn(tx: Tx, given: OpenedMatter): Promise<Matter> {
    const kind = matterKindOf(given.kind);
    if (!mayOpen(tx.by, kind)) {
      throw new NotAllowed('You cannot open a matter about an allegation', 'The designated officer’s side can');
    }
    const staff = await activeStaff(tx);
    const named = (given.readers ?? []).map((id) => mustBeNamed(staff, id, kind).id);
    mustRun(staff, given.coordinatorId, kind);
    const at = { authorityId: tx.by.authorityId, id: newId(), now: tx.now };
    const matter = Matter.open(given, { ...at, ref: await this.authorities.nextReference(tx, kind) });
    await giveAccess(tx, matter.id, firstReaders(matter, tx.by.knowsAs, staff, named));
    await tx.insert(Matter, matter);
    await tx.record(matter.opened());
    return matter;
  }

  /** Puts title, facts and case numbers right. Throws as `open`, or OutOfDate. */
  async correct(by: Actor, id: string, facts: MatterFacts, seen?: number): Promise<Matter> {
    return this.change(by, id, seen, (matter) => matter.correct(facts));
  }

  /** Closes it, unless somebody who hears `matter.closing` still has something open. Throws REASON_REQUIRED. */
  async close(by: Actor, id: string, reason: string, seen?: number): Promise<Matter> {
    mustCoordinate(by);
    return this.work.run(by, async (tx) => {
      const matter = await tx.lock(Matter, id, seen);
      await tx.record(matter.closing(reason));
      const closed = matter.close(reason, tx.now);
      await tx.save(matter);
      await tx.record(closed);
      return matter;
    });
  }

  /** Opens it again. Throws REASON_REQUIRED or MOVE_NOT_ALLOWED. */
  async reopen(by: Actor, id: string, reason: string, seen?: number): Promise<Matter> {
    return this.change(by, id, seen, (matter) => matter.reopen(reason));
  }

  /** One matter this person may know of; throws NotFound. */
  async find(by: Actor, id: string): Promise<Matter> {
    return this.work.run(by, (tx) => this.findIn(tx, id));
  }

  /** The same for a page: that somebody read a restricted matter goes into the history. */
  async read(by: Actor, id: string): Promise<Matter> {
    return this.work.run(by, async (tx) => {
      const matter = await tx.find(Matter, id);
      if (matter.sensitivity !== 'STANDARD') await tx.record(matter.read());
      return matter;
    });
  }

  /** The same in an open transaction. */
  async findIn(tx: Tx, id: string): Promise<Matter> {
    return tx.find(Matter, id);
  }

  /** A page of the matters this person may know of. */
  async list(by: Actor, query: MatterQuery = {}): Promise<MatterList> {
    return this.work.run(by, (tx) => listMatters(tx, query));
  }

  /** The matters this person may know of in which a contact has been told something. */
  async forContact(by: Actor, contactId: string): Promise<MatterRow[]> {
    return this.work.run(by, (tx) => mattersOfContact(tx, contactId));
  }

  /**
   * Lets people outside the staff know of a matter in the same transaction as their invitation or action: contacts and
   * the agencies they come for. Whoever gives must know of it; `ExclusionsService.mayKnow` comes first.
   */
  async know(tx: Tx, matterId: string, ids: readonly string[]): Promise<void> {
    if (ids.length > 0) await giveAccess(tx, matterId, ids);
  }

  private async change(
    by: Actor,
    id: string,
    seen: number | undefined,
    how: (matter: Matter) => Change | null,
  ): Promise<Matter> {
    mustCoordinate(by);
    return this.work.run(by, async (tx) => {
      const matter = await tx.lock(Matter, id, seen);
      const change = how(matter);
      if (change === null) return matter;
      await tx.save(matter);
      await tx.record(change);
      return matter;
    });
  }
}

function mustCoordinate(by: Actor): void {
  if (!coordinates(by)) throw new NotAllowed('You cannot open or change matters', 'A coordinator can');
}
