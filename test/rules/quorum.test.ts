import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { type AgencyCategory } from '../../src/directory/agency-category.js';
import { ATTENDANCE_STATUSES } from '../../src/meetings/attendance.js';
import { type InvitationRole } from '../../src/meetings/invitation.js';
import { DEFAULT_QUORUM_RULES, OPTIONAL_CONDITIONS } from '../../src/meetings/quorum-defaults.js';
import { QuorumRule, ruleInForce } from '../../src/meetings/quorum-rule.js';
import {
  type AskedSeat,
  evaluate,
  forecast,
  type Presence,
  quorateFrom,
  type Seat,
} from '../../src/meetings/quorum.js';
import { type AnswerKind } from '../../src/meetings/response.js';

function ruleOf(id: string, variant: string | null = null, version = 1): QuorumRule {
  const found = DEFAULT_QUORUM_RULES.find((r) => r.id === id && r.variant === variant && r.version === version);
  if (!found) throw new Error(`No rule ${id}`);
  return found;
}

function like(rule: QuorumRule, change: Partial<QuorumRule>): QuorumRule {
  return Object.assign(new QuorumRule(), rule, change);
}

const SHORT: Record<string, AgencyCategory> = {
  csc: 'CHILDRENS_SOCIAL_CARE',
  police: 'POLICE',
  health: 'HEALTH',
  school: 'EDUCATION',
  hr: 'HR',
  lado: 'LADO_SERVICE',
  housing: 'HOUSING',
  other: 'OTHER',
};

/** "health/SCHOOL_NURSE as CHAIR" by name; somebody in direct contact who can decide, unless told. */
function seat(personKey: string, who: string, more: Partial<Seat> = {}): Seat {
  const [from = '', role = 'ATTENDEE'] = who.split(' as ');
  const [short = '', discipline = null] = from.split('/');
  const category = SHORT[short];
  if (!category) throw new Error(`No category ${short}`);
  return {
    personKey,
    agencyKey: `${short} agency`,
    category,
    discipline,
    role: role as InvitationRole,
    canDecide: true,
    isMinuteTaker: false,
    directInvolvement: true,
    ...more,
  };
}

function asked(personKey: string, who: string, answer: AnswerKind, more: Partial<Seat> = {}): AskedSeat {
  return { ...seat(personKey, who, more), answer };
}

const NINE_THIRTY = new Date('2027-01-12T09:30:00Z');
const TEN_THIRTY = new Date('2027-01-12T10:30:00Z');

function here(personKey: string, who: string, more: Partial<Presence> = {}): Presence {
  return { ...seat(personKey, who), status: 'ATTENDED', joinedAt: null, leftAt: null, ...more };
}

function present(...whos: string[]): Presence[] {
  return whos.map((who, index) => here(`person ${String(index)}`, who));
}

