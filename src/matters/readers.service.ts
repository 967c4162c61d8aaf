import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { type Actor, coordinates } from '../access/actor.js';
import { Staff } from '../access/staff.js';
import { type Tx } from '../database/tx.js';
import { UnitOfWork } from '../database/unit-of-work.js';
import { NotAllowed, RuleBroken } from '../errors.js';
import { type Change } from '../history/change.js';
import { Listeners } from '../history/listeners.js';
import { endAccess } from './exclusion.store.js';
import { ExclusionsService } from './exclusions.service.js';
import { Matter, type MatterKind } from './matter.js';
import { activeStaff, deskMatters, giveAccess, type Reader, readersOf } from './matter.store.js';
import { kindsOf, mayRun, mustBeNamed, mustRun, worksAt } from './readers.js';

/** Who of the staff runs a matter and who may know of it. */
@Injectable()
export class ReadersService implements OnModuleInit {
  constructor(
    @Inject(UnitOfWork) private readonly work: UnitOfWork,
    @Inject(ExclusionsService) private readonly exclusions: ExclusionsService,
    @Inject(Listeners) private readonly listeners: Listeners,
  ) {}

  onModuleInit(): void {
    this.listeners.on('staff.added', (tx, change) => tx.asService(() => this.letIn(tx, change)));
  }

  /** Gives the matter to another coordinator, who may know of it from now on. Throws INVALID or OutOfDate. */
  async handOver(by: Actor, id: string, staffId: string, seen?: number): Promise<Matter> {
    mustCoordinate(by);
    return this.work.run(by, async (tx) => {
      const matter = await tx.lock(Matter, id, seen);
      const staff = mustRun(await activeStaff(tx), staffId, matter.kind);
      await this.mustNotBeExcluded(tx, id, staff);
      const change = matter.handOver(staffId);
      if (change === null) return matter;
      await giveAccess(tx, id, [staffId]);
      await tx.save(matter);
      await tx.record(change);
      return matter;
    });
  }

  /** The members of staff who may know of it. Throws NotFound. */
  async readers(by: Actor, id: string): Promise<Reader[]> {
    return this.work.run(by, async (tx) => {
      await tx.find(Matter, id);
      return readersOf(tx, id);
    });
  }

  /** Lets a member of staff in by name. Throws INVALID for somebody off its side, EXCLUDED for an excluded one. */
  async admit(by: Actor, id: string, staffId: string): Promise<void> {
    mustCoordinate(by);
    await this.work.run(by, async (tx) => {
      const matter = await tx.lock(Matter, id);
      const staff = mustBeNamed(await activeStaff(tx), staffId, matter.kind, 'reader');
      await this.mustNotBeExcluded(tx, id, staff);
      await giveAccess(tx, id, [staffId]);
      await tx.record(accessChange(matter, 'matter.reader-added', staff));
    });
  }

  /** Ends a member of staff's access at once; never the coordinator's. Throws MOVE_NOT_ALLOWED. */
  async dismiss(by: Actor, id: string, staffId: string): Promise<void> {
    mustCoordinate(by);
    await this.work.run(by, async (tx) => {
      const matter = await tx.lock(Matter, id);
      if (matter.coordinatorId === staffId) {
        throw new RuleBroken('MOVE_NOT_ALLOWED', 'Hand the matter to somebody else first', 'reader');
      }
      const staff = await tx.find(Staff, staffId);
      await endAccess(tx, id, staffId);
      await tx.record(accessChange(matter, 'matter.reader-removed', staff));
    });
  }

  /** Everybody with an account, and those of them who may run a matter of a kind. */
  async staff(by: Actor): Promise<{ all: Staff[]; coordinators: (kind: MatterKind) => Staff[] }> {
    const all = await this.work.run(by, activeStaff);
    return { all, coordinators: (kind) => all.filter((one) => mayRun(one, kind)) };
  }

  /** Somebody new at a desk reads what the desk reads. */
  private async letIn(tx: Tx, { object }: Change): Promise<void> {
    const staff = await tx.find(Staff, object.slice('staff:'.length));
    if (staff.desk === null || !worksAt(staff, staff.desk)) return;
    for (const matterId of await deskMatters(tx, kindsOf(staff.desk))) {
      if (await this.isExcluded(tx, matterId, staff)) continue;
      await giveAccess(tx, matterId, [staff.id]);
    }
  }

  private async mustNotBeExcluded(tx: Tx, matterId: string, staff: Staff): Promise<void> {
    if (await this.isExcluded(tx, matterId, staff)) {
      throw new RuleBroken('EXCLUDED', `${staff.name} must not be told of this matter`, 'reader');
    }
  }

  private async isExcluded(tx: Tx, matterId: string, staff: Staff): Promise<boolean> {
    return staff.contactId !== null && (await this.exclusions.isExcluded(tx, matterId, staff.contactId));
  }
}

function mustCoordinate(by: Actor): void {
  if (!coordinates(by)) throw new NotAllowed('You cannot say who reads a matter', 'A coordinator can');
}

function accessChange(matter: Matter, action: string, staff: Staff): Change {
  const { id, name } = staff;
  return { action, object: `matter:${matter.id}`, details: { staff: id, name }, matterId: matter.id };
}
