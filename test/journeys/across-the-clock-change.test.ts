import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import ICAL from 'ical.js';
import { type Response } from 'supertest';
import { globalId } from '../../src/graphql/ids.js';
import { atConsole, type AtConsole } from '../support/console.js';
import { type Ask, asStaff } from '../support/graphql.js';
import { aKestrel, type Kestrel, type Person } from '../support/kestrel.js';
import { type ReadCalendar, readCalendar } from '../support/meetings.js';
import { startServiceWithMailServer } from '../support/separate-mail.js';
import { type CaughtMail, type TestService } from '../support/service.js';
import { fieldsOf } from '../support/staff-browser.js';
import { aBrowser, answerBy } from '../support/visitor.js';

let service: TestService;
let cast: Kestrel;
let owen: AtConsole;
let ask: Ask;
let path: string;
let meeting: string;
let invited: Person[];

beforeAll(async () => {
  service = await startServiceWithMailServer();
  cast = await aKestrel(service);
  service.clock.set('2027-03-15T10:00:00Z');
  owen = await atConsole(service, cast.council.owen);
  ask = await asStaff(service, cast.council.owen);
  path = `/matters/${cast.matter.id}/meetings/new`;
  invited = [cast.priya, cast.leanne, cast.fiona, cast.sadia];
});

afterAll(async () => {
  await service.stop();
});

const text = (answer: Response): string => answer.text.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');
const secretIn = (mail: CaughtMail | undefined): string => mail?.link?.split('/i/')[1] ?? '';

/** The messages to somebody that carry a calendar part, oldest first. */
const calendars = async (who: Person): Promise<(CaughtMail & { read: ReadCalendar })[]> =>
  (await service.mail(who.address))
    .filter(({ calendar }) => calendar !== undefined)
    .map((mail) => ({ ...mail, read: readCalendar(mail) }));

const answers = (): Promise<{ name: string; answer: string; status: string }[]> =>
  service.look(
    `select c.name, i.answer, i.status from invitation i join contact c on c.id = i.contact_id order by c.name`,
  );
const given = (): Promise<{ name: string; kind: string; revision: number }[]> =>
  service.look(
    `select c.name, r.kind, r.revision from response r join invitation i on i.id = r.invitation_id
     join contact c on c.id = i.contact_id order by r.at, r.id`,
  );

function plan(date: string, more: Record<string, string> = {}): Record<string, string | string[]> {
  const [chair, ...others] = invited.map(({ contactId }) => contactId);
  const slot = { type: 'ALLEGATION_MEETING', date, from: '10:00', to: '11:30', mode: 'VIDEO' };
  return {
    ...slot,
    chair: chair ?? '',
    invitee: others,
    [`role[${cast.fiona.contactId}]`]: 'EMPLOYER',
    do: 'send',
    ...more,
  };
}

/** What the form that moves a meeting carries along. */
async function slotOn(page: string): Promise<Record<string, string>> {
  const { version = '', date = '', mode = '' } = fieldsOf(await owen.get(page));
  return { version, date, mode: mode === '' ? 'VIDEO' : mode, place: '' };
}

/** Two messages so far: the second moves the first's entry in the diary, with a link of its own. */
async function expectAskedAgain(who: Person): Promise<void> {
  const [first, second, ...more] = await calendars(who);
  if (first === undefined || second === undefined) throw new Error(`${who.name} has had no two messages`);
  expect(more).toEqual([]);
  const { uid, organizer, stamp } = first.read;
  const start = new Date('2027-03-30T13:00:00Z');
  expect(second.read).toMatchObject({
    method: 'REQUEST',
    sequence: 1,
    uid,
    organizer,
    start,
    partstat: 'NEEDS-ACTION',
  });
  expect(second.read.stamp.getTime()).toBeGreaterThan(stamp.getTime());
  expect(secretIn(second)).not.toBe(secretIn(first));
}

