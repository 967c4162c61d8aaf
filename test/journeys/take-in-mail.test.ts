import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { UnitOfWork } from '../../src/database/unit-of-work.js';
import { Sealing } from '../../src/database/sealing.js';
import { systemActor } from '../../src/access/actor.js';
import { Rounds } from '../../src/mail/inbound/rounds.js';
import { aCalledMeeting, type CalledMeeting } from '../support/called-meeting.js';
import { aSiteMailServer, bounceAddressOf, keptMail, readAll, type SiteMailServer } from '../support/inbound.js';
import { calendar, multipart, plain } from '../support/inbound-mails.js';
import { type Placed } from '../support/matters.js';
import { MONDAY, startService, type TestService } from '../support/service.js';

let service: TestService;
let site: SiteMailServer;
let called: CalledMeeting;

beforeAll(async () => {
  service = await startService();
  called = await aCalledMeeting(service);
  await service.mail();
  site = await aSiteMailServer(service);
});

beforeEach(async () => {
  service.clock.set(MONDAY);
  await service.look('truncate inbound_mail, stray_mail cascade');
});

afterAll(async () => {
  site.end();
  await service.stop();
});

const UNKNOWN = 'r-abcdefghijklmnopqrstuvwxyz@reply.northshire.example';
const HELLO = plain(['Subject: Hello', 'Message-ID: <1@force.example>'], 'I will ring you.');

async function replyAddress(who: Placed): Promise<string> {
  const mail = await service.mail(who.address);
  const [first] = mail;
  const from = first?.mail.from?.address;
  if (from === undefined) throw new Error('No invitation');
  return from;
}

const answers = async (): Promise<string[]> =>
  (await service.look<{ answer: string }>('select distinct answer from invitation')).map(({ answer }) => answer);

describe('a message to the reply address', () => {
  it('is kept, sealed and byte for byte, before the site’s server hears that it was taken', async () => {
    const to = await replyAddress(called.sergeant);
    const heard = await site.send(to.toUpperCase(), HELLO, 'leanne@force.example');
    expect(heard).toEqual({ recipients: [expect.stringMatching(/^250/)], message: expect.stringMatching(/^250/) });
    const [row] = await service.look<Record<string, string> & { sealed_bytes: Buffer; authority_id: number }>(
      'select * from inbound_mail',
    );
    expect(row).toMatchObject({
      state: 'RECEIVED',
      recipient: to,
      envelope_from: 'leanne@force.example',
      address_kind: 'r',
    });
    expect(row?.invitation_id).not.toBeNull();
    expect(row?.sealed_bytes.includes('I will ring you')).toBe(false);
    const place = `${row?.authority_id}|inbound_mail|${row?.id}|bytes`;
    expect(
      service
        .get(Sealing)
        .open(row?.sealed_bytes ?? Buffer.alloc(0), place)
        .toString(),
    ).toBe(HELLO);
  });

  it('is one message however often the site’s server sends it', async () => {
    const to = await replyAddress(called.sergeant);
    for (const address of [to, to.toUpperCase(), to]) await site.send(address, HELLO);
    await site.send(UNKNOWN, HELLO);
    await site.send(UNKNOWN, HELLO);
    expect(await keptMail(service)).toHaveLength(1);
    expect(await service.look('select * from stray_mail')).toHaveLength(1);
  });

  it('is kept for each of several recipients', async () => {
    const both = [await replyAddress(called.sergeant), await replyAddress(called.head)];
    expect((await site.send(both, HELLO)).message).toMatch(/^250/);
    expect((await keptMail(service)).map(({ recipient }) => recipient).sort()).toEqual(both.sort());
  });

  it('is read and kept for the coordinator, with what it says sealed', async () => {
    await site.send(await replyAddress(called.sergeant), HELLO, 'leanne@force.example');
    await readAll(service);
    expect(await keptMail(service)).toMatchObject([
      { state: 'HELD', kind: 'OTHER', subject: 'Hello', sender_address: 'leanne@force.example' },
    ]);
    const [row] = await service.look<{ sealed_text: Buffer }>('select sealed_text from inbound_mail');
    expect(row?.sealed_text.includes('ring')).toBe(false);
    expect(await answers()).toEqual(['NO_RESPONSE']);
  });

  it('says what the site’s server found about its sender, and nothing that it did not', async () => {
    const to = await replyAddress(called.sergeant);
    const found = 'Authentication-Results: mx.northshire.example; spf=pass smtp.mailfrom=force.example';
    await site.send(to, `${found}\r\n${HELLO}`, 'leanne@force.example');
    await readAll(service);
    const [row] = await keptMail(service);
    expect(row?.authentication).toEqual({
      spf: { domain: 'force.example', result: 'pass' },
      dmarc: { domain: null, result: 'none' },
      dkim: [],
    });
  });

  it('is read at once when the service runs, without anybody asking', async () => {
    const rounds = service.get(Rounds);
    rounds.start();
    await site.send(await replyAddress(called.sergeant), HELLO, 'leanne@force.example');
    for (let tries = 0; tries < 400 && (await keptMail(service))[0]?.state === 'RECEIVED'; tries += 1)
      await new Promise((resolve) => setTimeout(resolve, 10));
    await rounds.stop();
    expect((await keptMail(service))[0]?.state).toBe('HELD');
  });
});

