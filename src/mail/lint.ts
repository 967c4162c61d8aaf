/*
 * What every message must be before it is stored, read back from its bytes by another library than the one that made
 * them: one recipient, one link, nobody else's address anywhere, nothing fetched from outside, and a calendar that mail
 * programs can answer. The numbers are those of the calendar's rules where both look at the same thing.
 */
import PostalMime, { type Email } from 'postal-mime';
import { addressesIn, hasUnsafe, linksIn, unescapedValue } from './text.js';

/** A message that must not be sent: `rule` is the number of the broken rule. */
export class MailLint extends Error {
  constructor(
    readonly rule: number,
    message: string,
  ) {
    super(`Message rule ${rule}: ${message}`);
    this.name = 'MailLint';
  }
}

/** What the bytes have to say: the `OutgoingMail` they were rendered from fits, with the reader's link added. */
export interface ExpectedMail {
  from: { address: string };
  to: string;
  subject: string;
  messageId: string;
  inReplyTo?: string;
  calendar?: { method: 'REQUEST' | 'CANCEL'; content: string };
  /** The one link in text and HTML; without it there must be none. */
  link?: string;
  /** The council's own address, which may stand in the words. */
  contact?: string;
}

interface Reading {
  raw: string;
  email: Email;
  text: string;
  /** What a reader of the HTML may see or follow, with the entities resolved. */
  html: string;
  /** The HTML's tags alone. */
  tags: string;
  /** The calendar, unfolded. */
  calendar: string;
}

type Rule = [rule: number, message: string, holds: (read: Reading, expected: ExpectedMail) => boolean];

const HEADERS = [
  ...[
    'from',
    'to',
    'subject',
    'message-id',
    'date',
    'in-reply-to',
    'references',
    'mime-version',
    'content-type',
    'content-transfer-encoding',
  ],
  ...['auto-submitted', 'x-auto-response-suppress', 'dkim-signature'],
];

const headerValues = (email: Email, key: string): string[] =>
  email.headers.filter((header) => header.key === key).map((header) => header.value);

function knownHeadersOnce({ email }: Reading): boolean {
  const keys = email.headers.map((header) => header.key);
  return keys.every((key) => HEADERS.includes(key)) && new Set(keys).size === keys.length;
}

function identityIsOurs({ email }: Reading, expected: ExpectedMail): boolean {
  return (
    email.subject === expected.subject &&
    !hasUnsafe(email.subject) &&
    email.messageId === expected.messageId &&
    email.inReplyTo === expected.inReplyTo &&
    email.references === expected.inReplyTo
  );
}

function isAutomatic({ email }: Reading): boolean {
  const suppressed = headerValues(email, 'x-auto-response-suppress');
  return headerValues(email, 'auto-submitted')[0] === 'auto-generated' && suppressed[0] === 'OOF, DR, RN, NRN';
}

function saysNo(calendar: string, property: string, address: string): boolean {
  const lines = calendar.split('\r\n').filter((line) => line.startsWith(property));
  return lines.length !== 1 || !lines[0]?.endsWith(`:mailto:${address}`);
}

function senderIsOurs({ email, calendar }: Reading, { from }: ExpectedMail): boolean {
  return email.from?.address === from.address && (calendar === '' || !saysNo(calendar, 'ORGANIZER', from.address));
}

function recipientIsAlone({ email, calendar }: Reading, { to }: ExpectedMail): boolean {
  const one = email.to?.length === 1 && email.to[0]?.address === to;
  return one && (calendar === '' || !saysNo(calendar, 'ATTENDEE', to));
}

const unbracketed = (id: string | undefined): string => (id ?? '').replace(/^<|>$/g, '');

function noThirdAddress({ email, text, html, calendar }: Reading, expected: ExpectedMail): boolean {
  const ids = [expected.messageId, expected.inReplyTo].map(unbracketed);
  const allowed = [expected.from.address, expected.to, expected.contact ?? '', ...ids].map((a) => a.toLowerCase());
  const names = [email.from?.name ?? '', ...(email.to ?? []).map((to) => to.name)];
  const headers = email.headers.filter((header) => header.key !== 'dkim-signature').map((header) => header.value);
  const invitation = unescapedValue(calendar.replace(/^UID:.*$/m, ''));
  const everything = [text, html, invitation, email.subject ?? '', ...names, ...headers].join('\n');
  return addressesIn(everything).every((address) => allowed.includes(address.toLowerCase()));
}

