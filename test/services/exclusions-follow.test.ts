import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { UnitOfWork } from '../../src/database/unit-of-work.js';
import { ContactsService } from '../../src/directory/contacts.service.js';
import { HoldingsService } from '../../src/directory/holdings.service.js';
import { InboxesService } from '../../src/directory/inboxes.service.js';
import { ExclusionsService } from '../../src/matters/exclusions.service.js';
import { invite, liveInvitations, modulesUpToMatters, withdrawWhenExcluded } from '../support/invitations.js';
import { aCouncil, aMatter, type Council, type Placed, someone } from '../support/matters.js';
import { startService, type TestService } from '../support/service.js';

let service: TestService;
let north: Council;
let exclusions: ExclusionsService;
let contacts: ContactsService;
let matterId: string;
let number = 0;

beforeAll(async () => {
  service = await startService({ root: modulesUpToMatters });
  north = await aCouncil(service);
  exclusions = service.get(ExclusionsService);
  contacts = service.get(ContactsService);
  withdrawWhenExcluded(service);
});

beforeEach(async () => {
  number += 1;
  matterId = (await aMatter(service, north.priya)).id;
});

afterAll(async () => {
  await service.stop();
});

const exclude = (excluded: Parameters<ExclusionsService['exclude']>[2]['excluded']) =>
  exclusions.exclude(north.priya, matterId, { excluded, reason: 'IS_SUBJECT' });

const ask = (who: Placed): Promise<void> =>
  service.get(UnitOfWork).run(north.owen, (tx) => exclusions.mayKnow(tx, matterId, { ...who, postIds: [who.postId] }));

/** Bev keeps the directory, and sees nothing of an allegation. */
const move = (who: Placed, name: string, email: string) => contacts.correct(north.bev, who.contactId, { name, email });

describe('an exclusion follows the directory, whoever keeps it', () => {
  it('to a new address of whoever is excluded', async () => {
    const tull = await someone(service, north, 'Graham Tull', { address: `tull${number}@hillbrook.example` });
    await exclude({ contactId: tull.contactId });
    await move(tull, 'Graham Tull', `home${number}@tull.example`);
    const wife = await someone(service, north, 'Mrs Tull', { address: `HOME${number}+x@tull.example` });
    await expect(ask(wife)).rejects.toMatchObject({ code: 'EXCLUDED' });
  });

  it('to whoever takes up an excluded post, and withdraws what they were sent', async () => {
    const head = await someone(service, north, 'Head Teacher');
    const deputy = await someone(service, north, 'Deputy Head', { agencyId: head.agencyId });
    await exclude({ postId: head.postId });
    await invite(service, north.owen, matterId, deputy);
    await service
      .get(HoldingsService)
      .start(north.bev, { contactId: deputy.contactId, postId: head.postId, fromOn: '2026-11-30' });
    expect(await liveInvitations(service, matterId)).toEqual([]);
    await expect(ask(deputy)).rejects.toMatchObject({ code: 'EXCLUDED' });
    const events = await service.look<{ actor: string }>(
      `select actor from event where matter_id = $1 and action = 'exclusion.extended'`,
      [matterId],
    );
    expect(events).toEqual([{ actor: expect.stringContaining('Bev') }]);
  });

  it('to whoever takes up a post of an excluded agency after they were told', async () => {
    const { agencyId, postId } = await someone(service, north, 'Placing Officer');
    const freelance = await someone(service, north, 'Freelance');
    await exclude({ agencyId });
    await invite(service, north.owen, matterId, freelance);
    await service
      .get(HoldingsService)
      .start(north.bev, { contactId: freelance.contactId, postId, fromOn: '2026-11-30' });
    expect(await liveInvitations(service, matterId)).toEqual([]);
  });

  it('to the one a duplicate is merged into', async () => {
    const twice = await someone(service, north, 'G Tull', { address: `g${number}@hillbrook.example` });
    const tull = await someone(service, north, 'Graham Tull', { address: `gt${number}@hillbrook.example` });
    await exclude({ contactId: twice.contactId });
    await contacts.merge(north.bev, twice.contactId, tull.contactId);
    await expect(ask(tull)).rejects.toMatchObject({ code: 'EXCLUDED' });
  });

  it('to a new address of an excluded mailbox', async () => {
    const { agencyId } = await someone(service, north, 'Secretary');
    const inboxes = service.get(InboxesService);
    const { id: inboxId } = await inboxes.add(north.bev, agencyId, { address: `office${number}@hillbrook.example` });
    await exclude({ inboxId });
    await inboxes.correct(north.bev, inboxId, { address: `admin${number}@hillbrook.example` });
    const reader = await someone(service, north, 'Reader', { address: `admin${number}@hillbrook.example` });
    await expect(ask(reader)).rejects.toMatchObject({ code: 'EXCLUDED' });
  });

  it('and lets somebody who is invited move to an address of their own', async () => {
    const tom = await someone(service, north, 'Tom Beck', { address: `tom${number}@trust.example` });
    await invite(service, north.owen, matterId, tom);
    await move(tom, 'Tom Beck', `beck${number}@trust.example`);
    expect(await liveInvitations(service, matterId)).toEqual([
      { contactId: tom.contactId, key: `beck${number}@trust.example` },
    ]);
  });
});

describe('refuses', () => {
  it('an address that must not be written to, for somebody who is invited; and changes nothing', async () => {
    const tom = await someone(service, north, 'Tom Beck', { address: `tom${number}@trust.example` });
    const office = await someone(service, north, 'Office', { address: `office${number}@hillbrook.example` });
    await invite(service, north.owen, matterId, tom);
    await exclude({ contactId: office.contactId });
    const moving = contacts.correct(north.bev, tom.contactId, {
      name: 'Tom Beck',
      email: `Office${number}@hillbrook.example`,
      confirmed: true,
    });
    await expect(moving).rejects.toMatchObject({ name: 'RuleBroken', code: 'EXCLUDED', field: 'email' });
    expect(await liveInvitations(service, matterId)).toEqual([
      { contactId: tom.contactId, key: `tom${number}@trust.example` },
    ]);
  });

  it('to show the matter to whoever keeps the directory, afterwards too', async () => {
    const tull = await someone(service, north, 'Graham Tull', { address: `late${number}@hillbrook.example` });
    await exclude({ contactId: tull.contactId });
    const seen = await service.get(UnitOfWork).run(north.bev, async (tx) => {
      await tx.record({
        action: 'contact.address-changing',
        object: `contact:${tull.contactId}`,
        details: { contactId: tull.contactId, newKey: `other${number}@hillbrook.example` },
      });
      return tx.sql('select 1 from exclusion');
    });
    expect(seen).toEqual([]);
  });
});
