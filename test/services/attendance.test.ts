import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { type Actor } from '../../src/access/actor.js';
import { NotAllowed, NotFound, OutOfDate, RuleBroken } from '../../src/errors.js';
import { AnswersService, type GivenAnswer } from '../../src/meetings/answers.service.js';
import { AttendanceService, type RegisterView } from '../../src/meetings/attendance.service.js';
import { Attendance } from '../../src/meetings/attendance.js';
import { ChangesService } from '../../src/meetings/changes.service.js';
import { type Meeting } from '../../src/meetings/meeting.js';
import { type SentLine } from '../../src/meetings/register.js';
import { UnitOfWork } from '../../src/database/unit-of-work.js';
import { aCast, aMeeting, type Cast } from '../support/meetings.js';
import { aCouncil, type Placed, someone } from '../support/matters.js';
import { MONDAY, startService, type TestService } from '../support/service.js';

const AFTER = '2026-12-02T11:30:00Z';

let service: TestService;
let cast: Cast;
let attendance: AttendanceService;
let owen: Actor;
let meeting: Meeting;

beforeAll(async () => {
  service = await startService();
  cast = await aCast(service);
  attendance = service.get(AttendanceService);
  owen = cast.council.owen;
});

afterAll(async () => {
  await service.stop();
});

/** Each test has a meeting of its own, held on the Wednesday; one of them called off so that the chair is free. */
beforeEach(async () => {
  service.clock.set(MONDAY);
  meeting = await aMeeting(service, cast, { overrideReason: 'Another test met then' });
  service.clock.set(AFTER);
});

const at = (time: string) => new Date(`2026-12-02T${time}:00Z`);

function lines(view: RegisterView, changes: Partial<Record<string, Partial<SentLine>>> = {}): SentLine[] {
  return view.rows.map((row) => ({ ...row, ...changes[row.contactId] }));
}

async function recordAll(came: readonly Placed[], more: SentLine[] = []): Promise<RegisterView> {
  const view = await attendance.register(owen, meeting.id);
  const ids = came.map(({ contactId }) => contactId);
  const sent = lines(view).map((line) => ({
    ...line,
    status: ids.includes(line.contactId) ? ('ATTENDED' as const) : ('DNA' as const),
    mode: ids.includes(line.contactId) ? ('VIDEO' as const) : null,
  }));
  return attendance.record(owen, meeting.id, sentOf(view, [...sent, ...more]));
}

function sentOf(view: RegisterView, sent: SentLine[]): Parameters<AttendanceService['record']>[2] {
  return { version: view.meeting.version, seenEntries: view.seenEntries, lines: sent };
}

function joined(who: Placed, change: Partial<SentLine> = {}): SentLine {
  return {
    contactId: who.contactId,
    entryId: null,
    status: 'NOT_INVITED_BUT_ATTENDED',
    mode: 'PHONE',
    joinedAt: null,
    leftAt: null,
    canDecide: true,
    substituteForContactId: null,
    note: null,
    ...change,
  };
}

const statuses = (view: RegisterView) => Object.fromEntries(view.rows.map((row) => [row.name, row.status]));

