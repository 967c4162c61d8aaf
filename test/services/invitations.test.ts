import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { UnitOfWork } from '../../src/database/unit-of-work.js';
import { ContactsService } from '../../src/directory/contacts.service.js';
import { NotFound, OutOfDate, type RuleBroken } from '../../src/errors.js';
import { ExclusionsService } from '../../src/matters/exclusions.service.js';
import { ChangesService } from '../../src/meetings/changes.service.js';
import { Invitation } from '../../src/meetings/invitation.js';
import { InvitationsService } from '../../src/meetings/invitations.service.js';
import { type Meeting } from '../../src/meetings/meeting.js';
import { MeetingsService } from '../../src/meetings/meetings.service.js';
import { type SlotPlan } from '../../src/meetings/slot.js';
import { type Placed } from '../support/matters.js';
import { aCast, aMeeting, aPlan, type Cast, type ReadCalendar, readCalendar } from '../support/meetings.js';
import { MONDAY, startService, type TestService } from '../support/service.js';

let service: TestService;
let cast: Cast;
let meeting: Meeting;
let invitations: InvitationsService;
let changes: ChangesService;
let round = 0;

beforeAll(async () => {
  service = await startService();
  invitations = service.get(InvitationsService);
  changes = service.get(ChangesService);
});

beforeEach(async () => {
  service.clock.set(MONDAY);
  round += 1;
  cast = await aCast(service, `shire${round}.example`);
  meeting = await aMeeting(service, cast);
});

afterAll(async () => {
  await service.stop();
});

/** The calendars of this meeting that somebody's mail program has received, oldest first. */
async function diaryOf(who: Placed): Promise<ReadCalendar[]> {
  const mails = await service.mail(who.address);
  return mails
    .filter(({ calendar }) => calendar !== undefined)
    .map(readCalendar)
    .filter(({ uid }) => uid === meeting.calendarUid);
}
const sequences = async (who: Placed): Promise<string[]> =>
  (await diaryOf(who)).map(({ method, sequence, partstat }) => `${method} ${sequence} ${partstat}`);

const subjects = async (who: Placed): Promise<string[]> =>
  (await service.mail(who.address)).map(({ mail }) => mail.subject ?? '');

async function idOf(who: Placed): Promise<string> {
  const view = await service.get(MeetingsService).show(cast.council.owen, meeting.id);
  const found = view.invitees.find((one) => one.contact_id === who.contactId);
  if (found === undefined) throw new Error('Not invited');
  return found.id;
}

/** As an answer by any channel leaves an invitation. */
async function answered(who: Placed, answer: Invitation['answer']): Promise<void> {
  const id = await idOf(who);
  await service.get(UnitOfWork).run(cast.council.owen, async (tx) => {
    const invitation = await tx.lock(Invitation, id);
    Object.assign(invitation, { answer, answeredRevision: invitation.askedRevision, answeredAt: tx.now });
    await tx.save(invitation);
  });
}

const to = (change: Partial<SlotPlan>) => ({ ...aPlan(cast).slot, ...change });
const version = async (): Promise<number> =>
  (await service.get(MeetingsService).find(cast.council.owen, meeting.id)).version;
const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'done',
    (error: unknown) => (error as RuleBroken).code,
  );

