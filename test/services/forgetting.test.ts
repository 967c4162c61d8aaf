import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { LinksService } from '../../src/access/links.service.js';
import { VisitsService } from '../../src/access/visits.service.js';
import { newId } from '../../src/database/ids.js';
import { Sweeps } from '../../src/database/sweeps.js';
import { aCalledMeeting, type CalledMeeting, lastMail } from '../support/called-meeting.js';
import { MONDAY, startService, type TestService } from '../support/service.js';

let service: TestService;
let councils: CalledMeeting[];

const HOUR_MS = 3_600_000;

beforeAll(async () => {
  service = await startService();
  councils = [await aCalledMeeting(service), await aCalledMeeting(service)];
  for (const called of councils) await leaveTraces(called);
});

afterAll(async () => {
  await service.stop();
});

/** A visit, a used form, an emailed code and a kept answer, all of now. */
async function leaveTraces({ council, sergeant }: CalledMeeting): Promise<void> {
  const { secret } = await lastMail(service, sergeant);
  const found = await service.get(LinksService).find(secret);
  if (found === undefined) throw new Error('No link');
  const visitor = await service.get(VisitsService).find(await service.get(VisitsService).open(found));
  if (visitor === undefined) throw new Error('No visit');
  await service.get(VisitsService).askCode(visitor);
  const [now, hash] = [service.clock.now(), randomBytes(32)];
  await service.look('insert into used_nonce values ($1, $2, $3)', [council.id, hash, now]);
  await service.look(`insert into kept_answer values ($1, $2, 'key', 'digest', '{}', $3)`, [council.id, newId(), now]);
}

/** How many rows are left, of both councils. */
async function left(): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const table of ['visit', 'used_nonce', 'emailed_code', 'kept_answer']) {
    const [row] = await service.look<{ n: number }>(`select count(*)::int as n from ${table}`);
    counts[table] = row?.n ?? -1;
  }
  return counts;
}

async function leftAfter(hours: number): Promise<Record<string, number>> {
  service.clock.set(new Date(MONDAY.getTime() + hours * HOUR_MS));
  await service.get(Sweeps).run();
  return left();
}

describe('what nobody needs any more', () => {
  it('is forgotten in every authority when its time has come, and not before', async () => {
    const all = { visit: 2, used_nonce: 2, emailed_code: 2, kept_answer: 2 };
    expect(await left()).toEqual(all);
    expect(await leftAfter(23)).toEqual(all);
    expect(await leftAfter(25)).toEqual({ ...all, used_nonce: 0, emailed_code: 0 });
    expect(await leftAfter(71)).toEqual({ ...all, used_nonce: 0, emailed_code: 0 });
    expect(await leftAfter(73)).toEqual({ visit: 2, used_nonce: 0, emailed_code: 0, kept_answer: 0 });
    expect(await leftAfter(30 * 24 - 1)).toMatchObject({ visit: 2 });
    expect(await leftAfter(30 * 24 + 1)).toEqual({ visit: 0, used_nonce: 0, emailed_code: 0, kept_answer: 0 });
  });

  it('takes nothing of the work with it', async () => {
    const [kept] = await service.look<{ links: number; events: number }>(
      `select (select count(*)::int from link) as links, (select count(*)::int from event where action like 'code.%' or action like 'invitation.%') as events`,
    );
    expect(kept?.links).toBeGreaterThan(0);
    expect(kept?.events).toBeGreaterThan(0);
  });
});
