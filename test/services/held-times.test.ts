import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type RuleBroken } from '../../src/errors.js';
import { ContactsService } from '../../src/directory/contacts.service.js';
import { AnswersService } from '../../src/meetings/answers.service.js';
import { ChangesService } from '../../src/meetings/changes.service.js';
import { type Meeting } from '../../src/meetings/meeting.js';
import { MeetingsService } from '../../src/meetings/meetings.service.js';
import { InvitationsService } from '../../src/meetings/invitations.service.js';
import { SchedulingService } from '../../src/meetings/scheduling.service.js';
import { WorklistService } from '../../src/worklist/worklist.service.js';
import { replies } from '../support/arriving.js';
import { type Placed } from '../support/matters.js';
import { aCast, aMeeting, aPlan, type Cast, readCalendar } from '../support/meetings.js';
import { MONDAY, startService, type TestService } from '../support/service.js';

let service: TestService;
let cast: Cast;
let held: Meeting;
let changes: ChangesService;
let round = 0;

beforeAll(async () => {
  service = await startService();
  changes = service.get(ChangesService);
});

beforeEach(async () => {
  service.clock.set(MONDAY);
  round += 1;
  cast = await aCast(service, `held${round}.example`);
  held = await aMeeting(service, cast, { hold: true });
});

afterAll(async () => {
  await service.stop();
});

async function got(who: Placed): Promise<string[]> {
  const mails = await service.mail(who.address);
  return mails
    .filter(({ calendar }) => calendar !== undefined)
    .map((mail) => {
      const { method, sequence, status, partstat } = readCalendar(mail);
      return [method, sequence, status ?? '-', partstat].join(' ');
    });
}
const lastText = async (who: Placed): Promise<string> => {
  const last = (await service.mail(who.address)).filter(({ calendar }) => calendar !== undefined).at(-1);
  return `${last?.mail.subject ?? ''}\n${last?.mail.text ?? ''}`;
};
const now = (): Promise<Meeting> => service.get(MeetingsService).find(cast.council.owen, held.id);
async function says(who: Placed, kind: 'ACCEPTED' | 'DECLINED'): Promise<void> {
  const { invitees } = await service.get(MeetingsService).show(cast.council.owen, held.id);
  const id = invitees.find((one) => one.contact_id === who.contactId)?.id ?? '';
  const reason = kind === 'DECLINED' ? ('CLASH' as const) : null;
  await service.get(AnswersService).recordByPhone(cast.council.owen, id, { kind, reason });
}
const confirm = async (): Promise<Meeting> =>
  changes.confirm(cast.council.owen, held.id, { version: (await now()).version });

