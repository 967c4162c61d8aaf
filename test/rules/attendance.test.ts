import { describe, expect, it } from '@jest/globals';

import { OutOfDate } from '../../src/errors.js';
import {
  Attendance,
  checkRegister,
  prefill,
  type RegisterLine,
  registerProblems,
  standingRegister,
} from '../../src/meetings/attendance.js';
import { Invitation } from '../../src/meetings/invitation.js';
import { type AnswerKind } from '../../src/meetings/response.js';
import { presentSeat } from '../../src/meetings/seats.js';
import { refusal } from '../support/refusal.js';

const meeting = { startsAt: new Date('2027-01-12T09:30:00Z'), endsAt: new Date('2027-01-12T10:30:00Z') };

function at(time: string): Date {
  return new Date(`2027-01-12T${time}:00Z`);
}

function line(contactId: string, change: Partial<RegisterLine> = {}): RegisterLine {
  return {
    contactId,
    status: 'ATTENDED',
    mode: 'VIDEO',
    joinedAt: null,
    leftAt: null,
    canDecide: true,
    substituteForContactId: null,
    note: null,
    ...change,
  };
}

function invited(contactId: string, answer: AnswerKind, change: Partial<Invitation> = {}): Invitation {
  const facts = { authorityId: 1, id: `i-${contactId}`, meetingId: 'm1', matterId: 'x', contactId, agencyId: 'police' };
  return Object.assign(Invitation.to(facts), { status: 'OPEN', answer }, change);
}

function recorded(id: string, change: Partial<Attendance> = {}): Attendance {
  const who = { authorityId: 1, id, meetingId: 'm1', matterId: 'x', agencyId: 'police', category: 'POLICE' } as const;
  return Attendance.recorded({ ...line('mark'), ...who, recordedBy: 'owen', recordedAt: at('10:40'), ...change });
}

describe('the register beforehand', () => {
  it.each<[AnswerKind, string, string | null]>([
    ['ACCEPTED', 'ATTENDED', 'VIDEO'],
    ['DECLINED', 'APOLOGIES', null],
    ['REPORT_ONLY', 'APOLOGIES_WITH_REPORT', null],
    ['NO_RESPONSE', 'DNA', null],
    ['TENTATIVE', 'DNA', null],
    ['MOVED_ON', 'COULD_NOT_BE_CONTACTED', null],
  ])('takes %s as %s', (answer, status, mode) => {
    expect(prefill([invited('leanne', answer)], 'VIDEO')).toEqual([line('leanne', { status, mode } as RegisterLine)]);
  });

  it('has the substitute in the place of the person who named them', () => {
    const leanne = invited('leanne', 'SUBSTITUTE_NAMED', { status: 'SUPERSEDED' });
    const mark = (answer: AnswerKind) => invited('mark', answer, { substituteFor: leanne.id, canDecide: false });
    const substitute = { status: 'SUBSTITUTE_ATTENDED', mode: 'IN_PERSON', canDecide: false } as const;
    const expected = [line('mark', { ...substitute, substituteForContactId: 'leanne' })];
    expect(prefill([leanne, mark('ACCEPTED')], 'HYBRID')).toEqual(expected);
    expect(prefill([leanne, mark('NO_RESPONSE')], 'HYBRID')).toEqual(expected);
    expect(prefill([leanne, mark('DECLINED')], 'HYBRID')).toMatchObject([{ contactId: 'mark', status: 'APOLOGIES' }]);
  });

  it('leaves out the withdrawn, and passes its own check', () => {
    const list = [invited('leanne', 'ACCEPTED'), invited('tom', 'ACCEPTED', { status: 'WITHDRAWN' })];
    const lines = prefill(list, 'PHONE');
    expect(lines.map((one) => one.contactId)).toEqual(['leanne']);
    expect(registerProblems(lines, meeting)).toEqual([]);
  });
});

describe('the register as sent', () => {
  it('may have somebody come late, leave early, or come twice', () => {
    const lines = [
      line('sadia'),
      line('tom', { status: 'ATTENDED_PART', leftAt: at('10:00') }),
      line('mark', { status: 'ATTENDED_PART', joinedAt: at('09:52'), mode: 'PHONE' }),
      line('joan', { status: 'ATTENDED_PART', leftAt: at('09:45') }),
      line('joan', { status: 'ATTENDED_PART', joinedAt: at('09:45') }),
      line('alan', { status: 'DNA', mode: null }),
      line('alan', { status: 'NOT_RECORDED', mode: null }),
    ];
    expect(registerProblems(lines, meeting)).toEqual([]);
  });

  it('becomes the presence that quorum counts', () => {
    const entry = recorded('a1', { status: 'ATTENDED_PART', joinedAt: at('09:52') });
    const seat = presentSeat(entry, invited('mark', 'ACCEPTED', { role: 'CHAIR' }), {
      revision: 1,
      minuteTakerContactId: 'owen',
    });
    expect(seat).toMatchObject({
      personKey: 'mark',
      category: 'POLICE',
      role: 'CHAIR',
      joinedAt: at('09:52'),
      leftAt: null,
    });
    expect(presentSeat(entry, null, { revision: 1, minuteTakerContactId: 'mark' })).toMatchObject({
      role: 'ATTENDEE',
      isMinuteTaker: true,
    });
  });
});

