import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { globalId } from '../../src/graphql/ids.js';
import { type Meeting } from '../../src/meetings/meeting.js';
import { SchedulingService } from '../../src/meetings/scheduling.service.js';
import { type Ask, asStaff, aToken, change, withToken } from '../support/graphql.js';
import { aCast, aMeeting, aPlan, type Cast } from '../support/meetings.js';
import { startService, type TestService } from '../support/service.js';

let service: TestService;
let cast: Cast;
let meeting: Meeting;
let owen: Ask;
let priya: Ask;
let trust: Ask;
let toms: string;

beforeAll(async () => {
  service = await startService();
  cast = await aCast(service);
  meeting = await aMeeting(service, cast);
  owen = await asStaff(service, cast.council.owen);
  priya = await asStaff(service, cast.council.priya);
  trust = withToken(service, (await aToken(service, cast.council.owen, cast.tom.agencyId)).token);
  toms = await invitationOf(cast.tom.contactId);
});

afterAll(async () => {
  await service.stop();
});

async function invitationOf(contactId: string, meetingId = meeting.id): Promise<string> {
  const [row] = await service.look<{ id: string }>(
    'select id from invitation where contact_id = $1 and meeting_id = $2',
    [contactId, meetingId],
  );
  return globalId('Invitation', row?.id ?? '');
}

const count = async (table: string): Promise<number> =>
  (await service.look<{ n: number }>(`select count(*)::int as n from ${table}`))[0]?.n ?? 0;
const ANSWER = `mutation($input: RecordAnswerInput!) { recordAnswer(input: $input) { invitation { answer answeredAt contact { name } responses(first: 5) { nodes { kind channel } } } problems { code field } clientMutationId } }`;

describe('a partner that answers for its own person', () => {
  const input = { answer: 'ACCEPTED', clientMutationId: 'answer-1' };

  it('is heard once, however often it sends the same, and gets the same answer', async () => {
    const before = await count('response');
    const first = await trust(ANSWER, { input: { ...input, invitation: toms } });
    expect(first.errors).toEqual([]);
    expect(first.data.recordAnswer).toMatchObject({
      problems: [],
      clientMutationId: 'answer-1',
      invitation: {
        answer: 'ACCEPTED',
        contact: { name: 'Tom Beck' },
        responses: { nodes: [{ kind: 'ACCEPTED', channel: 'PARTNER' }] },
      },
    });
    service.clock.pass(5);
    const second = await trust(ANSWER, { input: { ...input, invitation: toms } });
    expect([second.text, second.headers['idempotency-replayed']]).toEqual([first.text, 'true']);
    expect(first.headers['idempotency-replayed']).toBeUndefined();
    expect(await count('response')).toBe(before + 1);
  });

  it('may send the key as a header, and both when they agree', async () => {
    const given = { answer: 'TENTATIVE', invitation: toms };
    const first = await trust(ANSWER, { input: given }, { 'Idempotency-Key': 'answer-2' });
    const second = await trust(ANSWER, { input: given }, { 'Idempotency-Key': 'answer-2' });
    expect([first.data.recordAnswer.invitation.answer, second.text]).toEqual(['TENTATIVE', first.text]);
    const differs = await trust(ANSWER, { input: { ...given, clientMutationId: 'a' } }, { 'Idempotency-Key': 'b' });
    expect(differs.data.recordAnswer.problems).toEqual([{ code: 'KEY_REUSED', field: 'clientMutationId' }]);
  });

  it('is heard once when it sends eight at a time', async () => {
    const before = await count('response');
    const given = { answer: 'ACCEPTED', invitation: toms, clientMutationId: 'answer-3' };
    const answers = await Promise.all(Array.from({ length: 8 }, () => trust(ANSWER, { input: given })));
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    expect(await count('response')).toBe(before + 1);
  });

  it('may use a key again three days later, and another partner may use the same', async () => {
    const given = { answer: 'ACCEPTED', clientMutationId: 'answer-1' };
    const police = withToken(service, (await aToken(service, cast.council.owen, cast.leanne.agencyId)).token);
    const theirs = await police(ANSWER, { input: { ...given, invitation: await invitationOf(cast.leanne.contactId) } });
    expect(theirs.data.recordAnswer.invitation.contact.name).toBe('Leanne Firth');
  });
});

