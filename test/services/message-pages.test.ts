import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Dispatcher } from '../../src/mail/dispatcher.js';
import { MailWatch } from '../../src/mail/messages/mail-watch.service.js';
import { Messages } from '../../src/mail/messages/messages.service.js';
import { WorklistService } from '../../src/worklist/worklist.service.js';
import { atConsole, type AtConsole } from '../support/console.js';
import { aKestrel, type Kestrel, theMeeting } from '../support/kestrel.js';
import { type ScriptedSmtp, startScriptedSmtp } from '../support/scripted-smtp.js';
import { startService, type TestService } from '../support/service.js';

let smtp: ScriptedSmtp;
let service: TestService;
let cast: Kestrel;
let owen: AtConsole;
let meetingId: string;

beforeEach(async () => {
  smtp = await startScriptedSmtp();
  service = await startService({ settings: { smtpUrl: smtp.url, mailHoldSeconds: 60 } });
  cast = await aKestrel(service);
  meetingId = (await theMeeting(service, cast)).id;
  owen = await atConsole(service, cast.council.owen);
});
afterEach(async () => {
  await service.stop();
  await smtp.stop();
});

const drain = (): Promise<number> => service.get(Dispatcher).drain();
const words = (html: string): string => html.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');

async function idOfTom(): Promise<string> {
  const lines = await service.get(Messages).ofMeeting(cast.council.owen, meetingId);
  return lines.find(({ contact_name }) => contact_name === 'Tom Beck')?.id ?? '';
}

describe('the page of a message', () => {
  it('says what was sent to whom, when, because of what, and what came back; never the secret of their link', async () => {
    service.clock.pass(2);
    await drain();
    const page = words((await owen.get(`/messages/${await idOfTom()}`)).text);
    for (const said of [
      'Tom Beck',
      'tom.beck@northshire.nhs.example',
      'Because of Meeting scheduled, by Owen Invitation sent, by Owen Sent',
      'their own link, which only they may use',
      'Put it into the diary',
      'Wednesday 2 December 2026, 10:00',
      'Taken by the mail server',
      '250 taken as 1',
    ]) {
      expect(page).toContain(said);
    }
    expect(page).not.toMatch(/\/i\/[A-Za-z0-9_-]{20}/);
  });

  it('is reached from the meeting, and lets a message be stopped while it is held', async () => {
    const id = await idOfTom();
    expect((await owen.get(`/meetings/${meetingId}`)).text).toContain(`/messages/${id}`);
    await owen.get(`/messages/${id}`);
    expect((await owen.post(`/messages/${id}/stop`, {})).status).toBe(303);
    service.clock.pass(2);
    await drain();
    expect(smtp.taken.some((one) => one.includes('tom.beck'))).toBe(false);
    expect(words((await owen.get(`/messages/${id}`)).text)).toContain('Somebody stopped it before it left');
  });

  it('lets everything just sent about a meeting be stopped at once', async () => {
    await owen.get(`/meetings/${meetingId}`);
    await owen.post(`/meetings/${meetingId}/messages/stop`, {});
    service.clock.pass(2);
    await drain();
    expect(smtp.taken).toEqual([]);
    const events = await service.look(`select 1 from event where action = 'message.stopped'`);
    expect(events).toHaveLength(7);
  });

  it('lets a refused message be tried again, from the worklist', async () => {
    smtp.script.push(...Array.from({ length: 7 }, (): ['RCPT', string] => ['RCPT', '550 5.1.1 no such mailbox']));
    service.clock.pass(2);
    await drain();
    const rows = await service.get(WorklistService).rows(cast.council.owen);
    const failed = rows.filter(({ kind }) => kind === 'MAIL_NOT_DELIVERED');
    expect(failed).toHaveLength(7);
    const id = await idOfTom();
    expect(failed.map((row) => row.id)).toContain(id);
    expect(words((await owen.get(`/messages/${id}`)).text)).toContain('Their mail server refused it');
    await owen.post(`/messages/${id}/again`, {});
    await drain();
    expect(smtp.taken).toHaveLength(1);
  });
});

describe('mail that does not get out', () => {
  it('is told within five minutes, on every page, and by itself no more when it leaves again', async () => {
    smtp.script.push(...Array.from({ length: 7 }, (): ['greeting', string] => ['greeting', '421 busy']));
    service.clock.pass(2);
    await drain();
    expect((await owen.get('/matters')).text).not.toContain('Mail is not getting out');
    service.clock.pass(4);
    expect(words((await owen.get('/matters')).text)).toContain('Mail is not getting out');
    const rows = await service.get(WorklistService).rows(cast.council.owen);
    expect(rows[0]).toMatchObject({ kind: 'MAIL_NOT_LEAVING', detail: '7 messages wait' });
    await drain();
    expect(smtp.taken).toHaveLength(7);
    expect((await owen.get('/matters')).text).not.toContain('Mail is not getting out');
    expect((await service.get(MailWatch).troubles(cast.council.owen)).outage).toBeUndefined();
  });
});

describe('refuses', () => {
  it('a message to somebody who may not know of its matter, and to stop one that has left', async () => {
    const id = await idOfTom();
    const bev = await atConsole(service, cast.council.bev);
    expect((await bev.get(`/messages/${id}`)).status).toBe(404);
    service.clock.pass(2);
    await drain();
    await expect(service.get(Messages).stop(cast.council.owen, id)).rejects.toThrow('too late');
    await expect(service.get(Messages).tryAgain(cast.council.owen, id)).rejects.toThrow('refused or given up');
  });
});
