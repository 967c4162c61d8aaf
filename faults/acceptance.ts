/** What the mail server noted of one message when it took it. */
import { createHash } from 'node:crypto';

/** The calendar part of a message, as far as the order of things is told by it. */
export interface CalendarFacts {
  readonly method: string;
  readonly uid: string;
  readonly sequence: number;
  readonly attendees: readonly string[];
  /** Where answers go. */
  readonly organizer: string;
  /** When it begins and ends: the lines as they stand. */
  readonly times: readonly string[];
}

/** One acceptance; the same message taken twice is two. */
export interface Acceptance {
  /** In the order of taking, from 1. */
  readonly order: number;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly from: string;
  readonly to: readonly string[];
  readonly messageId: string;
  readonly sha256: string;
  /** Addresses of the To, Cc and Bcc lines. */
  readonly headed: readonly string[];
  readonly calendar: CalendarFacts | null;
  /** It says that an answer came in. Such a message has no calendar part. */
  readonly confirms: boolean;
}

export interface Envelope {
  readonly from: string;
  readonly to: readonly string[];
}

/** Reads a message as taken. It trusts nothing that the sender's own program says elsewhere. */
export function acceptanceOf(envelope: Envelope, bytes: Buffer, order: number, at: number): Acceptance {
  const text = bytes.toString('latin1');
  const end = text.indexOf('\r\n\r\n');
  const head = unfold(text.slice(0, end < 0 ? undefined : end));
  return {
    order,
    at,
    ...envelope,
    messageId: /^Message-ID: *(\S+)/im.exec(head)?.[1] ?? '',
    sha256: createHash('sha256').update(bytes).digest('hex'),
    headed: [...head.matchAll(/^(?:To|Cc|Bcc):(.*)$/gim)].flatMap(
      ([, line = '']) => line.match(/[^\s<>,:;"]+@[^\s<>,;"]+/g) ?? [],
    ),
    calendar: calendarIn(text),
    confirms: /^Subject: .*: we have your answer *$/im.test(head),
  };
}

function unfold(text: string): string {
  return text.replace(/\r\n[ \t]+/g, ' ');
}

const CALENDAR_PART = /Content-Type: text\/calendar(?:.|\r\n)*?\r\n\r\n((?:[A-Za-z0-9+/=]+\r\n)+)/;

function calendarIn(text: string): CalendarFacts | null {
  const encoded = CALENDAR_PART.exec(text)?.[1];
  if (encoded === undefined) return null;
  const calendar = Buffer.from(encoded, 'base64')
    .toString('utf8')
    .replace(/\r\n[ \t]/g, '');
  const value = (name: string): string =>
    new RegExp(`^${name}(?:;[^:\\r\\n]*)?:(.*?)\\r$`, 'm').exec(calendar)?.[1] ?? '';
  const event = calendar.slice(calendar.indexOf('BEGIN:VEVENT'));
  return {
    method: value('METHOD'),
    uid: value('UID'),
    sequence: Number(value('SEQUENCE')),
    attendees: [...calendar.matchAll(/^ATTENDEE[^\r\n]*?:mailto:([^\r\n]*)\r$/gim)].map(([, address = '']) => address),
    organizer: value('ORGANIZER').replace(/^mailto:/i, ''),
    times: event.match(/^DT(?:START|END)[;:][^\r\n]*/gm) ?? [],
  };
}
