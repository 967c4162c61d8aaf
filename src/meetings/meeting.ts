/**
 * A meeting and the life it may have. It is drafted, perhaps put to a poll, scheduled, perhaps moved, and in the end
 * held, adjourned because too few agencies came, or cancelled; once held and everything has gone out it is closed. A
 * meeting needs a chair, and the chair does not take the minutes (Right Decisions Scotland: the minute taker is named in
 * advance and is not the chair). Moving it raises the calendar sequence, which diaries need to follow; where the move
 * endangers an answer it raises the revision too, and everybody is asked again.
 */
import { formatSpan } from '../authorities/civil-time.js';
import { requiredReason } from '../authorities/plain-text.js';
import { RuleBroken } from '../errors.js';
import { type Change } from '../history/change.js';
import { IN_WORDS, MEETING_MOVES, type MeetingStatus } from './meeting-status.js';
import { type MeetingMode, requireOrder, type Significance, significance, type Slot } from './slot.js';

export const URGENCIES = ['ROUTINE', 'URGENT', 'EMERGENCY'] as const;
export type Urgency = (typeof URGENCIES)[number];

/** An emergency discussion may be written down this long after it began: this product's number, in milliseconds. */
const EMERGENCY_GRACE_MS = 10 * 60_000;

export class Meeting {
  authorityId: number;
  id: string;
  ref: string;
  matterId: string;
  /** `STRATEGY_MEETING`, `ALLEGATION_MEETING` and so on; its label is the authority's. */
  typeCode: string;
  urgency: Urgency = 'ROUTINE';
  status: MeetingStatus = 'DRAFT';
  startsAt: Date;
  endsAt: Date;
  zone = 'Europe/London';
  wallStart: string;
  wallEnd: string;
  mode: MeetingMode = 'VIDEO';
  place = '';
  joinDetails: string | null = null;
  chairContactId: string | null = null;
  minuteTakerContactId: string | null = null;
  quorumRuleId: string;
  quorumRuleVersion = 1;
  /** Counts what people were asked: rises only when answers no longer hold. */
  revision = 1;
  calendarUid: string;
  /** Counts what diaries must take over (RFC 5545 SEQUENCE). */
  calendarSequence = 0;
  /** The stamp of the latest calendar part; each later one is at least a second later. */
  lastStampedAt: Date | null = null;
  /** Why the slot was taken in spite of its warnings. */
  overrideReason: string | null = null;
  cancelReason: string | null = null;
  organiserStaffId: string;
  /** The series it belongs to, and which of it: its first meeting is number 1. */
  seriesId: string | null = null;
  seriesNumber: number | null = null;
  version = 1;
  createdAt: Date;

  /** A new draft; everything not given has its usual start. */
  static draft(facts: MeetingFacts): Meeting {
    return Object.assign(new Meeting(), facts);
  }

  /** Moves a draft or a poll to another slot: nobody was asked yet, so nothing is reset. Throws END_BEFORE_START. */
  plan(slot: Slot): Change {
    if ((this.status !== 'DRAFT' && this.status !== 'PROPOSED') || this.isHold)
      throw this.refuse('Reschedule it instead');
    requireOrder(slot);
    this.takeSlot(slot);
    return this.tell('meeting.planned', spanOf(slot));
  }

  /**
   * The meeting goes out to its invitees; a held time becomes certain, with a higher sequence and the answers kept. Throws
   * NO_CHAIR, MINUTE_TAKER_IS_CHAIR, START_IN_PAST, END_BEFORE_START.
   */
  schedule(now: Date): Change {
    if (this.status === 'SCHEDULED') throw this.refuse('Reschedule it instead');
    this.requireMove('SCHEDULED', 'Make a new one');
    const wasHold = this.isHold;
    this.requireReady(now);
    this.status = 'SCHEDULED';
    if (wasHold) this.calendarSequence += 1;
    this.stamp(now);
    return this.tell('meeting.scheduled', { ...spanOf(this), ...(wasHold ? { wasHold } : {}) });
  }

  /** Its one time is held in the diaries of its invitees until it is certain. Throws what `schedule` does. */
  propose(now: Date): Change {
    this.requireMove('PROPOSED', 'Make a new one');
    this.requireReady(now);
    this.status = 'PROPOSED';
    this.stamp(now);
    return this.tell('meeting.proposed', spanOf(this));
  }

