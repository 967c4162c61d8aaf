import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { RuleBroken } from '../../src/errors.js';
import { answer } from '../../src/meetings/answer.js';
import { Invitation, type InvitationStatus } from '../../src/meetings/invitation.js';
import { type MeetingStatus } from '../../src/meetings/meeting-status.js';
import {
  channelsDisagree,
  currentAnswer,
  Response,
  RESPONSE_CHANNELS,
  RESPONSE_KINDS,
} from '../../src/meetings/response.js';
import { askedSeat } from '../../src/meetings/seats.js';
import { refusal } from '../support/refusal.js';

const NOW = new Date('2026-11-30T15:10:00Z');
const meeting = {
  id: 'm1',
  status: 'SCHEDULED' as MeetingStatus,
  startsAt: new Date('2026-12-02T10:00:00Z'),
  revision: 1,
  calendarSequence: 0,
  minuteTakerContactId: 'owen',
};

function draft(): Invitation {
  return Invitation.to({
    authorityId: 1,
    id: 'i1',
    meetingId: 'm1',
    matterId: 'matter1',
    contactId: 'leanne',
    agencyId: 'northshire-police',
    required: 'BY_QUORUM',
    postId: 'ds-east',
  });
}

function open(): Invitation {
  const invitation = draft();
  invitation.open(meeting);
  return invitation;
}

function response(change: Partial<Response> = {}): Response {
  return Response.given({
    authorityId: 1,
    id: 'r1',
    invitationId: 'i1',
    meetingId: 'm1',
    revision: 1,
    kind: 'ACCEPTED',
    reason: null,
    comment: null,
    channel: 'LINK',
    recordedBy: 'leanne',
    at: NOW,
    statedAt: NOW,
    ...change,
  });
}

describe('an invitation', () => {
  it('is sent with the revision and sequence of the meeting', () => {
    const invitation = draft();
    expect(invitation.open({ revision: 3, calendarSequence: 5 })).toMatchObject({
      action: 'invitation.sent',
      object: 'invitation:i1',
      matterId: 'matter1',
      details: { revision: 3, sequence: 5, contactId: 'leanne' },
    });
    expect(invitation).toMatchObject({ status: 'OPEN', askedRevision: 3, sentSequence: 5, answer: 'NO_RESPONSE' });
    expect(invitation.isLive).toBe(true);
  });

  it('asks again when the meeting moved, and only then', () => {
    const invitation = open();
    answer(invitation, meeting, response(), NOW);
    expect(invitation.follow({ revision: 1, calendarSequence: 1 })).toBeNull();
    expect(invitation).toMatchObject({ answer: 'ACCEPTED', sentSequence: 1 });
    expect(invitation.follow({ revision: 2, calendarSequence: 2 })?.details).toMatchObject({ before: 'ACCEPTED' });
    expect(invitation).toMatchObject({
      answer: 'NO_RESPONSE',
      answeredRevision: null,
      answeredAt: null,
      askedRevision: 2,
      sentSequence: 2,
    });
  });

  it('stands by what was last told when the meeting moves back before any message left', () => {
    const invitation = open();
    answer(invitation, meeting, response(), NOW);
    const asked = invitation.askedSequence;
    invitation.follow({ revision: 2, calendarSequence: 6 });
    const given = { kind: 'ACCEPTED' as const, statedAt: NOW };
    expect(invitation.standBy({ revision: 3, calendarSequence: 7 }, { sequence: asked ?? 0, given })).not.toBeNull();
    expect(invitation).toMatchObject({ answer: 'ACCEPTED', answeredRevision: 3, askedRevision: 3 });
    expect(invitation).toMatchObject({ sentSequence: asked, askedSequence: asked });
  });

  it('leaves those out who were withdrawn', () => {
    const invitation = open();
    expect(invitation.withdraw('Not needed').details).toMatchObject({ wasSent: true, why: 'Not needed' });
    expect(invitation.follow({ revision: 2, calendarSequence: 2 })).toBeNull();
    expect(invitation).toMatchObject({ status: 'WITHDRAWN', sentSequence: 0, isLive: false });
  });

  it('passes its place to somebody of the same agency', () => {
    const invitation = Object.assign(open(), { role: 'CHAIR' });
    const by = { id: 'i2', contactId: 'mark', agencyId: 'northshire-police', postId: null, canDecide: false };
    const { invitation: substitute, change } = invitation.substitute(by);
    expect(change.details).toMatchObject({ by: 'mark', canDecide: false });
    expect(invitation.status).toBe('SUPERSEDED');
    expect(substitute).toMatchObject({
      id: 'i2',
      status: 'DRAFT',
      substituteFor: 'i1',
      role: 'CHAIR',
      required: 'BY_QUORUM',
      meetingId: 'm1',
      canDecide: false,
      postId: null,
      answer: 'NO_RESPONSE',
      sentSequence: null,
    });
  });

  it('becomes a seat while it is live, with the answer to the present time only', () => {
    const police = { category: 'POLICE', discipline: null } as const;
    const invitation = open();
    answer(invitation, meeting, response(), NOW);
    expect(askedSeat(invitation, police, meeting)).toMatchObject({ answer: 'ACCEPTED', isMinuteTaker: false });
    expect(askedSeat(invitation, police, { ...meeting, revision: 2 })).toMatchObject({ answer: 'NO_RESPONSE' });
    expect(askedSeat(invitation, police, { ...meeting, minuteTakerContactId: 'leanne' })?.isMinuteTaker).toBe(true);
    invitation.withdraw(null);
    expect(askedSeat(invitation, police, meeting)).toBeNull();
  });
});

