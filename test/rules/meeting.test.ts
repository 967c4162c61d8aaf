import { describe, expect, it } from '@jest/globals';

import { type WorkingCalendar } from '../../src/authorities/working-days.js';
import { type Change } from '../../src/history/change.js';
import { Meeting, type MeetingFacts } from '../../src/meetings/meeting.js';
import { MEETING_MOVES, MEETING_STATUSES, type MeetingStatus } from '../../src/meetings/meeting-status.js';
import { passWarnings, significance, type Slot, slotOf, type SlotPlan, warnings } from '../../src/meetings/slot.js';
import { refusal } from '../support/refusal.js';

const PLAN: SlotPlan = {
  date: '2026-12-02',
  from: '10:00',
  to: '11:15',
  zone: 'Europe/London',
  mode: 'HYBRID',
  place: 'Civic Centre',
  joinDetails: 'Room 2, or the link on the page',
};
const BEFORE = new Date('2026-11-30T11:20:00Z');
const DURING = new Date('2026-12-02T10:05:00Z');

function slot(change: Partial<SlotPlan> = {}): Slot {
  return slotOf({ ...PLAN, ...change });
}

function draft(change: Partial<MeetingFacts> = {}): Meeting {
  return Meeting.draft({
    authorityId: 1,
    id: 'm1',
    ref: 'ALL-2026-0147',
    matterId: 'matter1',
    typeCode: 'ALLEGATION_MEETING',
    quorumRuleId: 'quorum.allegation',
    quorumRuleVersion: 1,
    calendarUid: 'uid@quorate.example',
    organiserStaffId: 'owen',
    createdAt: BEFORE,
    chairContactId: 'priya',
    minuteTakerContactId: 'owen',
    ...slot(),
    ...change,
  });
}

function scheduled(change: Partial<MeetingFacts> = {}): Meeting {
  const meeting = draft(change);
  meeting.schedule(BEFORE);
  return meeting;
}

function standing(status: MeetingStatus): Meeting {
  return Object.assign(draft(), { status });
}

