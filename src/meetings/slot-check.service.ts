import { Inject, Injectable } from '@nestjs/common';
import { AuthoritiesService } from '../authorities/authorities.service.js';
import { type Tx } from '../database/tx.js';
import { RuleBroken } from '../errors.js';
import { Availability, busyWarnings, type PersonsTime } from './availability.js';
import { clashesOf, namedIn } from './meeting.store.js';
import { type Urgency } from './meeting.js';
import { urgencyAt } from './reply-by.js';
import { type Slot, type Warning, warnings } from './slot.js';

/** What the directory and other meetings say about a slot. */
@Injectable()
export class SlotCheck {
  constructor(
    @Inject(AuthoritiesService) private readonly authorities: AuthoritiesService,
    @Inject(Availability) private readonly availability: Availability,
  ) {}

  /** Everything worth a second thought: the day, the hour, other meetings of these people (`but` the one that moves), their
   * own calendars. */
  async warnings(tx: Tx, slot: Slot, contactIds: readonly string[], but: string | null = null): Promise<Warning[]> {
    const clashes = await clashesOf(tx, contactIds, slot, but);
    const busy = busyWarnings(await this.times(tx, slot, contactIds), slot.zone);
    return [...warnings(slot, await this.authorities.calendar(tx), clashes), ...busy];
  }

  /** What the own calendars of these people say about a slot, everybody's, in order of name. */
  async times(tx: Tx, slot: Slot, contactIds: readonly string[]): Promise<PersonsTime[]> {
    return this.availability.of(tx, contactIds, slot);
  }

  /** How urgent a meeting at that time is now. */
  async urgency(tx: Tx, slot: Pick<Slot, 'startsAt'>): Promise<Urgency> {
    return urgencyAt(tx.now, slot.startsAt, await this.authorities.calendar(tx));
  }

  /** The place stands in every message, so it names no school, no other agency and nobody. Throws INVALID. */
  async mustBeNeutral(tx: Tx, { place }: Pick<Slot, 'place'>): Promise<void> {
    const name = place === '' ? null : await namedIn(tx, place);
    if (name === null) return;
    throw new RuleBroken(
      'INVALID',
      `The place is printed in emails, so it must not name “${name}”. Put that into the joining details`,
      'place',
    );
  }
}
