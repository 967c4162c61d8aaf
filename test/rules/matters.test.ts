import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Actor, type Desk, type StaffRole } from '../../src/access/actor.js';
import { Staff } from '../../src/access/staff.js';
import { defaultMeetingTypes } from '../../src/authorities/defaults.js';
import { MEETING_TYPE_CODES } from '../../src/authorities/meeting-type.js';
import { meetingReferenceOf, referenceOf, referenceSeries } from '../../src/authorities/references.js';
import { Exclusion, EXCLUSION_REASONS } from '../../src/matters/exclusion.js';
import { MATTER_KINDS } from '../../src/matters/matter.js';
import { firstReaders, mayBeNamed, mayOpen } from '../../src/matters/readers.js';
import { refusal } from '../support/refusal.js';

const now = new Date('2026-11-30T11:20:00Z');

const anExclusion = (reason = 'IS_SUBJECT', alternative: string | null = null): Exclusion =>
  Exclusion.of(
    { excluded: { contactId: 'c1' }, reason, alternative, keys: ['contact:c1', 'a@x.example'] },
    { authorityId: 1, id: 'e1', matterId: 'm1', by: 's1', now },
  );

const aStaff = (desk: Desk | null, ...roles: StaffRole[]): Staff =>
  Object.assign(new Staff(), { id: `${desk ?? 'none'} ${roles.join(' ')}`, desk, roles });

describe('a reference', () => {
  it('is of its kind, the year in London, and a number of four digits', () => {
    expect(referenceOf(referenceSeries('ALLEGATION', 'ALL', now), 147)).toBe('ALL-2026-0147');
    expect(referenceOf(referenceSeries('COMPLEX', 'ALL', new Date('2026-12-31T23:59:00Z')), 1)).toBe('CX-2026-0001');
    expect(referenceOf(referenceSeries('ACTION', 'ALL', new Date('2027-07-31T23:30:00Z')), 12_345)).toBe(
      'ACT-2027-12345',
    );
    expect(meetingReferenceOf('CP-2026-0003', 2)).toBe('CP-2026-0003-M2');
  });
});

describe('meeting types', () => {
  it('has every code once, each with somebody required', () => {
    const types = defaultMeetingTypes(1);
    expect(types.map(({ code }) => code).sort()).toEqual([...MEETING_TYPE_CODES].sort());
    for (const type of types) expect(type.suggestedFor([]).some(({ required }) => required)).toBe(true);
  });

  it('suggests a paediatrician only when the facts ask for one, required ones first', () => {
    const meeting = defaultMeetingTypes(1).find(({ code }) => code === 'STRATEGY_MEETING');
    const doctors = (facts: string[]): number =>
      meeting?.suggestedFor(facts).filter(({ discipline }) => discipline === 'PAEDIATRICIAN').length ?? -1;
    expect([doctors([]), doctors(['FII'])]).toEqual([0, 1]);
    const required = meeting?.suggestedFor(['FII']).map((one) => one.required) ?? [];
    expect(required.lastIndexOf(true)).toBeLessThan(required.indexOf(false));
  });
});

describe('who reads a matter', () => {
  const roles: StaffRole[] = ['COORDINATOR', 'LADO', 'CHAIR', 'MINUTE_TAKER', 'AUTHORITY_ADMIN', 'SCRUTINY'];
  const anybody = fc
    .record({ desk: fc.constantFrom<Desk | null>('LADO', 'CHILD_PROTECTION', null), roles: fc.subarray(roles) })
    .map(({ desk, roles: some }) => aStaff(desk, ...some));

  it('of an allegation never includes anybody from another side whom nobody named', () => {
    fc.assert(
      fc.property(fc.uniqueArray(anybody, { selector: ({ id }) => id }), (staff) => {
        const matter = { kind: 'ALLEGATION', sensitivity: 'STANDARD', coordinatorId: 'c' } as const;
        const readers = firstReaders(matter, 'me', staff, []);
        const strangers = staff.filter(({ desk }) => desk !== 'LADO').map(({ id }) => id);
        expect(readers).toEqual(expect.arrayContaining(['me', 'c']));
        expect(readers.filter((id) => strangers.includes(id))).toEqual([]);
      }),
    );
  });

  it('that is highly restricted is only the creator, who runs it, and those named', () => {
    const matter = { kind: 'COMPLEX', sensitivity: 'HIGHLY_RESTRICTED', coordinatorId: 'c' } as const;
    const desk = [aStaff('CHILD_PROTECTION', 'COORDINATOR')];
    expect(firstReaders(matter, 'me', desk, ['n', 'c'])).toEqual(['me', 'c', 'n']);
  });

  it('leaves out those who only administer or scrutinise', () => {
    for (const role of ['AUTHORITY_ADMIN', 'SCRUTINY'] as const) {
      expect(MATTER_KINDS.filter((kind) => mayBeNamed(aStaff('LADO', role), kind))).toEqual([]);
    }
  });

  it('lets only the designated officer’s side open an allegation', () => {
    const actor = (desk: Desk, ...some: StaffRole[]): Actor => aStaff(desk, ...some).asActor();
    expect(mayOpen(actor('CHILD_PROTECTION', 'COORDINATOR'), 'ALLEGATION')).toBe(false);
    expect(mayOpen(actor('CHILD_PROTECTION', 'LADO'), 'ALLEGATION')).toBe(true);
    expect(mayOpen(actor('LADO', 'COORDINATOR'), 'CHILD_PROTECTION')).toBe(true);
  });
});

describe('an exclusion', () => {
  it('has a sentence and somebody else to ask for every reason', () => {
    for (const reason of EXCLUSION_REASONS) {
      expect(anExclusion(reason).refusal('Graham Tull').message).toMatch(
        /^Graham Tull must not be told of this matter, because .+\. Ask instead: .+\.$/,
      );
    }
    expect(anExclusion('RELATIVE', 'the deputy').refusal('X').message).toContain('Ask instead: the deputy.');
  });

  it('comes to stand for more once, and remembers it', () => {
    const exclusion = anExclusion();
    expect(exclusion.extend(['b@x.example', 'a@x.example'], 'another address')?.details.keys).toEqual(['b@x.example']);
    expect(exclusion.extend(['b@x.example'], 'another address')).toBeNull();
    expect(exclusion.keys).toEqual(['a@x.example', 'b@x.example', 'contact:c1']);
  });

  it('never tells an agency of itself', () => {
    const exclusion = anExclusion();
    for (const change of [exclusion.adding(), exclusion.added(), exclusion.lift('Wrong person', now)]) {
      expect(change).toMatchObject({ matterId: 'm1' });
      expect(change.agencyId).toBeUndefined();
    }
  });
});

describe('refuses', () => {
  it('an exclusion for no known reason, and one lifted twice or without a reason', () => {
    expect(refusal(() => anExclusion('DISLIKED'))).toMatchObject({ code: 'INVALID', field: 'reason' });
    const exclusion = anExclusion();
    expect(refusal(() => exclusion.lift(' ', now))).toMatchObject({ code: 'REASON_REQUIRED' });
    exclusion.lift('Wrong person', now);
    expect(refusal(() => exclusion.lift('Again', now))).toMatchObject({ code: 'MOVE_NOT_ALLOWED' });
  });
});