describe('a held time', () => {
  it('stands in diaries as tentative, and the message says so in words', async () => {
    expect(held).toMatchObject({ status: 'PROPOSED', isHold: true, calendarSequence: 0 });
    expect(await got(cast.leanne)).toEqual(['REQUEST 0 TENTATIVE NEEDS-ACTION']);
    const [mail] = await service.mail(cast.leanne.address);
    expect(mail?.calendar).toContain('X-MICROSOFT-CDO-BUSYSTATUS:TENTATIVE');
    const text = await lastText(cast.leanne);
    expect(text).toContain('please keep this time free, and reply by 16:00');
    expect(text).toContain('It is not certain yet');
  });

  it('is answered, and the answers stay when it is made certain: everybody is told, those who cannot come too', async () => {
    await got(cast.leanne);
    await says(cast.leanne, 'ACCEPTED');
    await says(cast.tom, 'DECLINED');
    const preview = await changes.previewConfirmation(cast.council.owen, held.id);
    expect(preview.heard.map(({ news }) => news)).toEqual(Array(5).fill('CONFIRMED'));
    const firm = await confirm();
    expect(firm).toMatchObject({ status: 'SCHEDULED', isHold: false, calendarSequence: 1, revision: 1 });
    expect(await got(cast.leanne)).toEqual(['REQUEST 0 TENTATIVE NEEDS-ACTION', 'REQUEST 1 CONFIRMED ACCEPTED']);
    expect((await got(cast.tom)).at(-1)).toBe('REQUEST 1 CONFIRMED DECLINED');
    expect((await got(cast.fiona)).at(-1)).toBe('REQUEST 1 CONFIRMED NEEDS-ACTION');
    expect(await lastText(cast.leanne)).toContain('goes ahead: we have your answer');
    expect(await lastText(cast.fiona)).toContain('goes ahead: please reply');
    const { forecast } = await service.get(MeetingsService).show(cast.council.owen, held.id);
    expect(forecast.requirements.find(({ key }) => key === 'POLICE')?.state).toBe('CONFIRMED');
  });

  it('is answered from a calendar before it is certain, and counts', async () => {
    await replies(service, { council: cast.council, meeting: held }, cast.leanne);
    const { invitees } = await service.get(MeetingsService).show(cast.council.owen, held.id);
    const leanne = invitees.find(({ contact_id: id }) => id === cast.leanne.contactId);
    expect(leanne).toMatchObject({ answer: 'ACCEPTED', channel: 'CALENDAR_REPLY' });
  });

  it('stands on the worklist when it is near, and so does the place of somebody who has left', async () => {
    const rows = async (kind: string): Promise<unknown[]> => {
      const found = await service.get(WorklistService).rows(cast.council.owen);
      return found.filter((row) => row.kind === kind);
    };
    await service.mail();
    await service.get(ContactsService).leave(cast.council.owen, cast.leanne.contactId);
    expect(await rows('PLACE_VACATED')).toMatchObject([{ about: held.ref, id: held.id }]);
    expect(await rows('TIME_HELD')).toMatchObject([{ about: held.ref, id: held.id }]);
    await confirm();
    expect(await rows('TIME_HELD')).toEqual([]);
  });

  it('is moved like any other: asked again, and still only held', async () => {
    await got(cast.leanne);
    await says(cast.leanne, 'ACCEPTED');
    const slot = { ...aPlan(cast).slot, date: '2026-12-03' };
    await changes.reschedule(cast.council.owen, held.id, { slot, version: (await now()).version });
    expect((await got(cast.leanne)).at(-1)).toBe('REQUEST 1 TENTATIVE NEEDS-ACTION');
    expect(await lastText(cast.leanne)).toContain('It is not certain yet');
  });

  it('is released: it leaves every diary, in words that fit', async () => {
    await got(cast.leanne);
    expect(await changes.whoHolds(cast.council.owen, held.id)).toHaveLength(5);
    await changes.cancel(cast.council.owen, held.id, 'The police cannot come', (await now()).version);
    expect(await got(cast.leanne)).toEqual(['REQUEST 0 TENTATIVE NEEDS-ACTION', 'CANCEL 1 CANCELLED NEEDS-ACTION']);
    expect(await lastText(cast.leanne)).toContain('the time is no longer held');
  });

  it('is warned of when the same people are asked for that time', async () => {
    const { warnings } = await service.get(SchedulingService).check(cast.council.owen, aPlan(cast));
    expect(warnings.map(({ code }) => code)).toContain('CLASH');
  });

  it('takes more people, who are asked to keep it free', async () => {
    await service.get(InvitationsService).add(cast.council.owen, held.id, { contactId: cast.mark.contactId });
    expect(await got(cast.mark)).toEqual(['REQUEST 0 TENTATIVE NEEDS-ACTION']);
  });
});

describe('refuses', () => {
  const codeOf = (work: Promise<unknown>): Promise<string> =>
    work.then(
      () => 'done',
      (error: unknown) => (error as RuleBroken).code,
    );

  it('to make certain what has passed, what is certain already, or what was released', async () => {
    await confirm();
    expect(await codeOf(confirm())).toBe('MOVE_NOT_ALLOWED');
    const other = await aMeeting(service, cast, {
      slot: { ...aPlan(cast).slot, date: '2026-12-04' },
      hold: true,
    });
    service.clock.set('2026-12-05T10:00:00Z');
    expect(await codeOf(changes.confirm(cast.council.owen, other.id, { version: 1 }))).toBe('START_IN_PAST');
  });

  it('to make certain over another meeting of the same people without a reason', async () => {
    await aMeeting(service, cast, { overrideReason: 'Both matter' });
    expect(await codeOf(confirm())).toBe('NEEDS_CONFIRMATION');
  });
});
