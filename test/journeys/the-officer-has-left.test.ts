import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Response } from 'supertest';
import { UnitOfWork } from '../../src/database/unit-of-work.js';
import { AgenciesService } from '../../src/directory/agencies.service.js';
import { DeputiesService } from '../../src/directory/deputies.service.js';
import { DirectoryService } from '../../src/directory/directory.service.js';
import { type PersonInPost } from '../../src/directory/person-in-post.js';
import { ActionsService } from '../../src/actions/actions.service.js';
import { MattersService } from '../../src/matters/matters.service.js';
import { AnswersService } from '../../src/meetings/answers.service.js';
import { type Meeting } from '../../src/meetings/meeting.js';
import { SchedulingService } from '../../src/meetings/scheduling.service.js';
import { lastMail } from '../support/called-meeting.js';
import { atConsole, type AtConsole } from '../support/console.js';
import { aKestrel, type Kestrel } from '../support/kestrel.js';
import { type Placed } from '../support/matters.js';
import { startService, type TestService } from '../support/service.js';
import { fieldsOf } from '../support/staff-browser.js';
import { aBrowser, answerBy, hiddenOf, prove } from '../support/visitor.js';

let service: TestService;
let cast: Kestrel;
let owen: AtConsole;
let meeting: Meeting;
let leanne: PersonInPost;
let oyelaran: PersonInPost;
let agencyId: string;

