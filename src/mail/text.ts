/*
 * Characters that have no place in a name, a title or a subject: control characters and line breaks (they start new
 * lines in headers and calendars), line and paragraph separators, marks that turn the reading direction (they make one
 * name look like another), byte order marks and broken halves of a character. A joiner inside an emoji or a name of an
 * Indic script is not one of them.
 */
const UNSAFE = /[\p{Cc}\p{Cs}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/u;
const EACH_UNSAFE = new RegExp(UNSAFE, 'gu');

/** Whether a one-line text (a name, a title, an address) holds a character that must be refused where it is typed in. */
export function hasUnsafe(line: string): boolean {
  return UNSAFE.test(line);
}

/** The same for a text of several lines, whose line breaks are allowed. */
export function hasUnsafeLines(text: string): boolean {
  return text.split(/\r\n|\n/).some(hasUnsafe);
}

/** Everything in a text that a mail program might take for an email address, without the stop of its sentence. */
export function addressesIn(text: string): string[] {
  const found = text.match(/[^\s<>()[\]",;:\\]+@[^\s<>()[\]",;:\\]+/gu) ?? [];
  return found.map((address) => address.replace(/[.!?'\u2019]+$/, ''));
}

/** Everything in a text that a mail program might turn into a link: no name or title needs one, and mails refuse it. */
export function linksIn(text: string): string[] {
  return text.match(/(?:[a-z][a-z0-9+.-]*:\/\/|\bwww\.)[^\s<>"]*/gi) ?? [];
}

/**
 * A value of a calendar as a reader shows it: `\n` a space, each other escaped character itself (RFC 5545 section
 * 3.3.11). One pass, for an escaped backslash before an n is no line break.
 */
export function unescapedValue(line: string): string {
  return line.replace(/\\([\\;,nN])/g, (_, character: string) => (/n/i.test(character) ? ' ' : character));
}

/** One line of text fit to be printed: composed (NFC), each unsafe character a space, no white space at its ends. */
export function cleanLine(text: string): string {
  return text.normalize('NFC').replace(EACH_UNSAFE, ' ').trim();
}

/**
 * A name as it may stand in a header or a calendar: a clean line, without the double quote, caret and backslash that
 * calendar programs read in different ways (RFC 6868), cut to `max` characters without breaking one.
 */
export function cleanName(text: string, max = 120): string {
  const name = cleanLine(text).replace(/["^]/g, '\u2019').replaceAll('\\', '/');
  return Array.from(name).slice(0, max).join('').trim();
}
