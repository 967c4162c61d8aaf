import { Inject, Injectable } from '@nestjs/common';
import { type Settings, SETTINGS } from '../config.js';
import { UnitOfWork } from '../database/unit-of-work.js';
import { type Actor, systemActor } from './actor.js';
import { Staff } from './staff.js';

export interface SignedInStaff {
  readonly actor: Actor;
  readonly authorityName: string;
}

/** One who can be chosen on the demonstration's sign-in page. */
export interface DemonstrationStaff {
  readonly authority_id: number;
  readonly authority: string;
  readonly id: string;
  readonly name: string;
  readonly roles: string[];
  readonly desk: string | null;
}

/** Accounts of the council's staff: who they are, found by their session or by the address they sign in with. */
@Injectable()
export class StaffService {
  constructor(
    @Inject(SETTINGS) private readonly settings: Settings,
    @Inject(UnitOfWork) private readonly work: UnitOfWork,
  ) {}

  /** The person of a session with today's rights; nobody when the account was disabled meanwhile. */
  async signedIn(authorityId: number, staffId: string): Promise<SignedInStaff | undefined> {
    return this.work.run(systemActor(authorityId), async (tx) => {
      const staff = await tx.manager.findOneBy(Staff, { authorityId, id: staffId });
      if (staff?.disabledAt !== null) return undefined;
      const [authority] = await tx.sql<{ name: string }>('select name from authority where id = $1', [authorityId]);
      return { actor: staff.asActor(), authorityName: authority?.name ?? '' };
    });
  }

  /** The accounts with an email address, over all authorities: one person may work for two. */
  async byEmail(email: string): Promise<Staff[]> {
    const found = await this.work.outside((sql) =>
      sql<{ authority_id: number; id: string }>('select authority_id, id from staff_by_email($1)', [email]),
    );
    const staff: Staff[] = [];
    for (const { authority_id: authorityId, id } of found) {
      staff.push(await this.work.run(systemActor(authorityId), (tx) => tx.find(Staff, id)));
    }
    return staff;
  }

  /** Everybody of the demonstration's authorities; nobody in production, even on a database that was tried out first. */
  async ofTheDemonstration(): Promise<DemonstrationStaff[]> {
    if (this.settings.production) return [];
    return this.work.outside((sql) => sql<DemonstrationStaff>('select * from demonstration_staff()'));
  }

  /** Everybody with an account in the authority, for choosing a coordinator. */
  async list(by: Actor): Promise<Staff[]> {
    return this.work.run(by, (tx) =>
      tx.manager.find(Staff, { where: { authorityId: by.authorityId }, order: { name: 'ASC' } }),
    );
  }

  /** Remembers in the history that somebody signed in. */
  async recordSignIn(actor: Actor): Promise<void> {
    await this.work.run(actor, (tx) =>
      tx.record({ action: 'staff.signed-in', object: `staff:${actor.id}`, details: {} }),
    );
  }
}
