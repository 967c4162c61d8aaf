/*
 * Reads what calendar programs send back; the only place that reads an answer from iCalendar. The programs differ: a byte
 * order mark in front, a signature of the mail server behind, lines that are no lines of a calendar, a Windows zone, the
 * whole meeting echoed. So what is read is cut down first to the properties that an answer consists of; the rest, and with
 * it every rule of repetition and every zone block, is never given to the library at all. A rule by the second would keep
 * it busy for ever.
 */
import ICAL from 'ical.js';
import { DateTime } from 'luxon';
import { cleanLine } from '../mail/text.js';
import {
  type CalendarPart,
  REPLY_METHODS,
  type ReplyAttendee,
  type ReplyCalendar,
  type ReplyEvent,
  UnreadableCalendar,
} from './reply-calendar.js';
import { zoneNamed } from './zone-names.js';

/** This product's own numbers: what a genuine answer never reaches. */
const MOST_BYTES = 256 * 1024;
const MOST_EVENTS = 10;
const MOST_ATTENDEES = 50;
const MOST_COMMENT = 500;

const OF_CALENDAR = ['METHOD', 'VERSION'];
const ONCE = ['UID', 'RECURRENCE-ID', 'SEQUENCE', 'DTSTAMP', 'ORGANIZER', 'DTSTART', 'DTEND'];
const OF_EVENT = [...ONCE, 'ATTENDEE', 'COMMENT'];

/**
 * The answer in the calendar parts of one message: the first part counts, for programs that send two send the same twice.
 * Throws UnreadableCalendar.
 */
export function readReply(parts: readonly CalendarPart[]): ReplyCalendar {
  const [first] = parts;
  if (first === undefined) throw new UnreadableCalendar('NO_CALENDAR', 'There is no calendar part');
  const calendar = parse(cutDown(first.text));
  const inside = upper(calendar.getFirstPropertyValue('method'));
  const outside = first.method === null ? null : upper(first.method);
  if (inside !== null && outside !== null && inside !== outside) {
    throw new UnreadableCalendar('METHOD_MISMATCH', 'The message and its calendar disagree on what they are');
  }
  const method = REPLY_METHODS.find((one) => one === (inside ?? outside));
  if (method === undefined) throw new UnreadableCalendar('OTHER_METHOD', 'The calendar is not an answer');
  return { method, events: calendar.getAllSubcomponents('vevent').map(eventOf) };
}

function upper(value: unknown): string | null {
  return typeof value === 'string' && value.trim() !== '' ? value.trim().toUpperCase() : null;
}

/** From the first BEGIN:VCALENDAR to the last END:VCALENDAR, unfolded, with the properties of an answer alone. */
function cutDown(text: string): string[] {
  if (Buffer.byteLength(text) > MOST_BYTES) throw new UnreadableCalendar('TOO_LARGE', 'The calendar is too large');
  const from = text.search(/BEGIN:VCALENDAR/i);
  const to = text.toUpperCase().lastIndexOf('END:VCALENDAR');
  if (from < 0 || to < from) throw new UnreadableCalendar('NO_CALENDAR', 'There is no calendar in the part');
  const unfolded = text.slice(from, to + 'END:VCALENDAR'.length).replace(/(?:\r\n|\n|\r)[ \t]/g, '');
  return kept(unfolded.split(/\r\n|\n|\r/).filter((line) => /^[A-Za-z0-9-]+[;:]/.test(line)));
}

function kept(lines: readonly string[]): string[] {
  const within: string[] = [];
  const result: string[] = [];
  for (const line of lines) {
    const [, bound, block = ''] = /^(BEGIN|END):\s*([A-Za-z0-9-]+)\s*$/i.exec(line) ?? [];
    if (bound === undefined) {
      if (keeps(within, line)) result.push(line);
    } else {
      result.push(...crossed(within, bound.toUpperCase(), block.toUpperCase()));
    }
  }
  if (within.length > 0) throw broken();
  return result;
}

/** Goes into a block or out of it; the line itself where the block is one that is kept. */
function crossed(within: string[], bound: string, block: string): string[] {
  if (bound === 'BEGIN') within.push(block);
  const lines = isKept(within) ? [`${bound}:${block}`] : [];
  if (bound === 'END' && within.pop() !== block) throw broken();
  return lines;
}

const isKept = (within: readonly string[]): boolean =>
  within[0] === 'VCALENDAR' && (within.length === 1 || (within.length === 2 && within[1] === 'VEVENT'));

