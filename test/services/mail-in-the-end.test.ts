import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Dispatcher } from '../../src/mail/dispatcher.js';
import { MailHolds } from '../../src/mail/messages/mail-holds.service.js';
import { Messages } from '../../src/mail/messages/messages.service.js';
import { usualSending } from '../../src/mail/sending/sending-settings.js';
import { aCalledMeeting, cancel } from '../support/called-meeting.js';
import { aLetter, queue, SERVICE, states } from '../support/letters.js';
import { type ScriptedSmtp, startScriptedSmtp } from '../support/scripted-smtp.js';
import { anAuthority, startService, type TestService } from '../support/service.js';

let smtp: ScriptedSmtp;
let service: TestService;
let folder: string;

beforeEach(async () => {
  smtp = await startScriptedSmtp();
  folder = mkdtempSync(join(tmpdir(), 'quorate-end-'));
  const sending = { ...usualSending(), domainPerMinute: 0, stateFolder: folder };
  service = await startService({ settings: { smtpUrl: smtp.url, sending }, prepare: anAuthority });
});
afterEach(async () => {
  await service.stop();
  await smtp.stop();
  rmSync(folder, { recursive: true, force: true });
});

const drain = (): Promise<number> => service.get(Dispatcher).drain();
const handedOver = (): number => smtp.commands.filter((one) => one.startsWith('DATA')).length;

describe('a message of which nobody can say whether it was taken', () => {
  it('goes again as often as any other and is then given up, for a person to telephone', async () => {
    smtp.script.push(...Array.from({ length: 30 }, (): ['end', string] => ['end', 'drop']));
    await queue(service, aLetter('doubted'));
    for (let time = 0; time < 12; time += 1) {
      await drain();
      await service.look(`update message set lease_until = now() - interval '1 hour' where state = 'IN_DOUBT'`);
    }
    expect(handedOver()).toBe(8);
    expect(await states(service)).toEqual(['DEAD DOUBTED']);
    const [troubled] = await service.get(Messages).troubled(SERVICE);
    expect(troubled).toMatchObject({ reason: 'DOUBTED', possible_repeats: 7 });
  });
});

describe('a request that may have left before a restore, and was dropped', () => {
  it('is taken out of the diary when the meeting is cancelled', async () => {
    const called = await aCalledMeeting(service);
    await service.look('create table kept_generation as table mail_generation');
    await service.look('create table kept_message as table message');
    await drain();
    await service.look('truncate message_attempt, mail_generation');
    await service.look('insert into mail_generation select * from kept_generation');
    await service.look(`update message m set state = k.state, sent_at = k.sent_at, attempts = k.attempts
      from kept_message k where k.id = m.id`);
    service.clock.pass(10);
    await drain();
    await service.get(MailHolds).release(called.council.owen, { choice: 'DROP_BEFORE', before: service.clock.now() });
    await cancel(service, called);
    await drain();
    const cancelled = smtp.taken.filter((one) => one.includes('method=CANCEL'));
    expect(cancelled).toHaveLength(3);
  });
});
