import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Response } from 'supertest';
import { ExclusionsService } from '../../src/matters/exclusions.service.js';
import { atConsole, type AtConsole } from '../support/console.js';
import { aCast, aMeeting, type Cast, readCalendar } from '../support/meetings.js';
import { startService, type TestService } from '../support/service.js';

let service: TestService;
let cast: Cast;
let owen: AtConsole;
let bev: AtConsole;
let path: string;

beforeAll(async () => {
  service = await startService();
  cast = await aCast(service);
  owen = await atConsole(service, cast.council.owen);
  bev = await atConsole(service, cast.council.bev);
  path = `/matters/${cast.matter.id}/meetings/new`;
  await service.get(ExclusionsService).exclude(cast.council.owen, cast.matter.id, {
    excluded: { contactId: cast.tull.contactId },
    reason: 'IS_SUBJECT',
  });
});

afterAll(async () => {
  await service.stop();
});

const when = { type: 'ALLEGATION_MEETING', date: '2026-12-02', from: '10:00', to: '', mode: 'VIDEO' };
const text = (answer: Response): string => answer.text.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');

const attribute = (tag: string, name: string): string | undefined => new RegExp(` ${name}="([^"]*)"`).exec(tag)?.[1];

/** What an input would send: hidden and typed values, and boxes that are ticked. */
function inputOf(tag: string): [string, string][] {
  const name = attribute(tag, 'name');
  const isBox = ['checkbox', 'radio'].includes(attribute(tag, 'type') ?? '');
  if (name === undefined || name === '_csrf' || (isBox && !tag.includes(' checked'))) return [];
  return [[name, attribute(tag, 'value') ?? '']];
}

