import { describe, expect, it } from '@jest/globals';
import { Reorganisation, type ReorganisationFacts } from '../../src/directory/reorganisation/reorganisation.js';
import {
  type KnownParts,
  refuseCycle,
  type ReorganisationPlan,
  stepsOf,
} from '../../src/directory/reorganisation/steps.js';
import { refusal } from '../support/refusal.js';

const team = (id: string, given: Partial<KnownParts['teams'][number]> = {}): KnownParts['teams'][number] => ({
  id,
  name: `Team ${id}`,
  fromOn: '2020-01-01',
  toOn: null,
  successorIds: [],
  ...given,
});

const KNOWN: KnownParts = {
  agencyId: 'police',
  teams: [team('east'), team('west'), team('hub'), team('old', { toOn: '2025-01-01', successorIds: ['hub'] })],
  posts: [
    { id: 'ds', name: 'Sergeant', teamId: 'east' },
    { id: 'dc', name: 'Constable', teamId: 'east' },
    { id: 'di', name: 'Inspector', teamId: 'west' },
    { id: 'chief', name: 'Chief', teamId: null },
  ],
  inboxes: [{ id: 'box', name: 'east@police.example', teamId: 'east' }],
};

function plan(given: Partial<ReorganisationPlan>): ReorganisationPlan {
  return { kind: 'MERGE', teamIds: [], intoTeamId: null, names: [], postId: null, destinations: {}, ...given };
}

describe('a restructure', () => {
  it('renames a team', () => {
    const steps = stepsOf(plan({ kind: 'RENAME', teamIds: ['east'], names: ['Hub East'] }), KNOWN);
    expect(steps).toMatchObject({
      renamed: [{ from: 'Team east', to: 'Hub East' }],
      words: 'Team east is renamed Hub East',
    });
  });

  it('merges teams with everything they have into another, or into a new one', () => {
    const into = stepsOf(plan({ teamIds: ['east', 'west'], intoTeamId: 'hub' }), KNOWN);
    expect(into.posts.map(({ id, to }) => [id, to])).toEqual([
      ['ds', 'hub'],
      ['dc', 'hub'],
      ['di', 'hub'],
    ]);
    expect(into.inboxes).toMatchObject([{ id: 'box', to: 'hub' }]);
    expect(into.ended.map(({ teamId, successors }) => [teamId, successors])).toEqual([
      ['east', ['hub']],
      ['west', ['hub']],
    ]);
    expect(into).toMatchObject({ homeless: [], formerNames: [{ teamId: 'hub', names: ['Team east', 'Team west'] }] });
    const made = stepsOf(plan({ teamIds: ['east', 'west'], names: ['Hub North'] }), KNOWN);
    expect(made).toMatchObject({ begun: ['Hub North'], words: 'Team east and Team west merged into Hub North' });
  });

  it('splits a team and closes one only with a destination for each post and inbox', () => {
    const split = plan({
      kind: 'SPLIT',
      teamIds: ['east'],
      names: ['One', 'Two'],
      destinations: { ds: 'new:0', dc: 'new:7' },
    });
    expect(refusal(() => stepsOf(split, KNOWN))).toMatchObject({ code: 'NOT_SAME_AGENCY' });
    const some = stepsOf({ ...split, destinations: { ds: 'new:0', dc: 'new:1' } }, KNOWN);
    expect(some.homeless).toEqual(['east@police.example']);
    const closed = stepsOf(
      plan({ kind: 'CLOSE', teamIds: ['east'], destinations: { ds: 'hub', dc: 'agency', box: 'hub' } }),
      KNOWN,
    );
    expect(closed.homeless).toEqual([]);
    expect(closed.posts.map(({ id, to }) => [id, to])).toEqual([
      ['ds', 'hub'],
      ['dc', null],
    ]);
    expect(closed.ended).toMatchObject([{ teamId: 'east', successors: ['hub'] }]);
  });

  it('moves one post', () => {
    expect(stepsOf(plan({ kind: 'MOVE_POST', postId: 'ds', intoTeamId: 'hub' }), KNOWN)).toMatchObject({
      posts: [{ id: 'ds', from: 'east', to: 'hub' }],
      words: 'Sergeant moved to Team hub',
    });
  });

  it('can be taken back until its day', () => {
    const decided = Reorganisation.decide(facts('2026-12-07'), { today: '2026-11-30', confirmed: false });
    expect(decided.isDue('2026-12-06')).toBe(false);
    expect(decided.isDue('2026-12-07')).toBe(true);
    const on = (today: string) => ({ now: new Date(`${today}T09:00:00Z`), today, by: 'Owen Tidy' });
    expect(refusal(() => decided.reverse(on('2026-12-07')))).toMatchObject({ code: 'MOVE_NOT_ALLOWED' });
    expect(decided.reverse(on('2026-12-06'))).toMatchObject({ action: 'reorganisation.reversed' });
    expect(decided.status).toBe('DRAFT');
    expect(refusal(() => decided.apply(new Date(), {}))).toMatchObject({ code: 'MOVE_NOT_ALLOWED' });
  });
});

