import { Inject, Injectable } from '@nestjs/common';
import { type Actor, administers } from '../access/actor.js';
import { localDate } from '../authorities/working-days.js';
import { UnitOfWork } from '../database/unit-of-work.js';
import { UpkeepService } from '../directory/verification/upkeep.service.js';
import { MailWatch } from '../mail/messages/mail-watch.service.js';
import { MeetingsService } from '../meetings/meetings.service.js';
import { maySeeMeetings } from '../meetings/running.js';
import { inOrder, type WorklistRow } from './worklist.js';
import { WORKLIST } from './worklist.sql.js';

/** Meetings further away than this are not yet anybody's worry: two weeks, this product's number. */
const AHEAD_MS = 14 * 24 * 3_600_000;

@Injectable()
export class WorklistService {
  constructor(
    @Inject(UnitOfWork) private readonly work: UnitOfWork,
    @Inject(MeetingsService) private readonly meetings: MeetingsService,
    @Inject(MailWatch) private readonly watch: MailWatch,
    @Inject(UpkeepService) private readonly upkeep: UpkeepService,
  ) {}

  /** What needs a person now, most pressing first. */
  async rows(by: Actor): Promise<WorklistRow[]> {
    return this.work.run(by, async (tx) => {
      const until = new Date(tx.now.getTime() + AHEAD_MS);
      const rows = await tx.sql<WorklistRow>(WORKLIST, [by.authorityId, tx.now, localDate(tx.now), until]);
      const joined = tx.joining();
      const also = [...(await this.vacated(joined)), ...(await this.awaiting(joined)), ...(await this.ofMail(joined))];
      return inOrder([...rows, ...also, ...(await this.ofUpkeep(joined))]);
    });
  }

  /** Places that were passed on, until whoever is asked instead has answered. */
  private async awaiting(by: Actor): Promise<WorklistRow[]> {
    const places = maySeeMeetings(by) ? await this.meetings.awaiting(by) : [];
    return places.map(({ ref, words, startsAt, meetingId }) => ({
      kind: 'RE_ROUTED' as const,
      about: ref,
      detail: words,
      due: startsAt,
      id: meetingId,
    }));
  }

  /** Places that leavers left behind; the chair's has a row of its own. */
  private async vacated(by: Actor): Promise<WorklistRow[]> {
    const places = maySeeMeetings(by) ? await this.meetings.vacated(by) : [];
    return places
      .filter(({ role }) => role !== 'CHAIR')
      .map((place) => ({
        kind: 'PLACE_VACATED' as const,
        about: place.ref,
        detail: `${place.name}, ${place.agency_name}`,
        due: place.starts_at,
        id: place.meeting_id,
      }));
  }

  /** What of the directory needs a person: how many are overdue, and new addresses to confirm. */
  private async ofUpkeep(by: Actor): Promise<WorklistRow[]> {
    if (!administers(by)) return [];
    const { overdue, addresses } = await this.upkeep.waiting(by);
    const people = overdue === 1 ? 'One person' : `${overdue.toLocaleString('en-GB')} people`;
    const late = { kind: 'CONTACTS_OVERDUE' as const, about: 'Directory', detail: people, due: null, id: '' };
    const changed = addresses.map(({ id, name, email }) => ({
      kind: 'ADDRESS_CHANGED' as const,
      about: name,
      detail: email,
      due: null,
      id,
    }));
    return overdue === 0 ? changed : [...changed, late];
  }

  /** That mail is held, or does not get out at all. */
  private async ofMail(by: Actor): Promise<WorklistRow[]> {
    const { hold, outage } = await this.watch.troubles(by);
    if (hold !== undefined) {
      const detail = 'The database may be an older copy';
      return [{ kind: 'MAIL_HELD', about: 'All mail', detail, due: hold.held_at, id: hold.id }];
    }
    if (outage === undefined) return [];
    const detail = outage.waiting === 1 ? 'One message waits' : `${outage.waiting} messages wait`;
    return [{ kind: 'MAIL_NOT_LEAVING', about: 'All mail', detail, due: outage.since, id: '' }];
  }
}
