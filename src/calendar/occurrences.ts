/*
 * When one event of a published calendar takes place within a window (RFC 5545 section 3.8.5): once, or again and again
 * by a rule, with dates added, left out and moved. A rule is followed in the wall clock of its own zone, so that ten
 * o'clock stays ten o'clock across a clock change, and for so many steps at most: a rule by the second never ends.
 */
import ICAL from 'ical.js';
import { type BusyKind, type BusyTime, type Window } from './busy-times.js';
import { type CalendarInstants } from './calendar-instants.js';

/** Steps of one rule before it counts as endless (interop guide, section 11). */
const MOST_STEPS = 5_000;
const DAY_MS = 86_400_000;

export interface Reading {
  readonly instants: CalendarInstants;
  readonly window: Window;
  /** How an event takes up somebody's time; nothing for one that does not. */
  readonly kindOf: (event: ICAL.Component) => BusyKind | undefined;
}

interface Span {
  readonly start: ICAL.Time;
  readonly tzid: string | undefined;
  readonly startsAt: Date;
  readonly lasts: (startsAt: Date, start: ICAL.Time) => Date;
}

/** The times at which `event` and those of its dates that were `moved` take place. Throws when that cannot be told. */
export function occurrences(event: ICAL.Component, moved: readonly ICAL.Component[], reading: Reading): BusyTime[] {
  if (moved.length === 0 && isFarAway(event, reading.window)) return [];
  const span = spanOf(event, reading.instants);
  const kind = reading.kindOf(event);
  const left = kind === undefined ? [] : startsOf(event, span, reading);
  const gone = new Set([...instantsIn(event, 'exdate', reading), ...moved.map((one) => replaced(one, reading))]);
  const kept = left.filter(({ startsAt }) => !gone.has(startsAt.getTime()));
  return [...kept.map((time) => ({ ...time, kind: kind ?? 'BUSY' })), ...moved.flatMap((one) => once(one, reading))];
}

/** Years of past events are let go by their date alone: nobody's zone is two days from another's. */
function isFarAway(event: ICAL.Component, window: Window): boolean {
  if (event.hasProperty('rrule') || event.hasProperty('rdate')) return false;
  const [start, end] = [timeOf(event, 'dtstart'), timeOf(event, 'dtend')];
  if (start === undefined || end === undefined) return false;
  return (
    roughly(start.time) > window.to.getTime() + 2 * DAY_MS || roughly(end.time) < window.from.getTime() - 2 * DAY_MS
  );
}

const roughly = ({ year, month, day }: ICAL.Time): number => Date.UTC(year, month - 1, day);

function once(event: ICAL.Component, { instants, kindOf }: Reading): BusyTime[] {
  const { startsAt, start, lasts } = spanOf(event, instants);
  const kind = kindOf(event);
  return kind === undefined ? [] : [{ startsAt, endsAt: lasts(startsAt, start), kind }];
}

function spanOf(event: ICAL.Component, instants: CalendarInstants): Span {
  const start = timeOf(event, 'dtstart');
  if (start === undefined) throw new Error('An event that starts at no time');
  const startsAt = instants.of(start.time, start.tzid);
  const end = timeOf(event, 'dtend');
  const duration: unknown = event.getFirstPropertyValue('duration');
  const tzid = start.tzid;
  if (start.time.isDate) {
    const days =
      end === undefined
        ? daysIn(duration)
        : Math.round((instants.of(end.time, end.tzid).getTime() - startsAt.getTime()) / DAY_MS);
    return { start: start.time, tzid, startsAt, lasts: (_, from) => instants.of(addDays(from, days), undefined) };
  }
  const ms =
    end === undefined ? secondsIn(duration) * 1000 : instants.of(end.time, end.tzid).getTime() - startsAt.getTime();
  return { start: start.time, tzid, startsAt, lasts: (from) => new Date(from.getTime() + Math.max(ms, 0)) };
}

type Taken = Omit<BusyTime, 'kind'>;

function startsOf(event: ICAL.Component, span: Span, reading: Reading): Taken[] {
  const rules = event.getAllProperties('rrule').flatMap((property) => property.getValues() as unknown[]);
  const first = { startsAt: span.startsAt, endsAt: span.lasts(span.startsAt, span.start) };
  const repeated = rules.flatMap((rule) => {
    if (!(rule instanceof ICAL.Recur)) throw new Error('A rule that is none');
    return repeats(rule, span, first, reading);
  });
  const added = event
    .getAllProperties('rdate')
    .flatMap((property) =>
      property.getValues().map((value: unknown) => addedTime(value, property.getFirstParameter('tzid'), span, reading)),
    );
  return [first, ...repeated, ...added];
}

