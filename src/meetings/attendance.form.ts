import { civilTime } from '../authorities/civil-time.js';
import { RuleBroken } from '../errors.js';
import { timeField } from '../web/fields.js';
import { type FieldError, type FormBody, FormInvalid, type FormState, valuesById } from '../web/forms.js';
import { isoClock } from '../web/when.js';
import {
  ATTENDANCE_MODES,
  ATTENDANCE_STATUSES,
  type AttendanceMode,
  type AttendanceStatus,
  registerProblems,
} from './attendance.js';
import { type RegisterRow, type RegisterSent, type RegisterView } from './attendance.service.js';
import { type Meeting } from './meeting.js';
import { type SentLine } from './register.js';

/** Who a row of the page is about; `key` names its inputs: `status[r0]`. */
export interface TypedRow {
  readonly key: string;
  readonly contactId: string;
  readonly entryId: string | null;
  readonly substituteForContactId: string | null;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const KEY = /^r\d{1,3}$/;
const HOUR_MS = 3_600_000;
const AGAIN: FieldError = { message: 'This page could not be read. Open it again' };

/** The rows a browser sent, in the order of the page. Throws `FormInvalid` for one that is not ours. */
export function typedRows(body: FormBody): TypedRow[] {
  const entries = valuesById(body, 'entry');
  const substitutes = valuesById(body, 'substituteFor');
  return [...valuesById(body, 'contact')].map(([key, contactId]) => {
    if (!KEY.test(key)) throw new FormInvalid([AGAIN]);
    const entryId = optionalId(entries.get(key));
    const substituteForContactId = optionalId(substitutes.get(key));
    return { key, contactId: optionalId(contactId) ?? '', entryId, substituteForContactId };
  });
}

function optionalId(value: string | undefined): string | null {
  if (value === undefined || value === '') return null;
  if (!UUID.test(value)) throw new FormInvalid([AGAIN]);
  return value;
}

/** What the inputs of the page hold for rows that are there already. */
export function valuesOfRows(rows: readonly RegisterRow[]): FormState['values'] {
  const values: FormState['values'] = {};
  rows.forEach((row, index) => {
    Object.assign(values, valuesOfRow(`r${index}`, row));
  });
  return values;
}

/** What the inputs of one row hold. */
export function valuesOfRow(key: string, row: RegisterRow): FormState['values'] {
  return {
    [`contact[${key}]`]: row.contactId,
    [`entry[${key}]`]: row.entryId ?? '',
    [`substituteFor[${key}]`]: row.substituteForContactId ?? '',
    [`status[${key}]`]: row.status,
    [`mode[${key}]`]: row.mode ?? '',
    [`joined[${key}]`]: isoClock(row.joinedAt),
    [`left[${key}]`]: isoClock(row.leftAt),
    [`decides[${key}]`]: row.canDecide ? 'yes' : '',
    [`note[${key}]`]: row.note ?? '',
  };
}

/** The register as it was typed. Throws `FormInvalid` with everything that is wrong, each by its input. */
export function readRegister(body: FormBody, view: RegisterView): RegisterSent {
  const rows = typedRows(body);
  const errors: FieldError[] = [];
  const lines = rows.map((row) => readLine(row, { body, view, errors }));
  const problems = errors.length > 0 ? [] : registerProblems(lines, view.meeting);
  errors.push(
    ...problems.map((problem) => ({ message: problem.message, code: problem.code, ...placed(problem, rows) })),
  );
  if (errors.length > 0) throw new FormInvalid(errors);
  const [version, seenEntries] = [body.version, body.seenEntries].map((one) => Number(one));
  if (!Number.isSafeInteger(version) || !Number.isSafeInteger(seenEntries)) throw new FormInvalid([AGAIN]);
  return { version: version ?? 0, seenEntries: seenEntries ?? 0, lines };
}

/** Input names for the fields the register calls otherwise: `attendance.0.joinedAt` is `joined[r0]`. */
export function inputNames(rows: readonly TypedRow[]): Record<string, string> {
  const names: Record<string, string> = {};
  rows.forEach(({ key }, index) => {
    for (const [field, input] of Object.entries(INPUTS)) names[`attendance.${index}.${field}`] = `${input}[${key}]`;
  });
  return names;
}

const INPUTS = {
  contactId: 'status',
  status: 'status',
  mode: 'mode',
  joinedAt: 'joined',
  leftAt: 'left',
  note: 'note',
};

interface Reading {
  readonly body: FormBody;
  readonly view: RegisterView;
  readonly errors: FieldError[];
}

function placed(problem: RuleBroken, rows: readonly TypedRow[]): { field?: string } {
  const field = problem.field === undefined ? undefined : inputNames(rows)[problem.field];
  return field === undefined ? {} : { field };
}

function readLine(row: TypedRow, reading: Reading): SentLine {
  const { key, contactId, entryId, substituteForContactId } = row;
  const before = reading.view.rows.find((one) => one.entryId !== null && one.entryId === entryId);
  return {
    contactId,
    entryId,
    substituteForContactId,
    status: readStatus(key, reading),
    mode: readMode(key, reading),
    joinedAt: readTime(`joined[${key}]`, 'time they joined', { ...reading, before: before?.joinedAt ?? null }),
    leftAt: readTime(`left[${key}]`, 'time they left', { ...reading, before: before?.leftAt ?? null }),
    canDecide: typed(reading.body, `decides[${key}]`) !== '',
    note: typed(reading.body, `note[${key}]`) || null,
  };
}

function readStatus(key: string, { body, errors }: Reading): AttendanceStatus {
  const status = ATTENDANCE_STATUSES.find((one) => one === typed(body, `status[${key}]`));
  if (status === undefined) errors.push({ field: `status[${key}]`, message: 'Select whether they attended' });
  return status ?? 'DNA';
}

function readMode(key: string, { body, errors }: Reading): AttendanceMode | null {
  const value = typed(body, `mode[${key}]`);
  const mode = ATTENDANCE_MODES.find((one) => one === value);
  if (value !== '' && mode === undefined) errors.push({ field: `mode[${key}]`, message: 'Select how they came' });
  return mode ?? null;
}

function readTime(name: string, label: string, reading: Reading & { before: Date | null }): Date | null {
  const value = typed(reading.body, name);
  if (value === '') return null;
  if (reading.before !== null && value === isoClock(reading.before)) return reading.before;
  try {
    return duringMeeting(timeOf(value, label), reading.view.meeting);
  } catch (error) {
    if (!(error instanceof RuleBroken)) throw error;
    reading.errors.push({ field: name, message: error.message, code: error.code });
    return null;
  }
}

function timeOf(value: string, label: string): string {
  const time = timeField(label).safeParse(value);
  if (time.success) return time.data;
  throw new RuleBroken('INVALID', time.error.issues[0]?.message ?? 'Check this time');
}

/** A time on the day of the meeting, or after midnight for one that ran on. */
function duringMeeting(time: string, meeting: Meeting): Date {
  const date = meeting.wallStart.slice(0, 10);
  const { instant } = civilTime(date, time, meeting.zone);
  if (instant.getTime() >= meeting.startsAt.getTime() - HOUR_MS || meeting.wallEnd.startsWith(date)) return instant;
  return civilTime(meeting.wallEnd.slice(0, 10), time, meeting.zone).instant;
}

function typed(body: FormBody, name: string): string {
  const value = body[name];
  return typeof value === 'string' ? value.trim() : '';
}
