import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import ICAL from 'ical.js';
import { type Agent, type Response } from 'supertest';
import { type Actor } from '../../src/access/actor.js';
import { LinksService } from '../../src/access/links.service.js';
import { lintFeed } from '../../src/calendar/feed-lint.js';
import { ContactsService } from '../../src/directory/contacts.service.js';
import { Feed } from '../../src/feeds/feed.js';
import { FeedsService, READS_AN_HOUR } from '../../src/feeds/feeds.service.js';
import { UnitOfWork } from '../../src/database/unit-of-work.js';
import { ExclusionsService } from '../../src/matters/exclusions.service.js';
import { atConsole } from '../support/console.js';
import { aCalledMeeting, type CalledMeeting, cancel, lastMail, moveTo } from '../support/called-meeting.js';
import { aCouncil, type Placed } from '../support/matters.js';
import { MONDAY, startService, type TestService } from '../support/service.js';
import { aBrowser, answerBy, digest, prove } from '../support/visitor.js';

let service: TestService;
let feeds: FeedsService;

beforeAll(async () => {
  service = await startService();
  feeds = service.get(FeedsService);
});
afterAll(async () => {
  await service.stop();
});

const asContact = ({ council }: CalledMeeting, { contactId }: Placed): Actor =>
  service.get(LinksService).linkActor({ authorityId: council.priya.authorityId, contactId }, 'Somebody');
const pathOf = (address: string): string => new URL(address).pathname;
const made = async (by: Actor): Promise<string> => pathOf(await feeds.make(by));
const read = (path: string, headers: Record<string, string> = {}): Promise<Response> =>
  aBrowser(service).get(path).set(headers).responseType('blob');
const textOf = ({ body }: Response): string => (Buffer.isBuffer(body) ? body.toString() : '');
const eventsIn = (text: string): ICAL.Component[] =>
  new ICAL.Component(ICAL.parse(text) as unknown[]).getAllSubcomponents('vevent');
const valuesOf = (text: string, name: string): unknown[] =>
  eventsIn(text).map((event) => event.getFirstPropertyValue(name));
const refs = async (path: string): Promise<unknown[]> => valuesOf(textOf(await read(path)), 'summary');

