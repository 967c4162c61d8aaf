import { type Actor } from '../../src/access/actor.js';
import { UnitOfWork } from '../../src/database/unit-of-work.js';
import { AgenciesService } from '../../src/directory/agencies.service.js';
import { DirectoryService } from '../../src/directory/directory.service.js';
import { InboxesService } from '../../src/directory/inboxes.service.js';
import { type Matter } from '../../src/matters/matter.js';
import { MattersService } from '../../src/matters/matters.service.js';
import { type Meeting } from '../../src/meetings/meeting.js';
import { SchedulingService } from '../../src/meetings/scheduling.service.js';
import { aCouncil, type Council } from './matters.js';
import { type TestService } from './service.js';

/** A named person with an address. */
export interface Person {
  readonly name: string;
  readonly contactId: string;
  readonly agencyId: string;
  readonly address: string;
}

/** The people of the scenarios under their own names, in agencies under their own names. */
export interface Kestrel {
  readonly council: Council;
  readonly matter: Matter;
  readonly inboxId: string;
  readonly priya: Person;
  readonly owen: Person;
  readonly sadia: Person;
  readonly leanne: Person;
  readonly mark: Person;
  readonly fiona: Person;
  readonly tull: Person;
  readonly joan: Person;
  readonly alan: Person;
  readonly tom: Person;
}

const AGENCIES = {
  lado: ['Northshire Designated Officers', 'LADO_SERVICE', 'northshire.example'],
  csc: ['Northshire Children’s Services', 'CHILDRENS_SOCIAL_CARE', 'northshire.example'],
  police: ['Northshire Police', 'POLICE', 'northshire.police.example'],
  hillbrook: ['Hillbrook Primary', 'EDUCATION', 'hillbrook.example'],
  trust: ['Kestrel Academy Trust', 'HR', 'kestrel.example'],
  nhs: ['Northshire NHS Trust', 'HEALTH', 'northshire.nhs.example'],
} as const;
type Place = keyof typeof AGENCIES;

const PEOPLE = {
  priya: ['Priya Raman', 'Designated officer', 'lado'],
  owen: ['Owen Tidy', 'Meeting coordinator', 'lado'],
  sadia: ['Sadia Noor', 'Team manager', 'csc'],
  leanne: ['Leanne Firth', 'Child abuse DC, East', 'police'],
  mark: ['Mark Oyelaran', 'Child abuse DS, East', 'police'],
  fiona: ['Fiona Akande', 'Chair of governors', 'hillbrook'],
  tull: ['Graham Tull', 'Head teacher', 'hillbrook'],
  joan: ['Joan Petty', 'HR manager', 'trust'],
  alan: ['Alan Moss', 'Investigating officer', 'trust'],
  tom: ['Tom Beck', 'Named nurse', 'nhs'],
} as const satisfies Record<string, readonly [string, string, Place]>;

/** A council with these people, the office mailbox of the school, and the open matter ALL-2026-0147. */
export async function aKestrel(service: TestService): Promise<Kestrel> {
  const council = await aCouncil(service);
  const agencies: Partial<Record<Place, string>> = {};
  for (const [place, [name, category, domain]] of Object.entries(AGENCIES)) {
    const agency = await service.get(AgenciesService).add(council.owen, { name, category });
    await service.look('update agency set email_domains = $2 where id = $1', [agency.id, [domain]]);
    agencies[place as Place] = agency.id;
  }
  const people: Partial<Record<keyof typeof PEOPLE, Person>> = {};
  for (const [who, [name, postTitle, place]] of Object.entries(PEOPLE)) {
    const agencyId = agencies[place] ?? '';
    const address = `${name.toLowerCase().replace(' ', '.')}@${AGENCIES[place][2]}`;
    people[who as keyof typeof PEOPLE] = await added(service, council.owen, { name, postTitle, agencyId, address });
  }
  const inbox = { address: 'office@hillbrook.example' };
  const { id: inboxId } = await service.get(InboxesService).add(council.owen, agencies.hillbrook ?? '', inbox);
  const matter = await service.get(MattersService).open(council.priya, {
    kind: 'ALLEGATION',
    sensitivity: 'STANDARD',
    neutralTitle: 'Enquiry 27, east team',
    coordinatorId: council.owen.id,
    facts: ['POSSIBLE_OFFENCE', 'S47'],
    externalIds: [],
  });
  return { council, matter, inboxId, ...(people as Required<typeof people>) };
}

async function added(
  service: TestService,
  by: Actor,
  person: { name: string; postTitle: string; agencyId: string; address: string },
): Promise<Person> {
  const { name, postTitle, agencyId, address } = person;
  const { contactId } = await service
    .get(UnitOfWork)
    .run(by, (tx) => service.get(DirectoryService).addPerson(tx, { name, postTitle, agencyId, email: address }));
  return { name, contactId, agencyId, address };
}

/** The meeting of Wednesday 2 December 2026, 10am to 11:15am by video, with everybody of the scenario. */
export function theMeeting(service: TestService, cast: Kestrel): Promise<Meeting> {
  return service.get(SchedulingService).schedule(cast.council.owen, {
    matterId: cast.matter.id,
    typeCode: 'ALLEGATION_MEETING',
    slot: { date: '2026-12-02', from: '10:00', to: '11:15', zone: 'Europe/London', mode: 'VIDEO' },
    chairContactId: cast.priya.contactId,
    minuteTakerContactId: cast.owen.contactId,
    invitees: [
      { contactId: cast.sadia.contactId, required: 'BY_QUORUM' },
      { contactId: cast.mark.contactId, required: 'BY_QUORUM' },
      { contactId: cast.fiona.contactId, role: 'EMPLOYER', required: 'BY_QUORUM' },
      { contactId: cast.joan.contactId, role: 'HR' },
      { contactId: cast.tom.contactId },
    ],
  });
}