function keeps(within: readonly string[], line: string): boolean {
  if (!isKept(within)) return false;
  const name = /^[A-Za-z0-9-]+/.exec(line)?.[0].toUpperCase() ?? '';
  if (name === 'SEQUENCE' && !/:\s*\d{1,9}\s*$/.test(line)) throw broken();
  return (within.length === 1 ? OF_CALENDAR : OF_EVENT).includes(name);
}

function parse(lines: readonly string[]): ICAL.Component {
  try {
    const parsed = ICAL.parse(lines.join('\r\n')) as unknown[];
    if (parsed[0] !== 'vcalendar') throw broken();
    const calendar = new ICAL.Component(parsed);
    const events = calendar.getAllSubcomponents('vevent').length;
    if (events === 0 || events > MOST_EVENTS) throw broken();
    return calendar;
  } catch (error) {
    throw error instanceof UnreadableCalendar ? error : broken();
  }
}

function eventOf(event: ICAL.Component): ReplyEvent {
  const attendees = event.getAllProperties('attendee');
  const twice = ONCE.some((name) => event.getAllProperties(name.toLowerCase()).length > 1);
  if (twice || attendees.length > MOST_ATTENDEES) throw broken();
  const uid = event.getFirstPropertyValue('uid');
  if (typeof uid !== 'string' || uid.trim() === '') throw broken();
  return {
    uid: uid.trim(),
    recurrenceId: recurrenceOf(event.getFirstProperty('recurrence-id')),
    sequence: sequenceOf(event.getFirstProperty('sequence')),
    stampedAt: instantOf(event.getFirstProperty('dtstamp'), 'utc'),
    attendees: oncePerAddress(attendees.map(attendeeOf)),
    organizer: addressOf(event.getFirstPropertyValue('organizer')),
    comment: commentOf(event),
    startsAt: instantOf(event.getFirstProperty('dtstart')),
    endsAt: instantOf(event.getFirstProperty('dtend')),
  };
}

function sequenceOf(property: ICAL.Property | null): number | null {
  const value = property?.getFirstValue() as unknown;
  return typeof value === 'number' ? value : null;
}

/* An answer about a day that cannot be told must not pass for an answer about the meeting. */
function recurrenceOf(property: ICAL.Property | null): Date | null {
  const instant = instantOf(property);
  if (property !== null && instant === null) throw broken();
  return instant;
}

/* What the library makes of a time is only its digits: the zone is looked up by its name. */
function instantOf(property: ICAL.Property | null, otherwise?: string): Date | null {
  const time = property?.getFirstValue() as unknown;
  if (property === null || !(time instanceof ICAL.Time) || time.isDate) return null;
  const zone = zoneOf(property, time) ?? otherwise;
  if (zone === undefined) return null;
  const { year, month, day, hour, minute, second } = time;
  const instant = DateTime.fromObject({ year, month, day, hour, minute, second }, { zone });
  return instant.isValid ? instant.toJSDate() : null;
}

function zoneOf(property: ICAL.Property, time: ICAL.Time): string | undefined {
  if (time.zone === ICAL.Timezone.utcTimezone) return 'utc';
  const tzid = property.getFirstParameter('tzid');
  return typeof tzid === 'string' ? zoneNamed(tzid) : undefined;
}

function attendeeOf(property: ICAL.Property): ReplyAttendee {
  const named = (name: string): string | null => addressOf([property.getParameter(name)].flat()[0]);
  return {
    address: addressOf(property.getFirstValue()) ?? '',
    partstat: upper(property.getFirstParameter('partstat')) ?? 'NEEDS-ACTION',
    sentBy: named('sent-by'),
    delegatedTo: named('delegated-to'),
    delegatedFrom: named('delegated-from'),
  };
}

/* Exchange may name the same person twice, in capitals and not. */
function oncePerAddress(attendees: readonly ReplyAttendee[]): ReplyAttendee[] {
  const key = ({ address, partstat }: ReplyAttendee): string => `${address} ${partstat}`;
  return [...new Map(attendees.map((one) => [key(one), one])).values()];
}

function addressOf(value: unknown): string | null {
  if (typeof value !== 'string') return null;
  const address = value.replace(/^\s*mailto:/i, '').trim();
  return address === '' ? null : cleanLine(address).slice(0, 254).toLowerCase();
}

function commentOf(event: ICAL.Component): string | null {
  const said = event.getAllProperties('comment').map((property) => property.getFirstValue() as unknown);
  const lines = said.filter((one) => typeof one === 'string').flatMap((one) => one.split(/\r\n|\n|\r/));
  const text = lines.map(cleanLine).join('\n').trim();
  return text === '' ? null : Array.from(text).slice(0, MOST_COMMENT).join('');
}

const broken = (): UnreadableCalendar => new UnreadableCalendar('BROKEN', 'The calendar cannot be read');
