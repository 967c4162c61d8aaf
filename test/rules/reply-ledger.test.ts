import { describe, expect, it } from '@jest/globals';
import { awayUntil } from '../../src/meetings/replies/away.js';
import { authenticationWords, HELD_LABELS } from '../../src/meetings/replies/held-words.js';
import { ledgerOf } from '../../src/meetings/replies/ledger.js';
import { Proposal } from '../../src/meetings/replies/proposal.js';
import { Response } from '../../src/meetings/response.js';
import { INBOUND_HOLD_REASONS } from '../../src/mail/inbound/opened-mail.js';
import { FOUND } from '../support/replies.js';
import { refusal } from '../support/refusal.js';

const NOW = new Date('2026-11-30T11:20:00Z');
const at = (minute: number): Date => new Date(NOW.getTime() + minute * 60_000);

function response(id: string, change: Partial<Response> = {}): Response {
  return Response.given({
    ...{ authorityId: 1, id, invitationId: 'i', meetingId: 'm', revision: 2, kind: 'ACCEPTED', reason: null },
    ...{ comment: null, channel: 'LINK', recordedBy: 'Leanne', at: NOW, statedAt: NOW },
    ...change,
  });
}

describe('the ledger of an invitation', () => {
  it('names the one that counts, and says of each other one why it does not', () => {
    const { entries, disagree } = ledgerOf(
      [
        response('old', { revision: 1 }),
        response('phone', { channel: 'PHONE', kind: 'DECLINED', statedAt: at(1) }),
        response('calendar', { channel: 'CALENDAR_REPLY', statedAt: at(20) }),
        response('time', { kind: 'SUGGESTED_TIME', statedAt: at(30) }),
        response('late', { channel: 'CALENDAR_REPLY', statedAt: at(40), setAside: 'MEETING_OVER' }),
      ],
      2,
    );
    expect(entries.map(({ response: { id }, standing }) => [id, standing])).toEqual([
      ['late', 'MEETING_OVER'],
      ['time', 'SUGGESTION'],
      ['calendar', 'COUNTS'],
      ['phone', 'LATER_ANSWER'],
      ['old', 'EARLIER_TIME'],
    ]);
    expect(disagree).toBe(false);
  });

  it('shows that two ways disagree within ten minutes, and does not count what was set aside', () => {
    const declined = { channel: 'CALENDAR_REPLY' as const, kind: 'DECLINED' as const, statedAt: at(9) };
    expect(ledgerOf([response('a'), response('b', declined)], 2).disagree).toBe(true);
    expect(ledgerOf([response('a'), response('b', { ...declined, setAside: 'OLDER_VERSION' })], 2).disagree).toBe(
      false,
    );
  });

  it('of nobody is empty', () => {
    expect(ledgerOf([], 1)).toEqual({ entries: [], disagree: false });
  });
});

describe('an absence notice', () => {
  it.each([
    ['I am away until Monday 7 December 2026.', '2026-12-07'],
    ['I am out of the office and will return on 7th December.', '2026-12-07'],
    ['On leave till 7/12/2026', '2026-12-07'],
    ['Back in the office on the 7th of Dec', '2026-12-07'],
    ['On leave until 3/12', '2026-12-03'],
    ['I am away until 4 January and will read your message then', '2027-01-04'],
    ['I am away from 23 November to 11 December.', '2026-12-11'],
  ])('names its day: %s', (text, day) => {
    expect(awayUntil(text, NOW)).toBe(day);
  });

  it.each([
    'I am away. Ring the duty desk.',
    'I was away until 7 November 2026',
    'Away until 31 February',
    'Back on 4 December 2029',
    'Return to sender 12 Acacia Avenue',
    '',
  ])('names none: %s', (text) => {
    expect(awayUntil(text, NOW)).toBeNull();
  });
});

describe('a suggested time', () => {
  const proposal = (): Proposal =>
    Proposal.made({
      ...{ authorityId: 1, id: 'p', meetingId: 'm', matterId: 't', invitationId: 'i', channel: 'CALENDAR_REPLY' },
      ...{
        revision: 1,
        madeAt: NOW,
        startsAt: new Date('2026-12-03T10:00:00Z'),
        endsAt: new Date('2026-12-03T11:00:00Z'),
      },
    });

  it('is taken when the meeting moves there, and overtaken when it moves elsewhere or is over', () => {
    const states = [new Date('2026-12-03T10:00:00Z'), new Date('2026-12-04T10:00:00Z'), null].map((to) => {
      const one = proposal();
      one.follow(to, at(1));
      return [one.state, one.settledAt];
    });
    expect(states).toEqual([
      ['ACCEPTED', at(1)],
      ['OVERTAKEN', at(1)],
      ['OVERTAKEN', at(1)],
    ]);
  });

  it('is refused for a reason, once', () => {
    const one = proposal();
    expect(one.refuse('The chair cannot', at(1)).action).toBe('invitation.proposal-refused');
    expect(one).toMatchObject({ state: 'REFUSED', reason: 'The chair cannot' });
    expect(refusal(() => one.refuse('Again', at(2)))).toMatchObject({ code: 'MOVE_NOT_ALLOWED' });
  });
});

describe('refuses', () => {
  it('to keep the meeting without saying why', () => {
    const one = Proposal.made({
      ...{ authorityId: 1, id: 'p', meetingId: 'm', matterId: 't', invitationId: 'i', channel: 'LINK' as const },
      ...{ revision: 1, madeAt: NOW, words: 'Thursday' },
    });
    expect(refusal(() => one.refuse(' ', NOW))).toMatchObject({ code: 'REASON_REQUIRED' });
    expect(one.state).toBe('OPEN');
  });

  it('to hold a reply without a word of why, or to say more of its sender than was found', () => {
    expect(INBOUND_HOLD_REASONS.filter((reason) => HELD_LABELS[reason] === '')).toEqual([]);
    expect(authenticationWords(FOUND.vouched('force.example'))).toEqual([
      'force.example vouches for the sender.',
      'Signed by force.example.',
      'It was sent from a server that may send for that domain.',
    ]);
    expect(authenticationWords(FOUND.forged('force.example'))[0]).toContain('may be forged');
    expect(authenticationWords(null)).toHaveLength(1);
  });
});
