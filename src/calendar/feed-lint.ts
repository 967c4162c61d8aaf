/*
 * What every feed must be before a program reads it. Its address is the only key to it, so beside the shape that all
 * calendars have, it holds nobody: no address, no name, no place, no words but the references, nothing to press.
 */
import ICAL from 'ical.js';
import { addressesIn, hasUnsafe, linksIn } from '../mail/text.js';
import { type FeedMeeting } from './feed-meeting.js';
import {
  CalendarLint,
  everyBlock,
  inside,
  isAt,
  isWellShaped,
  named,
  nameOf,
  propertiesFirst,
  timesAreNeverLocal,
  wholeSecond,
} from './lint.js';
import { type Block, readBlocks, unfold } from './tidy.js';

interface FeedReading {
  text: string;
  lines: string[];
  file: Block;
  calendar: ICAL.Component;
  events: ICAL.Component[];
}

type Rule = [rule: number, message: string, holds: (read: FeedReading, meetings: readonly FeedMeeting[]) => boolean];

const KNOWN: Partial<Record<string, string[]>> = {
  VCALENDAR: ['VERSION', 'PRODID', 'CALSCALE', 'METHOD', 'NAME', 'X-WR-CALNAME', 'REFRESH-INTERVAL', 'X-PUBLISHED-TTL'],
  VTIMEZONE: ['TZID', 'X-LIC-LOCATION', 'LAST-MODIFIED'],
  STANDARD: ['TZNAME', 'TZOFFSETFROM', 'TZOFFSETTO', 'DTSTART', 'RRULE'],
  DAYLIGHT: ['TZNAME', 'TZOFFSETFROM', 'TZOFFSETTO', 'DTSTART', 'RRULE'],
  VEVENT: [
    ...['UID', 'SEQUENCE', 'DTSTAMP', 'DTSTART', 'DTEND', 'SUMMARY', 'STATUS', 'CLASS', 'TRANSP'],
    'X-MICROSOFT-CDO-BUSYSTATUS',
  ],
};

function knowsEveryName({ file }: FeedReading): boolean {
  const known = (block: Block): boolean =>
    block.lines.every((line) => (KNOWN[block.name] ?? []).includes(nameOf(line))) && block.name in KNOWN;
  return file.lines.length === 0 && file.blocks.flatMap(everyBlock).every(known);
}

function zonesAreDefined({ lines, file }: FeedReading): boolean {
  const zones = file.blocks.flatMap((calendar) => inside(calendar, 'VTIMEZONE'));
  const defined = zones.flatMap((zone) => named(zone.lines, 'TZID').map((line) => line.slice('TZID:'.length)));
  const used = lines.flatMap((line) => /^[A-Z-]+;TZID=([^:;]+)/.exec(line)?.[1] ?? []);
  return new Set(defined).size === defined.length && used.every((zone) => defined.includes(zone));
}

const everyEvent =
  (holds: (event: ICAL.Component, meeting: FeedMeeting, calendar: ICAL.Component) => boolean): Rule[2] =>
  ({ calendar, events }, meetings) =>
    meetings.every((meeting, at) => {
      const event = events[at];
      return event !== undefined && holds(event, meeting, calendar);
    });

const RULES: Rule[] = [
  [1, 'Lines are of at most 75 octets of valid text and end in CRLF.', isWellShaped],
  [2, 'No control or direction marks.', ({ text }) => !text.split('\r\n').some(hasUnsafe)],
  [3, 'One event a meeting.', ({ events }, meetings) => events.length === meetings.length],
  [4, 'Properties stand before inner blocks.', propertiesFirst],
  [5, 'Only known property names: nobody, no place, no alarm.', knowsEveryName],
  [6, 'METHOD is PUBLISH.', ({ calendar }) => calendar.getFirstPropertyValue('method') === 'PUBLISH'],
  [
    7,
    'DTSTAMP is when the meeting became as it is.',
    everyEvent((event, { stampedAt }, calendar) => isAt({ calendar, event }, 'dtstamp', wholeSecond(stampedAt))),
  ],
  [8, 'Each zone is defined once.', zonesAreDefined],
  [8, 'No time floats.', timesAreNeverLocal],
  [
    10,
    'The times read back as they were given.',
    everyEvent(
      (event, { startsAt, endsAt }, calendar) =>
        isAt({ calendar, event }, 'dtstart', startsAt) && isAt({ calendar, event }, 'dtend', endsAt),
    ),
  ],
  [
    11,
    'UID and SEQUENCE are the meeting’s.',
    everyEvent(
      (event, { uid, sequence }) =>
        event.getFirstPropertyValue('uid') === uid &&
        String(event.getFirstPropertyValue('sequence')) === String(sequence),
    ),
  ],
  [
    14,
    'STATUS fits the meeting.',
    everyEvent(
      (event, { cancelled, hold }) =>
        event.getFirstPropertyValue('status') === (cancelled ? 'CANCELLED' : hold === true ? 'TENTATIVE' : 'CONFIRMED'),
    ),
  ],
  [
    16,
    'No address and no link.',
    ({ lines }) =>
      lines
        .filter((line) => nameOf(line) !== 'UID')
        .every((line) => [...addressesIn(line), ...linksIn(line)].length === 0),
  ],
  [
    20,
    'The title is the reference.',
    everyEvent((event, { title }) => event.getFirstPropertyValue('summary') === title),
  ],
];

function readFeed(text: string): FeedReading {
  const lines = unfold(text);
  const file = readBlocks(lines);
  const [first, ...others] = file.blocks;
  if (first?.name !== 'VCALENDAR' || others.length > 0) throw new Error('One calendar is expected.');
  const calendar = new ICAL.Component(ICAL.parse(text) as unknown[]);
  return { text, lines, file, calendar, events: calendar.getAllSubcomponents('vevent') };
}

/** Reads a finished feed back and throws `CalendarLint` at the first rule it breaks. */
export function lintFeed(text: string, meetings: readonly FeedMeeting[]): void {
  let reading: FeedReading;
  try {
    reading = readFeed(text);
  } catch (cause) {
    throw new CalendarLint(3, cause instanceof Error ? cause.message : 'Unreadable.');
  }
  for (const [rule, message, holds] of RULES) {
    if (!holds(reading, meetings)) throw new CalendarLint(rule, message);
  }
}
