/** What is found once nothing breaks any more and everything has come to rest. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Bed } from './bed.js';
import { type Listed } from './checker.js';
import { type LookedUp } from './promises.js';
import { type Outcome } from './words.js';

/** Without any change for so long, what has not settled never will. Milliseconds. */
const PATIENCE = 60_000;

const UNSETTLED = `select count(*)::int as count from message where state not in ('SENT', 'DEAD')`;

/** Waits until every message is sent or given up, or nothing happens any more. */
export async function comeToRest(bed: Bed): Promise<void> {
  let [seen, since] = ['', performance.now()];
  for (;;) {
    const [row] = await bed.cluster.ask<{ count: number }>(UNSETTLED);
    if (row?.count === 0) return;
    const now = `${row?.count ?? ''} ${(await bed.counts()).taken}`;
    if (now !== seen) [seen, since] = [now, performance.now()];
    if (performance.now() - since > PATIENCE) return;
    await sleep(200);
  }
}

const LISTED = `select message_id as "messageId", to_address as address, state, reason,
  possible_repeats > 0 as doubted from message`;

/** The messages as the product lists them. */
export async function listedBy(bed: Pick<Bed, 'cluster'>): Promise<Listed[]> {
  return bed.cluster.ask<Listed>(LISTED);
}

const MEETING = `select id, calendar_uid as uid, calendar_sequence as sequence, version from meeting where `;
const HAPPENED = {
  schedule: `${MEETING} join_details = $1`,
  move: `${MEETING} id = $1 and left(wall_start, 10) = $2`,
  cancel: `${MEETING} id = $1 and status = 'CANCELLED'`,
  withdraw: `select meeting_id as id, '' as uid, -1 as sequence, -1 as version from invitation
    where meeting_id = $1 and contact_id = $2 and status = 'WITHDRAWN'`,
} as const;

/** Looks whether a deed happened of which nobody was told. */
export function lookUpIn(bed: Pick<Bed, 'cluster'>): LookedUp {
  return async ({ deed }) => {
    const found = async (values: readonly string[]): Promise<Outcome | null> =>
      (await bed.cluster.ask<Outcome>(HAPPENED[deed.kind], values))[0] ?? null;
    switch (deed.kind) {
      case 'schedule':
        return found([deed.mark]);
      case 'move':
        return found([deed.meetingId, deed.date]);
      case 'cancel':
        return found([deed.meetingId]);
      case 'withdraw':
        return found([deed.meetingId, deed.contactId]);
    }
  };
}