function addedTime(value: unknown, tzid: string | undefined, span: Span, { instants }: Reading): Taken {
  const time: unknown = value instanceof ICAL.Period ? value.start : value;
  if (!(time instanceof ICAL.Time)) throw new Error('A date that is none');
  const startsAt = instants.of(time, tzid);
  return { startsAt, endsAt: span.lasts(startsAt, time) };
}

function repeats(rule: ICAL.Recur, span: Span, first: Taken, { instants, window }: Reading): Taken[] {
  const until = untilOf(rule, span, instants);
  const lengthMs = first.endsAt.getTime() - first.startsAt.getTime();
  const steps = rule.clone();
  steps.until = null;
  const iterator = steps.iterator(nearWindow(rule, span, window.from.getTime() - lengthMs));
  const found: Taken[] = [];
  for (let step = 0; step < MOST_STEPS; step += 1) {
    const time = iterator.next() as ICAL.Time | null;
    if (time === null) return found;
    const startsAt = instants.of(time, span.tzid ?? utcOf(span.start));
    if (startsAt >= window.to || (until !== undefined && startsAt > until)) return found;
    const endsAt = span.lasts(startsAt, time);
    if (endsAt > window.from) found.push({ startsAt, endsAt });
  }
  throw new Error('A rule without an end');
}

const utcOf = (time: ICAL.Time): string | undefined => (time.zone.tzid === 'UTC' ? 'Etc/UTC' : undefined);

/** The last moment at which the rule may begin another; a date stands for its whole day. */
function untilOf({ until }: ICAL.Recur, span: Span, instants: CalendarInstants): Date | undefined {
  if (!(until instanceof ICAL.Time)) return undefined;
  const at = instants.of(until, span.tzid);
  return until.isDate ? new Date(at.getTime() + DAY_MS) : at;
}

/**
 * Where to begin counting: a rule by days or weeks without a count goes on as it began, so whole rounds of it that lie
 * before the window need not be walked; a daily meeting that began twenty years ago is no endless rule.
 */
function nearWindow(rule: ICAL.Recur, { start, startsAt }: Span, before: number): ICAL.Time {
  const wall = ICAL.Time.fromData({ ...wallOf(start), isDate: start.isDate });
  const round = { DAILY: 1, WEEKLY: 7 }[rule.freq];
  if (round === undefined || rule.isByCount()) return wall;
  const days = Math.floor((before - startsAt.getTime()) / DAY_MS) - 2;
  const rounds = Math.floor(days / (round * Math.max(rule.interval, 1)));
  return rounds > 0 ? addDays(wall, rounds * round * Math.max(rule.interval, 1)) : wall;
}

function instantsIn(event: ICAL.Component, name: string, { instants }: Reading): number[] {
  return event.getAllProperties(name).flatMap((property) =>
    property.getValues().map((value: unknown) => {
      if (!(value instanceof ICAL.Time)) throw new Error('A date that is none');
      return instants.of(value, property.getFirstParameter('tzid')).getTime();
    }),
  );
}

/** The date of the series that a moved event stands for. */
function replaced(event: ICAL.Component, { instants }: Reading): number {
  const stands = timeOf(event, 'recurrence-id');
  if (stands === undefined) throw new Error('A moved event that stands for nothing');
  return instants.of(stands.time, stands.tzid).getTime();
}

function timeOf(event: ICAL.Component, name: string): { time: ICAL.Time; tzid: string | undefined } | undefined {
  const property = event.getFirstProperty(name);
  if (property === null) return undefined;
  const time: unknown = property.getFirstValue();
  if (!(time instanceof ICAL.Time)) throw new Error('A time that is none');
  return { time, tzid: property.getFirstParameter('tzid') };
}

function addDays(time: ICAL.Time, days: number): ICAL.Time {
  const moved = time.clone();
  moved.adjust(days, 0, 0, 0);
  return moved;
}

function wallOf({ year, month, day, hour, minute, second }: ICAL.Time): Record<string, number> {
  return { year, month, day, hour, minute, second };
}

const secondsIn = (duration: unknown): number => (duration instanceof ICAL.Duration ? duration.toSeconds() : 0);
/** A whole day without an end lasts that day (RFC 5545 section 3.6.1). */
const daysIn = (duration: unknown): number =>
  duration instanceof ICAL.Duration ? Math.ceil(duration.toSeconds() / 86_400) : 1;
