import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type Actor } from '../../src/access/actor.js';
import { AgenciesService } from '../../src/directory/agencies.service.js';
import { AbsencesService } from '../../src/directory/absence/absences.service.js';
import { ContactsService } from '../../src/directory/contacts.service.js';
import { type PersonInPost } from '../../src/directory/person-in-post.js';
import { UpkeepService } from '../../src/directory/verification/upkeep.service.js';
import { VerificationsService } from '../../src/directory/verification/verifications.service.js';
import { WorklistService } from '../../src/worklist/worklist.service.js';
import { aCouncil, aMatter, type Council, type Placed } from '../support/matters.js';
import { SchedulingService } from '../../src/meetings/scheduling.service.js';
import { aBrowser, codeIn, digest, hiddenOf } from '../support/visitor.js';
import { MONDAY, startService, type TestService } from '../support/service.js';

let service: TestService;
let council: Council;
let owen: Actor;
let agencyId: string;
let people = 0;

const LATER = new Date('2027-03-08T11:00:00Z');
const SUBJECT = 'Are your contact details still right?';

beforeAll(async () => {
  service = await startService();
});
afterAll(async () => {
  await service.stop();
});

beforeEach(async () => {
  service.clock.set(MONDAY);
  people += 1;
  council = await aCouncil(service, `council${people}.example`);
  owen = council.owen;
  const facts = { name: 'Police', category: 'POLICE', emailDomains: ['police.example'] };
  agencyId = (await service.get(AgenciesService).add(owen, facts)).id;
});

async function somebody(name: string): Promise<PersonInPost & Placed> {
  people += 1;
  const email = `p${people}@police.example`;
  const person = { name, email, agencyId, postTitle: 'Sergeant' };
  const added = await service.get(ContactsService).add(owen, person);
  return { ...added, address: email } as PersonInPost & Placed;
}

const sweep = (): Promise<void> => service.get(VerificationsService).askDue();
const asked = async (): Promise<string[]> => {
  const mails = await service.mail();
  return mails.filter(({ mail }) => mail.subject === SUBJECT).map(({ to }) => to);
};
async function secretOf(who: Placed): Promise<string> {
  await sweep();
  const mail = (await service.mail(who.address)).findLast((one) => one.mail.subject === SUBJECT);
  return mail?.link?.split('/').at(-1) ?? 'none';
}
const contactOf = async (who: PersonInPost) => (await service.get(ContactsService).detail(owen, who.contactId)).contact;

async function press(secret: string, answer: string) {
  const browser = aBrowser(service);
  const page = await browser.get(`/i/${secret}`);
  service.clock.pass(0.5);
  const { nonce } = hiddenOf(page);
  const sent = await browser.post(`/i/${secret}/verification`).type('form').send({ nonce, answer });
  return { browser, page, sent };
}

