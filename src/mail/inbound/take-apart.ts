import PostalMime, { type Address, type Attachment, type Email } from 'postal-mime';
import { BOUNDS, cleanLine, cleanText, type TakenApart, type TakenPart, wellFormed } from './taken-apart.js';
import { textOfHtml } from './text-of-html.js';

/** A message that is not taken apart, with the reason in a word for a person. */
export class TooMuch extends Error {
  override readonly name = 'TooMuch';
}

/**
 * Takes a message apart within bounds: it is never looked into a message that was forwarded inside it. Throws TooMuch,
 * and what the library throws when headers or depth are over the bounds.
 */
export async function takeApart(bytes: Uint8Array): Promise<TakenApart> {
  if (bytes.length > BOUNDS.message) throw new TooMuch('It is too large');
  if (partsIn(bytes) > BOUNDS.parts) throw new TooMuch('It has too many parts');
  const mail = await PostalMime.parse(bytes, {
    forceRfc822Attachments: true,
    attachmentEncoding: 'utf8',
    maxNestingDepth: BOUNDS.depth,
    maxHeadersSize: BOUNDS.headers,
  });
  if (mail.attachments.length > BOUNDS.parts) throw new TooMuch('It has too many parts');
  return {
    headers: mail.headers.map(({ key, value }) => ({ key, value: cleanLine(value, 4_000) })),
    from: mailboxOf(mail.from),
    subject: cleanLine(mail.subject ?? ''),
    sentAt: instantOf(mail.date),
    messageId: orNull(mail.messageId),
    inReplyTo: orNull(mail.inReplyTo),
    text: textOf(mail),
    parts: mail.attachments.map(partOf),
  };
}

/** Lines that open a part, counted before anything is taken apart: the library would go through any number of them. */
function partsIn(bytes: Uint8Array): number {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  const boundaries = new Set<string>();
  for (const found of text.matchAll(/boundary\s*=\s*(?:"([^"\r\n]{1,200})"|([^\s;"]{1,200}))/gi)) {
    boundaries.add(`--${found[1] ?? found[2] ?? ''}`);
    if (boundaries.size > BOUNDS.parts) return boundaries.size;
  }
  let parts = 0;
  for (let at = text.indexOf('\n--'); at !== -1; at = text.indexOf('\n--', at + 3)) {
    const line = text.slice(at + 1, at + 240).split(/\r?\n/, 1)[0] ?? '';
    if (boundaries.has(line.trimEnd())) parts += 1;
  }
  return parts;
}

function textOf(mail: Email): string {
  const text = mail.text ?? (mail.html === undefined ? '' : textOfHtml(mail.html, BOUNDS.text * 4));
  return cleanText(text, BOUNDS.text);
}

function mailboxOf(from: Address | undefined): TakenApart['from'] {
  const one = from?.group === undefined ? from : from.group[0];
  if (one === undefined) return null;
  return { name: cleanLine(one.name, 200), address: cleanLine(one.address, 320) };
}

/** An instant of this century, or nothing: what no calendar of ours can mean is not kept. */
function instantOf(date: string | undefined): Date | null {
  const at = new Date(date ?? '');
  const year = Number.isNaN(at.getTime()) ? 0 : at.getUTCFullYear();
  return year >= 2000 && year < 2100 ? at : null;
}

function orNull(text: string | undefined): string | null {
  const line = cleanLine(text ?? '');
  return line === '' ? null : line;
}

const REPORTS =
  /^(?:message\/(?:global-)?(?:delivery-status|disposition-notification|feedback-report|headers)|text\/rfc822-headers)$/;
const RETURNED = /^message\/(?:rfc822|global)$/;

function partOf(part: Attachment): TakenPart {
  const filename = part.filename === null ? null : cleanLine(part.filename, 200);
  return {
    mimeType: part.mimeType,
    method: part.method === undefined ? null : cleanLine(part.method, 40),
    filename,
    text: keptText(part, filename),
  };
}

function keptText({ mimeType, content }: Attachment, filename: string | null): string | null {
  const text = typeof content === 'string' ? content : '';
  if (isCalendar(mimeType, filename)) return wellFormed(text.slice(0, BOUNDS.calendar + 1));
  if (REPORTS.test(mimeType) || RETURNED.test(mimeType)) return wellFormed(text.slice(0, 65_536));
  return null;
}

function isCalendar(mimeType: string, filename: string | null): boolean {
  return mimeType === 'text/calendar' || mimeType === 'application/ics' || /\.ics$/i.test(filename ?? '');
}
