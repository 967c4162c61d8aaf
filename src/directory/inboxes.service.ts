import { Inject, Injectable } from '@nestjs/common';
import { type Actor } from '../access/actor.js';
import { requireDate } from '../authorities/civil-time.js';
import { newId } from '../database/ids.js';
import { type Tx } from '../database/tx.js';
import { UnitOfWork } from '../database/unit-of-work.js';
import { NotFound } from '../errors.js';
import { Agency } from './agency.js';
import { Inbox, type InboxFacts } from './inbox.js';
import { mustKeep, mustRead } from './keeping.js';
import { registeredAddress } from './registered-address.js';
import { Team } from './team.js';

export interface NewInbox {
  readonly address: string;
  readonly teamId?: string | null;
  readonly restricted?: boolean;
}

/** Addresses that several people of an agency read. */
@Injectable()
export class InboxesService {
  constructor(@Inject(UnitOfWork) private readonly work: UnitOfWork) {}

  /** One inbox, or NotFound. */
  async find(by: Actor, id: string): Promise<Inbox> {
    mustRead(by);
    return this.work.run(by, (tx) => tx.find(Inbox, id));
  }

  /** Adds an inbox to an agency. Throws INVALID_EMAIL, or ALREADY_EXISTS for an address that is one already. */
  async add(by: Actor, agencyId: string, inbox: NewInbox): Promise<Inbox> {
    mustKeep(by);
    return this.work.run(by, async (tx) => {
      await tx.find(Agency, agencyId);
      const facts = await checked(tx, agencyId, inbox);
      const added = Inbox.of(facts, { authorityId: by.authorityId, id: newId(), agencyId });
      await tx.insert(Inbox, added);
      await tx.record(added.added());
      return added;
    });
  }

  /** Puts an inbox right. Throws INVALID_EMAIL, ALREADY_EXISTS or OutOfDate. */
  async correct(by: Actor, id: string, inbox: NewInbox, seen?: number): Promise<Inbox> {
    mustKeep(by);
    return this.work.run(by, async (tx) => {
      const found = await tx.lock(Inbox, id, seen);
      const change = found.correct(await checked(tx, found.agencyId, inbox));
      if (change === null) return found;
      await tx.save(found);
      await tx.record(change);
      return found;
    });
  }

  /** Nobody reads it from a day on. */
  async end(by: Actor, id: string, on: string, seen?: number): Promise<void> {
    mustKeep(by);
    requireDate(on, 'endedOn');
    return this.work.run(by, async (tx) => {
      const inbox = await tx.lock(Inbox, id, seen);
      const change = inbox.end(on);
      await tx.save(inbox);
      await tx.record(change);
    });
  }
}

async function checked(tx: Tx, agencyId: string, inbox: NewInbox): Promise<InboxFacts> {
  const { email: address, addressKey } = registeredAddress(inbox.address, 'address');
  const teamId = inbox.teamId ?? null;
  if (teamId !== null && (await tx.find(Team, teamId)).agencyId !== agencyId) throw new NotFound();
  return { address, addressKey, teamId, restricted: inbox.restricted ?? false };
}
