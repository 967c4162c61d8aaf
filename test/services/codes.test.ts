import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { CodesService, type CodeRequest } from '../../src/access/codes.service.js';
import { newId } from '../../src/database/ids.js';
import { RuleBroken } from '../../src/errors.js';
import { aCouncil, type Council } from '../support/matters.js';
import { MONDAY, startService, type TestService } from '../support/service.js';

let service: TestService;
let codes: CodesService;
let north: Council;
let request: CodeRequest;

beforeAll(async () => {
  service = await startService();
  codes = service.get(CodesService);
  north = await aCouncil(service);
});

beforeEach(() => {
  service.clock.set(MONDAY);
  const personId = newId();
  const authority = { name: 'Northshire Council', shortName: 'Northshire', telephone: '01632 960 000' };
  const address = `${personId}@force.example`;
  request = { personId, name: 'Leanne Firth', address, askedBy: 'visit one', authority };
});

afterAll(async () => {
  await service.stop();
});

const asked = async (): Promise<string> => {
  await codes.ask(north.priya, request);
  const mail = (await service.mail(request.address)).at(-1);
  return /\d{4}-\d{4}/.exec(mail?.mail.text ?? '')?.[0] ?? '';
};

const proves = (typed: string, askedBy = request.askedBy): Promise<void> =>
  codes.prove(north.priya, { personId: request.personId, askedBy, typed });

/** What came of something: `done`, or the code of its refusal. */
const outcome = (work: Promise<void>): Promise<string> =>
  work.then(
    () => 'done',
    (error: unknown) => (error instanceof RuleBroken ? error.code : String(error)),
  );

const wrongFor = (code: string): string => (code === '0000-0000' ? '1111-1111' : '0000-0000');

describe('an emailed code', () => {
  it('goes to the registered address in a message without a link, and proves the person once', async () => {
    const code = await asked();
    const mail = (await service.mail(request.address)).at(-1);
    expect(mail?.mail.text).toContain(`Your code is ${code}`);
    expect(mail?.raw).not.toMatch(/https?:/);
    const kept = await service.look<{ row: string }>('select c::text as row from emailed_code c');
    expect(kept.some(({ row }) => row.includes(code.replace('-', '')))).toBe(false);
    await proves(` ${code.replace('-', ' ')} `);
    expect(await outcome(proves(code))).toBe('CODE_EXPIRED');
  });

  it('does in the same transaction what it opens', async () => {
    const code = await asked();
    const attempt = { personId: request.personId, askedBy: request.askedBy, typed: code };
    await expect(codes.prove(north.priya, attempt, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    let opened = 0;
    await codes.prove(north.priya, attempt, async () => {
      opened += 1;
    });
    expect(opened).toBe(1);
  });

  it('is replaced by the next one', async () => {
    const first = await asked();
    service.clock.pass(1);
    const second = await asked();
    const withFirst = await outcome(proves(first));
    expect(first === second ? 'CODE_WRONG' : withFirst).toBe('CODE_WRONG');
    await proves(second);
  });
});

describe('refuses', () => {
  it('more than five tries, counted one by one when fifty come at once', async () => {
    const code = await asked();
    const tries = await Promise.all(Array.from({ length: 50 }, () => outcome(proves(wrongFor(code)))));
    expect(tries.filter((one) => one === 'CODE_WRONG')).toHaveLength(5);
    expect(tries.filter((one) => one === 'TOO_MANY_TRIES')).toHaveLength(45);
    expect(await outcome(proves(code))).toBe('TOO_MANY_TRIES');
  });

  it('the right code fifty times at once but once', async () => {
    const code = await asked();
    const tries = await Promise.all(Array.from({ length: 50 }, () => outcome(proves(code))));
    expect(tries.filter((one) => one === 'done')).toHaveLength(1);
  });

  it('a code of another visit, after ten minutes, or that is none', async () => {
    const code = await asked();
    expect(await outcome(proves(code, 'visit two'))).toBe('CODE_EXPIRED');
    expect(await outcome(proves('12ab'))).toBe('CODE_WRONG');
    service.clock.pass(10);
    expect(await outcome(proves(code))).toBe('CODE_EXPIRED');
  });

  it('more than three codes in a quarter of an hour, and more than ten in a day, also at once', async () => {
    const ask = (): Promise<string> => outcome(codes.ask(north.priya, request));
    const first = await Promise.all(Array.from({ length: 8 }, ask));
    expect(first.filter((one) => one === 'done')).toHaveLength(3);
    for (const done of [3, 3, 1]) {
      service.clock.pass(15);
      const more = [await ask(), await ask(), await ask(), await ask()];
      expect(more.filter((one) => one === 'done')).toHaveLength(done);
    }
    const told = await service.look(`select 1 from event where action = 'code.refused' and object = $1`, [
      `person:${request.personId}`,
    ]);
    expect(told.length).toBeGreaterThan(0);
    service.clock.pass(24 * 60);
    expect(await ask()).toBe('done');
  });
});
