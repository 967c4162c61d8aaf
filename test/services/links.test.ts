import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EmailedCode } from '../../src/access/emailed-code.js';
import { Link } from '../../src/access/link.js';
import { LinksService } from '../../src/access/links.service.js';
import { Visit } from '../../src/access/visit.js';
import { VisitsService } from '../../src/access/visits.service.js';
import { type FoundLink } from '../../src/access/found-link.js';
import { newId } from '../../src/database/ids.js';
import { UnitOfWork } from '../../src/database/unit-of-work.js';
import { ContactsService } from '../../src/directory/contacts.service.js';
import { aCalledMeeting, type CalledMeeting, lastMail } from '../support/called-meeting.js';
import { type Placed } from '../support/matters.js';
import { MONDAY, startService, type TestService } from '../support/service.js';
import { aBrowser } from '../support/visitor.js';

let service: TestService;
let links: LinksService;
let work: UnitOfWork;
let called: CalledMeeting;

beforeAll(async () => {
  service = await startService();
  links = service.get(LinksService);
  work = service.get(UnitOfWork);
  called = await aCalledMeeting(service);
});

afterAll(async () => {
  await service.stop();
});

const minted = async (to: Placed, targetId: string): Promise<string> =>
  work.run(called.council.priya, async (tx) => {
    const url = await links.mint(tx, { contactId: to.contactId, purpose: 'RESPOND', targetId });
    return url.split('/i/')[1] ?? '';
  });

const found = async (secret: string): Promise<FoundLink> => {
  const link = await links.find(secret);
  if (link === undefined) throw new Error('No such link');
  return link;
};

describe('a link', () => {
  it('is found by its secret, which is kept nowhere', async () => {
    const { secret, link } = await lastMail(service, called.sergeant);
    expect(link).toMatch(/^http:\/\/localhost:3000\/i\/[A-Za-z0-9_-]{43}$/);
    expect(await found(secret)).toMatchObject({ revoked: false, opensForm: true, contactName: 'Leanne Firth' });
    const kept = await service.look<{ row: string }>(`select l::text as row from link l`);
    expect(kept.filter(({ row }) => row.includes(secret))).toEqual([]);
  });

  it('opens the form while it is one of the newest five', async () => {
    const targetId = newId();
    const secrets: string[] = [];
    for (let n = 0; n < 6; n += 1) secrets.push(await minted(called.chair, targetId));
    const opens = await Promise.all(secrets.map(async (secret) => (await found(secret)).opensForm));
    expect(opens).toEqual([false, true, true, true, true, true]);
  });

  it('stops, and the visit it opened with it, when its person leaves', async () => {
    const gone = await aCalledMeeting(service);
    const { secret } = await lastMail(service, gone.head);
    const visit = await service.get(VisitsService).open(await found(secret));
    expect(await service.get(VisitsService).find(visit)).toMatchObject({ proved: false, contactName: 'Graham Tull' });
    await service.get(ContactsService).leave(gone.council.priya, gone.head.contactId);
    expect((await found(secret)).revoked).toBe(true);
    expect(await service.get(VisitsService).find(visit)).toBeUndefined();
  });

  it('opens a visit that ends after half an hour without use, and after eight hours in any case', async () => {
    const { secret } = await lastMail(service, called.sergeant);
    const visits = service.get(VisitsService);
    const idle = await visits.open(await found(secret));
    service.clock.pass(29);
    expect(await visits.find(idle)).toBeDefined();
    service.clock.pass(31);
    expect(await visits.find(idle)).toBeUndefined();
    const busy = await visits.open(await found(secret));
    for (let n = 0; n < 23; n += 1) {
      service.clock.pass(20);
      expect(await visits.find(busy)).toBeDefined();
    }
    service.clock.pass(20);
    expect(await visits.find(busy)).toBeUndefined();
    service.clock.set(MONDAY);
  });

  it('and its visit and code are the same when loaded again', async () => {
    const { authorityId } = called.council.priya;
    const { contactId } = called.chair;
    const facts = { authorityId, contactId, secretHash: randomBytes(32) };
    const link = Link.to({ ...facts, id: newId(), purpose: 'ACTION', targetId: newId(), createdAt: MONDAY });
    const visit = Visit.open({ ...facts, id: newId(), linkId: link.id, openedAt: MONDAY });
    const code = { authorityId, id: newId(), personId: contactId, askedBy: visit.id, codeHash: 'x', createdAt: MONDAY };
    const sent = EmailedCode.sent(code);
    await work.run(called.council.priya, async (tx) => {
      await tx.insert(Link, link);
      await tx.insert(Visit, visit);
      await tx.insert(EmailedCode, sent);
    });
    await work.run(called.council.priya, async (tx) => {
      expect(await tx.find(Link, link.id)).toEqual(link);
      expect(await tx.find(Visit, visit.id)).toEqual(visit);
      expect(await tx.find(EmailedCode, sent.id)).toEqual(sent);
    });
  });
});

