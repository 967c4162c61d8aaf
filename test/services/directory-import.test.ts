import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type Actor } from '../../src/access/actor.js';
import { AgenciesService } from '../../src/directory/agencies.service.js';
import { ContactsService } from '../../src/directory/contacts.service.js';
import { InboxesService } from '../../src/directory/inboxes.service.js';
import { type ImportResult, PeopleImportService } from '../../src/directory/people-import.service.js';
import { NotAllowed } from '../../src/errors.js';
import { aCouncil } from '../support/matters.js';
import { startService, type TestService } from '../support/service.js';

let service: TestService;
let owen: Actor;
let imports: PeopleImportService;
let contacts: ContactsService;
let councils = 0;

const HEAD = 'name,email,phone,agency,category,post,team';
const LIST = `\ufeff${HEAD}\r
Leanne Firth,leanne@police.example,01632 960 011,Northshire Police,Police,Detective Constable,CAIU East\r
Mark Oyelaran,mark@police.example,,northshire police,,Detective Sergeant,\r
\r
"Beck, Tom",tom@nhs.example,,Northshire NHS Trust,HEALTH,Named nurse,\r
`;

beforeAll(async () => {
  service = await startService();
  imports = service.get(PeopleImportService);
  contacts = service.get(ContactsService);
});

beforeEach(async () => {
  councils += 1;
  owen = (await aCouncil(service, `council${councils}.example`)).owen;
});

afterAll(async () => {
  await service.stop();
});

async function apply(list: string, skipBad = false): Promise<ImportResult> {
  const { digest } = await imports.preview(owen, list);
  return imports.apply(owen, list, { digest, skipBad });
}

async function everybody(): Promise<[string, string | null, string | null][]> {
  const { people } = await contacts.search(owen, { everybody: true });
  return people.map(({ name, postTitle, agencyName }) => [name, postTitle, agencyName]);
}

describe('people from a list', () => {
  it('are shown before anything changes, then added with agencies, teams and posts', async () => {
    const preview = await imports.preview(owen, LIST);
    expect(preview.people.map(({ line, kind, newAgency }) => [line, kind, newAgency])).toEqual([
      [2, 'NEW', 'POLICE'],
      [3, 'NEW', 'POLICE'],
      [5, 'NEW', 'HEALTH'],
    ]);
    expect(preview.bad).toEqual([]);
    expect(await everybody()).toEqual([]);

    expect(await apply(LIST)).toEqual({ added: 3, changed: 0, unchanged: 0, skipped: 0 });
    expect(await everybody()).toEqual([
      ['Beck, Tom', 'Named nurse', 'Northshire NHS Trust'],
      ['Leanne Firth', 'Detective Constable', 'Northshire Police'],
      ['Mark Oyelaran', 'Detective Sergeant', 'Northshire Police'],
    ]);
    const { agencies } = await service.get(AgenciesService).search(owen, {});
    expect(agencies.map(({ name, category, people }) => [name, category, people])).toEqual([
      ['Northshire NHS Trust', 'HEALTH', 1],
      ['Northshire Police', 'POLICE', 2],
    ]);
  });

  it('the same list twice adds nothing, also after a team was renamed', async () => {
    await apply(LIST);
    const { agencies } = await service.get(AgenciesService).search(owen, { part: 'police' });
    const { teams } = await service.get(AgenciesService).detail(owen, agencies[0]?.id ?? '');
    await service.get(AgenciesService).renameTeam(owen, teams[0]?.id ?? '', 'Hub North');
    expect(await apply(LIST)).toEqual({ added: 0, changed: 0, unchanged: 3, skipped: 0 });
    expect(await service.look('select 1 from holding where authority_id = $1', [owen.authorityId])).toHaveLength(3);
  });

  it.each([
    ['semicolons', ';'],
    ['tabs, as cells are pasted', '\t'],
  ])('may be separated by %s, and name columns in another order', async (_, separator) => {
    const lines = [
      ['Email', 'NAME', 'Post', 'Agency', 'Category', 'Room'],
      ['joan@kestrel.example', 'Joan Petty', 'HR lead', 'Kestrel, Trust', 'Children’s social care', '3'],
    ];
    const list = lines.map((line) => line.join(separator)).join('\n');
    expect((await imports.preview(owen, list)).unused).toEqual(['Room']);
    await apply(list);
    expect(await everybody()).toEqual([['Joan Petty', 'HR lead', 'Kestrel, Trust']]);
  });

  it('known by their address are changed, and keep the posts they hold', async () => {
    await apply(LIST);
    const changed = `${HEAD}\nLeanne Firth-Ray,LEANNE@police.example,01632 960 099,Northshire Police,,Detective Sergeant,`;
    const preview = await imports.preview(owen, changed);
    expect(preview.people[0]).toMatchObject({
      kind: 'CHANGED',
      changes: [
        'Name: Leanne Firth becomes Leanne Firth-Ray',
        'Telephone: 01632 960 011 becomes 01632 960 099',
        'Also Detective Sergeant, Northshire Police',
      ],
    });
    expect(await apply(changed)).toMatchObject({ added: 0, changed: 1 });
    const { people } = await contacts.search(owen, { part: 'ray' });
    const { holdings, contact } = await contacts.detail(owen, people[0]?.contactId ?? '');
    expect(contact).toMatchObject({ email: 'leanne@police.example', phone: '01632 960 099' });
    expect(holdings.map(({ postTitle }) => postTitle).sort()).toEqual(['Detective Constable', 'Detective Sergeant']);
  });

  it('with two posts are one person', async () => {
    const list = `${HEAD}\nAlan Moss,alan@a.example,,A,HR,One,\nAlan Moss,alan@a.example,,B,LEGAL,Two,\nAlan Moss,alan@a.example,,A,,One,`;
    expect(await apply(list)).toEqual({ added: 1, changed: 1, unchanged: 1, skipped: 0 });
    const { people } = await contacts.search(owen, {});
    expect((await contacts.detail(owen, people[0]?.contactId ?? '')).holdings).toHaveLength(2);
  });

  it('marked as left have left, and the same list again changes nothing', async () => {
    await apply(LIST);
    const gone =
      'name,email,agency,post,left\nLeanne Firth,leanne@police.example,Northshire Police,Detective Constable,yes\n';
    expect(await apply(gone)).toMatchObject({ changed: 1, added: 0 });
    const found = await contacts.search(owen, { part: 'Leanne', everybody: true });
    expect(found.people.map(({ status }) => status)).toEqual(['LEFT']);
    expect(await apply(gone)).toMatchObject({ changed: 0, unchanged: 1 });
  });

  it('hundreds of them arrive in one go', async () => {
    const lines = Array.from(
      { length: 300 },
      (_, n) => `Person ${n},p${n}@a.example,,Agency ${n % 40},HEALTH,Post ${n},`,
    );
    expect(await apply([HEAD, ...lines].join('\n'))).toMatchObject({ added: 300 });
  }, 60_000);
});