const FETCHED = /<(?:img|script|iframe|form|link|object|embed|base|svg|video|audio)\b|\bsrc\s*=|\burl\s*\(|http-equiv/i;

function oneLink({ text, html, tags, calendar }: Reading, { link }: ExpectedMail): boolean {
  const inText = linksIn(text);
  const inHtml = linksIn(html);
  const inCalendar = linksIn(unescapedValue(calendar));
  const anchors = tags.match(/<a\b/gi) ?? [];
  const targets = tags.match(/\bhref\s*=/gi) ?? [];
  const count = link === undefined ? 0 : 1;
  const counted = [inText, inHtml, anchors, targets].every((found) => found.length === count);
  return counted && inCalendar.length <= count && [...inText, ...inHtml, ...inCalendar].every((url) => url === link);
}

/* The parts as they stand in the bytes, since a reader hides how a part was encoded. */
function encodedParts(raw: string, type: string): { head: string; body: string }[] {
  return raw
    .split(/(?<=\r\n)--[^\r\n]+\r\n/)
    .map((part) => {
      const end = part.indexOf('\r\n\r\n');
      return {
        head: part
          .slice(0, end)
          .replace(/\r\n[ \t]+/g, ' ')
          .toLowerCase(),
        body: part.slice(end),
      };
    })
    .filter(({ head }) => head.includes(`content-type: ${type};`));
}

function calendarTravelsSafely({ raw }: Reading, { calendar }: ExpectedMail): boolean {
  const answerable = encodedParts(raw, 'text/calendar');
  const attached = encodedParts(raw, 'application/ics');
  const parts = [...answerable, ...attached];
  if (calendar === undefined) return parts.length === 0;
  const intact = ({ head, body }: { head: string; body: string }): boolean =>
    head.includes('content-transfer-encoding: base64') &&
    Buffer.from(body, 'base64').equals(Buffer.from(calendar.content, 'utf8'));
  return answerable.length === 1 && attached.length === 1 && parts.every(intact);
}

function methodIsMeant({ email }: Reading, { calendar }: ExpectedMail): boolean {
  const methods = email.attachments.filter((part) => part.mimeType === 'text/calendar').map((part) => part.method);
  if (calendar === undefined) return email.attachments.length === 0;
  const written = /^METHOD:(.*)\r$/m.exec(calendar.content)?.[1];
  return email.attachments.length === 2 && methods.join() === calendar.method && written === calendar.method;
}

const RULES: Rule[] = [
  [1, 'Lines end in CRLF.', ({ raw }) => raw.endsWith('\r\n') && !/[^\r]\n|\r[^\n]/.test(raw)],
  [2, 'Only known headers, each once.', knownHeadersOnce],
  [2, 'Subject, Message-ID and what it answers are the given ones.', identityIsOurs],
  [2, 'It says that a machine wrote it.', isAutomatic],
  [6, 'The method of the part is that of the calendar.', methodIsMeant],
  [12, 'From is the reply address and the ORGANIZER.', senderIsOurs],
  [13, 'To is one recipient, the ATTENDEE.', recipientIsAlone],
  [16, 'No third address.', noThirdAddress],
  [18, 'Text and HTML hold the reader\u2019s link and no other.', oneLink],
  [18, 'Nothing is fetched from outside.', ({ tags }) => !FETCHED.test(tags)],
  [19, 'The calendar is base64 and equal to the attachment.', calendarTravelsSafely],
];

const unescaped = (html: string): string =>
  html
    .replace(/&quot;/g, '"')
    .replace(/&#39;/g, "'")
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&amp;/g, '&');

async function read(bytes: Buffer, content: string): Promise<Reading> {
  const email = await PostalMime.parse(new Uint8Array(bytes).buffer, { attachmentEncoding: 'utf8' });
  const { text = '', html = '' } = email;
  return {
    raw: bytes.toString('latin1'),
    email,
    text,
    html: unescaped(html),
    tags: [...html.matchAll(/<[^>]*>/g)].join(''),
    calendar: content.replace(/\r\n[ \t]/g, ''),
  };
}

/** Reads a rendered message back and throws `MailLint` at the first rule it breaks. */
export async function lintMessage(bytes: Buffer, expected: ExpectedMail): Promise<void> {
  const reading = await read(bytes, expected.calendar?.content ?? '');
  for (const [rule, message, holds] of RULES) {
    if (!holds(reading, expected)) throw new MailLint(rule, message);
  }
}
