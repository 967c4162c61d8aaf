import { describe, expect, it } from '@jest/globals';

import {
  Action,
  ACTION_MOVES,
  ACTION_STATUSES,
  type ActionFacts,
  type ActionMove,
  type ActionStatus,
  isOverdue,
  type Owner,
} from '../../src/actions/action.js';
import { type Change } from '../../src/history/change.js';
import { refusal } from '../support/refusal.js';

const TODAY = '2026-12-02';
const NOW = new Date('2026-12-02T11:30:00Z');
const joan: Owner = {
  contactId: 'joan',
  postId: 'trust-hr',
  agencyId: 'kestrel',
  attended: true,
  addressKey: 'joan@kestrel.example',
};
const alan: Owner = {
  contactId: 'alan',
  postId: null,
  agencyId: 'kestrel',
  attended: false,
  addressKey: 'alan@kestrel.example',
};

const facts: ActionFacts = {
  authorityId: 1,
  id: 'a1',
  ref: 'ALL-2026-0147/1',
  meetingId: 'm1',
  matterId: 'matter1',
  text: ' Get statements ',
  owner: joan,
  dueOn: '2026-12-04',
  createdAt: new Date('2026-12-02T11:20:00Z'),
};

function agreed(): Action {
  return Action.agree(facts, TODAY).action;
}

function standing(status: ActionStatus): Action {
  return Object.assign(agreed(), { status });
}

const DO: Record<ActionMove, (action: Action) => Change> = {
  assign: (action) => action.assign(),
  accept: (action) => action.accept(),
  query: (action) => action.query('The investigating officer is Alan Moss'),
  progress: (action) => action.progress(),
  done: (action) => action.done('Sent to DS Oyelaran', NOW),
  notPossible: (action) => action.notPossible('Witness off sick, police asked us to wait', NOW),
  notDone: (action) => action.notDone('Forgotten', NOW),
  orphan: (action) => action.orphan(),
  reassign: (action) => action.reassign(alan),
  verify: (action) => action.verify(),
  returnToOwner: (action) => action.returnToOwner('Two statements are missing'),
  cancel: (action) => action.cancel('No longer wanted', NOW),
};
const MOVES = Object.keys(ACTION_MOVES) as ActionMove[];

describe('an action', () => {
  it('is agreed with text, one owner with post and agency, and a date', () => {
    const { action, change } = Action.agree(facts, TODAY);
    expect(action).toMatchObject({
      text: 'Get statements',
      ownerContactId: 'joan',
      ownerPostId: 'trust-hr',
      ownerAgencyId: 'kestrel',
      ownerAttended: true,
      dueOn: '2026-12-04',
      priority: 'NORMAL',
      status: 'PROPOSED',
    });
    expect(change).toMatchObject({ action: 'action.agreed', object: 'action:a1', matterId: 'matter1' });
  });

  it('is due today at the earliest', () => {
    expect(Action.agree({ ...facts, dueOn: TODAY }, TODAY).action.dueOn).toBe(TODAY);
  });

  it('is queried, given to the right person, and the history tells both', () => {
    const action = agreed();
    action.assign();
    expect(action.query('The investigating officer is Alan Moss').details).toMatchObject({ status: 'QUERIED' });
    expect(action.reason).toBe('The investigating officer is Alan Moss');
    expect(action.reassign(alan).details).toMatchObject({
      before: { contactId: 'joan' },
      owner: { contactId: 'alan' },
    });
    expect(action).toMatchObject({ ownerContactId: 'alan', ownerPostId: null, status: 'ASSIGNED', reason: null });
  });

  it('may go back to the one who queried it', () => {
    const action = standing('QUERIED');
    expect(action.reassign(joan).action).toBe('action.reassigned');
  });

  it('keeps "not possible" and "not done" apart, each with its reason', () => {
    const hindered = standing('ACCEPTED');
    const failed = standing('ACCEPTED');
    hindered.notPossible('Witness off sick, police asked us to wait', NOW);
    failed.notDone('Forgotten', NOW);
    expect(hindered).toMatchObject({
      status: 'NOT_POSSIBLE_CIRCUMSTANCES_CHANGED',
      reason: expect.stringContaining('sick'),
    });
    expect(failed).toMatchObject({ status: 'NOT_DONE', reason: 'Forgotten' });
  });

  it('is done with or without a note, and may come back', () => {
    const action = standing('IN_PROGRESS');
    action.done('Sent to DS Oyelaran', NOW);
    expect(action.doneNote).toBe('Sent to DS Oyelaran');
    action.returnToOwner('Two statements are missing');
    expect(action).toMatchObject({ status: 'ASSIGNED', reason: 'Two statements are missing', doneNote: null });
    action.done('  ', NOW);
    expect(action).toMatchObject({ status: 'DONE', doneNote: null, reason: null });
    action.verify();
    expect(action.status).toBe('VERIFIED');
  });

  it('changes its date with a reason', () => {
    const action = standing('ACCEPTED');
    expect(action.moveDueDate('2026-12-11', 'The witness is back on Wednesday', TODAY).details).toMatchObject({
      before: '2026-12-04',
      dueOn: '2026-12-11',
    });
    expect(action).toMatchObject({ dueOn: '2026-12-11', status: 'ACCEPTED' });
  });

  it('needs an owner who may know only while somebody has to act, and remembers when it came to its end', () => {
    const action = standing('ACCEPTED');
    expect(action).toMatchObject({ contactKey: 'contact:joan', agencyKey: 'agency:kestrel', verdict: 'may_know' });
    action.done(null, NOW);
    expect(action).toMatchObject({ verdict: null, settledAt: NOW });
    action.returnToOwner('Two statements are missing');
    expect(action).toMatchObject({ verdict: 'may_know', settledAt: null });
    action.orphan();
    expect(action).toMatchObject({ verdict: null, settledAt: null });
    action.reassign(alan);
    expect(action).toMatchObject({
      contactKey: 'contact:alan',
      addressKey: 'alan@kestrel.example',
      verdict: 'may_know',
    });
  });

  it('tells the history who owns it without an address', () => {
    expect(JSON.stringify(standing('ACCEPTED').reassign(alan))).not.toContain('@');
    expect(JSON.stringify(Action.agree(facts, TODAY).change)).not.toContain('@');
  });

  it('is overdue the day after its date while somebody still has to act', () => {
    const open = ['PROPOSED', 'ASSIGNED', 'ACCEPTED', 'QUERIED', 'IN_PROGRESS', 'ORPHANED'];
    expect(ACTION_STATUSES.filter((status) => isOverdue(standing(status), '2026-12-05'))).toEqual(open);
    expect(isOverdue(agreed(), '2026-12-04')).toBe(false);
  });

  it('makes the moves of the guide and no others', () => {
    const allowed = MOVES.flatMap((move) => ACTION_MOVES[move].from.map((from) => `${from} ${ACTION_MOVES[move].to}`));
    const worked = ['DONE', 'NOT_POSSIBLE_CIRCUMSTANCES_CHANGED', 'NOT_DONE', 'ORPHANED', 'CANCELLED', 'ASSIGNED'];
    const to = (from: string, ...statuses: string[]) => statuses.map((status) => `${from} ${status}`);
    const guide = [
      ...to('PROPOSED', 'ASSIGNED', 'CANCELLED', 'ORPHANED'),
      ...to('ASSIGNED', 'ACCEPTED', 'QUERIED', 'IN_PROGRESS', ...worked),
      ...to('ACCEPTED', 'QUERIED', 'IN_PROGRESS', ...worked),
      ...to('IN_PROGRESS', ...worked),
      ...to('QUERIED', 'ASSIGNED', 'CANCELLED', 'ORPHANED'),
      ...to('ORPHANED', 'ASSIGNED', 'CANCELLED'),
      ...to('DONE', 'VERIFIED', 'ASSIGNED'),
    ];
    expect([...new Set(allowed)].sort()).toEqual(guide.sort());
  });
});

