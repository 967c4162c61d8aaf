import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Response } from 'supertest';
import { atConsole, type AtConsole } from '../support/console.js';
import { aCast, aMeeting, aPlan, type Cast, readCalendar } from '../support/meetings.js';
import { startService, type TestService } from '../support/service.js';
import { fieldsOf } from '../support/staff-browser.js';

let service: TestService;
let cast: Cast;
let owen: AtConsole;
let page: string;
let first: string;

beforeAll(async () => {
  service = await startService();
  cast = await aCast(service);
  owen = await atConsole(service, cast.council.owen);
  service.clock.set('2027-02-22T10:00:00Z');
  const slot = { ...aPlan(cast).slot, date: '2027-02-26' };
  first = `/meetings/${(await aMeeting(service, cast, { slot })).id}`;
  page = `${first}/series`;
});

afterAll(async () => {
  await service.stop();
});

const text = (answer: Response): string => answer.text.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');
const meetings = (): Promise<{ id: string; series_number: number; starts_at: Date; status: string; uid: string }[]> =>
  service.look('select id, series_number, starts_at, status, calendar_uid as uid from meeting order by starts_at');
const rule = { count: '3', every: '1', unit: 'MONTHS', type: 'ALLEGATION_MEETING' };
/** One day later each but for the first, which falls on Good Friday. */
const dates = { 'date[1]': '2027-03-30', 'date[2]': '2027-04-26', 'date[3]': '2027-05-26' };

describe('meetings that follow', () => {
  it('are worked out, each with what to think of twice', async () => {
    const { version = '' } = fieldsOf(await owen.get(page));
    const shown = await owen.post(page, { ...rule, version, do: 'dates' });
    expect(shown.status).toBe(200);
    expect(text(shown)).toContain('Friday 26 March 2027 is Good Friday');
    expect(text(shown)).toContain('Wednesday 26 May 2027, 10am to 11:15am');
    expect(await meetings()).toHaveLength(1);
    const again = await owen.post(page, { ...rule, ...dates, version, do: 'preview' });
    expect(text(again)).not.toContain('Good Friday');
  });

  it('are called in one go, each with its own entry in diaries, at the same hour over the change of the clocks', async () => {
    const { version = '' } = fieldsOf(await owen.get(page));
    await service.mail();
    const sent = await owen.post(page, { ...rule, ...dates, version, do: 'send' });
    expect([sent.status, sent.headers.location]).toEqual([303, page]);
    const series = await meetings();
    expect(series.map(({ series_number }) => series_number)).toEqual([1, 2, 3, 4]);
    expect(series.map(({ starts_at }) => starts_at.toISOString())).toEqual([
      '2027-02-26T10:00:00.000Z',
      '2027-03-30T09:00:00.000Z',
      '2027-04-26T09:00:00.000Z',
      '2027-05-26T09:00:00.000Z',
    ]);
    const diary = (await service.mail(cast.leanne.address)).map(readCalendar);
    expect(diary.map(({ uid }) => uid)).toEqual(series.map(({ uid }) => uid));
    expect(new Set(diary.map(({ sequence }) => sequence))).toEqual(new Set([0]));
  });

  it('know their place', async () => {
    const [, second] = await meetings();
    expect(text(await owen.get(`/meetings/${second?.id ?? ''}`))).toContain('In a series 2 of 4');
    expect(text(await owen.get(page))).toContain('4 of 4');
  });

  it('are cancelled from one on, and the earlier ones stay', async () => {
    const [, , third] = await meetings();
    const path = `/meetings/${third?.id ?? ''}/cancellation`;
    const { version = '' } = fieldsOf(await owen.get(path));
    const unsure = await owen.post(path, { version, reason: 'The matter is settled' });
    expect([unsure.status, text(unsure)]).toEqual([422, expect.stringContaining('Select which meetings')]);
    const sent = await owen.post(path, { version, reason: 'The matter is settled', which: 'LATER' });
    expect(sent.status).toBe(303);
    expect((await meetings()).map(({ status }) => status)).toEqual([
      'SCHEDULED',
      'SCHEDULED',
      'CANCELLED',
      'CANCELLED',
    ]);
    const calledOff = (await service.mail(cast.leanne.address)).map(readCalendar).slice(4);
    expect(calledOff.map(({ method, sequence }) => `${method} ${sequence}`)).toEqual(['CANCEL 1', 'CANCEL 1']);
  });
});

describe('refuses', () => {
  it('a holiday without a reason, dates that do not rise, and a page of yesterday; nothing is called', async () => {
    const { version = '' } = fieldsOf(await owen.get(page));
    const before = await meetings();
    const send = async (more: Record<string, string>) => owen.post(page, { ...rule, version, do: 'send', ...more });
    const holiday = await send({ 'date[1]': '2027-12-27' });
    expect([holiday.status, holiday.text]).toEqual([422, expect.stringContaining('href="#overrideReason"')]);
    const falling = await send({ 'date[1]': '2027-06-28', 'date[2]': '2027-06-01' });
    expect([falling.status, falling.text]).toEqual([422, expect.stringContaining('href="#date[2]"')]);
    const nonsense = await send({ 'date[1]': '2027-02-30' });
    expect([nonsense.status, text(nonsense)]).toEqual([422, expect.stringContaining('must be a real date')]);
    expect((await send({ 'date[1]': '2027-07-01', version: '1' })).status).toBe(409);
    expect((await owen.post(page, { ...rule, count: '40', version, do: 'dates' })).status).toBe(422);
    expect(await meetings()).toEqual(before);
  });
});
