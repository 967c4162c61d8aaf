import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { globalId } from '../../src/graphql/ids.js';
import { type Ask, asStaff, change } from '../support/graphql.js';
import { aCast, type Cast } from '../support/meetings.js';
import { startService, type TestService } from '../support/service.js';

let service: TestService;
let cast: Cast;
let owen: Ask;

beforeAll(async () => {
  service = await startService();
  cast = await aCast(service);
  owen = await asStaff(service, cast.council.owen);
});

afterAll(async () => {
  await service.stop();
});

const events = async (): Promise<number | undefined> =>
  (await service.look<{ n: number }>('select count(*)::int as n from event'))[0]?.n;

describe('passes', () => {
  it('what is right, in any script', async () => {
    const { payload } = await change(
      owen,
      'addAgency',
      { name: 'Ysgol Gŵyr – 学校', category: 'EDUCATION' },
      'agency { name }',
    );
    expect(payload).toMatchObject({ problems: [], agency: { name: 'Ysgol Gŵyr – 学校' } });
  });
});

describe('refuses', () => {
  it.each([
    ['a name of 10,000 characters', 'addAgency', { name: 'x'.repeat(10_000), category: 'OTHER' }, 'TOO_LONG'],
    ['a name turned round', 'addAgency', { name: 'Police\u202e', category: 'OTHER' }, 'UNSAFE_TEXT'],
    ['no name', 'addAgency', { name: ' ', category: 'OTHER' }, 'REQUIRED'],
    [
      'two addresses in one',
      'addContact',
      { name: 'Ann', email: 'a@b.test,c@evil.test', postTitle: 'x' },
      'INVALID_EMAIL',
    ],
    [
      'a token without an end',
      'issuePartnerToken',
      { name: 'x', scopes: ['nothing'], expiresAt: '2027-01-01T00:00:00Z' },
      'INVALID',
    ],
  ])('%s', async (_, name, input, code) => {
    const agency = globalId('Agency', cast.tom.agencyId);
    const whose = name === 'addAgency' ? {} : { agency };
    const before = await events();
    const { payload } = await change(owen, name, { ...input, ...whose });
    expect(payload.problems).toMatchObject([{ code }]);
    expect(await events()).toBe(before);
  });

  it.each([
    ['the hour that is missing', { date: '2027-03-28', from: '01:30', to: '03:00' }, 'TIME_DOES_NOT_EXIST'],
    ['a time zone nobody keeps', { zone: 'Mars/Olympus' }, 'UNKNOWN_ZONE'],
    ['a time in the past', { date: '2026-11-29' }, 'START_IN_PAST'],
    ['an end before the start', { to: '09:00' }, 'END_BEFORE_START'],
    ['a bank holiday without a reason', { date: '2026-12-25' }, 'NEEDS_CONFIRMATION'],
  ])('%s', async (_, different, code) => {
    const slot = { date: '2026-12-03', from: '10:00', to: '11:00', mode: 'VIDEO', ...different };
    const chair = globalId('Contact', cast.priya.contactId);
    const plan = { matter: globalId('Matter', cast.matter.id), type: 'ALLEGATION_MEETING', slot, chair, invitees: [] };
    expect((await change(owen, 'scheduleMeeting', plan)).payload.problems).toMatchObject([{ code }]);
  });
});
