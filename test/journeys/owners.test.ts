import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Agent, type Response } from 'supertest';
import { atConsole, type AtConsole } from '../support/console.js';
import { aKestrel, type Kestrel, type Person, theMeeting } from '../support/kestrel.js';
import { lastMail } from '../support/called-meeting.js';
import { type Placed } from '../support/matters.js';
import { everythingIn, startServiceWithMailServer } from '../support/separate-mail.js';
import { type TestService } from '../support/service.js';
import { aBrowser, hiddenOf, prove } from '../support/visitor.js';

let service: TestService;
let cast: Kestrel;
let owen: AtConsole;
let agreed: string;

beforeAll(async () => {
  service = await startServiceWithMailServer();
  cast = await aKestrel(service);
  const meeting = await theMeeting(service, cast);
  agreed = `/meetings/${meeting.id}/actions`;
  await service.mail();
  service.clock.set('2026-12-02T11:20:00Z');
  owen = await atConsole(service, cast.council.owen);
});

afterAll(async () => {
  await service.stop();
});

const placed = (person: Person): Placed => person as unknown as Placed;
const text = (answer: Response): string => answer.text.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');
const actions = (): Promise<{ id: string; ref: string; text: string; status: string; reason: string | null }[]> =>
  service.look('select id, ref, text, status, reason from action order by created_at, id');

async function agree(fields: Record<string, string>): Promise<Response> {
  await owen.get(agreed);
  return owen.post(agreed, fields);
}

/** The secret of the newest message to somebody that has a link: codes have none. */
async function secretOf(who: Person): Promise<string> {
  const withLink = (await service.mail(who.address)).findLast(({ link }) => link !== undefined);
  return withLink?.link?.split('/i/')[1] ?? '';
}

/** The page on which an owner sees one action and says something of it. */
async function ownPage(who: Person, id: string): Promise<{ browser: Agent; path: string }> {
  const browser = aBrowser(service);
  const secret = await secretOf(who);
  const first = await browser.get(`/i/${secret}`);
  expect(first.text).not.toContain('statements');
  const proved = await prove(service, browser, secret, placed(who));
  expect([proved.status, proved.headers.location]).toEqual([303, '/my']);
  return { browser, path: `/my/actions/${id}` };
}

async function tell(who: Person, id: string, said: { choice: string; words?: string }): Promise<Response> {
  const { browser, path } = await ownPage(who, id);
  const page = await browser.get(path);
  expect(page.status).toBe(200);
  const version = /name="version" value="(\d+)"/.exec(page.text)?.[1] ?? '';
  service.clock.pass(0.5);
  return browser
    .post(path)
    .type('form')
    .send({ ...hiddenOf(page), version, ...said });
}

describe('an action', () => {
  let statements: string;

  it('has one named owner and a date, and the owner hears of it in neutral words', async () => {
    const fields = { text: 'HR to get statements', owner: cast.joan.contactId, dueOn: '2026-12-04' };
    expect((await agree(fields)).status).toBe(303);
    const [action] = await actions();
    statements = action?.id ?? '';
    expect(action).toMatchObject({ status: 'ASSIGNED', text: 'HR to get statements' });
    const page = text(await owen.get(`/actions/${statements}`));
    expect(page).toContain('Joan Petty, HR manager (Kestrel Academy Trust)');
    expect(page).toContain('Friday 4 December 2026');
    const mail = await lastMail(service, placed(cast.joan));
    expect(mail.mail.subject).toContain('due Friday 4 December 2026');
    expect(everythingIn(mail)).not.toMatch(/statements|tull|hillbrook|allegation|child/i);
  });

  it('is queried by its owner from the link, and given to the right person; history shows both', async () => {
    const words = 'the investigating officer is Alan Moss';
    const queried = await tell(cast.joan, statements, { choice: 'query', words });
    expect([queried.status, queried.headers.location]).toEqual([303, `/my/actions/${statements}?told=yes`]);
    const before = await owen.get(`/actions/${statements}`);
    expect(text(before)).toContain(words);
    const version = /name="version" value="(\d+)"/.exec(before.text)?.[1] ?? '';
    const typed = await owen.post(`/actions/${statements}/owner`, { ownerName: 'moss', version });
    expect(typed.status).toBe(422);
    expect(typed.text).toContain(`value="${cast.alan.contactId}"`);
    const given = await owen.post(`/actions/${statements}/owner`, { owner: cast.alan.contactId, version });
    expect(given.status).toBe(303);
    const page = text(await owen.get(`/actions/${statements}`));
    expect(page).toContain('Alan Moss, Investigating officer (Kestrel Academy Trust)');
    expect(page).toMatch(
      /History .*Action reassigned, by Owen.*Action queried, by Joan Petty by link: the investigating officer is Alan Moss/,
    );
    const [event] = await service.look<{ details: { before: { contactId: string }; owner: { contactId: string } } }>(
      `select details from event where action = 'action.reassigned'`,
    );
    expect(event?.details).toMatchObject({
      before: { contactId: cast.joan.contactId },
      owner: { contactId: cast.alan.contactId },
    });
  });

  it('is no longer there for whoever had it before', async () => {
    const browser = aBrowser(service);
    expect((await browser.get(`/i/${await secretOf(cast.joan)}`)).status).toBe(404);
    const invitation = (await service.mail(cast.joan.address))[0]?.link?.split('/i/')[1] ?? '';
    await prove(service, browser, invitation, placed(cast.joan));
    expect((await browser.get('/my/actions')).text).not.toContain('HR to get statements');
    expect((await browser.get(`/my/actions/${statements}`)).status).toBe(404);
  });

  it('cannot be done because circumstances changed, which is no failure; another was not done, which is', async () => {
    const reason = 'witness off sick, police asked us to wait';
    const noReason = await tell(cast.alan, statements, { choice: 'notPossible' });
    expect([noReason.status, text(noReason)]).toEqual([422, expect.stringContaining('Say what changed')]);
    service.clock.pass(60);
    expect((await tell(cast.alan, statements, { choice: 'notPossible', words: reason })).status).toBe(303);

    expect(
      (await agree({ text: 'Send the chronology', owner: cast.sadia.contactId, dueOn: '2026-12-07' })).status,
    ).toBe(303);
    const chronology = (await actions()).find((one) => one.text === 'Send the chronology')?.id ?? '';
    service.clock.set('2026-12-07T22:00:00Z');
    expect(text(await owen.get('/actions?show=overdue'))).not.toContain('Send the chronology');
    service.clock.set('2026-12-08T00:05:00Z');
    owen = await atConsole(service, cast.council.owen);
    const overdue = text(await owen.get('/actions?show=overdue'));
    expect(overdue).toContain('Send the chronology');
    expect(overdue).toContain('Overdue');
    expect(overdue).not.toContain('HR to get statements');
    expect(text(await owen.get(`/actions/${chronology}`))).toContain('Overdue');
    const notDone = { choice: 'notDone', words: 'the worker left and nobody took it over' };
    expect((await tell(cast.sadia, chronology, notDone)).status).toBe(303);

    expect(await actions()).toMatchObject([
      { status: 'NOT_POSSIBLE_CIRCUMSTANCES_CHANGED', reason },
      { status: 'NOT_DONE', reason: notDone.words },
    ]);
    const all = text(await owen.get('/actions?show=all'));
    expect(all).toMatch(/HR to get statements.*(Not possible|circumstances changed)/i);
    expect(all).toMatch(/Send the chronology.*Not done/);
    expect(text(await owen.get('/actions?show=overdue'))).not.toContain('Send the chronology');
  });
});

