import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type ReplyAttendee, type ReplyEvent } from '../../src/calendar/reply-calendar.js';
import { type Authentication } from '../../src/mail/inbound/opened-mail.js';
import { type Asked, type Carrier, judge, type Verdict } from '../../src/meetings/replies/reply.js';
import { rankOf } from '../../src/meetings/replies/reply-order.js';
import { FOUND } from '../support/replies.js';

const LEANNE = 'leanne.firth@force.example';
const SENT = new Date('2026-11-30T11:25:00Z');
const NOW = new Date('2026-11-30T11:31:00Z');
const STAMP = new Date('2026-11-30T11:30:00Z');

const asked: Asked = {
  uid: 'the-meeting',
  startsAt: new Date('2026-12-02T10:00:00Z'),
  askedSequence: 2,
  sentSequence: 4,
  lastSentAt: SENT,
  known: {
    address: LEANNE,
    aliases: ['l.firth@home.example'],
    agencyDomains: ['force.example', 'force.police.example'],
  },
};

const mail = (change: Partial<Carrier> = {}): Carrier => ({
  from: LEANNE,
  returnPath: LEANNE,
  authentication: FOUND.vouched('force.example'),
  sentAt: new Date('2026-11-30T11:30:30Z'),
  receivedAt: NOW,
  ...change,
});

const attendee = (change: Partial<ReplyAttendee> = {}): ReplyAttendee => ({
  address: LEANNE,
  partstat: 'ACCEPTED',
  sentBy: null,
  delegatedTo: null,
  delegatedFrom: null,
  ...change,
});

const event = (change: Partial<ReplyEvent> = {}): ReplyEvent => ({
  uid: 'the-meeting',
  recurrenceId: null,
  sequence: 3,
  stampedAt: STAMP,
  attendees: [attendee()],
  organizer: null,
  comment: null,
  startsAt: null,
  endsAt: null,
  ...change,
});

/** The verdict in a word: what is applied and how sure, EARLIER, or why it is held. */
function verdict(one: Partial<ReplyEvent>, carried: Partial<Carrier> = {}, to: Partial<Asked> = {}): string {
  return inWords(judge(event(one), { ...asked, ...to }, mail(carried)));
}

function inWords(found: Verdict): string {
  if (found === null) return 'NOTHING';
  if ('held' in found) return found.held;
  const { answer, confidence, via, isEarlier } = found;
  return [isEarlier ? 'EARLIER' : answer, confidence, ...(via === null ? [] : [via])].join(' ');
}