function facts(effectiveOn: string): ReorganisationFacts {
  const at = { authorityId: 1, id: 'r', agencyId: 'police', touched: ['east', 'hub'], words: 'East merged into hub' };
  return {
    ...at,
    kind: 'MERGE',
    plan: plan({}),
    effectiveOn,
    decidedBy: 'Owen Tidy',
    decidedAt: new Date('2026-11-30T09:00:00Z'),
  };
}

describe('refuses', () => {
  it('a cycle of successors, however long', () => {
    const chain = [team('a', { successorIds: ['b'] }), team('b', { successorIds: ['c', 'd'] }), team('c'), team('d')];
    expect(
      refusal(() => {
        refuseCycle(chain, 'd', 'a');
      }),
    ).toMatchObject({ code: 'INVALID' });
    expect(() => {
      refuseCycle(chain, 'x', 'a');
    }).not.toThrow();
    expect(refusal(() => stepsOf(plan({ teamIds: ['hub'], intoTeamId: 'hub' }), KNOWN))).toMatchObject({
      code: 'INVALID',
    });
  });

  it.each([
    ['a team that has ended', plan({ teamIds: ['old'], intoTeamId: 'hub' }), 'MOVE_NOT_ALLOWED'],
    ['one that would take others in and has ended', plan({ teamIds: ['east'], intoTeamId: 'old' }), 'MOVE_NOT_ALLOWED'],
    ['a team of another agency', plan({ teamIds: ['elsewhere'], intoTeamId: 'hub' }), 'NOT_SAME_AGENCY'],
    ['one team that merges with nobody', plan({ teamIds: ['east'], names: ['New'] }), 'REQUIRED'],
    [
      'a name that another team has',
      plan({ kind: 'RENAME', teamIds: ['east'], names: ['TEAM HUB'] }),
      'ALREADY_EXISTS',
    ],
    ['the name it has', plan({ kind: 'RENAME', teamIds: ['east'], names: ['Team east'] }), 'NOTHING_CHANGED'],
    ['a split into one', plan({ kind: 'SPLIT', teamIds: ['east'], names: ['One'] }), 'REQUIRED'],
    [
      'a closed team that would take its own post',
      plan({ kind: 'CLOSE', teamIds: ['east'], destinations: { ds: 'east' } }),
      'INVALID',
    ],
    ['a post that is there already', plan({ kind: 'MOVE_POST', postId: 'ds', intoTeamId: 'east' }), 'NOTHING_CHANGED'],
  ])('%s', (_, given, code) => {
    expect(refusal(() => stepsOf(given, KNOWN))).toMatchObject({ code });
  });

  it('a day in the past unless somebody confirms it', () => {
    const past = (confirmed: boolean): Reorganisation =>
      Reorganisation.decide(facts('2026-11-23'), { today: '2026-11-30', confirmed });
    expect(refusal(() => past(false))).toMatchObject({ code: 'NEEDS_CONFIRMATION', field: 'confirmed' });
    expect(past(true).isDue('2026-11-30')).toBe(true);
  });
});
