import { describe, expect, it } from '@jest/globals';
import { type Acceptance } from '../../faults/acceptance.js';
import { faultsOfAnswer } from '../../faults/answered.js';
import { check, type Evidence, isClean, type Listed, type Step, type Stream, summary } from '../../faults/checker.js';

const UID = 'meeting@reply.quorate.example';
const PAT = 'pat@agency.example';
const SAM = 'sam@agency.example';
const invited: Step = { method: 'REQUEST', sequence: 0 };
const moved: Step = { method: 'REQUEST', sequence: 1 };
const cancelled: Step = { method: 'CANCEL', sequence: 2 };

/** Pat was promised these steps of the meeting. */
function promised(...steps: Step[]): Stream {
  return { uid: UID, address: PAT, steps };
}

const WHERE = { organizer: 'r-token@reply.quorate.example', times: ['DTSTART:20260706T130000Z'] };
let order = 0;
/** The mail server took the message of a step. */
function took({ method, sequence }: Step, more: Partial<Acceptance> = {}): Acceptance {
  const to = more.to?.[0] ?? PAT;
  order += 1;
  return {
    order,
    at: order,
    from: 'b-token@reply.quorate.example',
    to: [to],
    headed: [to],
    messageId: `<${method}-${sequence ?? ''}-${to}>`,
    sha256: `bytes of ${method} ${sequence ?? ''}`,
    calendar: { method, uid: UID, sequence: sequence ?? 0, attendees: [to], ...WHERE },
    confirms: false,
    ...more,
  };
}

/** The mail server took the confirmation of Pat's answer. */
function confirmed(more: Partial<Acceptance> = {}): Acceptance {
  return took(invited, { messageId: '<confirmation>', calendar: null, confirms: true, ...more });
}

function listed(step: Step, state: string, more: Partial<Listed> = {}): Listed {
  const messageId = `<${step.method}-${step.sequence ?? ''}-${PAT}>`;
  return { messageId, address: PAT, state, reason: null, doubted: false, ...more };
}

function judged(evidence: Partial<Evidence>): string {
  const verdict = check({
    streams: [],
    taken: [],
    answered: [],
    listed: [],
    refused: new Set(),
    lookUp: true,
    lostAnswers: 0,
    ...evidence,
  });
  expect(isClean(verdict)).toBe(summary(verdict) === CLEAN);
  return summary(verdict);
}
const CLEAN = 'lost 0 doubled 0 misaddressed 0 out-of-order 0';

