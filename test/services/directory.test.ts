import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { type Actor } from '../../src/access/actor.js';
import { UnitOfWork } from '../../src/database/unit-of-work.js';
import { AgenciesService } from '../../src/directory/agencies.service.js';
import { Agency } from '../../src/directory/agency.js';
import { Contact } from '../../src/directory/contact.js';
import { ContactsService } from '../../src/directory/contacts.service.js';
import { Deputy } from '../../src/directory/deputy.js';
import { DeputiesService } from '../../src/directory/deputies.service.js';
import { DirectoryService } from '../../src/directory/directory.service.js';
import { Holding } from '../../src/directory/holding.js';
import { HoldingsService } from '../../src/directory/holdings.service.js';
import { Inbox } from '../../src/directory/inbox.js';
import { InboxesService } from '../../src/directory/inboxes.service.js';
import { type NewPerson } from '../../src/directory/new-people.service.js';
import { type PersonInPost } from '../../src/directory/person-in-post.js';
import { Post } from '../../src/directory/post.js';
import { PostsService } from '../../src/directory/posts.service.js';
import { Team } from '../../src/directory/team.js';
import { NotAllowed, NotFound, OutOfDate } from '../../src/errors.js';
import { aCouncil, type Council } from '../support/matters.js';
import { startService, type TestService } from '../support/service.js';

let service: TestService;
let north: Council;
let south: Council;
let owen: Actor;
let agencies: AgenciesService;
let contacts: ContactsService;
let posts: PostsService;
let holdings: HoldingsService;
let deputies: DeputiesService;
let inboxes: InboxesService;
let people = 0;

beforeAll(async () => {
  service = await startService();
  north = await aCouncil(service);
  south = await aCouncil(service, 'southshire.example');
  owen = north.owen;
  agencies = service.get(AgenciesService);
  contacts = service.get(ContactsService);
  posts = service.get(PostsService);
  holdings = service.get(HoldingsService);
  deputies = service.get(DeputiesService);
  inboxes = service.get(InboxesService);
});

afterAll(async () => {
  await service.stop();
});

/** Somebody new at an agency of their own, unless one is given. */
async function somebody(given: Partial<NewPerson> = {}): Promise<PersonInPost> {
  people += 1;
  const newAgency = { name: `Agency ${people}`, category: 'HEALTH' };
  return contacts.add(owen, {
    name: `Person ${people}`,
    email: `person${people}@agency.example`,
    postTitle: 'Named nurse',
    ...(given.agencyId === undefined && given.postId === undefined ? { newAgency } : {}),
    ...given,
  });
}

async function eventsOf(object: string): Promise<string[]> {
  const rows = await service.look<{ action: string }>('select action from event where object = $1 order by seq', [
    object,
  ]);
  return rows.map(({ action }) => action);
}

const load = <T extends object>(what: new () => T, id: string, by = owen): Promise<T> =>
  service.get(UnitOfWork).run(by, (tx) => tx.find(what, id));

