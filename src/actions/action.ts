/**
 * What a meeting agreed that somebody does. An action has one owner, a named person (others contribute), a date, and
 * words; "HR to get statements" is nobody's. The owner works it from a link: accepts it or says it is not theirs, starts,
 * finishes, or says why not. "Not possible, circumstances changed" is no failure of the agency and "not done" is, and the
 * two are never mixed (SafeLives, checklist for minutes). Whether it is overdue is looked at, never kept.
 */
import { requireDate } from '../authorities/civil-time.js';
import { optionalText, requiredReason, requiredText } from '../authorities/plain-text.js';
import { RuleBroken } from '../errors.js';
import { type Change } from '../history/change.js';

export const ACTION_STATUSES = [
  'PROPOSED',
  'ASSIGNED',
  'ACCEPTED',
  'QUERIED',
  'IN_PROGRESS',
  'DONE',
  'VERIFIED',
  'NOT_POSSIBLE_CIRCUMSTANCES_CHANGED',
  'NOT_DONE',
  'ORPHANED',
  'CANCELLED',
] as const;
export type ActionStatus = (typeof ACTION_STATUSES)[number];

export const ACTION_LABELS: Readonly<Record<ActionStatus, string>> = {
  PROPOSED: 'Proposed',
  ASSIGNED: 'With the owner',
  ACCEPTED: 'Accepted',
  QUERIED: 'Queried',
  IN_PROGRESS: 'In progress',
  DONE: 'Done',
  VERIFIED: 'Done and checked',
  NOT_POSSIBLE_CIRCUMSTANCES_CHANGED: 'Not possible: circumstances changed',
  NOT_DONE: 'Not done',
  ORPHANED: 'Owner has left',
  CANCELLED: 'Cancelled',
};

/** Still waiting for somebody to do something. */
export const OPEN_ACTION_STATUSES: readonly ActionStatus[] = [
  'PROPOSED',
  'ASSIGNED',
  'ACCEPTED',
  'QUERIED',
  'IN_PROGRESS',
  'ORPHANED',
];

/** What people do with an action: from which states, to which. Anything not listed is refused. */
export const ACTION_MOVES = {
  assign: { from: ['PROPOSED'], to: 'ASSIGNED' },
  accept: { from: ['ASSIGNED'], to: 'ACCEPTED' },
  query: { from: ['ASSIGNED', 'ACCEPTED'], to: 'QUERIED' },
  progress: { from: ['ASSIGNED', 'ACCEPTED'], to: 'IN_PROGRESS' },
  done: { from: ['ASSIGNED', 'ACCEPTED', 'IN_PROGRESS'], to: 'DONE' },
  notPossible: { from: ['ASSIGNED', 'ACCEPTED', 'IN_PROGRESS'], to: 'NOT_POSSIBLE_CIRCUMSTANCES_CHANGED' },
  notDone: { from: ['ASSIGNED', 'ACCEPTED', 'IN_PROGRESS'], to: 'NOT_DONE' },
  orphan: { from: ['PROPOSED', 'ASSIGNED', 'ACCEPTED', 'QUERIED', 'IN_PROGRESS'], to: 'ORPHANED' },
  reassign: { from: ['ASSIGNED', 'ACCEPTED', 'IN_PROGRESS', 'QUERIED', 'ORPHANED'], to: 'ASSIGNED' },
  verify: { from: ['DONE'], to: 'VERIFIED' },
  returnToOwner: { from: ['DONE'], to: 'ASSIGNED' },
  cancel: { from: ['PROPOSED', 'ASSIGNED', 'ACCEPTED', 'IN_PROGRESS', 'QUERIED', 'ORPHANED'], to: 'CANCELLED' },
} as const satisfies Record<string, { from: readonly ActionStatus[]; to: ActionStatus }>;
export type ActionMove = keyof typeof ACTION_MOVES;

/** While an action stands so, its owner must be somebody who may know of the matter. */
const LIVE_ACTION_STATUSES: readonly ActionStatus[] = ['PROPOSED', 'ASSIGNED', 'ACCEPTED', 'QUERIED', 'IN_PROGRESS'];

export const ACTION_PRIORITIES = ['NORMAL', 'HIGH'] as const;
export type ActionPriority = (typeof ACTION_PRIORITIES)[number];

/** The one accountable person, with the post and agency they acted for, kept as they were. */
export interface Owner {
  readonly contactId: string;
  readonly postId: string | null;
  readonly agencyId: string;
  /** Came to the meeting that agreed it; somebody who did not is told and accepts by link. */
  readonly attended: boolean;
  /** The address they are told at, as exclusions know it. */
  readonly addressKey: string;
}

