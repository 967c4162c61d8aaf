import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { type Tx } from '../../database/tx.js';
import { type Effect, ReorganisationEffects, type Touched } from '../../directory/reorganisation/effects.js';

/** $2: contacts; $3: posts. Open actions of people or posts that move. */
const ACTIONS = `select ref from action where authority_id = $1
  and status in ('PROPOSED', 'ASSIGNED', 'ACCEPTED', 'QUERIED', 'IN_PROGRESS', 'ORPHANED')
  and (owner_contact_id = any ($2::uuid[]) or owner_post_id = any ($3::uuid[])) order by ref`;

/** What of actions hangs on people and posts that a restructure moves. */
@Injectable()
export class ActionEffects implements OnModuleInit {
  constructor(@Inject(ReorganisationEffects) private readonly effects: ReorganisationEffects) {}

  onModuleInit(): void {
    this.effects.register((tx, touched) => this.count(tx, touched));
  }

  private async count(tx: Tx, { contactIds, postIds }: Touched): Promise<Effect[]> {
    const values = [tx.by.authorityId, contactIds, postIds];
    const all = await tx.asService(() => tx.sql(ACTIONS, values));
    const seen = await tx.sql<{ ref: string }>(ACTIONS, values);
    return [{ label: 'Open actions', count: all.length, shown: seen.map(({ ref }) => ref) }];
  }
}
