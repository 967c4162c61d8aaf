import { Inject, Injectable } from '@nestjs/common';
import { type Actor } from '../../access/actor.js';
import { type Tx } from '../../database/tx.js';
import { UnitOfWork } from '../../database/unit-of-work.js';

/** Mail that does not get out: since when, and how many messages wait. */
export interface MailOutage {
  readonly since: Date;
  readonly waiting: number;
}

/** Mail that is held because the database may be an older or another copy. */
export interface OpenHold {
  readonly id: string;
  readonly held_at: Date;
  readonly reason: 'OLDER_COPY' | 'OTHER_COPY' | 'NO_FILE';
  readonly copy_at: Date | null;
  readonly last_at: Date | null;
}

/** Three minutes without a success: so that whoever looks at a page within five minutes knows (security guide, T-37). */
const QUIET_MS = 3 * 60_000;

/**
 * Since when the oldest message that was due by $2 has waited. What waits for an older message in doubt, or for its hold,
 * does not count.
 */
const LATE = `
  with late as (
    select case when g.attempts = 0 then g.not_before
      else least(g.not_before, (select min(a.began_at) from message_attempt a where a.authority_id = g.authority_id and a.message_id = g.id)) end as due
    from message g where g.authority_id = $1 and g.state in ('PENDING', 'SENDING')
      and not exists (select 1 from message o where o.authority_id = g.authority_id and o.stream = g.stream
        and o.ordinal < g.ordinal and o.state in ('PENDING', 'SENDING', 'IN_DOUBT'))
  )
  select min(due) as since, count(*)::int as waiting from late where due <= $2 having count(*) > 0`;

/** Whether anything at all has left since $2. */
const LEFT_SINCE = 'select 1 from message where authority_id = $1 and sent_at >= $2 limit 1';

const HOLD = `select id, held_at, reason, copy_at, last_at from mail_hold where authority_id = $1 and released_at is null`;

/** Watches whether mail gets out. Computed from the messages themselves, so it is true after any restart and ends by itself. */
@Injectable()
export class MailWatch {
  constructor(@Inject(UnitOfWork) private readonly work: UnitOfWork) {}

  /**
   * What somebody who works here should know about mail now. Only messages that they may know of are counted, since a number
   * would tell one desk of the other's; whether anything has left is asked of the whole authority.
   */
  async troubles(by: Actor): Promise<{ outage: MailOutage | undefined; hold: OpenHold | undefined }> {
    return this.work.run(by, async (tx) => {
      const hold = await openHold(tx);
      return { hold, outage: hold === undefined ? await outageOf(tx) : undefined };
    });
  }
}

/** The hold on an authority's mail, if there is one. */
export async function openHold(tx: Tx): Promise<OpenHold | undefined> {
  const [hold] = await tx.sql<OpenHold>(HOLD, [tx.by.authorityId]);
  return hold;
}

async function outageOf(tx: Tx): Promise<MailOutage | undefined> {
  const late = new Date(tx.now.getTime() - QUIET_MS);
  const [outage] = await tx.sql<MailOutage>(LATE, [tx.by.authorityId, late]);
  if (outage === undefined) return undefined;
  const left = await tx.asService(() => tx.sql(LEFT_SINCE, [tx.by.authorityId, outage.since]));
  return left.length === 0 ? outage : undefined;
}