describe('an answer', () => {
  it.each(RESPONSE_KINDS.filter((kind) => kind !== 'SUGGESTED_TIME').map((kind) => [kind]))('%s is taken', (kind) => {
    const invitation = open();
    const reason = kind === 'DECLINED' ? 'CLASH' : null;
    const change = answer(invitation, meeting, response({ kind, reason }), NOW);
    expect(change).toMatchObject({
      action: 'invitation.answered',
      object: 'invitation:i1',
      details: { kind, reason, channel: 'LINK', revision: 1, before: 'NO_RESPONSE', counts: true },
    });
    expect(invitation).toMatchObject({ answer: kind, answeredRevision: 1, answeredAt: NOW });
  });

  it('may be changed until the start', () => {
    const invitation = open();
    const late = new Date(meeting.startsAt.getTime() - 1);
    answer(invitation, meeting, response(), NOW);
    answer(invitation, meeting, response({ kind: 'DECLINED', reason: 'SHIFT_OR_COURT', statedAt: late }), late);
    expect(invitation.answer).toBe('DECLINED');
  });

  it('of another time stands beside the answer and does not change it', () => {
    const invitation = open();
    answer(invitation, meeting, response(), NOW);
    const suggested = response({ kind: 'SUGGESTED_TIME', comment: 'After 11' });
    expect(answer(invitation, meeting, suggested, NOW).details).toMatchObject({ counts: false });
    expect(invitation.answer).toBe('ACCEPTED');
  });

  it('by telephone written down later does not undo a later one by link', () => {
    const invitation = open();
    answer(invitation, meeting, response(), NOW);
    const earlier = new Date('2026-11-30T14:00:00Z');
    const call = response({ kind: 'DECLINED', reason: 'LEAVE', channel: 'PHONE', statedAt: earlier });
    expect(answer(invitation, meeting, call, NOW).details).toMatchObject({ counts: false });
    expect(invitation.answer).toBe('ACCEPTED');
  });

  it('keeps no reason beside a yes and never comes from the future', () => {
    const given = response({ reason: 'CLASH', statedAt: new Date('2027-01-01T00:00:00Z') });
    answer(open(), meeting, given, NOW);
    expect(given).toMatchObject({ reason: null, statedAt: NOW });
  });

  it('that counts is the same in whatever order the answers were written down', () => {
    const entry = fc.record({
      kind: fc.constantFrom(...RESPONSE_KINDS),
      channel: fc.constantFrom(...RESPONSE_CHANNELS),
      minutesAgo: fc.integer({ min: 0, max: 20 }),
    });
    const ledger = fc
      .uniqueArray(entry, { minLength: 1, maxLength: 8, selector: (one) => one.minutesAgo })
      .chain((list) => fc.shuffledSubarray(list, { minLength: list.length, maxLength: list.length }))
      .map((list) =>
        list.map(({ kind, channel, minutesAgo }, index) =>
          response({
            id: `r${String(index)}`,
            kind,
            channel,
            reason: kind === 'DECLINED' ? 'OTHER' : null,
            comment: 'Words',
            statedAt: new Date(NOW.getTime() - minutesAgo * 60_000),
            at: new Date(NOW.getTime() + index),
          }),
        ),
      );
    fc.assert(
      fc.property(ledger, (responses) => {
        const invitation = open();
        for (const one of responses) answer(invitation, meeting, one, new Date(NOW.getTime() + 60_000));
        const latest = currentAnswer(responses, 1);
        expect(invitation.answer).toBe(latest?.kind ?? 'NO_RESPONSE');
        expect(currentAnswer([...responses].reverse(), 1)).toBe(latest);
      }),
    );
  });

  it('to an earlier time is no answer to this one', () => {
    expect(currentAnswer([response()], 2)).toBeNull();
    expect(currentAnswer([response()], 1)?.kind).toBe('ACCEPTED');
  });

  it('from two channels within ten minutes raises a flag when they differ', () => {
    const at = (minutes: number) => new Date(NOW.getTime() + minutes * 60_000);
    const byPhone = (minutes: number) =>
      response({ kind: 'DECLINED', reason: 'CLASH', channel: 'PHONE', statedAt: at(minutes) });
    expect(channelsDisagree([response(), byPhone(10)], 1)).toBe(true);
    expect(channelsDisagree([response(), byPhone(11)], 1)).toBe(false);
    expect(channelsDisagree([response(), response({ channel: 'PHONE' })], 1)).toBe(false);
    expect(channelsDisagree([response(), response({ kind: 'TENTATIVE' })], 1)).toBe(false);
  });
});

