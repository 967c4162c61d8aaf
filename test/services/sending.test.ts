import { createServer } from 'node:http';
import { type AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Clock } from '../../src/database/clock.js';
import { Sealing } from '../../src/database/sealing.js';
import { Dispatcher } from '../../src/mail/dispatcher.js';
import { Messages } from '../../src/mail/messages/messages.service.js';
import { usualSending } from '../../src/mail/sending/sending-settings.js';
import { type SendingSettings } from '../../src/mail/sending/sending-settings.js';
import { aLetter, keysIn, queue, SERVICE, states } from '../support/letters.js';
import { type Conduct, type ScriptedSmtp, type Stage, startScriptedSmtp } from '../support/scripted-smtp.js';
import { anAuthority, startService, type TestService } from '../support/service.js';

let smtp: ScriptedSmtp;
let service: TestService;

const sending = (more: Partial<SendingSettings> = {}): SendingSettings => ({
  ...usualSending(),
  domainPerMinute: 0,
  ...more,
});

async function start(more: Partial<SendingSettings> = {}): Promise<void> {
  service = await startService({ settings: { smtpUrl: smtp.url, sending: sending(more) }, prepare: anAuthority });
}

beforeEach(async () => {
  smtp = await startScriptedSmtp();
});
afterEach(async () => {
  await service.stop();
  await smtp.stop();
});

const drain = (): Promise<number> => service.get(Dispatcher).drain();
const doubtIsOver = (): Promise<unknown> =>
  service.look(`update message set lease_until = now() - interval '1 hour' where state in ('SENDING', 'IN_DOUBT')`);

/** Another worker on the same database, such as another process would be. */
function anotherWorker(): Dispatcher {
  return new Dispatcher(service.settings, service.get(Clock), service.get(Sealing));
}

describe('what the mail server does', () => {
  it.each<[Stage, Conduct, string]>([
    ['greeting', '421 busy', 'PENDING'],
    ['greeting', '554 no service', 'PENDING'],
    ['greeting', 'drop', 'PENDING'],
    ['EHLO', 'drop', 'PENDING'],
    ['MAIL', '421 going down', 'PENDING'],
    ['MAIL', '450 later', 'PENDING'],
    ['MAIL', '550 we do not take mail from you', 'PENDING'],
    ['MAIL', 'drop', 'PENDING'],
    ['RCPT', '421 going down', 'PENDING'],
    ['RCPT', '450 greylisted', 'PENDING'],
    ['RCPT', '550 no such mailbox', 'DEAD REFUSED'],
    ['RCPT', 'drop', 'PENDING'],
    ['DATA', '421 going down', 'PENDING'],
    ['DATA', '451 later', 'PENDING'],
    ['DATA', '554 refused', 'DEAD REFUSED'],
    ['DATA', 'drop', 'PENDING'],
    ['end', '421 going down', 'PENDING'],
    ['end', '452 full', 'PENDING'],
    ['end', '554 refused', 'DEAD REFUSED'],
    ['end', 'drop', 'IN_DOUBT'],
  ])(
    'at the stage %s, %j, makes the message %s, which then goes once if it goes at all',
    async (stage, conduct, state) => {
      await start();
      smtp.script.push([stage, conduct]);
      await queue(service, aLetter('one'));
      await drain();
      expect(await states(service)).toEqual([state]);
      expect(smtp.taken).toEqual([]);
      await doubtIsOver();
      service.clock.pass(60);
      await drain();
      expect(await states(service)).toEqual([state.startsWith('DEAD') ? state : 'SENT']);
      expect(keysIn(smtp.taken)).toEqual(state.startsWith('DEAD') ? [] : ['one']);
    },
  );

  it('by saying nothing before the content leaves the message to go again, and after it in doubt', async () => {
    await start({ sendLimitSeconds: 0.4 });
    smtp.script.push(['RCPT', { silentMs: 3_000 }], ['end', { silentMs: 3_000 }]);
    await queue(service, aLetter('one'));
    await drain();
    expect(await states(service)).toEqual(['PENDING']);
    service.clock.pass(60);
    await drain();
    expect(await states(service)).toEqual(['IN_DOUBT']);
    const outcomes = await service.look<{ outcome: string }>('select outcome from message_attempt order by attempt');
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(['LATER', 'UNKNOWN']);
  });

  it('keeps in words with each attempt', async () => {
    await start();
    smtp.script.push(['RCPT', '450 4.2.0 greylisted, come back']);
    await queue(service, aLetter('one'));
    await drain();
    service.clock.pass(60);
    await drain();
    const rows = await service.look<{ outcome: string; answer: string }>(
      'select outcome, answer from message_attempt order by attempt',
    );
    expect(rows).toEqual([
      { outcome: 'LATER', answer: '450 4.2.0 greylisted, come back' },
      { outcome: 'TAKEN', answer: '250 taken as 1' },
    ]);
  });
});

