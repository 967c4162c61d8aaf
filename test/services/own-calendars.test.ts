import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { type Actor } from '../../src/access/actor.js';
import { LinksService } from '../../src/access/links.service.js';
import { UnitOfWork } from '../../src/database/unit-of-work.js';
import { ContactsService } from '../../src/directory/contacts.service.js';
import { NotFound, RuleBroken } from '../../src/errors.js';
import { OwnCalendar } from '../../src/feeds/own-calendar.js';
import { OwnCalendarsService, type ShownCalendar } from '../../src/feeds/own-calendars.service.js';
import { ReadingService } from '../../src/feeds/reading.service.js';
import { ChangesService } from '../../src/meetings/changes.service.js';
import { type MeetingPlan, SchedulingService } from '../../src/meetings/scheduling.service.js';
import { Outgoing } from '../../src/web/outgoing.js';
import { atConsole } from '../support/console.js';
import { aCalledMeeting, type CalledMeeting } from '../support/called-meeting.js';
import { CalendarServer, HOST, PUBLIC } from '../support/calendar-server.js';
import { aToken, asStaff, withToken } from '../support/graphql.js';
import { NO_ADDRESSES } from '../support/inside-addresses.js';
import { aMatter, type Placed } from '../support/matters.js';
import { MONDAY, startService, type TestService } from '../support/service.js';
import { aBrowser, prove } from '../support/visitor.js';

let service: TestService;
let server: CalendarServer;
let calendars: OwnCalendarsService;
let reading: ReadingService;
let called: CalledMeeting;
let by: Actor;

const SECRET = 'k3y-that-nobody-sees';
const ADDRESS = `webcal://${HOST}/private/${SECRET}/calendar.ics`;

const event = (uid: string, date: string, ...lines: string[]): string[] => [
  ...['BEGIN:VEVENT', `UID:${uid}`, `DTSTART:${date}T090000Z`, `DTEND:${date}T120000Z`, ...lines, 'END:VEVENT'],
];
const calendarOf = (...lines: string[]): string =>
  ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//Test//EN', ...lines, 'END:VCALENDAR', ''].join('\r\n');
const BUSY_ON_THE_NINTH = calendarOf(
  ...event(
    'secret-uid@elsewhere',
    '20261209',
    'SUMMARY:Case of Joan Petty',
    'LOCATION:Hillbrook',
    'ATTENDEE:mailto:x@y.example',
  ),
);

beforeAll(async () => {
  service = await startService();
  server = await CalendarServer.start();
  Object.assign(service.get(Outgoing), { routes: server.routes });
  calendars = service.get(OwnCalendarsService);
  reading = service.get(ReadingService);
  called = await aCalledMeeting(service);
  by = asContact(called.sergeant);
});
afterAll(async () => {
  await service.stop();
  await server.stop();
});
afterEach(async () => {
  service.clock.set(MONDAY);
  await service.look('delete from own_calendar');
  await service.look('delete from rate_limit');
  server.names.set(HOST, [PUBLIC]);
  server.forget();
});

const asContact = ({ contactId }: Placed): Actor =>
  service.get(LinksService).linkActor({ authorityId: called.council.id, contactId }, 'Somebody');
const give = (address = ADDRESS): Promise<void> => calendars.give(by, by.id, address);
const show = (): Promise<ShownCalendar | null> => calendars.show(by, by.id);
const times = (): Promise<unknown[]> =>
  service.look('select starts_at, ends_at, kind from busy_time where contact_id = $1 order by starts_at', [by.id]);
const secretOf = async ({ address }: Placed): Promise<string> =>
  (await service.mail(address)).findLast(({ link }) => link !== undefined)?.link?.split('/i/')[1] ?? '';
const NINTH = { starts_at: new Date('2026-12-09T09:00:00Z'), ends_at: new Date('2026-12-09T12:00:00Z'), kind: 'BUSY' };

async function planOn(date: string): Promise<MeetingPlan> {
  const matter = await aMatter(service, called.council.priya, 'CHILD_PROTECTION');
  return {
    matterId: matter.id,
    typeCode: 'STRATEGY_MEETING',
    slot: { date, from: '10:00', to: '11:00', zone: 'Europe/London', mode: 'VIDEO' },
    chairContactId: called.chair.contactId,
    invitees: [{ contactId: called.sergeant.contactId }, { contactId: called.head.contactId }],
  };
}