describe('rescheduling', () => {
  it('sends the same entry with a higher sequence to all, and resets every answer', async () => {
    await service.mail();
    await answered(cast.leanne, 'ACCEPTED');
    await answered(cast.tom, 'DECLINED');
    const moved = await changes.reschedule(cast.council.owen, meeting.id, {
      slot: to({ from: '14:00', to: '15:00' }),
      version: await version(),
    });
    expect(moved).toMatchObject({ revision: 2, calendarSequence: 1 });
    for (const who of [cast.leanne, cast.tom, cast.priya, cast.fiona, cast.owen]) {
      expect(await sequences(who)).toEqual(['REQUEST 0 NEEDS-ACTION', 'REQUEST 1 NEEDS-ACTION']);
      const [first, second] = await diaryOf(who);
      expect(second?.start).toEqual(new Date('2026-12-02T14:00:00Z'));
      expect(second?.organizer).toBe(first?.organizer);
      expect(second?.stamp.getTime()).toBeGreaterThan(first?.stamp.getTime() ?? 0);
    }
    const view = await service.get(MeetingsService).show(cast.council.owen, meeting.id);
    expect(new Set(view.invitees.map(({ answer }) => answer))).toEqual(new Set(['NO_RESPONSE']));
    expect((await subjects(cast.leanne)).at(-1)).toContain('has changed: please reply');
    const asked = await service.look<{ before: string }>(
      `select details->>'before' as before from event where action = 'invitation.asked-again' and details->>'meetingId' = $1`,
      [meeting.id],
    );
    expect(asked.map(({ before }) => before)).toEqual(expect.arrayContaining(['ACCEPTED', 'DECLINED']));
  });

  it('keeps answers when only the joining route changes, and leaves decliners alone', async () => {
    await service.mail();
    await answered(cast.leanne, 'ACCEPTED');
    await answered(cast.tom, 'DECLINED');
    const slot = to({ joinDetails: 'Room 4' });
    await changes.reschedule(cast.council.owen, meeting.id, { slot, version: await version() });
    expect(await sequences(cast.leanne)).toEqual(['REQUEST 0 NEEDS-ACTION', 'REQUEST 1 ACCEPTED']);
    expect(await sequences(cast.tom)).toEqual(['REQUEST 0 NEEDS-ACTION']);
    expect((await subjects(cast.leanne)).at(-1)).toContain('no need to reply');
    expect((await service.mail(cast.leanne.address)).at(-1)?.raw).not.toContain('Room 4');
  });

  it('simply invites somebody whose first message has not left yet', async () => {
    await changes.reschedule(cast.council.owen, meeting.id, { slot: to({ from: '14:00', to: '15:00' }), version: 1 });
    expect(await sequences(cast.leanne)).toEqual(['REQUEST 1 NEEDS-ACTION']);
    expect(await subjects(cast.leanne)).toEqual([expect.stringMatching(/0147: please reply/)]);
  });

  it('over the change of the clocks keeps ten o’clock on the wall', async () => {
    const slot = to({ date: '2027-03-30' });
    await changes.reschedule(cast.council.owen, meeting.id, { slot, version: 1 });
    expect((await diaryOf(cast.leanne)).at(-1)?.start).toEqual(new Date('2027-03-30T09:00:00Z'));
  });

  it('is shown before it is done: who hears of it and what is warned of', async () => {
    await service.mail();
    await answered(cast.tom, 'DECLINED');
    const preview = async (slot: SlotPlan) =>
      changes.preview(cast.council.owen, meeting.id, { slot, version: await version() });
    const moved = await preview(to({ date: '2026-12-05' }));
    expect([moved.resetsAnswers, moved.heard.map(({ news }) => news)]).toEqual([true, Array(5).fill('MOVED')]);
    expect(moved.warnings.map(({ code }) => code)).toEqual(['WEEKEND']);
    const { resetsAnswers, heard } = await preview(to({ joinDetails: 'Room 4' }));
    const silent = heard.filter(({ news }) => news === 'NOTHING').map(({ name }) => name);
    expect([resetsAnswers, heard.length, silent]).toEqual([false, 5, ['Tom Beck']]);
    expect((await service.get(MeetingsService).find(cast.council.owen, meeting.id)).revision).toBe(1);
  });
});

describe('cancelling', () => {
  it('takes the meeting from the diary of everybody who had a request, with a reason that is not mailed', async () => {
    await service.mail();
    await changes.cancel(cast.council.owen, meeting.id, 'Tull has resigned', 1);
    expect(await sequences(cast.leanne)).toEqual(['REQUEST 0 NEEDS-ACTION', 'CANCEL 1 NEEDS-ACTION']);
    expect((await diaryOf(cast.leanne)).at(-1)?.status).toBe('CANCELLED');
    const last = (await service.mail(cast.leanne.address)).at(-1);
    expect(last?.raw).not.toContain('Tull');
    expect(last?.link).toBeUndefined();
    const view = await service.get(MeetingsService).show(cast.council.owen, meeting.id);
    expect(new Set(view.invitees.map(({ status }) => status))).toEqual(new Set(['CLOSED']));
  });

  it('sends nothing at all when nothing had left', async () => {
    await changes.cancel(cast.council.owen, meeting.id, 'Called by mistake', 1);
    expect(await diaryOf(cast.leanne)).toEqual([]);
    const states = await service.look<{ state: string; reason: string }>(
      'select distinct state, reason from message where meeting_id = $1',
      [meeting.id],
    );
    expect(states).toEqual([{ state: 'DEAD', reason: 'CANCELLED' }]);
  });
});