describe('the directory keeps', () => {
  it('an agency as it was typed', async () => {
    const facts = { name: 'Northshire Police', category: 'POLICE', discipline: 'child abuse', phone: '01632 960 001' };
    const { id } = await agencies.add(owen, facts);
    expect(await load(Agency, id)).toMatchObject({
      ...facts,
      discipline: 'CHILD_ABUSE',
      authorityId: north.id,
      version: 1,
      emailDomains: [],
      registerKey: null,
      endedOn: null,
      createdAt: service.clock.now(),
    });
  });

  it('a team, its former names, an inbox, a post, a deputy and a holding', async () => {
    const agency = await agencies.add(owen, { name: 'Kestrel Academy Trust', category: 'EDUCATION' });
    const team = await agencies.addTeam(owen, agency.id, 'Team East');
    await agencies.renameTeam(owen, team.id, 'Hub North', 1);
    const inbox = await inboxes.add(owen, agency.id, {
      address: 'Office@Hillbrook.example',
      teamId: team.id,
      restricted: true,
    });
    const facts = { title: 'Head teacher', teamId: team.id, discipline: 'head', canDecide: false, functions: ['DSL'] };
    const head = await posts.add(owen, agency.id, facts);
    const deputyHead = await posts.add(owen, agency.id, { title: 'Deputy head' });
    const deputy = await deputies.add(owen, head.id, { postId: deputyHead.id });
    const { contactId } = await somebody({ postId: head.id, fromOn: '2026-09-01' });
    const [held] = (await contacts.detail(owen, contactId)).holdings;

    expect(await load(Team, team.id)).toMatchObject({
      name: 'Hub North',
      formerNames: ['Team East'],
      fromOn: '2026-11-30',
      toOn: null,
      version: 2,
    });
    expect(await load(Inbox, inbox.id)).toMatchObject({
      address: 'Office@Hillbrook.example',
      addressKey: 'office@hillbrook.example',
      teamId: team.id,
      restricted: true,
    });
    expect(await load(Post, head.id)).toMatchObject({
      ...facts,
      discipline: 'HEAD',
      agencyId: agency.id,
      endedOn: null,
    });
    expect(await load(Deputy, deputy.id)).toMatchObject({
      postId: head.id,
      deputyPostId: deputyHead.id,
      rank: 1,
      fromOn: '2026-11-30',
      toOn: null,
    });
    expect(await load(Holding, held?.id ?? '')).toMatchObject({
      contactId,
      postId: head.id,
      fromOn: '2026-09-01',
      toOn: null,
      endReason: null,
    });
  });

  it('a contact, who is known because a coordinator vouches for them', async () => {
    const facts = {
      name: 'Siân O’Neill',
      phone: '01632 960 002',
      mobile: '+44 7700 900 123',
      accessNeeds: 'Hearing loop',
    };
    const { contactId } = await somebody({ ...facts, email: 'Sian.ONeill+safe@Trust.example' });
    expect(await load(Contact, contactId)).toMatchObject({
      ...facts,
      email: 'Sian.ONeill+safe@Trust.example',
      addressKey: 'sian.oneill@trust.example',
      status: 'ACTIVE',
      verifiedHow: 'COORDINATOR',
      lastVerifiedAt: service.clock.now(),
      mergedInto: null,
    });
    expect(await eventsOf(`contact:${contactId}`)).toEqual(['contact.added', 'holding.started']);
  });
});

describe('a coordinator', () => {
  it('adds somebody to a post that is there, without making it twice', async () => {
    const first = await somebody();
    const second = await somebody({ agencyId: first.agencyId ?? '', postTitle: 'NAMED NURSE' });
    expect(second).toMatchObject({ postId: first.postId, agencyName: first.agencyName, category: 'HEALTH' });
  });

  it('corrects name, numbers and address, and the history has both', async () => {
    const { contactId } = await somebody();
    await contacts.correct(
      owen,
      contactId,
      { name: 'Thomas Beck', email: 'tom@other.example', phone: '01632 960 003' },
      1,
    );
    expect(await load(Contact, contactId)).toMatchObject({
      name: 'Thomas Beck',
      addressKey: 'tom@other.example',
      version: 2,
    });
    expect(await eventsOf(`contact:${contactId}`)).toEqual([
      'contact.added',
      'holding.started',
      'contact.address-changing',
      'contact.corrected',
      'contact.address-changed',
    ]);
  });

  it('marks somebody as left: their posts end today, those to come never begin, and it is told', async () => {
    const { contactId, agencyId } = await somebody({ fromOn: '2026-01-05' });
    await contacts.takeUp(owen, contactId, { agencyId: agencyId ?? '', postTitle: 'Matron' }, '2027-02-01');
    await contacts.leave(owen, contactId, 1);
    const { contact, holdings: held } = await contacts.detail(owen, contactId);
    expect(contact.status).toBe('LEFT');
    expect(held.map(({ postTitle, toOn, endReason }) => [postTitle, toOn, endReason]).sort()).toEqual([
      ['Matron', '2027-02-01', 'LEFT'],
      ['Named nurse', '2026-11-30', 'LEFT'],
    ]);
    expect((await eventsOf(`contact:${contactId}`)).slice(-2)).toEqual(['contact.left', 'handover.started']);
  });

  it('folds a duplicate into the contact that stays, who takes over its posts', async () => {
    const stays = await somebody();
    const duplicate = await somebody({ email: stays.email, confirmed: true });
    await contacts.merge(owen, duplicate.contactId, stays.contactId, 1);
    const merged = await contacts.detail(owen, duplicate.contactId);
    expect(merged.contact).toMatchObject({ status: 'MERGED', mergedInto: stays.contactId });
    expect(merged.mergedInto?.name).toBe(stays.name);
    const { holdings: held } = await contacts.detail(owen, stays.contactId);
    expect(
      held
        .filter(({ toOn }) => toOn === null)
        .map(({ agencyName }) => agencyName)
        .sort(),
    ).toEqual([stays.agencyName, duplicate.agencyName].sort());
  });

  it('ends a holding with a date and a reason, on whose day it is over', async () => {
    const { contactId } = await somebody({ fromOn: '2026-03-01' });
    const [held] = (await contacts.detail(owen, contactId)).holdings;
    await holdings.end(owen, held?.id ?? '', { on: '2026-11-30', reason: 'MATERNITY' }, 1);
    const [found] = await service
      .get(UnitOfWork)
      .run(owen, (tx) => service.get(DirectoryService).findForInviting(tx, [{ contactId }]));
    expect(found).toMatchObject({ contactId, postId: null, agencyId: null, category: null, canDecide: true });
  });

  it('ends an agency with its posts once that is confirmed', async () => {
    const { contactId, agencyId, agencyName } = await somebody();
    const id = agencyId ?? '';
    await expect(agencies.end(owen, id, { on: '2026-12-31' }, 1)).rejects.toMatchObject({ code: 'NEEDS_CONFIRMATION' });
    await agencies.end(owen, id, { on: '2026-12-31', confirmed: true }, 1);
    const { agency, posts: ended } = await agencies.detail(owen, id);
    expect([agency.endedOn, ended[0]?.endedOn]).toEqual(['2026-12-31', '2026-12-31']);
    expect((await contacts.detail(owen, contactId)).holdings[0]).toMatchObject({
      agencyName,
      toOn: '2026-12-31',
      endReason: 'RESTRUCTURE',
    });
  });
});

