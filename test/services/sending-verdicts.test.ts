import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { Dispatcher } from '../../src/mail/dispatcher.js';
import { ChangesService } from '../../src/meetings/changes.service.js';
import { type Meeting } from '../../src/meetings/meeting.js';
import { aKestrel, type Kestrel, theMeeting } from '../support/kestrel.js';
import { type ScriptedSmtp, startScriptedSmtp } from '../support/scripted-smtp.js';
import { startService, type TestService } from '../support/service.js';

let smtp: ScriptedSmtp;
let service: TestService;
let cast: Kestrel;
let meeting: Meeting;

beforeEach(async () => {
  smtp = await startScriptedSmtp();
  service = await startService({ settings: { smtpUrl: smtp.url } });
  cast = await aKestrel(service);
  meeting = await theMeeting(service, cast);
});
afterEach(async () => {
  await service.stop();
  await smtp.stop();
});

const drain = (): Promise<number> => service.get(Dispatcher).drain();

async function ofTom(): Promise<string[]> {
  const rows = await service.look<{ line: string }>(
    `select purpose || ' ' || state || coalesce(' ' || case when state = 'DEAD' then reason end, '') as line
     from message where contact_id = $1 order by ordinal`,
    [cast.tom.contactId],
  );
  return rows.map(({ line }) => line);
}

const takenByTom = (): number => smtp.taken.filter((one) => one.includes(`To: ${cast.tom.address}`)).length;

describe('whether a message still has a purpose is asked when it would leave:', () => {
  it.each<[string, string, () => unknown[]]>([
    [
      'CANCELLED',
      `update meeting set status = 'CANCELLED', cancel_reason = 'No need' where id = $1`,
      () => [meeting.id],
    ],
    ['STARTED', `update meeting set starts_at = '2026-11-30T11:19:00Z' where id = $1`, () => [meeting.id]],
    ['LEFT', `update contact set status = 'LEFT' where id = $1`, () => [cast.tom.contactId]],
    [
      'WITHDRAWN',
      `update invitation set status = 'WITHDRAWN', verdict = null where contact_id = $1`,
      () => [cast.tom.contactId],
    ],
    [
      'EXPIRED',
      `update message set not_after = '2026-11-30T11:00:00Z' where contact_id = $1`,
      () => [cast.tom.contactId],
    ],
  ])('%s', async (reason, change, values) => {
    await service.look(change, values());
    await drain();
    expect(await ofTom()).toEqual([`INVITATION DEAD ${reason}`]);
    expect(takenByTom()).toBe(0);
  });

  it('EXCLUDED', async () => {
    await service.look(`update invitation set status = 'WITHDRAWN', verdict = null where contact_id = $1`, [
      cast.tom.contactId,
    ]);
    await service.look(`update standing set verdict = 'must_not_know' where who = 'contact:' || $1`, [
      cast.tom.contactId,
    ]);
    await drain();
    expect(await ofTom()).toEqual(['INVITATION DEAD EXCLUDED']);
    expect(takenByTom()).toBe(0);
  });

  it('one on its way to somebody who leaves meanwhile does not go a second time', async () => {
    smtp.script.push(...Array.from({ length: 9 }, (): ['end', string] => ['end', '451 later']));
    await drain();
    expect(await ofTom()).toEqual(['INVITATION PENDING']);
    await service.look(`update contact set status = 'LEFT' where id = $1`, [cast.tom.contactId]);
    smtp.script.length = 0;
    service.clock.pass(60);
    await drain();
    expect(await ofTom()).toEqual(['INVITATION DEAD LEFT']);
    expect(takenByTom()).toBe(0);
  });
});

describe('the order of one person and meeting', () => {
  async function onItsWayWhenCancelled(): Promise<void> {
    await service.look(`update message set state = 'SENDING', attempts = 1, locked_by = 'x#1', lease_until = now()`);
    await service.get(ChangesService).cancel(cast.council.owen, meeting.id, 'No need any more', meeting.version);
  }

  it('sends no cancellation when its invitation never left after all', async () => {
    await onItsWayWhenCancelled();
    await service.look(`update message set state = 'PENDING', locked_by = null where purpose = 'INVITATION'`);
    await drain();
    await drain();
    expect(await ofTom()).toEqual(['INVITATION DEAD CANCELLED', 'CANCELLATION DEAD NEVER_ASKED']);
    expect(smtp.taken).toEqual([]);
  });

  it('sends the cancellation, after the doubt, when nobody can say whether the invitation left', async () => {
    await onItsWayWhenCancelled();
    await drain();
    expect(await ofTom()).toEqual(['INVITATION IN_DOUBT', 'CANCELLATION PENDING']);
    await service.look(`update message set lease_until = now() - interval '1 hour' where state = 'IN_DOUBT'`);
    await drain();
    await drain();
    expect(await ofTom()).toEqual(['INVITATION DEAD CANCELLED', 'CANCELLATION SENT']);
    expect(takenByTom()).toBe(1);
  });
});

describe('refuses', () => {
  it('the mail role a look at a case, and anything but a verdict', async () => {
    const mail = new Client({ connectionString: service.database.mailUrl });
    await mail.connect();
    try {
      for (const table of ['meeting', 'invitation', 'contact', 'standing', 'exclusion', 'matter', 'event']) {
        const look = `select 1 from ${table}`;
        await expect(mail.query(look)).rejects.toThrow('permission denied');
      }
      for (const column of ['subject', 'matter_id', 'meeting_id', 'contact_id', 'purpose', 'dedupe_key']) {
        const look = `select ${column} from message`;
        await expect(mail.query(look)).rejects.toThrow('permission denied');
      }
      await expect(mail.query(`update message set to_address = 'a@b.example'`)).rejects.toThrow('permission denied');
      const { rows } = await mail.query('select message_verdict(authority_id, id, $1) as verdict from message', [
        service.clock.now(),
      ]);
      expect(new Set(rows.map(({ verdict }) => verdict))).toEqual(new Set([null]));
    } finally {
      await mail.end();
    }
  });
});
