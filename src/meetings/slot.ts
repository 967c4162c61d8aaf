/**
 * When and where a meeting could be, and what a coordinator should know before choosing it. A time in the past or an end
 * before the start is refused. A bank holiday, a weekend, an hour outside office hours or a clash is only warned of: child
 * protection does not wait for Monday, so a person may go on with a reason, and the reason is kept. What changes between
 * two slots decides whether people are asked again (RFC 5546, section 2.1.4, on what endangers an answer).
 */
import { civilTime, formatSpan, longDate, wallTime } from '../authorities/civil-time.js';
import { optionalText, requiredText } from '../authorities/plain-text.js';
import { bankHolidayName, holidaysKnown, isWeekend, type WorkingCalendar } from '../authorities/working-days.js';
import { RuleBroken } from '../errors.js';
import { addressesIn, hasUnsafe, linksIn } from '../mail/text.js';

export const MEETING_MODES = ['IN_PERSON', 'VIDEO', 'PHONE', 'HYBRID'] as const;
export type MeetingMode = (typeof MEETING_MODES)[number];

export interface Slot {
  readonly startsAt: Date;
  readonly endsAt: Date;
  readonly zone: string;
  /** As the wall clock shows it, `2026-12-02T10:00`. */
  readonly wallStart: string;
  readonly wallEnd: string;
  readonly mode: MeetingMode;
  /** The site, in words that say nothing of the matter: it stands in mail and diaries. Empty for video and telephone. */
  readonly place: string;
  /** Room and joining route: only for those who come. */
  readonly joinDetails: string | null;
}

/** What a coordinator fills in. */
export interface SlotPlan {
  /** `2026-12-02` */
  readonly date: string;
  /** `10:00` */
  readonly from: string;
  readonly to: string;
  readonly zone: string;
  readonly mode: MeetingMode;
  readonly place?: string | null;
  readonly joinDetails?: string | null;
}

/** A slot from what was filled in; throws for impossible dates and times, an end before the start, a missing or unsafe place. */
export function slotOf(plan: SlotPlan): Slot {
  const startsAt = instantOf(plan.date, plan.from, plan.zone, 'from');
  const endsAt = instantOf(plan.date, plan.to, plan.zone, 'to');
  requireOrder({ startsAt, endsAt });
  return {
    startsAt,
    endsAt,
    zone: plan.zone,
    wallStart: `${plan.date}T${plan.from}`,
    wallEnd: `${plan.date}T${plan.to}`,
    mode: plan.mode,
    place: placeOf(plan),
    joinDetails: optionalText(plan.joinDetails, { field: 'joinDetails' }),
  };
}

/** One plain line: it is printed in mail and diaries, where an address or a web link would become one to press. */
function placeOf(plan: SlotPlan): string {
  const rule = { field: 'place', ask: 'Enter where people should come', max: 200 };
  const place = isOnSite(plan.mode) ? requiredText(plan.place, rule) : (optionalText(plan.place, rule) ?? '');
  if (hasUnsafe(place)) throw new RuleBroken('UNSAFE_TEXT', 'Enter the place on one line', rule.field);
  if (addressesIn(place).length > 0 || linksIn(place).length > 0) {
    throw new RuleBroken('UNSAFE_TEXT', 'Enter the place without an email or web address', rule.field);
  }
  return place;
}

/** Throws END_BEFORE_START unless the meeting ends after it starts. */
export function requireOrder(slot: Pick<Slot, 'startsAt' | 'endsAt'>): void {
  if (slot.endsAt.getTime() <= slot.startsAt.getTime()) {
    throw new RuleBroken('END_BEFORE_START', 'Enter an end time after the start time', 'to');
  }
}

export type Significance = 'NOTHING' | 'KEEPS_ANSWERS' | 'RESETS_ANSWERS';

/**
 * What moving from one slot to another means for those who answered: a new time, another site, or a way of attending
 * taken away asks everybody again; a room or a joining route reaches their diaries and keeps their answers.
 */
export function significance(before: Slot, after: Slot): Significance {
  if (isAnotherTime(before, after) || isAnotherWay(before, after)) return 'RESETS_ANSWERS';
  const same = before.mode === after.mode && before.place === after.place && before.joinDetails === after.joinDetails;
  return same ? 'NOTHING' : 'KEEPS_ANSWERS';
}

function isAnotherTime(before: Slot, after: Slot): boolean {
  const sameStart = before.startsAt.getTime() === after.startsAt.getTime();
  const sameEnd = before.endsAt.getTime() === after.endsAt.getTime();
  return !sameStart || !sameEnd || before.zone !== after.zone;
}

