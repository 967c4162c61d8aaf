import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { type Agent } from 'supertest';
import { Action } from '../../src/actions/action.js';
import { ActionsService } from '../../src/actions/actions.service.js';
import { UnitOfWork } from '../../src/database/unit-of-work.js';
import { type Meeting } from '../../src/meetings/meeting.js';
import { lastMail } from '../support/called-meeting.js';
import { type Placed, someone } from '../support/matters.js';
import { aCast, aMeeting, type Cast } from '../support/meetings.js';
import { startService, type TestService } from '../support/service.js';
import { fieldsOf, signedIn, type StaffBrowser } from '../support/staff-browser.js';
import { aBrowser, digest, prove } from '../support/visitor.js';

const TEXT = 'Get the statements of <the staff>';

let service: TestService;
let cast: Cast;
let meeting: Meeting;
let joan: Placed;
let alan: Placed;
let owen: StaffBrowser;
let path: string;

beforeAll(async () => {
  service = await startService();
  cast = await aCast(service);
  joan = await someone(service, cast.council, 'Joan Petty', { category: 'HR' });
  alan = await someone(service, cast.council, 'Alan Moss', { agencyId: joan.agencyId });
  meeting = await aMeeting(service, cast);
  path = `/meetings/${meeting.id}/actions`;
  service.clock.set('2026-12-02T11:30:00Z');
  owen = await signedIn(service, cast.council.owen);
});

afterAll(async () => {
  await service.stop();
});

async function newAction(owner = joan): Promise<Action> {
  return service.get(ActionsService).agree(cast.council.owen, meeting.id, {
    text: TEXT,
    owner: { contactId: owner.contactId },
    dueOn: '2026-12-04',
  });
}

async function stored(id: string): Promise<Action> {
  return service.get(UnitOfWork).run(cast.council.owen, (tx) => tx.find(Action, id));
}

describe('the coordinator’s pages', () => {
  it('list nothing with a sentence that says where actions come from', async () => {
    const page = await owen.get('/actions');
    expect(page.status).toBe(200);
    expect(page.text).toContain('There are no open actions');
  });

  it('refuse "HR" as the owner and offer the people it finds; with a person chosen the action is kept', async () => {
    const first = await owen.get(path);
    expect(first.text).toContain('Leanne Firth');
    const typed = { text: TEXT, ownerName: 'petty', dueOn: '2026-12-04' };
    const refused = await owen.post(path, typed);
    expect(refused.status).toBe(422);
    expect(refused.text).toContain('“petty” is not a person in the directory');
    expect(refused.text).toContain(`value="${joan.contactId}"`);
    expect(refused.text).toContain('Get the statements of &lt;the staff&gt;');
    const kept = await owen.post(path, { ...typed, owner: joan.contactId });
    expect([kept.status, kept.headers.location]).toEqual([303, path]);
    const page = await owen.get(path);
    expect(page.text).toMatch(/Action ACT-2026-\d{4} recorded/);
    expect(page.text).toContain('Joan Petty');
  });

  it('say by each field what is missing', async () => {
    await owen.get(path);
    const { status, text } = await owen.post(path, {});
    expect(status).toBe(422);
    expect(text).toContain('Enter what is to be done');
    expect(text).toContain('Enter the date it is due');
    const noOwner = await owen.post(path, { text: TEXT, dueOn: '4/12/2026' });
    expect(noOwner.text).toContain('Choose one named person who owns the action');
  });

  it('show one action with everything that can be done about it, and its history', async () => {
    const { id } = await newAction();
    const page = await owen.get(`/actions/${id}`);
    expect(page.text).toContain('Action assigned, by Owen');
    const { version = '' } = fieldsOf(page);
    const moved = { dueOn: '2026-12-11', dateReason: 'Witness away', version };
    expect((await owen.post(`/actions/${id}/due-date`, moved)).status).toBe(303);
    expect((await owen.post(`/actions/${id}/due-date`, { ...moved, dueOn: '2026-12-14' })).status).toBe(409);
    const fields = fieldsOf(await owen.get(`/actions/${id}`));
    const without = await owen.post(`/actions/${id}/cancellation`, { version: fields.version ?? '' });
    expect([without.status, without.text.includes('href="#cancelReason"')]).toEqual([422, true]);
    const given = await owen.post(`/actions/${id}/owner`, { version: fields.version ?? '', owner: alan.contactId });
    expect(given.status).toBe(303);
    const after = await owen.get(`/actions/${id}`);
    expect(after.text).toContain('Alan Moss');
    expect(after.text).toContain('Action reassigned, by Owen');
    expect((await owen.post(`/actions/${id}/message`, {})).status).toBe(303);
    const { version: latest = '' } = fieldsOf(await owen.get(`/actions/${id}`));
    expect(
      (await owen.post(`/actions/${id}/cancellation`, { version: latest, cancelReason: 'Not wanted' })).status,
    ).toBe(303);
    expect((await stored(id)).status).toBe('CANCELLED');
  });

  it('close or return what the owner says is done', async () => {
    const { id } = await newAction();
    await service.look(`update action set status = 'DONE', verdict = null where id = $1`, [id]);
    const { version = '' } = fieldsOf(await owen.get(`/actions/${id}`));
    const returned = await owen.post(`/actions/${id}/return`, { version, returnReason: 'Two are missing' });
    expect(returned.status).toBe(303);
    await service.look(`update action set status = 'DONE', verdict = null where id = $1`, [id]);
    const { version: next = '' } = fieldsOf(await owen.get(`/actions/${id}`));
    expect((await owen.post(`/actions/${id}/verification`, { version: next })).status).toBe(303);
    expect((await stored(id)).status).toBe('VERIFIED');
  });

  it('filter by agency, by whose they are and by overdue', async () => {
    service.clock.set('2026-12-07T09:00:00Z');
    const overdue = await owen.get(`/actions?show=overdue&agency=${joan.agencyId}&mine=yes`);
    expect(overdue.text).toContain('Overdue');
    expect(overdue.text).toContain('Joan Petty');
    expect((await owen.get(`/actions?agency=${cast.tom.agencyId}`)).text).toContain('No action fits this choice');
    expect((await owen.get('/actions?show=x&agency=x&page=-1')).status).toBe(200);
    service.clock.set('2026-12-02T11:30:00Z');
  });

  it('have the actions of a matter and of a meeting on their pages', async () => {
    await newAction();
    const matter = await owen.get(`/matters/${cast.matter.id}`);
    expect(matter.text).toContain('Get the statements of &lt;the staff&gt;');
    const ofMeeting = await owen.get(`/meetings/${meeting.id}`);
    expect(ofMeeting.text).toContain('Record an action');
  });

  it('are not there for who may not know of the matter, and for ids of nothing', async () => {
    const { id } = await newAction();
    const bev = await signedIn(service, cast.council.bev);
    expect((await bev.get(`/actions/${id}`)).status).toBe(404);
    expect((await bev.get('/actions')).text).not.toContain('Joan Petty');
    expect((await owen.get(`/actions/${randomUUID()}`)).status).toBe(404);
    expect((await owen.get('/actions/x')).status).toBe(404);
  });
});