describe('across the clock change', () => {
  it('is called for the Tuesday after at 10am on the wall, which is 9am in universal time', async () => {
    await owen.get(path);
    const sent = await owen.post(path, plan('2027-03-30'));
    expect(sent.status).toBe(303);
    meeting = sent.headers.location ?? '';
    expect(text(await owen.get(meeting))).toContain('Tuesday 30 March 2027, 10am to 11:30am');
    const { data } = await ask('{ meeting(ref: "ALL-2026-0147-M1") { startsAt endsAt zone } }');
    const instants = { startsAt: '2027-03-30T09:00:00.000Z', endsAt: '2027-03-30T10:30:00.000Z' };
    expect(data.meeting).toEqual({ ...instants, zone: 'Europe/London' });
    for (const who of invited) {
      const [first, ...more] = await calendars(who);
      expect(more).toEqual([]);
      expect(first?.read).toMatchObject({ method: 'REQUEST', sequence: 0, start: new Date(instants.startsAt) });
      expect(first?.mail.text).toContain('Tuesday 30 March 2027, 10am to 11:30am (UK time)');
      const event = new ICAL.Component(ICAL.parse(first?.calendar ?? '') as unknown[]).getFirstSubcomponent('vevent');
      const start = event?.getFirstPropertyValue('dtstart') as ICAL.Time;
      expect([start.toString(), start.zone.tzid]).toEqual(['2027-03-30T10:00:00', 'Europe/London']);
    }
  });

  it('is moved to 2pm: everybody is asked anew under the same name in the diary, and what they said is kept', async () => {
    for (const who of invited) {
      const [first] = await calendars(who);
      const answer = who === cast.sadia ? 'TENTATIVE' : 'ACCEPTED';
      expect((await answerBy(service, aBrowser(service), secretIn(first), { answer })).status).toBe(303);
    }
    expect(
      (await ask('{ meeting(ref: "ALL-2026-0147-M1") { forecast { result } } }')).data.meeting.forecast.result,
    ).toBe('AT_RISK');
    const edit = await slotOn(`${meeting}/edit`);
    const slot = {
      ...edit,
      from: '14:00',
      to: '15:30',
    };
    const preview = await owen.post(`${meeting}/edit`, { ...slot, do: 'preview' });
    expect(text(preview)).toContain('Everybody is asked again: the answers so far no longer count');
    expect((await given()).length).toBe(4);
    expect((await owen.post(`${meeting}/edit`, { ...slot, do: 'send' })).status).toBe(303);

    for (const who of invited) await expectAskedAgain(who);
    expect((await answers()).map(({ answer }) => answer)).toEqual(Array(4).fill('NO_RESPONSE'));
    expect(await given()).toEqual([
      { name: 'Priya Raman', kind: 'ACCEPTED', revision: 1 },
      { name: 'Leanne Firth', kind: 'ACCEPTED', revision: 1 },
      { name: 'Fiona Akande', kind: 'ACCEPTED', revision: 1 },
      { name: 'Sadia Noor', kind: 'TENTATIVE', revision: 1 },
    ]);
    const { data } = await ask(
      '{ meeting(ref: "ALL-2026-0147-M1") { forecast { requirements { state } } invitations { nodes { answer responses { nodes { kind } } } } } }',
    );
    expect(data.meeting.forecast.requirements).toEqual(Array(4).fill({ state: 'AWAITED' }));
    for (const one of data.meeting.invitations.nodes) {
      expect([one.answer, one.responses.nodes.length]).toEqual(['NO_RESPONSE', 1]);
    }
  });

  it('is answered again, from the old link too, for the time as it is now', async () => {
    const [first] = await calendars(cast.leanne);
    const old = await aBrowser(service).get(`/i/${secretIn(first)}`);
    expect(text(old)).toContain('Tuesday 30 March 2027, 2pm to 3:30pm');
    expect(text(old)).toContain('has changed since you were first asked');
    expect((await answerBy(service, aBrowser(service), secretIn(first), { answer: 'ACCEPTED' })).status).toBe(303);
    expect((await answers()).find(({ name }) => name === 'Leanne Firth')?.answer).toBe('ACCEPTED');
  });

  it('is cancelled: it leaves every diary, and old links say so and accept nothing', async () => {
    const page = fieldsOf(await owen.get(`${meeting}/cancellation`));
    const cancelled = { version: page.version ?? '', reason: 'Held by telephone' };
    expect((await owen.post(`${meeting}/cancellation`, cancelled)).status).toBe(303);
    const before = await given();
    for (const who of invited) {
      const [first, second, third, ...more] = await calendars(who);
      expect(more).toEqual([]);
      expect(third?.read).toMatchObject({
        method: 'CANCEL',
        status: 'CANCELLED',
        sequence: 2,
        uid: first?.read.uid,
        organizer: first?.read.organizer,
        attendee: `mailto:${who.address}`,
      });
      expect(third?.raw).not.toContain('Held by telephone');
      for (const mail of [first, second]) {
        const browser = aBrowser(service);
        const link = await browser.get(`/i/${secretIn(mail)}`);
        expect([link.status, text(link)]).toEqual([200, expect.stringContaining('This meeting has been cancelled')]);
        expect(link.text).not.toContain('Send my answer');
        const sent = await answerBy(service, browser, secretIn(mail), { answer: 'ACCEPTED' });
        expect([sent.status, text(sent)]).toEqual([422, expect.stringContaining('cancelled')]);
      }
    }
    expect(await given()).toEqual(before);
  });
});

describe('refuses', () => {
  it('Good Friday, by its name, until there is a reason', async () => {
    await owen.get(path);
    const checked = await owen.post(path, plan('2027-03-26', { do: 'check' }));
    expect(text(checked)).toContain('Friday 26 March 2027 is Good Friday');
    const refused = await owen.post(path, plan('2027-03-26'));
    expect([refused.status, text(refused)]).toEqual([422, expect.stringContaining('is Good Friday')]);
    expect(refused.text).toContain('href="#overrideReason"');
    const monday = await owen.post(path, plan('2027-03-29'));
    expect([monday.status, text(monday)]).toEqual([
      422,
      expect.stringContaining('Monday 29 March 2027 is Easter Monday'),
    ]);
    const held = `select count(*)::int as n from meeting where status = 'SCHEDULED'`;
    expect(await service.look(held)).toEqual([{ n: 0 }]);
    const sent = await owen.post(path, plan('2027-03-26', { overrideReason: 'The police interview is on Monday' }));
    expect(sent.status).toBe(303);
    expect(text(await owen.get(sent.headers.location ?? ''))).toContain('The police interview is on Monday');
  });

  it('a time in the hour that does not exist that Sunday', async () => {
    await owen.get(path);
    const hour = { from: '01:30', to: '03:00', overrideReason: 'Emergency' };
    const missing = await owen.post(path, plan('2027-03-28', hour));
    expect([missing.status, text(missing)]).toEqual([422, expect.stringContaining('01:30 does not exist')]);
    const slot = { date: '2027-03-28', from: '01:30', to: '03:00', mode: 'VIDEO' };
    const input = { matter: globalId('Matter', cast.matter.id), type: 'ALLEGATION_MEETING', slot, invitees: [] };
    const { data } = await ask(
      'mutation($input: ScheduleMeetingInput!) { scheduleMeeting(input: $input) { meeting { id } problems { message field } } }',
      { input },
    );
    expect(data.scheduleMeeting).toEqual({
      meeting: null,
      problems: [{ message: expect.stringContaining('01:30 does not exist'), field: 'from' }],
    });
  });
});
