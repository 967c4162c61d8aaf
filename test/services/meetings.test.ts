import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { UnitOfWork } from '../../src/database/unit-of-work.js';
import { newId } from '../../src/database/ids.js';
import { NotAllowed, NotFound, type RuleBroken } from '../../src/errors.js';
import { ExclusionsService } from '../../src/matters/exclusions.service.js';
import { Invitation } from '../../src/meetings/invitation.js';
import { Meeting } from '../../src/meetings/meeting.js';
import { type MeetingPlan, SchedulingService } from '../../src/meetings/scheduling.service.js';
import { MeetingsService } from '../../src/meetings/meetings.service.js';
import { SuggestionsService } from '../../src/meetings/suggestions.service.js';
import { aMeeting, aCast, aPlan, type Cast, readCalendar } from '../support/meetings.js';
import { MONDAY, startService, type TestService } from '../support/service.js';

let service: TestService;
let cast: Cast;
let scheduling: SchedulingService;
let meetings: MeetingsService;

beforeAll(async () => {
  service = await startService();
  cast = await aCast(service);
  scheduling = service.get(SchedulingService);
  meetings = service.get(MeetingsService);
});

afterAll(async () => {
  await service.stop();
});

async function refusal(
  plan: Partial<MeetingPlan>,
): Promise<{ code: string; message: string; field: string | undefined }> {
  const error = await scheduling.schedule(cast.council.owen, aPlan(cast, plan)).then(
    () => undefined,
    (thrown: unknown) => thrown as RuleBroken,
  );
  if (error === undefined) throw new Error('It was not refused');
  return { code: error.code, message: error.message, field: error.field };
}

const slot = (change: object) => ({ slot: { ...aPlan(cast).slot, ...change } });