describe('a meeting', () => {
  it('is scheduled with its wall time kept beside the instant', () => {
    const meeting = draft();
    expect(meeting.schedule(BEFORE)).toEqual({
      action: 'meeting.scheduled',
      object: 'meeting:m1',
      matterId: 'matter1',
      details: {
        startsAt: '2026-12-02T10:00:00.000Z',
        endsAt: '2026-12-02T11:15:00.000Z',
        wallStart: '2026-12-02T10:00',
        wallEnd: '2026-12-02T11:15',
        zone: 'Europe/London',
        mode: 'HYBRID',
        revision: 1,
        calendarSequence: 0,
      },
    });
    expect(meeting).toMatchObject({ status: 'SCHEDULED', revision: 1, calendarSequence: 0, lastStampedAt: BEFORE });
  });

  it('moved across the change of the clocks asks everybody again', () => {
    const meeting = scheduled({ ...slot({ date: '2027-03-30' }) });
    const moved = meeting.reschedule(slot({ date: '2027-03-30', from: '14:00', to: '15:00' }), BEFORE);
    expect(meeting).toMatchObject({ startsAt: new Date('2027-03-30T13:00:00Z'), revision: 2, calendarSequence: 1 });
    expect(moved.details).toMatchObject({ resetsAnswers: true, before: { startsAt: '2027-03-30T09:00:00.000Z' } });
    expect(meeting.cancel('The child is safe elsewhere', BEFORE).details).toMatchObject({ wasSent: true });
    expect(meeting).toMatchObject({ status: 'CANCELLED', revision: 2, calendarSequence: 2 });
  });

  it('in another room reaches diaries and keeps the answers', () => {
    const meeting = scheduled();
    expect(meeting.significanceOf(slot({ joinDetails: 'Room 5' }))).toBe('KEEPS_ANSWERS');
    expect(meeting.reschedule(slot({ joinDetails: 'Room 5' }), BEFORE).details).toMatchObject({ resetsAnswers: false });
    expect(meeting).toMatchObject({ revision: 1, calendarSequence: 1, joinDetails: 'Room 5' });
  });

  it('stamps each message at least a second after the last', () => {
    const meeting = scheduled();
    meeting.reschedule(slot({ from: '09:30' }), BEFORE);
    expect(meeting.lastStampedAt).toEqual(new Date(BEFORE.getTime() + 1000));
  });

  it('is planned again freely while nobody was asked', () => {
    const meeting = draft();
    meeting.plan(slot({ date: '2026-12-03' }));
    expect(meeting).toMatchObject({ wallStart: '2026-12-03T10:00', revision: 1, calendarSequence: 0, status: 'DRAFT' });
    expect(meeting.cancel('Not needed', BEFORE).details).toMatchObject({ wasSent: false });
    expect(meeting).toMatchObject({ calendarSequence: 0, cancelReason: 'Not needed' });
  });

  it('in an emergency may be written down ten minutes after it began', () => {
    const meeting = draft({ urgency: 'EMERGENCY' });
    expect(meeting.schedule(new Date('2026-12-02T10:10:00Z')).action).toBe('meeting.scheduled');
  });

  it('is started, held and closed; or adjourned', () => {
    const meeting = scheduled();
    meeting.start(DURING);
    meeting.hold(DURING);
    expect(meeting.close([]).action).toBe('meeting.closed');
    const inquorate = scheduled();
    expect(inquorate.adjourn('The child stays with her aunt', DURING).details).toMatchObject({
      interimSafety: 'The child stays with her aunt',
    });
    expect(inquorate.status).toBe('ADJOURNED_INQUORATE');
  });

  it('can be held when the register is entered afterwards', () => {
    const meeting = scheduled();
    meeting.hold(new Date('2026-12-04T09:00:00Z'));
    expect(meeting.status).toBe('HELD');
  });

  it('is ahead until it starts', () => {
    expect(scheduled().isAhead(BEFORE)).toBe(true);
    expect(scheduled().isAhead(new Date('2026-12-02T10:00:00Z'))).toBe(false);
    expect(standing('CANCELLED').isAhead(BEFORE)).toBe(false);
  });
});

describe('what a change means for the answers', () => {
  it.each<[string, Partial<SlotPlan>, Partial<SlotPlan>, string]>([
    ['nothing', {}, {}, 'NOTHING'],
    ['another start', {}, { from: '09:00' }, 'RESETS_ANSWERS'],
    ['another end', {}, { to: '12:00' }, 'RESETS_ANSWERS'],
    ['another date', {}, { date: '2026-12-03' }, 'RESETS_ANSWERS'],
    ['another site', {}, { place: 'Town Hall' }, 'RESETS_ANSWERS'],
    ['another room', {}, { joinDetails: 'Room 5' }, 'KEEPS_ANSWERS'],
    ['no longer by video', {}, { mode: 'IN_PERSON' }, 'RESETS_ANSWERS'],
    ['no longer in a room', {}, { mode: 'VIDEO' }, 'RESETS_ANSWERS'],
    ['also by video', { mode: 'IN_PERSON' }, { mode: 'HYBRID' }, 'KEEPS_ANSWERS'],
    ['telephone instead of video', { mode: 'VIDEO' }, { mode: 'PHONE' }, 'KEEPS_ANSWERS'],
    ['in person instead of video', { mode: 'VIDEO' }, { mode: 'IN_PERSON' }, 'RESETS_ANSWERS'],
    ['video instead of in person', { mode: 'IN_PERSON' }, { mode: 'VIDEO' }, 'RESETS_ANSWERS'],
  ])('%s', (_what, before, after, meaning) => {
    expect(significance(slot(before), slot({ ...before, ...after }))).toBe(meaning);
  });
});

