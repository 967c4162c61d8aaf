/*
 * One message to one person, made into the bytes that every attempt to send it will carry (RFC 5322, calendars by
 * RFC 6047). A calendar goes in twice: as the alternative that mail programs turn into answer buttons, and attached for
 * those that look for a file.
 */
import { createHash } from 'node:crypto';
import MailComposer from 'nodemailer/lib/mail-composer';
import { parseAddress } from './address.js';
import { MailLint } from './lint.js';
import { cleanName, hasUnsafe } from './text.js';

/** A message ready to be rendered: one sender, one recipient, words from a template, perhaps a calendar. */
export interface OutgoingMail {
  /** `<Authority> meetings` at the address that belongs to this recipient; answers and replies come back to it. */
  from: { name: string; address: string };
  to: string;
  subject: string;
  /** With its angle brackets: `<...@...>`. */
  messageId: string;
  date: Date;
  /** The Message-ID of the first message about the same matter to the same person. */
  inReplyTo?: string;
  text: string;
  /** The same words as a page; a short notice without a link has none. */
  html?: string | undefined;
  calendar?: { method: 'REQUEST' | 'CANCEL'; content: string };
}

const MESSAGE_ID = /^<[^\s<>@]+@[^\s<>@]+>$/;

function checkEnvelope(m: OutgoingMail): void {
  if (parseAddress(m.from.address) !== m.from.address) throw new MailLint(12, 'The sender is not one plain address.');
  if (parseAddress(m.to) !== m.to) throw new MailLint(13, 'The recipient is not one plain address.');
  if (hasUnsafe(m.subject)) throw new MailLint(2, 'The subject is not one clean line.');
  const ids = [m.messageId, m.inReplyTo ?? m.messageId];
  if (!ids.every((id) => MESSAGE_ID.test(id) && !hasUnsafe(id))) throw new MailLint(2, 'A Message-ID is malformed.');
}

/**
 * The whole message as bytes with CRLF, and their SHA-256 in hexadecimal. Message-ID and Date are the given ones; only
 * the boundaries between the parts differ from one rendering to the next, hence it is rendered once and kept.
 * Throws `MailLint` for an address, subject or Message-ID that is not in plain form.
 */
export async function renderMessage(m: OutgoingMail): Promise<{ bytes: Buffer; sha256: string }> {
  checkEnvelope(m);
  const bytes = await new MailComposer({
    from: { name: cleanName(m.from.name), address: m.from.address },
    to: { name: '', address: m.to },
    subject: m.subject,
    messageId: m.messageId,
    date: m.date,
    ...(m.inReplyTo === undefined ? {} : { inReplyTo: m.inReplyTo, references: m.inReplyTo }),
    headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'OOF, DR, RN, NRN' },
    newline: 'windows',
    disableFileAccess: true,
    disableUrlAccess: true,
    text: m.text,
    ...(m.html === undefined ? {} : { html: m.html }),
    ...(m.calendar === undefined ? {} : { icalEvent: calendarPart(m.calendar) }),
  })
    .compile()
    .build();
  return { bytes, sha256: createHash('sha256').update(bytes).digest('hex') };
}

/* `encoding` would decode the calendar instead of encoding it; without a method no answer buttons are shown. */
function calendarPart(calendar: { method: string; content: string }): Record<string, string> {
  return {
    method: calendar.method,
    filename: 'invite.ics',
    content: calendar.content,
    contentTransferEncoding: 'base64',
  };
}
