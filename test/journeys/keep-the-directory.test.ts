import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { aCouncil, type Council } from '../support/matters.js';
import { startService, type TestService } from '../support/service.js';
import { fieldsOf, signedIn, type StaffBrowser } from '../support/staff-browser.js';

let service: TestService;
let north: Council;
let owen: StaffBrowser;
let leanne: string;
let police: string;

beforeAll(async () => {
  service = await startService();
  north = await aCouncil(service);
  owen = await signedIn(service, north.owen);
});

afterAll(async () => {
  await service.stop();
});

const person = {
  name: 'Leanne Firth',
  email: 'leanne.firth@police.example',
  phone: '01632 960 011',
  agencyName: 'Northshire Police',
  agencyCategory: 'POLICE',
  postTitle: 'Detective Constable',
  teamName: 'CAIU East',
};

/** Opens a form, fills some of its fields and sends it to where it goes. */
async function fill(path: string, fields: Record<string, string>): Promise<Awaited<ReturnType<StaffBrowser['post']>>> {
  const page = await owen.get(path);
  const action = /<form method="post" action="(\/directory[^"]*)"/.exec(page.text)?.[1] ?? '';
  return owen.post(action, { ...fieldsOf(page), ...fields });
}

/** The page a change leads to. */
async function follow(answer: Awaited<ReturnType<StaffBrowser['post']>>): Promise<string> {
  expect([answer.status, answer.text]).toEqual([303, expect.any(String)]);
  return (await owen.get(answer.headers.location ?? '')).text;
}