describe('refuses', () => {
  it('each bad line by number, column and sentence, and adds the others only when told', async () => {
    const list = [
      HEAD,
      'Fiona Akande,fiona@a.example,,Hillbrook,Education,Chair,',
      ',a@b.test;c@evil.test,call me,,School,,',
      'Tom\u202eBeck,tom@a.example,,Hillbrook,,Nurse,',
      `${'x'.repeat(10_000)},x@a.example,,Hillbrook,,Nurse,`,
      'Caf\ufffd Owner,c@a.example,,Hillbrook,,Nurse,',
      'New Agency,n@a.example,,Unknown,,Nurse,',
      'Wrong Kind,w@a.example,,Hillbrook,Police,Nurse,',
      'Other Name,fiona@a.example,,Hillbrook,,Nurse,',
      'Too Long,t@a.example,,Hillbrook,,Nurse,East,more,and more',
    ].join('\n');
    const { bad } = await imports.preview(owen, list);
    expect(bad.map(({ line, column }) => `${line} ${column ?? ''}`)).toEqual([
      ...['3 name', '3 email', '3 phone', '3 agency', '3 category', '3 post'],
      ...['4 name', '5 name', '6 name', '7 category', '8 category', '9 email', '10 '],
    ]);
    expect(bad.every(({ message }) => /^[A-Z].+[^.]$/.test(message))).toBe(true);
    await expect(apply(list)).rejects.toMatchObject({ code: 'NEEDS_CONFIRMATION', field: 'skipBad' });
    expect(await everybody()).toEqual([]);
    expect(await apply(list, true)).toEqual({ added: 1, changed: 0, unchanged: 0, skipped: 8 });
    expect(await everybody()).toEqual([['Fiona Akande', 'Chair', 'Hillbrook']]);
  });

  it.each([
    ['nothing', '  ', 'REQUIRED'],
    ['nobody', HEAD, 'REQUIRED'],
    ['no column names', 'Tom,tom@a.example,A,Nurse', 'INVALID'],
    ['a column twice', 'name,name,email,agency,post\na,b,c@d.example,e,f', 'INVALID'],
    ['a quotation mark that stays open', `${HEAD}\n"Tom,tom@a.example,,A,HR,Nurse,`, 'INVALID'],
    ['a quotation mark in the middle', `${HEAD}\nTom "T" Beck,tom@a.example,,A,HR,Nurse,\n`, 'INVALID'],
    [
      'more than a thousand people',
      [HEAD, ...Array<string>(1001).fill('a,a@b.example,,A,HR,N,')].join('\n'),
      'TOO_LONG',
    ],
    ['more than a megabyte', `${HEAD}\n${'x'.repeat(1_000_000)}`, 'TOO_LONG'],
  ])('a list with %s', async (_, list, code) => {
    await expect(imports.preview(owen, list)).rejects.toMatchObject({ code, field: 'list' });
  });

  it('somebody who has left, a shared inbox, and an agency that has ended', async () => {
    await apply(LIST);
    const { people } = await contacts.search(owen, { part: 'mark' });
    await contacts.leave(owen, people[0]?.contactId ?? '');
    const { agencies } = await service.get(AgenciesService).search(owen, { part: 'trust' });
    const id = agencies[0]?.id ?? '';
    await service.get(InboxesService).add(owen, id, { address: 'office@nhs.example' });
    await service.get(AgenciesService).end(owen, id, { on: '2026-11-30', confirmed: true });
    const list = `${LIST}A B,office@nhs.example,,Northshire Police,,Clerk,`;
    const { bad } = await imports.preview(owen, list);
    expect(bad.map(({ line, column }) => [line, column])).toEqual([
      [3, 'name'],
      [5, 'agency'],
      [6, 'email'],
    ]);
  });

  it('to do anything else than what was shown', async () => {
    const { digest } = await imports.preview(owen, LIST);
    await apply(LIST);
    await expect(imports.apply(owen, LIST, { digest, skipBad: true })).rejects.toMatchObject({
      code: 'NOTHING_CHANGED',
    });
  });

  it('somebody who does not keep the directory', async () => {
    const chair: Actor = { ...owen, roles: ['CHAIR'] };
    await expect(imports.preview(chair, LIST)).rejects.toBeInstanceOf(NotAllowed);
    await expect(imports.apply(chair, LIST, { digest: '', skipBad: true })).rejects.toBeInstanceOf(NotAllowed);
  });
});