describe('a line to the mail server', () => {
  it('is kept for the next message, after a refusal too, and one that was ended meanwhile costs no attempt', async () => {
    await start({ connections: 1, domainConnections: 1 });
    smtp.script.push(['RCPT', '550 no such mailbox']);
    await queue(service, aLetter('refused'), aLetter('next'), aLetter('third'));
    await drain();
    expect(smtp.connections).toBe(1);
    expect(smtp.commands.filter((line) => line === 'RSET')).toHaveLength(1);
    smtp.hangUp();
    await queue(service, aLetter('fourth'));
    await drain();
    expect(await states(service)).toEqual(['DEAD REFUSED', 'SENT', 'SENT', 'SENT']);
    expect(keysIn(smtp.taken)).toEqual(['next', 'third', 'fourth']);
    const attempts = await service.look('select 1 from message_attempt where attempt > 1');
    expect(attempts).toEqual([]);
  });

  it('is one of no more than the settings say, in all and to one domain', async () => {
    await start({ connections: 6, domainConnections: 2 });
    await queue(service, ...Array.from({ length: 20 }, (_, n) => aLetter(`m${n}`)));
    await drain();
    expect(smtp.taken).toHaveLength(20);
    expect(smtp.atOnce).toBe(2);
  });

  it('is slowed to so many messages a minute, and another domain does not wait', async () => {
    await start({ domainPerMinute: 60 });
    const elsewhere = { to: { name: 'Joan', address: 'joan.petty@kestrel.example' } };
    await queue(service, ...Array.from({ length: 6 }, (_, n) => aLetter(`m${n}`)), aLetter('other', elsewhere));
    await drain();
    expect(smtp.taken.length).toBeLessThan(7);
    expect(keysIn(smtp.taken)).toContain('other');
  });
});

describe('a poison message', () => {
  it('stops no other, and urgent ones go first', async () => {
    await start({ connections: 1, domainConnections: 1 });
    await queue(service, aLetter('poison'), aLetter('plain'), aLetter('urgent', { urgent: true }));
    await service.look(`update message set sealed_bytes = '\\x00' where dedupe_key = 'poison'`);
    await drain();
    expect(await states(service)).toEqual(['PENDING', 'SENT', 'SENT']);
    expect(keysIn(smtp.taken)).toEqual(['urgent', 'plain']);
    for (let attempt = 0; attempt < 8; attempt += 1) {
      service.clock.pass(60);
      await drain();
    }
    expect((await states(service))[0]).toBe('DEAD ATTEMPTS');
  });
});