describe('a feed', () => {
  it('comes back from the database as it was saved', async () => {
    const called = await aCalledMeeting(service);
    const by = asContact(called, called.sergeant);
    await feeds.make(by);
    const kept = await feeds.current(by);
    const work = service.get(UnitOfWork);
    const before = await work.run(by, (tx) => tx.find(Feed, kept?.id ?? ''));
    before.revoke('STOPPED', MONDAY);
    await work.run(by, (tx) => tx.save(before));
    expect(await work.run(by, (tx) => tx.find(Feed, before.id))).toEqual(before);
  });

  it('shows a contact their meetings by time and reference alone', async () => {
    const called = await aCalledMeeting(service);
    const path = await made(asContact(called, called.sergeant));
    const answer = await read(path);
    expect(answer.status).toBe(200);
    expect(answer.headers['content-type']).toBe('text/calendar; charset=utf-8; method=PUBLISH');
    expect(answer.headers['cache-control']).toBe('private, no-cache');
    expect(answer.headers['x-robots-tag']).toBe('noindex, nofollow');
    expect(answer.headers['set-cookie']).toBeUndefined();
    const text = textOf(answer);
    expect(valuesOf(text, 'summary')).toEqual([called.reference]);
    expect(String(valuesOf(text, 'dtstart')[0])).toBe('2026-12-02T10:00:00');
    expect(valuesOf(text, 'uid')).toEqual([called.meeting.calendarUid]);
    expect(valuesOf(text, 'x-microsoft-cdo-busystatus')).toEqual(['TENTATIVE']);
    const [matter] = await service.look<{ title: string }>('select neutral_title as title from matter where id = $1', [
      called.meeting.matterId,
    ]);
    const people = [called.sergeant, called.head, called.chair];
    const unfolded = text
      .replace(/\r\n[ \t]/g, '')
      .replace(/^UID:.*$/gm, '')
      .toLowerCase();
    for (const canary of ['room 4471', '9034', matter?.title ?? '', 'northshire', 'leanne', 'mailto', 'attendee']) {
      expect([canary, unfolded.includes(canary.toLowerCase())]).toEqual([canary, false]);
    }
    for (const word of ['organizer', 'valarm', '\nlocation', 'description', 'http', 'strategy', called.meeting.id]) {
      expect([word, unfolded.includes(word)]).toEqual([word, false]);
    }
    for (const { address, contactId } of people) {
      expect(unfolded.includes(address) || unfolded.includes(contactId)).toBe(false);
    }
  });

  it('takes one statement to read, and remembers when it was', async () => {
    const called = await aCalledMeeting(service);
    const by = asContact(called, called.sergeant);
    const path = await made(by);
    expect((await feeds.current(by))?.lastFetchedAt).toBeNull();
    const work = service.get(UnitOfWork);
    let statements = 0;
    const outside = work.outside.bind(work);
    const run = work.run.bind(work);
    Object.assign(work, {
      outside: (how: Parameters<typeof outside>[0]) =>
        outside(async (sql) => how(async (text, values) => ((statements += 1), sql(text, values)))),
      run: () => {
        throw new Error('A transaction to read a feed');
      },
    });
    try {
      expect((await read(path)).status).toBe(200);
      expect(statements).toBe(1);
    } finally {
      Object.assign(work, { outside, run });
    }
    expect((await feeds.current(by))?.lastFetchedAt).toEqual(MONDAY);
  });

  it('gives the same bytes until something changes: 304 then, 200 after, and HEAD without a body', async () => {
    const called = await aCalledMeeting(service);
    const path = await made(asContact(called, called.sergeant));
    const first = await read(path);
    const etag = first.headers.etag ?? '';
    expect(etag).toMatch(/^"[A-Za-z0-9_-]{43}"$/);
    service.clock.pass(45);
    const second = await read(path, { 'If-None-Match': etag });
    expect([second.status, textOf(second), second.headers.etag]).toEqual([304, '', etag]);
    expect(textOf(await read(path))).toBe(textOf(first));
    const head = await aBrowser(service).head(path);
    expect([head.status, head.headers.etag, head.body]).toEqual([200, etag, {}]);
    await moveTo(service, called, '2026-12-04');
    const moved = await read(path, { 'If-None-Match': etag });
    expect(moved.status).toBe(200);
    expect(valuesOf(textOf(moved), 'sequence')).toEqual([1]);
    service.clock.set(MONDAY);
  });

  it('shows a cancelled meeting as cancelled for thirty days', async () => {
    const called = await aCalledMeeting(service);
    const path = await made(asContact(called, called.head));
    await cancel(service, called);
    expect(valuesOf(textOf(await read(path)), 'status')).toEqual(['CANCELLED']);
    service.clock.pass(29 * 24 * 60);
    expect(await refs(path)).toEqual([called.reference]);
    service.clock.pass(2 * 24 * 60);
    const empty = textOf(await read(path));
    expect(eventsIn(empty)).toEqual([]);
    lintFeed(empty, []);
    service.clock.set(MONDAY);
  });

  it('leaves out what somebody declined, and blocks the time of what they accepted', async () => {
    const called = await aCalledMeeting(service);
    const path = await made(asContact(called, called.head));
    const { secret } = await lastMail(service, called.head);
    await answerBy(service, aBrowser(service), secret, { answer: 'ACCEPTED' });
    expect(valuesOf(textOf(await read(path)), 'x-microsoft-cdo-busystatus')).toEqual(['BUSY']);
    await answerBy(service, aBrowser(service), secret, { answer: 'DECLINED', reason: 'LEAVE' });
    expect(await refs(path)).toEqual([]);
    service.clock.set(MONDAY);
  });

  it('shows a coordinator the meetings they look after, without taking their time', async () => {
    const called = await aCalledMeeting(service);
    const path = await made(called.council.priya);
    const text = textOf(await read(path));
    expect(valuesOf(text, 'summary')).toEqual([called.reference]);
    expect(valuesOf(text, 'transp')).toEqual(['TRANSPARENT']);
  });

  it('is made, shown once, and stopped on one’s own page behind the code', async () => {
    const called = await aCalledMeeting(service);
    const browser = aBrowser(service);
    await prove(service, browser, (await lastMail(service, called.sergeant)).secret, called.sergeant);
    expect((await browser.get('/my')).text).toContain('href="/my/calendar"');
    const page = await browser.post('/my/calendar/feed');
    const address = /value="http:\/\/localhost:3000(\/feeds\/[A-Za-z0-9_-]{43}\.ics)"/.exec(page.text)?.[1] ?? '';
    expect([page.status, page.headers['cache-control']]).toEqual([200, 'no-store']);
    expect(await refs(address)).toEqual([called.reference]);
    const later = await browser.get('/my/calendar');
    expect(later.text).toContain('It last did on');
    expect(later.text).not.toContain(address.slice(7, 50));
    const ended = await browser.post('/my/calendar/feed/ending');
    expect([ended.status, ended.headers.location]).toEqual([303, '/my/calendar?told=feed-ended']);
    expect((await read(address)).status).toBe(404);
  });

  it('is made and stopped by a coordinator at the console', async () => {
    const called = await aCalledMeeting(service);
    const priya = await atConsole(service, called.council.priya);
    await priya.get('/calendar');
    const page = await priya.post('/calendar/feed', {});
    const address = /(\/feeds\/[A-Za-z0-9_-]{43}\.ics)"/.exec(page.text)?.[1] ?? '';
    expect(await refs(address)).toEqual([called.reference]);
    expect((await priya.get('/calendar')).text).not.toContain(address.slice(7, 50));
    await priya.post('/calendar/feed/ending', {});
    expect((await read(address)).status).toBe(404);
  });

  it('leaves its secret nowhere', async () => {
    const called = await aCalledMeeting(service);
    const secret = (await made(asContact(called, called.head))).slice(7, 50);
    await read(`/feeds/${secret}.ics`);
    const tables = await service.look<{ name: string }>(
      `select tablename as name from pg_tables where schemaname = 'public'`,
    );
    for (const { name } of tables) {
      const [row] = await service.look<{ found: boolean }>(
        `select coalesce(bool_or(position($1 in t::text) > 0 or position($2 in t::text) > 0), false) as found from "${name}" t`,
        [secret, Buffer.from(secret).toString('hex')],
      );
      expect([name, row?.found]).toEqual([name, false]);
    }
  });
});