describe('refuses', () => {
  const isAllowed = (move: ActionMove, status: ActionStatus) =>
    (ACTION_MOVES[move].from as readonly ActionStatus[]).includes(status);
  const pairs = MOVES.flatMap((move) => ACTION_STATUSES.map((status) => [move, status] as const));

  it.each(pairs.filter(([move, status]) => isAllowed(move, status)))('nothing of %s for one %s', (move, status) => {
    const action = standing(status);
    expect(DO[move](action).object).toBe('action:a1');
    expect(action.status).toBe(ACTION_MOVES[move].to);
  });

  it.each(pairs.filter(([move, status]) => !isAllowed(move, status)))('to %s one that is %s', (move, status) => {
    const action = standing(status);
    const before = structuredClone(action);
    expect(refusal(() => DO[move](action)).code).toBe('MOVE_NOT_ALLOWED');
    expect(structuredClone(action)).toEqual(before);
  });

  it.each<[string, Partial<ActionFacts>, string, string]>([
    ['no text', { text: '  ' }, 'REQUIRED', 'text'],
    ['10,000 characters', { text: 'x'.repeat(10_000) }, 'TOO_LONG', 'text'],
    ['nobody', { owner: null }, 'REQUIRED', 'owner'],
    ['no date', { dueOn: null }, 'REQUIRED', 'dueOn'],
    ['a day that does not exist', { dueOn: '2027-02-30' }, 'INVALID_DATE', 'dueOn'],
    ['a day that has passed', { dueOn: '2026-12-01' }, 'DATE_IN_PAST', 'dueOn'],
  ])('to be agreed with %s', (_what, wrong, code, field) => {
    expect(refusal(() => Action.agree({ ...facts, ...wrong }, TODAY))).toMatchObject({ code, field });
  });

  it.each<[string, ActionStatus, (action: Action) => Change]>([
    ['to query', 'ASSIGNED', (action) => action.query(' ')],
    ['to say not possible', 'ACCEPTED', (action) => action.notPossible(null, NOW)],
    ['to say not done', 'ACCEPTED', (action) => action.notDone('', NOW)],
    ['to return', 'DONE', (action) => action.returnToOwner('')],
    ['to cancel', 'ASSIGNED', (action) => action.cancel(null, NOW)],
    ['to move the date', 'ASSIGNED', (action) => action.moveDueDate('2026-12-11', ' ', TODAY)],
  ])('%s without a reason, and changes nothing', (_what, status, attempt) => {
    const action = standing(status);
    const before = structuredClone(action);
    expect(refusal(() => attempt(action))).toMatchObject({ code: 'REASON_REQUIRED', field: 'reason' });
    expect(structuredClone(action)).toEqual(before);
  });

  it('to give it to the one who has it', () => {
    expect(refusal(() => standing('ACCEPTED').reassign(joan))).toMatchObject({
      code: 'NOTHING_CHANGED',
      field: 'owner',
    });
  });

  it('to move the date to the same or a past day, or of an action that is over', () => {
    const move = (action: Action, dueOn: string) => refusal(() => action.moveDueDate(dueOn, 'Because', TODAY)).code;
    expect(move(agreed(), '2026-12-04')).toBe('NOTHING_CHANGED');
    expect(move(agreed(), '2026-12-01')).toBe('DATE_IN_PAST');
    expect(move(standing('DONE'), '2026-12-11')).toBe('MOVE_NOT_ALLOWED');
  });
});
