import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Response } from 'supertest';
import { UnitOfWork } from '../../src/database/unit-of-work.js';
import { AgenciesService } from '../../src/directory/agencies.service.js';
import { ClaimsService } from '../../src/directory/handover/claims.service.js';
import { ReorganisationsService } from '../../src/directory/reorganisation/reorganisations.service.js';
import { ExclusionsService } from '../../src/matters/exclusions.service.js';
import { aHeldReply } from '../support/held-reply.js';
import { aCast, aMeeting, type Cast } from '../support/meetings.js';
import { startService, type TestService } from '../support/service.js';
import { fieldsOf, signedIn, type StaffBrowser } from '../support/staff-browser.js';
import { digest } from '../support/visitor.js';

let service: TestService;
let cast: Cast;
let owen: StaffBrowser;
let bev: StaffBrowser;
let own: Ids;
let foreign: Ids;
let meeting: string;

/** An id of each kind of thing that an address can name. */
type Ids = Readonly<Record<string, string>>;

beforeAll(async () => {
  service = await startService();
  cast = await aCast(service);
  own = await idsOf(cast);
  foreign = await idsOf(await aCast(service, 'southshire.example'));
  owen = await signedIn(service, cast.council.owen);
  bev = await signedIn(service, cast.council.bev);
  meeting = `/meetings/${own.meetings ?? ''}`;
  await service.mail();
}, 60_000);

afterAll(async () => {
  await service.stop();
});

/** Fills an authority with one of everything, and answers with the ids by the word that stands before them in addresses. */
async function idsOf(of: Cast): Promise<Ids> {
  const { council, leanne, mark, tull } = of;
  const excluded = { contactId: tull.contactId };
  await service.get(ExclusionsService).exclude(council.owen, of.matter.id, { excluded, reason: 'IS_SUBJECT' });
  const meeting = await aMeeting(service, of);
  const { id: meetings } = meeting;
  const rows = { teams: randomUUID(), inboxes: randomUUID(), deputies: randomUUID(), actions: randomUUID() };
  const { agencyId, postId, contactId } = leanne;
  await service.look('insert into team values ($1, $2, 1, $3, $4, default, $5)', [
    council.id,
    rows.teams,
    agencyId,
    'East',
    '2026-01-01',
  ]);
  const address = `inbox@${council.owen.id}.example`;
  await service.look('insert into inbox values ($1, $2, 1, $3, null, $4, $4)', [
    council.id,
    rows.inboxes,
    agencyId,
    address,
  ]);
  const deputy = [council.id, rows.deputies, postId, mark.postId, '2026-01-01'];
  await service.look('insert into deputy values ($1, $2, 1, $3, $4, 1, $5)', deputy);
  await service.look(
    `insert into action (authority_id, id, ref, meeting_id, matter_id, text, owner_contact_id, owner_agency_id, contact_key,
       address_key, agency_key, due_on, status, created_at)
     select authority_id, $1::uuid, 'A' || $1::uuid, meeting_id, matter_id, 'Ring', contact_id, agency_id, contact_key, address_key, agency_key,
       '2026-12-20', 'ASSIGNED', now() from invitation where meeting_id = $2 and contact_id = $3`,
    [rows.actions, meetings, contactId],
  );
  const first = async (table: string, where = 'true'): Promise<string> => {
    const sql = `select id from ${table} where authority_id = $1 and ${where} order by id limit 1`;
    return (await service.look<{ id: string }>(sql, [council.id]))[0]?.id ?? randomUUID();
  };
  return {
    ...rows,
    meetings,
    invitations: await first('invitation', `contact_id = '${contactId}'`),
    matters: of.matter.id,
    exclusions: await first('exclusion'),
    readers: council.priya.id,
    contacts: contactId,
    holdings: await first('holding'),
    agencies: agencyId,
    posts: postId,
    partners: randomUUID(),
    'address-changes': randomUUID(),
    mailbox: await first('message'),
    messages: await first('message', 'meeting_id is not null'),
    replies: await aHeldReply(service, council.owen, meeting, contactId),
    proposals: await first('proposal'),
    ...(await claimAndReorganisation(of)),
  };
}