describe('a message whose reading is cut off', () => {
  it('is read again when the one who read it is gone', async () => {
    await site.send(await replyAddress(called.sergeant), HELLO, 'leanne@force.example');
    await service.look(`update inbound_mail set attempts = 1, read_until = now() + interval '20 seconds'`);
    await readAll(service);
    expect(await keptMail(service)).toMatchObject([{ state: 'RECEIVED' }]);
    await service.look(`update inbound_mail set read_until = now() - interval '1 second'`);
    await readAll(service);
    expect(await keptMail(service)).toMatchObject([{ state: 'HELD', kind: 'OTHER', attempts: 2 }]);
  });

  it('is held for a person after the third time', async () => {
    await site.send(await replyAddress(called.sergeant), HELLO);
    await service.look(`update inbound_mail set attempts = 3`);
    await readAll(service);
    expect(await keptMail(service)).toMatchObject([{ state: 'HELD', reason: 'UNREADABLE', kind: null }]);
  });

  it('is tried three times when its reading fails, and then held', async () => {
    await site.send(await replyAddress(called.sergeant), HELLO);
    await service.look(
      `update inbound_mail set sealed_bytes = set_byte(sealed_bytes, 40, 255 - get_byte(sealed_bytes, 40))`,
    );
    for (const state of ['RECEIVED', 'RECEIVED', 'HELD']) {
      await service.look(`update inbound_mail set read_until = null`);
      await readAll(service);
      expect(await keptMail(service)).toMatchObject([{ state }]);
    }
  });
});