describe('the owner’s pages', () => {
  let action: Action;
  let browser: Agent;
  let secret: string;

  beforeAll(async () => {
    action = await newAction(alan);
    ({ secret } = await lastMail(service, alan));
    browser = aBrowser(service);
  });

  it('show reference and date by the link alone, and change nothing by being read', async () => {
    const before = await digest(service);
    const page = await browser.get(`/i/${secret}`);
    expect(page.status).toBe(200);
    expect(page.text).toContain(`${action.ref}, due Friday 4 December 2026`);
    expect(page.text).toContain(`Multi-agency meeting ${cast.matter.ref}`);
    for (const word of ['statements', 'Alan', 'Moss', 'Agency']) expect(page.text).not.toContain(word);
    await browser.head(`/i/${secret}`);
    expect((await browser.get(`/my/actions/${action.id}`)).status).toBe(403);
    expect(await digest(service)).toEqual(before);
  });

  it('ask for the code before they say what is to be done', async () => {
    const onward = await browser.post(`/i/${secret}`);
    expect(onward.headers.location).toBe(`/my/actions/${action.id}`);
    const unproved = await browser.get(`/my/actions/${action.id}`);
    expect([unproved.status, unproved.headers.location]).toEqual([303, expect.stringContaining('/my/code')]);
    await prove(service, browser, secret, alan);
    const page = await browser.get(`/my/actions/${action.id}`);
    expect(page.text).toContain('Get the statements of &lt;the staff&gt;');
    expect(page.text).not.toContain('checked');
    expect((await browser.get('/my')).text).toContain(action.ref);
    expect((await browser.get('/my/actions')).text).toContain(action.ref);
  });

  async function tell(fields: Record<string, string>): Promise<{ status: number; text: string }> {
    const page = await browser.get(`/my/actions/${action.id}`);
    const { nonce = '', version = '' } = fieldsOf(page);
    service.clock.pass(0.5);
    return browser
      .post(`/my/actions/${action.id}`)
      .type('form')
      .send({ nonce, version, ...fields });
  }

  it('refuse an empty choice, a reason that is missing, a form without its nonce and somebody else’s action', async () => {
    expect((await tell({})).text).toContain('Select what you want to tell us');
    const noReason = await tell({ choice: 'query' });
    expect(noReason.status).toBe(422);
    expect(noReason.text).toContain('href="#words"');
    expect((await tell({ choice: 'accept', nonce: 'x' })).status).toBe(422);
    expect((await tell({ choice: 'accept', version: '99' })).status).toBe(409);
    const [others] = await service.look<{ id: string }>(`select id from action where owner_contact_id = $1`, [
      joan.contactId,
    ]);
    expect((await browser.get(`/my/actions/${others?.id ?? ''}`)).status).toBe(404);
    expect((await stored(action.id)).status).toBe('ASSIGNED');
  });

  it('take what the owner says, and the coordinator sees it', async () => {
    expect((await tell({ choice: 'accept' })).status).toBe(303);
    expect((await tell({ choice: 'progress' })).status).toBe(303);
    expect((await tell({ choice: 'done', words: 'Sent on Thursday' })).status).toBe(303);
    const done = await stored(action.id);
    expect(done).toMatchObject({ status: 'DONE', doneNote: 'Sent on Thursday' });
    const page = await owen.get(`/actions/${action.id}`);
    expect(page.text).toContain('Sent on Thursday');
    expect(page.text).toContain('Action done, by Alan Moss by link');
    expect((await tell({ choice: 'accept' })).status).toBe(422);
  });
});