describe('a lost link', () => {
  it('is sent again to the registered address, and the page says the same to everybody', async () => {
    const own = await aCalledMeeting(service);
    const before = (await service.mail()).length;
    const known = await aBrowser(service)
      .post('/i/again')
      .type('form')
      .send({ email: own.sergeant.address.toUpperCase() });
    const unknown = await aBrowser(service).post('/i/again').type('form').send({ email: 'nobody@nowhere.example' });
    expect([known.status, known.headers.location]).toEqual([303, '/i/sent']);
    expect([unknown.status, unknown.headers.location]).toEqual([303, '/i/sent']);
    expect(await service.mail()).toHaveLength(before + 1);
    const again = await lastMail(service, own.sergeant);
    expect(again.mail.subject).toBe('The link you asked for');
    expect(again.raw).not.toContain('Graham');
    const page = await aBrowser(service).get(`/i/${again.secret}`);
    expect(page.text).toContain('Send my answer');
  });

  it('is sent at most three times an hour', async () => {
    const own = await aCalledMeeting(service);
    const browser = aBrowser(service);
    for (let n = 0; n < 5; n += 1) {
      await browser.post('/i/again').type('form').send({ email: own.head.address }).expect(303);
    }
    const sent = (await service.mail(own.head.address)).filter(({ mail }) => mail.subject === 'The link you asked for');
    expect(sent).toHaveLength(3);
  });
});

describe('refuses', () => {
  it('unknown, malformed, revoked and foreign links with the same page', async () => {
    const other = await aCalledMeeting(service);
    const { secret } = await lastMail(service, other.head);
    await work.run(other.council.priya, (tx) => links.revoke(tx, { contactId: other.head.contactId }, 'COORDINATOR'));
    const foreign = await minted(called.sergeant, (await found(secret)).link.targetId);
    const secrets = [secret, foreign, randomBytes(32).toString('base64url'), 'short', `${secret}x`, '%00'];
    const pages = await Promise.all(secrets.map((one) => aBrowser(service).get(`/i/${one}`)));
    expect(pages.map(({ status }) => status)).toEqual(secrets.map(() => 404));
    const bodies = new Set(pages.map(({ text }) => text.replace(/nonce="[^"]*"/g, '')));
    expect(bodies.size).toBe(1);
    expect(pages[0]?.text).toContain('Have you lost your link?');
    const posts = await Promise.all(secrets.map((one) => aBrowser(service).post(`/i/${one}/answer`)));
    expect(posts.map(({ status }) => status)).toEqual(secrets.map(() => 404));
  });

  it('guessing', async () => {
    const guesses = await Promise.all(
      Array.from({ length: 300 }, () => links.find(randomBytes(32).toString('base64url'))),
    );
    expect(guesses.filter((link) => link !== undefined)).toEqual([]);
  });

  it('an address that is not one plain address', async () => {
    const page = await aBrowser(service).post('/i/again').type('form').send({ email: 'a@b.test,c@evil.test' });
    expect(page.status).toBe(422);
    expect(page.text).toContain('Enter your email address in the correct format');
  });

  it('forms of one link that come faster than people send them', async () => {
    const own = await aCalledMeeting(service);
    const { secret } = await lastMail(service, own.sergeant);
    const browser = aBrowser(service);
    const statuses: number[] = [];
    for (let n = 0; n < 31; n += 1) statuses.push((await browser.post(`/i/${secret}`)).status);
    expect(statuses).toEqual([...Array.from({ length: 30 }, () => 303), 422]);
    service.clock.pass(60);
    expect((await browser.post(`/i/${secret}`)).status).toBe(303);
    service.clock.set(MONDAY);
  });

  it('pages of one’s own without a visit', async () => {
    const page = await aBrowser(service).get('/my');
    expect(page.status).toBe(403);
    expect(page.text).toContain('Open your link again');
    expect(
      (
        await aBrowser(service)
          .get('/my')
          .set('Cookie', `visit=${'a'.repeat(43)}`)
      ).status,
    ).toBe(403);
  });
});
