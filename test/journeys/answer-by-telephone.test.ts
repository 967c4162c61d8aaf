import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Response } from 'supertest';
import { type Placed, someone } from '../support/matters.js';
import { aCast, aMeeting, type Cast } from '../support/meetings.js';
import { MONDAY, startService, type TestService } from '../support/service.js';
import { fieldsOf, signedIn, type StaffBrowser } from '../support/staff-browser.js';

let service: TestService;
let cast: Cast;
let owen: StaffBrowser;
let page: string;

beforeAll(async () => {
  service = await startService();
  cast = await aCast(service);
  page = `/meetings/${(await aMeeting(service, cast)).id}`;
  owen = await signedIn(service, cast.council.owen);
  await service.mail();
});

afterAll(async () => {
  await service.stop();
});

const words = (answer: Response): string => answer.text.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');

/** The address of one part of somebody's invitation, as the meeting's page links to it. */
async function linkTo(who: Placed, part: string): Promise<string> {
  const [row] = await service.look<{ id: string }>(
    'select id from invitation where contact_id = $1 order by created_at desc limit 1',
    [who.contactId],
  );
  const path = `${page}/invitations/${row?.id ?? ''}/${part}`;
  expect((await owen.get(page)).text).toContain(`href="${path}"`);
  return path;
}

async function record(who: Placed, fields: Record<string, string>): Promise<Response> {
  const path = await linkTo(who, 'answer');
  const form = await owen.get(path);
  return owen.post(path, { ...fieldsOf(form), ...fields });
}

describe('a coordinator on the telephone', () => {
  it('writes down who said what and when, and the invitee is told', async () => {
    service.clock.set('2026-11-30T15:00:00Z');
    const said = {
      kind: 'DECLINED',
      reason: 'LEAVE',
      saidBy: 'Ann Lee, front desk',
      saidOn: '2026-11-30',
      saidAt: '14:05',
    };
    const answer = await record(cast.leanne, { ...said, comment: 'Back on Friday' });
    expect([answer.status, answer.headers.location]).toEqual([303, page]);
    expect(words(await owen.get(page))).toMatch(
      /Leanne Firth .*Declined I am on leave .*30 Nov 2026, 2:05pm, by telephone, said by Ann Lee, front desk/,
    );
    const [kept] = await service.look('select * from response where channel = $1', ['PHONE']);
    expect(kept).toMatchObject({ recorded_by: 'Owen', said_by: 'Ann Lee, front desk', comment: 'Back on Friday' });
    expect(kept).toMatchObject({ stated_at: new Date('2026-11-30T14:05:00Z'), at: new Date('2026-11-30T15:00:00Z') });
    const mail = (await service.mail(cast.leanne.address)).at(-1);
    expect(mail?.mail.text).toContain('written down for you after a telephone call');
  });

  it('leaves day and time empty for a call that goes on now', async () => {
    expect((await record(cast.tom, { kind: 'ACCEPTED' })).status).toBe(303);
    expect(words(await owen.get(page))).toMatch(/Tom Beck .*Accepted .*3pm, by telephone/);
  });

  it('names a substitute, who gets an invitation of their own', async () => {
    const path = await linkTo(cast.fiona, 'substitute');
    expect(words(await owen.get(path))).toContain('Who comes in place of Fiona Akande?');
    const answer = await owen.post(path, { contactId: cast.tull.contactId, canDecide: 'yes' });
    expect([answer.status, answer.headers.location]).toEqual([303, page]);
    expect(words(await owen.get(page))).toMatch(
      /Fiona Akande .*Replaced .*Graham Tull|Graham Tull .*Fiona Akande .*Replaced/,
    );
    expect(await service.mail(cast.tull.address)).toHaveLength(1);
    expect((await owen.get(page)).text).not.toContain('for Graham Tull');
  });

  it('is led on to inviting by hand where the address is not the agency’s', async () => {
    const stranger = {
      contactId: '',
      name: 'Sam Stone',
      email: 'sam@elsewhere.example',
      postTitle: 'Nurse',
      canDecide: 'no',
    };
    const answer = await owen.post(await linkTo(cast.tom, 'substitute'), stranger);
    expect([answer.status, answer.headers.location]).toEqual([303, `${page}/invitations`]);
    expect(words(await owen.get(`${page}/invitations`))).toContain('that address is not one of the agency’s own');
    expect(await service.mail('sam@elsewhere.example')).toEqual([]);
  });

  it('withdraws an invitation after reading what the person will read', async () => {
    const path = await linkTo(cast.tom, 'withdrawal');
    const preview = words(await owen.get(path));
    expect(preview).toContain('They are no longer needed; the meeting goes ahead.');
    const before = await service.mail(cast.tom.address);
    expect(await service.look('select 1 from invitation where status = $1', ['WITHDRAWN'])).toEqual([]);
    expect((await owen.post(path, {})).status).toBe(303);
    const after = await service.mail(cast.tom.address);
    expect(after).toHaveLength(before.length + 1);
    const { subject = '', text = '' } = after.at(-1)?.mail ?? {};
    expect(preview).toContain(subject);
    expect(preview).toContain(/You are no longer needed at this meeting\. .*/.exec(text)?.[0] ?? 'nothing said');
  });
});