describe('a published calendar', () => {
  it('comes back from the database as it was saved', async () => {
    server.publishes(BUSY_ON_THE_NINTH, { ETag: '"1"' });
    await give();
    const work = service.get(UnitOfWork);
    const [row] = await service.look<{ id: string }>('select id from own_calendar');
    const before = await work.run(by, (tx) => tx.find(OwnCalendar, row?.id ?? ''));
    before.failed(MONDAY);
    before.wasRead('"2"', 'Mon, 30 Nov 2026 11:00:00 GMT', MONDAY);
    await work.run(by, (tx) => tx.save(before));
    expect(await work.run(by, (tx) => tx.find(OwnCalendar, before.id))).toEqual(before);
  });

  it('is read at once, and only the busy times are kept', async () => {
    server.publishes(BUSY_ON_THE_NINTH);
    await give();
    expect(await show()).toMatchObject({ state: 'FRESH', asOf: MONDAY, givenBy: 'SELF', failing: false });
    expect(await times()).toEqual([NINTH]);
    expect(server.asked[0]?.url).toBe(`/private/${SECRET}/calendar.ics`);
    for (const { name } of await service.look<{ name: string }>(
      `select tablename as name from pg_tables where schemaname = 'public'`,
    )) {
      for (const word of [SECRET, 'Joan Petty', 'secret-uid', 'Hillbrook', 'x@y.example', HOST]) {
        const [row] = await service.look<{ found: boolean }>(
          `select coalesce(bool_or(position($1 in t::text) > 0 or position($2 in t::text) > 0), false) as found from "${name}" t`,
          [word, Buffer.from(word).toString('hex')],
        );
        expect([name, word, row?.found]).toEqual([name, word, false]);
      }
    }
  });

  it('is read again when it is due, four times an hour at most, and asked for changes only', async () => {
    server.publishes(BUSY_ON_THE_NINTH, { ETag: '"1"' });
    await give();
    await reading.readDue(service.clock.now());
    service.clock.pass(14);
    await reading.readDue(service.clock.now());
    expect(server.asked).toHaveLength(1);
    service.clock.pass(1);
    server.answer = (_, res) => res.writeHead(304).end();
    await reading.readDue(service.clock.now());
    expect([server.asked.length, server.asked[1]?.headers['if-none-match']]).toEqual([2, '"1"']);
    expect(await show()).toMatchObject({ state: 'FRESH', asOf: service.clock.now() });
    expect(await times()).toEqual([NINTH]);
    service.clock.pass(24 * 60);
    server.publishes(calendarOf());
    await reading.readDue(service.clock.now());
    expect(server.asked[2]?.headers['if-none-match']).toBeUndefined();
    expect(await times()).toEqual([]);
  });

  it('is never read by two workers at once', async () => {
    server.publishes(BUSY_ON_THE_NINTH);
    await give();
    service.clock.pass(15);
    const now = service.clock.now();
    await Promise.all(Array.from({ length: 6 }, () => reading.readDue(now)));
    expect(server.asked).toHaveLength(2);
  });

  it('that cannot be read any more says nothing after a day, and the person sees it', async () => {
    server.publishes(BUSY_ON_THE_NINTH);
    await give();
    server.answer = (_, res) => res.writeHead(500).end();
    service.clock.pass(15);
    await reading.readDue(service.clock.now());
    expect(await show()).toMatchObject({ state: 'FRESH', asOf: MONDAY, failing: true });
    service.clock.pass(24 * 60);
    expect(await show()).toMatchObject({ state: 'STALE', asOf: MONDAY });
    const browser = aBrowser(service);
    await prove(service, browser, await secretOf(called.sergeant), called.sergeant);
    expect((await browser.get('/my/calendar')).text).toContain('No data: the calendar could not be read since');
    const { warnings, times: known } = await service
      .get(SchedulingService)
      .check(called.council.priya, await planOn('2026-12-09'));
    expect(warnings).toEqual([]);
    expect(known.map(({ state }) => state)).toEqual(['NO_DATA', 'NO_DATA', 'NO_DATA']);
    server.publishes(BUSY_ON_THE_NINTH);
    await reading.readDue(service.clock.now());
    expect(await show()).toMatchObject({ state: 'FRESH' });
  });

  it('warns whoever chooses a time, without saying what of', async () => {
    const pencilled = event('two', '20261210', 'STATUS:TENTATIVE');
    server.publishes(BUSY_ON_THE_NINTH.replace('END:VCALENDAR', `${pencilled.join('\r\n')}\r\nEND:VCALENDAR`));
    await give();
    const scheduling = service.get(SchedulingService);
    const { priya } = called.council;
    const busy = await scheduling.check(priya, await planOn('2026-12-09'));
    expect(busy.warnings).toEqual([
      {
        code: 'BUSY_ELSEWHERE',
        message: 'Leanne Firth is busy in their own calendar (as of 11:20am on Monday 30 November 2026)',
        field: 'invitees',
      },
    ]);
    expect(busy.times.map(({ contactName, state }) => [contactName, state])).toEqual([
      ['Graham Tull', 'NO_DATA'],
      ['Ines Chair', 'NO_DATA'],
      ['Leanne Firth', 'BUSY'],
    ]);
    await expect(scheduling.schedule(priya, await planOn('2026-12-09'))).rejects.toMatchObject({
      code: 'NEEDS_CONFIRMATION',
    });
    const stateOn = async (date: string): Promise<unknown> =>
      (await scheduling.check(priya, await planOn(date))).times.find(({ contactId }) => contactId === by.id)?.state;
    expect([await stateOn('2026-12-10'), await stateOn('2026-12-11')]).toEqual(['TENTATIVE', 'FREE']);
    expect(await stateOn('2027-02-10')).toBe('NO_DATA');
    const version = called.meeting.version;
    const slot = { ...(await planOn('2026-12-09')).slot, joinDetails: null };
    const preview = await service.get(ChangesService).preview(priya, called.meeting.id, { slot, version });
    expect(preview.warnings.map(({ code }) => code)).toEqual(['BUSY_ELSEWHERE']);
  });

  it('does not warn of our own meeting that stands in it', async () => {
    server.publishes(calendarOf(...event(called.meeting.calendarUid, '20261202')));
    await give();
    expect([await times(), (await show())?.state]).toEqual([[], 'FRESH']);
  });

  it('stands on the page where the meeting is looked over', async () => {
    server.publishes(BUSY_ON_THE_NINTH);
    await give();
    const plan = await planOn('2026-12-09');
    const priya = await atConsole(service, called.council.priya);
    const page = await priya.post(`/matters/${plan.matterId}/meetings/new`, {
      ...{ do: 'check', type: plan.typeCode, date: '2026-12-09', from: '10:00', to: '11:00', mode: 'VIDEO' },
      ...{ chair: called.chair.contactId, invitee: [called.sergeant.contactId, called.head.contactId] },
    });
    expect(page.text).toContain(
      'Leanne Firth is busy in their own calendar (as of 11:20am on Monday 30 November 2026)',
    );
    expect(page.text).toContain('No data, which does not mean free: Graham Tull, Ines Chair.');
    expect(page.text).not.toContain('Joan Petty');
  });

  it('is given and stopped on one’s own page behind the code, and its address is shown nowhere', async () => {
    server.publishes(BUSY_ON_THE_NINTH);
    const browser = aBrowser(service);
    await prove(service, browser, await secretOf(called.chair), called.chair);
    const given = await browser.post('/my/calendar/address').type('form').send({ address: ADDRESS });
    expect([given.status, given.headers.location]).toEqual([303, '/my/calendar?told=read']);
    const page = await browser.get('/my/calendar?told=read');
    expect(page.text).toContain('We know when you are busy as of');
    expect(page.text).not.toContain(SECRET);
    const stopped = await browser.post('/my/calendar/address/ending');
    expect(stopped.headers.location).toBe('/my/calendar?told=stopped');
    expect(await service.look('select 1 from own_calendar union all select 1 from busy_time')).toEqual([]);
  });

  it('is given by a coordinator for somebody who told them', async () => {
    server.publishes(BUSY_ON_THE_NINTH);
    const priya = await atConsole(service, called.council.priya);
    const path = `/directory/contacts/${by.id}`;
    expect((await priya.get(path)).text).toContain(`href="${path}/calendar"`);
    expect((await priya.get(`${path}/calendar`)).text).toContain('they have given no calendar');
    await priya.post(`${path}/calendar`, { address: ADDRESS });
    const page = await priya.get(`${path}/calendar`);
    expect(page.text).toContain('A coordinator gave the address');
    expect(page.text).not.toContain(SECRET);
    const history = await priya.get(`/history?object=contact:${by.id}`);
    expect([history.text.includes('Published calendar given'), history.text.includes(SECRET)]).toEqual([true, false]);
    await priya.post(`${path}/calendar/ending`, {});
    expect(await show()).toBeNull();
  });

  it('is forgotten when its person leaves', async () => {
    server.publishes(BUSY_ON_THE_NINTH);
    const { contactId } = called.head;
    await calendars.give(asContact(called.head), contactId, ADDRESS);
    await service.get(ContactsService).leave(called.council.priya, contactId);
    expect(await service.look('select 1 from own_calendar where contact_id = $1', [contactId])).toEqual([]);
    expect(await service.look('select 1 from busy_time where contact_id = $1', [contactId])).toEqual([]);
  });

  it('is for staff to ask about by program, and null or empty where there is no data', async () => {
    server.publishes(BUSY_ON_THE_NINTH);
    await give();
    const QUESTION = `query ($from: Instant!) { contacts(first: 50) { nodes { name busyTimesAsOf
      busyTimes(first: 10, from: $from) { nodes { startsAt endsAt kind } } } } }`;
    const ask = await asStaff(service, called.council.priya);
    const variables = { from: '2026-12-01T00:00:00.000Z' };
    const { data } = await ask(QUESTION, variables);
    const of = (name: string): unknown => data.contacts.nodes.find((one: { name: string }) => one.name === name);
    expect(of('Leanne Firth')).toEqual({
      name: 'Leanne Firth',
      busyTimesAsOf: MONDAY.toISOString(),
      busyTimes: {
        nodes: [{ startsAt: '2026-12-09T09:00:00.000Z', endsAt: '2026-12-09T12:00:00.000Z', kind: 'BUSY' }],
      },
    });
    expect(of('Ines Chair')).toMatchObject({ busyTimesAsOf: null, busyTimes: { nodes: [] } });
    const { token } = await aToken(service, called.council.priya, called.sergeant.agencyId, ['directory:own-agency']);
    const partner = await withToken(service, token)(QUESTION, variables);
    expect(partner.data.contacts.nodes).toEqual([{ name: 'Leanne Firth', busyTimesAsOf: null, busyTimes: null }]);
  });
});