describe('what a run is judged by', () => {
  it('is content when everybody heard everything, once and in order', () => {
    const taken = [took(invited), took(moved), took(cancelled)];
    const sent = [invited, moved, cancelled].map((step) => listed(step, 'SENT'));
    expect(judged({ streams: [promised(invited, moved, cancelled)], taken, listed: sent })).toBe(CLEAN);
  });

  it('does not miss what a later change overtook', () => {
    expect(judged({ streams: [promised(invited, moved)], taken: [took(moved)] })).toBe(CLEAN);
  });

  it('does not miss a cancellation of what was never asked', () => {
    expect(judged({ streams: [promised(invited, cancelled)] })).toBe(CLEAN);
  });

  it('does not miss who was refused for good and is listed so', () => {
    const dead = [listed(invited, 'DEAD', { reason: 'REFUSED' })];
    expect(judged({ streams: [promised(invited)], refused: new Set([PAT]), listed: dead })).toBe(CLEAN);
  });

  it('takes any sequence for a withdrawal, whose sequence nobody is told', () => {
    const withdrawn: Step = { method: 'CANCEL', sequence: null };
    const taken = [took(invited), took({ method: 'CANCEL', sequence: 7 })];
    expect(judged({ streams: [promised(invited, withdrawn)], taken })).toBe(CLEAN);
  });

  it('takes over plain SMTP a cancellation of what may have come and did not', () => {
    const dead = [listed(invited, 'DEAD', { reason: 'CANCELLED', doubted: true })];
    const evidence = { streams: [promised(invited, cancelled)], taken: [took(cancelled)], listed: dead };
    expect(judged({ ...evidence, lookUp: false })).toBe(CLEAN);
    expect(judged(evidence)).toBe('lost 0 doubled 0 misaddressed 0 out-of-order 1');
  });

  it('counts repeats over plain SMTP that are the same bytes and were listed as in doubt', () => {
    const taken = [took(invited), took(invited)];
    const evidence = { streams: [promised(invited)], taken, listed: [listed(invited, 'SENT', { doubted: true })] };
    const verdict = check({ ...evidence, answered: [], refused: new Set(), lookUp: false, lostAnswers: 1 });
    expect(verdict.repeats).toBe(1);
    expect(isClean(verdict)).toBe(true);
  });

  it('takes a confirmation for each answer, whenever it comes, from the address it was given at', () => {
    const streams = [promised(invited, moved)];
    const sent = [listed(invited, 'SENT'), listed(moved, 'SENT'), listed(invited, 'SENT', { messageId: '<again>' })];
    const taken = [took(invited), confirmed(), took(moved), confirmed({ messageId: '<again>' })];
    expect(judged({ streams, taken, listed: sent, answered: [PAT, PAT] })).toBe(CLEAN);
  });

  it('does not miss the confirmation for somebody whose mail was refused for good', () => {
    const dead = [listed(invited, 'DEAD', { reason: 'REFUSED' })];
    const refused = new Set([PAT]);
    expect(judged({ streams: [promised(invited)], refused, listed: dead, answered: [PAT] })).toBe(CLEAN);
  });

  it('is content with an answer that was kept, read and entered once, and that counted', () => {
    expect(faultsOfAnswer(ONCE, true)).toEqual([]);
  });
});

const ONCE = { meetingId: 'meeting', kept: 1, read: 1, entries: 1, applied: 1 };

