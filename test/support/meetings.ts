import ICAL from 'ical.js';
import { type Matter } from '../../src/matters/matter.js';
import { type Meeting } from '../../src/meetings/meeting.js';
import { type MeetingPlan, SchedulingService } from '../../src/meetings/scheduling.service.js';
import { aCouncil, aMatter, type Council, type Placed, someone } from './matters.js';
import { type CaughtMail, type TestService } from './service.js';

/** The people of the first scenario, each a contact with a post, and the matter they meet about. */
export interface Cast {
  readonly council: Council;
  readonly matter: Matter;
  readonly priya: Placed;
  readonly leanne: Placed;
  readonly mark: Placed;
  readonly fiona: Placed;
  readonly tull: Placed;
  readonly tom: Placed;
  readonly owen: Placed;
}

/** A council with its people and an open allegation matter. */
export async function aCast(service: TestService, domain = 'northshire.example'): Promise<Cast> {
  const council = await aCouncil(service, domain);
  const address = (name: string) => `${name.toLowerCase().replaceAll(' ', '.')}@people.${domain}`;
  const person = (name: string, category: string) =>
    someone(service, council, name, { category, address: address(name) });
  const colleague = (name: string, { agencyId }: Placed) =>
    someone(service, council, name, { agencyId, address: address(name) });
  const [leanne, fiona] = [await person('Leanne Firth', 'POLICE'), await person('Fiona Akande', 'EDUCATION')];
  return {
    council,
    matter: await aMatter(service, council.priya),
    priya: await person('Priya Raman', 'LADO_SERVICE'),
    leanne,
    mark: await colleague('Mark Oyelaran', leanne),
    fiona,
    tull: await colleague('Graham Tull', fiona),
    tom: await person('Tom Beck', 'HEALTH'),
    owen: await person('Owen Tidy', 'LADO_SERVICE'),
  };
}

/** Wednesday 2 December 2026, 10am to 11:15am, chaired by Priya, with the police and the employer. */
export function aPlan(cast: Cast, given: Partial<MeetingPlan> = {}): MeetingPlan {
  return {
    matterId: cast.matter.id,
    typeCode: 'ALLEGATION_MEETING',
    slot: { date: '2026-12-02', from: '10:00', to: '11:15', zone: 'Europe/London', mode: 'VIDEO' },
    chairContactId: cast.priya.contactId,
    minuteTakerContactId: cast.owen.contactId,
    invitees: [
      { contactId: cast.leanne.contactId, required: 'BY_QUORUM' },
      { contactId: cast.fiona.contactId, role: 'EMPLOYER', required: 'BY_QUORUM' },
      { contactId: cast.tom.contactId },
    ],
    ...given,
  };
}

/** A scheduled meeting of the cast. */
export function aMeeting(service: TestService, cast: Cast, given: Partial<MeetingPlan> = {}): Promise<Meeting> {
  return service.get(SchedulingService).schedule(cast.council.owen, aPlan(cast, given));
}

/** What the calendar part of a message says, read by another library than the one that wrote it. */
export interface ReadCalendar {
  readonly method: string;
  readonly uid: string;
  readonly sequence: number;
  readonly status: string | null;
  readonly start: Date;
  readonly organizer: string;
  readonly attendee: string;
  readonly partstat: string;
  readonly stamp: Date;
}

export function readCalendar(mail: CaughtMail): ReadCalendar {
  const calendar = new ICAL.Component(ICAL.parse(mail.calendar ?? '') as unknown[]);
  for (const zone of calendar.getAllSubcomponents('vtimezone')) ICAL.TimezoneService.register(zone);
  const component = calendar.getFirstSubcomponent('vevent');
  if (component === null) throw new Error('No event');
  const event = new ICAL.Event(component);
  const attendee = component.getFirstProperty('attendee');
  return {
    method: String(calendar.getFirstPropertyValue('method')),
    uid: event.uid,
    sequence: event.sequence,
    status: component.getFirstPropertyValue('status') as string | null,
    start: event.startDate.toJSDate(),
    organizer: String(component.getFirstPropertyValue('organizer')),
    attendee: String(attendee?.getFirstValue()),
    partstat: String(attendee?.getFirstParameter('partstat')),
    stamp: (component.getFirstPropertyValue('dtstamp') as ICAL.Time).toJSDate(),
  };
}