describe('the register', () => {
  it('is filled in from the answers before anything is recorded', async () => {
    service.clock.set(MONDAY);
    const invitations = await service.look<{ id: string; contact_id: string }>(
      `select id, contact_id from invitation where meeting_id = $1`,
      [meeting.id],
    );
    const invitationOf = (who: Placed) => invitations.find((one) => one.contact_id === who.contactId)?.id ?? '';
    await answer(invitationOf(cast.leanne), { kind: 'ACCEPTED' });
    await answer(invitationOf(cast.tom), { kind: 'DECLINED', reason: 'LEAVE' });
    service.clock.set(AFTER);
    const view = await attendance.register(owen, meeting.id);
    expect(statuses(view)).toEqual({
      'Priya Raman': 'DNA',
      'Owen Tidy': 'DNA',
      'Leanne Firth': 'ATTENDED',
      'Fiona Akande': 'DNA',
      'Tom Beck': 'APOLOGIES',
    });
    expect(view).toMatchObject({ seenEntries: 0, quorum: null, whyNot: null, lastRecorded: null });
  });

  it('holds the meeting, ends its invitations and tells the history, without a word about anybody else', async () => {
    const view = await recordAll([cast.priya, cast.leanne, cast.fiona]);
    expect(view.meeting.status).toBe('HELD');
    const open = await service.look(`select 1 from invitation where meeting_id = $1 and status <> 'CLOSED'`, [
      meeting.id,
    ]);
    expect(open).toEqual([]);
    const events = await service.look<{ action: string; matter_id: string; details: Record<string, unknown> }>(
      `select action, matter_id, details from event where object = $1 order by seq`,
      [`meeting:${meeting.id}`],
    );
    expect(events.map(({ action }) => action)).toEqual(['meeting.scheduled', 'meeting.held', 'attendance.recorded']);
    expect(events.at(-1)).toMatchObject({
      matter_id: cast.matter.id,
      details: {
        entries: 5,
        corrections: 0,
        quorum: { start: 'MET', end: 'MET', metFrom: '2026-12-02T10:00:00.000Z' },
      },
    });
  });

  it('says whether the meeting was quorate at the start, at the end, and from when', async () => {
    const csc = await someone(service, cast.council, 'Sadia Noor', { category: 'CHILDRENS_SOCIAL_CARE' });
    const before = await recordAll([cast.priya, cast.fiona, cast.tom]);
    expect(before.quorum).toMatchObject({ start: { result: 'NOT_MET' }, end: { result: 'NOT_MET' }, metFrom: null });
    const leanne = before.rows.find((row) => row.contactId === cast.leanne.contactId);
    if (leanne === undefined) throw new Error('Leanne was invited');
    const late = { ...leanne, status: 'ATTENDED_PART' as const, mode: 'PHONE' as const, joinedAt: at('10:22') };
    const others = before.rows.filter((row) => row !== leanne);
    const after = await attendance.record(owen, meeting.id, sentOf(before, [...others, late, joined(csc)]));
    expect(after.quorum).toMatchObject({
      start: { result: 'NOT_MET', missing: ['POLICE'] },
      end: { result: 'MET' },
      metFrom: at('10:22'),
    });
  });

  it('keeps what a correction supersedes, and shows both', async () => {
    const first = await recordAll([cast.priya]);
    service.clock.pass(10);
    const change = { status: 'ATTENDED_PART', mode: 'PHONE', leftAt: at('10:40'), note: 'Rang in' } as const;
    const sent = lines(first, { [cast.leanne.contactId]: change });
    const second = await attendance.record(owen, meeting.id, sentOf(first, sent));
    expect(statuses(second)['Leanne Firth']).toBe('ATTENDED_PART');
    expect(second.superseded).toMatchObject([{ name: 'Leanne Firth', status: 'DNA', recordedBy: 'Owen' }]);
    const rows = await service.look<{ status: string }>(
      `select status from attendance where meeting_id = $1 and contact_id = $2 order by recorded_at`,
      [meeting.id, cast.leanne.contactId],
    );
    expect(rows.map(({ status }) => status)).toEqual(['DNA', 'ATTENDED_PART']);
    const [event] = await service.look<{ details: object }>(
      `select details from event where object = $1 order by seq desc limit 1`,
      [`meeting:${meeting.id}`],
    );
    expect(event).toMatchObject({ details: { entries: 1, corrections: 1 } });
  });

  it('has people who were not invited, found by name, and people who came twice', async () => {
    const [found] = await attendance.search(owen, 'oyelar');
    expect(found?.contactId).toBe(cast.mark.contactId);
    expect(await attendance.joining(owen, [cast.mark.contactId])).toMatchObject([
      { name: 'Mark Oyelaran', status: 'NOT_INVITED_BUT_ATTENDED', postTitle: 'Post of Mark Oyelaran' },
    ]);
    const twice = [
      joined(cast.mark, { status: 'ATTENDED_PART', leftAt: at('10:15') }),
      joined(cast.mark, { status: 'ATTENDED_PART', joinedAt: at('10:45') }),
    ];
    const view = await recordAll([cast.priya], twice);
    const mark = view.rows.filter((row) => row.name === 'Mark Oyelaran');
    expect(mark).toHaveLength(2);
    expect(mark[0]?.agencyName).toContain('Leanne Firth');
    const [row] = await service.look<{ category: string }>(
      `select category from attendance where meeting_id = $1 and contact_id = $2 limit 1`,
      [meeting.id, cast.mark.contactId],
    );
    expect(row?.category).toBe('POLICE');
  });

  it('shows that whoever came is still there', async () => {
    await recordAll([cast.tom]);
    const [tom] = await service.look(`select verified_how from contact where id = $1`, [cast.tom.contactId]);
    expect(tom).toEqual({ verified_how: 'ATTENDED' });
  });

  it('is saved and loaded again whole', async () => {
    const view = await recordAll([cast.priya]);
    const row = view.rows.find(({ contactId }) => contactId === cast.priya.contactId);
    const entry = await service.get(UnitOfWork).run(owen, (tx) => tx.find(Attendance, row?.entryId ?? ''));
    expect(entry).toMatchObject({
      authorityId: cast.council.id,
      meetingId: meeting.id,
      matterId: cast.matter.id,
      contactId: cast.priya.contactId,
      agencyId: cast.priya.agencyId,
      category: 'LADO_SERVICE',
      status: 'ATTENDED',
      mode: 'VIDEO',
      recordedBy: owen.id,
      recordedAt: new Date(AFTER),
      supersedesId: null,
    });
  });
});