describe('an answer', () => {
  it.each(['ACCEPTED', 'DECLINED', 'TENTATIVE'])('%s of the invitee is taken', (partstat) => {
    expect(verdict({ attendees: [attendee({ partstat })] })).toBe(`${partstat} HIGH`);
  });

  it.each<[string, Partial<ReplyEvent>, Partial<Carrier>, string]>([
    [
      'an address that was added',
      { attendees: [attendee({ address: 'l.firth@home.example' })] },
      {},
      'ACCEPTED MEDIUM l.firth@home.example',
    ],
    [
      'the same mailbox at another domain of the agency',
      { attendees: [attendee({ address: 'leanne.firth@force.police.example' })] },
      {},
      'ACCEPTED MEDIUM leanne.firth@force.police.example',
    ],
    [
      'a tag behind the mailbox',
      { attendees: [attendee({ address: 'leanne.firth+work@force.example' })] },
      {},
      'ACCEPTED MEDIUM leanne.firth+work@force.example',
    ],
    [
      'another account, in a message of their own',
      { attendees: [attendee({ address: 'leanne@phone.example' })] },
      {},
      'ACCEPTED MEDIUM leanne@phone.example',
    ],
    [
      'an assistant of the agency',
      { attendees: [attendee({ sentBy: 'pa@force.example' })] },
      { from: 'pa@force.example' },
      'ACCEPTED MEDIUM pa@force.example',
    ],
    ['themselves as their own assistant', { attendees: [attendee({ sentBy: LEANNE })] }, {}, 'ACCEPTED HIGH'],
  ])('is theirs under %s', (_, one, carried, expected) => {
    expect(verdict(one, carried)).toBe(expected);
  });

  it.each<[string, Partial<Carrier>, string]>([
    ['their domain vouches', {}, 'ACCEPTED HIGH'],
    ['a parent domain vouches', { authentication: FOUND.vouched('example') }, 'ACCEPTED HIGH'],
    ['another domain vouches for itself', { authentication: FOUND.vouched('evil.example') }, 'ACCEPTED MEDIUM'],
    ['nobody says anything', { authentication: FOUND.nothing }, 'ACCEPTED MEDIUM'],
    ['DMARC fails', { authentication: FOUND.forged('force.example') }, 'LOW_CONFIDENCE'],
    [
      'only a signature fails',
      { authentication: { ...FOUND.nothing, dkim: [{ domain: 'force.example', result: 'fail' }] } },
      'LOW_CONFIDENCE',
    ],
    [
      'only SPF fails',
      { authentication: { ...FOUND.nothing, spf: { domain: 'force.example', result: 'softfail' } } },
      'LOW_CONFIDENCE',
    ],
    [
      'Google sends it in its own name',
      { authentication: FOUND.google('force.example'), returnPath: 'x@calendar-server.bounces.google.com' },
      'ACCEPTED HIGH',
    ],
    [
      'Google signs for a customer',
      {
        authentication: customer('force-example.20230601.gappssmtp.com'),
        returnPath: 'x@calendar-server.bounces.google.com',
      },
      'ACCEPTED HIGH',
    ],
    [
      'Google signs for another customer',
      {
        authentication: customer('evil-example.20230601.gappssmtp.com'),
        returnPath: 'x@calendar-server.bounces.google.com',
      },
      'LOW_CONFIDENCE',
    ],
    ['Google signs, and it comes from elsewhere', { authentication: FOUND.google('force.example') }, 'LOW_CONFIDENCE'],
    ['it is from a stranger', { from: 'someone@evil.example' }, 'LOW_CONFIDENCE'],
    ['it is from nobody', { from: null }, 'LOW_CONFIDENCE'],
  ])('is so sure when %s', (_, carried, expected) => {
    expect(verdict({}, carried)).toBe(expected);
  });

  it.each<[string, number | null, string]>([
    ['of the request before the move', 1, 'EARLIER HIGH'],
    ['of the request that asked', 2, 'ACCEPTED HIGH'],
    ['of the version before the room changed', 3, 'ACCEPTED HIGH'],
    ['of the last request', 4, 'ACCEPTED HIGH'],
    ['of one that never went out, though the meeting’s counter stands there', 5, 'LATER_VERSION'],
    ['of none, written after the last request left', null, 'ACCEPTED MEDIUM'],
  ])('knows its time: SEQUENCE %s', (_, sequence, expected) => {
    expect(verdict({ sequence })).toBe(expected);
  });

  it('without SEQUENCE is about the first request, until there was another', () => {
    expect(verdict({ sequence: null }, {}, { askedSequence: 0, sentSequence: 0 })).toBe('ACCEPTED HIGH');
    expect(verdict({ sequence: null }, { sentAt: new Date('2026-11-30T11:20:00Z') })).toBe('EARLIER HIGH');
    expect(verdict({ sequence: null }, {}, { lastSentAt: null })).toBe('EARLIER HIGH');
  });

  it('without SEQUENCE that one was fairly sure of is not sure enough', () => {
    expect(verdict({ sequence: null }, { authentication: FOUND.nothing })).toBe('LOW_CONFIDENCE');
  });

  it('counts by its own time, never by a later one than it came at', () => {
    const at = (stampedAt: Date | null): Date | undefined => {
      const found = judge(event({ stampedAt }), asked, mail());
      return found !== null && 'statedAt' in found ? found.statedAt : undefined;
    };
    expect([at(STAMP), at(new Date('2030-01-01')), at(null)]).toEqual([STAMP, NOW, new Date('2026-11-30T11:30:30Z')]);
  });

  it('about this day of a series is about this meeting', () => {
    expect(verdict({ recurrenceId: asked.startsAt })).toBe('ACCEPTED HIGH');
  });

  it('ranks by SEQUENCE and then by its stamp', () => {
    const at = (sequence: number, minute: number, kind = 'ACCEPTED') => ({
      sequence,
      statedAt: new Date(minute * 60_000),
      kind,
    });
    expect(rankOf(at(3, 5), [])).toBe('NEWEST');
    expect(rankOf(at(3, 5), [at(2, 9), at(3, 4)])).toBe('NEWEST');
    expect(rankOf(at(2, 9), [at(3, 1)])).toBe('OLDER');
    expect(rankOf(at(3, 3), [at(3, 4)])).toBe('OLDER');
    expect(rankOf(at(3, 4), [at(3, 4)])).toBe('REPEATED');
    expect(rankOf(at(3, 4, 'DECLINED'), [at(3, 4)])).toBe('CONFLICT');
  });
});