export class Action {
  authorityId: number;
  id: string;
  ref: string;
  meetingId: string;
  matterId: string;
  text: string;
  ownerContactId: string;
  ownerPostId: string | null = null;
  ownerAgencyId: string;
  ownerAttended = false;
  /** The owner as the list of who may know of the matter names them. */
  contactKey: string;
  agencyKey: string;
  addressKey: string;
  /** The owner may know of the matter; null once nobody has to act, so that they can be excluded afterwards. */
  verdict: 'may_know' | null = 'may_know';
  /** `YYYY-MM-DD`: in time until the end of that day in London. */
  dueOn: string;
  priority: ActionPriority = 'NORMAL';
  status: ActionStatus = 'PROPOSED';
  /** Why it stands as it does: queried, not done, returned, cancelled. */
  reason: string | null = null;
  doneNote: string | null = null;
  /** When it came to its end: done, not done, not possible or cancelled. */
  settledAt: Date | null = null;
  createdAt: Date;
  version = 1;

  /**
   * A new action, proposed until it is issued. Throws REQUIRED for missing text, owner or date, INVALID_DATE, DATE_IN_PAST, TOO_LONG,
   * UNSAFE_TEXT. `today` is the date in London.
   */
  static agree(facts: ActionFacts, today: string): { action: Action; change: Change } {
    const action = new Action();
    const { authorityId, id, ref, meetingId, matterId, priority, createdAt } = facts;
    Object.assign(action, { authorityId, id, ref, meetingId, matterId, priority: priority ?? 'NORMAL', createdAt });
    action.text = requiredText(facts.text, { field: 'text', ask: 'Enter what is to be done' });
    if (!facts.owner) throw new RuleBroken('REQUIRED', 'Choose one named person who owns the action', 'owner');
    action.takeOwner(facts.owner);
    action.dueOn = requireDueDate(facts.dueOn, today);
    return { action, change: action.tell('action.agreed', { owner: told(facts.owner), dueOn: action.dueOn }) };
  }

  /** Issued: the owner is told. */
  assign(): Change {
    return this.move('assign', 'action.assigned');
  }

  /** The owner is told once more; refused once nobody has to act. */
  sendAgain(): Change {
    if (this.verdict === null) throw this.refuse();
    return this.tell('action.sent-again', {});
  }

  /** The owner takes it on. */
  accept(): Change {
    return this.move('accept', 'action.accepted');
  }

  /** The owner says it is not theirs, and whose it is (REASON_REQUIRED). */
  query(reason: string | null): Change {
    return this.moveWithReason('query', 'action.queried', [reason, 'Say why it is not yours, and who to ask instead']);
  }

  /** The owner has started. */
  progress(): Change {
    return this.move('progress', 'action.progressed');
  }

  /** The owner has done it; a note may say how. */
  done(note: string | null, now: Date): Change {
    const doneNote = optionalText(note, { field: 'note' });
    const change = this.move('done', 'action.done', { note: doneNote });
    this.doneNote = doneNote;
    this.settledAt = now;
    return change;
  }

  /** It can no longer be done and nobody is at fault (REASON_REQUIRED). */
  notPossible(reason: string | null, now: Date): Change {
    const change = this.moveWithReason('notPossible', 'action.not-possible', [reason, 'Say what changed']);
    this.settledAt = now;
    return change;
  }

  /** It was not done (REASON_REQUIRED). */
  notDone(reason: string | null, now: Date): Change {
    const change = this.moveWithReason('notDone', 'action.not-done', [reason, 'Say why it was not done']);
    this.settledAt = now;
    return change;
  }

  /** The owner has left, or must not be told any more: it waits to be offered to somebody. */
  orphan(): Change {
    return this.move('orphan', 'action.orphaned');
  }

  /** Another owner, who accepts or queries anew; the details keep both. Throws NOTHING_CHANGED for the same one. */
  reassign(owner: Owner): Change {
    if (owner.contactId === this.ownerContactId && this.status !== 'QUERIED' && this.status !== 'ORPHANED') {
      throw new RuleBroken('NOTHING_CHANGED', 'They own it already. Choose somebody else', 'owner');
    }
    const before = { contactId: this.ownerContactId, postId: this.ownerPostId, agencyId: this.ownerAgencyId };
    const change = this.move('reassign', 'action.reassigned', { before, owner: told(owner) });
    this.takeOwner(owner);
    return change;
  }