/** What a select would send: the chosen option, or the first. */
function selectOf([, name = '', options = '']: RegExpMatchArray): [string, string] {
  const chosen = /value="([^"]*)" selected/.exec(options) ?? /value="([^"]*)"/.exec(options);
  return [name, chosen?.[1] ?? ''];
}

/** What the first form of a page would send as it stands. */
function formOf(answer: Response): Record<string, string[]> {
  const main = answer.text.slice(answer.text.indexOf('<main'));
  const html = main.slice(0, main.indexOf('</form>'));
  const inputs = [...html.matchAll(/<input\s[^>]*>/g)].flatMap(([tag]) => inputOf(tag));
  const selects = [...html.matchAll(/<select\s[^>]*name="([^"]+)"[^>]*>([\s\S]*?)<\/select>/g)].map(selectOf);
  const fields: Record<string, string[]> = {};
  for (const [name, value] of [...inputs, ...selects]) fields[name] = [...(fields[name] ?? []), value];
  return fields;
}

describe('a coordinator', () => {
  let meeting: string;

  it('finds the matter a meeting is about', async () => {
    expect(text(await owen.get('/meetings'))).toContain('No meeting is to come');
    const page = await owen.get('/meetings/new');
    expect(page.text).toContain(`href="${path}"`);
    expect((await bev.get('/meetings/new')).text).not.toContain(cast.matter.ref);
  });

  it('chooses kind, time and people, and sends', async () => {
    const first = await owen.get(path);
    expect(text(first)).toContain('When and how is the meeting?');
    const second = await owen.post(path, { ...when, do: 'people' });
    expect(second.status).toBe(200);
    expect(text(second)).toContain('Allegation meeting, Wednesday 2 December 2026, 10:00 to 11:30, by video');
    expect(text(second)).toContain('Leanne Firth');
    expect(text(second)).toContain('Employer Required');
    expect(second.text).not.toContain('Tull');
    expect(second.text).not.toMatch(/name="invitee"[^>]*checked/);

    const found = await owen.post(path, {
      ...formOf(second),
      invitee: [cast.leanne.contactId],
      q: 'akande',
      do: 'find',
    });
    expect(text(found)).toContain('1 person found for “akande”');
    expect(found.text).toMatch(new RegExp(`value="${cast.leanne.contactId}" checked`));

    const people = { invitee: [cast.leanne.contactId, cast.fiona.contactId], chair: cast.priya.contactId };
    const third = await owen.post(path, { ...formOf(found), ...people, minuteTaker: cast.owen.contactId, do: 'check' });
    expect(third.status).toBe(200);
    expect(text(third)).toContain('4 people asked');
    expect(text(third)).toContain('Wednesday 2 December 2026, 10am to 11:30am');

    const filled = formOf(third);
    expect(filled[`required[${cast.leanne.contactId}]`]).toEqual(['BY_QUORUM']);
    expect(filled[`role[${cast.fiona.contactId}]`]).toEqual(['ATTENDEE']);
    const sent = await owen.post(path, { ...filled, [`role[${cast.fiona.contactId}]`]: 'EMPLOYER', do: 'send' });
    expect(sent.status).toBe(303);
    meeting = sent.headers.location ?? '';
    expect((await service.mail()).map(({ to }) => to).sort()).toEqual(
      [cast.fiona, cast.leanne, cast.owen, cast.priya].map(({ address }) => address).sort(),
    );
  });

  it('sees who is asked, how the messages fare and whether it will be quorate', async () => {
    const page = await owen.get(meeting);
    expect(page.status).toBe(200);
    const words = text(page);
    expect(words).toContain('The invitations are on their way');
    expect(words).toContain('Wednesday 2 December 2026, 10am to 11:30am');
    expect(words).toContain('Quorum at risk');
    expect(words).toMatch(/Employer or HR Awaited Fiona Akande: no answer yet/);
    expect(words).toMatch(/Leanne Firth .* Attendee Required No answer yet Sent/);
    expect(words).toContain('quorum.allegation');
    expect(text(await owen.get('/meetings'))).toContain('1 meeting to come');
    expect(text(await owen.get('/meetings?quorum=MET'))).toContain('No meeting fits');
    expect(text(await owen.get(`/matters/${cast.matter.id}`))).toContain('Meetings about this matter');
    expect((await bev.get(meeting)).status).toBe(404);
  });

  it('invites somebody new to the directory, sends again and withdraws', async () => {
    const form = await owen.get(`${meeting}/invitations`);
    const person = {
      personName: 'Alan Moss',
      email: 'alan.moss@kestrel.example',
      postTitle: 'Investigating officer',
      agencyName: 'Kestrel Academy Trust',
      agencyCategory: 'HR',
    };
    const sent = await owen.post(`${meeting}/invitations`, {
      ...formOf(form),
      ...person,
      role: 'INVESTIGATOR',
      do: 'add',
    });
    expect([sent.status, sent.headers.location]).toEqual([303, meeting]);
    expect(await service.mail('alan.moss@kestrel.example')).toHaveLength(1);
    const page = await owen.get(meeting);
    expect(text(page)).toContain('Alan Moss');
    const row = page.text.slice(page.text.lastIndexOf('Alan Moss</a>'));
    const again = /action="([^"]+\/resending)"/.exec(row)?.[1] ?? '';
    expect((await owen.post(again, {})).status).toBe(303);
    expect(await service.mail('alan.moss@kestrel.example')).toHaveLength(2);
    const withdraw = again.replace('resending', 'withdrawal');
    expect((await owen.post(withdraw, {})).status).toBe(303);
    const calendars = (await service.mail('alan.moss@kestrel.example')).map(readCalendar);
    expect(calendars.map(({ method, sequence }) => `${method} ${sequence}`)).toEqual([
      'REQUEST 0',
      'REQUEST 0',
      'CANCEL 1',
    ]);
    expect(text(await owen.get(meeting))).toContain('Withdrawn');
  });

  it('moves it after seeing who is told, and cancels it', async () => {
    const edit = await owen.get(`${meeting}/edit`);
    const changed = { ...formOf(edit), joinDetails: '', place: '', date: '2026-12-03', do: 'preview' };
    const preview = await owen.post(`${meeting}/edit`, changed);
    expect(text(preview)).toContain('Everybody is asked again');
    expect(text(preview)).toMatch(/(Invited|asked again).*: .*Leanne Firth/);
    const moved = await owen.post(`${meeting}/edit`, { ...formOf(preview), do: 'send' });
    expect([moved.status, moved.headers.location]).toEqual([303, meeting]);
    expect(text(await owen.get(meeting))).toContain('Thursday 3 December 2026');

    const page = await owen.get(`${meeting}/cancellation`);
    const refused = await owen.post(`${meeting}/cancellation`, { ...formOf(page), reason: '' });
    expect([refused.status, text(refused)]).toEqual([422, expect.stringContaining('Say why the meeting is cancelled')]);
    const cancelled = await owen.post(`${meeting}/cancellation`, { ...formOf(refused), reason: 'Held by telephone' });
    expect(cancelled.status).toBe(303);
    expect(text(await owen.get(meeting))).toContain('Held by telephone');
    expect(text(await owen.get('/meetings?when=past'))).toContain('Cancelled');
  });

  it('adds somebody to the directory while choosing people', async () => {
    const second = await owen.post(path, { ...when, do: 'people' });
    const typed = { personName: 'Joan Petty', email: 'joan@kestrel.example', postTitle: 'HR manager' };
    const missing = await owen.post(path, { ...formOf(second), ...typed, do: 'add' });
    expect([missing.status, text(missing)]).toEqual([422, expect.stringContaining('Select the agency they work for')]);
    const agency = { agencyName: 'Kestrel Trust HR', agencyCategory: 'HR' };
    const added = await owen.post(path, { ...formOf(missing), ...typed, ...agency, do: 'add' });
    expect(added.status).toBe(200);
    expect(added.text).toMatch(/value="[0-9a-f-]{36}" checked/);
    expect(text(added)).toContain('Joan Petty');
  });
});

