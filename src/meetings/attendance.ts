/**
 * Who came, as intervals. The register is filled in beforehand from the answers, corrected by whoever was there, and
 * sent once. A later correction stands beside what it supersedes, and both stay: attendance is argued about, and a memory
 * is no record. Somebody who came for a part has a time of arrival or of leaving, and may come twice, but not twice at
 * once. Apologies are told beforehand; "did not attend" is silence; a report sent instead is neither.
 */
import { optionalText } from '../authorities/plain-text.js';
import { type AgencyCategory } from '../directory/agency-category.js';
import { OutOfDate, RuleBroken } from '../errors.js';
import { type Invitation } from './invitation.js';
import { type MeetingMode } from './slot.js';

export const ATTENDANCE_STATUSES = [
  'ATTENDED',
  'ATTENDED_PART',
  'SUBSTITUTE_ATTENDED',
  'NOT_INVITED_BUT_ATTENDED',
  'EXCLUDED_FOR_ITEM',
  'APOLOGIES',
  'APOLOGIES_WITH_REPORT',
  'DNA',
  'COULD_NOT_BE_CONTACTED',
  'NOT_RECORDED',
] as const;
export type AttendanceStatus = (typeof ATTENDANCE_STATUSES)[number];

export const ATTENDANCE_LABELS: Readonly<Record<AttendanceStatus, string>> = {
  ATTENDED: 'Attended',
  ATTENDED_PART: 'Attended in part',
  SUBSTITUTE_ATTENDED: 'Attended for somebody else',
  NOT_INVITED_BUT_ATTENDED: 'Attended without an invitation',
  EXCLUDED_FOR_ITEM: 'Attended, left out of an item',
  APOLOGIES: 'Sent apologies',
  APOLOGIES_WITH_REPORT: 'Sent apologies and a report',
  DNA: 'Did not attend',
  COULD_NOT_BE_CONTACTED: 'Could not be contacted',
  NOT_RECORDED: 'Entered by mistake',
};

/** Was in the meeting for some time at least. */
export const CAME: readonly AttendanceStatus[] = [
  'ATTENDED',
  'ATTENDED_PART',
  'SUBSTITUTE_ATTENDED',
  'NOT_INVITED_BUT_ATTENDED',
  'EXCLUDED_FOR_ITEM',
];

export const ATTENDANCE_MODES = ['IN_PERSON', 'VIDEO', 'PHONE'] as const;
export type AttendanceMode = (typeof ATTENDANCE_MODES)[number];

/** One interval, or one absence, of one person. Never changed once written. */
export class Attendance {
  authorityId: number;
  id: string;
  meetingId: string;
  matterId: string;
  contactId: string;
  agencyId: string;
  category: AgencyCategory;
  discipline: string | null = null;
  status: AttendanceStatus;
  /** How they came; null for those who did not. */
  mode: AttendanceMode | null = null;
  /** Null: from the start. */
  joinedAt: Date | null = null;
  /** Null: to the end. */
  leftAt: Date | null = null;
  canDecide = true;
  substituteForContactId: string | null = null;
  recordedBy: string;
  recordedAt: Date;
  supersedesId: string | null = null;
  note: string | null = null;

  static recorded(facts: AttendanceFacts): Attendance {
    return Object.assign(new Attendance(), facts);
  }

  /**
   * The correction that takes this entry's place. Throws OutOfDate when somebody has corrected this one already.
   */
  correct(line: RegisterLine, by: Correction): Attendance {
    if (by.register.some((other) => other.supersedesId === this.id)) {
      throw new OutOfDate('Somebody else has corrected this entry already');
    }
    const { authorityId, meetingId, matterId, contactId, agencyId, category, discipline } = this;
    const person = { authorityId, meetingId, matterId, contactId, agencyId, category, discipline };
    const written = { id: by.id, recordedBy: by.recordedBy, recordedAt: by.recordedAt, supersedesId: this.id };
    return Attendance.recorded({ ...pickLine(line), ...person, ...written });
  }
}