  /** Stands in diaries as a held time: proposed, and not a poll of several times. */
  get isHold(): boolean {
    return this.status === 'PROPOSED' && this.lastStampedAt !== null;
  }

  /** Stands in people's diaries, held or certain. */
  get isOut(): boolean {
    return this.status === 'SCHEDULED' || this.isHold;
  }

  /** Is one of a series from now on. */
  joinSeries(seriesId: string, number: number): Change {
    this.seriesId = seriesId;
    this.seriesNumber = number;
    return this.tell('meeting.joined-series', { seriesId, seriesNumber: number });
  }

  /** What moving to a slot would mean for those who answered. */
  significanceOf(slot: Slot): Significance {
    return significance(this, slot);
  }

  /**
   * Moves a meeting that went out, held or certain: the calendar sequence rises by one, and the revision too when answers are reset (`resetsAnswers`
   * in the details, beside the times before). Throws NOTHING_CHANGED, START_IN_PAST, END_BEFORE_START.
   */
  reschedule(slot: Slot, now: Date): Change {
    this.requireMove('SCHEDULED', 'Make a new one');
    if (!this.isOut) throw this.refuse('Change the draft instead');
    const meaning = significance(this, slot);
    if (meaning === 'NOTHING') {
      throw new RuleBroken('NOTHING_CHANGED', 'Nothing is different. Change the date, the time or the place', 'date');
    }
    requireOrder(slot);
    this.requireAhead(slot.startsAt, now);
    const before = spanOf(this);
    const resetsAnswers = meaning === 'RESETS_ANSWERS';
    this.takeSlot(slot);
    this.calendarSequence += 1;
    if (resetsAnswers) this.revision += 1;
    this.stamp(now);
    return this.tell('meeting.rescheduled', { ...spanOf(slot), before, resetsAnswers });
  }

  /**
   * Diaries are told again: the next calendar part is later than every one before. For one person who is withdrawn, or
   * asked again after that, the sequence `rises`; nobody else hears of it (RFC 5546, section 3.2.5).
   */
  stampAgain(now: Date, rises: boolean): void {
    if (rises) this.calendarSequence += 1;
    this.stamp(now);
  }

  /** Somebody else chairs it or takes the minutes; null when nothing is different. Throws NO_CHAIR, MINUTE_TAKER_IS_CHAIR. */
  appoint(chair: string | null, minuteTaker: string | null): Change | null {
    if (!['DRAFT', 'PROPOSED', 'SCHEDULED'].includes(this.status)) throw this.refuse('It keeps its chair');
    const before = { chair: this.chairContactId, minuteTaker: this.minuteTakerContactId };
    if (before.chair === chair && before.minuteTaker === minuteTaker) return null;
    this.chairContactId = chair;
    this.minuteTakerContactId = minuteTaker;
    this.requireChair();
    return this.tell('meeting.appointed', { chair, minuteTaker, before });
  }

  /** Ends a meeting that was not held, with a reason (REASON_REQUIRED). `wasSent` tells whether diaries hold it. */
  cancel(reason: string | null, now: Date): Change {
    this.requireMove('CANCELLED', 'It can no longer be cancelled');
    this.cancelReason = requiredReason(reason, 'Say why the meeting is cancelled');
    const wasSent = this.isOut;
    this.status = 'CANCELLED';
    if (wasSent) {
      this.calendarSequence += 1;
      this.stamp(now);
    }
    return this.tell('meeting.cancelled', { reason: this.cancelReason, wasSent });
  }

  /** The discussion begins. A draft may begin at once: an emergency, or a telephone discussion as it happens. */
  start(now: Date): Change {
    this.requireMove('IN_PROGRESS', 'It cannot be started');
    this.requireChair();
    this.status = 'IN_PROGRESS';
    return this.tell('meeting.started', { at: now.toISOString() });
  }

  /** It took place: the register may be entered afterwards. Throws MEETING_NOT_STARTED before the start. */
  hold(now: Date): Change {
    this.requireMove('HELD', 'Who came cannot be recorded');
    this.requireBegun(now);
    this.status = 'HELD';
    return this.tell('meeting.held', { at: now.toISOString() });
  }

