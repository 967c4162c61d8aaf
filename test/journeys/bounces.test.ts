import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { newId } from '../../src/database/ids.js';
import { UnitOfWork } from '../../src/database/unit-of-work.js';
import { ContactsService } from '../../src/directory/contacts.service.js';
import { Outbox } from '../../src/mail/outbox.js';
import { aCalledMeeting, type CalledMeeting, moveTo } from '../support/called-meeting.js';
import { staffAgent } from '../support/graphql.js';
import { aSiteMailServer, bounceAddressOf, keptMail, readAll, type SiteMailServer } from '../support/inbound.js';
import { AWAY, BOUNCES, delayed, wordless } from '../support/inbound-mails.js';
import { aLetter } from '../support/letters.js';
import { type Placed } from '../support/matters.js';
import { MONDAY, startService, type TestService } from '../support/service.js';

let service: TestService;
let site: SiteMailServer;
let called: CalledMeeting;

beforeAll(async () => {
  service = await startService();
  site = await aSiteMailServer(service);
});

beforeEach(async () => {
  service.clock.set(MONDAY);
  called = await aCalledMeeting(service);
  await service.mail();
});

afterAll(async () => {
  site.end();
  await service.stop();
});

const contact = async (who: Placed): Promise<{ status: string }> => {
  const [row] = await service.look<{ status: string }>('select status from contact where id = $1', [who.contactId]);
  if (row === undefined) throw new Error('Nobody');
  return row;
};

const messages = (who: Placed): Promise<{ state: string; reason: string | null; bounce_kind: string | null }[]> =>
  service.look('select state, reason, bounce_kind, bounce_reason from message where to_address = $1 order by ordinal', [
    who.address,
  ]);

/** Something more to somebody, whatever became of what they were asked. */
async function write({ contactId, address }: Placed): Promise<void> {
  const letter = aLetter(newId(), { to: { name: 'Leanne Firth', address }, contactId });
  await service.get(UnitOfWork).run(called.council.owen, (tx) => service.get(Outbox).queue(tx, letter));
}

async function comesBack(who: Placed, made: (original: { to: string; messageId: string }) => string): Promise<void> {
  const { envelope, messageId } = await bounceAddressOf(service, who.address);
  const heard = await site.send(envelope.toUpperCase(), made({ to: who.address, messageId }));
  expect(heard.message).toMatch(/^250/);
  await readAll(service);
}

describe('a bounce', () => {
  it.each(Object.keys(BOUNCES))('of %s puts the address and whoever is reached there in doubt', async (system) => {
    await comesBack(called.sergeant, BOUNCES[system] ?? (() => ''));
    expect(await messages(called.sergeant)).toMatchObject([{ state: 'SENT', bounce_kind: 'HARD' }]);
    expect(await contact(called.sergeant)).toEqual({ status: 'UNVERIFIED' });
    expect(await contact(called.head)).toEqual({ status: 'ACTIVE' });
  });

  it('shows on the meeting, the worklist and the contact, with what the other server said, and is in the history', async () => {
    await comesBack(called.sergeant, BOUNCES.Postfix ?? (() => ''));
    const agent = await staffAgent(service, called.council.priya);
    const meeting = await agent.get(`/meetings/${called.meeting.id}`);
    expect(meeting.text).toMatch(/Address does not work[^]{0,300}550 5\.1\.1 User unknown/);
    expect((await agent.get('/')).text).toContain('A message did not get through: telephone');
    const person = await agent.get(`/directory/contacts/${called.sergeant.contactId}`);
    expect(person.text).toMatch(/came back on Monday 30 November 2026, and nothing more is sent there: 550 5\.1\.1/);
    const events = await service.look(
      `select action, details from event where object = $1 and action = 'contact.bounced'`,
      [`contact:${called.sergeant.contactId}`],
    );
    const { contactId, address } = called.sergeant;
    const why: unknown = expect.stringContaining('5.1.1');
    expect(events).toEqual([
      { action: 'contact.bounced', details: { contactId, address, hard: true, why, before: 'ACTIVE' } },
    ]);
  });

  it('is one by the bounce address alone: shown, and read by the coordinator, who decides', async () => {
    await comesBack(called.sergeant, wordless);
    expect(await messages(called.sergeant)).toMatchObject([{ bounce_kind: 'UNCLEAR' }]);
    expect(await contact(called.sergeant)).toEqual({ status: 'ACTIVE' });
    expect((await keptMail(service)).at(-1)).toMatchObject({ state: 'HELD', kind: 'BOUNCE', reason: 'BOUNCE_UNCLEAR' });
    const agent = await staffAgent(service, called.council.priya);
    expect((await agent.get(`/meetings/${called.meeting.id}`)).text).toContain('Came back: telephone');
  });

  it('at the reply address counts when it returns a message that went to that person', async () => {
    const { messageId } = await bounceAddressOf(service, called.sergeant.address);
    const reply = (await service.mail(called.sergeant.address))[0]?.mail.from?.address ?? '';
    const raw = BOUNCES.Exchange?.({ to: called.sergeant.address, messageId }) ?? '';
    await site.send(reply, raw);
    await readAll(service);
    expect(await messages(called.sergeant)).toMatchObject([{ bounce_kind: 'HARD' }]);
  });

  it('for the time being is only noted, until the third in seven days', async () => {
    await comesBack(called.sergeant, delayed);
    expect(await messages(called.sergeant)).toMatchObject([{ bounce_kind: 'SOFT' }]);
    expect(await contact(called.sergeant)).toEqual({ status: 'ACTIVE' });
    for (const date of ['2026-12-03', '2026-12-04']) {
      await moveTo(service, called, date);
      await service.mail();
      await comesBack(called.sergeant, delayed);
    }
    expect(await contact(called.sergeant)).toEqual({ status: 'UNVERIFIED' });
  });

  it('keeps everything more from the address, until somebody finds that it works or puts it right', async () => {
    await comesBack(called.sergeant, BOUNCES.Gmail ?? (() => ''));
    await write(called.sergeant);
    expect(await service.mail(called.sergeant.address)).toHaveLength(1);
    expect((await messages(called.sergeant)).at(-1)).toMatchObject({ state: 'DEAD', reason: 'BOUNCED' });
    await service.get(ContactsService).verify(called.council.owen, called.sergeant.contactId);
    await write(called.sergeant);
    expect(await service.mail(called.sergeant.address)).toHaveLength(2);
  });

  it('does not follow somebody to a new address', async () => {
    await comesBack(called.sergeant, BOUNCES.Gmail ?? (() => ''));
    const email = called.sergeant.address.replace('leanne', 'leanne.new');
    const { owen } = called.council;
    await service.get(ContactsService).correct(owen, called.sergeant.contactId, { name: 'Leanne Firth', email });
    await write({ ...called.sergeant, address: email });
    expect(await service.mail(email)).toHaveLength(1);
  });

  it('with an absence notice is none: nothing is doubted, and it is no answer', async () => {
    await comesBack(called.sergeant, () => AWAY);
    expect((await keptMail(service)).at(-1)).toMatchObject({ kind: 'AUTOMATIC', invitation_id: expect.anything() });
    expect(await messages(called.sergeant)).toMatchObject([{ bounce_kind: null }]);
    expect(await contact(called.sergeant)).toEqual({ status: 'ACTIVE' });
  });
});

