import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { systemActor } from '../../src/access/actor.js';
import { UnitOfWork } from '../../src/database/unit-of-work.js';
import { Dispatcher } from '../../src/mail/dispatcher.js';
import { type Letter, Outbox } from '../../src/mail/outbox.js';
import { startSmtp, type TestSmtp } from '../support/smtp.js';
import { anAuthority, startService, type TestService } from '../support/service.js';

let smtp: TestSmtp;
let service: TestService;

beforeEach(async () => {
  smtp = await startSmtp();
  service = await startService({ settings: { smtpUrl: smtp.url }, prepare: anAuthority });
});
afterEach(async () => {
  await service.stop();
  await smtp.stop();
});

const by = systemActor(1);

function letter(more: Partial<Letter> = {}): Letter {
  const dedupeKey = more.dedupeKey ?? 'one';
  return {
    purpose: 'LINK',
    stream: 'a',
    dedupeKey,
    to: { name: 'Tom Beck', address: 'tom.beck@northshire.nhs.example' },
    from: { name: 'Northshire meetings', address: 'meetings@reply.northshire.example' },
    subject: 'Multi-agency meeting ALL-2026-0147',
    words: { greeting: 'Dear Tom Beck', paragraphs: [`Message ${dedupeKey}.`], footer: ['Ring 01632 960100.'] },
    ...more,
  };
}

async function queue(...letters: Letter[]): Promise<void> {
  await service.get(UnitOfWork).run(by, async (tx) => {
    for (const one of letters) await service.get(Outbox).queue(tx, one);
  });
}

const drain = (): Promise<number> => service.get(Dispatcher).drain();

async function states(): Promise<string[]> {
  const rows = await service.look<{ state: string; reason: string | null }>(
    'select state, reason from message order by ordinal',
  );
  return rows.map(({ state, reason }) => (state === 'DEAD' ? `DEAD ${reason ?? ''}` : state));
}

describe('a queued message', () => {
  it('leaves after the commit, to one recipient, byte for byte as it was stored', async () => {
    await queue(letter());
    await drain();
    expect(smtp.received.map(({ to }) => to)).toEqual([['tom.beck@northshire.nhs.example']]);
    expect(smtp.received[0]?.from).toMatch(/^b-[a-z2-7]{26}@reply\.northshire\.example$/);
    expect(await states()).toEqual(['SENT']);
  });

  it('does not leave when the change that caused it is rolled back', async () => {
    const failing = service.get(UnitOfWork).run(by, async (tx) => {
      await service.get(Outbox).queue(tx, letter());
      throw new Error('the change failed');
    });
    await expect(failing).rejects.toThrow('the change failed');
    await drain();
    expect(smtp.received).toEqual([]);
  });

  it('goes again, the same bytes, after a "try again later"', async () => {
    smtp.conduct.push('later');
    await queue(letter());
    await drain();
    expect(await states()).toEqual(['PENDING']);
    expect(smtp.received).toEqual([]);
    service.clock.pass(60);
    await drain();
    expect(smtp.received).toHaveLength(1);
    expect(await states()).toEqual(['SENT']);
  });

  it('is given up after eight attempts, and says so', async () => {
    smtp.conduct.push(...Array.from({ length: 8 }, () => 'later' as const));
    await queue(letter());
    for (let attempt = 0; attempt < 9; attempt += 1) {
      await drain();
      service.clock.pass(60);
    }
    expect(await states()).toEqual(['DEAD ATTEMPTS']);
  });

  it('is dead when the server refuses it for good', async () => {
    smtp.conduct.push('refuse');
    await queue(letter());
    await drain();
    expect(await states()).toEqual(['DEAD REFUSED']);
  });

  it('is in doubt when the answer is lost, and then goes again byte for byte', async () => {
    smtp.conduct.push('take and lose the answer');
    await queue(letter());
    await drain();
    expect(await states()).toEqual(['IN_DOUBT']);
    await drain();
    expect(smtp.received).toHaveLength(1);
    await service.look(`update message set lease_until = now() - interval '10 minutes'`);
    await drain();
    await drain();
    expect(await states()).toEqual(['SENT']);
    expect(smtp.received).toHaveLength(2);
    expect(smtp.received[0]?.bytes.equals(smtp.received[1]?.bytes ?? Buffer.alloc(0))).toBe(true);
  });

  it('left by a worker that vanished is in doubt, not lost and not sent at once', async () => {
    await queue(letter());
    await service.look(
      `update message set state = 'SENDING', attempts = 1, locked_by = 'gone#1', lease_until = now() - interval '1 second'`,
    );
    await drain();
    expect(await states()).toEqual(['IN_DOUBT']);
    expect(smtp.received).toEqual([]);
  });

  it('waits for an older one of its stream, and no other stream waits with it', async () => {
    smtp.conduct.push('later');
    await queue(letter({ dedupeKey: 'first' }));
    await drain();
    await queue(letter({ dedupeKey: 'second' }), letter({ dedupeKey: 'other', stream: 'b' }));
    await drain();
    expect(await states()).toEqual(['PENDING', 'PENDING', 'SENT']);
    service.clock.pass(60);
    await drain();
    expect(await states()).toEqual(['SENT', 'SENT', 'SENT']);
    const order = smtp.received.map(({ bytes }) => /Message (\w+)\./.exec(bytes.toString())?.[1]);
    expect(order).toEqual(['other', 'first', 'second']);
  });

  it('is sent once by two workers at once', async () => {
    await queue(...Array.from({ length: 20 }, (_, n) => letter({ dedupeKey: `m${n}`, stream: `s${n}` })));
    await Promise.all([drain(), drain(), drain()]);
    expect(smtp.received).toHaveLength(20);
    expect(new Set(smtp.received.map(({ bytes }) => bytes.toString())).size).toBe(20);
  });

  it('that outlived its purpose is not sent', async () => {
    await queue(letter({ notAfter: new Date('2026-11-30T11:30:00Z') }));
    service.clock.set('2026-11-30T12:00:00Z');
    await drain();
    expect(await states()).toEqual(['DEAD EXPIRED']);
    expect(smtp.received).toEqual([]);
  });

  it('can be dropped until it leaves', async () => {
    await queue(letter({ stream: 'x' }), letter({ stream: 'y', dedupeKey: 'two' }));
    const dropped = await service
      .get(UnitOfWork)
      .run(by, (tx) => service.get(Outbox).drop(tx, { stream: 'x' }, 'WITHDRAWN'));
    await drain();
    expect(dropped).toBe(1);
    expect(await states()).toEqual(['DEAD WITHDRAWN', 'SENT']);
    expect(smtp.received).toHaveLength(1);
  });
});

