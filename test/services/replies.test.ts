import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { AnswersService } from '../../src/meetings/answers.service.js';
import { InvitationsService } from '../../src/meetings/invitations.service.js';
import { HeldReplies } from '../../src/meetings/replies/held-replies.service.js';
import { arrive, invited, replies } from '../support/arriving.js';
import { aCalledMeeting, type CalledMeeting, cancel, lastMail, moveTo } from '../support/called-meeting.js';
import { type Placed } from '../support/matters.js';
import { FOUND, PROGRAMS } from '../support/replies.js';
import { MONDAY, startService, type TestService } from '../support/service.js';
import { aBrowser, answerBy } from '../support/visitor.js';

let service: TestService;
let called: CalledMeeting;
let leanne: Placed;

beforeAll(async () => {
  service = await startService();
});
beforeEach(async () => {
  service.clock.set(MONDAY);
  called = await aCalledMeeting(service);
  leanne = called.sergeant;
  await service.mail();
  service.clock.pass(10);
});
afterAll(async () => {
  await service.stop();
});

interface Row {
  id: string;
  answer: string;
  away_until: Date | null;
  away_noted_at: Date | null;
}

const invitation = async (who: Placed = leanne): Promise<Row> => {
  const [row] = await service.look<Row>(
    'select * from invitation where contact_id = $1 order by created_at desc limit 1',
    [who.contactId],
  );
  if (row === undefined) throw new Error('Nobody invited');
  return row;
};

interface Entry {
  kind: string;
  channel: string;
  confidence: string | null;
  via: string | null;
  set_aside: string | null;
  revision: number;
}

const ledger = (who: Placed = leanne): Promise<Entry[]> =>
  service.look(
    `select r.kind, r.channel, r.confidence, r.via, r.set_aside, r.revision from response r
     join invitation i on i.id = r.invitation_id where i.contact_id = $1 order by r.at, r.id`,
    [who.contactId],
  );

const subjects = async (who: Placed = leanne): Promise<string[]> =>
  (await service.mail(who.address)).map(({ mail }) => mail.subject?.split(': ')[1] ?? '');

const entry = (change: Partial<Entry> = {}): Entry => ({
  ...{ kind: 'ACCEPTED', channel: 'CALENDAR_REPLY', confidence: 'MEDIUM', via: null, set_aside: null, revision: 1 },
  ...change,
});

