import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { ActionLists } from '../../src/actions/action-lists.service.js';
import { type Meeting } from '../../src/meetings/meeting.js';
import { aCast, aMeeting, type Cast } from '../support/meetings.js';
import { startService, type TestService } from '../support/service.js';
import { fieldsOf, signedIn, type StaffBrowser } from '../support/staff-browser.js';

let service: TestService;
let cast: Cast;
let meeting: Meeting;
let owen: StaffBrowser;
let path: string;

beforeAll(async () => {
  service = await startService();
  cast = await aCast(service);
  meeting = await aMeeting(service, cast);
  path = `/meetings/${meeting.id}/attendance`;
  owen = await signedIn(service, cast.council.owen);
});

afterAll(async () => {
  await service.stop();
});

/** The key of somebody's row, as their inputs are named by it. */
function rowOf(fields: Record<string, string>, contactId: string, which = 0): string {
  const rows = Object.entries(fields).filter(([name, value]) => name.startsWith('contact[') && value === contactId);
  return rows[which]?.[0].slice('contact['.length, -1) ?? 'no row';
}

describe('the page of the register', () => {
  it('says that it is too early before the meeting', async () => {
    const page = await owen.get(path);
    expect(page.status).toBe(200);
    expect(page.text).toContain('The meeting has not started');
    expect(page.text).not.toContain('Record who came');
  });

  it('finds somebody who was not invited, keeps what was typed, and records everybody in one submit', async () => {
    service.clock.set('2026-12-02T11:30:00Z');
    const typed = fieldsOf(await owen.get(path));
    const [tom, fiona] = [rowOf(typed, cast.tom.contactId), rowOf(typed, cast.fiona.contactId)];
    Object.assign(typed, { [`status[${tom}]`]: 'APOLOGIES_WITH_REPORT', [`note[${tom}]`]: 'Report of 1 December' });
    const found = await owen.post(path, { ...typed, find: 'oyelaran', do: 'find' });
    expect(found.status).toBe(200);
    expect(found.text).toContain(`value="add:${cast.mark.contactId}"`);
    expect(found.text).toContain('Report of 1 December');
    const added = await owen.post(path, { ...fieldsOf(found), do: `add:${cast.mark.contactId}` });
    expect(added.text).toContain('Mark Oyelaran, Post of Mark Oyelaran');
    expect(added.text).not.toContain('&lt;');
    const again = await owen.post(path, { ...fieldsOf(added), do: `again:${cast.mark.contactId}` });
    const fields = fieldsOf(again);
    const [first, second] = [rowOf(fields, cast.mark.contactId), rowOf(fields, cast.mark.contactId, 1)];
    Object.assign(fields, {
      [`status[${first}]`]: 'ATTENDED_PART',
      [`mode[${first}]`]: 'PHONE',
      [`left[${first}]`]: '10:15',
      [`mode[${second}]`]: 'PHONE',
      [`joined[${second}]`]: '10.40',
      [`status[${fiona}]`]: 'ATTENDED',
      [`mode[${fiona}]`]: 'VIDEO',
    });
    const sent = await owen.post(path, fields);
    expect([sent.status, sent.headers.location]).toEqual([303, path]);
    const rows = await service.look<{ name: string; status: string; from: string | null; to: string | null }>(
      `select c.name, e.status, to_char(e.joined_at at time zone 'Europe/London', 'HH24:MI') as from,
         to_char(e.left_at at time zone 'Europe/London', 'HH24:MI') as to
       from attendance e join contact c on c.id = e.contact_id order by c.name, e.joined_at nulls first`,
    );
    expect(rows).toEqual([
      { name: 'Fiona Akande', status: 'ATTENDED', from: null, to: null },
      { name: 'Leanne Firth', status: 'DNA', from: null, to: null },
      { name: 'Mark Oyelaran', status: 'ATTENDED_PART', from: null, to: '10:15' },
      { name: 'Mark Oyelaran', status: 'ATTENDED_PART', from: '10:40', to: null },
      { name: 'Owen Tidy', status: 'DNA', from: null, to: null },
      { name: 'Priya Raman', status: 'DNA', from: null, to: null },
      { name: 'Tom Beck', status: 'APOLOGIES_WITH_REPORT', from: null, to: null },
    ]);
    const page = await owen.get(path);
    expect(page.text).toContain('Attendance recorded');
    expect(page.text).toContain('Quorum at the start');
    const ofMeeting = await owen.get(`/meetings/${meeting.id}`);
    expect(ofMeeting.text).toContain('Fiona Akande, Mark Oyelaran</p>');
    expect(ofMeeting.text).toContain('Quorum at the end');
    const { people } = await service.get(ActionLists).ofMeeting(cast.council.owen, meeting.id);
    expect(people.filter(({ attended }) => attended).map(({ name }) => name)).toEqual([
      'Fiona Akande',
      'Mark Oyelaran',
    ]);
  });

  it('corrects one line and shows what was corrected', async () => {
    const fields = fieldsOf(await owen.get(path));
    const leanne = rowOf(fields, cast.leanne.contactId);
    const change = { [`status[${leanne}]`]: 'ATTENDED', [`mode[${leanne}]`]: 'VIDEO' };
    expect((await owen.post(path, { ...fields, ...change })).status).toBe(303);
    const page = await owen.get(path);
    expect(page.text).toContain('Attendance corrected');
    expect(page.text).toContain('had recorded Leanne Firth: Did not attend');
    const [count] = await service.look<{ n: number }>('select count(*)::int as n from attendance');
    expect(count?.n).toBe(8);
  });
});

