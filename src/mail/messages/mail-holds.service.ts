import { Inject, Injectable } from '@nestjs/common';
import { type Actor, administers } from '../../access/actor.js';
import { type Tx } from '../../database/tx.js';
import { UnitOfWork } from '../../database/unit-of-work.js';
import { NotAllowed, RuleBroken } from '../../errors.js';
import { Dispatcher } from '../dispatcher.js';
import { type MessagePurpose } from '../message.js';
import { openHold, type OpenHold } from './mail-watch.service.js';

/** What would leave, of one purpose: how many that have probably been sent before, and how many made since the hold. */
export interface HeldMail {
  readonly purpose: MessagePurpose;
  readonly before: number;
  readonly since: number;
  readonly oldest: Date;
}

/** Everything goes; or what was made before a moment is dropped and the rest goes. */
export type Release = { readonly choice: 'ALL' } | { readonly choice: 'DROP_BEFORE'; readonly before: Date };

const WAITING = `select purpose, count(*) filter (where created_at < $2)::int as before,
    count(*) filter (where created_at >= $2)::int as since, min(created_at) as oldest
  from message where authority_id = $1 and state in ('PENDING', 'SENDING', 'IN_DOUBT') group by purpose order by purpose`;

const LOCK = `select id from mail_hold where authority_id = $1 and id = $2 and released_at is null for update`;

/** What may have been sent before is in doubt, and the doubt has waited long enough: it is looked up, or goes again. $2 held at. */
const DOUBT = `update message set state = 'IN_DOUBT', reason = 'The database was restored', lease_until = '-infinity'
  where authority_id = $1 and state in ('PENDING', 'SENDING', 'IN_DOUBT') and created_at < $2 returning id`;

const DROP = `update message set state = 'DEAD', reason = 'RESTORED'
  where authority_id = $1 and state in ('PENDING', 'SENDING', 'IN_DOUBT') and created_at < $2 returning id`;

const RELEASE = `update mail_hold set released_at = $3, released_by = $4, dropped_before = $5 where authority_id = $1 and id = $2`;

/** Mail held after a restore: what waits, and letting it go. Each authority decides about its own. */
@Injectable()
export class MailHolds {
  constructor(
    @Inject(UnitOfWork) private readonly work: UnitOfWork,
    @Inject(Dispatcher) private readonly dispatcher: Dispatcher,
  ) {}

  /** The hold, if there is one, with what would leave: counts of the whole authority, and nothing of what they are about. */
  async show(by: Actor): Promise<{ hold: OpenHold | undefined; waiting: HeldMail[] }> {
    mustAdminister(by);
    return this.work.run(by, (tx) =>
      tx.asService(async () => {
        const hold = await openHold(tx);
        const waiting = hold === undefined ? [] : await tx.sql<HeldMail>(WAITING, [by.authorityId, hold.held_at]);
        return { hold, waiting };
      }),
    );
  }

  /** Ends the hold and answers how many messages were dropped. Throws MOVE_NOT_ALLOWED when nothing is held. */
  async release(by: Actor, release: Release): Promise<number> {
    mustAdminister(by);
    return this.work.run(by, async (tx) => {
      const hold = await openHold(tx);
      const locked = hold === undefined ? [] : await tx.sql(LOCK, [by.authorityId, hold.id]);
      if (hold === undefined || locked.length === 0) {
        throw new RuleBroken('MOVE_NOT_ALLOWED', 'Mail is not held any more: somebody has released it');
      }
      const before = release.choice === 'ALL' ? null : release.before;
      const dropped = before === null ? 0 : await changed(tx, DROP, before);
      const doubted = await changed(tx, DOUBT, hold.held_at);
      await tx.sql(RELEASE, [by.authorityId, hold.id, tx.now, by.id, before]);
      const details = { choice: release.choice, before: before?.toISOString() ?? null, dropped, doubted };
      await tx.record({ action: 'mail.released', object: `mail-hold:${hold.id}`, details });
      tx.afterCommit(() => {
        this.dispatcher.wake();
      });
      return dropped;
    });
  }
}

/** In matters that whoever releases may not know of, too. */
async function changed(tx: Tx, statement: string, before: Date): Promise<number> {
  const [rows] = await tx.asService(() => tx.sql<unknown[]>(statement, [tx.by.authorityId, before]));
  return Array.isArray(rows) ? rows.length : 0;
}

function mustAdminister(by: Actor): void {
  if (administers(by)) return;
  throw new NotAllowed('You cannot release mail with your account', 'A coordinator or an administrator can');
}