const text = (answer: Response): string =>
  answer.text
    .replace(/<[^>]+>/g, ' ')
    .replace(/&#39;/g, "'")
    .replace(/\s+/g, ' ');
const placed = ({ contactId, email }: PersonInPost): Placed => ({ contactId, address: email }) as unknown as Placed;

/** Somebody of CAIU East. */
async function ofTheUnit(name: string, postTitle: string): Promise<PersonInPost> {
  const email = `${name.toLowerCase().replace(' ', '.')}@northshire.police.example`;
  const person = { name, postTitle, agencyId, email, teamName: 'CAIU East', fromOn: '2025-01-06' };
  return service.get(UnitOfWork).run(cast.council.owen, (tx) => service.get(DirectoryService).addPerson(tx, person));
}

/** Another matter with a meeting in the past at which these people took on actions. */
async function actionsElsewhere(owners: readonly PersonInPost[], asked: PersonInPost): Promise<string> {
  const matter = await service.get(MattersService).open(cast.council.priya, {
    kind: 'ALLEGATION',
    sensitivity: 'STANDARD',
    neutralTitle: 'Enquiry of another day',
    coordinatorId: cast.council.owen.id,
    facts: [],
    externalIds: [],
  });
  service.clock.set('2026-11-16T09:00:00Z');
  const held = await service.get(SchedulingService).schedule(cast.council.owen, {
    matterId: matter.id,
    typeCode: 'ALLEGATION_MEETING',
    slot: { date: '2026-11-17', from: '10:00', to: '11:00', zone: 'Europe/London', mode: 'VIDEO' },
    chairContactId: cast.priya.contactId,
    invitees: [{ contactId: asked.contactId }],
    overrideReason: 'Agreed by telephone',
  });
  service.clock.set('2026-11-17T11:30:00Z');
  for (const { contactId } of owners) {
    const agreed = { text: `Ask about ${contactId}`, owner: { contactId }, dueOn: '2026-12-11' };
    await service.get(ActionsService).agree(cast.council.owen, held.id, agreed);
  }
  return held.id;
}

async function forecast(): Promise<string> {
  const page = text(await owen.get(`/meetings/${meeting.id}`));
  return /Will it be quorate\? (Quorum [a-z ]+?) (Every|Not every|A place)/.exec(page)?.[1] ?? page;
}

let pastMeeting: string;

beforeAll(async () => {
  service = await startService();
  service.clock.set('2026-11-02T09:00:00Z');
  cast = await aKestrel(service);
  agencyId = cast.leanne.agencyId;
  await service.get(AgenciesService).addTeam(cast.council.owen, agencyId, 'Vulnerability Hub North');
  leanne = await ofTheUnit('DC Firth', 'Detective Constable');
  oyelaran = await ofTheUnit('DS Oyelaran', 'Detective Sergeant');
  await service.get(DeputiesService).add(cast.council.owen, leanne.postId ?? '', { postId: oyelaran.postId ?? '' });
  pastMeeting = await actionsElsewhere([leanne, leanne], leanne);
  service.clock.set('2026-11-25T09:00:00Z');
  meeting = await service.get(SchedulingService).schedule(cast.council.owen, {
    matterId: cast.matter.id,
    typeCode: 'ALLEGATION_MEETING',
    slot: { date: '2026-12-02', from: '10:00', to: '11:15', zone: 'Europe/London', mode: 'VIDEO' },
    chairContactId: cast.priya.contactId,
    minuteTakerContactId: cast.owen.contactId,
    invitees: [
      { contactId: cast.sadia.contactId, required: 'BY_QUORUM' },
      { contactId: leanne.contactId, required: 'BY_QUORUM' },
      { contactId: cast.fiona.contactId, role: 'EMPLOYER', required: 'BY_QUORUM' },
      { contactId: cast.joan.contactId, role: 'HR' },
      { contactId: cast.tom.contactId },
    ],
  });
  await service.mail();
  const others = await service.look<{ id: string }>(
    `select id from invitation where meeting_id = $1 and contact_id <> $2`,
    [meeting.id, leanne.contactId],
  );
  for (const { id } of others)
    await service.get(AnswersService).recordByPhone(cast.council.owen, id, { kind: 'ACCEPTED' });
  owen = await atConsole(service, cast.council.owen);
});

afterAll(async () => {
  await service.stop();
});

/** The bounce as whoever reads the mail that comes back records it. */
async function bounces(who: PersonInPost): Promise<void> {
  await service.get(UnitOfWork).run(cast.council.owen, (tx) =>
    tx.record({
      action: 'contact.bounced',
      object: `contact:${who.contactId}`,
      details: { contactId: who.contactId, address: who.email, hard: true },
    }),
  );
}

describe('The officer has left, the team has merged', () => {
  it('a hard bounce re-routes to her deputy at once, and Owen sees who is awaited', async () => {
    const { secret } = await lastMail(service, placed(leanne));
    service.clock.set('2026-11-30T14:02:00Z');
    await bounces(leanne);
    const contact = text(await owen.get(`/directory/contacts/${leanne.contactId}`));
    expect(contact).toContain('DC Firth Unverified');
    expect(contact).toContain('Mail to their address came back for good');
    expect(await service.mail(oyelaran.email)).toHaveLength(1);
    expect((await lastMail(service, placed(oyelaran))).mail.subject).toContain(cast.matter.ref);
    expect(text(await owen.get(`/meetings/${meeting.id}`))).toContain(
      'Police re-routed to DS Oyelaran (deputy), awaiting',
    );
    expect(text(await owen.get('/'))).toContain('Police re-routed to DS Oyelaran (deputy), awaiting');
    expect(await forecast()).toBe('Quorum at risk');
    expect((await aBrowser(service).get(`/i/${secret}`)).status).toBe(404);
    expect(await service.look(`select status from action where owner_contact_id = $1`, [leanne.contactId])).toEqual([
      { status: 'ASSIGNED' },
      { status: 'ASSIGNED' },
    ]);
  });

  it('he accepts and says that he has replaced her: the forecast is met, and he still owns nothing of hers', async () => {
    service.clock.set('2026-11-30T15:10:00Z');
    const browser = aBrowser(service);
    const { secret } = await lastMail(service, placed(oyelaran));
    await answerBy(service, browser, secret, { answer: 'ACCEPTED' });
    expect(await forecast()).toBe('Quorum met');
    const page = await browser.get('/my/answer');
    expect(text(page)).toContain('I have replaced the person who was asked first');
    service.clock.pass(0.5);
    const sent = await browser.post('/my/claim').type('form').send(hiddenOf(page));
    expect([sent.status, sent.headers.location]).toEqual([303, '/claimed']);
    expect(text(await browser.get('/claimed'))).toContain('Thank you for telling us');
    expect(await service.look(`select id from action_offer`)).toEqual([]);
  });

  it('Owen confirms: her holding ends, she has left, and her actions wait for him to accept or query each', async () => {
    const home = await owen.get('/');
    expect(text(home)).toContain('Somebody says that they hold a post now');
    const path = /href="(\/directory\/claims\/[^"]+)"/.exec(home.text)?.[1] ?? '';
    const claim = await owen.get(path);
    expect(text(claim)).toContain('DS Oyelaran says that they hold a post now');
    const done = await owen.post(`${path}/confirmation`, { version: fieldsOf(claim).version ?? '' });
    expect(done.status).toBe(303);
    const contact = text(await owen.get(`/directory/contacts/${leanne.contactId}`));
    expect(contact).toContain('DC Firth Left');
    expect(contact).toContain('Left the agency');
    expect(
      await service.look(`select distinct status from action where owner_contact_id = $1`, [leanne.contactId]),
    ).toEqual([{ status: 'ORPHANED' }]);
    const browser = aBrowser(service);
    const mails = (await service.mail(oyelaran.email)).filter(({ mail }) =>
      mail.subject?.includes('an action of your post'),
    );
    expect(mails).toHaveLength(2);
    const secret = mails[0]?.link?.split('/i/')[1] ?? '';
    await prove(service, browser, secret, placed(oyelaran));
    const own = await browser.get('/my');
    const offers = [...own.text.matchAll(/href="(\/my\/offers\/[^"]+)"/g)].map(([, href]) => href ?? '');
    expect(offers).toHaveLength(2);
    const answers = [{ choice: 'accept' }, { choice: 'query', words: 'This is for the school, not for us' }];
    for (const [index, offer] of offers.entries()) {
      const page = await browser.get(offer);
      service.clock.pass(0.5);
      const answered = await browser
        .post(offer)
        .type('form')
        .send({ ...fieldsOf(page), ...answers[index] });
      expect([answered.status, text(answered).slice(0, 200)]).toEqual([303, expect.anything()]);
    }
    const rows = await service.look<{ status: string; owner: string }>(
      `select a.status, c.name as owner from action a join contact c on c.id = a.owner_contact_id order by a.status`,
    );
    expect(rows).toEqual([
      { status: 'ACCEPTED', owner: 'DS Oyelaran' },
      { status: 'ORPHANED', owner: 'DC Firth' },
    ]);
  });

  // eslint-disable-next-line complexity -- optional parts of what the page says
  it('Owen runs a merger: the preview counts what it touches, and past meetings keep the names of their day', async () => {
    service.clock.pass(5);
    const others = [
      await ofTheUnit('DC Amos', 'Detective Constable 2'),
      await ofTheUnit('DC Bell', 'Detective Constable 3'),
    ];
    await ofTheUnit('DC Cole', 'Detective Constable 4');
    await actionsElsewhere([...others, oyelaran], oyelaran);
    service.clock.set('2026-11-30T16:00:00Z');
    for (const day of ['2026-12-08', '2026-12-09']) {
      await service.get(SchedulingService).schedule(cast.council.owen, {
        matterId: cast.matter.id,
        typeCode: 'ALLEGATION_MEETING',
        slot: { date: day, from: '14:00', to: '15:00', zone: 'Europe/London', mode: 'VIDEO' },
        chairContactId: cast.priya.contactId,
        invitees: [{ contactId: oyelaran.contactId }],
      });
    }
    const form = await owen.get(`/directory/agencies/${agencyId}/reorganisations/new?kind=MERGE`);
    const teams = new Map(
      [...form.text.matchAll(/name="teamIds" type="checkbox" value="([^"]+)"[\s\S]*?<label[^>]*>\s*([^<]+?)\s*</g)].map(
        ([, id, name]) => [name, id ?? ''],
      ),
    );
    const plan = {
      kind: 'MERGE',
      teamIds: [teams.get('CAIU East') ?? ''],
      intoTeamId: teams.get('Vulnerability Hub North') ?? '',
      names: '',
      effectiveOn: '2026-11-23',
    };
    const preview = await owen.post(`/directory/agencies/${agencyId}/reorganisations/preview`, plan);
    expect(preview.status).toBe(200);
    const seen = text(preview);
    expect(seen).toContain('CAIU East merged into Vulnerability Hub North');
    expect(/Contacts (\d+)/.exec(seen)?.[1]).toBe('4');
    expect(/Future meetings (?:[A-Z0-9, -]+ )?(\d+) Open invitations/.exec(seen)?.[1]).toBe('3');
    expect(/Open actions (?:[A-Z0-9, -]+ )?(\d+) Without a destination 0/.exec(seen)?.[1]).toBe('5');
    const decided = { ...plan, digest: fieldsOf(preview).digest ?? '' };
    const asked = await owen.post(`/directory/agencies/${agencyId}/reorganisations`, decided);
    expect([asked.status, text(asked).includes('This day has passed')]).toEqual([422, true]);
    const done = await owen.post(`/directory/agencies/${agencyId}/reorganisations`, { ...decided, confirmed: 'yes' });
    expect(done.status).toBe(303);
    expect(text(await owen.get(done.headers.location ?? ''))).toContain(
      'CAIU East merged into Vulnerability Hub North',
    );
    expect(text(await owen.get(`/meetings/${pastMeeting}`))).toContain(
      'DC Firth Detective Constable, CAIU East, Northshire Police',
    );
    expect(text(await owen.get(`/meetings/${meeting.id}`))).toContain('Vulnerability Hub North, Northshire Police');
    expect(text(await owen.get('/directory?part=CAIU+East'))).toContain('DS Oyelaran');
    expect(await service.look(`select action from event where action like 'reorganisation.%'`)).toEqual([
      { action: 'reorganisation.applied' },
    ]);
  });
});