describe('a coordinator', () => {
  it('finds an empty directory that says what to do', async () => {
    expect((await owen.get('/directory')).text).toContain('Nobody is in the directory yet.');
    expect((await owen.get('/directory/agencies')).text).toContain('There is no agency yet.');
  });

  it('adds a person with a new agency in one page, and finds them', async () => {
    const answer = await fill('/directory/contacts/new', person);
    leanne = answer.headers.location ?? '';
    const page = await follow(answer);
    expect(page).toContain('Leanne Firth added to the directory');
    expect(page).toContain('A coordinator checked');
    police = /href="(\/directory\/agencies\/[^"]+)"/.exec(page)?.[1] ?? '';
    const found = await owen.get('/directory?part=police%20firth');
    expect(found.text).toContain(`href="${leanne}"`);
    expect(found.text).toContain('CAIU East');
    expect((await owen.get('/directory?part=nobody')).text).toContain('Nobody matches “nobody”');
  });

  it('corrects the address, and marks it as checked', async () => {
    expect(await follow(await fill(`${leanne}/edit`, { email: 'l.firth@police.example' }))).toContain(
      'l.firth@police.example',
    );
    const version = fieldsOf(await owen.get(leanne)).version ?? '';
    expect(await follow(await owen.post(`${leanne}/verification`, { version }))).toContain('Marked as checked today');
  });

  it('keeps the posts, teams, inboxes and deputies of an agency', async () => {
    expect(await follow(await fill(`${police}/teams`, { name: 'Hub' }))).toContain('Team Hub added');
    expect(
      await follow(await fill(`${police}/posts`, { title: 'Detective Sergeant', functions: 'OUT_OF_HOURS' })),
    ).toContain('Out of hours');
    expect(await follow(await fill(`${police}/inboxes`, { address: 'caiu@police.example' }))).toContain(
      'caiu@police.example',
    );
    const [constable, sergeant] = [
      ...(await owen.get(police)).text.matchAll(/href="(\/directory\/posts\/[^"/]+)"/g),
    ].map(([, href]) => href ?? '');
    const deputyPostId = sergeant?.split('/').at(-1) ?? '';
    expect(await follow(await fill(`${constable ?? ''}/deputies`, { deputyPostId, rank: '' }))).toContain(
      '1. Detective Sergeant',
    );
    expect(await follow(await fill(sergeant ?? '', { title: 'Detective Inspector' }))).toContain(
      '1. Detective Inspector',
    );
    expect(await follow(await fill(`${sergeant ?? ''}/ending`, { endedOn: '2026-12-01' }))).toContain('Ended');
    const [inbox] = /\/directory\/inboxes\/[^"/]+/.exec((await owen.get(police)).text) ?? [''];
    expect(await follow(await fill(inbox, { address: 'hub@police.example', restricted: 'yes' }))).toContain(
      'named people only',
    );
    expect(await follow(await fill(`${inbox}/ending`, { endedOn: '1/12/2026' }))).toContain('Inbox ended');
    const [team] = /\/directory\/teams\/[^"/]+/.exec((await owen.get(police)).text) ?? [''];
    expect(await follow(await fill(team, { name: 'Hub North' }))).toContain('formerly');
    expect(await follow(await fill(`${team}/ending`, { endedOn: '2026-12-01' }))).toContain('Team ended');
    expect(await follow(await fill(`${police}/edit`, { phone: '01632 960 000' }))).toContain('01632 960 000');
  });

  it('gives somebody another post, ends one, and sends them on leave and back', async () => {
    const another = { agencyId: police.split('/').at(-1) ?? '', postTitle: 'Duty officer', fromOn: '2026-11-30' };
    expect(await follow(await fill(`${leanne}/posts`, another))).toContain('Duty officer');
    const [ending] = /\/directory\/holdings\/[^"]+\/ending/.exec((await owen.get(leanne)).text) ?? [''];
    expect(await follow(await fill(ending, { toOn: '2026-12-31', endReason: 'SICK' }))).toContain('Long-term sickness');
    const version = () => owen.get(leanne).then((page) => fieldsOf(page).version ?? '');
    expect(await follow(await fill(`${leanne}/absence`, { fromOn: '2026-11-30' }))).toContain('On leave');
    expect(await follow(await owen.post(`${leanne}/back`, { version: await version() }))).toContain('Active');
  });

  it('merges a duplicate, and marks somebody as left after a word of warning', async () => {
    const answer = await fill('/directory/contacts/new', {
      ...person,
      email: 'l.firth@police.example',
      agencyId: police.split('/').at(-1) ?? '',
      agencyName: '',
      agencyCategory: '',
    });
    expect(answer.status).toBe(422);
    expect(answer.text).toContain('This address is right for this person');
    const duplicate =
      (await owen.post('/directory/contacts', { ...fieldsOf(answer), confirmed: 'yes' })).headers.location ?? '';
    const [merger = ''] =
      /\/directory\/contacts\/[^"]+\/merger\?into=[^"]+/.exec((await owen.get(duplicate)).text) ?? [];
    expect(await follow(await fill(merger, {}))).toContain('This is the contact that stays');
    expect((await owen.get(duplicate)).text).toContain('This was a duplicate of');
    expect((await owen.get(`${leanne}/leaving`)).text).toContain('stops working at once');
    expect(await follow(await fill(`${leanne}/leaving`, {}))).toContain('Left the agency');
    expect((await owen.get('/directory?part=firth')).text).toContain('Nobody matches');
    expect((await owen.get('/directory?part=firth&everybody=yes')).text).toContain('Leanne Firth');
    const version = fieldsOf(await owen.get(leanne)).version ?? '';
    expect(await follow(await owen.post(`${leanne}/return`, { version }))).toContain('Unverified');
  });

  it('brings people in from a list after looking at it', async () => {
    const list =
      'name;email;agency;category;post\nTom Beck;tom@nhs.example;NHS Trust;Health;Named nurse\n;x;NHS Trust;;Nurse';
    await owen.get('/directory/people-import');
    const preview = await owen.post('/directory/people-import/preview', { list });
    expect([preview.status, preview.text]).toEqual([200, expect.stringContaining('1 person to add')]);
    expect(preview.text).toContain('Enter one email address in the correct format');
    expect((await owen.get('/directory?part=beck')).text).toContain('Nobody matches');
    const fields = { ...fieldsOf(preview), list };
    const refused = await owen.post('/directory/people-import', fields);
    expect([refused.status, refused.text]).toEqual([422, expect.stringContaining('1 line cannot be taken')]);
    const page = await follow(await owen.post('/directory/people-import', { ...fields, skipBad: 'yes' }));
    expect(page).toContain('1 added, 0 changed, 0 already there, 1 left out');
    const stale = await owen.post('/directory/people-import', { ...fields, skipBad: 'yes' });
    expect([stale.status, stale.text]).toEqual([422, expect.stringContaining('has changed since you looked')]);
  });

  it('ends an agency that people still work for only after saying so', async () => {
    const [trust = ''] =
      /\/directory\/agencies\/[0-9a-f-]{36}/.exec((await owen.get('/directory/agencies?part=nhs')).text) ?? [];
    const asked = await fill(`${trust}/ending`, { endedOn: '2026-12-01' });
    expect([asked.status, asked.text]).toEqual([422, expect.stringContaining('1 person still holds a post')]);
    const page = await follow(await owen.post(`${trust}/ending`, { ...fieldsOf(asked), confirmed: 'yes' }));
    expect(page).toContain('Agency ended');
  });
});