describe('the rules of areas: who is present, and is it quorate', () => {
  const strategy = ruleOf('quorum.strategy');
  const macpt = ruleOf('quorum.strategy', null, 2);
  const managerChairs = ruleOf('quorum.strategy', 'CSC_MANAGER_CHAIRS');
  const ird = ruleOf('quorum.ird');
  const swindon = ruleOf('quorum.conference');
  const sussex = ruleOf('quorum.conference', 'SUSSEX');
  const guernsey = ruleOf('quorum.conference', 'THREE_AGENCIES');
  const allegation = ruleOf('quorum.allegation');

  it.each<[string, QuorumRule, string[], string[], string[]]>([
    ['England: the three agencies', strategy, [], ['csc as CHAIR', 'police', 'health'], []],
    ['England: no police', strategy, [], ['csc as CHAIR', 'health', 'school'], ['POLICE']],
    ['England: heads do not count', strategy, [], ['csc', 'csc', 'csc', 'police'], ['HEALTH']],
    ['2026 Act: the school is missing', macpt, [], ['csc', 'police', 'health'], ['EDUCATION']],
    ['2026 Act: complete', macpt, [], ['csc', 'police', 'health', 'school'], []],
    ['Practice standards: social care chairs', managerChairs, [], ['csc as CHAIR', 'police', 'health'], []],
    ['Practice standards: police chair', managerChairs, [], ['csc', 'police as CHAIR', 'health'], ['CSC_CHAIR']],
    ['Scotland: complete', ird, [], ['police', 'csc', 'health'], []],
    ['Scotland: social care alone', ird, [], ['csc'], ['POLICE', 'HEALTH']],
    ['Swindon: school and nurse', swindon, [], ['csc', 'school', 'health/SCHOOL_NURSE'], []],
    ['Swindon: two of health', swindon, [], ['csc', 'health/HEALTH_VISITOR', 'health/SCHOOL_NURSE'], []],
    ['Swindon: two of one discipline', swindon, [], ['csc', 'health/SCHOOL_NURSE', 'health/SCHOOL_NURSE'], ['OTHERS']],
    ['Swindon: social care is never another', swindon, [], ['csc', 'csc', 'school'], ['OTHERS']],
    ['Swindon: no social care', swindon, [], ['police', 'school', 'health'], ['CHILDRENS_SOCIAL_CARE']],
    ['Sussex: complete', sussex, [], ['csc', 'school', 'police'], []],
    ['Sussex: induced illness', sussex, ['FII'], ['csc', 'school', 'police'], ['PAEDIATRICIAN']],
    ['Sussex: with paediatrician', sussex, ['FII'], ['csc', 'school', 'health/PAEDIATRICIAN'], []],
    ['Guernsey: three agencies', guernsey, [], ['school', 'police', 'health'], []],
    ['Guernsey: health counts once', guernsey, [], ['csc', 'health/GP', 'health/SCHOOL_NURSE'], ['OTHERS']],
    ['Allegation: employer', allegation, [], ['lado as CHAIR', 'school as EMPLOYER'], []],
    ['Allegation: HR instead', allegation, [], ['lado as CHAIR', 'hr'], []],
    ['Allegation: possible offence', allegation, ['POSSIBLE_OFFENCE'], ['lado as CHAIR', 'hr'], ['POLICE']],
    ['Allegation: s47', allegation, ['S47'], ['lado as CHAIR', 'hr', 'police'], ['CHILDRENS_SOCIAL_CARE']],
    ['Allegation: nobody of the employer', allegation, [], ['lado as CHAIR', 'police'], ['EMPLOYER']],
    ['Allegation: the school as such', allegation, [], ['lado as CHAIR', 'school'], ['EMPLOYER']],
  ])('%s', (_what, rule, facts, whos, missing) => {
    const verdict = evaluate(rule, facts, present(...whos), NINE_THIRTY);
    expect(verdict.missing).toEqual(missing);
    expect(verdict.result).toBe(missing.length === 0 ? 'MET' : 'NOT_MET');
  });

  it('lets the chair of a Sussex conference go on with one other, never without social care', () => {
    const proceed = (...whos: string[]) => evaluate(sussex, [], present(...whos), NINE_THIRTY).chairMayProceed;
    expect(proceed('csc', 'school')).toContain('with reasons');
    expect(proceed('csc')).toBeNull();
    expect(proceed('school', 'police')).toBeNull();
    expect(proceed('csc', 'school', 'police')).toBeNull();
  });

  it('counts only those who work with the family among the others in Swindon', () => {
    const distant = here('b', 'police', { directInvolvement: false });
    expect(evaluate(swindon, [], [...present('csc', 'school'), distant], NINE_THIRTY).missing).toEqual(['OTHERS']);
  });

  it('asks nothing twice: a condition adds no second place where social care chairs already', () => {
    const withConditions = like(managerChairs, { conditional: [...OPTIONAL_CONDITIONS] });
    const verdict = evaluate(withConditions, ['S47'], present('csc as CHAIR', 'police', 'health'), NINE_THIRTY);
    expect(verdict.result).toBe('MET');
  });

  it('each has a source, a confidence and, but for the 2026 Act, a date', () => {
    expect(DEFAULT_QUORUM_RULES).toHaveLength(8);
    expect(DEFAULT_QUORUM_RULES.filter((rule) => rule.source === '')).toEqual([]);
    expect(DEFAULT_QUORUM_RULES.filter((rule) => rule.effectiveFrom === null)).toEqual([macpt]);
    const strategies = DEFAULT_QUORUM_RULES.filter((rule) => rule.variant === null);
    expect(ruleInForce(strategies, 'quorum.strategy', '2027-01-12')).toBe(strategy);
    const begun = like(macpt, { effectiveFrom: '2027-10-01' });
    expect(ruleInForce([strategy, begun], 'quorum.strategy', '2027-09-30')).toBe(strategy);
    expect(ruleInForce([strategy, begun], 'quorum.strategy', '2027-10-01')).toBe(begun);
    expect(ruleInForce([strategy], 'quorum.ird', '2027-10-01')).toBeNull();
  });
});