/** Somebody who says that they hold a post now, and a team that is to have another name. */
async function claimAndReorganisation({ council, leanne, mark }: Cast): Promise<Ids> {
  const by = council.owen;
  const claimed = { postId: leanne.postId, heldBy: leanne.contactId, contactId: mark.contactId };
  const claim = await service.get(UnitOfWork).run(by, (tx) => service.get(ClaimsService).makeIn(tx, claimed));
  const team = await service.get(AgenciesService).addTeam(by, leanne.agencyId, 'Child abuse, West');
  const renaming = { kind: 'RENAME' as const, teamIds: [team.id], intoTeamId: null, names: ['West and Coast'] };
  const plan = { ...renaming, postId: null, destinations: {} };
  const when = { effectiveOn: '2027-01-04', confirmed: false };
  const reorganisation = await service.get(ReorganisationsService).decide(by, leanne.agencyId, plan, when);
  return { claims: claim.id, reorganisations: reorganisation.id };
}

interface Route {
  readonly path: string;
  readonly method: 'get' | 'post';
}

/** Every route of the service whose address names something, as Express knows them. */
function routesWithIds(): Route[] {
  const { router } = service.app.getHttpAdapter().getInstance() as {
    router: { stack: { route?: { path: string; methods: Record<string, boolean> } }[] };
  };
  return router.stack.flatMap(({ route }) => {
    if (route === undefined || !route.path.includes('/:') || /^\/(i|my)\//.test(route.path)) return [];
    return (['get', 'post'] as const)
      .filter((method) => route.methods[method] === true)
      .map((method) => ({ path: route.path, method }));
  });
}

/** The address of a route with ids of these things: `/meetings/:id` takes `ids.meetings`. */
function addressOf(path: string, ids: Ids): string {
  return path.replace(/([^/]+)\/:\w+/g, (_, word: string) => {
    const id = ids[word];
    if (id === undefined) throw new Error(`No id of ${word}, as in ${path}`);
    return `${word}/${id}`;
  });
}

const send = ({ method, path }: Route): Promise<Response> => (method === 'get' ? owen.get(path) : owen.post(path, {}));

/** Every table but those of sessions and counters. */
async function everything(): Promise<Record<string, string>> {
  const tables = Object.entries(await digest(service));
  return Object.fromEntries(tables.filter(([name]) => name !== 'login_session' && name !== 'rate_limit'));
}

/** Sends something wrong, and expects an answer of the 400s that changes nothing. */
async function changesNothing(attempt: () => Promise<Response>): Promise<Response> {
  const before = await everything();
  const answer = await attempt();
  expect(await everything()).toEqual(before);
  const page = answer.text.slice(answer.text.indexOf('<h1'), answer.text.indexOf('<h1') + 200);
  if (answer.status < 400 || answer.status >= 500) throw new Error(`It answered ${answer.status}: ${page}`);
  return answer;
}

/** Opens a page, fills its form with something wrong, and sends it. */
async function fill(page: string, to: string, fields: Record<string, string>): Promise<Response> {
  const form = fieldsOf(await owen.get(page));
  return changesNothing(() => owen.post(to, { ...form, ...fields }));
}

function sentenceBy(field: string, answer: Response): string {
  const [, html = ''] = new RegExp(`id="${field}-error"[^>]*>([\\s\\S]*?)</p>`).exec(answer.text) ?? [];
  return html
    .replace(/<[^>]+>/g, '')
    .replace(/\s+/g, ' ')
    .replace('Error:', '')
    .trim();
}

/** What fits many forms, so that a change is stopped by whose it is and not by what is missing. */
const ANYTHING = {
  ...{
    version: '1',
    name: 'Nora Nurse',
    email: 'nora@health.example',
    reason: 'RELATIVE',
    kind: 'ACCEPTED',
    away: 'yes',
  },
  ...{ title: 'Nurse', address: 'ward@health.example', toOn: '2026-12-01', endReason: 'LEFT', endedOn: '2026-12-01' },
};

const long = 'x'.repeat(10_000);
const turned = 'Leanne \u202eFirth';
const bell = 'Leanne\u0007 Firth';

const contact = {
  name: 'Nora Nurse',
  email: 'nora@health.example',
  agencyName: 'New Trust',
  agencyCategory: 'HEALTH',
  postTitle: 'Nurse',
};
const guest = {
  personName: 'Nora Nurse',
  email: 'nora@health.example',
  agencyName: 'New Trust',
  agencyCategory: 'HEALTH',
  postTitle: 'Nurse',
  do: 'add',
};
const when = {
  type: 'ALLEGATION_MEETING',
  date: '2027-03-24',
  from: '10:00',
  to: '11:00',
  mode: 'VIDEO',
  do: 'people',
};
const matter = { kind: 'ALLEGATION', sensitivity: 'STANDARD', neutralTitle: 'Enquiry 15', externalIds: '' };

/** [page, where its form goes, what is right in it, the wrong field, what was typed there, what is said by it]. */
type Wrong = readonly [string, string, Record<string, string>, string, string, RegExp];

const wrong = (): Wrong[] => {
  const people = ['/directory/contacts/new', '/directory/contacts', contact] as const;
  const guests = [`${meeting}/invitations`, `${meeting}/invitations`, guest] as const;
  const meetings = [
    `/matters/${own.matters ?? ''}/meetings/new`,
    `/matters/${own.matters ?? ''}/meetings/new`,
    when,
  ] as const;
  const matters = ['/matters/new', '/matters', { ...matter, coordinatorId: cast.council.owen.id }] as const;
  const moves = [`${meeting}/edit`, `${meeting}/edit`, { do: 'send' }] as const;
  const agencies = [
    '/directory/agencies/new',
    '/directory/agencies',
    { name: 'New Trust', category: 'HEALTH' },
  ] as const;
  const answers = [
    `${meeting}/invitations/${own.invitations ?? ''}/answer`,
    `${meeting}/invitations/${own.invitations ?? ''}/answer`,
    { kind: 'ACCEPTED' },
  ] as const;
  return [
    [...people, 'name', long, /^Full name must be 120 characters or fewer$/],
    [...people, 'name', turned, /hidden characters/],
    [...people, 'name', bell, /hidden characters/],
    [...people, 'postTitle', long, /120 characters or fewer/],
    [...people, 'email', 'a@b.test,c@evil.test', /^Enter one email address/],
    [...people, 'email', 'Nora <nora@b.test>', /^Enter one email address/],
    [...people, 'email', 'nora@b.test\u202e', /hidden characters|one email address/],
    [...people, 'agencyCategory', 'COVEN', /^Select what kind of agency it is$/],
    [...people, 'agencyId', 'not-an-id', /^Select the agency/],
    [...guests, 'personName', long, /120 characters or fewer/],
    [...guests, 'personName', turned, /hidden characters/],
    [...guests, 'email', 'a@b.test,c@evil.test', /email address/],
    [...guests, 'agencyCategory', 'COVEN', /^Select what kind of agency it is$/],
    [...guests, 'required', 'PERHAPS', /^Select whether they are needed$/],
    [...agencies, 'name', long, /120 characters or fewer/],
    [...agencies, 'name', turned, /hidden characters/],
    [...agencies, 'category', 'COVEN', /^Select/],
    [...matters, 'neutralTitle', long, /120 characters or fewer/],
    [...matters, 'neutralTitle', bell, /hidden characters/],
    [...matters, 'kind', 'GOSSIP', /^Select what the matter is about$/],
    [...matters, 'sensitivity', 'NONE', /^Select how sensitive the matter is$/],
    [...meetings, 'date', '2027-02-30', /must be a real date/],
    [...meetings, 'from', '25:00', /24-hour clock/],
    [...meetings, 'mode', 'TELEPATHY', /^Select how the meeting is held$/],
    [...meetings, 'place', turned, /hidden characters/],
    [...meetings, 'place', long, /200 characters or fewer/],
    [...moves, 'mode', 'TELEPATHY', /^Select how the meeting is held$/],
    [...moves, 'place', long, /200 characters or fewer/],
    [...moves, 'date', '2026-11-02', /future|past|passed|later/],
    [...answers, 'kind', 'GUESSED', /^Select what they said$/],
    [...answers, 'saidBy', turned, /hidden characters/],
  ];
};

describe('an address', () => {
  it.each([
    'not-an-id',
    '00000000-0000-0000-0000-00000000000g',
    '%00',
    "1'%20or%20'1'%3D'1",
    'x'.repeat(300),
    '..%2f..',
  ])(
    'with %s for an id leads to no page, and changes nothing',
    async (id) => {
      const routes = routesWithIds();
      expect(routes.length).toBeGreaterThan(80);
      const before = await everything();
      for (const { path, method } of routes) {
        const answer = await send({ method, path: path.replace(/:\w+/g, id) });
        expect([method, path, answer.status]).toEqual([method, path, 404]);
        expect(answer.text).toMatch(/Page not found|There is no calendar here/);
      }
      expect(await everything()).toEqual(before);
    },
    60_000,
  );

  it('with the id of something of another authority leads to no page, where ones of our own do', async () => {
    const before = await everything();
    const nothing = Object.fromEntries(Object.keys(own).map((word) => [word, randomUUID()]));
    // The demonstration's mailbox shows what went to anybody; a feed has no id but a secret.
    const routes = routesWithIds().filter(({ path }) => !/^\/(mailbox|feeds)\//.test(path));
    for (const { path } of routes.filter(({ method }) => method === 'get')) {
      const ours = await owen.get(`${addressOf(path, own)}?into=${cast.mark.contactId}`);
      const theirs = await owen.get(`${addressOf(path, foreign)}?into=${cast.mark.contactId}`);
      expect([path, ours.status, theirs.status]).toEqual([path, 200, 404]);
    }
    for (const { path } of routes.filter(({ method }) => method === 'post')) {
      const theirs = await owen.post(addressOf(path, foreign), ANYTHING);
      const nobodys = await owen.post(addressOf(path, nothing), ANYTHING);
      expect([path, theirs.status]).toEqual([path, nobodys.status]);
      expect([path, [404, 422]]).toEqual([path, expect.arrayContaining([theirs.status])]);
    }
    expect(await everything()).toEqual(before);
  }, 60_000);
});

describe('a form', () => {
  it('with something wrong in it says so by the field, keeps what was typed and changes nothing', async () => {
    for (const [page, to, right, field, typed, sentence] of wrong()) {
      const answer = await fill(page, to, { ...right, [field]: typed });
      const about = `${to} ${field}=${typed.slice(0, 30)}`;
      expect([about, answer.status, sentenceBy(field, answer)]).toEqual([about, 422, expect.stringMatching(sentence)]);
      const kept = Object.entries({ ...right, [field]: typed }).filter(([name]) =>
        /name|title|place|email|saidBy/i.test(name),
      );
      for (const [, words] of kept)
        expect(answer.text).toContain(words.replaceAll('<', '&lt;').replaceAll('>', '&gt;'));
    }
  }, 60_000);

  it('with a time inside the missing hour of 28 March 2027 is refused, whatever zone is sent with it', async () => {
    for (const zone of ['', 'Europe/Atlantis', 'America/New_York', '../../etc']) {
      const missing = { date: '2027-03-28', from: '01:30', to: '02:30', do: 'send', zone };
      const answer = await fill(`${meeting}/edit`, `${meeting}/edit`, missing);
      expect([zone, answer.status]).toEqual([zone, 422]);
      expect(answer.text).toContain('01:30 does not exist on Sunday 28 March 2027');
      expect(answer.text).toContain('value="01:30"');
    }
  });

  it('cannot bring a zone of its own: the time is that of the wall in London', async () => {
    const form = fieldsOf(await owen.get(`${meeting}/edit`));
    const moved = { ...form, date: '2026-12-03', from: '10:00', to: '11:00', zone: 'America/New_York', do: 'send' };
    expect((await owen.post(`${meeting}/edit`, moved)).status).toBe(303);
    const [row] = await service.look('select starts_at, zone from meeting where id = $1', [own.meetings]);
    expect(row).toEqual({ starts_at: new Date('2026-12-03T10:00:00Z'), zone: 'Europe/London' });
  });

  it('naming people, posts or agencies of another authority is refused', async () => {
    const theirs = foreign.contacts ?? '';
    const newcomer = { ...contact, agencyId: foreign.agencies ?? '', agencyName: '', agencyCategory: '' };
    const invitations = `${meeting}/invitations`;
    const substitute = `${invitations}/${own.invitations ?? ''}/substitute`;
    const exclusions = `/matters/${own.matters ?? ''}/exclusions`;
    const action = `/actions/${own.actions ?? ''}`;
    const late = { contact: theirs, role: 'ATTENDEE', required: 'NO', do: 'invite' };
    const tries: [string, string, Record<string, string>][] = [
      ['/directory/contacts/new', '/directory/contacts', newcomer],
      [invitations, invitations, late],
      [substitute, substitute, { contactId: theirs, canDecide: 'yes' }],
      [`${meeting}/edit`, `${meeting}/chair`, { chair: theirs }],
      [exclusions, exclusions, { excluded: `PERSON:${theirs}`, reason: 'RELATIVE' }],
      [action, `${action}/owner`, { owner: theirs }],
    ];
    for (const [page, to, fields] of tries) {
      const { status } = await fill(page, to, fields);
      expect([to, [404, 422]]).toEqual([to, expect.arrayContaining([status])]);
    }
  });

  it('of a page that has been overtaken is refused', async () => {
    const person = `/directory/contacts/${own.contacts ?? ''}`;
    const stale: [string, string, Record<string, string>][] = [
      [`${meeting}/edit`, `${meeting}/edit`, { place: 'Room 9 upstairs', do: 'send' }],
      [`${meeting}/cancellation`, `${meeting}/cancellation`, { reason: 'Not needed any more' }],
      [`${person}/edit`, person, { name: 'Leanne Furth Other' }],
      [`/matters/${own.matters ?? ''}/edit`, `/matters/${own.matters ?? ''}/edit`, { neutralTitle: 'Enquiry fifteen' }],
    ];
    for (const [page, to, fields] of stale) {
      const answer = await fill(page, to, { ...fields, version: '77' });
      expect([to, answer.status]).toEqual([to, 409]);
      for (const words of Object.values(fields).filter((one) => one.includes(' ')))
        expect(answer.text).toContain(words);
      expect((await fill(page, to, { ...fields, version: 'newest' })).status).toBe(422);
    }
  });

  it('sent by two coordinators at once is taken once, and the other is told', async () => {
    const path = `/directory/contacts/${own.contacts ?? ''}`;
    const [one, other] = [fieldsOf(await owen.get(`${path}/edit`)), fieldsOf(await bev.get(`${path}/edit`))];
    const answers = await Promise.all([
      owen.post(path, { ...one, name: 'Leanne Firth One' }),
      bev.post(path, { ...other, name: 'Leanne Firth Two' }),
    ]);
    expect(answers.map(({ status }) => status).sort()).toEqual([303, 409]);
    const winner = answers[0].status === 303 ? 'One' : 'Two';
    const [row] = await service.look('select name, version from contact where id = $1', [own.contacts]);
    expect(row).toEqual({ name: `Leanne Firth ${winner}`, version: Number(one.version) + 1 });
    const [loser] = answers.filter(({ status }) => status === 409);
    expect(loser?.text).toContain(`Leanne Firth ${winner === 'One' ? 'Two' : 'One'}`);
  });
});