describe('a message on its way to somebody who is excluded meanwhile', () => {
  const callBack = (reason: 'EXCLUDED' | 'SUPERSEDED'): Promise<number> =>
    service.get(UnitOfWork).run(by, (tx) => service.get(Outbox).drop(tx, { stream: 'a' }, reason));
  const onItsWay = (state: string): Promise<unknown> =>
    service.look(`update message set state = $1, lease_until = now() - interval '10 minutes'`, [state]);

  it.each(['SENDING', 'IN_DOUBT'])('and is %s does not go again when it comes back', async (state) => {
    await queue(letter());
    await onItsWay(state);
    expect(await callBack('EXCLUDED')).toBe(0);
    expect(await states()).toEqual([state]);
    await onItsWay('PENDING');
    service.clock.pass(60);
    await drain();
    expect(await states()).toEqual(['DEAD EXCLUDED']);
    expect(smtp.received).toEqual([]);
  });

  it('goes again when it is only to be overtaken', async () => {
    await queue(letter());
    await onItsWay('SENDING');
    await callBack('SUPERSEDED');
    await onItsWay('PENDING');
    await drain();
    expect(await states()).toEqual(['SENT']);
  });
});

describe('a held message', () => {
  it('waits for its hold, and a code does not', async () => {
    await service.stop();
    service = await startService({ settings: { smtpUrl: smtp.url, mailHoldSeconds: 60 }, prepare: anAuthority });
    await queue(letter(), letter({ dedupeKey: 'code', stream: 'c', urgent: true }));
    await drain();
    expect(await states()).toEqual(['PENDING', 'SENT']);
    service.clock.pass(2);
    await drain();
    expect(await states()).toEqual(['SENT', 'SENT']);
  });
});

describe('refuses', () => {
  it('the same message twice', async () => {
    await queue(letter());
    await expect(queue(letter())).rejects.toThrow();
  });

  it.each(['a@b.test,c@evil.test', 'a@b.test\r\nBcc: c@evil.test', 'group: a@b.test;', '<a@b.test>'])(
    'the address %j, and stores nothing',
    async (address) => {
      await expect(queue(letter({ to: { name: 'X', address } }))).rejects.toThrow();
      expect(await states()).toEqual([]);
    },
  );

  it('a message that names a third address', async () => {
    const words = { greeting: 'Dear Tom', paragraphs: ['Ask head@hillbrook.example.'], footer: [] };
    await expect(queue(letter({ words }))).rejects.toThrow();
  });
});