describe('refuses', () => {
  it('addresses of another form or domain, whoever asks', async () => {
    const to = await replyAddress(called.sergeant);
    for (const address of [
      'postmaster@reply.northshire.example',
      to.replace('r-', 'x-'),
      to.replace('@', 'a@'),
      to.replace('northshire', 'southshire'),
    ]) {
      const heard = await site.send(address, HELLO);
      expect([address, heard.recipients]).toEqual([address, [expect.stringMatching(/^550/)]]);
    }
    expect(await keptMail(service)).toEqual([]);
  });

  it('to tell which addresses exist: unknown ones are taken like others, and no authority sees what comes there', async () => {
    const known = await site.send(await replyAddress(called.sergeant), HELLO);
    for (const address of [UNKNOWN, UNKNOWN.replace('r-', 'b-')]) {
      expect(await site.send(address, HELLO)).toEqual(known);
    }
    const strays = await service.look<{ recipient: string }>('select recipient from stray_mail order by recipient');
    expect(strays.map(({ recipient }) => recipient)).toEqual([UNKNOWN.replace('r-', 'b-'), UNKNOWN]);
    await expect(
      service.get(UnitOfWork).run(systemActor(1), (tx) => tx.sql('select * from stray_mail')),
    ).rejects.toThrow('permission denied');
    service.clock.pass(31 * 24 * 60);
    await service.get(Rounds).tidy();
    expect(await service.look('select 1 from stray_mail')).toEqual([]);
  });

  it('what another authority may not know: its mail is seen by nobody else', async () => {
    await site.send(await replyAddress(called.sergeant), HELLO);
    const other = await aCalledMeeting(service);
    const seen = (by: CalledMeeting): Promise<unknown[]> =>
      service.get(UnitOfWork).run(by.council.priya, (tx) => tx.sql('select id from inbound_mail'));
    expect([await seen(called), await seen(other)]).toEqual([[expect.anything()], []]);
  });

  it('messages over 1 MiB, announced or not, and goes on', async () => {
    const to = await replyAddress(called.sergeant);
    expect(await site.say('MAIL FROM:<a@force.example> SIZE=10485760')).toMatch(/^552/);
    const heard = await site.send(
      to,
      plain(['Subject: large'], ...Array.from({ length: 100_000 }, () => 'x'.repeat(98))),
    );
    expect(heard.message).toMatch(/^552/);
    expect(await keptMail(service)).toEqual([]);
    expect((await site.send(to, HELLO)).message).toMatch(/^250/);
  });

  it('for now what it cannot keep: the site’s server sends it again', async () => {
    const to = await replyAddress(called.sergeant);
    await service.look('alter table inbound_mail rename to inbound_mail_away');
    try {
      expect((await site.send(to, HELLO)).message).toMatch(/^451/);
    } finally {
      await service.look('alter table inbound_mail_away rename to inbound_mail');
    }
    expect((await site.send(to, HELLO)).message).toMatch(/^250/);
    expect(await keptMail(service)).toHaveLength(1);
  });

  it('signing in and TLS: it is there for the site’s own server alone', async () => {
    expect(await site.say('EHLO again.example')).not.toMatch(/AUTH|STARTTLS/);
    expect(await site.say('AUTH PLAIN AGEAYg==')).toMatch(/^5/);
    expect(await site.say('STARTTLS')).toMatch(/^5/);
  });

  it('to be brought down by what is nested 400 deep or has 20,000 parts', async () => {
    const to = await replyAddress(called.sergeant);
    const deep = Array.from(
      { length: 400 },
      (_, i) => `Content-Type: multipart/mixed; boundary="n${i}"\r\n\r\n--n${i}\r\n`,
    );
    await site.send(to, deep.join(''));
    await site.send(to, multipart([], ...Array.from({ length: 20_000 }, () => ['', 'x'])));
    await readAll(service);
    expect(await keptMail(service)).toMatchObject([
      { state: 'HELD', reason: 'UNREADABLE' },
      { state: 'HELD', reason: 'UNREADABLE', note: expect.stringContaining('too many parts') },
    ]);
  });

  it('a calendar answer at a bounce address, and one that contradicts its part', async () => {
    const { envelope } = await bounceAddressOf(service, called.sergeant.address);
    const yes = multipart(['Subject: yes'], ['Content-Type: text/calendar; method=REPLY', '', ...calendar('REPLY')]);
    await site.send(envelope, yes, 'leanne@force.example');
    await site.send(await replyAddress(called.sergeant), yes.replace('method=REPLY', 'method=REQUEST'));
    await readAll(service);
    expect((await keptMail(service)).map(({ state, reason }) => `${state} ${reason ?? ''}`)).toEqual([
      'HELD BOUNCE_ADDRESS',
      'HELD METHOD_MISMATCH',
    ]);
    expect(await answers()).toEqual(['NO_RESPONSE']);
  });
});
