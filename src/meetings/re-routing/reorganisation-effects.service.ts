import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { type Tx } from '../../database/tx.js';
import { type Effect, ReorganisationEffects, type Touched } from '../../directory/reorganisation/effects.js';

/** $2: contacts; $3: posts; $4: now. Open invitations to meetings to come of people or posts that move. */
const INVITATIONS = `select m.ref, count(*)::int as asked from invitation i
  join meeting m on m.authority_id = i.authority_id and m.id = i.meeting_id and m.status in ('DRAFT', 'PROPOSED', 'SCHEDULED')
    and m.starts_at > $4
  where i.authority_id = $1 and i.status in ('DRAFT', 'OPEN')
    and (i.contact_id = any ($2::uuid[]) or i.post_id = any ($3::uuid[])) group by m.ref order by m.ref`;

interface Row {
  readonly ref: string;
  readonly asked: number;
}

/** What of meetings hangs on people and posts that a restructure moves. */
@Injectable()
export class MeetingEffects implements OnModuleInit {
  constructor(@Inject(ReorganisationEffects) private readonly effects: ReorganisationEffects) {}

  onModuleInit(): void {
    this.effects.register((tx, touched) => this.count(tx, touched));
  }

  /** Counted with the service's own need to know; named are only those the reader may know of. */
  private async count(tx: Tx, { contactIds, postIds }: Touched): Promise<Effect[]> {
    const values = [tx.by.authorityId, contactIds, postIds, tx.now];
    const all = await tx.asService(() => tx.sql<Row>(INVITATIONS, values));
    const seen = await tx.sql<Row>(INVITATIONS, values);
    const asked = all.reduce((sum, row) => sum + row.asked, 0);
    return [
      { label: 'Future meetings', count: all.length, shown: seen.map(({ ref }) => ref) },
      { label: 'Open invitations', count: asked, shown: [] },
      // Quorum counts agencies and what their people may decide: nobody changes either by moving between teams.
      { label: 'Quorum forecasts that change', count: 0, shown: [] },
    ];
  }
}
