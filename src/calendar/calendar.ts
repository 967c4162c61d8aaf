/*
 * A meeting as one invitee's calendar program is told of it (iCalendar, RFC 5545; by email, RFC 5546 and RFC 6047).
 * This is the only place that builds a calendar. It says where and when, and nothing of what the meeting is about.
 *
 * The builder has traps that give a wrong hour and no error, hence the fixed recipe: the zone stands on the event and
 * never on the calendar; times are given in the target zone and never as bare dates (those print the server's hour); no
 * URL, no delegation, no creation date. A meeting that starts or ends in the hour that happens twice on the October
 * change is written in UTC, because readers disagree which of the two hours is meant.
 */
import ical, {
  ICalAlarmType,
  ICalAttendeeRole,
  ICalAttendeeStatus,
  ICalAttendeeType,
  ICalCalendarMethod,
  type ICalEvent,
  ICalEventBusyStatus,
  ICalEventClass,
  type ICalEventData,
  ICalEventStatus,
  ICalEventTransparency,
} from 'ical-generator';
import { DateTime, IANAZone } from 'luxon';
import { tzlib_get_ical_block } from 'timezones-ical-library';
import { cleanLine, cleanName } from '../mail/text.js';
import { type CalendarMail } from './calendar-mail.js';
import { CalendarLint, lintCalendar } from './lint.js';
import { lintFeed } from './feed-lint.js';
import { type FeedMeeting } from './feed-meeting.js';
import { tidy } from './tidy.js';

const REMINDER_BEFORE_SECONDS = 15 * 60;

const ROLES: Record<CalendarMail['invitee']['role'], ICalAttendeeRole> = {
  CHAIR: ICalAttendeeRole.CHAIR,
  'REQ-PARTICIPANT': ICalAttendeeRole.REQ,
  'OPT-PARTICIPANT': ICalAttendeeRole.OPT,
  'NON-PARTICIPANT': ICalAttendeeRole.NON,
};
const ANSWERS: Record<CalendarMail['invitee']['partstat'], ICalAttendeeStatus> = {
  'NEEDS-ACTION': ICalAttendeeStatus.NEEDSACTION,
  ACCEPTED: ICalAttendeeStatus.ACCEPTED,
  DECLINED: ICalAttendeeStatus.DECLINED,
  TENTATIVE: ICalAttendeeStatus.TENTATIVE,
};

/* The library answers an unknown zone with a sentence instead of a list. */
function zoneRules(zone: string): string | null {
  const found = tzlib_get_ical_block(zone);
  return Array.isArray(found) ? (found[0] ?? null) : null;
}

const happensTwice = (instant: Date, zone: string): boolean =>
  DateTime.fromJSDate(instant, { zone }).getPossibleOffsets().length > 1;

type Timed = Pick<CalendarMail, 'startsAt' | 'endsAt' | 'zone' | 'stampedAt'>;

function status(m: CalendarMail): ICalEventStatus | null {
  if (m.kind === 'WITHDRAW') return null;
  if (m.kind === 'CANCEL') return ICalEventStatus.CANCELLED;
  return m.hold === true ? ICalEventStatus.TENTATIVE : ICalEventStatus.CONFIRMED;
}

function times(m: Timed): Pick<ICalEventData, 'start' | 'end' | 'timezone' | 'stamp'> {
  const utc = happensTwice(m.startsAt, m.zone) || happensTwice(m.endsAt, m.zone);
  const zone = utc ? 'utc' : m.zone;
  return {
    stamp: DateTime.fromJSDate(m.stampedAt, { zone: 'utc' }),
    start: DateTime.fromJSDate(m.startsAt, { zone }),
    end: DateTime.fromJSDate(m.endsAt, { zone }),
    timezone: utc ? null : m.zone,
  };
}

function addPeople(event: ICalEvent, m: CalendarMail): void {
  event.organizer({ name: cleanName(m.organiser.name) || m.organiser.address, email: m.organiser.address });
  event.createAttendee({
    name: cleanName(m.invitee.name) || cleanName(m.invitee.address),
    email: m.invitee.address,
    rsvp: m.kind === 'REQUEST',
    role: ROLES[m.invitee.role],
    status: ANSWERS[m.invitee.partstat],
    type: ICalAttendeeType.INDIVIDUAL,
  });
}

