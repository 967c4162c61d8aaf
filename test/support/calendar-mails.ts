import ICAL from 'ical.js';
import { type CalendarMail } from '../../src/calendar/calendar-mail.js';

export const LINK = 'https://quorate.test/l/q7uoh3';

/** An invitation of Sgt Priya Nair to a meeting on Monday 6 July 2026 at 14:00 British Summer Time. */
export function aCalendarMail(changes: Partial<CalendarMail> = {}): CalendarMail {
  return {
    kind: 'REQUEST',
    uid: '5b0c4a52-7f0e-4c8e-9a39-2f6f6d0a1c11@quorate.test',
    sequence: 0,
    stampedAt: new Date('2026-07-01T09:00:00Z'),
    startsAt: new Date('2026-07-06T13:00:00Z'),
    endsAt: new Date('2026-07-06T14:00:00Z'),
    zone: 'Europe/London',
    title: 'Multi-agency meeting ALL-2026-0147',
    place: 'Room 3, Civic Centre; second floor',
    note: `Please answer here:\n${LINK}`,
    organiser: { name: 'Alderbrook meetings', address: 'r-q7uoh3nmxw2bz5ka4fyd6ectls@reply.quorate.test' },
    invitee: {
      name: 'Priya Nair',
      address: 'priya.nair@police.test',
      role: 'REQ-PARTICIPANT',
      partstat: 'NEEDS-ACTION',
    },
    ...changes,
  };
}

/** The same invitation with other names or addresses for the two people in it. */
export function aCalendarMailBetween(
  organiser: Partial<CalendarMail['organiser']>,
  invitee: Partial<CalendarMail['invitee']>,
): CalendarMail {
  const mail = aCalendarMail();
  return { ...mail, organiser: { ...mail.organiser, ...organiser }, invitee: { ...mail.invitee, ...invitee } };
}

/** The calendar and its one event as a program other than the builder reads them. */
export function readEvent(text: string): { calendar: ICAL.Component; event: ICAL.Component } {
  const calendar = new ICAL.Component(ICAL.parse(text) as unknown[]);
  const event = calendar.getFirstSubcomponent('vevent');
  if (event === null) throw new Error('There is no event in the calendar.');
  return { calendar, event };
}

/** One value of the event as text. */
export function valueOf(text: string, property: string): string | undefined {
  return readEvent(text).event.getFirstPropertyValue(property)?.toString();
}
