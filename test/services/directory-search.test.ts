import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Actor } from '../../src/access/actor.js';
import { UnitOfWork } from '../../src/database/unit-of-work.js';
import { AgenciesService } from '../../src/directory/agencies.service.js';
import { ContactsService } from '../../src/directory/contacts.service.js';
import { DirectoryService } from '../../src/directory/directory.service.js';
import { HoldingsService } from '../../src/directory/holdings.service.js';
import { mustBeAskable, type PersonInPost } from '../../src/directory/person-in-post.js';
import { PostsService } from '../../src/directory/posts.service.js';
import { NotAllowed } from '../../src/errors.js';
import { aCouncil, type Council } from '../support/matters.js';
import { startService, type TestService } from '../support/service.js';

let service: TestService;
let north: Council;
let owen: Actor;
let contacts: ContactsService;
let leanne: PersonInPost;
let mark: PersonInPost;
let gone: PersonInPost;

beforeAll(async () => {
  service = await startService();
  north = await aCouncil(service);
  owen = north.owen;
  contacts = service.get(ContactsService);
  const police = await service
    .get(AgenciesService)
    .add(owen, { name: 'Northshire Police', category: 'POLICE', discipline: 'child abuse' });
  const agencyId = police.id;
  const team = await service.get(AgenciesService).addTeam(owen, agencyId, 'CAIU East');
  leanne = await contacts.add(owen, {
    name: 'Leanne Firth',
    email: 'leanne.firth@northshire.police.example',
    agencyId,
    postTitle: 'Detective Constable',
    teamName: 'caiu east',
  });
  mark = await contacts.add(owen, {
    name: 'Mark Oyelaran',
    email: 'mark@northshire.police.example',
    agencyId,
    postTitle: 'Detective Sergeant',
  });
  gone = await contacts.add(owen, { name: 'Ann Firth', email: 'ann@school.example', agencyId, postTitle: 'Clerk' });
  await contacts.add(owen, {
    name: 'Siân O’Neill',
    email: 'sian@trust.example',
    newAgency: { name: 'Northshire NHS Trust', category: 'HEALTH' },
    postTitle: 'Named nurse 100%',
  });
  await contacts.leave(owen, gone.contactId);
  await service.get(AgenciesService).renameTeam(owen, team.id, 'Vulnerability Hub North');
});

afterAll(async () => {
  await service.stop();
});

async function found(part: string, everybody = false): Promise<string[]> {
  const { people } = await contacts.search(owen, { part, everybody });
  return people.map(({ name }) => name);
}

const inTx = <T>(
  ask: (directory: DirectoryService, tx: Parameters<DirectoryService['peopleOf']>[0]) => Promise<T>,
): Promise<T> => service.get(UnitOfWork).run(owen, (tx) => ask(service.get(DirectoryService), tx));

describe('people are found', () => {
  it.each([
    ['the start of a name', 'lea', ['Leanne Firth']],
    ['a part of a surname', 'yelar', ['Mark Oyelaran']],
    ['capitals as they come', 'FIRTH', ['Leanne Firth']],
    ['a post', 'sergeant', ['Mark Oyelaran']],
    ['an agency', 'north police', ['Leanne Firth', 'Mark Oyelaran']],
    ['a name and an agency in any order', 'police firth', ['Leanne Firth']],
    ['the name a team has now', 'hub north', ['Leanne Firth']],
    ['the name a team had', 'caiu', ['Leanne Firth']],
    ['an address', 'sian@trust', ['Siân O’Neill']],
    ['another kind of apostrophe', "o'neill", ['Siân O’Neill']],
    ['a per cent sign, which stands for itself', '100%', ['Siân O’Neill']],
    ['nothing that is there', 'f_rth', []],
  ])('by %s', async (_, part, names) => {
    expect(await found(part)).toEqual(names);
  });

  it('with those whose name starts with it first', async () => {
    expect(await found('n')).toEqual(['Leanne Firth', 'Mark Oyelaran', 'Siân O’Neill']);
    expect(await found('s')).toEqual(['Siân O’Neill', 'Leanne Firth', 'Mark Oyelaran']);
    expect(await found('o')).toEqual(['Mark Oyelaran', 'Siân O’Neill', 'Leanne Firth']);
  });

  it('in order of name when nothing is typed, a page at a time', async () => {
    expect(await found('')).toEqual(['Leanne Firth', 'Mark Oyelaran', 'Siân O’Neill']);
    const page = await contacts.search(owen, { limit: 2, offset: 0 });
    expect([page.people.length, page.more]).toEqual([2, true]);
    const rest = await contacts.search(owen, { limit: 2, offset: 2 });
    expect([rest.people.map(({ name }) => name), rest.more]).toEqual([['Siân O’Neill'], false]);
  });

  it('after they have left only when asked for', async () => {
    expect(await found('ann')).toEqual(['Leanne Firth']);
    expect(await found('ann', true)).toEqual(['Ann Firth', 'Leanne Firth']);
  });

  it('with their post and agency, and the discipline of the agency where the post has none', async () => {
    const { people } = await contacts.search(owen, { part: 'leanne' });
    expect(people[0]).toMatchObject({
      contactId: leanne.contactId,
      postTitle: 'Detective Constable',
      teamName: 'Vulnerability Hub North',
      agencyName: 'Northshire Police',
      category: 'POLICE',
      discipline: 'CHILD_ABUSE',
      canDecide: true,
      status: 'ACTIVE',
    });
  });
});