describe('refuses', () => {
  async function again(change: (fields: Record<string, string>, row: string) => object): Promise<string> {
    const fields = fieldsOf(await owen.get(path));
    const page = await owen.post(path, { ...fields, ...change(fields, rowOf(fields, cast.fiona.contactId)) });
    expect(page.status).toBe(422);
    return page.text;
  }

  it('everything wrong at once, each by its field, and keeps what was typed', async () => {
    const text = await again((_fields, row) => ({
      [`status[${row}]`]: 'ATTENDED_PART',
      [`mode[${row}]`]: '',
      [`note[${row}]`]: 'Kept as typed',
    }));
    expect(text).toContain('There is a problem');
    expect(text).toMatch(/href="#mode\[r\d\]">Choose whether they came/);
    expect(text).toMatch(/href="#joined\[r\d\]">Enter when they joined/);
    expect(text).toContain('Kept as typed');
  });

  it('a time that is none, one before the other, an unknown status, hidden characters', async () => {
    expect(await again((_f, row) => ({ [`joined[${row}]`]: '25:00' }))).toContain('Time they joined must be a time');
    expect(await again((_f, row) => ({ [`joined[${row}]`]: '10:30', [`left[${row}]`]: '10:20' }))).toContain(
      'Enter a time of leaving after the time of joining',
    );
    expect(await again((_f, row) => ({ [`status[${row}]`]: 'ASLEEP' }))).toContain('Select whether they attended');
    expect(await again((_f, row) => ({ [`mode[${row}]`]: 'PIGEON' }))).toContain('Select how they came');
    expect(await again((_f, row) => ({ [`note[${row}]`]: 'x\u202ey' }))).toContain('Remove the hidden characters');
  });

  it('ids that are none, without a fault', async () => {
    const fields = fieldsOf(await owen.get(path));
    const row = rowOf(fields, cast.fiona.contactId);
    const page = await owen.post(path, { ...fields, [`contact[${row}]`]: 'x', [`status[${row}]`]: 'DNA' });
    expect(page.status).toBe(422);
    expect((await owen.get('/meetings/not-an-id/attendance')).status).toBe(404);
    expect((await owen.get(`/meetings/${randomUUID()}/attendance`)).status).toBe(404);
  });

  it('a page that was open while somebody else recorded', async () => {
    const fields = fieldsOf(await owen.get(path));
    const row = rowOf(fields, cast.fiona.contactId);
    expect((await owen.post(path, { ...fields, [`note[${row}]`]: 'First' })).status).toBe(303);
    expect((await owen.post(path, { ...fields, [`note[${row}]`]: 'Second' })).status).toBe(409);
  });

  it('whoever is not signed in or may not know of the matter', async () => {
    const bev = await signedIn(service, cast.council.bev);
    expect((await bev.get(path)).status).toBe(404);
    const nobody = await service.http.get(path);
    expect([nobody.status, nobody.headers.location]).toEqual([303, `/sign-in?next=${encodeURIComponent(path)}`]);
  });
});