describe('a message in doubt', () => {
  it.each([
    ['taken', '{"taken": true}', 'SENT', 1, 0],
    ['not taken', '{"taken": false}', 'SENT', 2, 0],
    ['that nobody can tell', '{"taken": null}', 'SENT', 2, 1],
    ['nothing it understands', 'sorry', 'IN_DOUBT', 1, 0],
  ])('of which the look-up says %s', async (_, answer, state, times, repeats) => {
    const asked: string[] = [];
    const lookUp = createServer((req, res) => {
      asked.push(req.url ?? '');
      res.end(answer);
    });
    await new Promise<void>((resolve) => {
      lookUp.listen(0, '127.0.0.1', resolve);
    });
    await start({ lookupUrl: `http://127.0.0.1:${(lookUp.address() as AddressInfo).port}/taken` });
    smtp.script.push(['end', { silentMs: 50 }]);
    await queue(service, aLetter('one'));
    await drain();
    await service.look(`update message set state = 'IN_DOUBT', sent_at = null`);
    await doubtIsOver();
    await drain();
    await drain();
    await new Promise((resolve) => lookUp.close(resolve));
    const [row] = await service.look<{ state: string; possible_repeats: number; message_id: string }>(
      'select state, possible_repeats, message_id from message',
    );
    expect([row?.state, smtp.taken.length, row?.possible_repeats]).toEqual([state, times, repeats]);
    expect(asked[0]).toBe(`/taken?id=${encodeURIComponent(row?.message_id ?? '')}`);
    expect(new Set(smtp.taken).size).toBe(1);
  });

  it('is settled by the worker that was held up for longer than its lease, when it learns the answer', async () => {
    await start();
    const other = anotherWorker();
    smtp.script.push(['end', { silentMs: 600 }]);
    await queue(service, aLetter('one'));
    const slow = drain();
    while (smtp.taken.length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    await service.look(`update message set lease_until = now() - interval '1 second'`);
    await other.drain();
    expect(await states(service)).toEqual(['IN_DOUBT']);
    await slow;
    expect(await states(service)).toEqual(['SENT']);
    await other.stop();
    expect(smtp.taken).toHaveLength(1);
  });
});

describe('two workers', () => {
  it('send each message once, in the order of each stream', async () => {
    await start();
    const other = anotherWorker();
    const letters = Array.from({ length: 60 }, (_, n) =>
      aLetter(`s${n % 20}-${Math.floor(n / 20)}`, { stream: `s${n % 20}` }),
    );
    await queue(service, ...letters);
    await Promise.all([drain(), other.drain(), drain()]);
    await Promise.all([drain(), other.drain()]);
    await other.stop();
    const keys = keysIn(smtp.taken);
    expect(new Set(keys).size).toBe(60);
    expect(keys).toHaveLength(60);
    for (let stream = 0; stream < 20; stream += 1) {
      expect(keys.filter((key) => key.startsWith(`s${stream}-`))).toEqual([0, 1, 2].map((n) => `s${stream}-${n}`));
    }
  });
});

describe('a clock that steps back', () => {
  it('sends nothing early and nothing twice', async () => {
    await start();
    await queue(service, aLetter('first'));
    await drain();
    service.clock.pass(-60);
    await queue(service, aLetter('second'));
    await service.look(
      `update message set not_before = not_before + interval '30 minutes' where dedupe_key = 'second'`,
    );
    await drain();
    expect(keysIn(smtp.taken)).toEqual(['first']);
    service.clock.pass(31);
    await drain();
    expect(keysIn(smtp.taken)).toEqual(['first', 'second']);
  });
});

describe('refuses', () => {
  it('to send what was stopped, and to stop what has left: a hundred races of the two', async () => {
    await start();
    const ids: string[] = [];
    let stopped = 0;
    for (let n = 0; n < 100; n += 1) {
      await queue(service, aLetter(`r${n}`));
      const [row] = await service.look<{ id: string }>('select id from message where dedupe_key = $1', [`r${n}`]);
      ids.push(row?.id ?? '');
      const stop = service.get(Messages).stop(SERVICE, row?.id ?? '');
      const [outcome] = await Promise.allSettled([stop, drain()]);
      if (outcome.status === 'fulfilled') stopped += 1;
    }
    const found = await states(service);
    expect(found.filter((state) => state === 'DEAD STOPPED')).toHaveLength(stopped);
    expect(found.filter((state) => state === 'SENT')).toHaveLength(100 - stopped);
    expect(smtp.taken).toHaveLength(100 - stopped);
  });
});
