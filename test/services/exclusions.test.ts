import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type Actor } from '../../src/access/actor.js';
import { UnitOfWork } from '../../src/database/unit-of-work.js';
import { NotAllowed, NotFound } from '../../src/errors.js';
import { type Excluded } from '../../src/matters/exclusion.js';
import { ExclusionsService } from '../../src/matters/exclusions.service.js';
import { MattersService } from '../../src/matters/matters.service.js';
import { invite, liveInvitations, modulesUpToMatters, withdrawWhenExcluded } from '../support/invitations.js';
import { aCouncil, aMatter, type Council, type Placed, someone } from '../support/matters.js';
import { startService, type TestService } from '../support/service.js';

let service: TestService;
let north: Council;
let exclusions: ExclusionsService;
let matters: MattersService;
let work: UnitOfWork;
let matterId: string;

beforeAll(async () => {
  service = await startService({ root: modulesUpToMatters });
  north = await aCouncil(service);
  exclusions = service.get(ExclusionsService);
  matters = service.get(MattersService);
  work = service.get(UnitOfWork);
  withdrawWhenExcluded(service);
});

beforeEach(async () => {
  matterId = (await aMatter(service, north.priya)).id;
});

afterAll(async () => {
  await service.stop();
});

const exclude = (excluded: Excluded, given: { reason?: string; alternative?: string } = {}) =>
  exclusions.exclude(north.priya, matterId, { excluded, reason: 'IS_SUBJECT', ...given });

const ask = (who: Placed, by: Actor = north.owen): Promise<void> =>
  work.run(by, (tx) => exclusions.mayKnow(tx, matterId, { ...who, postIds: [who.postId] }));

const standing = async (who: string): Promise<string | undefined> => {
  const sql = 'select verdict from standing where matter_id = $1 and who = $2';
  return (await service.look<{ verdict: string }>(sql, [matterId, who]))[0]?.verdict;
};

const anInbox = async (agencyId: string, address: string): Promise<string> => {
  const [inbox] = await service.look<{ id: string }>(
    `insert into inbox (authority_id, id, agency_id, address, address_key)
     values ($1, gen_random_uuid(), $2, $3, lower($3)) returning id`,
    [north.id, agencyId, address],
  );
  return inbox?.id ?? '';
};

