import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { atConsole, type AtConsole } from '../support/console.js';
import { modulesUpToMatters } from '../support/invitations.js';
import { aCouncil, type Council, someone } from '../support/matters.js';
import { startService, type TestService } from '../support/service.js';

let service: TestService;
let north: Council;
let priya: AtConsole;
let bev: AtConsole;
let matter: string;

beforeAll(async () => {
  service = await startService({ root: modulesUpToMatters });
  north = await aCouncil(service);
  priya = await atConsole(service, north.priya);
  bev = await atConsole(service, north.bev);
  const tull = await someone(service, north, 'Graham Tull');
  await service.look(
    `insert into inbox (authority_id, id, agency_id, address, address_key)
     values ($1, gen_random_uuid(), $2, 'office@hillbrook.example', 'office@hillbrook.example')`,
    [north.id, tull.agencyId],
  );
});

afterAll(async () => {
  await service.stop();
});

const filledIn = {
  kind: 'ALLEGATION',
  neutralTitle: 'Enquiry 14',
  sensitivity: 'STANDARD',
  facts: ['POSSIBLE_OFFENCE', 'TEACHER'],
  externalIds: 'LCS-1\r\nLCS-2',
};

describe('a designated officer', () => {
  it('opens a matter', async () => {
    expect((await priya.get('/matters')).text).toContain('There is no matter yet that you may read');
    expect((await priya.get('/matters/new')).text).toContain('What is it about?');
    const answer = await priya.post('/matters', { ...filledIn, coordinatorId: north.priya.id });
    expect(answer.status).toBe(303);
    matter = answer.headers.location ?? '';
    const page = (await priya.get(matter)).text;
    expect(page).toContain('ALL-2026-0147 is open');
    expect(page).toContain('A possible criminal offence; It concerns a teacher');
    expect(page).toContain('LCS-1, LCS-2');
    expect(page).toContain(`href="${matter}/meetings/new"`);
    expect((await priya.get('/matters?search=0147&kind=ALLEGATION&status=OPEN')).text).toContain('1 matter');
    expect((await priya.get('/matters?search=nothing')).text).toContain('No matter that you may read fits this search');
  });

  it('excludes the head teacher and the office mailbox, and lifts the mailbox again', async () => {
    const found = (await priya.get(`${matter}/exclusions?q=tull`)).text;
    const excluded = /value="(PERSON:[^"]+)"/.exec(found)?.[1] ?? '';
    const answer = await priya.post(`${matter}/exclusions`, {
      q: 'tull',
      excluded,
      reason: 'IS_SUBJECT',
      alternative: 'Fiona Akande',
    });
    expect([answer.status, answer.headers.location]).toEqual([303, `${matter}/exclusions`]);
    const office = (await priya.get(`${matter}/exclusions?q=office`)).text;
    const inbox = /value="(INBOX:[^"]+)"/.exec(office)?.[1] ?? '';
    await priya.post(`${matter}/exclusions`, { excluded: inbox, reason: 'SHARED_INBOX_READABLE_BY_SUBJECT' });
    const list = (await priya.get(`${matter}/exclusions`)).text;
    expect(list).toContain('Graham Tull');
    expect(list).toContain('The subject can read this mailbox');
    const lifting =
      /href="([^"]+)">Lift<span class="govuk-visually-hidden"> the exclusion of office/.exec(list)?.[1] ?? '';
    expect((await priya.get(lifting)).text).toContain('Why may they be told now?');
    expect((await priya.post(lifting, { version: '1', reason: 'The office was moved' })).status).toBe(303);
    expect((await priya.get(`${matter}/exclusions`)).text).toContain('The office was moved');
    const page = (await priya.get(matter)).text;
    expect(page).toContain('Graham Tull: is the subject. Ask instead: Fiona Akande');
    expect(page).not.toContain('office@hillbrook.example');
  });

  it('corrects, hands over, closes and opens it again', async () => {
    await priya.get(`${matter}/edit`);
    const edited = { version: '1', neutralTitle: 'Enquiry 15', facts: 'S47', externalIds: '' };
    expect((await priya.post(`${matter}/edit`, edited)).status).toBe(303);
    expect((await priya.post(`${matter}/coordinator`, { version: '2', coordinatorId: north.owen.id })).status).toBe(
      303,
    );
    expect((await priya.post(`${matter}/closure`, { version: '3', reason: 'No further action' })).status).toBe(303);
    expect((await priya.get(matter)).text).toContain('Open this matter again');
    expect((await priya.post(`${matter}/reopening`, { version: '4', reason: 'New report' })).status).toBe(303);
    expect((await priya.post(`${matter}/readers/${north.priya.id}`, {})).headers.location).toBe('/matters');
    expect((await priya.get(matter)).status).toBe(404);
    const owen = await atConsole(service, north.owen);
    expect((await owen.get(matter)).text).toContain('Enquiry 15');
    expect((await owen.post(`${matter}/readers`, { reader: north.priya.id })).status).toBe(303);
  });
});

