import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Suggestion } from '../../src/authorities/meeting-type.js';
import { type PersonInPost } from '../../src/directory/person-in-post.js';
import { type LetterKind, lettersOf } from '../../src/meetings/invitation-words.js';
import { replyBy, urgencyAt } from '../../src/meetings/reply-by.js';
import { suggest } from '../../src/meetings/suggesting.js';

const ENGLAND = { jurisdiction: 'ENGLAND' as const, closures: [] };
const at = (text: string): Date => new Date(text);

describe('how soon an answer is needed', () => {
  it('is four in the afternoon of the next working day when there is time', () => {
    expect(replyBy(at('2026-11-30T11:20:00Z'), at('2026-12-04T10:00:00Z'), ENGLAND)).toEqual(
      at('2026-12-01T16:00:00Z'),
    );
    expect(replyBy(at('2026-12-24T11:00:00Z'), at('2027-01-08T10:00:00Z'), ENGLAND)).toEqual(
      at('2026-12-29T16:00:00Z'),
    );
    expect(replyBy(at('2027-06-01T08:00:00Z'), at('2027-06-08T09:00:00Z'), ENGLAND)).toEqual(
      at('2027-06-02T15:00:00Z'),
    );
  });

  it('is the same afternoon, or as soon as they can, when it is close', () => {
    expect(replyBy(at('2026-11-30T11:20:00Z'), at('2026-12-01T10:00:00Z'), ENGLAND)).toEqual(
      at('2026-11-30T16:00:00Z'),
    );
    expect(replyBy(at('2026-11-30T11:20:00Z'), at('2026-11-30T15:00:00Z'), ENGLAND)).toBeNull();
  });

  it('is never within the hour and never in the last two hours before the meeting', () => {
    const minutes = fc.integer({ min: 0, max: 60 * 24 * 30 });
    fc.assert(
      fc.property(minutes, minutes, (from, ahead) => {
        const now = new Date(at('2026-11-20T00:00:00Z').getTime() + from * 60_000);
        const start = new Date(now.getTime() + ahead * 60_000);
        const by = replyBy(now, start, ENGLAND);
        if (by === null) return;
        expect(by.getTime() - now.getTime()).toBeGreaterThanOrEqual(3_600_000);
        expect(start.getTime() - by.getTime()).toBeGreaterThanOrEqual(2 * 3_600_000);
      }),
    );
  });

  it('goes with how urgent the meeting is', () => {
    const monday = at('2026-11-30T11:00:00Z');
    expect(urgencyAt(monday, at('2026-11-30T14:59:00Z'), ENGLAND)).toBe('EMERGENCY');
    expect(urgencyAt(monday, at('2026-12-02T10:59:00Z'), ENGLAND)).toBe('URGENT');
    expect(urgencyAt(monday, at('2026-12-02T11:00:00Z'), ENGLAND)).toBe('ROUTINE');
    expect(urgencyAt(at('2026-12-04T16:00:00Z'), at('2026-12-07T10:00:00Z'), ENGLAND)).toBe('URGENT');
    expect(urgencyAt(monday, at('2026-11-30T10:00:00Z'), ENGLAND)).toBe('ROUTINE');
  });
});

describe('the words of a message', () => {
  const KINDS: LetterKind[] = ['INVITATION', 'REMINDED', 'MOVED', 'CHANGED', 'CANCELLED', 'WITHDRAWN', 'READDRESSED'];
  const letter = (kind: LetterKind, change: Partial<Parameters<typeof lettersOf>[0]> = {}) =>
    lettersOf({
      kind,
      recipientName: 'Leanne Firth',
      reference: 'ALL-2026-0147',
      meeting: {
        startsAt: at('2026-12-02T10:00:00Z'),
        endsAt: at('2026-12-02T11:15:00Z'),
        zone: 'Europe/London',
        mode: 'VIDEO',
        place: '',
      },
      authority: { name: 'Northshire Council', phone: '01632 960 100' },
      replyBy: at('2026-11-30T16:00:00Z'),
      now: at('2026-11-30T11:20:00Z'),
      link: ['CANCELLED', 'WITHDRAWN', 'READDRESSED'].includes(kind) ? null : 'https://quorate.example/i/secret',
      ...change,
    });

  it('name the time to answer by in the subject', () => {
    expect(letter('INVITATION').subject).toBe('Multi-agency meeting ALL-2026-0147: please reply by 16:00');
    expect(letter('INVITATION', { replyBy: at('2026-12-01T16:00:00Z') }).subject).toBe(
      'Multi-agency meeting ALL-2026-0147: please reply by 16:00 on Tuesday 1 December',
    );
    expect(letter('MOVED', { replyBy: null }).subject).toMatch(/has changed: please reply as soon as you can$/);
  });

  it('ask only where an answer is wanted, and link only where there is something to see', () => {
    for (const kind of KINDS) {
      const { words, note } = letter(kind);
      const asks = ['INVITATION', 'REMINDED', 'MOVED'].includes(kind);
      expect(words.details?.some(({ label }) => label === 'Please reply by')).toBe(asks);
      expect(words.link !== undefined).toBe(note.includes('https://'));
    }
  });

  it('say nothing of what the meeting is about', () => {
    const never = /allegation|abuse|lado|s47|strategy|safeguarding|child|school|police|suspect/i;
    for (const kind of KINDS) expect(JSON.stringify(letter(kind))).not.toMatch(never);
  });
});

describe('suggested invitees', () => {
  const person = (contactId: string, category: string, discipline: string | null = null): PersonInPost =>
    ({ contactId, name: contactId, category, discipline }) as PersonInPost;
  const wanted: Suggestion[] = [
    { category: 'LADO_SERVICE', role: 'CHAIR', required: true },
    { role: 'EMPLOYER', required: true, note: 'The chair of governors for a head' },
    { category: 'HEALTH', discipline: 'PAEDIATRICIAN', required: true },
    { category: 'HEALTH', required: false },
  ];

  it('are people of the category, with the discipline where one is named, each shown once', () => {
    const people = [person('priya', 'LADO_SERVICE'), person('tom', 'HEALTH'), person('ann', 'HEALTH', 'PAEDIATRICIAN')];
    const groups = suggest(wanted, people);
    expect(groups.map(({ label, people: shown }) => [label, shown.map(({ contactId }) => contactId)])).toEqual([
      ['LADO service (chair)', ['priya']],
      ['Employer', []],
      ['Paediatrician', ['ann']],
      ['Health', ['tom']],
    ]);
    expect(groups.map(({ role }) => role)).toEqual(['CHAIR', 'EMPLOYER', 'ATTENDEE', 'ATTENDEE']);
  });
});
