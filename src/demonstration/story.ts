import { type INestApplication } from '@nestjs/common';
import { type Actor } from '../access/actor.js';
import { StaffService } from '../access/staff.service.js';
import { ActionsService } from '../actions/actions.service.js';
import { addWorkingDays, localDate, type WorkingCalendar } from '../authorities/working-days.js';
import { Clock } from '../database/clock.js';
import { Dispatcher } from '../mail/dispatcher.js';
import { type Excluded } from '../matters/exclusion.js';
import { ExclusionsService } from '../matters/exclusions.service.js';
import { type Matter } from '../matters/matter.js';
import { MattersService } from '../matters/matters.service.js';
import { AnswersService, type GivenAnswer } from '../meetings/answers.service.js';
import { AttendanceService } from '../meetings/attendance.service.js';
import { type GuestPlan } from '../meetings/guests.service.js';
import { type Meeting } from '../meetings/meeting.js';
import { MeetingsService } from '../meetings/meetings.service.js';
import { SchedulingService } from '../meetings/scheduling.service.js';
import { type Population } from './population.js';

interface Plan {
  readonly type: string;
  readonly on: string;
  readonly from: string;
  readonly to: string;
  readonly chair: string;
  readonly minuteTaker?: string;
  readonly invitees: readonly (Omit<GuestPlan, 'contactId'> & { readonly name: string })[];
}

const WORKING_DAYS: WorkingCalendar = { jurisdiction: 'ENGLAND', closures: [] };

/** Tells what happened in an invented council by doing it: through the services, at the time at which it happened. */
export class Story {
  private readonly clock: Clock;
  private readonly real: () => Date;

  constructor(
    private readonly app: INestApplication,
    private readonly authorityId: number,
    private readonly people: Population,
  ) {
    this.clock = app.get(Clock);
    this.real = this.clock.now.bind(this.clock);
  }

  /** The working day so many from today, `YYYY-MM-DD`; negative ones have passed. */
  day(offset: number): string {
    return localDate(addWorkingDays(this.real(), offset, WORKING_DAYS));
  }

  /** Does something as if it were another moment. */
  async at<T>(moment: Date, what: () => Promise<T>): Promise<T> {
    this.clock.now = () => moment;
    try {
      const result = await what();
      await this.app.get(Dispatcher).drain();
      return result;
    } finally {
      this.clock.now = this.real;
    }
  }

  async staff(id: string): Promise<Actor> {
    const found = await this.app.get(StaffService).signedIn(this.authorityId, id);
    if (found === undefined) throw new Error('The demonstration misses a member of staff');
    return found.actor;
  }

  contact(name: string): string {
    const found = this.people.contacts.find((one) => one.name === name);
    if (found === undefined) throw new Error(`The demonstration misses ${name}`);
    return found.id;
  }

  /** The first person of an agency in a post whose title begins so. */
  holder(agency: string, title: string): string {
    const { agencies, posts, holdings, contacts } = this.people;
    const its = agencies.find((one) => one.name === agency);
    const post = posts.find((one) => one.agencyId === its?.id && one.title.startsWith(title));
    const holding = holdings.find((one) => one.postId === post?.id);
    const contact = contacts.find((one) => one.id === holding?.contactId);
    if (contact === undefined) throw new Error(`The demonstration misses ${title} of ${agency}`);
    return contact.name;
  }

  async open(by: Actor, kind: string, neutralTitle: string, facts: string[]): Promise<Matter> {
    const given = { kind, neutralTitle, facts, externalIds: [], sensitivity: 'STANDARD', coordinatorId: by.id };
    return this.app.get(MattersService).open(by, given);
  }

  async exclude(by: Actor, matter: Matter, excluded: Excluded, reason: string, alternative: string): Promise<void> {
    await this.app.get(ExclusionsService).exclude(by, matter.id, { excluded, reason, alternative });
  }

  inbox(address: string): string {
    const found = this.people.inboxes.find((one) => one.address === address);
    if (found === undefined) throw new Error(`The demonstration misses ${address}`);
    return found.id;
  }

  async schedule(by: Actor, matter: Matter, plan: Plan): Promise<Meeting> {
    return this.app.get(SchedulingService).schedule(by, {
      matterId: matter.id,
      typeCode: plan.type,
      slot: { date: plan.on, from: plan.from, to: plan.to, zone: 'Europe/London', mode: 'VIDEO' },
      chairContactId: this.contact(plan.chair),
      sure: true,
      minuteTakerContactId: plan.minuteTaker === undefined ? null : this.contact(plan.minuteTaker),
      invitees: plan.invitees.map(({ name, ...place }) => ({ ...place, contactId: this.contact(name) })),
    });
  }

  /** An answer rung through to the coordinator. */
  async answer(by: Actor, meeting: Meeting, name: string, given: GivenAnswer): Promise<void> {
    const view = await this.app.get(MeetingsService).show(by, meeting.id);
    const contactId = this.contact(name);
    const invitee = view.invitees.find((one) => one.contact_id === contactId);
    if (invitee === undefined) throw new Error(`${name} is not invited`);
    await this.app.get(AnswersService).recordByPhone(by, invitee.id, given);
  }

  /** The register just as the answers foretold it. */
  async recordAttendance(by: Actor, meeting: Meeting): Promise<void> {
    const attendance = this.app.get(AttendanceService);
    const { meeting: shown, seenEntries, rows } = await attendance.register(by, meeting.id);
    await attendance.record(by, meeting.id, { version: shown.version, seenEntries, lines: rows });
  }

  async agree(by: Actor, meeting: Meeting, text: string, owner: string, dueOn: string): Promise<void> {
    const contactId = this.contact(owner);
    await this.app.get(ActionsService).agree(by, meeting.id, { text, owner: { contactId }, dueOn });
  }
}
