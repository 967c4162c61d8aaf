import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import request from 'supertest';
import { ContactsService } from '../../src/directory/contacts.service.js';
import { type RuleBroken } from '../../src/errors.js';
import { StaffService } from '../../src/access/staff.service.js';
import { asStaff, type Ask } from '../support/graphql.js';
import { aCast, type Cast } from '../support/meetings.js';
import { startService, type TestService } from '../support/service.js';
import { signedIn, type StaffBrowser } from '../support/staff-browser.js';

let service: TestService;
let cast: Cast;
let owen: StaffBrowser;
let ask: Ask;

beforeAll(async () => {
  service = await startService();
  cast = await aCast(service);
  owen = await signedIn(service, cast.council.owen);
  ask = await asStaff(service, cast.council.owen);
});

afterAll(async () => {
  await service.stop();
});

const cursorOf = (...parts: string[]): string => Buffer.from(JSON.stringify(parts)).toString('base64url');
const NOBODY = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

describe('refuses without a fault of ours', () => {
  it.each(['/history?object=%00', '/matters?search=a%00', '/meetings/new?search=%00', '/directory?part=%00%00'])(
    'a character that the database cannot hold in %s',
    async (path) => {
      expect((await owen.get(path)).status).toBeLessThan(500);
    },
  );

  it.each(['/mailbox?to=%00', '/mailbox?to=a&to=b', '/mailbox?to[a]=b'])('the filter of %s', async (path) => {
    expect((await request(service.app.getHttpServer()).get(path)).status).toBe(200);
  });

  it.each([
    ['a search', '{ matters(search: "\\u0000", first: 2) { nodes { ref } } }', 'UNSAFE_TEXT'],
    ['a reference', '{ meeting(ref: "a\\u0000") { ref } }', 'UNSAFE_TEXT'],
    [
      'a cursor with a 13th month',
      `{ meetings(after: "${cursorOf('2026-13-45T10:00:00+00:00', NOBODY)}", first: 2) { nodes { ref } } }`,
      'INVALID_DATE',
    ],
    [
      'a cursor with 30 February',
      `{ actions(after: "${cursorOf('2026-02-30', NOBODY)}", first: 2) { nodes { ref } } }`,
      'INVALID_DATE',
    ],
  ])('%s that no row can hold', async (_what, query, problem) => {
    const { errors } = await ask(query);
    expect(errors.map(({ extensions }) => extensions)).toEqual([{ code: 'BAD_USER_INPUT', problem }]);
  });

  it('a change whose key the database cannot hold, as a problem', async () => {
    const answer = await ask(
      `mutation { recordLeaving(input: { clientMutationId: "\\u0000", contact: "x" }) { problems { code } } }`,
    );
    expect(answer.data).toEqual({ recordLeaving: { problems: [{ code: 'UNSAFE_TEXT' }] } });
  });
});

describe('refuses', () => {
  it.each(['Ann http:\\\\evil.test', 'Ann x:/\\evil.test'])(
    'the name %s, which a calendar would print as a link and no message could be sent with',
    async (name) => {
      const { contactId, address: email } = cast.tom;
      await expect(
        service.get(ContactsService).correct(cast.council.owen, contactId, { name, email }),
      ).rejects.toMatchObject({ code: 'UNSAFE_TEXT', field: 'name' } satisfies Partial<RuleBroken>);
    },
  );

  it('to let people choose who they are in production, on a database that was tried out first', async () => {
    const { settings } = service;
    expect(await service.get(StaffService).ofTheDemonstration()).not.toEqual([]);
    settings.production = true;
    try {
      expect(await service.get(StaffService).ofTheDemonstration()).toEqual([]);
    } finally {
      settings.production = false;
    }
  });
});
