/**
 * An Accept as a calendar program makes it of the invitation that it was given, and the site's mail server that hands it
 * over: the same message again and again until it hears that it was taken (RFC 5321, section 4.5.4.1).
 */
import { createTransport } from 'nodemailer';
import { type CalendarFacts } from './acceptance.js';

/** One message to one of the service's own addresses. */
export interface Reply {
  readonly from: string;
  readonly to: string;
  readonly bytes: Buffer;
}

/** In milliseconds: after so long without a word the mail server hangs up. */
const SILENCE = 20_000;

/** The whole answer of the only person whom the request invites. */
export function acceptTo(request: CalendarFacts, now: Date): Reply {
  const from = request.attendees[0] ?? '';
  const to = request.organizer;
  const calendar = Buffer.from(calendarOf(request, from, now)).toString('base64');
  const [meeting = ''] = request.uid.split('@');
  const lines = [
    `From: <${from}>`,
    `To: <${to}>`,
    'Subject: Accepted: Multi-agency meeting',
    `Message-ID: <accepted.${meeting}.${request.sequence}@agency.example>`,
    `Date: ${now.toUTCString().replace('GMT', '+0000')}`,
    'MIME-Version: 1.0',
    'Content-Type: multipart/alternative; boundary="part"',
    '',
    '--part',
    'Content-Type: text/plain; charset=utf-8',
    '',
    'I have accepted this invitation.',
    '--part',
    'Content-Type: text/calendar; charset=utf-8; method=REPLY',
    'Content-Transfer-Encoding: base64',
    '',
    calendar.replace(/(.{76})(?=.)/g, '$1\r\n'),
    '--part--',
    '',
  ];
  return { from, to, bytes: Buffer.from(lines.join('\r\n')) };
}

function calendarOf({ uid, organizer, sequence, times }: CalendarFacts, attendee: string, now: Date): string {
  const lines = [
    'BEGIN:VCALENDAR',
    'PRODID:-//A calendar program//EN',
    'VERSION:2.0',
    'CALSCALE:GREGORIAN',
    'METHOD:REPLY',
    'BEGIN:VEVENT',
    ...times,
    `DTSTAMP:${now.toISOString().replace(/[-:]|\.\d{3}/g, '')}`,
    `ORGANIZER:mailto:${organizer}`,
    `UID:${uid}`,
    `ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=ACCEPTED:mailto:${attendee}`,
    `SEQUENCE:${sequence}`,
    'STATUS:CONFIRMED',
    'SUMMARY:Multi-agency meeting',
    'END:VEVENT',
    'END:VCALENDAR',
    '',
  ];
  return lines.join('\r\n');
}

/** Hands a message over once. Whatever it hears but 250 means: again. */
export async function handOver(port: number, { from, to, bytes }: Reply): Promise<boolean> {
  const transport = createTransport({ host: '127.0.0.1', port, ignoreTLS: true, socketTimeout: SILENCE });
  try {
    const { response } = await transport.sendMail({ envelope: { from, to: [to] }, raw: bytes });
    return response.startsWith('250');
  } catch {
    return false;
  } finally {
    transport.close();
  }
}
