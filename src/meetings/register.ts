/**
 * Writing the register down. It is sent whole: every line that stands, changed or not, and lines for people who came
 * without an invitation. A line that says the same as before is not written again; one that says something else becomes
 * a correction beside the entry it supersedes; a line without an entry is new. Nothing is ever taken out of a register
 * of attendance: somebody entered by mistake is marked so (the record is evidence, and partnerships report from it).
 */
import { optionalText } from '../authorities/plain-text.js';
import { type AgencyCategory } from '../directory/agency-category.js';
import { OutOfDate, RuleBroken } from '../errors.js';
import { Attendance, CAME, checkRegister, type RegisterLine, standingRegister } from './attendance.js';
import { type Invitation } from './invitation.js';
import { type Meeting } from './meeting.js';
import { evaluate, type Presence, quorateFrom, type QuorumResult } from './quorum.js';
import { type QuorumRule } from './quorum-rule.js';
import { presentSeat } from './seats.js';

/** A line as somebody sends it: `entryId` names the entry it stands for, null for a line not yet in the register. */
export interface SentLine extends RegisterLine {
  readonly entryId: string | null;
}

/** For which agency somebody came, and as what kind. */
export interface ComesFrom {
  readonly agencyId: string;
  readonly category: AgencyCategory;
  readonly discipline: string | null;
}

export interface Writing {
  readonly meeting: Pick<Meeting, 'authorityId' | 'id' | 'matterId' | 'startsAt' | 'endsAt'>;
  /** Every entry of the meeting so far, superseded ones too. */
  readonly register: readonly Attendance[];
  /** Where people come from who have no entry yet, by contact. */
  readonly comesFrom: ReadonlyMap<string, ComesFrom>;
  readonly recordedBy: string;
  readonly recordedAt: Date;
  /** A new id for each sent line. */
  readonly ids: readonly string[];
}

/**
 * The entries to add. Throws NOTHING_CHANGED when every line says what stands already, INVALID for somebody who is not
 * in the directory, OutOfDate for a line that somebody has corrected, and whatever `checkRegister` finds wrong.
 */
export function writeRegister(sent: readonly SentLine[], writing: Writing): Attendance[] {
  const standing = new Map(standingRegister(writing.register).map((entry) => [entry.id, entry]));
  const known = sent.map((line) => knownLine(line, standing));
  const sentEntries = new Set(known.map((line) => line.entryId));
  const unsent = [...standing.values()].filter((entry) => !sentEntries.has(entry.id));
  checkRegister([...known, ...unsent], writing.meeting);
  const lines = known.map((line) => ({ ...line, note: optionalText(line.note, { field: 'note' }) }));
  const entries = lines.flatMap((line, index) => entryFor(line, index, { standing, writing }));
  if (entries.length === 0) {
    throw new RuleBroken('NOTHING_CHANGED', 'The register says this already. Change a line, or leave the page');
  }
  return entries;
}

/** What one line says of one person, for comparing and for showing. */
export function lineOf(line: RegisterLine): RegisterLine {
  const { contactId, status, mode, joinedAt, leftAt, canDecide, substituteForContactId, note } = line;
  return { contactId, status, mode, joinedAt, leftAt, canDecide, substituteForContactId, note };
}

export interface AttendedQuorum {
  readonly start: QuorumResult;
  readonly end: QuorumResult;
  /** The first moment at which it was met; null if it never was. */
  readonly metFrom: Date | null;
}

type HeldMeeting = Pick<Meeting, 'revision' | 'minuteTakerContactId' | 'startsAt' | 'endsAt'>;

/** Whether the meeting was quorate when it began, when it ended, and from when: by those who came. */
export function attendedQuorum(
  meeting: HeldMeeting,
  by: { readonly rule: QuorumRule; readonly facts: readonly string[] },
  register: readonly Attendance[],
  invitations: readonly Invitation[],
): AttendedQuorum {
  const presences = presencesOf(meeting, register, invitations);
  return {
    start: evaluate(by.rule, by.facts, presences, meeting.startsAt),
    end: evaluate(by.rule, by.facts, presences, meeting.endsAt),
    metFrom: quorateFrom(by.rule, by.facts, presences, meeting),
  };
}

function presencesOf(
  meeting: HeldMeeting,
  register: readonly Attendance[],
  invitations: readonly Invitation[],
): Presence[] {
  const asked = invitations.filter((one) => one.status === 'OPEN' || one.status === 'CLOSED');
  return standingRegister(register).map((entry) => {
    const own = asked.find((one) => one.contactId === entry.contactId);
    const taken = asked.find((one) => one.contactId === entry.substituteForContactId);
    return presentSeat(entry, own ?? taken ?? null, meeting);
  });
}

/** The line with the person of its entry, whoever it names; and nobody absent came by video. */
function knownLine(line: SentLine, standing: ReadonlyMap<string, Attendance>): SentLine {
  const entry = line.entryId === null ? undefined : standing.get(line.entryId);
  if (line.entryId !== null && entry === undefined) {
    throw new OutOfDate('Somebody else has corrected the register. Look at it as it is now');
  }
  const mode = CAME.includes(line.status) ? line.mode : null;
  return { ...line, contactId: entry?.contactId ?? line.contactId, mode };
}

interface Register {
  readonly standing: ReadonlyMap<string, Attendance>;
  readonly writing: Writing;
}

function entryFor(line: SentLine, index: number, { standing, writing }: Register): Attendance[] {
  const { recordedBy, recordedAt, register } = writing;
  const id = writing.ids[index] ?? '';
  const entry = line.entryId === null ? undefined : standing.get(line.entryId);
  if (entry !== undefined) {
    return saysTheSame(entry, line) ? [] : [entry.correct(line, { id, recordedBy, recordedAt, register })];
  }
  const from = writing.comesFrom.get(line.contactId);
  if (from === undefined) {
    throw new RuleBroken('INVALID', 'Choose somebody from the directory', `attendance.${index}.contactId`);
  }
  const { authorityId, id: meetingId, matterId } = writing.meeting;
  const person = { authorityId, id, meetingId, matterId, ...from };
  return [Attendance.recorded({ ...lineOf(line), ...person, recordedBy, recordedAt })];
}

function saysTheSame(one: RegisterLine, other: RegisterLine): boolean {
  return JSON.stringify(lineOf(one)) === JSON.stringify(lineOf(other));
}
