/*
 * What a calendar somebody publishes says about when they are busy (RFC 5545): events that are not transparent, not
 * cancelled and not marked free, series expanded within the window only, and the periods of VFREEBUSY. A calendar that
 * cannot be read whole is not read at all: half of it would say "free" where nobody knows.
 */
import ICAL from 'ical.js';
import { type BusyKind, type BusyTime, mergeTimes, type Window } from './busy-times.js';
import { CalendarInstants } from './calendar-instants.js';
import { occurrences, type Reading } from './occurrences.js';

/** More different times than anybody has in eight weeks: this product's number. */
const MOST_TIMES = 20_000;

export interface BusyQuestion {
  readonly text: string;
  readonly window: Window;
  /** The zone of whole days and of times that name none. */
  readonly zone: string;
  /** UIDs of our own meetings, which stand in the calendars of those who come: they are known without. */
  readonly ours: readonly string[];
}

/** The merged busy times of a calendar within the window. Throws for anything that is not a readable calendar. */
export function readBusy({ text, window, zone, ours }: BusyQuestion): BusyTime[] {
  const parsed = ICAL.parse(timesAlone(text)) as unknown[];
  const roots = typeof parsed[0] === 'string' ? [parsed] : (parsed as unknown[][]);
  const calendars = roots.map((root) => new ICAL.Component(root));
  if (calendars.length === 0 || calendars.some(({ name }) => name !== 'vcalendar')) throw new Error('No calendar');
  const times = calendars.flatMap((calendar) => {
    const instants = new CalendarInstants(calendar, zone);
    return [...eventTimes(calendar, { instants, window, kindOf }, new Set(ours)), ...freeBusyTimes(calendar, instants)];
  });
  if (times.length > MOST_TIMES) throw new Error('More times than a person has');
  return mergeTimes(times, window);
}

/** What is read of a calendar: when, how it takes up time, and what series are made of. Everything else is let go unread. */
const READ = new Set([
  ...['BEGIN', 'END', 'UID', 'DTSTART', 'DTEND', 'DURATION', 'RRULE', 'RDATE', 'EXDATE', 'RECURRENCE-ID', 'STATUS'],
  ...['TRANSP', 'X-MICROSOFT-CDO-BUSYSTATUS', 'FREEBUSY', 'TZID', 'TZOFFSETFROM', 'TZOFFSETTO'],
]);

/** The lines of a calendar that say when; titles, words, places and people are gone before anything looks at them. */
function timesAlone(text: string): string {
  return text
    .replace(/^\uFEFF/, '')
    .replace(/\r?\n[ \t]/g, '')
    .split(/\r\n|\n|\r/)
    .filter((line) => READ.has((/^[A-Za-z-]+/.exec(line)?.[0] ?? '').toUpperCase()))
    .join('\r\n');
}

function eventTimes(calendar: ICAL.Component, reading: Reading, ours: ReadonlySet<string>): BusyTime[] {
  const series = new Map<string, { master: ICAL.Component[]; moved: ICAL.Component[] }>();
  for (const [at, event] of calendar.getAllSubcomponents('vevent').entries()) {
    const uid = textOf(event, 'uid') ?? `without a name ${at}`;
    const known = series.get(uid) ?? { master: [], moved: [] };
    const stands = event.getFirstProperty('recurrence-id');
    if (stands?.getFirstParameter('range') !== undefined) throw new Error('A series that changes half way');
    (stands === null ? known.master : known.moved).push(event);
    series.set(uid, known);
  }
  for (const uid of ours) series.delete(uid);
  return [...series.values()].flatMap(({ master, moved }) =>
    master.length === 0
      ? moved.flatMap((event) => occurrences(event, [], reading))
      : master.flatMap((event) => occurrences(event, moved, reading)),
  );
}

/** How an event takes up the person's time; nothing for one that does not. */
function kindOf(event: ICAL.Component): BusyKind | undefined {
  const said = ['status', 'transp', 'x-microsoft-cdo-busystatus'].map(
    (name) => textOf(event, name)?.toUpperCase() ?? '',
  );
  if (said.some((word) => TAKES_NO_TIME.includes(word))) return undefined;
  return said.includes('TENTATIVE') ? 'TENTATIVE' : 'BUSY';
}

/** What programs say of an event for which somebody is free. */
const TAKES_NO_TIME = ['CANCELLED', 'TRANSPARENT', 'FREE', 'WORKINGELSEWHERE'];

function freeBusyTimes(calendar: ICAL.Component, instants: CalendarInstants): BusyTime[] {
  return calendar
    .getAllSubcomponents('vfreebusy')
    .flatMap((component) => component.getAllProperties('freebusy'))
    .flatMap((property) => {
      const type = property.getFirstParameter('fbtype') as string | undefined;
      const kind = type?.toUpperCase() === 'BUSY-TENTATIVE' ? 'TENTATIVE' : 'BUSY';
      if (type?.toUpperCase() === 'FREE') return [];
      return property.getValues().map((value) => periodTime(value, instants, kind));
    });
}

function periodTime(value: unknown, instants: CalendarInstants, kind: BusyKind): BusyTime {
  if (!(value instanceof ICAL.Period)) throw new Error('A busy time that is no period');
  const startsAt = instants.of(value.start, undefined);
  const { end, duration } = value as { end: ICAL.Time | null; duration: ICAL.Duration | null };
  if (end !== null) return { startsAt, endsAt: instants.of(end, undefined), kind };
  return { startsAt, endsAt: new Date(startsAt.getTime() + (duration?.toSeconds() ?? 0) * 1000), kind };
}

function textOf(component: ICAL.Component, property: string): string | undefined {
  const value: unknown = component.getFirstPropertyValue(property);
  return typeof value === 'string' ? value.trim() : undefined;
}