describe('refuses', () => {
  interface Case {
    readonly when: string;
    readonly code: string;
    readonly about?: Partial<typeof meeting>;
    readonly status?: InvitationStatus;
    readonly given?: Partial<Response>;
    readonly now?: Date;
  }
  it.each<Case>([
    { when: 'once the meeting has started', now: meeting.startsAt, code: 'MEETING_STARTED' },
    { when: 'once it is going on', about: { status: 'IN_PROGRESS' }, code: 'MEETING_STARTED' },
    { when: 'once it was held', about: { status: 'HELD' }, code: 'MEETING_STARTED' },
    { when: 'when it was cancelled', about: { status: 'CANCELLED' }, code: 'MEETING_CANCELLED' },
    { when: 'before it was sent', about: { status: 'DRAFT' }, code: 'INVITATION_CLOSED' },
    { when: 'before the invitation was sent', status: 'DRAFT', code: 'INVITATION_CLOSED' },
    { when: 'when withdrawn', status: 'WITHDRAWN', code: 'INVITATION_CLOSED' },
    { when: 'when a substitute comes', status: 'SUPERSEDED', code: 'INVITATION_CLOSED' },
    { when: 'when the place is filled', status: 'CLOSED', code: 'INVITATION_CLOSED' },
    { when: 'when the meeting has moved', about: { revision: 2 }, code: 'ANSWER_TO_OLD_TIME' },
    { when: 'of no without a reason', given: { kind: 'DECLINED' }, code: 'REASON_REQUIRED' },
    { when: 'of another time without saying which', given: { kind: 'SUGGESTED_TIME' }, code: 'REQUIRED' },
    { when: 'with hidden characters', given: { comment: 'yes \u202e' }, code: 'UNSAFE_TEXT' },
  ])('an answer $when, and nothing changes', ({ about, status, given, now, code }) => {
    const invitation = Object.assign(open(), { status: status ?? 'OPEN' });
    const before = structuredClone(invitation);
    const attempt = () => answer(invitation, { ...meeting, ...about }, response(given), now ?? NOW);
    expect(refusal(attempt).code).toBe(code);
    expect(structuredClone(invitation)).toEqual(before);
  });

  it('a substitute of another agency, or the same person again', () => {
    const by = { id: 'i2', contactId: 'mark', agencyId: 'northshire-police', postId: null, canDecide: true };
    const no = (change: Partial<typeof by>) => {
      const invitation = open();
      const { code, field } = refusal(() => invitation.substitute({ ...by, ...change }));
      return [code, field, invitation.status];
    };
    expect(no({ agencyId: 'nhs' })).toEqual(['NOT_SAME_AGENCY', 'substitute', 'OPEN']);
    expect(no({ contactId: 'leanne' })).toEqual(['ALREADY_INVITED', 'substitute', 'OPEN']);
  });

  it.each<[InvitationStatus, string[]]>([
    ['DRAFT', ['open']],
    ['OPEN', ['withdraw', 'substitute', 'close']],
    ['WITHDRAWN', []],
    ['SUPERSEDED', []],
    ['CLOSED', []],
  ])('from %s all but %j', (status, allowed) => {
    const by = { id: 'i2', contactId: 'mark', agencyId: 'northshire-police', postId: null, canDecide: true };
    const moves: Record<string, (invitation: Invitation) => unknown> = {
      open: (invitation) => invitation.open(meeting),
      withdraw: (invitation) => invitation.withdraw(null),
      substitute: (invitation) => invitation.substitute(by),
      close: (invitation) => invitation.close(),
    };
    const moved = Object.entries(moves).filter(([, move]) => {
      const invitation = Object.assign(draft(), { status });
      try {
        move(invitation);
      } catch (error) {
        if (!(error instanceof RuleBroken)) throw error;
      }
      return invitation.status !== status;
    });
    expect(moved.map(([name]) => name)).toEqual(allowed);
  });
});