/** Another site, or one of the ways in which somebody may have meant to come is gone. */
function isAnotherWay(before: Slot, after: Slot): boolean {
  if (isOnSite(before.mode)) return !isOnSite(after.mode) || before.place !== after.place || lostRemote(before, after);
  return lostRemote(before, after);
}

function lostRemote(before: Slot, after: Slot): boolean {
  return isRemote(before.mode) && !isRemote(after.mode);
}

export interface Warning {
  readonly code:
    'BANK_HOLIDAY' | 'HOLIDAYS_NOT_KNOWN' | 'WEEKEND' | 'CLOSURE' | 'OUTSIDE_OFFICE_HOURS' | 'CLASH' | 'BUSY_ELSEWHERE';
  readonly message: string;
  readonly field: 'date' | 'from' | 'invitees';
}

/** Another meeting somebody is asked to at the same time. Says who and when, never what it is about. */
export interface Clash {
  readonly contactName: string;
  readonly startsAt: Date;
  readonly endsAt: Date;
}

/** Office hours 09:00 to 17:00: this product's default for "working hours". */
const OPENS = '09:00';
const CLOSES = '17:00';

/** Everything worth a second thought about a slot, in the order of the form; empty when there is nothing. */
export function warnings(slot: Slot, calendar: WorkingCalendar, clashes: readonly Clash[]): Warning[] {
  const from = wallTime(slot.startsAt, slot.zone);
  const to = wallTime(slot.endsAt, slot.zone);
  const found = dayWarnings(from.date, calendar);
  if (from.time < OPENS || to.time > CLOSES || to.date !== from.date) {
    const message = `The meeting is outside office hours (9am to 5pm): ${from.clock} to ${to.clock}`;
    found.push({ code: 'OUTSIDE_OFFICE_HOURS', message, field: 'from' });
  }
  const overlapping = clashes.filter((clash) => clash.startsAt < slot.endsAt && slot.startsAt < clash.endsAt);
  for (const clash of overlapping) {
    const message = `${clash.contactName} is asked to another meeting: ${formatSpan(clash.startsAt, clash.endsAt, slot.zone)}`;
    found.push({ code: 'CLASH', message, field: 'invitees' });
  }
  return found;
}

/**
 * The reason kept for going on in spite of warnings, null when there were none; throws NEEDS_CONFIRMATION with every
 * warning in its sentence while there is no reason.
 */
export function passWarnings(found: readonly Warning[], reason: string | null): string | null {
  if (found.length === 0) return null;
  const given = optionalText(reason, { field: 'overrideReason' });
  if (given !== null) return given;
  const said = found.map((warning) => `${warning.message}.`).join(' ');
  throw new RuleBroken(
    'NEEDS_CONFIRMATION',
    `${said} Choose another time, or give a reason for this one`,
    'overrideReason',
  );
}

function dayWarnings(date: string, calendar: WorkingCalendar): Warning[] {
  const day = longDate(date);
  const holiday = bankHolidayName(date, calendar.jurisdiction);
  const found: Warning[] = [];
  if (holiday) found.push({ code: 'BANK_HOLIDAY', message: `${day} is ${holiday}`, field: 'date' });
  if (isWeekend(date)) found.push({ code: 'WEEKEND', message: `${day} is at the weekend`, field: 'date' });
  if (calendar.closures.includes(date)) {
    found.push({ code: 'CLOSURE', message: `The council is closed on ${day}`, field: 'date' });
  }
  if (!holidaysKnown(date)) {
    const message = `The bank holidays of ${date.slice(0, 4)} are not known yet: check that ${day} is not one`;
    found.push({ code: 'HOLIDAYS_NOT_KNOWN', message, field: 'date' });
  }
  return found;
}

function isOnSite(mode: MeetingMode): boolean {
  return mode === 'IN_PERSON' || mode === 'HYBRID';
}

function isRemote(mode: MeetingMode): boolean {
  return mode !== 'IN_PERSON';
}

/** The instant of one of the form's two times, its errors told of that time's own field. */
function instantOf(date: string, time: string, zone: string, field: 'from' | 'to'): Date {
  try {
    return civilTime(date, time, zone).instant;
  } catch (error) {
    if (error instanceof RuleBroken && error.field === 'time') {
      throw new RuleBroken(error.code, error.message, field);
    }
    throw error;
  }
}