describe('refuses', () => {
  it('on the page of the field, with what was typed kept', async () => {
    const wrong = await owen.post(path, {
      ...when,
      date: '31/2/2027',
      mode: 'IN_PERSON',
      place: 'Civic Centre',
      do: 'people',
    });
    expect(wrong.status).toBe(422);
    expect(text(wrong)).toContain('The date of the meeting must be a real date');
    expect(wrong.text).toContain('value="Civic Centre"');
    const missing = await owen.post(path, { ...when, date: '2027-03-28', from: '01:30', do: 'people' });
    expect([missing.status, text(missing)]).toEqual([422, expect.stringContaining('01:30 does not exist')]);
  });

  it('a meeting without a chair, and one that nobody may be told of', async () => {
    const noChair = await owen.post(path, { ...when, invitee: cast.leanne.contactId, do: 'check' });
    expect([noChair.status, text(noChair)]).toEqual([422, expect.stringContaining('Choose who chairs the meeting')]);
    const tull = await owen.post(path, {
      ...when,
      invitee: cast.tull.contactId,
      chair: cast.priya.contactId,
      do: 'check',
    });
    expect([tull.status, text(tull)]).toEqual([
      422,
      expect.stringContaining('Graham Tull must not be told of this matter'),
    ]);
  });

  it('Good Friday until a reason is given', async () => {
    const friday = { ...when, date: '2027-03-26', chair: cast.priya.contactId };
    const checked = await owen.post(path, { ...friday, do: 'check' });
    expect(text(checked)).toContain('Friday 26 March 2027 is Good Friday');
    const refused = await owen.post(path, { ...formOf(checked), do: 'send' });
    expect(refused.status).toBe(422);
    expect(refused.text).toContain('href="#overrideReason"');
    const sent = await owen.post(path, { ...formOf(refused), overrideReason: 'The child goes home', do: 'send' });
    expect(sent.status).toBe(303);
  });

  it('a page that was left open while somebody else moved the meeting', async () => {
    const meeting = await aMeeting(service, cast, { slot: { ...slot(), date: '2026-12-08' } });
    const edit = formOf(await owen.get(`/meetings/${meeting.id}/edit`));
    const move = (date: string) => owen.post(`/meetings/${meeting.id}/edit`, { ...edit, place: '', date, do: 'send' });
    expect((await move('2026-12-09')).status).toBe(303);
    expect((await move('2026-12-10')).status).toBe(409);
  });

  it('those who may not know of the matter, and ids that are none', async () => {
    expect((await bev.get(path)).status).toBe(404);
    expect((await bev.post(path, { ...when, chair: cast.priya.contactId, do: 'send' })).status).toBe(404);
    expect((await owen.get('/meetings/not-an-id')).status).toBe(404);
    expect((await owen.get('/matters/1/meetings/new')).status).toBe(404);
  });
});

function slot() {
  return { date: '2026-12-08', from: '10:00', to: '11:00', zone: 'Europe/London', mode: 'VIDEO' as const };
}