describe('an answer from a calendar', () => {
  it.each(PROGRAMS)('of %s goes into the ledger, and is confirmed to the registered address', async (program) => {
    expect(await replies(service, called, leanne, { program })).toMatchObject({ state: 'DONE' });
    expect(await invitation()).toMatchObject({ answer: 'ACCEPTED' });
    expect(await ledger()).toEqual([entry()]);
    const { mail } = await lastMail(service, leanne);
    expect(mail.text).toContain('This answer came from your calendar');
    const [event] = await service.look(
      `select actor, details->>'channel' as channel from event where action = 'invitation.answered' order by at desc, seq desc limit 1`,
    );
    expect(event).toMatchObject({ channel: 'CALENDAR_REPLY' });
  });

  it('declines without a reason, for a calendar has nowhere to give one', async () => {
    await replies(service, called, leanne, { odd: { partstat: 'DECLINED', comment: 'In court' } });
    const [said] = await service.look('select kind, reason, comment from response r where r.invitation_id = $1', [
      (await invitation()).id,
    ]);
    expect(said).toEqual({ kind: 'DECLINED', reason: null, comment: 'In court' });
  });

  it('counts once, however often it comes', async () => {
    for (let time = 0; time < 3; time += 1) {
      await replies(service, called, leanne, { odd: { stampedAt: MONDAY } });
      service.clock.pass(1);
    }
    expect(await ledger()).toHaveLength(1);
    expect((await subjects()).filter((subject) => subject === 'we have your answer')).toHaveLength(1);
  });

  it('of the time before a move is kept and does not count, and one message asks for the present time', async () => {
    const before = await invited(service, leanne);
    await moveTo(service, called, '2026-12-03');
    await service.mail();
    await replies(service, called, leanne, { to: before });
    service.clock.pass(1);
    await replies(service, called, leanne, { to: before, odd: { partstat: 'DECLINED' } });
    expect(await invitation()).toMatchObject({ answer: 'NO_RESPONSE' });
    expect(await ledger()).toEqual([
      entry({ set_aside: 'EARLIER_TIME' }),
      entry({ set_aside: 'EARLIER_TIME', kind: 'DECLINED' }),
    ]);
    expect((await subjects()).filter((subject) => subject === 'please answer for the present time')).toHaveLength(1);
  });

  it('of the version before another’s withdrawal counts: nobody else heard of that', async () => {
    const before = await invited(service, leanne);
    const { id } = await invitation(called.head);
    await service.get(InvitationsService).withdraw(called.council.priya, called.meeting.id, id);
    expect(await replies(service, called, leanne, { to: before })).toMatchObject({ state: 'DONE' });
    expect(await invitation()).toMatchObject({ answer: 'ACCEPTED' });
  });

  it('without SEQUENCE after a move is taken with less confidence, and only where that is enough', async () => {
    await moveTo(service, called, '2026-12-03');
    await service.mail();
    service.clock.pass(5);
    await service.look('update message set sent_at = $1 where sent_at is not null', [MONDAY]);
    const authentication = FOUND.vouched('force.example');
    expect(await replies(service, called, leanne, { program: 'EXCHANGE' })).toMatchObject({ reason: 'LOW_CONFIDENCE' });
    await replies(service, called, leanne, { program: 'EXCHANGE', mail: { authentication } });
    expect(await ledger()).toEqual([entry({ revision: 2 })]);
  });

  it('after the meeting began, or was cancelled, is kept and not applied', async () => {
    service.clock.set('2026-12-02T10:05:00Z');
    await replies(service, called, leanne);
    expect(await ledger()).toEqual([entry({ set_aside: 'MEETING_OVER' })]);
    service.clock.set(MONDAY);
    const to = await invited(service, called.head);
    await cancel(service, called);
    await replies(service, called, called.head, { to });
    expect((await ledger(called.head)).map(({ set_aside }) => set_aside)).toEqual(['NOT_ASKED']);
    expect(await invitation()).toMatchObject({ answer: 'NO_RESPONSE' });
  });

  it('of an older version than one that was answered stands beside it', async () => {
    const first = await invited(service, leanne);
    await service
      .get(InvitationsService)
      .withdraw(called.council.priya, called.meeting.id, (await invitation(called.head)).id);
    await service.get(InvitationsService).resend(called.council.priya, called.meeting.id, (await invitation()).id);
    await service.mail();
    await replies(service, called, leanne, { odd: { partstat: 'DECLINED' } });
    service.clock.pass(5);
    await replies(service, called, leanne, { to: first });
    expect((await invitation()).answer).toBe('DECLINED');
    expect((await ledger()).map(({ set_aside }) => set_aside)).toEqual([null, 'OLDER_VERSION']);
  });

  it('of the same moment that says otherwise is for the coordinator', async () => {
    await replies(service, called, leanne, { odd: { stampedAt: MONDAY } });
    expect(await replies(service, called, leanne, { odd: { stampedAt: MONDAY, partstat: 'DECLINED' } })).toMatchObject({
      reason: 'CONFLICT',
    });
    expect((await invitation()).answer).toBe('ACCEPTED');
  });

  it('does not undo what was said later by another way, and both are kept', async () => {
    const to = await invited(service, leanne);
    const { id } = await invitation();
    await service.get(AnswersService).recordByPhone(called.council.priya, id, { kind: 'TENTATIVE' });
    await replies(service, called, leanne, { to, odd: { stampedAt: new Date(MONDAY.getTime() + 60_000) } });
    expect((await invitation()).answer).toBe('TENTATIVE');
    expect((await ledger()).map(({ kind }) => kind)).toEqual(['TENTATIVE', 'ACCEPTED']);
  });

  it('by link and by calendar at once leaves one that counts, and all are kept', async () => {
    const to = await invited(service, leanne);
    const { secret } = await lastMail(service, leanne);
    const [link, calendar] = await Promise.all([
      answerBy(service, aBrowser(service), secret, { answer: 'TENTATIVE' }),
      replies(service, called, leanne, { to }),
    ]);
    expect([link.status, calendar.state]).toEqual([303, 'DONE']);
    expect((await ledger()).map(({ kind }) => kind).sort()).toEqual(['ACCEPTED', 'TENTATIVE']);
    expect(['ACCEPTED', 'TENTATIVE']).toContain((await invitation()).answer);
  });
});

