/** Messages that nobody would write, from a seed: the same number gives the same message. */

type Next = () => number;

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
function numbersFrom(seed: number): Next {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const TEXTS = [
  'Yes, I will come.',
  'ACCEPTED',
  'Siân says \u201cno\u201d \u{1f600}',
  'x'.repeat(3_000),
  '-- \r\nLeanne',
  '\u0000\u0007\u202e\ufeff',
  '550 5.1.1 unknown user',
  '452 4.2.2 full',
  '<b>yes</b>&#x0;&#1114112;&nbsp',
  '=?utf-8?q?=0D=0ABcc:_evil=40example.org?=',
  '=?utf-8?b?////?= =?x-none?q?=?=',
  '--b',
  '--b--',
  '.',
  '..',
  'BEGIN:VCALENDAR',
  'a@b, <c@d>; "e\\"f" <g@h> (i(j)k) group: l@m, n@o;',
];

const HEADERS = [
  'From',
  'Sender',
  'Subject',
  'Date',
  'Message-ID',
  'In-Reply-To',
  'To',
  'Auto-Submitted',
  'Precedence',
  'List-Id',
  'X-Autoreply',
  'X-Failed-Recipients',
  'Return-Path',
  'Authentication-Results',
  'DKIM-Signature',
  'MIME-Version',
  'X-Unknown',
];

const TYPES = [
  'text/plain',
  'text/plain; charset=iso-8859-1',
  'text/plain; charset=utf-16',
  'text/plain; charset=x-nothing; format=flowed; delsp=yes',
  'text/html; charset="windows-1252"',
  'text/calendar; method=REPLY',
  'text/calendar; method=REQUEST; charset=us-ascii',
  'text/calendar; method="COUNTER',
  'application/ics; name=invite.ics',
  "application/octet-stream; name*=utf-8''a%2Eics",
  'application/ms-tnef; name=winmail.dat',
  'application/pkcs7-mime',
  'message/delivery-status',
  'message/disposition-notification',
  'message/feedback-report',
  'message/rfc822',
  'text/rfc822-headers',
  'multipart/mixed; boundary=b',
  'multipart/report; report-type=delivery-status; boundary="b"',
  'multipart/report; report-type=disposition-notification; boundary=b',
  'multipart/report; report-type=feedback-report; boundary=b',
  'multipart/alternative; boundary=""',
  'multipart/signed; boundary="c d"',
  '/; ;;=',
];

const ENCODINGS = ['7bit', '8bit', 'base64', 'quoted-printable', 'x-uuencode', ''];
const METHODS = ['REPLY', 'COUNTER', 'REFRESH', 'REQUEST', 'CANCEL', 'ADD', 'X-\u00e9', ''];
const ACTIONS = ['failed', 'delayed', 'delivered', 'relayed', 'expanded', 'FAILED ', ''];
const CODES = ['5.1.1', '4.4.7', '2.0.0', '5', '5.1', '99999.1.1', 'x', ''];

class Generator {
  constructor(private readonly next: Next) {}

  one<T>(of: readonly T[]): T {
    return of[Math.floor(this.next() * of.length)] as T;
  }

  chance(of: number): boolean {
    return this.next() < of;
  }

  some<T>(most: number, made: () => T): T[] {
    return Array.from({ length: Math.floor(this.next() * (most + 1)) }, made);
  }

  message(): Buffer {
    const nest = (_: unknown, n: number): string => `Content-Type: multipart/mixed; boundary=n${n}\r\n\r\n--n${n}\r\n`;
    const deep = this.chance(0.02) ? Array.from({ length: Math.floor(this.next() * 90) }, nest).join('') : '';
    const text = `${deep}${this.entity(4)}`;
    return this.spoilt(Buffer.from(text, this.chance(0.2) ? 'latin1' : 'utf8'));
  }

  /** A message or a part of one, with parts down to `depth`. */
  private entity(depth: number): string {
    const type = this.one(TYPES);
    const headers = this.some(8, () => this.header());
    if (this.chance(0.9)) headers.push(`Content-Type: ${type}`);
    if (this.chance(0.4)) headers.push(`Content-Transfer-Encoding: ${this.one(ENCODINGS)}`);
    if (this.chance(0.1))
      headers.push(`Content-Disposition: ${this.one(['inline', 'attachment; filename="a.ics"', 'x;;'])}`);
    return `${headers.join('\r\n')}${this.one(['\r\n\r\n', '\n\n', '\r\n'])}${this.body(type, depth)}`;
  }

  private header(): string {
    const fold = this.chance(0.1) ? '\r\n\t' : ' ';
    const name = this.chance(0.03) ? this.one(['', 'no colon', ' ', ':::', 'X\u00e9']) : `${this.one(HEADERS)}:`;
    return `${name}${fold}${this.one([...TEXTS, 'auto-replied', 'no', 'bulk', 'Mon, 30 Nov 2026 11:20:00 +0000', 'Wed, 99 Foo 99999'])}`;
  }

  private body(type: string, depth: number): string {
    if (type.startsWith('multipart') && depth > 0) {
      const parts = this.some(5, () => `\r\n--b\r\n${this.entity(depth - 1)}`);
      return `${parts.join('')}${this.chance(0.8) ? '\r\n--b--\r\n' : ''}`;
    }
    if (type.startsWith('message/rfc822') && depth > 0) return this.entity(depth - 1);
    if (/calendar|ics/.test(type)) return this.calendar();
    if (type.startsWith('message/')) return this.report();
    return this.some(6, () => this.one(TEXTS)).join('\r\n');
  }

  private calendar(): string {
    const lines = [
      'BEGIN:VCALENDAR',
      `METHOD:${this.one(METHODS)}`,
      'BEGIN:VEVENT',
      `UID:${this.one(TEXTS)}`,
      `SEQUENCE:${this.one(['0', '7', '-1', '99999999999', 'x'])}`,
      `DTSTAMP:${this.one(['20261130T112000Z', '20261130', 'x'])}`,
      ...this.some(2, () => `ATTENDEE;PARTSTAT=${this.one(['ACCEPTED', 'DECLINED', 'X'])}:mailto:${this.one(TEXTS)}`),
      ...(this.chance(0.1) ? ['RRULE:FREQ=SECONDLY'] : []),
      'END:VEVENT',
      'END:VCALENDAR',
    ];
    const kept = lines.filter(() => this.chance(0.95));
    return `${this.chance(0.1) ? '\ufeff' : ''}${kept.join(this.one(['\r\n', '\n', '\r']))}${this.chance(0.2) ? '\r\n-- \r\nsent by phone' : ''}`;
  }

  private report(): string {
    const group = (): string =>
      [
        `Final-Recipient: rfc822; ${this.one(TEXTS)}`,
        `Action: ${this.one(ACTIONS)}`,
        `Status: ${this.one(CODES)}`,
        `Diagnostic-Code: smtp; ${this.one(TEXTS)}`,
      ]
        .filter(() => this.chance(0.8))
        .join('\r\n');
    return ['Reporting-MTA: dns; mx.example', ...this.some(4, group)].join('\r\n\r\n');
  }

  /** As it is, cut off, with bytes changed, or with a piece twice. */
  private spoilt(bytes: Buffer): Buffer {
    if (this.chance(0.6) || bytes.length === 0) return bytes;
    const at = Math.floor(this.next() * bytes.length);
    if (this.chance(0.3)) return bytes.subarray(0, at);
    if (this.chance(0.3)) return Buffer.concat([bytes.subarray(0, at), bytes.subarray(Math.floor(at / 2))]);
    for (let n = this.next() * 20; n > 0; n -= 1) {
      bytes[Math.floor(this.next() * bytes.length)] = Math.floor(this.next() * 256);
    }
    return bytes;
  }
}

/** The message of a number. */
export function generatedMail(seed: number): Buffer {
  return new Generator(numbersFrom(seed * 2_654_435_761)).message();
}
