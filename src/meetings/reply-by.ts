/**
 * How soon an answer is needed. The less time is left to the meeting, the sooner: an emergency is under four hours away,
 * an urgent meeting under sixteen working hours (two working days of eight hours), everything else is routine. People are
 * asked to answer by four in the afternoon of the next working day, or of the same day, or, when that would be too late,
 * as soon as they can. These figures are this product's own; they go with its ladder of reminders.
 */
import { DateTime } from 'luxon';

import { addWorkingDays, isWorkingDay, localDate, LONDON, type WorkingCalendar } from '../authorities/working-days.js';
import { type Urgency } from './meeting.js';

const EMERGENCY_MS = 4 * 3_600_000;
const URGENT_WORKING_HOURS = 16;
/** An answer is of use while somebody else can still be asked: two hours before the start. */
const ROOM_MS = 2 * 3_600_000;
/** Nobody is asked to answer within less than an hour by the clock. */
const LEAST_MS = 3_600_000;
const REPLY_HOUR = 16;

/** How urgent a meeting is at the moment it goes out. One that has passed is routine, and so is refused. */
export function urgencyAt(now: Date, startsAt: Date, calendar: WorkingCalendar): Urgency {
  const left = startsAt.getTime() - now.getTime();
  if (left < 0) return 'ROUTINE';
  if (left < EMERGENCY_MS) return 'EMERGENCY';
  return workingHours(now, startsAt, calendar) < URGENT_WORKING_HOURS ? 'URGENT' : 'ROUTINE';
}

/** Until when people are asked to answer; null means as soon as they can. */
export function replyBy(now: Date, startsAt: Date, calendar: WorkingCalendar): Date | null {
  const nextDay = atReplyHour(addWorkingDays(now, 1, calendar));
  const sameDay = atReplyHour(now);
  const latest = startsAt.getTime() - ROOM_MS;
  const suits = (by: Date) => by.getTime() <= latest && by.getTime() - now.getTime() >= LEAST_MS;
  return [nextDay, sameDay].find(suits) ?? null;
}

function atReplyHour(day: Date): Date {
  return DateTime.fromJSDate(day, { zone: LONDON })
    .set({ hour: REPLY_HOUR, minute: 0, second: 0, millisecond: 0 })
    .toJSDate();
}

/** Hours between 09:00 and 17:00 on working days; stops counting once it is more than anybody asks about. */
function workingHours(from: Date, to: Date, calendar: WorkingCalendar): number {
  let hours = 0;
  let day = DateTime.fromJSDate(from, { zone: LONDON }).startOf('day');
  while (day.toJSDate() < to && hours < URGENT_WORKING_HOURS) {
    if (isWorkingDay(localDate(day.toJSDate()), calendar)) {
      const opens = Math.max(day.set({ hour: 9 }).toMillis(), from.getTime());
      const closes = Math.min(day.set({ hour: 17 }).toMillis(), to.getTime());
      hours += Math.max(0, closes - opens) / 3_600_000;
    }
    day = day.plus({ days: 1 });
  }
  return hours;
}
