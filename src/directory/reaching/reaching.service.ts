import { Inject, Injectable } from '@nestjs/common';
import { type Actor } from '../../access/actor.js';
import { type Tx } from '../../database/tx.js';
import { UnitOfWork } from '../../database/unit-of-work.js';
import { NotFound, RuleBroken } from '../../errors.js';
import { Agency, type WhoToAsk } from '../agency.js';
import { Contact } from '../contact.js';
import { Inbox } from '../inbox.js';
import { mustKeep, mustRead } from '../keeping.js';
import { peopleOfAgency, today } from '../people.store.js';
import { Post } from '../post.js';

/** A shared inbox with whoever is known to read it. */
export interface InboxReaders {
  readonly inbox: Inbox;
  readonly readers: readonly { readonly id: string; readonly name: string }[];
  /** Who works at the agency, to choose from. */
  readonly people: readonly { readonly contactId: string; readonly name: string }[];
}

const READERS = `select c.id, c.name from inbox_reader r join contact c on c.authority_id = r.authority_id and c.id = r.contact_id
  where r.authority_id = $1 and r.inbox_id = $2 order by lower(c.name), c.id`;
const FORGET = `delete from inbox_reader where authority_id = $1 and inbox_id = $2 and not contact_id = any ($3::uuid[])`;
const KEEP = `insert into inbox_reader (authority_id, inbox_id, contact_id) select $1, $2, id from unnest($3::uuid[]) t (id)
  on conflict do nothing`;

/** Whom an agency answers by, and who reads what it shares. */
@Injectable()
export class ReachingService {
  constructor(@Inject(UnitOfWork) private readonly work: UnitOfWork) {}

  /**
   * Says which posts are the agency's single point of contact, out of hours, and the manager to chase; null for none. Throws
   * NOT_SAME_AGENCY, MOVE_NOT_ALLOWED for a post that has ended, OutOfDate, NotFound.
   */
  async answerBy(by: Actor, agencyId: string, posts: WhoToAsk, seen?: number): Promise<Agency> {
    mustKeep(by);
    return this.work.run(by, async (tx) => {
      const agency = await tx.lock(Agency, agencyId, seen);
      for (const [field, id] of Object.entries(posts)) await mustBePostOf(tx, agency, { field, id });
      const change = agency.answerBy(posts);
      if (change === null) return agency;
      await tx.save(agency);
      await tx.record(change);
      return agency;
    });
  }

  /** Who reads a shared inbox, and who could. Throws NotFound. */
  async readers(by: Actor, inboxId: string): Promise<InboxReaders> {
    mustRead(by);
    return this.work.run(by, async (tx) => {
      const inbox = await tx.find(Inbox, inboxId);
      const people = new Map((await peopleOfAgency(tx, inbox.agencyId)).map((one) => [one.contactId, one]));
      return { inbox, readers: await tx.sql(READERS, [tx.by.authorityId, inboxId]), people: [...people.values()] };
    });
  }

  /**
   * Says who can read a shared inbox; nobody named means whoever works in its team. Throws NotFound for people nobody
   * knows, CONTACT_HAS_LEFT, CONTACT_MERGED.
   */
  async read(by: Actor, inboxId: string, contactIds: readonly string[]): Promise<void> {
    mustKeep(by);
    await this.work.run(by, async (tx) => {
      const inbox = await tx.lock(Inbox, inboxId);
      const before = await tx.sql<{ id: string }>(READERS, [tx.by.authorityId, inboxId]);
      for (const id of contactIds) (await tx.find(Contact, id)).mustBeAskable('readers');
      await tx.sql(FORGET, [tx.by.authorityId, inboxId, contactIds]);
      await tx.sql(KEEP, [tx.by.authorityId, inboxId, contactIds]);
      const readers = { from: before.map(({ id }) => id), to: contactIds };
      await tx.record({
        action: 'inbox.corrected',
        object: `inbox:${inboxId}`,
        details: { readers },
        agencyId: inbox.agencyId,
      });
    });
  }
}

async function mustBePostOf(
  tx: Tx,
  agency: Agency,
  { field, id }: { field: string; id: string | null },
): Promise<void> {
  if (id === null) return;
  const post = await tx.find(Post, id).catch((error: unknown) => {
    throw error instanceof NotFound ? new RuleBroken('NOT_SAME_AGENCY', 'Choose a post of this agency', field) : error;
  });
  if (post.agencyId !== agency.id) throw new RuleBroken('NOT_SAME_AGENCY', 'Choose a post of this agency', field);
  if (post.endedOn !== null && post.endedOn <= today(tx)) {
    throw new RuleBroken('MOVE_NOT_ALLOWED', 'This post has ended. Choose another', field);
  }
}