/**
 * The calendar part of one message: the same bytes on every server, whatever its time zone.
 * Throws `CalendarLint` with the number of the broken rule if anything in it is not as it must be.
 */
export function buildCalendar(m: CalendarMail): string {
  if (!IANAZone.isValidZone(m.zone)) throw new CalendarLint(8, 'The time zone is unknown.');
  const calendar = ical({
    method: m.kind === 'REQUEST' ? ICalCalendarMethod.REQUEST : ICalCalendarMethod.CANCEL,
    scale: 'gregorian',
    prodId: { company: 'Quorate', product: 'Meetings', language: 'EN' },
  });
  calendar.timezone({ name: null, generator: zoneRules });
  const event = calendar.createEvent({
    ...times(m),
    id: cleanLine(m.uid),
    sequence: m.sequence,
    summary: cleanLine(m.title),
    location: cleanLine(m.place) || null,
    description: m.note.split('\n').map(cleanLine).join('\n').trim() || null,
    status: status(m),
    class: ICalEventClass.PRIVATE,
    transparency: ICalEventTransparency.OPAQUE,
    busystatus: m.hold === true ? ICalEventBusyStatus.TENTATIVE : ICalEventBusyStatus.BUSY,
    x: [{ key: 'X-MICROSOFT-DISALLOW-COUNTER', value: 'FALSE' }],
  });
  addPeople(event, m);
  if (m.kind === 'REQUEST') {
    event.createAlarm({ type: ICalAlarmType.display, trigger: REMINDER_BEFORE_SECONDS, description: 'Meeting' });
  }
  const text = tidy(calendar.toString());
  lintCalendar(text, m);
  return text;
}

/** How soon a calendar program should read a feed again: an hour (RFC 7986 section 5.7). */
const REFRESH_SECONDS = 60 * 60;

const TAKEN: Record<FeedMeeting['attends'], ICalEventBusyStatus> = {
  YES: ICalEventBusyStatus.BUSY,
  PERHAPS: ICalEventBusyStatus.TENTATIVE,
  NO: ICalEventBusyStatus.FREE,
};

/**
 * A person's meetings as their calendar program reads them by itself: when, under which reference, and nothing else. The
 * same meetings give the same bytes, whenever they are read. Throws `CalendarLint` as `buildCalendar` does.
 */
export function buildFeed(meetings: readonly FeedMeeting[]): string {
  const calendar = ical({
    method: ICalCalendarMethod.PUBLISH,
    scale: 'gregorian',
    prodId: { company: 'Quorate', product: 'Meetings', language: 'EN' },
    name: 'Quorate',
    ttl: REFRESH_SECONDS,
  });
  calendar.timezone({ name: null, generator: zoneRules });
  for (const meeting of meetings) {
    if (!IANAZone.isValidZone(meeting.zone)) throw new CalendarLint(8, 'The time zone is unknown.');
    calendar.createEvent({
      ...times(meeting),
      id: cleanLine(meeting.uid),
      sequence: meeting.sequence,
      summary: cleanLine(meeting.title),
      status: feedStatus(meeting),
      class: ICalEventClass.PRIVATE,
      transparency: blocks(meeting) ? ICalEventTransparency.OPAQUE : ICalEventTransparency.TRANSPARENT,
      busystatus: blocks(meeting) ? takes(meeting) : ICalEventBusyStatus.FREE,
    });
  }
  const text = tidy(meetings.length === 0 ? withZone(calendar.toString()) : calendar.toString());
  lintFeed(text, meetings);
  return text;
}

/* A calendar holds at least one block (RFC 5545 section 3.6); without a meeting that is the zone of the next one. */
function withZone(text: string): string {
  return text.replace('END:VCALENDAR', `${(zoneRules('Europe/London') ?? '').trim()}\r\nEND:VCALENDAR`);
}

function feedStatus({ cancelled, hold }: FeedMeeting): ICalEventStatus {
  if (cancelled) return ICalEventStatus.CANCELLED;
  return hold === true ? ICalEventStatus.TENTATIVE : ICalEventStatus.CONFIRMED;
}

const takes = ({ attends, hold }: FeedMeeting): ICalEventBusyStatus =>
  hold === true ? ICalEventBusyStatus.TENTATIVE : TAKEN[attends];

const blocks = ({ cancelled, attends }: FeedMeeting): boolean => !cancelled && attends !== 'NO';