  /** Done, but not well enough: back to the owner with the reason (REASON_REQUIRED). */
  returnToOwner(reason: string | null): Change {
    const change = this.moveWithReason('returnToOwner', 'action.returned', [reason, 'Say what is still to be done']);
    this.doneNote = null;
    return change;
  }

  /** The coordinator or chair has checked that it is done. */
  verify(): Change {
    return this.move('verify', 'action.verified');
  }

  /** It is no longer wanted (REASON_REQUIRED). */
  cancel(reason: string | null, now: Date): Change {
    const change = this.moveWithReason('cancel', 'action.cancelled', [reason, 'Say why the action is cancelled']);
    this.settledAt = now;
    return change;
  }

  /** Another due date, with a reason (REASON_REQUIRED). `today` is the date in London. */
  moveDueDate(dueOn: string, reason: string | null, today: string): Change {
    if (!OPEN_ACTION_STATUSES.includes(this.status)) throw this.refuse();
    const next = requireDueDate(dueOn, today);
    if (next === this.dueOn) throw new RuleBroken('NOTHING_CHANGED', 'Enter another date', 'dueOn');
    const why = requiredReason(reason, 'Say why the date changes');
    const before = this.dueOn;
    this.dueOn = next;
    return this.tell('action.due-date-moved', { before, dueOn: next, reason: why });
  }

  private takeOwner(owner: Owner): void {
    this.ownerContactId = owner.contactId;
    this.ownerPostId = owner.postId;
    this.ownerAgencyId = owner.agencyId;
    this.ownerAttended = owner.attended;
    this.contactKey = `contact:${owner.contactId}`;
    this.agencyKey = `agency:${owner.agencyId}`;
    this.addressKey = owner.addressKey;
  }

  private moveWithReason(move: ActionMove, action: string, [reason, ask]: readonly [string | null, string]): Change {
    this.requireMove(move);
    const given = requiredReason(reason, ask);
    const change = this.move(move, action, { reason: given });
    this.reason = given;
    return change;
  }

  private move(move: ActionMove, action: string, details: Record<string, unknown> = {}): Change {
    this.requireMove(move);
    this.status = ACTION_MOVES[move].to;
    this.reason = null;
    this.verdict = LIVE_ACTION_STATUSES.includes(this.status) ? 'may_know' : null;
    if (this.verdict !== null) this.settledAt = null;
    return this.tell(action, details);
  }

  private requireMove(move: ActionMove): void {
    const from: readonly ActionStatus[] = ACTION_MOVES[move].from;
    if (!from.includes(this.status)) throw this.refuse();
  }

  private refuse(): RuleBroken {
    const now = ACTION_LABELS[this.status].toLowerCase();
    return new RuleBroken(
      'MOVE_NOT_ALLOWED',
      `This cannot be done now: the action stands at “${now}”. Look at it again`,
    );
  }

  private tell(action: string, details: Record<string, unknown>): Change {
    const { meetingId, ref, status, matterId, ownerAgencyId: agencyId } = this;
    return { action, object: `action:${this.id}`, details: { meetingId, ref, status, ...details }, matterId, agencyId };
  }
}

/** What is written down when an action is agreed; owner and date may be missing on the form, and are then refused. */
export interface ActionFacts {
  readonly authorityId: number;
  readonly id: string;
  readonly ref: string;
  readonly meetingId: string;
  readonly matterId: string;
  readonly text: string | null;
  readonly owner: Owner | null;
  readonly dueOn: string | null;
  readonly priority?: ActionPriority;
  readonly createdAt: Date;
}

/** Whether an action is still open after its due date. `today` is the date in London, `YYYY-MM-DD`. */
export function isOverdue(action: Pick<Action, 'status' | 'dueOn'>, today: string): boolean {
  return OPEN_ACTION_STATUSES.includes(action.status) && action.dueOn < today;
}

/** The owner as the history keeps them: without an address. */
function told({ contactId, postId, agencyId, attended }: Owner): Omit<Owner, 'addressKey'> {
  return { contactId, postId, agencyId, attended };
}

function requireDueDate(dueOn: string | null, today: string): string {
  if (!dueOn) throw new RuleBroken('REQUIRED', 'Enter the date it is due', 'dueOn');
  if (requireDate(dueOn, 'dueOn') < today) {
    throw new RuleBroken('DATE_IN_PAST', 'This date has passed. Enter today or a later date', 'dueOn');
  }
  return dueOn;
}