describe('scheduling a meeting', () => {
  let meeting: Meeting;
  beforeAll(async () => {
    meeting = await aMeeting(service, cast);
  });

  it('sends one message to each person, the chair and the minute taker too', async () => {
    const mails = await service.mail();
    expect(mails.map(({ to }) => to).sort()).toEqual(
      [cast.fiona, cast.leanne, cast.owen, cast.priya, cast.tom].map(({ address }) => address).sort(),
    );
    for (const mail of mails) {
      const calendar = readCalendar(mail);
      expect(calendar).toMatchObject({
        method: 'REQUEST',
        uid: meeting.calendarUid,
        sequence: 0,
        status: 'CONFIRMED',
        start: new Date('2026-12-02T10:00:00Z'),
        attendee: `mailto:${mail.to}`,
        partstat: 'NEEDS-ACTION',
      });
      expect(calendar.organizer).toBe(`mailto:${mail.mail.from?.address ?? ''}`);
      expect(mail.link).toMatch(/^http:\/\/localhost:3000\/i\/[A-Za-z0-9_-]{43}$/);
    }
    expect(new Set(mails.map(({ mail }) => mail.from?.address)).size).toBe(5);
    expect(new Set(mails.map(({ link }) => link)).size).toBe(5);
  });

  it('says when and how and nothing of what it is about', async () => {
    const [caught] = await service.mail(cast.leanne.address);
    if (caught === undefined) throw new Error('No message');
    const { mail, calendar = '' } = caught;
    const { subject = '', text = '', html = '' } = mail;
    expect(subject).toBe('Multi-agency meeting ALL-2026-0147: please reply by 16:00 on Tuesday 1 December');
    expect(mail.from?.name).toBe('northshire.example meetings');
    expect(text).toContain('Dear Leanne Firth');
    expect(text).toContain('When: Wednesday 2 December 2026, 10am to 11:15am (UK time)');
    expect(text).toContain('Where: Joining details on the page');
    expect(text).toContain('Please reply by: 4pm on Tuesday 1 December 2026');
    expect(text).toContain('01632 960 000');
    expect(text).toContain('name a substitute');
    const everything = [text, html, subject, calendar].join('\n').toLowerCase();
    for (const word of ['allegation', 'tull', 'akande', 'police', 'strategy', 'enquiry', 'lado', 'safeguarding']) {
      expect(everything).not.toContain(word);
    }
  });

  it('keeps meeting and invitations as they were made', async () => {
    await service.get(UnitOfWork).run(cast.council.owen, async (tx) => {
      const loaded = await tx.find(Meeting, meeting.id);
      expect(loaded).toEqual(meeting);
      expect(loaded).toMatchObject({ ref: 'ALL-2026-0147-M1', urgency: 'URGENT', status: 'SCHEDULED', version: 1 });
      const where = { authorityId: cast.council.id, meetingId: meeting.id };
      const invitations = await tx.manager.find(Invitation, { where });
      const roles = new Map(invitations.map((one) => [one.contactId, one.role]));
      expect(roles.get(cast.priya.contactId)).toBe('CHAIR');
      expect(roles.get(cast.owen.contactId)).toBe('MINUTE_TAKER');
      expect(roles.get(cast.fiona.contactId)).toBe('EMPLOYER');
      for (const one of invitations)
        expect(one).toMatchObject({ status: 'OPEN', sentSequence: 0, verdict: 'may_know' });
    });
  });

  it('loads an invitation with every field as it was saved', async () => {
    const fresh = Invitation.to({
      authorityId: cast.council.id,
      id: newId(),
      meetingId: meeting.id,
      matterId: cast.matter.id,
      contactId: cast.mark.contactId,
      postId: cast.mark.postId,
      agencyId: cast.mark.agencyId,
      addressKey: cast.mark.addressKey,
      role: 'INVESTIGATOR',
      required: 'BY_COORDINATOR',
      canDecide: false,
      directInvolvement: true,
      askedRevision: 1,
      replyHash: Buffer.from('a hash'),
      replySealed: Buffer.from('sealed'),
      createdAt: MONDAY,
    });
    Object.assign(fresh, { sentSequence: 3, answer: 'DECLINED', answeredRevision: 1, answeredAt: MONDAY });
    fresh.open({ revision: 1, calendarSequence: 3 });
    fresh.withdraw(null);
    await service.get(UnitOfWork).run(cast.council.owen, async (tx) => {
      await tx.insert(Invitation, fresh);
      expect(await tx.find(Invitation, fresh.id)).toEqual(fresh);
    });
  });

  it('records what happened, with the matter and, for invitations, the agency', async () => {
    const events = await service.look<{ action: string; matter_id: string; agency_id: string | null }>(
      `select action, matter_id, agency_id from event where object = $1
       or (action = 'invitation.sent' and details->>'meetingId' = $2) order by seq`,
      [`meeting:${meeting.id}`, meeting.id],
    );
    expect(events.map(({ action }) => action)).toEqual([
      'meeting.scheduled',
      ...Array.from({ length: 5 }, () => 'invitation.sent'),
    ]);
    expect(events.every((event) => event.matter_id === cast.matter.id)).toBe(true);
    expect(events.slice(1).every((event) => event.agency_id !== null)).toBe(true);
  });

  it('lets each person and their agency know of the matter', async () => {
    const people = await service.look<{ person_id: string }>(
      'select person_id from matter_access where matter_id = $1',
      [cast.matter.id],
    );
    const ids = people.map(({ person_id }) => person_id);
    expect(ids).toEqual(expect.arrayContaining([cast.leanne.contactId, cast.leanne.agencyId]));
  });

  it('forecasts quorum: awaited while nobody has answered', async () => {
    const view = await meetings.show(cast.council.owen, meeting.id);
    expect(view.forecast.result).toBe('AT_RISK');
    expect(view.forecast.requirements.map(({ key, state }) => `${key} ${state}`)).toEqual([
      'LADO_CHAIR AWAITED',
      'EMPLOYER AWAITED',
      'POLICE AWAITED',
    ]);
    expect(view.invitees.map(({ role }) => role)[0]).toBe('CHAIR');
    expect(
      view.invitees.filter(({ status }) => status === 'OPEN').every(({ delivery }) => delivery?.state === 'SENT'),
    ).toBe(true);
  });

  it('stands in the list of meetings to come, and is not there for those who may not know of the matter', async () => {
    const ids = async (by = cast.council.owen) => (await meetings.list(by, { upcoming: true })).map(({ id }) => id);
    expect(await ids()).toContain(meeting.id);
    expect(await ids(cast.council.bev)).toEqual([]);
    expect(await meetings.list(cast.council.owen, { matterId: cast.matter.id })).toHaveLength(1);
  });
});

