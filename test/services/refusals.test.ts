import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { systemActor } from '../../src/access/actor.js';
import { UnitOfWork } from '../../src/database/unit-of-work.js';
import { Dispatcher } from '../../src/mail/dispatcher.js';
import { Rounds } from '../../src/mail/inbound/rounds.js';
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

const CONTACT = '01998c5e-0000-7000-8000-000000000001';

async function aContact(): Promise<void> {
  await service.look(
    `insert into contact (authority_id, id, name, email, address_key, created_at)
     values (1, $1, 'Tom Beck', 'tom.beck@nhs.example', 'tom.beck@nhs.example', now())`,
    [CONTACT],
  );
}

async function send(address: string, more: Partial<Letter> = {}): Promise<void> {
  const letter: Letter = {
    purpose: 'LINK',
    stream: address,
    dedupeKey: `${address} ${more.purpose ?? ''}`,
    to: { name: 'Tom Beck', address },
    from: { name: 'Northshire meetings', address: 'meetings@reply.northshire.example' },
    subject: 'Multi-agency meeting ALL-2026-0147',
    words: { greeting: 'Dear Tom Beck', paragraphs: ['A message.'], footer: ['Ring 01632 960100.'] },
    ...more,
  };
  await service.get(UnitOfWork).run(systemActor(1), (tx) => service.get(Outbox).queue(tx, letter));
  await service.get(Dispatcher).drain();
}

const bounces = (): Promise<{ kind: string | null; reason: string | null }[]> =>
  service.look('select bounce_kind as kind, reason from message order by ordinal');
const status = (): Promise<{ status: string }[]> => service.look('select status from contact');

describe('an address refused while sending', () => {
  it('is treated as one that bounced: its person is in doubt, and nothing more is sent there', async () => {
    await aContact();
    smtp.conduct.push('refuse');
    await send('tom.beck@nhs.example');
    await service.get(Rounds).run();
    await service.get(Rounds).run();
    expect(await bounces()).toEqual([{ kind: 'HARD', reason: 'REFUSED' }]);
    expect(await status()).toEqual([{ status: 'UNVERIFIED' }]);
    expect(await service.look(`select 1 from event where action = 'contact.bounced'`)).toHaveLength(1);
    await send('Tom.Beck@nhs.example', { purpose: 'ACTION' });
    expect((await bounces()).at(-1)).toEqual({ kind: null, reason: 'BOUNCED' });
    expect(smtp.received).toEqual([]);
  });

  it('still gets the code that its owner has just asked for', async () => {
    smtp.conduct.push('refuse');
    await send('tom.beck@nhs.example');
    await service.get(Rounds).run();
    await send('tom.beck@nhs.example', { purpose: 'CODE' });
    expect(smtp.received).toHaveLength(1);
  });
});

describe('refuses', () => {
  it('to doubt everybody when the mail server refuses everything', async () => {
    await aContact();
    for (const domain of ['nhs', 'police', 'school', 'trust', 'housing']) {
      smtp.conduct.push('refuse');
      await send(`tom.beck@${domain}.example`);
    }
    await service.get(Rounds).run();
    expect(new Set((await bounces()).map(({ kind }) => kind))).toEqual(new Set(['UNCLEAR']));
    expect(await status()).toEqual([{ status: 'ACTIVE' }]);
    await send('tom.beck@nhs.example', { purpose: 'ACTION' });
    expect(smtp.received).toHaveLength(1);
  });
});