  /** Too few agencies came and the chair stopped it. Throws MEETING_NOT_STARTED before the start, REASON_REQUIRED. */
  adjourn(interimSafety: string | null, now: Date): Change {
    this.requireMove('ADJOURNED_INQUORATE', 'It cannot be adjourned');
    this.requireBegun(now);
    const safety = requiredReason(interimSafety, 'Say how the child is kept safe until the meeting is held');
    this.status = 'ADJOURNED_INQUORATE';
    return this.tell('meeting.adjourned', { interimSafety: safety });
  }

  /** Nothing is left to do: `leftToDo` names what is, and refuses. */
  close(leftToDo: readonly string[]): Change {
    this.requireMove('CLOSED', 'Record who came first');
    const [first] = leftToDo;
    if (first !== undefined) throw new RuleBroken('MOVE_NOT_ALLOWED', `The meeting cannot be closed yet: ${first}`);
    this.status = 'CLOSED';
    return this.tell('meeting.closed', {});
  }

  /** Whether an answer or a change of invitees still makes sense. */
  isAhead(now: Date): boolean {
    return (
      (this.status === 'SCHEDULED' || this.status === 'PROPOSED' || this.status === 'DRAFT') && now < this.startsAt
    );
  }

  private takeSlot(slot: Slot): void {
    const { startsAt, endsAt, zone, wallStart, wallEnd, mode, place, joinDetails } = slot;
    Object.assign(this, { startsAt, endsAt, zone, wallStart, wallEnd, mode, place, joinDetails });
  }

  private stamp(now: Date): void {
    const next = this.lastStampedAt === null ? 0 : this.lastStampedAt.getTime() + 1000;
    this.lastStampedAt = new Date(Math.max(now.getTime(), next));
  }

  private requireChair(): void {
    if (this.chairContactId === null) throw new RuleBroken('NO_CHAIR', 'Choose who chairs the meeting', 'chair');
    if (this.chairContactId === this.minuteTakerContactId) {
      throw new RuleBroken(
        'MINUTE_TAKER_IS_CHAIR',
        'Choose a minute taker who is not the chair, or leave it empty',
        'minuteTaker',
      );
    }
  }

  private requireAhead(start: Date, now: Date): void {
    const grace = this.urgency === 'EMERGENCY' ? EMERGENCY_GRACE_MS : 0;
    if (start.getTime() + grace < now.getTime()) {
      throw new RuleBroken('START_IN_PAST', 'This time has passed. Choose a time that is still to come', 'date');
    }
  }

  private requireReady(now: Date): void {
    this.requireChair();
    requireOrder(this);
    this.requireAhead(this.startsAt, now);
  }

  private requireBegun(now: Date): void {
    if (this.status === 'IN_PROGRESS' || now >= this.startsAt) return;
    const when = formatSpan(this.startsAt, this.endsAt, this.zone);
    throw new RuleBroken(
      'MEETING_NOT_STARTED',
      `The meeting has not started: it is on ${when}. Come back after it starts`,
    );
  }

  private requireMove(to: MeetingStatus, instead: string): void {
    if (!MEETING_MOVES[this.status].includes(to)) throw this.refuse(instead);
  }

  private refuse(instead: string): RuleBroken {
    return new RuleBroken('MOVE_NOT_ALLOWED', `The meeting ${IN_WORDS[this.status]}. ${instead}`);
  }

  private tell(action: string, details: Record<string, unknown>): Change {
    const { revision, calendarSequence } = this;
    return {
      action,
      object: `meeting:${this.id}`,
      details: { ...details, revision, calendarSequence },
      matterId: this.matterId,
    };
  }
}

type Given =
  | 'authorityId'
  | 'id'
  | 'ref'
  | 'matterId'
  | 'typeCode'
  | 'quorumRuleId'
  | 'quorumRuleVersion'
  | 'calendarUid'
  | 'organiserStaffId'
  | 'createdAt';
type MayBeGiven =
  'urgency' | 'chairContactId' | 'minuteTakerContactId' | 'overrideReason' | 'seriesId' | 'seriesNumber';

/** What a draft starts from. */
export type MeetingFacts = Pick<Meeting, Given> & Partial<Pick<Meeting, MayBeGiven>> & Slot;

function spanOf(slot: Slot): Record<string, unknown> {
  const { wallStart, wallEnd, zone, mode } = slot;
  return { startsAt: slot.startsAt.toISOString(), endsAt: slot.endsAt.toISOString(), wallStart, wallEnd, zone, mode };
}
