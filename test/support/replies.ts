import { UNCHECKED, type Authentication, type OpenedMail } from '../../src/mail/inbound/opened-mail.js';

/** What a calendar program answers to, read from the invitation it had. */
export interface Answered {
  readonly uid: string;
  readonly sequence: number;
  /** The reply address. */
  readonly organizer: string;
  readonly attendee: string;
  readonly startsAt: Date;
  readonly endsAt: Date;
}

/** One way in which a reply differs from a plain acceptance; each is a fault or a habit of some program. */
export interface Odd {
  readonly method?: 'REPLY' | 'COUNTER' | 'REFRESH' | 'REQUEST';
  readonly partstat?: string;
  readonly attendee?: string;
  /** Beside the one above. */
  readonly otherAttendee?: string;
  readonly sentBy?: string;
  readonly delegatedTo?: string;
  readonly uid?: string;
  readonly sequence?: number | null;
  readonly stampedAt?: Date;
  readonly comment?: string;
  readonly recurrenceId?: string;
  /** The time it proposes, and the zone it writes it in. */
  readonly proposes?: { readonly start: string; readonly end: string; readonly tzid: string | null };
  readonly bom?: boolean;
  readonly signature?: boolean;
  readonly junk?: boolean;
  readonly rrule?: string;
}

type Program = 'EXCHANGE' | 'GOOGLE' | 'APPLE' | 'THUNDERBIRD';
export const PROGRAMS: readonly Program[] = ['EXCHANGE', 'GOOGLE', 'APPLE', 'THUNDERBIRD'];

const utc = (at: Date): string => at.toISOString().replace(/[-:]|\.\d{3}/g, '');
const folded = (line: string): string => line.replace(/(.{70})(?=.)/gu, '$1\r\n ');

/** The calendar part as one program writes it. */
export function replyFrom(program: Program, to: Answered, odd: Odd = {}): string {
  const lines = [
    'BEGIN:VCALENDAR',
    `METHOD:${odd.method ?? 'REPLY'}`,
    `PRODID:-//${program}//EN`,
    'VERSION:2.0',
    ...(program === 'EXCHANGE' ? EXCHANGE_ZONE : []),
    'BEGIN:VEVENT',
    ...people(program, to, odd),
    `UID:${odd.uid ?? to.uid}`,
    ...SUMMARIES[program],
    ...times(program, to, odd),
    ...stamps(program, to, odd),
    ...(odd.junk === true ? ['This line is none of a calendar', '=20'] : []),
    'END:VEVENT',
    'END:VCALENDAR',
  ];
  const end = program === 'APPLE' ? '\n' : '\r\n';
  const text = lines.map(folded).join(end) + end;
  return asSent(text, odd);
}

function asSent(text: string, odd: Odd): string {
  const signed = odd.signature === true ? `${text}\r\n--\r\nThis message was scanned\r\n` : text;
  return odd.bom === true ? `\ufeff${signed}` : signed;
}

/** One line with a value, where it is given. */
const ifGiven = (value: string | number | null | undefined, before: string, after = ''): string[] =>
  value === undefined || value === null ? [] : [`${before}${value}${after}`];

const SUMMARIES: Readonly<Record<Program, string[]>> = {
  EXCHANGE: ['SUMMARY;LANGUAGE=en-GB:Accepted: Multi-agency meeting'],
  GOOGLE: ['SUMMARY:Multi-agency meeting'],
  APPLE: ['SUMMARY:Multi-agency meeting'],
  THUNDERBIRD: ['SUMMARY:Multi-agency meeting', 'STATUS:CONFIRMED', 'CLASS:PRIVATE', 'TRANSP:OPAQUE'],
};