describe('a correction', () => {
  const by = { id: 'a2', recordedBy: 'bev', recordedAt: at('11:00') };

  it('stands in the place of what it supersedes, and both are kept', () => {
    const first = recorded('a1');
    const corrected = first.correct(line('mark', { status: 'DNA', mode: null, note: 'Mixed up' }), {
      ...by,
      register: [first],
    });
    expect(corrected).toMatchObject({
      id: 'a2',
      supersedesId: 'a1',
      status: 'DNA',
      category: 'POLICE',
      agencyId: 'police',
      recordedBy: 'bev',
      note: 'Mixed up',
    });
    expect(first).toMatchObject({ status: 'ATTENDED', supersedesId: null });
    expect(standingRegister([first, corrected])).toEqual([corrected]);
    const again = corrected.correct(line('mark'), { ...by, id: 'a3', register: [first, corrected] });
    expect(standingRegister([again, corrected, first])).toEqual([again]);
  });

  it('is of one person: the line cannot name another', () => {
    const first = recorded('a1');
    expect(first.correct(line('somebody else'), { ...by, register: [first] }).contactId).toBe('mark');
  });
});

describe('refuses', () => {
  it.each<[string, RegisterLine[], string, string]>([
    [
      'leaving before joining',
      [line('a', { joinedAt: at('10:00'), leftAt: at('09:59') })],
      'INTERVAL_INVALID',
      'attendance.0.leftAt',
    ],
    [
      'leaving when joining',
      [line('a', { joinedAt: at('10:00'), leftAt: at('10:00') })],
      'INTERVAL_INVALID',
      'attendance.0.leftAt',
    ],
    ['a part without a time', [line('a', { status: 'ATTENDED_PART' })], 'INTERVAL_INVALID', 'attendance.0.joinedAt'],
    [
      'times of somebody absent',
      [line('a', { status: 'DNA', joinedAt: at('10:00') })],
      'INTERVAL_INVALID',
      'attendance.0.status',
    ],
    ['somebody who came no way', [line('a', { mode: null })], 'REQUIRED', 'attendance.0.mode'],
    [
      'a time the day before',
      [line('a', { joinedAt: new Date('2027-01-11T09:30:00Z') })],
      'INTERVAL_INVALID',
      'attendance.0.joinedAt',
    ],
    [
      'a time the day after',
      [line('a', { leftAt: new Date('2027-01-13T09:30:00Z') })],
      'INTERVAL_INVALID',
      'attendance.0.leftAt',
    ],
    [
      'the same person twice at once',
      [line('a', { leftAt: at('10:00') }), line('b'), line('a', { joinedAt: at('09:59') })],
      'INTERVALS_OVERLAP',
      'attendance.2.joinedAt',
    ],
    [
      'the same person both there and absent',
      [line('a'), line('a', { status: 'DNA', mode: null })],
      'INTERVALS_OVERLAP',
      'attendance.1.status',
    ],
    ['hidden characters in a note', [line('a', { note: 'x\u202ey' })], 'UNSAFE_TEXT', 'attendance.0.note'],
  ])('%s', (_what, lines, code, field) => {
    const problems = registerProblems(lines, meeting).map((problem) => [problem.code, problem.field]);
    expect(problems).toEqual([[code, field]]);
    expect(
      refusal(() => {
        checkRegister(lines, meeting);
      }),
    ).toMatchObject({ code, field });
  });

  it('with everything that is wrong at once', () => {
    const lines = [line('a', { status: 'ATTENDED_PART' }), line('b', { mode: null })];
    expect(registerProblems(lines, meeting).map((problem) => problem.field)).toEqual([
      'attendance.0.joinedAt',
      'attendance.1.mode',
    ]);
  });

  it('to correct what somebody has corrected already', () => {
    const first = recorded('a1');
    const second = recorded('a2', { supersedesId: 'a1' });
    const by = { id: 'a3', recordedBy: 'bev', recordedAt: at('11:00'), register: [first, second] };
    expect(() => first.correct(line('mark'), by)).toThrow(OutOfDate);
  });
});