describe('a coordinator', () => {
  it('runs the whole job by program', async () => {
    const matter = await change(
      owen,
      'openMatter',
      { kind: 'ALLEGATION', neutralTitle: 'Enquiry 15', facts: ['POSSIBLE_OFFENCE'] },
      'matter { id ref coordinator }',
    );
    expect(matter.payload).toMatchObject({ problems: [], matter: { ref: 'ALL-2026-0148', coordinator: 'Owen' } });
    const matterId = matter.payload.matter.id as string;
    const agency = (
      await change(owen, 'addAgency', { name: 'Kestrel Trust', category: 'HR' }, 'agency { id name category }')
    ).payload.agency;
    expect(agency).toMatchObject({ name: 'Kestrel Trust', category: 'HR' });
    const person = { name: 'Joan Petty', email: 'joan.petty@kestrel.example', agency: agency.id, postTitle: 'HR lead' };
    const joan = (
      await change(owen, 'addContact', person, 'contact { id version name post { title agency { name } } }')
    ).payload.contact;
    expect(joan).toMatchObject({ name: 'Joan Petty', post: { title: 'HR lead', agency: { name: 'Kestrel Trust' } } });
    const corrected = await change(
      owen,
      'correctContact',
      { contact: joan.id, version: joan.version, name: 'Joan Petty', email: person.email, phone: '01632 960 123' },
      'contact { phone }',
    );
    expect(corrected.payload).toMatchObject({ problems: [], contact: { phone: '01632 960 123' } });

    const excluded = {
      matter: matterId,
      contact: globalId('Contact', cast.tull.contactId),
      reason: 'IS_SUBJECT',
      alternative: 'Fiona Akande',
    };
    const exclusion = (await change(owen, 'addExclusion', excluded, 'exclusion { id reason contact { name } }')).payload
      .exclusion;
    expect(exclusion).toMatchObject({ reason: 'IS_SUBJECT', contact: { name: 'Graham Tull' } });

    const slot = { date: '2026-12-03', from: '10:00', to: '11:00', mode: 'VIDEO' };
    const chair = globalId('Contact', cast.priya.contactId);
    const invitees = [{ contact: globalId('Contact', cast.leanne.contactId), required: 'BY_QUORUM' }];
    const plan = { matter: matterId, type: 'ALLEGATION_MEETING', slot, chair, invitees };
    const called = await change(
      owen,
      'scheduleMeeting',
      plan,
      'meeting { id version ref startsAt status invitations { nodes { role contact { name } } } }',
    );
    expect(called.payload.problems).toEqual([]);
    const { meeting: made } = called.payload;
    expect(made).toMatchObject({ ref: 'ALL-2026-0148-M1', status: 'SCHEDULED', startsAt: '2026-12-03T10:00:00.000Z' });
    const late = await change(
      owen,
      'inviteToMeeting',
      { meeting: made.id, invitee: { contact: joan.id, role: 'HR' } },
      'invitation { id role contact { name } }',
    );
    expect(late.payload.invitation).toMatchObject({ role: 'HR', contact: { name: 'Joan Petty' } });
    const answered = await change(
      owen,
      'recordAnswer',
      { invitation: late.payload.invitation.id, answer: 'DECLINED', reason: 'CLASH' },
      'invitation { answer }',
    );
    expect(answered.payload).toMatchObject({ problems: [], invitation: { answer: 'DECLINED' } });
    const off = await change(
      owen,
      'withdrawInvitation',
      { meeting: made.id, invitation: late.payload.invitation.id },
      'invitation { status }',
    );
    expect(off.payload.invitation.status).toBe('WITHDRAWN');
    const { version } = (await owen(`{ meeting(ref: "${made.ref as string}") { version } }`)).data.meeting;
    const moved = await change(
      owen,
      'rescheduleMeeting',
      { meeting: made.id, version, slot: { ...slot, from: '14:00', to: '15:00' } },
      'meeting { version startsAt revision }',
    );
    expect(moved.payload.meeting).toMatchObject({ startsAt: '2026-12-03T14:00:00.000Z', revision: 2 });
    const cancelled = await change(
      owen,
      'cancelMeeting',
      { meeting: made.id, version: moved.payload.meeting.version, reason: 'Not needed' },
      'meeting { status cancelReason }',
    );
    expect(cancelled.payload.meeting).toEqual({ status: 'CANCELLED', cancelReason: 'Not needed' });
    const lifted = await change(
      owen,
      'liftExclusion',
      { matter: matterId, exclusion: exclusion.id, reason: 'A mistake' },
      'exclusion { liftedReason }',
    );
    expect(lifted.payload.exclusion).toEqual({ liftedReason: 'A mistake' });
    const left = await change(owen, 'recordLeaving', { contact: joan.id }, 'contact { status }');
    expect(left.payload.contact).toEqual({ status: 'LEFT' });
  });

  it('records who came and what was agreed, and the owner’s system completes it', async () => {
    service.clock.set('2026-12-02T11:20:00Z');
    const seen = (
      await owen(
        `{ meeting(ref: "${meeting.ref}") { id version attendanceEntries invitations { nodes { contact { id name } } } } }`,
      )
    ).data.meeting;
    const lines = seen.invitations.nodes.map(({ contact }: { contact: { id: string } }) => ({
      contact: contact.id,
      status: 'ATTENDED',
      mode: 'VIDEO',
    }));
    const register = { meeting: seen.id, version: seen.version, seenEntries: seen.attendanceEntries, lines };
    const recorded = await change(
      owen,
      'recordAttendance',
      register,
      'meeting { status attendance { nodes { status contact { name } } } }',
    );
    expect(recorded.payload.problems).toEqual([]);
    expect(recorded.payload.meeting.status).toBe('HELD');
    expect(recorded.payload.meeting.attendance.nodes).toHaveLength(5);
    const agreed = {
      meeting: seen.id,
      text: 'Send the chronology',
      owner: globalId('Contact', cast.tom.contactId),
      dueOn: '2026-12-04',
    };
    const { action } = (await change(priya, 'agreeAction', agreed, 'action { id ref status overdue owner { name } }'))
      .payload;
    expect(action).toMatchObject({ status: 'ASSIGNED', overdue: false, owner: { name: 'Tom Beck' } });
    const done = { action: action.id, move: 'COMPLETE', note: 'Sent', clientMutationId: 'done-1' };
    const completed = await change(trust, 'updateAction', done, 'action { status doneNote }');
    expect(completed.payload).toMatchObject({ problems: [], action: { status: 'DONE', doneNote: 'Sent' } });
    service.clock.set('2026-11-30T11:20:00Z');
  });

  it('gets a new token once, and its key never brings it back', async () => {
    const input = {
      agency: globalId('Agency', cast.tom.agencyId),
      name: 'Rio',
      scopes: ['actions:own-agency'],
      expiresAt: '2027-01-01T00:00:00Z',
      clientMutationId: 't1',
    };
    const first = await change(
      owen,
      'issuePartnerToken',
      input,
      'token partnerToken { id name revokedAt agency { id } }',
    );
    expect(first.payload.token).toMatch(/^qrt_test_/);
    const again = await change(
      owen,
      'issuePartnerToken',
      input,
      'token partnerToken { id name revokedAt agency { id } }',
    );
    expect(again.payload).toEqual({ ...first.payload, token: null });
    const [kept] = await service.look<{ text: string }>(`select string_agg(answer::text, '') as text from kept_answer`);
    expect(kept?.text).not.toContain('qrt_');
    const revoked = await change(
      owen,
      'revokePartnerToken',
      { partnerToken: first.payload.partnerToken.id },
      'partnerToken { revokedAt }',
    );
    expect(revoked.payload.partnerToken.revokedAt).toBe('2026-11-30T11:20:00.000Z');
    expect((await withToken(service, first.payload.token as string)('{ me { name } }')).status).toBe(401);
  });
});