type Given = 'authorityId' | 'id' | 'meetingId' | 'matterId' | 'agencyId' | 'category' | 'recordedBy' | 'recordedAt';
export type AttendanceFacts = RegisterLine & Pick<Attendance, Given> & Partial<Attendance>;

/** What one line of the register says of one person. */
export type RegisterLine = Pick<
  Attendance,
  'contactId' | 'status' | 'mode' | 'joinedAt' | 'leftAt' | 'canDecide' | 'substituteForContactId' | 'note'
>;

export interface Correction {
  readonly id: string;
  readonly recordedBy: string;
  readonly recordedAt: Date;
  /** Every entry of the meeting so far, superseded ones too. */
  readonly register: readonly Attendance[];
}

/** The entries that stand: those that no later one supersedes. */
export function standingRegister(entries: readonly Attendance[]): Attendance[] {
  const superseded = new Set(entries.map((entry) => entry.supersedesId));
  return entries.filter((entry) => !superseded.has(entry.id));
}

/**
 * The register as the answers foretell it, one line for each open place, substitutes in the place of those who named them.
 * Pass every invitation of the meeting: a substitute's line names the person whose invitation it took.
 */
export function prefill(invitations: readonly Invitation[], mode: MeetingMode): RegisterLine[] {
  const contactOf = new Map(invitations.map((invitation) => [invitation.id, invitation.contactId]));
  return invitations
    .filter((invitation) => invitation.status === 'OPEN' || invitation.status === 'CLOSED')
    .map((invitation) => {
      const status = foretold(invitation);
      return {
        contactId: invitation.contactId,
        status,
        mode: CAME.includes(status) ? usualMode(mode) : null,
        joinedAt: null,
        leftAt: null,
        canDecide: invitation.canDecide,
        substituteForContactId: invitation.substituteFor ? (contactOf.get(invitation.substituteFor) ?? null) : null,
        note: null,
      };
    });
}

const FORETOLD: Readonly<Record<Invitation['answer'], AttendanceStatus>> = {
  ACCEPTED: 'ATTENDED',
  DECLINED: 'APOLOGIES',
  REPORT_ONLY: 'APOLOGIES_WITH_REPORT',
  SUBSTITUTE_NAMED: 'APOLOGIES',
  NOT_ME: 'COULD_NOT_BE_CONTACTED',
  MOVED_ON: 'COULD_NOT_BE_CONTACTED',
  TENTATIVE: 'DNA',
  NO_RESPONSE: 'DNA',
};

/** A substitute was promised by the person they stand for, so silence of their own does not count as absence. */
function foretold(invitation: Invitation): AttendanceStatus {
  const promised = ['ACCEPTED', 'TENTATIVE', 'NO_RESPONSE'].includes(invitation.answer);
  return invitation.substituteFor !== null && promised ? 'SUBSTITUTE_ATTENDED' : FORETOLD[invitation.answer];
}

function usualMode(mode: MeetingMode): AttendanceMode {
  return mode === 'HYBRID' ? 'IN_PERSON' : mode;
}

/** A meeting may begin an hour early and run twelve over: times further out are slips of the pen. This product's numbers. */
const EARLY_MS = 3_600_000;
const LATE_MS = 12 * 3_600_000;

interface Span {
  readonly startsAt: Date;
  readonly endsAt: Date;
}

/** Everything wrong with a register, each with the field `attendance.<line number from 0>.<field>`. */
export function registerProblems(lines: readonly RegisterLine[], meeting: Span): RuleBroken[] {
  return lines.flatMap((line, index) => {
    const field = (name: string) => `attendance.${index}.${name}`;
    const earlier = lines.slice(0, index).filter((other) => other.contactId === line.contactId && says(other));
    const found = [
      absenceProblem(line, field),
      timesProblem(line, field),
      reasonProblem(line, meeting, field),
      twiceProblem(line, earlier, meeting, field),
    ];
    return [...found.filter((problem) => problem !== null), ...noteProblems(line, field)];
  });
}

