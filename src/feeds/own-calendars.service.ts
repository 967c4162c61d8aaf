import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { type Actor, coordinates } from '../access/actor.js';
import { RateLimits } from '../access/rate-limits.service.js';
import { newId } from '../database/ids.js';
import { Sealing } from '../database/sealing.js';
import { type Tx } from '../database/tx.js';
import { UnitOfWork } from '../database/unit-of-work.js';
import { Contact } from '../directory/contact.js';
import { NotFound, RuleBroken } from '../errors.js';
import { Listeners } from '../history/listeners.js';
import { outgoingAddress } from '../web/outgoing.js';
import { OF_CONTACT, REMOVE } from './feed.sql.js';
import { CALENDAR_PORTS, placeOfAddress, ReadingService } from './reading.service.js';
import { OwnCalendar, type OwnCalendarState } from './own-calendar.js';

/** So many addresses an hour for one person: enough for mistakes, too few to try a network with (this product's number). */
const MOST_AN_HOUR = 10;

/** What a person and the staff see of a published calendar: whether it is read, never where it is. */
export interface ShownCalendar {
  readonly state: OwnCalendarState;
  readonly asOf: Date | null;
  readonly givenAt: Date;
  readonly givenBy: OwnCalendar['givenBy'];
  /** The last try came to nothing. */
  readonly failing: boolean;
}

/** The calendars that contacts publish, given by themselves or by a coordinator they told. */
@Injectable()
export class OwnCalendarsService implements OnModuleInit {
  constructor(
    @Inject(UnitOfWork) private readonly work: UnitOfWork,
    @Inject(Sealing) private readonly sealing: Sealing,
    @Inject(RateLimits) private readonly limits: RateLimits,
    @Inject(ReadingService) private readonly reading: ReadingService,
    @Inject(Listeners) private readonly listeners: Listeners,
  ) {}

  /** Nobody reads on in the calendar of somebody who has left. */
  onModuleInit(): void {
    for (const action of ['contact.left', 'contact.merged']) {
      this.listeners.on(action, (tx, { details }) => this.remove(tx, String(details.contactId)));
    }
  }

  /** What is known of this person's own calendar; null when there is none. Throws NotFound for anybody else's. */
  async show(by: Actor, contactId: string): Promise<ShownCalendar | null> {
    mustBeTheirs(by, contactId);
    return this.work.run(by, async (tx) => {
      await tx.find(Contact, contactId);
      const calendar = await ofContact(tx, contactId);
      if (calendar === undefined) return null;
      const { freshAt: asOf, givenAt, givenBy, failures } = calendar;
      return { state: calendar.state(tx.now), asOf, givenAt, givenBy, failing: failures > 0 };
    });
  }

  /**
   * Takes the address of a published calendar, in place of one given before, and reads it at once. Throws INVALID for what
   * is no such address, TOO_MANY_TRIES, CONTACT_HAS_LEFT, CONTACT_MERGED; whether it can be read is seen afterwards.
   */
  async give(by: Actor, contactId: string, typed: string): Promise<void> {
    await this.show(by, contactId);
    const address = addressOf(typed);
    if (!(await this.limits.within({ key: `own-calendar:${contactId}`, most: MOST_AN_HOUR, minutes: 60 }))) {
      throw new RuleBroken('TOO_MANY_TRIES', 'That was too often for one hour. Try again later', 'address');
    }
    const calendar = await this.work.run(by, async (tx) => {
      (await tx.lock(Contact, contactId)).mustBeAskable('address');
      await this.remove(tx, contactId);
      const id = newId();
      const given = OwnCalendar.given({
        ...{ authorityId: by.authorityId, id, contactId, givenAt: tx.now },
        addressSealed: this.sealing.seal(Buffer.from(address), placeOfAddress(by.authorityId, id)),
        givenBy: by.kind === 'LINK' ? 'SELF' : 'COORDINATOR',
      });
      await tx.insert(OwnCalendar, given);
      await tx.record(given.given());
      return given;
    });
    await this.reading.readNow(calendar);
  }

  /** Forgets the address and every time read there. */
  async stop(by: Actor, contactId: string): Promise<void> {
    mustBeTheirs(by, contactId);
    await this.work.run(by, async (tx) => {
      await tx.find(Contact, contactId);
      await this.remove(tx, contactId, true);
    });
  }

  private async remove(tx: Tx, contactId: string, tell = false): Promise<void> {
    const calendar = await ofContact(tx, contactId);
    if (calendar === undefined) return;
    await tx.sql(REMOVE, [tx.by.authorityId, contactId]);
    if (tell) await tx.record(calendar.stopped());
  }
}

async function ofContact(tx: Tx, contactId: string): Promise<OwnCalendar | undefined> {
  const [row] = await tx.sql<{ id: string }>(OF_CONTACT, [tx.by.authorityId, contactId]);
  return row === undefined ? undefined : tx.find(OwnCalendar, row.id);
}

/** A contact looks after their own, those who run meetings after everybody's. */
function mustBeTheirs(by: Actor, contactId: string): void {
  const isOwn = by.kind === 'LINK' && by.knowsAs === contactId;
  if (!isOwn && !(by.kind === 'STAFF' && coordinates(by))) throw new NotFound();
}

/** The address as it is asked: calendar programs write webcal for https. */
function addressOf(typed: string): string {
  const url = outgoingAddress(typed.trim().replace(/^webcals?:/i, 'https:'), CALENDAR_PORTS);
  if (url !== undefined) return url.href;
  throw new RuleBroken(
    'INVALID',
    'Enter the web address of a published calendar, like https://example.com/me.ics',
    'address',
  );
}