describe('refuses', () => {
  it('to change an answer, or to write to anybody because of a bounce or an absence notice', async () => {
    const { version } = (
      await service.look<{ version: number }>('select version from meeting where id = $1', [called.meeting.id])
    )[0] ?? { version: 0 };
    await service.look(`update invitation set answer = 'ACCEPTED', answered_revision = 1 where contact_id = $1`, [
      called.sergeant.contactId,
    ]);
    const before = (await service.mail()).length;
    for (const made of [AWAY, BOUNCES.qmail, wordless, delayed].map((one) =>
      typeof one === 'string' ? (): string => one : one,
    ))
      await comesBack(called.sergeant, made ?? (() => ''));
    expect((await service.mail()).length).toBe(before);
    const [after] = await service.look(
      'select i.answer, m.version from invitation i join meeting m on m.id = i.meeting_id where i.contact_id = $1',
      [called.sergeant.contactId],
    );
    expect(after).toEqual({ answer: 'ACCEPTED', version });
  });

  it('to soften what came back for good, or to count it twice', async () => {
    for (const made of [BOUNCES.Postfix, delayed, BOUNCES.Postfix, BOUNCES.Exchange]) {
      await comesBack(called.sergeant, made ?? (() => ''));
    }
    expect(await messages(called.sergeant)).toMatchObject([
      { bounce_kind: 'HARD', bounce_reason: expect.stringContaining('virtual') },
    ]);
    const kept = (await keptMail(service)).filter(({ invitation_id: id }) => id !== null);
    expect(kept.slice(-3).map(({ state }) => state)).toEqual(['DONE', 'DONE', 'DONE']);
    const { rows } = {
      rows: await service.look(`select 1 from event where object = $1 and action = 'contact.bounced'`, [
        `contact:${called.sergeant.contactId}`,
      ]),
    };
    expect(rows).toHaveLength(1);
  });

  it('a report at one person’s reply address about a message that went to another', async () => {
    const { messageId } = await bounceAddressOf(service, called.head.address);
    const reply = (await service.mail(called.sergeant.address))[0]?.mail.from?.address ?? '';
    await site.send(reply, BOUNCES.Exchange?.({ to: called.head.address, messageId }) ?? '');
    await readAll(service);
    expect((await keptMail(service)).at(-1)).toMatchObject({ state: 'HELD', reason: 'BOUNCE_UNCLEAR' });
    expect([await contact(called.head), await contact(called.sergeant)]).toEqual([
      { status: 'ACTIVE' },
      { status: 'ACTIVE' },
    ]);
  });
});