describe('refuses', () => {
  it.each<[string, Partial<ReplyEvent>, string]>([
    ['another meeting', { uid: 'another' }, 'OTHER_MEETING'],
    ['a UID in capitals', { uid: 'THE-MEETING' }, 'OTHER_MEETING'],
    ['another day of a series', { recurrenceId: new Date('2026-12-09T10:00:00Z') }, 'OTHER_MEETING'],
    ['nobody', { attendees: [] }, 'SEVERAL_ATTENDEES'],
    ['two people', { attendees: [attendee(), attendee({ address: 'mark@force.example' })] }, 'SEVERAL_ATTENDEES'],
    ['DELEGATED', { attendees: [attendee({ partstat: 'DELEGATED', delegatedTo: 'mark@force.example' })] }, 'DELEGATED'],
    ['COMPLETED', { attendees: [attendee({ partstat: 'COMPLETED' })] }, 'CALENDAR_UNREADABLE'],
    ['NEEDS-ACTION', { attendees: [attendee({ partstat: 'NEEDS-ACTION' })] }, 'NOTHING'],
    ['an assistant from elsewhere', { attendees: [attendee({ sentBy: 'pa@evil.example' })] }, 'STRANGER'],
  ])('to take %s for an answer', (_, one, expected) => {
    expect(verdict(one)).toBe(expected);
  });

  it('a colleague to whom it was forwarded: they may be a substitute', () => {
    const mark = { attendees: [attendee({ address: 'mark@force.example' })] };
    expect(verdict(mark, { from: 'mark@force.example' })).toBe('STRANGER');
  });

  it('whoever names the delegate beside themselves is understood all the same', () => {
    const both = [
      attendee({ partstat: 'DELEGATED', delegatedTo: 'mark@force.example' }),
      attendee({ address: 'mark@force.example', partstat: 'NEEDS-ACTION', delegatedFrom: LEANNE }),
    ];
    expect(verdict({ attendees: both })).toBe('DELEGATED');
  });

  it('an answer to an invitation that never went out', () => {
    expect(verdict({ sequence: 0 }, {}, { askedSequence: null, sentSequence: null })).toBe('LATER_VERSION');
  });

  it('10,000 forgeries: nothing is taken without the meeting’s UID and the invitee or a known other name of theirs', () => {
    const addresses = [
      LEANNE,
      'l.firth@home.example',
      'mark@force.example',
      'x@evil.example',
      'leanne.firth@evil.example',
      '',
    ];
    const address = fc.constantFrom(...addresses);
    const results = fc.constantFrom<Authentication>(
      FOUND.vouched('force.example'),
      FOUND.vouched('evil.example'),
      FOUND.forged('force.example'),
      FOUND.google('force.example'),
      FOUND.nothing,
    );
    const forged = fc.record({
      uid: fc.constantFrom('the-meeting', 'another', ''),
      sequence: fc.option(fc.integer({ min: 0, max: 6 })),
      attendees: fc.array(
        fc.record({
          address,
          partstat: fc.constantFrom('ACCEPTED', 'DECLINED', 'DELEGATED', 'X-YES'),
          sentBy: fc.option(address),
          delegatedTo: fc.option(address),
          delegatedFrom: fc.option(address),
        }),
        { maxLength: 3 },
      ),
      from: fc.option(address),
      authentication: results,
    });
    fc.assert(
      fc.property(forged, ({ uid, sequence, attendees, from, authentication }) => {
        const found = judge(event({ uid, sequence, attendees }), asked, mail({ from, authentication }));
        if (found === null || 'held' in found) return;
        const theirs = [LEANNE, 'l.firth@home.example'];
        const [only] = attendees;
        expect([uid, attendees.length]).toEqual(['the-meeting', 1]);
        expect(theirs.includes(only?.address ?? '') || theirs.includes(from ?? '')).toBe(true);
        expect(authentication).not.toEqual(FOUND.forged('force.example'));
        expect(found.sequence).toBeLessThanOrEqual(4);
      }),
      { numRuns: 10_000 },
    );
  });
});

function customer(domain: string): Authentication {
  return { ...FOUND.google('force.example'), dkim: [{ domain, result: 'pass' }] };
}