function people(program: Program, to: Answered, odd: Odd): string[] {
  const isExchange = program === 'EXCHANGE';
  const attendee = odd.attendee ?? (isExchange ? to.attendee.toUpperCase() : to.attendee);
  const who = [
    `PARTSTAT=${odd.partstat ?? 'ACCEPTED'}`,
    ...ifGiven(odd.sentBy, 'SENT-BY="mailto:', '"'),
    ...ifGiven(odd.delegatedTo, 'DELEGATED-TO="mailto:', '"'),
    ...(program === 'GOOGLE' ? ['CUTYPE=INDIVIDUAL', 'ROLE=REQ-PARTICIPANT', 'X-NUM-GUESTS=0'] : []),
  ].join(';');
  return [
    ...(isExchange ? [] : [`ORGANIZER:mailto:${to.organizer}`]),
    `ATTENDEE;${who}:${isExchange ? 'MAILTO:' : 'mailto:'}${attendee}`,
    ...ifGiven(odd.otherAttendee, 'ATTENDEE;PARTSTAT=ACCEPTED:mailto:'),
  ];
}

function times(program: Program, to: Answered, odd: Odd): string[] {
  const zoned = program === 'EXCHANGE' ? 'GMT Standard Time' : 'Europe/London';
  const { start, end, tzid } = odd.proposes ?? { start: wall(to.startsAt), end: wall(to.endsAt), tzid: zoned };
  const zone = tzid === null ? '' : `;TZID=${tzid}`;
  const rule = ifGiven(odd.rrule, 'RRULE:');
  return [`DTSTART${zone}:${start}`, `DTEND${zone}:${end}`, ...rule];
}

function stamps(program: Program, to: Answered, odd: Odd): string[] {
  const usual = program === 'EXCHANGE' ? null : to.sequence;
  const sequence = odd.sequence === undefined ? usual : odd.sequence;
  return [
    ...ifGiven(odd.recurrenceId, 'RECURRENCE-ID:'),
    ...ifGiven(sequence, 'SEQUENCE:'),
    `DTSTAMP:${utc(odd.stampedAt ?? new Date('2026-11-30T11:30:00Z'))}`,
    ...ifGiven(odd.comment, 'COMMENT:'),
  ];
}

/** Clock time in London, as a calendar writes it. */
function wall(at: Date): string {
  const parts = new Intl.DateTimeFormat('sv-SE', {
    timeZone: 'Europe/London',
    dateStyle: 'short',
    timeStyle: 'medium',
  }).format(at);
  return parts.replace(/[-:]/g, '').replace(' ', 'T');
}

const EXCHANGE_ZONE = [
  'BEGIN:VTIMEZONE',
  'TZID:GMT Standard Time',
  'BEGIN:STANDARD',
  'DTSTART:16010101T020000',
  'TZOFFSETFROM:+0100',
  'TZOFFSETTO:+0000',
  'RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=10',
  'END:STANDARD',
  'BEGIN:DAYLIGHT',
  'DTSTART:16010101T010000',
  'TZOFFSETFROM:+0000',
  'TZOFFSETTO:+0100',
  'RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=3',
  'END:DAYLIGHT',
  'END:VTIMEZONE',
];

/** What the mail servers found: theirs, nothing, a forgery, or the shape of Google's own calendar mail. */
export const FOUND = {
  vouched: (domain: string): Authentication => ({
    dmarc: { domain, result: 'pass' },
    dkim: [{ domain, result: 'pass' }],
    spf: { domain, result: 'pass' },
  }),
  nothing: UNCHECKED,
  forged: (domain: string): Authentication => ({
    dmarc: { domain, result: 'fail' },
    dkim: [],
    spf: { domain, result: 'fail' },
  }),
  google: (domain: string): Authentication => ({
    dmarc: { domain, result: 'fail' },
    dkim: [{ domain: 'google.com', result: 'pass' }],
    spf: { domain: 'calendar-server.bounces.google.com', result: 'pass' },
  }),
} as const;

/** A message as it comes out of the opening, plain unless told. */
export function openedMail(given: Partial<OpenedMail>): OpenedMail {
  return {
    ...{ authorityId: 1, id: 'm', addressKind: 'r', invitationId: null, meetingId: null, matterId: null },
    ...{ contactId: null, ofMessageId: null, receivedAt: new Date('2026-11-30T11:31:00Z'), returnPath: null },
    ...{ sender: null, subject: 'Accepted', sentAt: new Date('2026-11-30T11:30:30Z'), messageId: null },
    ...{ inReplyTo: null, text: '', kind: 'CALENDAR', calendars: [], deliveryStatus: null, returnedMessageId: null },
    ...{ authentication: UNCHECKED, possiblyAutomatic: false },
    ...given,
  };
}