/** Refuses a register with anything wrong in it: throws the first of `registerProblems`. */
export function checkRegister(lines: readonly RegisterLine[], meeting: Span): void {
  const [first] = registerProblems(lines, meeting);
  if (first) throw first;
}

/** A line entered by mistake says nothing of the person. */
function says(line: RegisterLine): boolean {
  return line.status !== 'NOT_RECORDED';
}

type FieldOf = (name: string) => string;

function absenceProblem(line: RegisterLine, field: FieldOf): RuleBroken | null {
  const came = CAME.includes(line.status);
  if (!came && (line.joinedAt || line.leftAt)) {
    return new RuleBroken('INTERVAL_INVALID', 'Remove the times, or say that they attended', field('status'));
  }
  if (came && line.mode === null) {
    return new RuleBroken('REQUIRED', 'Choose whether they came in person, by video or by telephone', field('mode'));
  }
  return null;
}

function timesProblem(line: RegisterLine, field: FieldOf): RuleBroken | null {
  if (line.status === 'ATTENDED_PART' && !line.joinedAt && !line.leftAt) {
    return new RuleBroken('INTERVAL_INVALID', 'Enter when they joined or when they left', field('joinedAt'));
  }
  if (line.joinedAt && line.leftAt && line.leftAt <= line.joinedAt) {
    return new RuleBroken('INTERVAL_INVALID', 'Enter a time of leaving after the time of joining', field('leftAt'));
  }
  return null;
}

function reasonProblem(line: RegisterLine, meeting: Span, field: FieldOf): RuleBroken | null {
  const from = meeting.startsAt.getTime() - EARLY_MS;
  const to = meeting.endsAt.getTime() + LATE_MS;
  const isOut = (at: Date | null) => at !== null && (at.getTime() < from || at.getTime() > to);
  if (!isOut(line.joinedAt) && !isOut(line.leftAt)) return null;
  const which = isOut(line.joinedAt) ? 'joinedAt' : 'leftAt';
  return new RuleBroken('INTERVAL_INVALID', 'Enter a time at which the meeting was going on', field(which));
}

function twiceProblem(
  line: RegisterLine,
  earlier: readonly RegisterLine[],
  meeting: Span,
  field: FieldOf,
): RuleBroken | null {
  if (!says(line)) return null;
  const absentTwice = earlier.some((other) => !CAME.includes(other.status) || !CAME.includes(line.status));
  if (absentTwice) {
    return new RuleBroken('INTERVALS_OVERLAP', 'Keep one line for somebody who did not attend', field('status'));
  }
  if (earlier.some((other) => overlap(line, other, meeting))) {
    return new RuleBroken(
      'INTERVALS_OVERLAP',
      'These times overlap with another line for the same person',
      field('joinedAt'),
    );
  }
  return null;
}

function overlap(one: RegisterLine, other: RegisterLine, meeting: Span): boolean {
  const from = (line: RegisterLine) => line.joinedAt ?? meeting.startsAt;
  const to = (line: RegisterLine) => line.leftAt ?? meeting.endsAt;
  return from(one) < to(other) && from(other) < to(one);
}

function noteProblems(line: RegisterLine, field: FieldOf): RuleBroken[] {
  try {
    optionalText(line.note, { field: field('note') });
    return [];
  } catch (error) {
    if (error instanceof RuleBroken) return [error];
    throw error;
  }
}

function pickLine(line: RegisterLine): RegisterLine {
  const { contactId, status, mode, joinedAt, leftAt, canDecide, substituteForContactId, note } = line;
  return { contactId, status, mode, joinedAt, leftAt, canDecide, substituteForContactId, note };
}