describe('refuses', () => {
  async function refused(sent: (view: RegisterView) => SentLine[]): Promise<RuleBroken> {
    const view = await attendance.register(owen, meeting.id);
    const error: unknown = await attendance
      .record(owen, meeting.id, sentOf(view, sent(view)))
      .catch((thrown: unknown) => thrown);
    if (!(error instanceof RuleBroken)) throw new Error('It was not refused', { cause: error });
    const [kept] = await service.look<{ entries: number; status: string }>(
      `select count(a.id)::int as entries, m.status from meeting m left join attendance a on a.meeting_id = m.id
       where m.id = $1 group by m.status`,
      [meeting.id],
    );
    expect(kept?.entries).toBe(view.seenEntries);
    expect(kept?.status).toBe(view.meeting.status);
    return error;
  }

  it('before the meeting starts, and says so on the page', async () => {
    service.clock.set('2026-12-02T09:59:00Z');
    expect(await refused(lines)).toMatchObject({ code: 'MEETING_NOT_STARTED' });
    const { whyNot } = await attendance.register(owen, meeting.id);
    expect(whyNot).toContain('has not started');
  });

  it('for a meeting that was cancelled', async () => {
    service.clock.set(MONDAY);
    await service.get(ChangesService).cancel(owen, meeting.id, 'Not needed', meeting.version);
    service.clock.set(AFTER);
    expect(await refused(lines)).toMatchObject({ code: 'MOVE_NOT_ALLOWED' });
  });

  it('overlapping times of one person', async () => {
    const both = [joined(cast.mark, { leftAt: at('10:30') }), joined(cast.mark, { joinedAt: at('10:29') })];
    const error = await refused((view) => [...lines(view), ...both]);
    expect(error).toMatchObject({ code: 'INTERVALS_OVERLAP', field: 'attendance.6.joinedAt' });
  });

  it('overlap with a line that stands and was not sent', async () => {
    await recordAll([cast.priya], [joined(cast.mark)]);
    expect(await refused(() => [joined(cast.mark)])).toMatchObject({ code: 'INTERVALS_OVERLAP' });
  });

  it('leaving before joining', async () => {
    const wrong = joined(cast.mark, { joinedAt: at('10:30'), leftAt: at('10:29') });
    expect(await refused((view) => [...lines(view), wrong])).toMatchObject({
      code: 'INTERVAL_INVALID',
      field: 'attendance.5.leftAt',
    });
  });

  it('hidden characters and 10,000 of them in a note', async () => {
    expect(await refused((view) => [...lines(view), joined(cast.mark, { note: 'x\u202ey' })])).toMatchObject({
      code: 'UNSAFE_TEXT',
    });
    expect(await refused((view) => [...lines(view), joined(cast.mark, { note: 'x'.repeat(10_000) })])).toMatchObject({
      code: 'TOO_LONG',
    });
  });

  it('somebody who is not in the directory', async () => {
    const nobody = joined({ ...cast.mark, contactId: randomUUID() });
    expect(await refused((view) => [...lines(view), nobody])).toMatchObject({ code: 'INVALID' });
  });

  it('a correction that corrects nothing', async () => {
    await recordAll([cast.priya]);
    expect(await refused(lines)).toMatchObject({ code: 'NOTHING_CHANGED' });
  });

  it('a page that showed the meeting or the register as it was before', async () => {
    const view = await attendance.register(owen, meeting.id);
    await recordAll([cast.priya]);
    const stale = attendance.record(owen, meeting.id, sentOf(view, lines(view)));
    await expect(stale).rejects.toBeInstanceOf(OutOfDate);
    const now = await attendance.register(owen, meeting.id);
    const older = { ...sentOf(now, lines(now)), seenEntries: now.seenEntries - 1 };
    await expect(attendance.record(owen, meeting.id, older)).rejects.toBeInstanceOf(OutOfDate);
  });

  it('one of two coordinators who record at once', async () => {
    const view = await attendance.register(owen, meeting.id);
    const send = () => attendance.record(owen, meeting.id, sentOf(view, lines(view)));
    const results = await Promise.allSettled([send(), send()]);
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(results.find((one) => one.status === 'rejected')).toMatchObject({ reason: expect.any(OutOfDate) });
    const [kept] = await service.look<{ n: number }>(
      `select count(*)::int as n from attendance where meeting_id = $1`,
      [meeting.id],
    );
    expect(kept?.n).toBe(view.rows.length);
  });

  it('one of two coordinators who correct at once', async () => {
    const view = await recordAll([cast.priya]);
    const send = (note: string) =>
      attendance.record(owen, meeting.id, sentOf(view, lines(view, { [cast.priya.contactId]: { note } })));
    const results = await Promise.allSettled([send('one'), send('other')]);
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  it('whoever does not run meetings, and does not know those of others', async () => {
    const chair: Actor = { ...owen, roles: ['SCRUTINY'] };
    await expect(attendance.register(chair, meeting.id)).rejects.toBeInstanceOf(NotAllowed);
    const elsewhere = await aCouncil(service, `other-${randomUUID().slice(0, 8)}.example`);
    await expect(attendance.register(elsewhere.owen, meeting.id)).rejects.toBeInstanceOf(NotFound);
    await expect(attendance.register(cast.council.bev, meeting.id)).rejects.toBeInstanceOf(NotFound);
    const view = await attendance.register(owen, meeting.id);
    const sent = sentOf(view, lines(view));
    await expect(attendance.record(elsewhere.owen, meeting.id, sent)).rejects.toBeInstanceOf(NotFound);
  });

  it('to change or take out an entry, in the database itself', async () => {
    await recordAll([cast.priya]);
    const work = service.get(UnitOfWork);
    const change = work.run(owen, (tx) =>
      tx.sql(`update attendance set status = 'DNA' where meeting_id = $1`, [meeting.id]),
    );
    await expect(change).rejects.toThrow(/permission denied/);
    const remove = work.run(owen, (tx) => tx.sql(`delete from attendance where meeting_id = $1`, [meeting.id]));
    await expect(remove).rejects.toThrow(/permission denied/);
  });
});

async function answer(invitationId: string, given: GivenAnswer): Promise<void> {
  await service.get(AnswersService).recordByPhone(owen, invitationId, given);
}