describe('one invitee', () => {
  it('is added to a meeting that has gone out, and only they hear of it', async () => {
    await service.mail();
    await invitations.add(cast.council.owen, meeting.id, {
      contactId: cast.mark.contactId,
      required: 'BY_COORDINATOR',
    });
    expect(await sequences(cast.mark)).toEqual(['REQUEST 0 NEEDS-ACTION']);
    expect(await sequences(cast.leanne)).toEqual(['REQUEST 0 NEEDS-ACTION']);
  });

  it('is added to the directory on the way', async () => {
    const newPerson = {
      name: 'Alan Moss',
      email: `alan.moss@shire${round}.example`,
      postTitle: 'Investigating officer',
      newAgency: { name: 'Kestrel Academy Trust', category: 'HR' },
    };
    const invitation = await invitations.add(cast.council.owen, meeting.id, { newPerson, role: 'INVESTIGATOR' });
    expect(invitation).toMatchObject({ role: 'INVESTIGATOR', status: 'OPEN' });
    expect(await service.mail(newPerson.email)).toHaveLength(1);
  });

  it('is withdrawn: told with a higher sequence and no status, while nobody else hears; asked again, higher still', async () => {
    await service.mail();
    await invitations.withdraw(cast.council.owen, meeting.id, await idOf(cast.tom));
    expect(await sequences(cast.tom)).toEqual(['REQUEST 0 NEEDS-ACTION', 'CANCEL 1 NEEDS-ACTION']);
    expect((await diaryOf(cast.tom)).at(-1)?.status).toBeNull();
    expect((await service.mail(cast.tom.address)).at(-1)?.mail.text).toContain('It goes ahead without you');
    expect(await sequences(cast.leanne)).toEqual(['REQUEST 0 NEEDS-ACTION']);
    await invitations.add(cast.council.owen, meeting.id, { contactId: cast.tom.contactId });
    const diary = await diaryOf(cast.tom);
    expect(diary.at(-1)).toMatchObject({ method: 'REQUEST', sequence: 2 });
    expect(diary.at(-1)?.organizer).toBe(diary[0]?.organizer);
  });

  it('hears nothing of a withdrawal when the invitation had not left', async () => {
    await invitations.withdraw(cast.council.owen, meeting.id, await idOf(cast.tom));
    expect(await diaryOf(cast.tom)).toEqual([]);
  });

  it('gets the invitation again: a new link, the same entry, the answer carried', async () => {
    const [first] = (await service.mail(cast.leanne.address)).slice(-1);
    await answered(cast.leanne, 'TENTATIVE');
    service.clock.pass(5);
    await invitations.resend(cast.council.owen, meeting.id, await idOf(cast.leanne));
    expect(await sequences(cast.leanne)).toEqual(['REQUEST 0 NEEDS-ACTION', 'REQUEST 0 TENTATIVE']);
    const second = (await service.mail(cast.leanne.address)).at(-1);
    expect(second?.link).not.toBe(first?.link);
    expect(second?.mail.inReplyTo).toBe(first?.mail.messageId);
    const [one, two] = await diaryOf(cast.leanne);
    expect(two?.stamp.getTime()).toBeGreaterThan(one?.stamp.getTime() ?? 0);
  });

  it('takes the chair, and the former chair attends', async () => {
    await service.mail();
    const seats = { chairContactId: cast.mark.contactId, minuteTakerContactId: cast.tom.contactId, version: 1 };
    await changes.appoint(cast.council.owen, meeting.id, seats);
    const view = await service.get(MeetingsService).show(cast.council.owen, meeting.id);
    const roles = new Map(view.invitees.map((one) => [one.contact_id, one.role]));
    expect([cast.mark, cast.priya, cast.tom, cast.owen, cast.fiona].map((who) => roles.get(who.contactId))).toEqual([
      'CHAIR',
      'ATTENDEE',
      'MINUTE_TAKER',
      'ATTENDEE',
      'EMPLOYER',
    ]);
    expect(await sequences(cast.mark)).toEqual(['REQUEST 0 NEEDS-ACTION']);
    expect(await sequences(cast.priya)).toEqual(['REQUEST 0 NEEDS-ACTION']);
  });
});

