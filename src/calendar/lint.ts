/*
 * What every calendar must be before a message with it is stored. Part of it is read here line by line, part by
 * another library than the one that built it, for no builder judges itself. Each rule has a number that the error
 * carries; a mail that breaks one is never sent.
 */
import ICAL from 'ical.js';
import { addressesIn, hasUnsafe, unescapedValue } from '../mail/text.js';
import { calendarMethod, type CalendarMail } from './calendar-mail.js';
import { type Block, readBlocks, unfold } from './tidy.js';

/** A calendar that must not be sent: `rule` is the number of the broken rule. */
export class CalendarLint extends Error {
  constructor(
    readonly rule: number,
    message: string,
  ) {
    super(`Calendar rule ${rule}: ${message}`);
    this.name = 'CalendarLint';
  }
}

export interface Reading {
  text: string;
  lines: string[];
  file: Block;
  calendar: ICAL.Component;
  event: ICAL.Component;
}

type Rule = [rule: number, message: string, holds: (read: Reading, m: CalendarMail) => boolean];

const KNOWN: Partial<Record<string, string[]>> = {
  VCALENDAR: ['VERSION', 'PRODID', 'CALSCALE', 'METHOD'],
  VTIMEZONE: ['TZID', 'X-LIC-LOCATION', 'LAST-MODIFIED'],
  STANDARD: ['TZNAME', 'TZOFFSETFROM', 'TZOFFSETTO', 'DTSTART', 'RRULE'],
  DAYLIGHT: ['TZNAME', 'TZOFFSETFROM', 'TZOFFSETTO', 'DTSTART', 'RRULE'],
  VEVENT: [
    ...['UID', 'SEQUENCE', 'DTSTAMP', 'DTSTART', 'DTEND', 'SUMMARY', 'LOCATION', 'DESCRIPTION', 'STATUS', 'CLASS'],
    ...['ORGANIZER', 'ATTENDEE', 'TRANSP', 'X-MICROSOFT-CDO-BUSYSTATUS', 'X-MICROSOFT-DISALLOW-COUNTER'],
  ],
  VALARM: ['ACTION', 'TRIGGER', 'DESCRIPTION'],
};

const isEmpty = (line: string): boolean => /^[A-Z0-9-]+(?:;(?:"[^"]*"|[^":])*)?:$/.test(line);
export const nameOf = (line: string): string => /^[A-Z0-9-]+/.exec(line)?.[0] ?? '';
export const named = (lines: string[], ...names: string[]): string[] =>
  lines.filter((line) => names.includes(nameOf(line)));
export const inside = (block: Block, name: string): Block[] => block.blocks.filter((inner) => inner.name === name);
export const everyBlock = (block: Block): Block[] => [block, ...block.blocks.flatMap(everyBlock)];

export function isWellShaped({ text }: Pick<Reading, 'text'>): boolean {
  const short = (line: string): boolean => Buffer.byteLength(line) <= 75;
  return text.endsWith('\r\n') && Buffer.from(text).toString() === text && text.split('\r\n').every(short);
}

/* Within each block no line of its own follows an inner block's end. */
export function propertiesFirst({ lines }: Pick<Reading, 'lines'>): boolean {
  return lines.every((line, at) => at === 0 || !(lines[at - 1] ?? '').startsWith('END:') || /^(BEGIN|END):/.test(line));
}

function knowsEveryName({ file }: Reading): boolean {
  const known = (block: Block): boolean =>
    block.lines.every((line) => (KNOWN[block.name] ?? []).includes(nameOf(line))) && block.name in KNOWN;
  return file.lines.length === 0 && file.blocks.flatMap(everyBlock).every(known);
}

function zonesAreDefined({ lines, file }: Reading): boolean {
  const zones = file.blocks.flatMap((calendar) => inside(calendar, 'VTIMEZONE'));
  const defined = zones.flatMap((zone) => named(zone.lines, 'TZID').map((line) => line.slice('TZID:'.length)));
  const used = lines.flatMap((line) => /^[A-Z-]+;TZID=([^:;]+)/.exec(line)?.[1] ?? []);
  const plain = (zone: Block): boolean =>
    inside(zone, 'STANDARD').length === 1 && inside(zone, 'DAYLIGHT').length === 1 && zone.blocks.length === 2;
  return defined.length <= 1 && zones.every(plain) && used.every((zone) => defined.includes(zone));
}

export function timesAreNeverLocal({ file }: Pick<Reading, 'file'>): boolean {
  const event = file.blocks.flatMap((calendar) => inside(calendar, 'VEVENT'));
  const times = event.flatMap((block) => named(block.lines, 'DTSTART', 'DTEND'));
  return times.every((line) => line.includes(';TZID=') || line.endsWith('Z'));
}

/* Reading a zone's rules since 1970 costs more than all the rest: each wording of them is read once. */
const zonesRead = new Map<string, ICAL.Timezone>();

function zoneWritten(calendar: ICAL.Component): ICAL.Timezone | undefined {
  const component = calendar.getFirstSubcomponent('vtimezone');
  if (component === null) return undefined;
  const wording = component.toString();
  const zone = zonesRead.get(wording) ?? new ICAL.Timezone(component);
  zonesRead.set(wording, zone);
  return zone;
}