describe('suggested invitees', () => {
  it('come from the kind of meeting, required ones first, filled from the directory', async () => {
    const groups = await service
      .get(SuggestionsService)
      .suggest(cast.council.owen, cast.matter.id, 'ALLEGATION_MEETING');
    const shown = groups.map(({ label, required, people }) => [label, required, people.map(({ name }) => name).sort()]);
    expect(shown.slice(0, 3)).toEqual([
      ['LADO service (chair)', true, ['Owen Tidy', 'Priya Raman']],
      ['Employer', true, []],
      ['Police', true, ['Leanne Firth', 'Mark Oyelaran']],
    ]);
    expect(shown).toContainEqual(['Health', false, ['Tom Beck']]);
  });

  it('leave out whoever must not be told', async () => {
    const other = await aCast(service, 'eastshire.example');
    await service.get(ExclusionsService).exclude(other.council.owen, other.matter.id, {
      excluded: { contactId: other.tull.contactId },
      reason: 'IS_SUBJECT',
    });
    const found = await service.get(SuggestionsService).search(other.council.owen, other.matter.id, 'a');
    expect(found.map(({ name }) => name)).toContain('Fiona Akande');
    expect(found.map(({ name }) => name)).not.toContain('Graham Tull');
  });
});

describe('what is warned of', () => {
  it('names Good Friday and goes on with a reason, which is kept', async () => {
    const friday = slot({ date: '2027-03-26' });
    const refused = await refusal(friday);
    expect(refused).toMatchObject({ code: 'NEEDS_CONFIRMATION', field: 'overrideReason' });
    expect(refused.message).toContain('Friday 26 March 2027 is Good Friday');
    const meeting = await aMeeting(service, cast, { ...friday, overrideReason: 'The child goes home on Saturday' });
    expect(meeting.overrideReason).toBe('The child goes home on Saturday');
    const [event] = await service.look<{ details: { warnings: string[] } }>(
      `select details from event where action = 'meeting.scheduled' and object = $1`,
      [`meeting:${meeting.id}`],
    );
    expect(event?.details.warnings).toEqual(['BANK_HOLIDAY']);
  });

  it('lists every warning at once: weekend, outside hours and another meeting of the same person', async () => {
    await aMeeting(service, cast, {
      ...slot({ date: '2026-12-12', from: '18:00', to: '19:00' }),
      overrideReason: 'No other day',
    });
    const { code, message } = await refusal(slot({ date: '2026-12-12', from: '18:30', to: '19:30' }));
    expect(code).toBe('NEEDS_CONFIRMATION');
    expect(message).toContain('Saturday 12 December 2026 is at the weekend');
    expect(message).toContain('outside office hours');
    expect(message).toContain('Leanne Firth is asked to another meeting: Saturday 12 December 2026, 6pm to 7pm');
  });

  it('is listed beforehand without keeping anything', async () => {
    const before = await service.look('select id from meeting');
    const checked = await scheduling.check(cast.council.owen, aPlan(cast, slot({ date: '2026-12-05' })));
    expect(checked.warnings.map(({ code }) => code)).toEqual(['WEEKEND']);
    expect(checked.guests).toHaveLength(5);
    expect(await service.look('select id from meeting')).toEqual(before);
  });
});