describe('when something happens to a person', () => {
  const exclude = (who: Placed) =>
    service.get(ExclusionsService).exclude(cast.council.owen, cast.matter.id, {
      excluded: { contactId: who.contactId },
      reason: 'RELATIVE',
    });
  const stateOf = async (who: Placed) => {
    const [row] = await service.look<{ status: string; verdict: string | null; revoked: boolean }>(
      `select i.status, i.verdict, bool_and(l.revoked_at is not null) as revoked from invitation i
       join link l on l.target_id = i.id where i.meeting_id = $1 and i.contact_id = $2 group by i.status, i.verdict`,
      [meeting.id, who.contactId],
    );
    return row;
  };

  it('an excluded person is withdrawn and gets nothing at all, not even what was waiting', async () => {
    await exclude(cast.tom);
    expect(await stateOf(cast.tom)).toEqual({ status: 'WITHDRAWN', verdict: null, revoked: true });
    expect(await diaryOf(cast.tom)).toEqual([]);
    const [message] = await service.look(
      'select state, reason from message where meeting_id = $1 and contact_id = $2',
      [meeting.id, cast.tom.contactId],
    );
    expect(message).toEqual({ state: 'DEAD', reason: 'EXCLUDED' });
    await changes.cancel(cast.council.owen, meeting.id, 'Held by telephone', await version());
    expect(await diaryOf(cast.tom)).toEqual([]);
  });

  it('the exclusion and an invitation of the same person at once are never both true', async () => {
    for (let n = 0; n < 5; n += 1) {
      const other = await aCast(service, `race${round}-${n}.example`);
      const called = await aMeeting(service, other, { invitees: [] });
      const both = await Promise.allSettled([
        invitations.add(other.council.owen, called.id, { contactId: other.tom.contactId }),
        service.get(ExclusionsService).exclude(other.council.priya, other.matter.id, {
          excluded: { contactId: other.tom.contactId },
          reason: 'RELATIVE',
        }),
      ]);
      expect(both[1].status).toBe('fulfilled');
      const live = await service.look(
        `select id from invitation where meeting_id = $1 and contact_id = $2 and status = 'OPEN'`,
        [called.id, other.tom.contactId],
      );
      expect(live).toEqual([]);
    }
  });

  it('somebody who leaves is withdrawn even by a colleague who may not know of the matter, and leaves a gap to fill', async () => {
    await service.get(ContactsService).leave(cast.council.bev, cast.leanne.contactId);
    expect(await stateOf(cast.leanne)).toEqual({ status: 'WITHDRAWN', verdict: null, revoked: true });
    expect(await diaryOf(cast.leanne)).toEqual([]);
    const meetings = service.get(MeetingsService);
    expect(await meetings.vacated(cast.council.owen)).toMatchObject([{ name: 'Leanne Firth', meeting_id: meeting.id }]);
    expect(await meetings.vacated(cast.council.bev)).toEqual([]);
    expect((await meetings.show(cast.council.owen, meeting.id)).forecast.missing).toEqual(['POLICE']);
    await invitations.add(cast.council.owen, meeting.id, { contactId: cast.mark.contactId });
    expect(await meetings.vacated(cast.council.owen)).toEqual([]);
  });

  it('a corrected address is asked anew, from an address of its own, and the old one is told', async () => {
    const [first] = await diaryOf(cast.leanne);
    const email = `leanne.firth@shire${round}.example`;
    await service
      .get(ContactsService)
      .correct(cast.council.bev, cast.leanne.contactId, { name: 'Leanne Firth', email });
    const fresh = (await service.mail(email)).map(readCalendar);
    expect(fresh).toMatchObject([{ method: 'REQUEST', sequence: 1, attendee: `mailto:${email}` }]);
    expect(fresh[0]?.organizer).not.toBe(first?.organizer);
    expect((await diaryOf(cast.leanne)).at(-1)).toMatchObject({ method: 'CANCEL', sequence: 1, status: null });
    const links = await service.look<{ live: boolean }>(
      'select revoked_at is null as live from link where contact_id = $1 order by created_at, id',
      [cast.leanne.contactId],
    );
    expect(links.map(({ live }) => live)).toEqual([false, true]);
  });
});