describe('refuses', () => {
  it.each([
    ['two addresses in one', { email: 'a@b.test,c@evil.test' }, 'INVALID_EMAIL', 'email'],
    ['an address with a line break', { email: 'a@b.test\r\nBcc: c@evil.test' }, 'INVALID_EMAIL', 'email'],
    ['no address', { email: ' ' }, 'REQUIRED', 'email'],
    ['a name of 10,000 characters', { name: 'x'.repeat(10_000) }, 'TOO_LONG', 'name'],
    ['a name with a control character', { name: 'Tom\u0007Beck' }, 'UNSAFE_TEXT', 'name'],
    ['a name that turns the line round', { name: 'Tom \u202eBeck' }, 'UNSAFE_TEXT', 'name'],
    ['a name with a direction mark', { name: 'Tom\u200fBeck' }, 'UNSAFE_TEXT', 'name'],
    ['a name with a line break', { name: 'Tom\nBeck' }, 'UNSAFE_TEXT', 'name'],
    ['a name with an address in it', { name: 'Tom tom@evil.test' }, 'UNSAFE_TEXT', 'name'],
    ['no name', { name: '' }, 'REQUIRED', 'name'],
    ['words for a telephone number', { phone: 'ring the office' }, 'INVALID', 'phone'],
    [
      'a kind of agency that does not exist',
      { newAgency: { name: 'New', category: 'SCHOOL' } },
      'INVALID',
      'agencyCategory',
    ],
    ['an agency without a name', { newAgency: { name: '', category: 'POLICE' } }, 'REQUIRED', 'agencyName'],
    ['no agency', { newAgency: undefined }, 'REQUIRED', 'agencyId'],
    ['no post', { postTitle: '' }, 'REQUIRED', 'postTitle'],
    ['a post with a hidden character', { postTitle: 'Head\u2066' }, 'UNSAFE_TEXT', 'postTitle'],
    ['a day that does not exist', { fromOn: '2026-02-30' }, 'INVALID_DATE', 'fromOn'],
  ])('%s, and writes nothing', async (_, given, code, field) => {
    const rows = () =>
      service.look(
        'select (select count(*) from contact) + (select count(*) from agency) + (select count(*) from event) as n',
      );
    const before = await rows();
    await expect(somebody(given)).rejects.toMatchObject({ name: 'RuleBroken', code, field });
    expect(await rows()).toEqual(before);
  });

  it('an address somebody has, or that a shared inbox is, until it is confirmed', async () => {
    const { email, agencyId } = await somebody();
    await inboxes.add(owen, agencyId ?? '', { address: 'duty@agency.example' });
    const needed = { code: 'NEEDS_CONFIRMATION', field: 'email' };
    await expect(somebody({ email: email.toUpperCase() })).rejects.toMatchObject(needed);
    await expect(somebody({ email: 'duty+tom@agency.example' })).rejects.toMatchObject(needed);
    await expect(somebody({ email: 'tom@xn--northshre-9cb.example' })).rejects.toMatchObject(needed);
    expect(await somebody({ email, confirmed: true })).toMatchObject({ email });
  });

  it('moves that are not in the table', async () => {
    const { contactId } = await somebody();
    await contacts.leave(owen, contactId);
    await expect(contacts.leave(owen, contactId)).rejects.toMatchObject({ code: 'MOVE_NOT_ALLOWED' });
    await expect(contacts.verify(owen, contactId)).rejects.toMatchObject({ code: 'MOVE_NOT_ALLOWED' });
    await expect(contacts.takeUp(owen, contactId, { postTitle: 'Nurse' }, '2026-12-01')).rejects.toMatchObject({
      code: 'CONTACT_HAS_LEFT',
    });
    await contacts.comeBack(owen, contactId);
    expect((await load(Contact, contactId)).status).toBe('UNVERIFIED');
  });

  it('anything more for a contact that was merged, and merging into oneself or somebody who left', async () => {
    const [one, other, gone] = [await somebody(), await somebody(), await somebody()];
    await contacts.leave(owen, gone.contactId);
    await expect(contacts.merge(owen, one.contactId, one.contactId)).rejects.toMatchObject({ code: 'INVALID' });
    await expect(contacts.merge(owen, one.contactId, gone.contactId)).rejects.toMatchObject({
      code: 'CONTACT_HAS_LEFT',
    });
    await contacts.merge(owen, one.contactId, other.contactId);
    const again = { name: one.name, email: one.email };
    await expect(contacts.correct(owen, one.contactId, again)).rejects.toMatchObject({ code: 'CONTACT_MERGED' });
    await expect(contacts.leave(owen, one.contactId)).rejects.toMatchObject({ code: 'MOVE_NOT_ALLOWED' });
  });

  it('a page that is out of date, and the second of two coordinators at once', async () => {
    const { contactId, email } = await somebody();
    const correct = (name: string) => contacts.correct(owen, contactId, { name, email }, 1);
    const both = await Promise.allSettled([correct('First Name'), correct('Second Name')]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    await expect(correct('Third Name')).rejects.toBeInstanceOf(OutOfDate);
  });

  it('two coordinators who add the same person at once', async () => {
    const agency = await agencies.add(owen, { name: 'Agency of both', category: 'HR' });
    const person = { name: 'Joan Petty', email: 'joan@kestrel.example', agencyId: agency.id, postTitle: 'HR lead' };
    const both = await Promise.allSettled([contacts.add(owen, person), contacts.add(north.priya, person)]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(await service.look(`select 1 from contact where name = 'Joan Petty'`)).toHaveLength(1);
  });

  it('what is there already', async () => {
    const { contactId, agencyId, postId } = await somebody();
    const id = agencyId ?? '';
    await agencies.addTeam(owen, id, 'East');
    await inboxes.add(owen, id, { address: 'east@agency.example' });
    const there = { code: 'ALREADY_EXISTS' };
    const name = (await agencies.detail(owen, id)).agency.name.toUpperCase();
    await expect(agencies.add(owen, { name, category: 'POLICE' })).rejects.toMatchObject(there);
    await expect(agencies.addTeam(owen, id, 'EAST')).rejects.toMatchObject(there);
    await expect(posts.add(owen, id, { title: 'named NURSE' })).rejects.toMatchObject(there);
    await expect(inboxes.add(owen, id, { address: 'East+x@agency.example' })).rejects.toMatchObject(there);
    await expect(contacts.takeUp(owen, contactId, { postId: postId ?? '' }, '2027-01-01')).rejects.toMatchObject(there);
  });

  it('the id of another authority as if it were not there', async () => {
    const { contactId, agencyId, postId } = await somebody();
    const there = south.owen;
    await expect(contacts.detail(there, contactId)).rejects.toBeInstanceOf(NotFound);
    await expect(contacts.leave(there, contactId)).rejects.toBeInstanceOf(NotFound);
    await expect(agencies.detail(there, agencyId ?? '')).rejects.toBeInstanceOf(NotFound);
    await expect(posts.correct(there, postId ?? '', { title: 'Mine now' })).rejects.toBeInstanceOf(NotFound);
    await expect(
      contacts.add(there, { name: 'A B', email: 'a@b.example', postId: postId ?? '' }),
    ).rejects.toBeInstanceOf(NotFound);
    await expect(contacts.detail(owen, randomUUID())).rejects.toBeInstanceOf(NotFound);
  });

  it('changes by somebody who only chairs', async () => {
    const chair: Actor = { ...owen, roles: ['CHAIR'] };
    const { contactId } = await somebody();
    await expect(contacts.leave(chair, contactId)).rejects.toBeInstanceOf(NotAllowed);
    await expect(agencies.add(chair, { name: 'Mine', category: 'OTHER' })).rejects.toBeInstanceOf(NotAllowed);
    expect((await contacts.detail(chair, contactId)).contact.id).toBe(contactId);
  });
});
