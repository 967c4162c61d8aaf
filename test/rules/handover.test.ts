import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { CONTACT_STATUSES } from '../../src/directory/contact.js';
import { Claim } from '../../src/directory/handover/claim.js';
import { Handover } from '../../src/directory/handover/handover.js';
import {
  type Candidate,
  type Limits,
  type Vacancy,
  whoIsAskedInstead,
} from '../../src/directory/handover/who-is-asked.js';
import { reRoutedWords } from '../../src/meetings/re-routing/re-routing.js';
import { refusal } from '../support/refusal.js';

const NOBODY: Limits = { mustNotKnow: new Set(), alreadyAsked: new Set() };

function someone(contactId: string, given: Partial<Candidate> = {}): Candidate {
  const keys = [`${contactId}@police.example`, `post:of-${contactId}`, 'agency:police'];
  return { contactId, name: contactId, status: 'ACTIVE', isBounced: false, cover: null, keys, ...given };
}

function aVacancy(given: Partial<Vacancy> = {}): Vacancy {
  return { contactId: 'firth', cover: null, successors: [], deputies: [], inboxes: [], ...given };
}

const INBOX = {
  inboxId: 'caiu',
  address: 'caiu@police.example',
  restricted: false,
  keys: ['caiu@police.example', 'contact:clerk'],
};

type Asked = ReturnType<typeof whoIsAskedInstead>['asked'];

/** Whether an answer names nobody who must not be told, is gone, away, unreachable, there already or the person themselves. */
function isRight(
  vacancy: Vacancy,
  barred: { keys: readonly string[]; held: readonly string[] },
  asked: Asked,
): boolean {
  const isFree = (keys: readonly string[]): boolean => !keys.some((key) => barred.keys.includes(key));
  if (asked.as === 'COORDINATOR') return true;
  if (asked.as === 'INBOX') {
    const boxes = vacancy.inboxes.filter(({ inboxId }) => inboxId === asked.inboxId);
    return boxes.some((box) => !box.restricted && isFree(box.keys));
  }
  const turns = [vacancy.cover, ...vacancy.successors, ...vacancy.deputies];
  const people = turns.flatMap((person) => [person, person?.cover ?? null]).filter((person) => person !== null);
  const isFit = people
    .filter(({ contactId }) => contactId === asked.contactId)
    .filter(({ status, isBounced }) => !isBounced && ['ACTIVE', 'UNVERIFIED'].includes(status))
    .some(({ contactId, keys }) => isFree([`contact:${contactId}`, ...keys]));
  return isFit && !barred.held.includes(asked.contactId) && asked.contactId !== vacancy.contactId;
}

describe('whoever is asked instead', () => {
  it('is the holder of the post now, else the first deputy, else the inbox of the team, else nobody', () => {
    const all = { successors: [someone('new')], deputies: [someone('first'), someone('second')], inboxes: [INBOX] };
    expect(whoIsAskedInstead(aVacancy(all), NOBODY).asked).toEqual({ as: 'SUCCESSOR', contactId: 'new' });
    const noSuccessor = aVacancy({ ...all, successors: [] });
    expect(whoIsAskedInstead(noSuccessor, NOBODY).asked).toEqual({ as: 'DEPUTY', contactId: 'first' });
    expect(whoIsAskedInstead(aVacancy({ inboxes: [INBOX] }), NOBODY).asked).toMatchObject({
      as: 'INBOX',
      inboxId: 'caiu',
    });
    expect(whoIsAskedInstead(aVacancy(), NOBODY)).toEqual({ asked: { as: 'COORDINATOR' }, skipped: [] });
  });

  it('starts with whoever covers a leave, of the person themselves or of the one who would be next', () => {
    const cover = someone('cover');
    expect(whoIsAskedInstead(aVacancy({ cover, deputies: [someone('first')] }), NOBODY).asked).toEqual({
      as: 'COVER',
      contactId: 'cover',
    });
    const away = someone('first', { status: 'ON_LEAVE', cover });
    expect(whoIsAskedInstead(aVacancy({ deputies: [away, someone('second')] }), NOBODY)).toEqual({
      asked: { as: 'COVER', contactId: 'cover' },
      skipped: [{ as: 'DEPUTY', id: 'first', why: 'ON_LEAVE' }],
    });
  });

  it('says of everybody it passes over why', () => {
    const deputies = [
      someone('gone', { status: 'LEFT' }),
      someone('dead-address', { isBounced: true }),
      someone('firth'),
      someone('there'),
      someone('relative'),
      someone('last', { status: 'UNVERIFIED' }),
    ];
    const limits = { mustNotKnow: new Set(['relative@police.example']), alreadyAsked: new Set(['there']) };
    const { asked, skipped } = whoIsAskedInstead(aVacancy({ deputies }), limits);
    expect(asked).toEqual({ as: 'DEPUTY', contactId: 'last' });
    expect(skipped.map(({ why }) => why)).toEqual(['LEFT', 'BOUNCED', 'THE_SAME_PERSON', 'ALREADY_ASKED', 'EXCLUDED']);
  });

  it('is never an inbox that somebody excluded reads, nor one for named people', () => {
    const read = whoIsAskedInstead(aVacancy({ inboxes: [INBOX] }), {
      ...NOBODY,
      mustNotKnow: new Set(['contact:clerk']),
    });
    expect(read).toMatchObject({ asked: { as: 'COORDINATOR' }, skipped: [{ why: 'EXCLUDED' }] });
    const named = whoIsAskedInstead(aVacancy({ inboxes: [{ ...INBOX, restricted: true }] }), NOBODY);
    expect(named).toMatchObject({ asked: { as: 'COORDINATOR' }, skipped: [{ why: 'RESTRICTED' }] });
  });

  it('is never somebody excluded by any name, gone, away or unreachable, in 10,000 directories', () => {
    const id = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f');
    const plain = fc.record({
      contactId: id,
      status: fc.constantFrom(...CONTACT_STATUSES),
      isBounced: fc.boolean(),
      post: fc.constantFrom('1', '2', '3'),
    });
    const made = ({
      contactId,
      status,
      isBounced,
      post,
    }: {
      contactId: string;
      status: Candidate['status'];
      isBounced: boolean;
      post: string;
    }): Candidate =>
      someone(contactId, { status, isBounced, keys: [`${contactId}@x.example`, `post:${post}`, 'agency:police'] });
    const candidate = fc
      .tuple(plain, fc.option(plain))
      .map(([one, cover]): Candidate => ({ ...made(one), cover: cover === null ? null : made(cover) }));
    const inbox = fc.record({
      inboxId: id,
      address: fc.constant('box@x.example'),
      restricted: fc.boolean(),
      keys: fc.array(fc.constantFrom('box@x.example', 'contact:a', 'contact:b', 'agency:police')),
    });
    const vacancy = fc.record({
      contactId: id,
      cover: fc.option(candidate),
      successors: fc.array(candidate, { maxLength: 3 }),
      deputies: fc.array(candidate, { maxLength: 4 }),
      inboxes: fc.array(inbox, { maxLength: 2 }),
    });
    const barred = fc.uniqueArray(
      fc.constantFrom('contact:a', 'contact:b', 'c@x.example', 'post:1', 'post:2', 'box@x.example', 'agency:police'),
      { maxLength: 4 },
    );
    let answered = 0;
    fc.assert(
      fc.property(vacancy, barred, fc.uniqueArray(id), (one, keys: string[], held: string[]) => {
        const limits = { mustNotKnow: new Set<string>(keys), alreadyAsked: new Set<string>(held) };
        const { asked } = whoIsAskedInstead(one, limits);
        if (asked.as !== 'COORDINATOR') answered += 1;
        expect(isRight(one, { keys, held }, asked)).toBe(true);
      }),
      { numRuns: 10_000 },
    );
    expect(answered).toBeGreaterThan(1_000);
  });
});