describe('the forecast', () => {
  const strategy = ruleOf('quorum.strategy');
  const two = [asked('sadia', 'csc as CHAIR', 'ACCEPTED'), asked('tom', 'health', 'ACCEPTED')];

  it.each<[AnswerKind, boolean, string, string, string]>([
    ['ACCEPTED', true, 'MET', 'CONFIRMED', 'coming'],
    ['ACCEPTED', false, 'AT_RISK', 'AWAITED', 'coming, but cannot decide for the agency'],
    ['TENTATIVE', true, 'AT_RISK', 'AWAITED', 'not sure yet'],
    ['NO_RESPONSE', true, 'AT_RISK', 'AWAITED', 'no answer yet'],
    ['DECLINED', true, 'NOT_MET', 'MISSING', 'not coming'],
    ['REPORT_ONLY', true, 'NOT_MET', 'MISSING', 'sending a report'],
    ['SUBSTITUTE_NAMED', true, 'NOT_MET', 'MISSING', 'not coming'],
    ['MOVED_ON', true, 'NOT_MET', 'MISSING', 'has moved on'],
    ['NOT_ME', true, 'NOT_MET', 'MISSING', 'not the right person'],
  ])('with the police %s (may decide: %s) is %s', (answer, canDecide, result, state, reason) => {
    const seen = forecast(strategy, [], [...two, asked('leanne', 'police', answer, { canDecide })]);
    expect(seen.result).toBe(result);
    const by = state === 'MISSING' ? [] : ['leanne'];
    expect(seen.requirements[1]).toEqual({ key: 'POLICE', label: 'Police', state, by, reason });
  });

  it('is NOT_MET when nobody was asked, and waits for the next once somebody is', () => {
    expect(forecast(strategy, [], two)).toMatchObject({ result: 'NOT_MET', missing: ['POLICE'] });
    const declined = asked('leanne', 'police', 'DECLINED');
    const deputy = asked('mark', 'police', 'NO_RESPONSE');
    expect(forecast(strategy, [], [...two, declined, deputy])).toMatchObject({ result: 'AT_RISK', missing: [] });
  });

  it('counts a report where the rule does', () => {
    const reports = like(strategy, { reportCounts: true });
    expect(forecast(reports, [], [...two, asked('leanne', 'police', 'REPORT_ONLY')]).result).toBe('MET');
  });

  it('does not count the minute taker, in whatever other role', () => {
    const taker = asked('leanne', 'police', 'ACCEPTED', { isMinuteTaker: true });
    expect(forecast(strategy, [], [...two, taker]).missing).toEqual(['POLICE']);
    const second = asked('leanne', 'police as INVESTIGATOR', 'ACCEPTED');
    expect(forecast(strategy, [], [...two, taker, second]).missing).toEqual(['POLICE']);
  });

  it('counts one person in two roles once, and says so', () => {
    const rule = ruleOf('quorum.allegation');
    const both = [asked('priya', 'lado as CHAIR', 'ACCEPTED'), asked('priya', 'lado as EMPLOYER', 'ACCEPTED')];
    const alone = forecast(rule, [], both);
    expect(alone.missing).toEqual(['EMPLOYER']);
    expect(alone.requirements[1]?.reason).toContain('already counts for another place');
    expect(forecast(rule, [], [...both, asked('joan', 'hr', 'ACCEPTED')]).result).toBe('MET');
  });

  it('does not wait for somebody to fill a second place who has one already', () => {
    const both = [asked('ann', 'lado as CHAIR', 'NO_RESPONSE'), asked('ann', 'hr', 'ACCEPTED')];
    expect(forecast(ruleOf('quorum.allegation'), [], both)).toMatchObject({
      result: 'NOT_MET',
      missing: ['LADO_CHAIR'],
    });
  });

  it('seats people so that as many places as possible are filled', () => {
    const rule = ruleOf('quorum.allegation');
    const flexible = asked('ann', 'hr', 'ACCEPTED');
    const police = asked('ann', 'police', 'ACCEPTED');
    const fiona = asked('fiona', 'school as EMPLOYER', 'ACCEPTED');
    const lado = asked('priya', 'lado as CHAIR', 'ACCEPTED');
    expect(forecast(rule, ['POSSIBLE_OFFENCE'], [flexible, police, fiona, lado]).result).toBe('MET');
    expect(forecast(rule, ['POSSIBLE_OFFENCE'], [flexible, police, lado]).result).toBe('NOT_MET');
  });
});

