import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { type Actor, systemActor } from '../../access/actor.js';
import { Sweeps } from '../../database/sweeps.js';
import { type Tx } from '../../database/tx.js';
import { UnitOfWork } from '../../database/unit-of-work.js';
import { NotFound, RuleBroken } from '../../errors.js';
import { type Change } from '../../history/change.js';
import { Contact } from '../contact.js';
import { mustKeep } from '../keeping.js';
import { today } from '../people.store.js';
import { type Leave } from './leave.js';

/** Somebody who could cover, with their post. */
export interface Colleague {
  readonly contactId: string;
  readonly name: string;
  readonly postTitle: string;
}

/** A contact's leave, and who could cover it. */
export interface ShownAbsence {
  readonly contact: Contact;
  readonly colleagues: readonly Colleague[];
}

/** $2: today; $3: the contact. Who works at an agency where they work now. */
const COLLEAGUES = `select distinct on (lower(c.name), c.id) c.id as "contactId", c.name, p.title as "postTitle"
  from holding o join post q on q.authority_id = o.authority_id and q.id = o.post_id
  join post p on p.authority_id = q.authority_id and p.agency_id = q.agency_id
  join holding h on h.authority_id = p.authority_id and h.post_id = p.id and h.from_on <= $2::date
    and (h.to_on is null or h.to_on > $2::date)
  join contact c on c.authority_id = h.authority_id and c.id = h.contact_id and c.status in ('ACTIVE', 'UNVERIFIED', 'ON_LEAVE')
  where o.authority_id = $1 and o.contact_id = $3 and o.contact_id <> c.id and o.from_on <= $2::date
    and (o.to_on is null or o.to_on > $2::date)
  order by lower(c.name), c.id, p.title limit 500`;

/** Leaves that begin or end by today, of which nobody has been told yet. */
const DUE = `select id from contact where authority_id = $1 and leave_from is not null
  and (leave_to <= $2::date or (leave_from <= $2::date and status = 'ACTIVE')) order by id limit 500`;

/** Who is away, until when, and who covers; said by a coordinator or by the person themselves. */
@Injectable()
export class AbsencesService implements OnModuleInit {
  constructor(
    @Inject(UnitOfWork) private readonly work: UnitOfWork,
    @Inject(Sweeps) private readonly sweeps: Sweeps,
  ) {}

  onModuleInit(): void {
    this.sweeps.add(() => this.follow());
  }

  /** A contact's leave and who could cover it. Throws NotFound; NotAllowed for anybody else's. */
  async show(by: Actor, contactId: string): Promise<ShownAbsence> {
    mustBeTheirs(by, contactId);
    return this.work.run(by, async (tx) => ({
      contact: await tx.find(Contact, contactId),
      colleagues: await colleaguesOf(tx, contactId),
    }));
  }

  /**
   * Somebody is away from a day on; whoever covers is of their agency. Throws INVALID_DATE, DATE_IN_PAST, INVALID,
   * NOT_SAME_AGENCY, CONTACT_HAS_LEFT, MOVE_NOT_ALLOWED, OutOfDate.
   */
  async plan(by: Actor, contactId: string, leave: Leave, seen?: number): Promise<Contact> {
    mustBeTheirs(by, contactId);
    return this.change(by, contactId, seen, async (tx, contact) => {
      if (leave.cover !== null && leave.cover !== contactId) await mustBeColleague(tx, contactId, leave.cover);
      return contact.planLeave(leave, today(tx));
    });
  }

  /** Somebody is back, or stays after all. Throws MOVE_NOT_ALLOWED, OutOfDate. */
  async end(by: Actor, contactId: string, seen?: number): Promise<Contact> {
    mustBeTheirs(by, contactId);
    return this.change(by, contactId, seen, async (_tx, contact) => contact.endLeave());
  }

  /** Begins and ends planned leave by the service's clock, in every authority; safe to run twice. */
  async follow(): Promise<void> {
    const authorities = await this.work.outside((sql) => sql<{ id: number }>('select id from authority order by id'));
    for (const { id } of authorities) {
      await this.work.run(systemActor(id), async (tx) => {
        for (const row of await tx.sql<{ id: string }>(DUE, [id, today(tx)])) {
          const contact = await tx.lock(Contact, row.id);
          const change = contact.followLeave(today(tx));
          if (change === null) continue;
          await tx.save(contact);
          await tx.record(change);
        }
      });
    }
  }

  private async change(
    by: Actor,
    contactId: string,
    seen: number | undefined,
    how: (tx: Tx, contact: Contact) => Promise<Change>,
  ): Promise<Contact> {
    return this.work.run(by, async (tx) => {
      const contact = await tx.lock(Contact, contactId, seen);
      const change = await how(tx, contact);
      await tx.save(contact);
      await tx.record(change);
      return contact;
    });
  }
}

async function colleaguesOf(tx: Tx, contactId: string): Promise<Colleague[]> {
  return tx.sql<Colleague>(COLLEAGUES, [tx.by.authorityId, today(tx), contactId]);
}

async function mustBeColleague(tx: Tx, contactId: string, cover: string): Promise<void> {
  const colleagues = await colleaguesOf(tx, contactId);
  if (colleagues.some((one) => one.contactId === cover)) return;
  throw new RuleBroken('NOT_SAME_AGENCY', 'Choose somebody of the same agency to cover', 'cover');
}

function mustBeTheirs(by: Actor, contactId: string): void {
  if (by.kind === 'LINK' && by.id !== contactId) throw new NotFound();
  if (by.kind !== 'LINK') mustKeep(by);
}
