import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Response } from 'supertest';
import { globalId } from '../../src/graphql/ids.js';
import { atConsole, type AtConsole } from '../support/console.js';
import { type Ask, asStaff } from '../support/graphql.js';
import { aKestrel, type Kestrel, type Person } from '../support/kestrel.js';
import { lastMail } from '../support/called-meeting.js';
import { type Placed } from '../support/matters.js';
import { readCalendar } from '../support/meetings.js';
import { everythingIn, startServiceWithMailServer } from '../support/separate-mail.js';
import { type TestService } from '../support/service.js';
import { fieldsOf } from '../support/staff-browser.js';
import { aBrowser, answerBy, prove } from '../support/visitor.js';

let service: TestService;
let cast: Kestrel;
let owen: AtConsole;
let askOwen: Ask;
let matter: string;
let meeting: string;

const REASON = 'Graham Tull must not be told of this matter, because they are the subject. Ask instead: Fiona Akande.';

beforeAll(async () => {
  service = await startServiceWithMailServer();
  cast = await aKestrel(service);
  matter = `/matters/${cast.matter.id}`;
  owen = await atConsole(service, cast.council.owen);
  askOwen = await asStaff(service, cast.council.owen);
});

afterAll(async () => {
  await service.stop();
});

const text = (answer: Response): string =>
  answer.text
    .replace(/<[^>]+>/g, ' ')
    .replace(/&#39;/g, "'")
    .replace(/\s+/g, ' ');

const idIn = (path: string): string => path.split('/').at(-1) ?? '';
const placed = (person: Person): Placed => person as unknown as Placed;
const when = { type: 'ALLEGATION_MEETING', date: '2026-12-02', from: '10:00', to: '11:15', mode: 'VIDEO' };

/** Everybody of the meeting, as the page with the check sends them. */
function everybody(...more: Person[]): Record<string, string | string[]> {
  const { priya, owen: minutes, leanne, sadia, fiona, joan, tom } = cast;
  const asked = [leanne, sadia, fiona, joan, tom, ...more];
  const roles: Record<string, string> = { [fiona.contactId]: 'EMPLOYER', [joan.contactId]: 'HR' };
  return {
    ...when,
    chair: priya.contactId,
    minuteTaker: minutes.contactId,
    invitee: asked.map(({ contactId }) => contactId),
    ...Object.fromEntries(
      asked.flatMap(({ contactId }) => [
        [`role[${contactId}]`, roles[contactId] ?? 'ATTENDEE'],
        [`required[${contactId}]`, contactId === joan.contactId || contactId === tom.contactId ? 'NO' : 'BY_QUORUM'],
      ]),
    ),
  };
}

const told = async (person: Person): Promise<number> => (await service.mail(person.address)).length;
const events = async (action: string): Promise<number> =>
  (await service.look('select 1 from event where action = $1', [action])).length;

describe('the head is the subject', () => {
  it('flags the head and the office mailbox he can read', async () => {
    for (const [q, kind, id, reason] of [
      ['tull', 'PERSON', cast.tull.contactId, 'IS_SUBJECT'],
      ['office', 'INBOX', cast.inboxId, 'SHARED_INBOX_READABLE_BY_SUBJECT'],
    ] as const) {
      const found = await owen.get(`${matter}/exclusions?q=${q}`);
      expect(found.text).toContain(`value="${kind}:${id}"`);
      const given = { q, excluded: `${kind}:${id}`, reason, alternative: 'Fiona Akande' };
      expect((await owen.post(`${matter}/exclusions`, given)).status).toBe(303);
    }
    const page = text(await owen.get(matter));
    expect(page).toContain('ALL-2026-0147');
    expect(page).toContain('Graham Tull: is the subject. Ask instead: Fiona Akande');
    expect(page).toContain('office@hillbrook.example');
    const query =
      '{ matter(ref: "ALL-2026-0147") { exclusions { nodes { reason contact { name } inbox { address } } } } }';
    expect((await askOwen(query)).data.matter.exclusions.nodes).toEqual([
      { reason: 'IS_SUBJECT', contact: { name: 'Graham Tull' }, inbox: null },
      { reason: 'SHARED_INBOX_READABLE_BY_SUBJECT', contact: null, inbox: { address: 'office@hillbrook.example' } },
    ]);
  });

  it('suggests the designated officer, the police, social care, the employer, HR and health, and never him', async () => {
    await owen.get(`${matter}/meetings/new`);
    const page = await owen.post(`${matter}/meetings/new`, { ...when, do: 'people' });
    for (const wanted of [
      /Designated officer[^<]*\(chair\)|LADO[^<]*\(chair\)/i,
      /Employer/,
      /Police/,
      /social care/i,
    ]) {
      expect(text(page)).toMatch(wanted);
    }
    for (const { name } of [cast.priya, cast.leanne, cast.sadia, cast.joan, cast.tom])
      expect(page.text).toContain(name);
    expect(text(page)).toMatch(/Police Required/);
    const found = await owen.post(`${matter}/meetings/new`, { ...when, q: 'hillbrook', do: 'find' });
    expect(found.text).toContain('Fiona Akande');
    for (const one of [page, found]) expect(one.text).not.toMatch(/Tull|office@/);
  });

  it('calls the meeting, and mail and diary say when and nothing of what it is about', async () => {
    const sent = await owen.post(`${matter}/meetings/new`, { ...everybody(), do: 'send' });
    expect([sent.status, sent.headers.location]).toEqual([303, expect.stringMatching(/^\/meetings\/[0-9a-f-]{36}$/)]);
    meeting = sent.headers.location ?? '';
    const mails = await service.mail();
    const { priya, owen: minutes, leanne, sadia, fiona, joan, tom } = cast;
    const asked = [priya, minutes, leanne, sadia, fiona, joan, tom];
    expect(mails.map(({ to }) => to).sort()).toEqual(asked.map(({ address }) => address).sort());
    for (const one of mails) {
      const calendar = readCalendar(one);
      expect(calendar).toMatchObject({ method: 'REQUEST', sequence: 0, attendee: `mailto:${one.to}` });
      expect(calendar.start).toEqual(new Date('2026-12-02T10:00:00Z'));
      const everything = everythingIn(one);
      for (const said of ['ALL-2026-0147', 'Multi-agency meeting', '10am to 11:15am', 'Joining details on the page']) {
        expect(everything).toContain(said);
      }
      // The chair of governors writes from an address of the school: that is hers, and says no more than she knows.
      const words = everything.replaceAll(fiona.address, '').replaceAll(/https?:\/\/\S+/g, '');
      expect(words).not.toMatch(/hillbrook|tull|allegation|child|pupil|enquiry 27/i);
    }
    expect(new Set(mails.map(({ calendar }) => /^UID:(.*)$/m.exec(calendar ?? '')?.[1])).size).toBe(1);
    expect(new Set(mails.map(({ link }) => link)).size).toBe(mails.length);
  });

  it('is found by those who work on it, in every way', async () => {
    expect((await owen.get('/matters?search=0147')).text).toContain('ALL-2026-0147');
    expect(text(await owen.get(meeting))).toContain('Quorum at risk');
    const query =
      '{ meeting(ref: "ALL-2026-0147-M1") { startsAt matter { ref } invitations { nodes { contact { name } } } } }';
    const { data } = await askOwen(query);
    expect(data.meeting).toMatchObject({ startsAt: '2026-12-02T10:00:00.000Z', matter: { ref: 'ALL-2026-0147' } });
    expect(JSON.stringify(data)).not.toContain('Tull');
  });

  it('is answered from the links in the mail, and the forecast follows', async () => {
    const answers = { priya: 'ACCEPTED', sadia: 'ACCEPTED', fiona: 'ACCEPTED', joan: 'TENTATIVE' } as const;
    for (const [who, answer] of Object.entries(answers) as [keyof typeof answers, string][]) {
      const { secret } = await lastMail(service, placed(cast[who]));
      expect((await answerBy(service, aBrowser(service), secret, { answer })).status).toBe(303);
    }
    const awaited = '{ meeting(ref: "ALL-2026-0147-M1") { forecast { result requirements { key state } } } }';
    expect((await askOwen(awaited)).data.meeting.forecast).toEqual({
      result: 'AT_RISK',
      requirements: [
        { key: 'LADO_CHAIR', state: 'CONFIRMED' },
        { key: 'EMPLOYER', state: 'CONFIRMED' },
        { key: 'POLICE', state: 'AWAITED' },
        { key: 'CHILDRENS_SOCIAL_CARE', state: 'CONFIRMED' },
      ],
    });
    const { secret } = await lastMail(service, placed(cast.leanne));
    await answerBy(service, aBrowser(service), secret, { answer: 'ACCEPTED' });
    expect((await askOwen(awaited)).data.meeting.forecast.result).toBe('MET');
    expect(text(await owen.get(meeting))).toMatch(/Will it be quorate\? Quorum met/);
    const confirmation = await lastMail(service, placed(cast.leanne));
    expect(everythingIn(confirmation)).not.toMatch(/hillbrook|tull|allegation|child/i);
  });

  it('records who came, and what was agreed with an owner and a date', async () => {
    service.clock.set('2026-12-02T11:20:00Z');
    const register = await owen.get(`${meeting}/attendance`);
    const { _csrf, ...fields } = fieldsOf(register);
    expect(_csrf).not.toBe('');
    const row = (name: string): string =>
      new RegExp(`name="contact\\[(r\\d+)\\]" value="${name}"`).exec(register.text)?.[1] ?? '';
    const tom = row(cast.tom.contactId);
    const sent = await owen.post(`${meeting}/attendance`, {
      ...fields,
      ...Object.fromEntries(
        [cast.priya, cast.owen, cast.leanne, cast.sadia, cast.fiona, cast.joan].flatMap(({ contactId }) => [
          [`status[${row(contactId)}]`, 'ATTENDED'],
          [`mode[${row(contactId)}]`, 'VIDEO'],
        ]),
      ),
      [`status[${tom}]`]: 'APOLOGIES',
      [`mode[${tom}]`]: '',
      do: '',
    });
    expect([sent.status, sent.headers.location]).toEqual([303, `${meeting}/attendance`]);
    const { data } = await askOwen(
      '{ meeting(ref: "ALL-2026-0147-M1") { attendance(first: 20) { nodes { status contact { name } } } } }',
    );
    const nodes = data.meeting.attendance.nodes as { status: string; contact: { name: string } }[];
    expect(nodes.filter(({ status }) => status === 'ATTENDED')).toHaveLength(6);
    expect(nodes.find(({ contact }) => contact.name === 'Tom Beck')?.status).toBe('APOLOGIES');

    await owen.get(`${meeting}/actions`);
    const agreed = { text: 'Find other employment of GT', owner: cast.priya.contactId, dueOn: '2026-12-11' };
    expect((await owen.post(`${meeting}/actions`, agreed)).status).toBe(303);
    expect(text(await owen.get('/actions'))).toMatch(/Find other employment of GT.*Priya Raman.*11 Dec/);
    const mail = await lastMail(service, placed(cast.priya));
    expect(mail.mail.subject).toContain('Friday 11 December 2026');
    expect(everythingIn(mail)).not.toMatch(/employment|GT\b|hillbrook|tull|allegation|child/i);
    const action = (
      await askOwen('{ matter(ref: "ALL-2026-0147") { actions { nodes { text dueOn owner { name } } } } }')
    ).data;
    expect(action.matter.actions.nodes).toEqual([
      { text: 'Find other employment of GT', dueOn: '2026-12-11', owner: { name: 'Priya Raman' } },
    ]);
  });
});

describe('refuses', () => {
  let another: string;

  beforeAll(async () => {
    service.clock.set('2026-12-02T12:00:00Z');
    const people = { chair: cast.priya.contactId, minuteTaker: cast.owen.contactId };
    await owen.get(`${matter}/meetings/new`);
    const sent = await owen.post(`${matter}/meetings/new`, {
      ...when,
      date: '2026-12-09',
      ...people,
      invitee: [cast.fiona.contactId],
      do: 'send',
    });
    another = sent.headers.location ?? '';
  });

  it('the head at a new meeting and at one that has gone out, on pages, with the reason and whom to ask', async () => {
    const called = await owen.post(`${matter}/meetings/new`, {
      ...everybody(cast.tull),
      date: '2026-12-10',
      do: 'send',
    });
    expect([called.status, text(called)]).toEqual([422, expect.stringContaining(REASON)]);
    const chairs = { ...everybody(), chair: cast.tull.contactId, date: '2026-12-10', do: 'send' };
    const chaired = await owen.post(`${matter}/meetings/new`, chairs);
    expect([chaired.status, text(chaired)]).toEqual([422, expect.stringContaining(REASON)]);
    const invited = await owen.post(`${another}/invitations`, {
      contact: cast.tull.contactId,
      role: 'ATTENDEE',
      required: 'NO',
      do: 'invite',
    });
    expect([invited.status, text(invited)]).toEqual([422, expect.stringContaining(REASON)]);
    expect(await told(cast.tull)).toBe(0);
  });

  it('the office mailbox under any name', async () => {
    const [before] = await service.look<{ n: number }>('select count(*)::int as n from contact');
    const secretary = {
      personName: 'Sam Secretary',
      email: 'Office@hillbrook.example',
      postTitle: 'Secretary',
      agencyId: cast.fiona.agencyId,
      role: 'ATTENDEE',
      required: 'NO',
      do: 'add',
    };
    const shared = await owen.post(`${another}/invitations`, secretary);
    expect([shared.status, text(shared)]).toEqual([422, expect.stringContaining('shared inbox of Hillbrook Primary')]);
    const confirmed = await owen.post(`${another}/invitations`, { ...secretary, confirmed: 'yes' });
    expect(confirmed.status).toBe(422);
    expect(text(confirmed)).toMatch(
      /Sam Secretary must not be told of this matter, because .* Ask instead: Fiona Akande\./,
    );
    const [after] = await service.look<{ n: number }>('select count(*)::int as n from contact');
    expect(after).toEqual(before);
    expect(await service.mail('office@hillbrook.example')).toEqual([]);
  });

  it('the head through GraphQL, and nothing is half done', async () => {
    const invite =
      'mutation($input: InviteToMeetingInput!) { inviteToMeeting(input: $input) { invitation { id } problems { code message } } }';
    const input = {
      meeting: globalId('Meeting', idIn(another)),
      invitee: { contact: globalId('Contact', cast.tull.contactId) },
    };
    const invited = (await askOwen(invite, { input })).data.inviteToMeeting;
    expect(invited).toEqual({ invitation: null, problems: [{ code: 'EXCLUDED', message: REASON }] });
    const schedule =
      'mutation($input: ScheduleMeetingInput!) { scheduleMeeting(input: $input) { meeting { id } problems { code message } } }';
    const plan = {
      matter: globalId('Matter', cast.matter.id),
      type: 'ALLEGATION_MEETING',
      slot: { date: '2026-12-14', from: '10:00', to: '11:00', mode: 'VIDEO' },
      chair: globalId('Contact', cast.priya.contactId),
      invitees: [{ contact: globalId('Contact', cast.tull.contactId) }],
    };
    const scheduled = (await askOwen(schedule, { input: plan })).data.scheduleMeeting;
    expect(scheduled).toEqual({ meeting: null, problems: [{ code: 'EXCLUDED', message: REASON }] });
    const agree =
      'mutation($input: AgreeActionInput!) { agreeAction(input: $input) { action { id } problems { code message field } } }';
    const action = {
      meeting: globalId('Meeting', idIn(meeting)),
      text: 'Send the rota',
      owner: globalId('Contact', cast.tull.contactId),
      dueOn: '2026-12-11',
    };
    const agreed = (await askOwen(agree, { input: action })).data.agreeAction;
    expect(agreed).toEqual({ action: null, problems: [{ code: 'EXCLUDED', message: REASON, field: 'owner' }] });
    expect(await service.look(`select 1 from meeting where starts_at > '2026-12-10'`)).toEqual([]);
    expect(await told(cast.tull)).toBe(0);
  });

  it('the head as the owner of an action, on the page', async () => {
    await owen.get(`${meeting}/actions`);
    const fields = { text: 'Send the rota', owner: cast.tull.contactId, dueOn: '2026-12-11' };
    const refused = await owen.post(`${meeting}/actions`, fields);
    expect([refused.status, text(refused)]).toEqual([422, expect.stringContaining(REASON)]);
    expect(refused.text).toContain('Send the rota');
    expect(await events('action.agreed')).toBe(1);
  });

  it('the head and the office as a substitute, without saying why to somebody outside the council', async () => {
    const { secret } = await lastMail(service, placed(cast.fiona));
    const browser = aBrowser(service);
    await prove(service, browser, secret, placed(cast.fiona));
    const [open] = await service.look<{ id: string }>(
      `select id from invitation where contact_id = $1 and meeting_id = $2`,
      [cast.fiona.contactId, idIn(another)],
    );
    const page = `/my/meetings/${open?.id ?? ''}/substitute`;
    expect((await browser.get(page)).text).toContain('Hillbrook Primary');
    const head = await browser.post(page).type('form').send({ contactId: cast.tull.contactId, canDecide: 'yes' });
    expect([head.status, text(head)]).toEqual([
      422,
      expect.stringContaining('This person cannot be invited. Ask the council whom to ask instead.'),
    ]);
    const typed = { name: 'Sam', email: 'office@hillbrook.example', postTitle: 'Secretary', canDecide: 'no' };
    const office = await browser.post(page).type('form').send(typed);
    expect([office.status, text(office)]).toEqual([422, expect.stringMatching(/cannot be (used|invited)/)]);
    for (const one of [head, office]) expect(text(one)).not.toMatch(/subject|must not be told|excluded/i);
    expect(await told(cast.tull)).toBe(0);
    expect(await service.mail('office@hillbrook.example')).toEqual([]);
    expect(await events('invitation.substituted')).toBe(0);
  });
});