describe('who is present', () => {
  const strategy = ruleOf('quorum.strategy');
  const meeting = { startsAt: NINE_THIRTY, endsAt: TEN_THIRTY };
  const joined = new Date('2027-01-12T09:52:00Z');
  const oyelaran = here('mark', 'police', { status: 'ATTENDED_PART', joinedAt: joined, leftAt: TEN_THIRTY });
  const room = [here('sadia', 'csc as CHAIR'), here('tom', 'health'), oyelaran];

  it('is asked of one moment: quorate from when the police joined until they left', () => {
    const at = (time: string) => evaluate(strategy, [], room, new Date(`2027-01-12T${time}:00Z`)).result;
    expect([at('09:30'), at('09:45'), at('09:52'), at('10:30')]).toEqual(['NOT_MET', 'NOT_MET', 'MET', 'MET']);
    expect(quorateFrom(strategy, [], room, meeting)).toEqual(joined);
    expect(quorateFrom(strategy, [], room.slice(0, 2), meeting)).toBeNull();
  });

  it('needs authority to decide in the room too', () => {
    const junior = here('mark', 'police', { canDecide: false });
    const verdict = evaluate(strategy, [], [...room.slice(0, 2), junior], NINE_THIRTY);
    expect(verdict.requirements[1]).toMatchObject({
      state: 'MISSING',
      reason: 'present, but cannot decide for the agency',
    });
  });

  it.each(ATTENDANCE_STATUSES.map((status) => [status]))('%s counts as it should', (status) => {
    const police = here('mark', 'police', { status });
    const counts = ['ATTENDED', 'ATTENDED_PART', 'SUBSTITUTE_ATTENDED', 'NOT_INVITED_BUT_ATTENDED'].includes(status);
    const result = (rule: QuorumRule) => evaluate(rule, [], [...room.slice(0, 2), police], NINE_THIRTY).result;
    expect(result(strategy)).toBe(counts ? 'MET' : 'NOT_MET');
    const withReports = like(strategy, { reportCounts: true });
    expect(result(withReports)).toBe(counts || status === 'APOLOGIES_WITH_REPORT' ? 'MET' : 'NOT_MET');
  });
});

describe('whatever the rule and whoever is asked', () => {
  const ANSWERS: AnswerKind[] = ['NO_RESPONSE', 'ACCEPTED', 'TENTATIVE', 'DECLINED', 'REPORT_ONLY', 'MOVED_ON'];
  const RANK = { NOT_MET: 0, AT_RISK: 1, MET: 2 };
  const places = ['csc as CHAIR', 'csc', 'police', 'health', 'health/SCHOOL_NURSE', 'health/PAEDIATRICIAN', 'school'];
  const who = fc.constantFrom(...places, 'school as EMPLOYER', 'hr', 'lado as CHAIR', 'lado', 'housing', 'other');
  const person = fc.integer({ min: 0, max: 7 });
  const askedSeat = fc
    .tuple(person, who, fc.constantFrom(...ANSWERS), fc.boolean(), fc.boolean())
    .map(([number, place, answer, canDecide, directInvolvement]) =>
      // One of the eight people takes the minutes, in every role they have.
      asked(`p${String(number)}`, place, answer, { canDecide, directInvolvement, isMinuteTaker: number === 0 }),
    );
  const seats = fc.array(askedSeat, { maxLength: 10 });
  const rule = fc.constantFrom(...DEFAULT_QUORUM_RULES);
  const facts = fc.subarray(['POSSIBLE_OFFENCE', 'S47', 'FII', 'SCHOOL_AGE']);

  it('one more acceptance never worsens the forecast', () => {
    fc.assert(
      fc.property(rule, facts, seats, askedSeat, (r, f, list, extra) => {
        const before = forecast(r, f, list).result;
        const after = forecast(r, f, [...list, { ...extra, answer: 'ACCEPTED' }]).result;
        expect(RANK[after]).toBeGreaterThanOrEqual(RANK[before]);
      }),
    );
  });

  it('somebody changing to yes never worsens it, and to no never betters it', () => {
    fc.assert(
      fc.property(rule, facts, seats, fc.nat(), (r, f, list, n) => {
        const turned = (answer: AnswerKind) =>
          forecast(
            r,
            f,
            list.map((one, index) => (index === n % list.length ? { ...one, answer } : one)),
          ).result;
        const now = RANK[forecast(r, f, list).result];
        expect(RANK[turned('ACCEPTED')]).toBeGreaterThanOrEqual(now);
        expect(RANK[turned('DECLINED')]).toBeLessThanOrEqual(now);
      }),
    );
  });

  it('the order in which people are listed does not matter', () => {
    const shuffled = seats.chain((list) =>
      fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length, maxLength: list.length })),
    );
    fc.assert(
      fc.property(rule, facts, shuffled, (r, f, [list, other]) => {
        expect(forecast(r, f, other)).toEqual(forecast(r, f, list));
      }),
    );
  });

  it('when everybody who accepted comes, and nobody else, the room is as the forecast said', () => {
    fc.assert(
      fc.property(rule, facts, seats, (r, f, list) => {
        const came = list
          .filter((one) => one.answer === 'ACCEPTED')
          .map((one): Presence => ({ ...one, status: 'ATTENDED', joinedAt: null, leftAt: null }));
        const met = forecast(r, f, list).result === 'MET';
        expect(evaluate(r, f, came, NINE_THIRTY).result === 'MET').toBe(met);
      }),
    );
  });
});