describe('refuses', () => {
  /** Tom's invitation to a meeting that is still to come. */
  let later: string;
  beforeAll(async () => {
    const slot = { ...aPlan(cast).slot, date: '2026-12-04' };
    const { id } = await service.get(SchedulingService).schedule(cast.council.owen, aPlan(cast, { slot }));
    later = await invitationOf(cast.tom.contactId, id);
  });

  it('a partner’s change without a key', async () => {
    const before = await count('event');
    const { payload } = await change(
      trust,
      'recordAnswer',
      { invitation: toms, answer: 'ACCEPTED' },
      'invitation { id }',
    );
    expect(payload).toMatchObject({ invitation: null, problems: [{ code: 'REQUIRED', field: 'clientMutationId' }] });
    expect(await count('event')).toBe(before);
  });

  it('another change under a key that was used, and leaves nothing behind', async () => {
    const before = await count('response');
    const { payload } = await change(trust, 'recordAnswer', {
      invitation: toms,
      answer: 'DECLINED',
      reason: 'LEAVE',
      clientMutationId: 'answer-1',
    });
    expect(payload.problems).toMatchObject([{ code: 'KEY_REUSED', field: 'clientMutationId' }]);
    expect(await count('response')).toBe(before);
  });

  it('an answer for another agency’s person as if there were none', async () => {
    const leannes = await invitationOf(cast.leanne.contactId);
    const foreign = await change(trust, 'recordAnswer', {
      invitation: leannes,
      answer: 'ACCEPTED',
      clientMutationId: 'f1',
    });
    const absent = await change(trust, 'recordAnswer', {
      invitation: globalId('Invitation', cast.matter.id),
      answer: 'ACCEPTED',
      clientMutationId: 'f1',
    });
    expect(foreign.errors[0]?.extensions).toEqual({ code: 'NOT_FOUND' });
    expect(foreign.text).toBe(absent.text);
  });

  it('what breaks a rule, with its code and field, and keeps no key for it', async () => {
    const kept = await count('kept_answer');
    const without = await change(
      trust,
      'recordAnswer',
      { invitation: later, answer: 'DECLINED', clientMutationId: 'p1' },
      'invitation { id }',
    );
    expect(without.payload).toMatchObject({
      invitation: null,
      problems: [{ code: 'REASON_REQUIRED' }],
      clientMutationId: 'p1',
    });
    expect(await count('kept_answer')).toBe(kept);
    const right = await change(trust, 'recordAnswer', {
      invitation: later,
      answer: 'DECLINED',
      reason: 'LEAVE',
      clientMutationId: 'p1',
    });
    expect(right.payload.problems).toEqual([]);
  });

  it('somebody excluded, with the reason', async () => {
    const matter = globalId('Matter', cast.matter.id);
    await change(owen, 'addExclusion', {
      matter,
      contact: globalId('Contact', cast.tull.contactId),
      reason: 'IS_SUBJECT',
    });
    const invitee = { contact: globalId('Contact', cast.tull.contactId) };
    const { payload } = await change(owen, 'inviteToMeeting', { meeting: globalId('Meeting', meeting.id), invitee });
    expect(payload.problems.map(({ code }: { code: string }) => code)).not.toEqual([]);
    const none = await change(owen, 'addExclusion', { matter, reason: 'RELATIVE' });
    expect(none.payload.problems).toMatchObject([{ code: 'INVALID' }]);
  });

  it('a version that somebody else has changed', async () => {
    const id = globalId('Contact', cast.fiona.contactId);
    const stale = await change(owen, 'correctContact', {
      contact: id,
      version: 7,
      name: 'Fiona Akande',
      email: cast.fiona.address,
    });
    expect(stale.errors[0]?.extensions).toEqual({ code: 'OUT_OF_DATE' });
  });

  it('enum values and moments that are none, before anything is done', async () => {
    expect((await change(owen, 'addAgency', { name: 'x', category: 'NOPE' })).status).toBe(400);
    expect(
      (await change(owen, 'recordAnswer', { invitation: toms, answer: 'ACCEPTED', statedAt: 'nope' })).status,
    ).toBe(400);
    expect((await change(owen, 'recordAnswer', { invitation: toms, answer: 'SUBSTITUTE_NAMED' })).status).toBe(400);
  });

  it('somebody outside the matter, with the bytes of a matter that is not there', async () => {
    const bev = await asStaff(service, cast.council.bev);
    const excluded = { contact: globalId('Contact', cast.tull.contactId), reason: 'IS_SUBJECT' };
    const foreign = await change(bev, 'addExclusion', { ...excluded, matter: globalId('Matter', cast.matter.id) });
    const absent = await change(bev, 'addExclusion', { ...excluded, matter: globalId('Matter', cast.tom.contactId) });
    expect([foreign.errors[0]?.extensions, foreign.text]).toEqual([{ code: 'NOT_FOUND' }, absent.text]);
  });

  it('to keep anything of a change when its answer cannot be kept', async () => {
    await service.look('revoke insert on kept_answer from quorate_app');
    try {
      const before = [await count('agency'), await count('event')];
      const failed = await change(
        owen,
        'addAgency',
        { name: 'Half', category: 'OTHER', clientMutationId: 'half' },
        'agency { id }',
      );
      expect(failed.errors[0]?.extensions.code).toBe('INTERNAL');
      expect([await count('agency'), await count('event')]).toEqual(before);
    } finally {
      await service.look('grant insert on kept_answer to quorate_app');
    }
  });
});