describe('refuses', () => {
  it('every address that leads inside, with one sentence for all, and asks nobody', async () => {
    const said = new Set<string>();
    for (const address of NO_ADDRESSES) {
      const error: unknown = await give(address).catch((thrown: unknown) => thrown);
      expect([address, error]).toEqual([address, expect.any(RuleBroken)]);
      said.add((error as RuleBroken).message);
    }
    expect(said.size).toBe(1);
    expect([server.lookups, server.dials]).toEqual([0, []]);
    expect(await show()).toBeNull();
  });

  it('to say why a calendar cannot be read: nobody there, inside, elsewhere, too large, no calendar', async () => {
    const pages = new Set<string>();
    const ways: (() => void)[] = [
      () => server.names.set(HOST, ['10.0.0.1']),
      () => server.names.set(HOST, []),
      () => (server.answer = (_, res) => res.writeHead(302, { Location: 'https://127.0.0.1/' }).end()),
      () => {
        server.publishes('x'.repeat(2 * 1024 * 1024 + 1));
      },
      () => {
        server.publishes('<html>Sign in</html>');
      },
      () => {
        server.publishes(calendarOf(...event('1', '20261201', 'RRULE:FREQ=SECONDLY')));
      },
    ];
    const priya = await atConsole(service, called.council.priya);
    for (const way of ways) {
      server.names.set(HOST, [PUBLIC]);
      way();
      await give();
      expect(await show()).toMatchObject({ state: 'NEVER_READ', asOf: null, failing: true });
      const page = await priya.get(`/directory/contacts/${by.id}/calendar`);
      pages.add(page.text.replace(/nonce[^ >]*|value="[^"]*"/g, ''));
    }
    expect(pages.size).toBe(1);
    expect(server.dials.every(({ address }) => address === PUBLIC)).toBe(true);
  });

  it('to read on at a name that leads inside by now', async () => {
    server.publishes(BUSY_ON_THE_NINTH);
    await give();
    server.names.set(HOST, [PUBLIC, '169.254.169.254']);
    service.clock.pass(15);
    await reading.readDue(service.clock.now());
    expect([server.dials.length, (await show())?.failing]).toEqual([1, true]);
  });

  it('somebody else’s calendar, and a contact of another authority', async () => {
    const other = await aCalledMeeting(service);
    const stranger = other.council.priya;
    for (const [who, whose] of [
      [by, called.head.contactId],
      [stranger, by.id],
    ] as const) {
      await expect(calendars.show(who, whose)).rejects.toBeInstanceOf(NotFound);
      await expect(calendars.give(who, whose, ADDRESS)).rejects.toBeInstanceOf(NotFound);
    }
    expect(server.dials).toEqual([]);
    const work = service.get(UnitOfWork);
    server.publishes(BUSY_ON_THE_NINTH);
    await give();
    const seen = (who: Actor): Promise<unknown[]> => work.run(who, (tx) => tx.sql('select 1 as one from busy_time'));
    expect([await seen(asContact(called.chair)), await seen(stranger), await seen(by)]).toEqual([[], [], [{ one: 1 }]]);
  });

  it('more addresses an hour than mistakes need', async () => {
    server.publishes(calendarOf());
    for (let time = 0; time < 10; time += 1) await give();
    await expect(give()).rejects.toMatchObject({ code: 'TOO_MANY_TRIES', field: 'address' });
  });
});