describe('refuses', () => {
  const NOWHERE = `/feeds/${'x'.repeat(43)}.ics`;

  /** Whether an address is answered to the byte as one that never was. */
  async function isAsUnknown(path: string): Promise<boolean> {
    const [unknown, answer] = [await read(NOWHERE), await read(path)];
    const headers = (one: Response): string => JSON.stringify({ ...one.headers, date: '' });
    return answer.status === 404 && textOf(answer) === textOf(unknown) && headers(answer) === headers(unknown);
  }

  it('a feed that was taken back, replaced, or is misspelt, all as one that never was', async () => {
    const called = await aCalledMeeting(service);
    const by = asContact(called, called.sergeant);
    const first = await made(by);
    const second = await made(by);
    expect(await isAsUnknown(first)).toBe(true);
    expect((await read(second)).status).toBe(200);
    for (const wrong of [second.slice(0, -4), `${second}x`, second.replace('.ics', '.ICS'), '/feeds/.ics']) {
      expect(await isAsUnknown(wrong)).toBe(true);
    }
    await feeds.end(by);
    expect(await isAsUnknown(second)).toBe(true);
  });

  it('a feed nobody has read for ninety days', async () => {
    const called = await aCalledMeeting(service);
    const by = asContact(called, called.sergeant);
    const path = await made(by);
    service.clock.pass(89 * 24 * 60);
    expect((await read(path)).status).toBe(200);
    service.clock.pass(91 * 24 * 60);
    expect(await isAsUnknown(path)).toBe(true);
    expect(await feeds.current(by)).toBeNull();
    service.clock.set(MONDAY);
  });

  it('the feed of somebody who has left, even after they come back', async () => {
    const called = await aCalledMeeting(service);
    const path = await made(asContact(called, called.head));
    await service.get(ContactsService).leave(called.council.priya, called.head.contactId);
    expect(await isAsUnknown(path)).toBe(true);
    const [row] = await service.look<{ revoked_reason: string }>(
      'select revoked_reason from feed where contact_id = $1',
      [called.head.contactId],
    );
    expect(row?.revoked_reason).toBe('LEFT');
    await service.look(`update contact set status = 'ACTIVE' where id = $1`, [called.head.contactId]);
    expect(await isAsUnknown(path)).toBe(true);
  });

  it('the feed of somebody whose address turned out to be another’s, or who said that it is not theirs', async () => {
    const called = await aCalledMeeting(service);
    const [sergeant, head] = [
      await made(asContact(called, called.sergeant)),
      await made(asContact(called, called.head)),
    ];
    const version = await service.look<{ version: number }>('select version from contact where id = $1', [
      called.sergeant.contactId,
    ]);
    const right = { name: 'Leanne Firth', email: 'right.person@force.example', confirmed: true };
    await service
      .get(ContactsService)
      .correct(called.council.priya, called.sergeant.contactId, right, version[0]?.version ?? 0);
    expect(await isAsUnknown(sergeant)).toBe(true);
    await answerBy(service, aBrowser(service), (await lastMail(service, called.head)).secret, { answer: 'NOT_ME' });
    expect(await isAsUnknown(head)).toBe(true);
    service.clock.set(MONDAY);
  });

  it('the feed of a member of staff whose account was disabled', async () => {
    const called = await aCalledMeeting(service);
    const path = await made(called.council.priya);
    await service.look('update staff set disabled_at = now() where id = $1', [called.council.priya.id]);
    expect(await isAsUnknown(path)).toBe(true);
  });

  it('a meeting of a matter that somebody must not know of', async () => {
    const called = await aCalledMeeting(service);
    const path = await made(asContact(called, called.head));
    expect(await refs(path)).toEqual([called.reference]);
    await service.get(ExclusionsService).exclude(called.council.priya, called.meeting.matterId, {
      excluded: { contactId: called.head.contactId },
      reason: 'IS_SUBJECT',
    });
    expect(await refs(path)).toEqual([]);
    await service.look(`update invitation set status = 'CLOSED' where contact_id = $1`, [called.head.contactId]);
    expect(await refs(path)).toEqual([]);
  });

  it('a meeting whose matter a coordinator may no longer see', async () => {
    const called = await aCalledMeeting(service);
    const path = await made(called.council.priya);
    await service.look('update matter_access set until = now() where person_id = $1', [called.council.priya.id]);
    expect(await refs(path)).toEqual([]);
  });

  it('meetings of another authority, or of somebody else', async () => {
    const [one, other] = [await aCalledMeeting(service), await aCalledMeeting(service)];
    const path = await made(asContact(one, one.head));
    expect(await refs(path)).toEqual([one.reference]);
    expect(other.reference).toBeTruthy();
    const stranger = await aCouncil(service, 'elsewhere.example');
    expect(await refs(await made(stranger.priya))).toEqual([]);
  });

  it('reading more often than programs do', async () => {
    const called = await aCalledMeeting(service);
    const path = await made(asContact(called, called.head));
    for (let time = 0; time < READS_AN_HOUR; time += 1) await read(path);
    const answer = await read(path);
    expect([answer.status, answer.headers['retry-after']]).toEqual([429, '3600']);
    service.clock.pass(61);
    expect((await read(path)).status).toBe(200);
    service.clock.set(MONDAY);
  });

  it('to make or stop a feed before the code', async () => {
    const called = await aCalledMeeting(service);
    const { secret } = await lastMail(service, called.sergeant);
    const browser: Agent = aBrowser(service);
    await browser.post(`/i/${secret}`);
    const before = (await digest(service)).feed;
    for (const path of ['/my/calendar/feed', '/my/calendar/feed/ending', '/my/calendar/address']) {
      expect((await browser.post(path)).headers.location).toMatch(/^\/my\/code/);
      expect((await aBrowser(service).post(path)).status).toBe(403);
    }
    expect((await digest(service)).feed).toBe(before);
  });
});