export function isAt(
  { calendar, event }: Pick<Reading, 'calendar' | 'event'>,
  property: string,
  instant: Date,
): boolean {
  const time = event.getFirstPropertyValue(property);
  if (!(time instanceof ICAL.Time)) return false;
  const zone = zoneWritten(calendar);
  if (zone?.tzid === time.zone.tzid) time.zone = zone;
  return time.toJSDate().getTime() === instant.getTime();
}

function isOnly(event: ICAL.Component, property: string, address: string): boolean {
  const [first, ...others] = event.getAllProperties(property);
  return others.length === 0 && first?.getFirstValue() === `mailto:${address}`;
}

function statusFits({ event }: Reading, m: CalendarMail): boolean {
  const firm = m.hold === true ? 'TENTATIVE' : 'CONFIRMED';
  return event.getFirstPropertyValue('status') === { REQUEST: firm, CANCEL: 'CANCELLED', WITHDRAW: null }[m.kind];
}

function noThirdAddress({ lines }: Reading, m: CalendarMail): boolean {
  const allowed = [m.organiser.address, m.invitee.address].map((address) => address.toLowerCase());
  const texts = lines.filter((line) => nameOf(line) !== 'UID').map(unescapedValue);
  return texts.flatMap(addressesIn).every((address) => allowed.includes(address.toLowerCase()));
}

function namesArePlain({ event }: Reading): boolean {
  const people = ['organizer', 'attendee'].flatMap((property) => event.getAllProperties(property));
  return people.every((person) => !/["^\\]/.test(person.getFirstParameter('cn')));
}

const RULES: Rule[] = [
  [1, 'Lines are of at most 75 octets of valid text and end in CRLF.', isWellShaped],
  [2, 'No control or direction marks.', ({ text }) => !text.split('\r\n').some(hasUnsafe)],
  [3, 'One calendar, one event, one UID.', ({ lines }) => named(lines, 'UID').length === 1],
  [4, 'Properties stand before inner blocks.', propertiesFirst],
  [5, 'Only known property names.', knowsEveryName],
  [5, 'No property is empty.', ({ lines }) => !lines.some(isEmpty)],
  [
    6,
    'METHOD is what was meant.',
    ({ calendar }, m) => calendar.getFirstPropertyValue('method') === calendarMethod(m.kind),
  ],
  [
    7,
    'Stamps are in UTC.',
    ({ lines }) => named(lines, 'DTSTAMP', 'CREATED', 'LAST-MODIFIED').every((line) => /:\d{8}T\d{6}Z$/.test(line)),
  ],
  [7, 'DTSTAMP is when the message was made.', (read, m) => isAt(read, 'dtstamp', wholeSecond(m.stampedAt))],
  [8, 'The zone is defined once, by one STANDARD and one DAYLIGHT.', zonesAreDefined],
  [8, 'No time floats.', timesAreNeverLocal],
  [9, 'UNTIL is in UTC.', ({ lines }) => lines.every((line) => !/;UNTIL=[^;]*[^Z;](;|$)/.test(line))],
  [
    10,
    'The times read back as they were given.',
    (read, m) => isAt(read, 'dtstart', m.startsAt) && isAt(read, 'dtend', m.endsAt),
  ],
  [10, 'The end is after the start.', (_, m) => m.endsAt > m.startsAt],
  [11, 'UID is the meeting\u2019s.', ({ event }, m) => event.getFirstPropertyValue('uid') === m.uid],
  [
    11,
    'SEQUENCE is the meeting\u2019s.',
    ({ event }, m) => String(event.getFirstPropertyValue('sequence')) === String(m.sequence),
  ],
  [12, 'One ORGANIZER, the reply address.', ({ event }, m) => isOnly(event, 'organizer', m.organiser.address)],
  [13, 'One ATTENDEE, the recipient.', ({ event }, m) => isOnly(event, 'attendee', m.invitee.address)],
  [14, 'STATUS fits the kind of message.', statusFits],
  [15, 'No alarm in a cancellation.', ({ lines }, m) => m.kind === 'REQUEST' || !lines.includes('BEGIN:VALARM')],
  [16, 'No third address.', noThirdAddress],
  [17, 'Names hold no double quote, caret or backslash.', namesArePlain],
];

export const wholeSecond = (instant: Date): Date => new Date(Math.floor(instant.getTime() / 1000) * 1000);

function readCalendar(text: string): Reading {
  const lines = unfold(text);
  const file = readBlocks(lines);
  const [first, ...others] = file.blocks;
  if (first?.name !== 'VCALENDAR' || others.length > 0) throw new Error('One calendar is expected.');
  const calendar = new ICAL.Component(ICAL.parse(text) as unknown[]);
  const [event, ...moreEvents] = calendar.getAllSubcomponents('vevent');
  if (event === undefined || moreEvents.length > 0) throw new Error('One event is expected.');
  return { text, lines, file, calendar, event };
}

/** Reads a finished calendar back and throws `CalendarLint` at the first rule it breaks. */
export function lintCalendar(text: string, m: CalendarMail): void {
  let reading: Reading;
  try {
    reading = readCalendar(text);
  } catch (cause) {
    throw new CalendarLint(3, cause instanceof Error ? cause.message : 'Unreadable.');
  }
  for (const [rule, message, holds] of RULES) {
    if (!holds(reading, m)) throw new CalendarLint(rule, message);
  }
}