describe('refuses', () => {
  const move = (slot: SlotPlan, seen: number) =>
    changes.reschedule(cast.council.owen, meeting.id, { slot, version: seen });

  it('the second of two coordinators who saw the same page', async () => {
    const both = await Promise.allSettled([
      move(to({ date: '2026-12-03' }), 1),
      changes.reschedule(cast.council.priya, meeting.id, { slot: to({ date: '2026-12-04' }), version: 1 }),
    ]);
    const lost = both.filter((one) => one.status === 'rejected');
    expect(lost).toHaveLength(1);
    expect(lost[0]?.reason).toBeInstanceOf(OutOfDate);
    await expect(changes.cancel(cast.council.owen, meeting.id, 'No', 1)).rejects.toThrow(OutOfDate);
  });

  it('a move that changes nothing, into the past, or onto a bank holiday without a reason', async () => {
    expect(await codeOf(move(to({}), 1))).toBe('NOTHING_CHANGED');
    expect(await codeOf(move(to({ date: '2026-11-27' }), 1))).toBe('START_IN_PAST');
    expect(await codeOf(move(to({ date: '2026-12-25' }), 1))).toBe('NEEDS_CONFIRMATION');
    expect(await version()).toBe(1);
  });

  it('a cancellation without a reason, and anything after it', async () => {
    expect(await codeOf(changes.cancel(cast.council.owen, meeting.id, ' ', 1))).toBe('REASON_REQUIRED');
    await changes.cancel(cast.council.owen, meeting.id, 'Held by telephone', 1);
    expect(await codeOf(move(to({ date: '2026-12-03' }), 2))).toBe('MOVE_NOT_ALLOWED');
    expect(await codeOf(invitations.add(cast.council.owen, meeting.id, { contactId: cast.mark.contactId }))).toBe(
      'MEETING_CANCELLED',
    );
    expect(await codeOf(invitations.resend(cast.council.owen, meeting.id, await idOf(cast.tom)))).toBe(
      'MEETING_CANCELLED',
    );
  });

  it('somebody invited already, excluded, or busy, and a chair who is withdrawn', async () => {
    const add = (who: Placed, more: object = {}) =>
      codeOf(invitations.add(cast.council.owen, meeting.id, { contactId: who.contactId, ...more }));
    expect(await add(cast.tom)).toBe('ALREADY_INVITED');
    await service.get(ExclusionsService).exclude(cast.council.owen, cast.matter.id, {
      excluded: { contactId: cast.tull.contactId },
      reason: 'IS_SUBJECT',
    });
    expect(await add(cast.tull)).toBe('EXCLUDED');
    const chair = { chairContactId: cast.mark.contactId, minuteTakerContactId: null, invitees: [] };
    await aMeeting(service, cast, chair);
    expect(await add(cast.mark)).toBe('NEEDS_CONFIRMATION');
    expect(await add(cast.mark, { overrideReason: 'The other one is short' })).toBe('done');
    expect(await codeOf(invitations.withdraw(cast.council.owen, meeting.id, await idOf(cast.priya)))).toBe('NO_CHAIR');
  });

  it('once the meeting has started', async () => {
    service.clock.set('2026-12-02T10:00:00Z');
    const late = invitations.add(cast.council.owen, meeting.id, { contactId: cast.mark.contactId });
    expect(await codeOf(late)).toBe('MEETING_STARTED');
    expect(await codeOf(invitations.withdraw(cast.council.owen, meeting.id, await idOf(cast.tom)))).toBe(
      'MEETING_STARTED',
    );
  });

  it('an invitation of another meeting, and coordinators of another council', async () => {
    const id = await idOf(cast.tom);
    const other = await aCast(service, `far${round}.example`);
    const theirs = await aMeeting(service, other);
    await expect(invitations.withdraw(other.council.owen, theirs.id, id)).rejects.toThrow(NotFound);
    await expect(invitations.resend(other.council.owen, meeting.id, id)).rejects.toThrow(NotFound);
    await expect(changes.cancel(cast.council.bev, meeting.id, 'No', 1)).rejects.toThrow(NotFound);
  });
});