describe('an exclusion', () => {
  it('of a person says why not and whom to ask instead, and frees them when it is lifted', async () => {
    const tull = await someone(service, north, 'Graham Tull');
    const { id } = await exclude({ contactId: tull.contactId }, { alternative: 'Fiona Akande, chair of governors' });
    await expect(ask(tull)).rejects.toMatchObject({
      code: 'EXCLUDED',
      field: 'contact',
      message:
        'Graham Tull must not be told of this matter, because they are the subject. Ask instead: Fiona Akande, chair of governors.',
    });
    expect(await exclusions.list(north.owen, matterId)).toMatchObject([
      { id, name: 'Graham Tull', kind: 'PERSON', reason: 'IS_SUBJECT', addedBy: 'Priya', liftedAt: null },
    ]);
    await exclusions.lift(north.priya, matterId, id, 'The wrong Mr Tull', 1);
    await ask(tull);
    expect(await standing(`contact:${tull.contactId}`)).toBe('may_know');
    expect(await exclusions.one(north.owen, matterId, id)).toMatchObject({
      liftedReason: 'The wrong Mr Tull',
      version: 2,
    });
  });

  it('of a shared mailbox holds for every spelling of its address', async () => {
    const { agencyId } = await someone(service, north, 'Somebody Else');
    const inboxId = await anInbox(agencyId, 'Office@hillbrook.example');
    const reader = await someone(service, north, 'Reader', { address: 'OFFICE+tull@Hillbrook.example' });
    await exclude({ inboxId }, { reason: 'SHARED_INBOX_READABLE_BY_SUBJECT' });
    await expect(ask(reader)).rejects.toThrow(
      'Reader must not be told of this matter, because the subject can read the mailbox',
    );
    await ask(await someone(service, north, 'Another', { agencyId }));
  });

  it('of a post holds for who holds it now, in whatever post they are asked', async () => {
    const holder = await someone(service, north, 'Head Teacher');
    const elsewhere = await someone(service, north, 'A Club');
    await exclude({ postId: holder.postId });
    await expect(
      ask({ ...elsewhere, contactId: holder.contactId, addressKey: holder.addressKey }),
    ).rejects.toMatchObject({
      code: 'EXCLUDED',
    });
    expect(await standing(holder.addressKey)).toBe('must_not_know');
  });

  it('of a whole agency holds for its people, its mailboxes, and those told already in another post', async () => {
    const member = await someone(service, north, 'Placing Officer');
    const { agencyId } = member;
    const inboxKey = 'duty@placing.example';
    await anInbox(agencyId, inboxKey);
    const told = await someone(service, north, 'Works For Both');
    await service.look(
      `insert into holding (authority_id, id, contact_id, post_id, from_on) values ($1, gen_random_uuid(), $2, $3, '2026-02-01')`,
      [north.id, told.contactId, member.postId],
    );
    await ask(member);
    await work.run(north.owen, (tx) => exclusions.mayKnow(tx, matterId, { ...told, postIds: [told.postId] }));
    await exclude({ agencyId }, { reason: 'COLLUSION_ALLEGED' });
    for (const who of [member, told]) await expect(ask(who)).rejects.toMatchObject({ code: 'EXCLUDED' });
    expect(await standing(inboxKey)).toBe('must_not_know');
    expect(await standing(`contact:${told.contactId}`)).toBe('must_not_know');
  });

  it('lifted frees nobody whom another one still stands for', async () => {
    const tull = await someone(service, north, 'Graham Tull');
    const { id } = await exclude({ contactId: tull.contactId });
    await exclude({ postId: tull.postId });
    await exclusions.lift(north.priya, matterId, id, 'Said twice');
    await expect(ask(tull)).rejects.toMatchObject({ code: 'EXCLUDED' });
  });

  it('added late withdraws what is open and ends the access it gave, in the same moment', async () => {
    const tull = await someone(service, north, 'Graham Tull');
    await invite(service, north.owen, matterId, tull);
    await work.run(north.owen, (tx) => matters.know(tx, matterId, [tull.contactId]));
    const link: Actor = { ...north.owen, kind: 'LINK', id: tull.contactId, knowsAs: tull.contactId, roles: [] };
    expect((await matters.find(link, matterId)).id).toBe(matterId);
    await exclude({ contactId: tull.contactId });
    expect(await liveInvitations(service, matterId)).toEqual([]);
    await expect(matters.find(link, matterId)).rejects.toBeInstanceOf(NotFound);
    const rows = await service.look<{ action: string }>(
      `select action from event where matter_id = $1 and action like 'exclusion.%' order by seq`,
      [matterId],
    );
    expect(rows.map(({ action }) => action)).toEqual(['exclusion.adding', 'exclusion.added']);
  });

  it('of a member of staff ends their reading', async () => {
    const contact = await someone(service, north, 'Owen As A Contact');
    await service.look('update staff set contact_id = $1 where id = $2', [contact.contactId, north.owen.id]);
    await exclude({ contactId: contact.contactId }, { reason: 'RELATIVE' });
    await expect(matters.find(north.owen, matterId)).rejects.toBeInstanceOf(NotFound);
    await service.look('update staff set contact_id = null where id = $1', [north.owen.id]);
  });

  it('is saved and loaded as it was', async () => {
    const tull = await someone(service, north, 'Graham Tull');
    const saved = await exclude({ contactId: tull.contactId }, { alternative: 'The proprietor' });
    const loaded = await work.run(north.owen, (tx) => tx.manager.findOneByOrFail(saved.constructor, { id: saved.id }));
    expect(loaded).toEqual(saved);
  });

  it('finds people, posts, mailboxes and agencies to exclude by a part of the name', async () => {
    const { agencyId } = await someone(service, north, 'Zed Unusual');
    await anInbox(agencyId, 'unusual@zed.example');
    const found = await exclusions.search(north.owen, 'UNUSUAL');
    expect(found.map(({ kind }) => kind)).toEqual(['PERSON', 'INBOX', 'POST', 'AGENCY']);
    expect(await exclusions.search(north.owen, 'u')).toEqual([]);
    expect(await exclusions.search(north.owen, '%%')).toEqual([]);
  });
});