describe('refuses', () => {
  it('an action without a date, or with “HR” or nobody as its owner, and keeps what was typed', async () => {
    const before = await actions();
    const words = 'HR to get statements';
    const noDate = await agree({ text: words, owner: cast.joan.contactId, dueOn: '' });
    expect([noDate.status, text(noDate)]).toEqual([422, expect.stringMatching(/Enter the date it is due/)]);
    expect(noDate.text).toContain(words);
    const hr = await agree({ text: words, ownerName: 'HR', dueOn: '2026-12-18' });
    expect([hr.status, text(hr)]).toEqual([422, expect.stringContaining('“HR” is not a person in the directory')]);
    expect(hr.text).toContain('Joan Petty');
    const nobody = await agree({ text: words, dueOn: '2026-12-18' });
    expect([nobody.status, text(nobody)]).toEqual([422, expect.stringContaining('Choose one named person')]);
    const nothing = await agree({ text: ' ', owner: cast.joan.contactId, dueOn: '2026-12-18' });
    expect(nothing.status).toBe(422);
    expect(await actions()).toEqual(before);
  });

  it('in the database too: no owner, no date', async () => {
    const insert = (column: string): Promise<unknown> =>
      service.look(`update action set ${column} = null where text = 'Send the chronology'`);
    for (const column of ['owner_contact_id', 'owner_agency_id', 'due_on']) {
      await expect(insert(column)).rejects.toThrow(/violates not-null constraint/);
    }
  });

  it('to close the matter while an action is open', async () => {
    await agree({ text: 'Find other employment', owner: cast.priya.contactId, dueOn: '2026-12-11' });
    const open = (await actions()).at(-1);
    const priya = await atConsole(service, cast.council.priya);
    const page = await priya.get(`/matters/${cast.matter.id}`);
    const version = /name="version" value="(\d+)"/.exec(page.text)?.[1] ?? '';
    const closure = `/matters/${cast.matter.id}/closure`;
    const refused = await priya.post(closure, { version, reason: 'Finished' });
    expect([refused.status, text(refused)]).toEqual([
      422,
      expect.stringContaining(`Some actions are still open: ${open?.ref ?? ''}. Complete or cancel each one first`),
    ]);
    expect(await service.look('select status from matter where id = $1', [cast.matter.id])).toEqual([
      { status: 'OPEN' },
    ]);
    expect((await tell(cast.priya, open?.id ?? '', { choice: 'done', words: 'None found' })).status).toBe(303);
    expect((await priya.post(closure, { version, reason: 'Finished' })).status).toBe(303);
  });

  it('somebody else’s action behind one’s own link', async () => {
    const { browser } = await ownPage(cast.sadia, '');
    for (const { id, text: words } of await actions()) {
      const page = await browser.get(`/my/actions/${id}`);
      expect([words, page.status]).toEqual([words, words === 'Send the chronology' ? 200 : 404]);
    }
  });
});