describe('a slot worth a second thought', () => {
  const england: WorkingCalendar = { jurisdiction: 'ENGLAND', closures: ['2026-12-03'] };
  const codes = (change: Partial<SlotPlan>, calendar = england) =>
    warnings(slot(change), calendar, []).map((warning) => warning.code);

  it('is named with what makes it so', () => {
    expect(codes({})).toEqual([]);
    expect(codes({ date: '2027-03-26' })).toEqual(['BANK_HOLIDAY']);
    expect(codes({ date: '2026-11-30' }, { jurisdiction: 'SCOTLAND', closures: [] })).toEqual(['BANK_HOLIDAY']);
    expect(codes({ date: '2026-12-05' })).toEqual(['WEEKEND']);
    expect(codes({ date: '2026-12-03' })).toEqual(['CLOSURE']);
    expect(codes({ from: '08:59' })).toEqual(['OUTSIDE_OFFICE_HOURS']);
    expect(codes({ from: '09:00', to: '17:00' })).toEqual([]);
    expect(codes({ to: '17:01' })).toEqual(['OUTSIDE_OFFICE_HOURS']);
    expect(codes({ date: '2029-03-06' })).toEqual(['HOLIDAYS_NOT_KNOWN']);
    expect(warnings(slot({ date: '2027-03-26' }), england, [])[0]?.message).toBe('Friday 26 March 2027 is Good Friday');
  });

  it('clashes with what overlaps, not with what touches', () => {
    const clash = (from: string, to: string) => {
      const other = slot({ from, to });
      return warnings(slot(), england, [
        { contactName: 'Leanne Firth', startsAt: other.startsAt, endsAt: other.endsAt },
      ]);
    };
    expect(clash('11:00', '12:00')).toEqual([
      {
        code: 'CLASH',
        message: 'Leanne Firth is asked to another meeting: Wednesday 2 December 2026, 11am to midday',
        field: 'invitees',
      },
    ]);
    expect(clash('11:15', '12:00')).toEqual([]);
    expect(clash('09:00', '10:00')).toEqual([]);
  });

  it('is taken with a reason, which is kept', () => {
    const goodFriday = warnings(slot({ date: '2027-03-26' }), england, []);
    expect(passWarnings(goodFriday, ' The child goes home on Saturday ')).toBe('The child goes home on Saturday');
    expect(passWarnings([], 'no need')).toBeNull();
  });

  it('is refused without one', () => {
    const goodFriday = warnings(slot({ date: '2027-03-26' }), england, []);
    const no = refusal(() => passWarnings(goodFriday, '  '));
    expect(no).toMatchObject({ code: 'NEEDS_CONFIRMATION', field: 'overrideReason' });
    expect(no.message).toContain('Good Friday');
  });
});