describe('refuses', () => {
  it('in the database to invite somebody excluded, by any of the four keys', async () => {
    const tull = await someone(service, north, 'Graham Tull');
    const other = await someone(service, north, 'Fiona Akande');
    await ask(other);
    await exclude({ contactId: tull.contactId });
    await exclude({ postId: tull.postId });
    await exclude({ agencyId: tull.agencyId });
    const ways: Partial<Placed>[] = [
      { contactId: tull.contactId, addressKey: tull.addressKey },
      { postId: tull.postId },
      { agencyId: tull.agencyId },
    ];
    for (const way of ways) {
      const writing = invite(service, north.owen, matterId, { ...other, ...way }, { asking: false });
      await expect(writing).rejects.toMatchObject({ name: 'RuleBroken', code: 'EXCLUDED' });
    }
    const twin = await someone(service, north, 'Twin', { address: tull.address.toUpperCase() });
    await service.look(
      `insert into standing select authority_id, matter_id, 'contact:' || $2::text, 'may_know' from standing
      where matter_id = $1 limit 1`,
      [matterId, twin.contactId],
    );
    const sharing = { ...other, contactId: twin.contactId, addressKey: twin.addressKey };
    await expect(invite(service, north.owen, matterId, sharing, { asking: false })).rejects.toMatchObject({
      code: 'EXCLUDED',
    });
    expect(await liveInvitations(service, matterId)).toEqual([]);
  });

  it('in the database to invite anybody who was never asked about', async () => {
    const tom = await someone(service, north, 'Tom Beck');
    const writing = invite(service, north.owen, matterId, tom, { asking: false });
    await expect(writing).rejects.toMatchObject({ code: 'EXCLUDED' });
  });

  it('in the database to exclude somebody who is still invited', async () => {
    const tom = await someone(service, north, 'Tom Beck');
    await invite(service, north.owen, matterId, tom);
    const turning = work.run(north.owen, (tx) =>
      tx.sql(`update standing set verdict = 'must_not_know' where matter_id = $1 and who = $2`, [
        matterId,
        `contact:${tom.contactId}`,
      ]),
    );
    await expect(turning).rejects.toMatchObject({ code: 'EXCLUDED' });
  });

  it('without a reason to those who may not see one', async () => {
    const tull = await someone(service, north, 'Graham Tull');
    const fiona = await someone(service, north, 'Fiona Akande');
    await exclude({ contactId: tull.contactId });
    await work.run(north.owen, (tx) => matters.know(tx, matterId, [fiona.contactId]));
    const link: Actor = { ...north.owen, kind: 'LINK', id: fiona.contactId, knowsAs: fiona.contactId, roles: [] };
    await expect(ask(tull, link)).rejects.toThrow(
      'This person cannot be invited. Ask the council whom to ask instead.',
    );
    await expect(exclusions.list(link, matterId)).rejects.toBeInstanceOf(NotAllowed);
  });

  it('somebody who cannot see the matter, and says the same of one that is not there', async () => {
    const tull = await someone(service, north, 'Graham Tull');
    const given = { excluded: { contactId: tull.contactId }, reason: 'IS_SUBJECT' };
    await expect(exclusions.exclude(north.bev, matterId, given)).rejects.toBeInstanceOf(NotFound);
    await expect(exclusions.list(north.bev, matterId)).rejects.toBeInstanceOf(NotFound);
    await expect(ask(tull, north.bev)).rejects.toBeInstanceOf(NotFound);
    await expect(exclude({ contactId: matterId })).rejects.toBeInstanceOf(NotFound);
  });

  it('the same twice, an unknown reason, its own coordinator, and lifting without a reason', async () => {
    const tull = await someone(service, north, 'Graham Tull');
    const { id } = await exclude({ contactId: tull.contactId });
    await expect(exclude({ contactId: tull.contactId })).rejects.toMatchObject({ code: 'ALREADY_EXISTS' });
    await expect(exclude({ postId: tull.postId }, { reason: 'DISLIKED' })).rejects.toMatchObject({ code: 'INVALID' });
    await expect(exclusions.lift(north.priya, matterId, id, '')).rejects.toMatchObject({ code: 'REASON_REQUIRED' });
    const priya = await someone(service, north, 'Priya As A Contact');
    await service.look('update staff set contact_id = $1 where id = $2', [priya.contactId, north.priya.id]);
    await expect(exclude({ contactId: priya.contactId })).rejects.toMatchObject({ code: 'MOVE_NOT_ALLOWED' });
    await service.look('update staff set contact_id = null where id = $1', [north.priya.id]);
    expect(await standing(`contact:${priya.contactId}`)).toBeUndefined();
  });
});
