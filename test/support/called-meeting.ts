import { ChangesService } from '../../src/meetings/changes.service.js';
import { type Meeting } from '../../src/meetings/meeting.js';
import { SchedulingService } from '../../src/meetings/scheduling.service.js';
import { type SlotPlan } from '../../src/meetings/slot.js';
import { aCouncil, aMatter, type Council, type Placed, someone } from './matters.js';
import { type CaughtMail, type TestService } from './service.js';

/** A meeting that has gone out to a chair, a sergeant and a head, with the messages they had. */
export interface CalledMeeting {
  readonly council: Council;
  readonly meeting: Meeting;
  readonly reference: string;
  readonly chair: Placed;
  readonly sergeant: Placed;
  readonly head: Placed;
}

let councils = 0;

/** Calls a meeting for Wednesday 2 December 2026 at 10am, in a council of its own unless one is given. */
export async function aCalledMeeting(service: TestService, given?: Council): Promise<CalledMeeting> {
  councils += 1;
  const council = given ?? (await aCouncil(service, `council${councils}.example`));
  const matter = await aMatter(service, council.priya, 'CHILD_PROTECTION');
  const at = (name: string): string => `${name}.${councils}@force.example`;
  const chair = await someone(service, council, 'Ines Chair', {
    address: at('ines'),
    category: 'CHILDRENS_SOCIAL_CARE',
  });
  const sergeant = await someone(service, council, 'Leanne Firth', { address: at('leanne'), category: 'POLICE' });
  const head = await someone(service, council, 'Graham Tull', { address: at('graham') });
  await service.look(`update agency set email_domains = '{force.example}' where id = $1`, [sergeant.agencyId]);
  const meeting = await service.get(SchedulingService).schedule(council.priya, {
    matterId: matter.id,
    typeCode: 'STRATEGY_MEETING',
    slot: slotOn('2026-12-02'),
    chairContactId: chair.contactId,
    invitees: [{ contactId: sergeant.contactId }, { contactId: head.contactId }],
  });
  return { council, meeting, reference: matter.ref, chair, sergeant, head };
}

/** The newest message to somebody, and the secret of its link. */
export async function lastMail(service: TestService, to: Placed): Promise<CaughtMail & { secret: string }> {
  const mail = (await service.mail(to.address)).at(-1);
  if (mail === undefined) throw new Error(`No message to ${to.address}`);
  return { ...mail, secret: mail.link?.split('/i/')[1] ?? '' };
}

/** Moves the meeting to another day at the same hour, which asks everybody again. */
export async function moveTo(service: TestService, called: CalledMeeting, date: string): Promise<void> {
  const version = await versionOf(service, called);
  await service
    .get(ChangesService)
    .reschedule(called.council.priya, called.meeting.id, { slot: slotOn(date), version });
}

/** Cancels the meeting. */
export async function cancel(service: TestService, called: CalledMeeting): Promise<void> {
  const version = await versionOf(service, called);
  await service.get(ChangesService).cancel(called.council.priya, called.meeting.id, 'Not needed any more', version);
}

function slotOn(date: string): SlotPlan {
  const joinDetails = 'Join at room 4471, PIN 9034';
  return { date, from: '10:00', to: '11:30', zone: 'Europe/London', mode: 'VIDEO', joinDetails };
}

async function versionOf(service: TestService, { meeting }: CalledMeeting): Promise<number> {
  const [row] = await service.look<{ version: number }>('select version from meeting where id = $1', [meeting.id]);
  return row?.version ?? 0;
}
