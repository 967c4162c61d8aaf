import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Clock } from '../../src/database/clock.js';
import { Sealing } from '../../src/database/sealing.js';
import { Dispatcher } from '../../src/mail/dispatcher.js';
import { MailHolds } from '../../src/mail/messages/mail-holds.service.js';
import { MailWatch } from '../../src/mail/messages/mail-watch.service.js';
import { usualSending } from '../../src/mail/sending/sending-settings.js';
import { aLetter, keysIn, queue, SERVICE, states } from '../support/letters.js';
import { type ScriptedSmtp, startScriptedSmtp } from '../support/scripted-smtp.js';
import { anAuthority, MONDAY, startService, type TestService } from '../support/service.js';

let smtp: ScriptedSmtp;
let service: TestService;
let folder: string;

beforeEach(async () => {
  smtp = await startScriptedSmtp();
  folder = mkdtempSync(join(tmpdir(), 'quorate-restore-'));
  const sending = { ...usualSending(), domainPerMinute: 0, stateFolder: folder };
  service = await startService({ settings: { smtpUrl: smtp.url, sending }, prepare: anAuthority });
});
afterEach(async () => {
  await service.stop();
  await smtp.stop();
  rmSync(folder, { recursive: true, force: true });
});

const drain = (): Promise<number> => service.get(Dispatcher).drain();

/** A copy of every row of what a backup holds of mail, and putting it back, as a dump and its restore do. */
async function aBackup(): Promise<() => Promise<void>> {
  const tables = ['message', 'message_attempt', 'mail_generation', 'mail_hold'];
  for (const table of tables) await service.look(`create table kept_${table} as table ${table}`);
  return async () => {
    await service.look(`truncate message, message_attempt, mail_generation, mail_hold cascade`);
    for (const table of tables) await service.look(`insert into ${table} select * from kept_${table}`);
  };
}

const holds = (): Promise<{ reason: string }[]> =>
  service.look<{ reason: string }>('select reason from mail_hold where released_at is null');

describe('after a restore', () => {
  it('nothing is sent that was sent since the backup, and the page says what would go', async () => {
    await queue(service, aLetter('before'));
    await drain();
    await queue(service, aLetter('waiting'));
    const restore = await aBackup();
    await drain();
    expect(keysIn(smtp.taken)).toEqual(['before', 'waiting']);
    await restore();
    service.clock.pass(10);
    await drain();
    expect(keysIn(smtp.taken)).toEqual(['before', 'waiting']);
    expect(await holds()).toEqual([{ reason: 'OLDER_COPY' }]);
    const { waiting } = await service.get(MailHolds).show(SERVICE);
    expect(waiting).toEqual([{ purpose: 'LINK', before: 1, since: 0, oldest: MONDAY }]);
    expect((await service.get(MailWatch).troubles(SERVICE)).hold).toMatchObject({ reason: 'OLDER_COPY' });
  });

  it('what was made before a moment is dropped when somebody decides so, and the rest leaves', async () => {
    await queue(service, aLetter('old'));
    const restore = await aBackup();
    await drain();
    await restore();
    service.clock.pass(10);
    await drain();
    await queue(service, aLetter('new'));
    await drain();
    expect(keysIn(smtp.taken)).toEqual(['old']);
    const before = service.clock.now();
    expect(await service.get(MailHolds).release(SERVICE, { choice: 'DROP_BEFORE', before })).toBe(1);
    await drain();
    expect(keysIn(smtp.taken)).toEqual(['old', 'new']);
    expect(await states(service)).toEqual(['DEAD RESTORED', 'SENT']);
    const [event] = await service.look<{ details: object }>(`select details from event where action = 'mail.released'`);
    expect(event?.details).toMatchObject({ choice: 'DROP_BEFORE', dropped: 1 });
  });

  it('everything goes when somebody decides so; what was made before is listed as possibly sent twice', async () => {
    await queue(service, aLetter('old'));
    const restore = await aBackup();
    await drain();
    await restore();
    service.clock.pass(10);
    await drain();
    await service.get(MailHolds).release(SERVICE, { choice: 'ALL' });
    await drain();
    await drain();
    expect(keysIn(smtp.taken)).toEqual(['old', 'old']);
    expect(new Set(smtp.taken).size).toBe(1);
    expect(await service.look('select possible_repeats from message')).toEqual([{ possible_repeats: 1 }]);
  });

  it('urgent messages made since still leave, or nobody could sign in to release the others', async () => {
    await queue(service, aLetter('old', { urgent: true }));
    const restore = await aBackup();
    await drain();
    await restore();
    service.clock.pass(10);
    await drain();
    await queue(service, aLetter('code', { urgent: true }), aLetter('plain'));
    await drain();
    expect(keysIn(smtp.taken)).toEqual(['old', 'code']);
  });

  it('the copy is recognised by a worker that had been running all the time, without a file', async () => {
    await service.stop();
    service = await startService({ settings: { smtpUrl: smtp.url }, prepare: anAuthority });
    await queue(service, aLetter('one'));
    const restore = await aBackup();
    await drain();
    await restore();
    await drain();
    expect(keysIn(smtp.taken)).toEqual(['one']);
    expect(await holds()).toEqual([{ reason: 'OLDER_COPY' }]);
  });
});

describe('the file outside the database', () => {
  const file = (): string => join(folder, 'mail-generation');

  it('is made at the first message, moves on with every claim, and a restart sends as before', async () => {
    await queue(service, aLetter('one'));
    await drain();
    const first = readFileSync(file(), 'utf8');
    await queue(service, aLetter('two'));
    await drain();
    expect(readFileSync(file(), 'utf8')).not.toBe(first);
    const restarted = new Dispatcher(service.settings, service.get(Clock), service.get(Sealing));
    await queue(service, aLetter('three'));
    await restarted.drain();
    await restarted.stop();
    expect(keysIn(smtp.taken)).toEqual(['one', 'two', 'three']);
    expect(await holds()).toEqual([]);
  });

  it('may be behind: the process ended between the commit and the file', async () => {
    await queue(service, aLetter('one'));
    await drain();
    await service.look('update mail_generation set generation = generation + 5');
    await queue(service, aLetter('two'));
    await drain();
    expect(keysIn(smtp.taken)).toEqual(['one', 'two']);
  });

  it.each([
    ['NO_FILE', 'gone'],
    ['NO_FILE', 'damaged'],
    ['OTHER_COPY', 'of another line of copies'],
  ])('holds all mail, %s, when it is %s', async (reason, how) => {
    await queue(service, aLetter('one'));
    await drain();
    const text = readFileSync(file(), 'utf8');
    if (how === 'gone') rmSync(file());
    else writeFileSync(file(), how === 'damaged' ? 'nonsense' : text.replace(/^\S{8}/, '00000000'));
    await queue(service, aLetter('two'));
    await drain();
    await drain();
    expect(keysIn(smtp.taken)).toEqual(['one']);
    expect(await holds()).toEqual([{ reason }]);
    expect(existsSync(file())).toBe(true);
  });
});

describe('refuses', () => {
  it('a second release, and the service’s own role the generation', async () => {
    await expect(service.get(MailHolds).release(SERVICE, { choice: 'ALL' })).rejects.toThrow('not held any more');
    const app = new Client({ connectionString: service.database.appUrl });
    await app.connect();
    await expect(app.query('update mail_generation set generation = 0')).rejects.toThrow('permission denied');
    await app.end();
  });
});