describe('refuses', () => {
  it.each<[string, Partial<SlotPlan>, string, string]>([
    ['an end before the start', { to: '09:59' }, 'END_BEFORE_START', 'to'],
    ['an end at the start', { to: '10:00' }, 'END_BEFORE_START', 'to'],
    ['30 February', { date: '2027-02-30' }, 'INVALID_DATE', 'date'],
    ['a start in the missing hour', { date: '2027-03-28', from: '01:30' }, 'TIME_DOES_NOT_EXIST', 'from'],
    ['an end in the missing hour', { date: '2027-03-28', from: '00:30', to: '01:30' }, 'TIME_DOES_NOT_EXIST', 'to'],
    ['a zone of elsewhere', { zone: 'Europe/Paris' }, 'UNKNOWN_ZONE', 'zone'],
    ['no place to come to', { place: ' ' }, 'REQUIRED', 'place'],
    ['a place that turns the line round', { place: 'Hall \u202e2' }, 'UNSAFE_TEXT', 'place'],
  ])('a slot with %s', (_what, wrong, code, field) => {
    expect(refusal(() => slot(wrong))).toMatchObject({ code, field });
  });

  it('to schedule without a chair, with a chair who takes the minutes, or in the past', () => {
    expect(refusal(() => draft({ chairContactId: null }).schedule(BEFORE))).toMatchObject({
      code: 'NO_CHAIR',
      field: 'chair',
    });
    const both = draft({ minuteTakerContactId: 'priya' });
    expect(refusal(() => both.schedule(BEFORE)).code).toBe('MINUTE_TAKER_IS_CHAIR');
    expect(both.status).toBe('DRAFT');
    expect(refusal(() => draft().schedule(new Date('2026-12-02T10:00:00.001Z'))).code).toBe('START_IN_PAST');
    const emergency = draft({ urgency: 'EMERGENCY' });
    expect(refusal(() => emergency.schedule(new Date('2026-12-02T10:10:01Z'))).code).toBe('START_IN_PAST');
  });

  it('to move to the past or to nowhere new, and changes nothing', () => {
    const meeting = scheduled();
    const before = structuredClone(meeting);
    expect(refusal(() => meeting.reschedule(slot({ date: '2026-11-27' }), BEFORE)).code).toBe('START_IN_PAST');
    expect(refusal(() => meeting.reschedule(slot(), BEFORE)).code).toBe('NOTHING_CHANGED');
    expect(structuredClone(meeting)).toEqual(before);
  });

  it('to cancel or adjourn without words', () => {
    expect(refusal(() => scheduled().cancel(' ', BEFORE))).toMatchObject({ code: 'REASON_REQUIRED', field: 'reason' });
    expect(refusal(() => scheduled().adjourn(null, DURING)).code).toBe('REASON_REQUIRED');
  });

  it('to hold or adjourn what has not started', () => {
    expect(refusal(() => scheduled().hold(BEFORE)).code).toBe('MEETING_NOT_STARTED');
    expect(refusal(() => scheduled().adjourn('Safe', BEFORE)).code).toBe('MEETING_NOT_STARTED');
  });

  it('to close while something is left to do', () => {
    const no = refusal(() => standing('HELD').close(['an action has no owner']));
    expect(no.message).toContain('an action has no owner');
  });

  const attempts: [MeetingStatus, (meeting: Meeting) => Change][] = [
    [
      'SCHEDULED',
      (meeting) =>
        meeting.status === 'SCHEDULED' ? meeting.reschedule(slot({ from: '09:00' }), BEFORE) : meeting.schedule(BEFORE),
    ],
    ['CANCELLED', (meeting) => meeting.cancel('Reason', BEFORE)],
    ['IN_PROGRESS', (meeting) => meeting.start(DURING)],
    ['HELD', (meeting) => meeting.hold(DURING)],
    ['ADJOURNED_INQUORATE', (meeting) => meeting.adjourn('Safe', DURING)],
    ['CLOSED', (meeting) => meeting.close([])],
  ];
  const pairs = attempts.flatMap(([to, attempt]) => MEETING_STATUSES.map((from) => [from, to, attempt] as const));

  it.each(pairs.filter(([from, to]) => MEETING_MOVES[from].includes(to)))(
    'nothing of %s becoming %s',
    (from, to, attempt) => {
      const meeting = standing(from);
      expect(attempt(meeting).object).toBe('meeting:m1');
      expect(meeting.status).toBe(to);
    },
  );

  it.each(pairs.filter(([from, to]) => !MEETING_MOVES[from].includes(to)))('%s becoming %s', (from, _to, attempt) => {
    const meeting = standing(from);
    expect(refusal(() => attempt(meeting)).code).toBe('MOVE_NOT_ALLOWED');
    expect(meeting.status).toBe(from);
  });

  it('to reschedule a draft, to schedule twice, to plan what was sent', () => {
    expect(refusal(() => draft().reschedule(slot({ from: '09:00' }), BEFORE)).code).toBe('MOVE_NOT_ALLOWED');
    expect(refusal(() => scheduled().schedule(BEFORE)).code).toBe('MOVE_NOT_ALLOWED');
    expect(refusal(() => scheduled().plan(slot())).code).toBe('MOVE_NOT_ALLOWED');
  });
});