describe('refuses', () => {
  it('bad answers by the field, keeping what was typed', async () => {
    const bad = {
      name: 'x'.repeat(10_000),
      email: 'a@b.test,c@evil.test',
      phone: '<b>',
      postTitle: '\u202etoor',
      agencyName: 'Typed & kept',
    };
    const page = await fill('/directory/contacts/new', bad);
    expect(page.status).toBe(422);
    expect(page.text).toContain('<title>Error: Add a person');
    expect(page.text).toContain('href="#name">Full name must be 120 characters or fewer');
    expect(page.text).toContain('href="#postTitle">Post has hidden characters');
    expect(page.text).toContain('value="Typed &amp; kept"');
    const address = await fill('/directory/contacts/new', { ...person, email: 'a@b.test,c@evil.test' });
    expect(address.text).toContain('href="#email">Enter one email address in the correct format');
    const kind = await fill('/directory/agencies/new', { name: 'A', category: 'COPS' });
    expect(kind.text).toContain('Select what kind of agency it is');
  });

  it('a page that is out of date, saying so', async () => {
    const stale = fieldsOf(await owen.get(`${leanne}/edit`));
    expect((await owen.post(leanne, { ...stale, phone: '01632 960 777' })).status).toBe(303);
    const page = await owen.post(leanne, { ...stale, phone: '01632 960 888' });
    expect([page.status, page.text]).toEqual([409, expect.stringContaining('This has changed since you opened it')]);
  });

  it('ids that are malformed, unknown or of another authority, all alike', async () => {
    const other = await aCouncil(service, 'southshire.example');
    const stranger = await signedIn(service, other.owen);
    for (const path of [leanne, `${leanne}/edit`, police, `${police}/ending`]) {
      expect((await stranger.get(path)).status).toBe(404);
    }
    expect((await owen.get('/directory/contacts/1')).status).toBe(404);
    expect((await owen.get(`/directory/posts/${north.id}`)).status).toBe(404);
    expect((await owen.get(leanne.replace(/.$/, (last) => (last === '0' ? '1' : '0')))).status).toBe(404);
  });

  it('a form without its token, and whoever is not signed in', async () => {
    const answer = await owen.post('/directory/contacts', { ...person, _csrf: 'made-up' });
    expect([answer.status, answer.text]).toEqual([422, expect.stringContaining('nothing has been changed')]);
    const unsigned = await service.http.get('/directory');
    expect([unsigned.status, unsigned.headers.location]).toEqual([303, '/sign-in?next=%2Fdirectory']);
  });
});
