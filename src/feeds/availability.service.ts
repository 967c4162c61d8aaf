import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { type BusyTime } from '../calendar/busy-times.js';
import { type Tx } from '../database/tx.js';
import { Availability, type PersonsTime } from '../meetings/availability.js';
import { type Slot } from '../meetings/slot.js';
import { KNOWN_TIMES } from './feed.sql.js';
import { diaryAt } from './own-calendar.js';

interface KnownRow {
  readonly contact_id: string;
  readonly name: string;
  readonly fresh_at: Date | null;
  readonly covers_until: Date | null;
  readonly times: readonly { readonly startsAt: string; readonly endsAt: string; readonly kind: BusyTime['kind'] }[];
}

/** Tells whoever chooses a time what people's own calendars say about it. */
@Injectable()
export class OwnAvailability implements OnModuleInit {
  constructor(@Inject(Availability) private readonly availability: Availability) {}

  onModuleInit(): void {
    this.availability.register((tx, contactIds, slot) => this.of(tx, contactIds, slot));
  }

  private async of(
    tx: Tx,
    contactIds: readonly string[],
    slot: Pick<Slot, 'startsAt' | 'endsAt'>,
  ): Promise<PersonsTime[]> {
    const values = [tx.by.authorityId, contactIds, slot.startsAt, slot.endsAt];
    const rows = await tx.sql<KnownRow>(KNOWN_TIMES, values);
    return rows.map((row) => {
      const calendar = { freshAt: row.fresh_at, coversUntil: row.covers_until };
      const times = row.times.map(({ startsAt, endsAt, kind }) => ({
        startsAt: new Date(startsAt),
        endsAt: new Date(endsAt),
        kind,
      }));
      const state = diaryAt(slot, calendar, times, tx.now);
      const asOf = state === 'NO_DATA' ? null : row.fresh_at;
      return { contactId: row.contact_id, contactName: row.name, state, asOf };
    });
  }
}