describe('a departure', () => {
  const facts = {
    authorityId: 1,
    id: 'h',
    contactId: 'firth',
    statusBefore: 'ACTIVE' as const,
    holdingIds: [],
    addressKey: 'firth@police.example',
    startedAt: new Date('2026-11-30T14:02:00Z'),
    startedBy: 'Owen Tidy',
  };
  const at = { today: '2026-11-30', day: '2026-11-30', now: new Date('2026-11-30T16:00:00Z'), by: 'Owen Tidy' };

  it('lets actions go only when the person has left or says so themselves', () => {
    const told = (signal: Handover['signal']): unknown => Handover.of({ ...facts, signal }).started().details;
    expect(told('BOUNCED')).toMatchObject({ passesOn: true, orphans: false });
    expect(told('MOVED_ON')).toMatchObject({ passesOn: true, orphans: true });
    expect(told('LEFT')).toMatchObject({ passesOn: true, orphans: true });
    expect(told('REPLACED')).toMatchObject({ passesOn: false, orphans: false });
  });

  it('can be taken back on its day, once', () => {
    const handover = Handover.of({ ...facts, signal: 'LEFT' });
    expect(handover.undo(at)).toMatchObject({ action: 'handover.undone', details: { contactId: 'firth' } });
    expect(refusal(() => handover.undo(at))).toMatchObject({ code: 'MOVE_NOT_ALLOWED' });
    const late = Handover.of({ ...facts, signal: 'LEFT' });
    expect(refusal(() => late.undo({ ...at, today: '2026-12-01' }))).toMatchObject({ code: 'MOVE_NOT_ALLOWED' });
  });

  it('reads on the meeting’s page as people say it', () => {
    const place = { category: 'Police', name: 'DS Oyelaran', askedAs: 'DEPUTY' as const };
    expect(reRoutedWords({ ...place, answer: 'NO_RESPONSE' })).toBe(
      'Police re-routed to DS Oyelaran (deputy), awaiting',
    );
    expect(reRoutedWords({ ...place, answer: 'ACCEPTED' })).toBe('Police re-routed to DS Oyelaran (deputy), coming');
  });
});

describe('refuses', () => {
  const claimed = {
    authorityId: 1,
    id: 'c',
    postId: 'p',
    heldBy: 'firth',
    holderAddressKey: 'firth@police.example',
    contactId: null,
    name: 'Mark Oyelaran',
    email: 'mark@police.example',
    addressKey: 'mark@police.example',
    madeAt: new Date('2026-11-30T15:10:00Z'),
  };

  it('a hand-over to oneself, by name or by address, and a claim without a name', () => {
    expect(refusal(() => Claim.of({ ...claimed, contactId: 'firth' }))).toMatchObject({ code: 'INVALID' });
    expect(refusal(() => Claim.of({ ...claimed, addressKey: 'firth@police.example' }))).toMatchObject({
      code: 'INVALID',
    });
    expect(refusal(() => Claim.of({ ...claimed, name: ' ' }))).toMatchObject({ code: 'REQUIRED', field: 'claimName' });
  });

  it('to decide a claim twice, or to refuse one without saying why', () => {
    const claim = Claim.of(claimed);
    const at = { now: claimed.madeAt, by: 'Owen Tidy', agencyId: 'police' };
    expect(refusal(() => claim.refuse(' ', at))).toMatchObject({ code: 'REASON_REQUIRED' });
    expect(claim.confirm(at)).toMatchObject({ action: 'claim.confirmed' });
    expect(refusal(() => claim.confirm(at))).toMatchObject({ code: 'MOVE_NOT_ALLOWED' });
  });
});