describe('for inviting', () => {
  it('come in the order asked, with the post chosen for them', async () => {
    const other = { agencyId: mark.agencyId ?? '', postTitle: 'Duty inspector' };
    await contacts.takeUp(owen, mark.contactId, other, '2026-11-30');
    const chosen = [
      { contactId: mark.contactId, postId: mark.postId },
      { contactId: leanne.contactId },
      { contactId: mark.contactId },
    ];
    const people = await inTx((directory, tx) => directory.findForInviting(tx, chosen));
    expect(people.map(({ name, postTitle }) => [name, postTitle])).toEqual([
      ['Mark Oyelaran', 'Detective Sergeant'],
      ['Leanne Firth', 'Detective Constable'],
      ['Mark Oyelaran', 'Duty inspector'],
    ]);
  });

  it('are found by category, by agency and by post', async () => {
    const ofHealth = await inTx((directory, tx) => directory.peopleOfCategories(tx, ['HEALTH', 'HR']));
    expect(ofHealth.map(({ name }) => name)).toEqual(['Siân O’Neill']);
    const police = await inTx((directory, tx) => directory.peopleOf(tx, leanne.agencyId ?? ''));
    expect(new Set(police.map(({ name }) => name))).toEqual(new Set(['Leanne Firth', 'Mark Oyelaran']));
    const holders = await inTx((directory, tx) => directory.holdersOf(tx, [leanne.postId ?? '']));
    expect(holders.map(({ name }) => name)).toEqual(['Leanne Firth']);
  });
});

describe('agencies', () => {
  it('are found by part of a name, with how many work there', async () => {
    const { agencies } = await service.get(AgenciesService).search(owen, { part: 'polic' });
    expect(agencies).toMatchObject([{ name: 'Northshire Police', people: 2 }]);
  });

  it('show posts with who holds them, and nobody who has left', async () => {
    const { posts, teams } = await service.get(AgenciesService).detail(owen, leanne.agencyId ?? '');
    const held = Object.fromEntries(posts.map(({ title, holders }) => [title, holders.map(({ name }) => name)]));
    expect(held).toMatchObject({ Clerk: [], 'Detective Constable': ['Leanne Firth'] });
    expect(teams).toMatchObject([{ name: 'Vulnerability Hub North', formerNames: ['CAIU East'] }]);
  });
});

describe('deputies', () => {
  it('are not asked once they have left', async () => {
    const post = await service.get(PostsService).add(owen, leanne.agencyId ?? '', { title: 'Superintendent' });
    expect(await inTx((directory, tx) => directory.deputiesOf(tx, post.id))).toEqual([]);
    await service
      .get(HoldingsService)
      .start(owen, { contactId: leanne.contactId, postId: post.id, fromOn: '2027-01-01' });
    expect(await inTx((directory, tx) => directory.holdersOf(tx, [post.id]))).toEqual([]);
  });
});

describe('refuses', () => {
  it('to invite somebody who has left or holds no post', async () => {
    const people = await inTx((directory, tx) => directory.findForInviting(tx, [{ contactId: gone.contactId }]));
    expect(people).toHaveLength(1);
    for (const left of people) {
      expect(() => mustBeAskable(left)).toThrow(expect.objectContaining({ code: 'CONTACT_HAS_LEFT' }));
    }
    const nobody = { ...leanne, agencyId: null };
    expect(() => mustBeAskable(nobody)).toThrow(expect.objectContaining({ code: 'REQUIRED' }));
  });

  it('to look people up for a partner’s system or the holder of a link', async () => {
    for (const kind of ['PARTNER', 'LINK'] as const) {
      await expect(contacts.search({ ...owen, kind }, { part: 'a' })).rejects.toBeInstanceOf(NotAllowed);
    }
  });

  it('to show one authority the people of another', async () => {
    const south = await aCouncil(service, 'southshire.example');
    expect((await contacts.search(south.owen, { everybody: true })).people).toEqual([]);
    expect((await contacts.search(south.owen, { part: 'firth', everybody: true })).people).toEqual([]);
  });
});