describe('a request to see it again', () => {
  it('is sent the present invitation, at most once an hour', async () => {
    service.clock.pass(120);
    expect(await replies(service, called, leanne, { odd: { method: 'REFRESH' } })).toMatchObject({
      note: 'The present invitation was sent again',
    });
    service.clock.pass(30);
    await replies(service, called, leanne, { odd: { method: 'REFRESH' } });
    expect((await subjects()).filter((subject) => subject.startsWith('please reply'))).toHaveLength(2);
  });
});

describe('an absence notice', () => {
  it('is noted with its day and is no answer', async () => {
    const notice = { kind: 'AUTOMATIC' as const, text: 'I am away until 7 December 2026.' };
    expect(await arrive(service, called, leanne, notice)).toMatchObject({ state: 'DONE' });
    expect(await invitation()).toMatchObject({ answer: 'NO_RESPONSE', away_noted_at: service.clock.now() });
    const [row] = await service.look('select away_until::text from invitation where id = $1', [
      (await invitation()).id,
    ]);
    expect(row).toEqual({ away_until: '2026-12-07' });
    expect(await subjects()).toHaveLength(1);
  });

  it('of another mailbox is noted nowhere', async () => {
    const sender = { name: '', address: 'list@elsewhere.example' };
    await arrive(service, called, leanne, { kind: 'AUTOMATIC', sender, text: 'Away until 7 December' });
    expect((await invitation()).away_noted_at).toBeNull();
  });
});

describe('refuses', () => {
  const held = (): Promise<unknown[]> => service.get(HeldReplies).list(called.council.priya);

  it('to take what may be forged: it waits, and the registered address is asked, once an hour', async () => {
    const mail = { authentication: FOUND.forged('force.example') };
    for (let time = 0; time < 3; time += 1) {
      const outcome = await replies(service, called, leanne, {
        mail,
        odd: { stampedAt: new Date(MONDAY.getTime() + time * 1000) },
      });
      expect(outcome).toMatchObject({ state: 'HELD', reason: 'LOW_CONFIDENCE' });
    }
    expect(await ledger()).toEqual([]);
    expect(await held()).toHaveLength(3);
    expect((await subjects()).filter((subject) => subject === 'please confirm your answer')).toHaveLength(1);
    const { secret } = await lastMail(service, leanne);
    await answerBy(service, aBrowser(service), secret, { answer: 'ACCEPTED' });
    expect([await held(), (await invitation()).answer]).toEqual([[], 'ACCEPTED']);
  });

  it.each([
    ['a stranger', { attendee: 'mark@elsewhere.example' }, 'STRANGER'],
    ['two people', { otherAttendee: 'mark@force.example' }, 'SEVERAL_ATTENDEES'],
    ['another meeting', { uid: 'another@reply.example' }, 'OTHER_MEETING'],
    ['a version nobody sent', { sequence: 7 }, 'LATER_VERSION'],
    ['whoever passes it on', { partstat: 'DELEGATED', delegatedTo: 'mark@force.example' }, 'DELEGATED'],
  ] as const)('to take the answer of %s', async (_, odd, reason) => {
    const from = 'attendee' in odd ? { sender: { name: 'Mark', address: odd.attendee } } : {};
    expect(await replies(service, called, leanne, { odd, mail: from })).toMatchObject({ state: 'HELD', reason });
    expect(await ledger()).toEqual([]);
    expect(await held()).toMatchObject([{ reason, meeting_ref: called.meeting.ref }]);
  });

  it('to read a calendar in words, or words as an answer', async () => {
    const broken = [{ method: 'REPLY', text: 'BEGIN:VCALENDAR' }];
    expect(await arrive(service, called, leanne, { calendars: broken })).toMatchObject({
      reason: 'CALENDAR_UNREADABLE',
    });
    expect(await arrive(service, called, leanne, { kind: 'OTHER', text: 'Yes, I will come' })).toMatchObject({
      reason: 'WORDS',
    });
    expect((await invitation()).answer).toBe('NO_RESPONSE');
  });
});
