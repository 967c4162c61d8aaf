import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Actor } from '../../src/access/actor.js';
import { newId } from '../../src/database/ids.js';
import { UnitOfWork } from '../../src/database/unit-of-work.js';
import { Contact } from '../../src/directory/contact.js';
import { NotFound, RuleBroken } from '../../src/errors.js';
import { aCouncil, someone } from '../support/matters.js';
import { MONDAY, startService, type TestService } from '../support/service.js';

let service: TestService;
let work: UnitOfWork;
let by: Actor;
let id: string;

beforeAll(async () => {
  service = await startService();
  work = service.get(UnitOfWork);
  const council = await aCouncil(service);
  by = council.priya;
  ({ contactId: id } = await someone(service, council, 'Leanne Firth'));
});

afterAll(() => service.stop());

const newContact = (): Contact =>
  Object.assign(new Contact(), {
    ...{ authorityId: by.authorityId, id: newId(), name: 'Jo Bloggs', createdAt: MONDAY },
    ...{ email: 'jo@bloggs.example', addressKey: `jo-${newId()}@bloggs.example` },
  });

const stands = async (contactId: string): Promise<unknown> =>
  (await service.look('select name, phone, version from contact where id = $1', [contactId]))[0];

const told = async (action: string): Promise<number> =>
  (await service.look('select 1 from event where authority_id = $1 and action = $2', [by.authorityId, action])).length;

describe('several writes as one statement', () => {
  it('keeps what was inserted, saved and recorded, and raises the version once', async () => {
    const added = newContact();
    const { version } = (await stands(id)) as { version: number };
    const changed = await work.run(by, async (tx) => {
      const contact = await tx.lock(Contact, id);
      await tx.together(async () => {
        contact.phone = '01632 960111';
        await tx.save(contact);
        await tx.insert(Contact, added);
        await tx.record({ action: 'test.together', object: `contact:${id}`, details: {} });
      });
      await tx.record({ action: 'test.after', object: `contact:${id}`, details: {} });
      return contact;
    });
    expect(changed.version).toBe(version + 1);
    expect(await stands(id)).toMatchObject({ phone: '01632 960111', version: version + 1 });
    expect(await stands(added.id)).toMatchObject({ name: 'Jo Bloggs', version: 1 });
    expect([await told('test.together'), await told('test.after')]).toEqual([1, 1]);
  });

  it('saves several rows at once', async () => {
    const another = newContact();
    await work.run(by, async (tx) => {
      await tx.insert(Contact, another);
      const contacts = [await tx.lock(Contact, id), await tx.lock(Contact, another.id)];
      await tx.together(async () => {
        for (const contact of contacts) {
          contact.mobile = '07700 900123';
          await tx.save(contact);
        }
      });
    });
    const mobile = [{ mobile: '07700 900123' }, { mobile: '07700 900123' }];
    expect(await service.look('select mobile from contact where id in ($1, $2)', [id, another.id])).toEqual(mobile);
  });

  it('writes nothing for a row in which nothing has changed', async () => {
    const before = await stands(id);
    await work.run(by, async (tx) => {
      const contact = await tx.lock(Contact, id);
      await tx.together(() => tx.save(contact).then(() => undefined));
    });
    expect(await stands(id)).toEqual(before);
  });

  it('takes everything back when one part is refused', async () => {
    const before = await stands(id);
    const again = newContact();
    const twice = work.run(by, async (tx) => {
      const contact = await tx.lock(Contact, id);
      await tx.together(async () => {
        contact.phone = '01632 960222';
        await tx.save(contact);
        await tx.insert(Contact, again, again);
      });
    });
    await expect(twice).rejects.toThrow();
    expect(await stands(id)).toEqual(before);
  });
});

describe('refuses', () => {
  it('to save a row that is not there', async () => {
    const nobody = newContact();
    const saving = work.run(by, (tx) => tx.together(() => tx.save(nobody).then(() => undefined)));
    await expect(saving).rejects.toBeInstanceOf(NotFound);
  });

  it('to keep anything after somebody who took part failed, even when the error is caught', async () => {
    const before = await stands(id);
    const caught = work.run(by, async (tx) => {
      const inside = work.run(tx.joining(), async (same) => {
        const contact = await same.lock(Contact, id);
        contact.phone = '01632 960333';
        await same.save(contact);
        throw new RuleBroken('INVALID', 'No');
      });
      await inside.catch(() => undefined);
    });
    await expect(caught).rejects.toMatchObject({ code: 'INVALID' });
    expect(await stands(id)).toEqual(before);
  });
});