describe('refuses', () => {
  it('to show it, its exclusions or its existence to the other desk', async () => {
    for (const path of ['', '/exclusions', '/edit', '/exclusions?q=tull']) {
      expect((await bev.get(`${matter}${path}`)).status).toBe(404);
    }
    expect((await bev.get('/matters?search=0147')).text).toContain('No matter that you may read fits this search');
    expect((await bev.get('/matters/new')).text).not.toContain('value="ALLEGATION"');
    expect((await bev.post('/matters', { ...filledIn, coordinatorId: north.bev.id })).status).toBe(403);
    const given = { excluded: `PERSON:${north.bev.id}`, reason: 'RELATIVE' };
    expect((await bev.post(`${matter}/exclusions`, given)).status).toBe(404);
    expect((await bev.post(`${matter}/closure`, { version: '5', reason: 'Mine' })).status).toBe(404);
  });

  it('what does not fit, with a sentence by the field and what was typed', async () => {
    const answer = await priya.post('/matters', {
      neutralTitle: 'Ask a@b.example',
      sensitivity: 'STANDARD',
      kind: 'X',
    });
    expect(answer.status).toBe(422);
    expect(answer.text).toContain('Select what the matter is about');
    expect(answer.text).toContain('Select who runs the matter');
    expect(answer.text).toContain('value="Ask a@b.example"');
    const link = { ...filledIn, neutralTitle: 'www.hillbrook.example', coordinatorId: north.priya.id };
    expect((await priya.post('/matters', link)).text).toContain('Enter a title without an email or web address');
  });

  it('an exclusion without a person or a reason, and keeps the search', async () => {
    const answer = await priya.post(`${matter}/exclusions`, { q: 'tull' });
    expect(answer.status).toBe(422);
    for (const text of ['Select who must not be told', 'Select why they must not be told', 'Graham Tull']) {
      expect(answer.text).toContain(text);
    }
    const nobody = { excluded: 'PERSON:not-an-id', reason: 'IS_SUBJECT' };
    expect((await priya.post(`${matter}/exclusions`, nobody)).status).toBe(422);
  });

  it('a closure without a reason, an old version, and an id that is none', async () => {
    const empty = await priya.post(`${matter}/closure`, { version: '5', reason: ' ' });
    expect([empty.status, empty.text.includes('Enter why the matter is closed')]).toEqual([422, true]);
    expect((await priya.post(`${matter}/closure`, { version: '1', reason: 'Old page' })).status).toBe(409);
    for (const id of ['x', '00000000-0000-0000-0000-000000000000', "1'%20or%20'1'='1"]) {
      expect((await priya.get(`/matters/${id}`)).status).toBe(404);
    }
  });

  it('somebody who has not signed in', async () => {
    const answer = await service.http.get('/matters');
    expect(answer.headers.location).toContain('/sign-in');
  });
});