describe('refuses', () => {
  it('an answer without a kind, a reason or a time, with each sentence by its field and what was typed kept', async () => {
    const tries: [Record<string, string>, string, string][] = [
      [{}, 'kind', 'Select what they said'],
      [{ kind: 'GUESSED' }, 'kind', 'Select what they said'],
      [{ kind: 'DECLINED', reason: '' }, 'reason', 'Select why they cannot come'],
      [{ kind: 'SUGGESTED_TIME' }, 'comment', 'Enter the time that would suit them'],
      [{ kind: 'ACCEPTED', saidOn: '2026-11-30' }, 'saidAt', 'Enter the time they said it'],
      [{ kind: 'ACCEPTED', saidAt: '10:00' }, 'saidOn', 'Enter the day they said it'],
      [{ kind: 'ACCEPTED', saidOn: '2026-12-01', saidAt: '10:00' }, 'saidAt', 'Enter a time that has passed'],
      [{ kind: 'ACCEPTED', saidOn: '2026-03-29', saidAt: '01:30' }, 'saidAt', '01:30 does not exist'],
      [{ kind: 'ACCEPTED', saidBy: 'A\u202eB' }, 'saidBy', 'hidden characters'],
    ];
    const entries = (): Promise<unknown> => service.look('select count(*) from response');
    const before = await entries();
    for (const [fields, field, sentence] of tries) {
      const answer = await record(cast.owen, { saidBy: 'Ann', ...fields });
      expect([fields, answer.status]).toEqual([fields, 422]);
      expect(answer.text).toMatch(new RegExp(`id="${field}-error"[^>]*>[\\s\\S]{0,120}${sentence}`));
      expect(answer.text).toContain(`value="${fields.saidBy ?? 'Ann'}"`);
    }
    expect(await entries()).toEqual(before);
  });

  it('an older page, the invitation of another meeting, and anybody who may not know of the matter', async () => {
    const path = await linkTo(cast.owen, 'answer');
    expect((await owen.post(path, { kind: 'ACCEPTED', version: '99' })).status).toBe(409);
    service.clock.set(MONDAY);
    const other = await someone(service, cast.council, 'Nora Nurse', { category: 'HEALTH' });
    const slot = { date: '2026-12-03', from: '10:00', to: '11:00', zone: 'Europe/London', mode: 'VIDEO' as const };
    const elsewhere = await aMeeting(service, cast, { slot, invitees: [{ contactId: other.contactId }] });
    for (const part of ['answer', 'substitute', 'withdrawal']) {
      const crossed = path.replace(page, `/meetings/${elsewhere.id}`).replace('answer', part);
      expect((await owen.get(crossed)).status).toBe(404);
      expect((await owen.post(crossed, { kind: 'ACCEPTED', version: '1' })).status).toBe(404);
      const bev = await signedIn(service, cast.council.bev);
      expect((await bev.get(path.replace('answer', part))).status).toBe(404);
    }
  });
});