describe('refuses', () => {
  const lost = 'lost 1 doubled 0 misaddressed 0 out-of-order 0';
  const doubled = 'lost 0 doubled 1 misaddressed 0 out-of-order 0';

  it('an invitation that never came', () => {
    expect(judged({ streams: [promised(invited)] })).toBe(lost);
  });

  it('a change, or a cancellation, of which somebody who was asked never heard', () => {
    expect(judged({ streams: [promised(invited, moved)], taken: [took(invited)] })).toBe(lost);
    expect(judged({ streams: [promised(invited, cancelled)], taken: [took(invited)] })).toBe(lost);
  });

  it('a refusal that nobody is shown', () => {
    expect(judged({ streams: [promised(invited)], refused: new Set([PAT]) })).toBe(lost);
  });

  it('a message that is listed as sent and was not taken, or that is still under way', () => {
    expect(judged({ listed: [listed(invited, 'SENT')] })).toBe(lost);
    expect(judged({ listed: [listed(invited, 'IN_DOUBT')] })).toBe(lost);
  });

  it('the same message twice where the mail server could have been asked', () => {
    const taken = [took(invited), took(invited)];
    expect(judged({ streams: [promised(invited)], taken })).toBe(doubled);
  });

  it('the same step twice under another name', () => {
    const taken = [took(invited), took(invited, { messageId: '<another@reply.quorate.example>' })];
    expect(judged({ streams: [promised(invited)], taken })).toBe(doubled);
  });

  it('a repeat over plain SMTP with other bytes, or that was never in doubt, or of which there are too many', () => {
    const streams = [promised(invited)];
    const doubted = [listed(invited, 'SENT', { doubted: true })];
    const plain = { streams, lookUp: false, lostAnswers: 1 };
    const otherBytes = [took(invited), took(invited, { sha256: 'others' })];
    expect(judged({ ...plain, taken: otherBytes, listed: doubted })).toBe(doubled);
    expect(judged({ ...plain, taken: [took(invited), took(invited)], listed: [listed(invited, 'SENT')] })).toBe(
      doubled,
    );
    expect(judged({ ...plain, taken: [took(invited), took(invited), took(invited)], listed: doubted })).toBe(doubled);
  });

  it('a message that went to somebody else, to two, or says something else than its envelope', () => {
    const misaddressed = 'lost 0 doubled 0 misaddressed 1 out-of-order 0';
    const streams = [promised(invited)];
    const right = took(invited);
    expect(judged({ streams, taken: [right, took(invited, { to: [SAM] })] })).toBe(misaddressed);
    expect(judged({ streams, taken: [took(invited, { to: [PAT, SAM] })] })).toBe(misaddressed);
    expect(judged({ streams, taken: [took(invited, { headed: [PAT, SAM] })] })).toBe(misaddressed);
    const calendar = { method: 'REQUEST', uid: UID, sequence: 0, attendees: [SAM], ...WHERE };
    expect(judged({ streams, taken: [took(invited, { calendar })] })).toBe(misaddressed);
  });

  it('a message about a meeting that nobody was promised', () => {
    expect(judged({ taken: [took(invited)] })).toBe('lost 0 doubled 0 misaddressed 1 out-of-order 0');
  });

  it('a message about which nothing can be read', () => {
    const verdict = check({
      streams: [],
      taken: [took(invited, { calendar: null })],
      answered: [],
      listed: [],
      refused: new Set(),
      lookUp: true,
      lostAnswers: 0,
    });
    expect(verdict.misaddressed).toHaveLength(1);
  });

  it('an answer that was never confirmed, or that was confirmed twice under whatever name', () => {
    const streams = [promised(invited)];
    const asked = { streams, answered: [PAT] };
    expect(judged({ ...asked, taken: [took(invited)] })).toBe(lost);
    const again = confirmed({ messageId: '<again>' });
    expect(judged({ ...asked, taken: [took(invited), confirmed(), again] })).toBe(doubled);
    expect(judged({ ...asked, taken: [took(invited), confirmed(), confirmed()] })).toBe(doubled);
  });

  it('a confirmation to somebody who answered nothing, or to two', () => {
    const misaddressed = 'lost 0 doubled 0 misaddressed 1 out-of-order 0';
    expect(judged({ taken: [confirmed()] })).toBe(misaddressed);
    const both = confirmed({ to: [PAT, SAM], headed: [PAT, SAM] });
    expect(judged({ taken: [both], answered: [PAT] })).toBe(misaddressed);
    expect(judged({ taken: [confirmed({ headed: [SAM] })], answered: [PAT] })).toBe(misaddressed);
  });

  it('an answer that was lost, entered twice, set aside, left unread, or that did not count', () => {
    expect(faultsOfAnswer(undefined, true)).toHaveLength(2);
    expect(faultsOfAnswer({ ...ONCE, entries: 2, applied: 2 }, true)).toEqual([
      'the ledger has 2 entries for one answer',
    ]);
    expect(faultsOfAnswer({ ...ONCE, applied: 0 }, true)).toHaveLength(1);
    expect(faultsOfAnswer({ ...ONCE, kept: 2, read: 1 }, true)).toHaveLength(2);
    expect(faultsOfAnswer(ONCE, false)).toEqual(['the answer did not count']);
  });

  it('an older message after a newer one, and a cancellation before what it cancels', () => {
    const disorder = 'lost 0 doubled 0 misaddressed 0 out-of-order 1';
    expect(judged({ streams: [promised(invited, moved)], taken: [took(moved), took(invited)] })).toBe(disorder);
    const streams = [promised(invited, cancelled)];
    expect(judged({ streams, taken: [took(cancelled)] })).toBe(disorder);
    const calendar = { method: 'REQUEST', uid: UID, sequence: 2, attendees: [PAT], ...WHERE };
    const late = [took(cancelled), took(invited, { calendar })];
    const doubted = [listed(invited, 'DEAD', { messageId: '<another>', doubted: true })];
    expect(judged({ streams, taken: late, listed: doubted, lookUp: false })).toBe(disorder);
  });
});