describe('asking whether details are still right', () => {
  it('asks once those of whom nothing was heard for 90 days', async () => {
    const leanne = await somebody('Leanne Firth');
    service.clock.set(new Date('2027-02-26T11:00:00Z'));
    await sweep();
    expect(await asked()).not.toContain(leanne.address);
    service.clock.set(LATER);
    const mark = await somebody('Mark Oyelaran');
    await Promise.all([sweep(), sweep()]);
    await sweep();
    const to = await asked();
    expect(to.filter((one) => one === leanne.address)).toHaveLength(1);
    expect(to).not.toContain(mark.address);
  });

  it('asks five a minute, in working hours', async () => {
    for (let n = 0; n < 7; n += 1) await somebody(`Person ${String.fromCharCode(65 + n)}`);
    service.clock.set(new Date('2027-03-07T11:00:00Z'));
    await sweep();
    service.clock.set(new Date('2027-03-08T18:00:00Z'));
    await sweep();
    const of = async (): Promise<number> =>
      (await service.look('select 1 from verification where authority_id = $1', [council.id])).length;
    expect(await of()).toBe(0);
    service.clock.set(LATER);
    await sweep();
    expect(await of()).toBe(5);
    await sweep();
    expect(await of()).toBe(7);
  });

  it('leaves alone whoever has gone, is away, cannot be reached or was written to', async () => {
    const gone = await somebody('Ann Gone');
    const away = await somebody('Ben Away');
    const bounced = await somebody('Cat Bounced');
    const invited = await somebody('Dan Invited');
    const open = await somebody('Eve Open');
    await service.get(ContactsService).leave(owen, gone.contactId);
    await service.get(AbsencesService).plan(owen, away.contactId, { from: '2026-11-30', to: null, cover: null });
    await service.look(
      `insert into undeliverable_address (authority_id, address_key, since, why) values ($1, $2, $3, 'no such mailbox')`,
      [council.id, bounced.addressKey, MONDAY],
    );
    service.clock.set(LATER);
    const matter = await aMatter(service, council.priya);
    await service.get(SchedulingService).schedule(owen, {
      matterId: matter.id,
      typeCode: 'ALLEGATION_MEETING',
      slot: { date: '2027-03-20', from: '10:00', to: '11:00', zone: 'Europe/London', mode: 'VIDEO' },
      chairContactId: invited.contactId,
      invitees: [],
      overrideReason: 'The only day',
    });
    await sweep();
    const to = await asked();
    expect(to).toContain(open.address);
    for (const one of [gone, away, bounced, invited]) expect(to).not.toContain(one.address);
  });

  it('opens a page that changes nothing, and one press says that all is right', async () => {
    const leanne = await somebody('Leanne Firth');
    service.clock.set(LATER);
    const secret = await secretOf(leanne);
    const before = await digest(service);
    const page = await aBrowser(service).get(`/i/${secret}`);
    expect(page.text).toContain('Leanne Firth');
    expect(page.text).toContain('Sergeant, Police');
    expect(await digest(service)).toEqual(before);
    const { sent, browser } = await press(secret, 'RIGHT');
    expect(sent.status).toBe(303);
    expect((await browser.get(`/i/${secret}`)).text).toContain('You told us that all is right');
    expect(await contactOf(leanne)).toMatchObject({ verifiedHow: 'SELF_LINK', status: 'ACTIVE' });
    expect((await contactOf(leanne)).lastVerifiedAt?.getTime()).toBeGreaterThan(LATER.getTime());
  });

  it('takes corrections behind the code: numbers at once, another address once confirmed', async () => {
    const leanne = await somebody('Leanne Firth');
    service.clock.set(LATER);
    const { browser, sent } = await press(await secretOf(leanne), 'CORRECT');
    expect(sent.headers.location).toBe('/my/details');
    expect((await browser.get('/my/details')).headers.location).toContain('/my/code');
    const ask = await browser.get('/my/code');
    service.clock.pass(0.5);
    await browser.post('/my/code/new').type('form').send(hiddenOf(ask));
    await browser
      .post('/my/code')
      .type('form')
      .send({ code: await codeIn(service, leanne), next: '/my/details' });
    const form = await browser.get('/my/details');
    service.clock.pass(0.5);
    const version = /name="version" value="(\d+)"/.exec(form.text)?.[1] ?? '';
    const email = `new${people}@police.example`;
    const saved = await browser
      .post('/my/details')
      .type('form')
      .send({ nonce: hiddenOf(form).nonce, version, name: 'Leanne Firth-Jones', phone: '01632 960999', email });
    expect(saved.headers.location).toBe('/my/details?saved=yes');
    expect(await contactOf(leanne)).toMatchObject({ name: 'Leanne Firth-Jones', email: leanne.address });
    expect((await browser.get('/my/details')).text).toContain(`You asked us to write to ${email}`);
    const rows = await service.get(WorklistService).rows(owen);
    expect(rows.map(({ kind }) => kind)).toContain('ADDRESS_CHANGED');
    const { addresses } = await service.get(UpkeepService).show(owen);
    await service.get(UpkeepService).confirm(owen, addresses[0]?.id ?? '', { confirmed: false });
    expect(await contactOf(leanne)).toMatchObject({ email, verifiedHow: 'COORDINATOR' });
  });

  it('hears that somebody has moved on: their links stop and they are doubted', async () => {
    const leanne = await somebody('Leanne Firth');
    service.clock.set(LATER);
    const secret = await secretOf(leanne);
    const { sent } = await press(secret, 'MOVED_ON');
    expect(sent.headers.location).toBe('/i/noted');
    expect((await aBrowser(service).get(`/i/${secret}`)).status).toBe(404);
    expect((await contactOf(leanne)).status).toBe('UNVERIFIED');
    const handovers = await service.look<{ signal: string }>('select signal from handover where contact_id = $1', [
      leanne.contactId,
    ]);
    expect(handovers).toEqual([{ signal: 'MOVED_ON' }]);
  });

  it('shows the overdue with date and count, after as many days as the authority says', async () => {
    const leanne = await somebody('Leanne Firth');
    service.clock.set(new Date('2027-01-11T11:00:00Z'));
    const kinds = async (): Promise<string[]> =>
      (await service.get(WorklistService).rows(owen)).map(({ kind, detail }) => `${kind}: ${detail}`);
    expect(await kinds()).not.toContain('CONTACTS_OVERDUE: One person');
    await service.get(UpkeepService).askAfter(owen, 30);
    expect(await kinds()).toContain('CONTACTS_OVERDUE: One person');
    const found = await service.get(ContactsService).search(owen, { part: 'Leanne' });
    expect(found.people[0]?.doubt).toMatchObject({ kind: 'OVERDUE' });
    expect(found.people[0]?.doubt?.words).toContain('30 November 2026');
    expect((await service.get(UpkeepService).show(owen)).people[0]?.contactId).toBe(leanne.contactId);
  });
});

describe('refuses', () => {
  it('a press that nobody could have read, and an answer that is none', async () => {
    const leanne = await somebody('Leanne Firth');
    service.clock.set(LATER);
    const secret = await secretOf(leanne);
    const sent = await aBrowser(service).post(`/i/${secret}/verification`).type('form').send({ answer: 'RIGHT' });
    expect(sent.status).toBe(422);
    expect((await press(secret, 'PERHAPS')).sent.status).toBe(422);
    expect((await contactOf(leanne)).verifiedHow).toBe('COORDINATOR');
  });

  it('a new address that almost is a colleague’s until somebody has looked', async () => {
    const leanne = await somebody('Leanne Firth');
    await service.get(ContactsService).add(owen, {
      name: 'Robin Marsh',
      email: 'robin.marsh@police.example',
      agencyId,
      postTitle: 'Inspector',
    });
    const contact = await contactOf(leanne);
    const correction = { name: contact.name, email: 'robin.marhs@police.example' };
    await expect(service.get(ContactsService).correct(owen, leanne.contactId, correction)).rejects.toMatchObject({
      code: 'NEEDS_CONFIRMATION',
    });
    const outside = { ...correction, email: 'leanne@gmail.com' };
    await expect(service.get(ContactsService).correct(owen, leanne.contactId, outside)).rejects.toMatchObject({
      code: 'NEEDS_CONFIRMATION',
    });
    await service.get(ContactsService).correct(owen, leanne.contactId, { ...outside, confirmed: true });
    expect((await contactOf(leanne)).email).toBe('leanne@gmail.com');
  });
});