describe('refuses', () => {
  it('a time in the past, an end before the start, an hour that does not exist', async () => {
    expect(await refusal(slot({ date: '2026-11-27' }))).toMatchObject({ code: 'START_IN_PAST', field: 'date' });
    expect(await refusal(slot({ from: '11:00', to: '10:00' }))).toMatchObject({
      code: 'END_BEFORE_START',
      field: 'to',
    });
    expect(await refusal(slot({ date: '2027-03-28', from: '01:30', to: '03:00' }))).toMatchObject({
      code: 'TIME_DOES_NOT_EXIST',
      field: 'from',
    });
    expect(await refusal(slot({ zone: 'Mars/Base' }))).toMatchObject({ code: 'UNKNOWN_ZONE' });
  });

  it('no chair, and a chair who takes the minutes', async () => {
    expect(await refusal({ chairContactId: null })).toMatchObject({ code: 'NO_CHAIR', field: 'chair' });
    expect(await refusal({ minuteTakerContactId: cast.priya.contactId })).toMatchObject({
      code: 'MINUTE_TAKER_IS_CHAIR',
      field: 'minuteTaker',
    });
  });

  it('somebody who must not be told, with whom to ask instead', async () => {
    const other = await aCast(service, 'westshire.example');
    await service.get(ExclusionsService).exclude(other.council.owen, other.matter.id, {
      excluded: { contactId: other.tull.contactId },
      reason: 'IS_SUBJECT',
      alternative: 'Fiona Akande, chair of governors',
    });
    const plan = aPlan(other, { invitees: [{ contactId: other.tull.contactId }] });
    await expect(scheduling.schedule(other.council.owen, plan)).rejects.toMatchObject({
      code: 'EXCLUDED',
      field: 'invitees',
      message: expect.stringContaining('Fiona Akande'),
    });
    expect(await service.look('select id from meeting where authority_id = $1', [other.council.id])).toEqual([]);
    expect(await service.look('select id from message where authority_id = $1', [other.council.id])).toEqual([]);
  });

  it('somebody who has left or was merged, and the same person twice', async () => {
    const other = await aCast(service, 'midshire.example');
    const set = (status: string, into: string | null) =>
      service.look('update contact set status = $1, merged_into = $2 where authority_id = $3 and id = $4', [
        status,
        into,
        other.council.id,
        other.tom.contactId,
      ]);
    const codeFor = (plan: Partial<MeetingPlan>) =>
      scheduling.schedule(other.council.owen, aPlan(other, plan)).catch((error: unknown) => (error as RuleBroken).code);
    await set('LEFT', null);
    expect(await codeFor({})).toBe('CONTACT_HAS_LEFT');
    await set('MERGED', other.mark.contactId);
    expect(await codeFor({})).toBe('CONTACT_MERGED');
    await set('ACTIVE', null);
    const twice = { contactId: other.tom.contactId };
    expect(await codeFor({ invitees: [twice, twice] })).toBe('ALREADY_INVITED');
  });

  it('a place that names a school or would become a link in a mail', async () => {
    const place = (words: string) => refusal(slot({ mode: 'IN_PERSON', place: words }));
    expect(await place('')).toMatchObject({ code: 'REQUIRED', field: 'place' });
    expect(await place('Agency of Fiona Akande, room 2')).toMatchObject({ code: 'INVALID', field: 'place' });
    expect(await place('Graham Tull’s office')).toMatchObject({ code: 'INVALID', field: 'place' });
    expect(await place('www.evil.test')).toMatchObject({ code: 'UNSAFE_TEXT', field: 'place' });
    expect(await place('Civic Centre\\nwww.evil.test')).toMatchObject({ code: 'UNSAFE_TEXT', field: 'place' });
    expect(await place('Civic Centre\u202e')).toMatchObject({ code: 'UNSAFE_TEXT', field: 'place' });
    expect(await place('C'.repeat(10_000))).toMatchObject({ code: 'TOO_LONG', field: 'place' });
  });

  it('a kind of meeting that does not suit, and people or matters that are not there', async () => {
    expect(await refusal({ typeCode: 'ICPC' })).toMatchObject({ code: 'INVALID', field: 'type' });
    const plan = (change: Partial<MeetingPlan>) => scheduling.schedule(cast.council.owen, aPlan(cast, change));
    await expect(plan({ matterId: randomUUID() })).rejects.toThrow(NotFound);
    await expect(plan({ invitees: [{ contactId: randomUUID() }] })).rejects.toThrow(NotFound);
    await expect(plan({ typeCode: 'PARTY' })).rejects.toThrow(NotFound);
  });

  it('people of another authority, and those off the matter’s side', async () => {
    const other = await aCast(service, 'southshire.example');
    const meeting = await aMeeting(service, other);
    await expect(meetings.show(cast.council.owen, meeting.id)).rejects.toThrow(NotFound);
    await expect(scheduling.schedule(cast.council.owen, aPlan(other))).rejects.toThrow(NotFound);
    await expect(scheduling.schedule(cast.council.bev, aPlan(cast))).rejects.toThrow(NotFound);
    await expect(scheduling.schedule({ ...cast.council.owen, roles: ['CHAIR'] }, aPlan(cast))).rejects.toThrow(
      NotAllowed,
    );
  });

  it('the second of two coordinators who take the chair’s hour at once', async () => {
    const hour = slot({ date: '2026-12-15' });
    const both = await Promise.allSettled([aMeeting(service, cast, hour), aMeeting(service, cast, hour)]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const lost = both.find((one) => one.status === 'rejected');
    expect((lost?.reason as RuleBroken).code).toBe('NEEDS_CONFIRMATION');
  });
});
