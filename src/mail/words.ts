/*
 * The words of a message as plain text and as a page of HTML that says the same: a greeting, short paragraphs, the facts
 * one a line, at most one link, a footer. Everything is text given by a template: it is printed as it is, on one line
 * each, and can add no line, link, picture or markup. No remote images, no tracking, readable with a screen reader.
 */
import { cleanLine } from './text.js';

/** What a template says; every string is one line. */
export interface MailWords {
  greeting: string;
  paragraphs: string[];
  /** The facts, such as `Date`: `Monday 6 July 2026`. */
  details?: { label: string; value: string }[];
  /** The reader's own link: in the text it stands in full, alone on its line. */
  link?: { label: string; url: string };
  footer: string[];
}

const FONT = 'font-family:Arial,sans-serif;font-size:16px;line-height:1.5;color:#0b0c0c';
const CELL = 'padding:4px 16px 4px 0;text-align:left;vertical-align:top';

const ENTITIES: Partial<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const escaped = (text: string): string => cleanLine(text).replace(/[&<>"']/g, (c) => ENTITIES[c] ?? c);

/** The plain text alone, for a short notice in which there is nothing to follow: it is the same in every mail program. */
export function plainText(words: MailWords): string {
  const details = words.details ?? [];
  const blocks = [
    cleanLine(words.greeting),
    ...words.paragraphs.map(cleanLine),
    details.map(({ label, value }) => `${cleanLine(label)}: ${cleanLine(value)}`).join('\n'),
    words.link === undefined ? '' : `${cleanLine(words.link.label)}:\n${cleanLine(words.link.url)}`,
    ...words.footer.map(cleanLine),
  ];
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}

const paragraph = (html: string): string => (html === '' ? '' : `<p>${html}</p>`);

function table(details: { label: string; value: string }[]): string {
  const row = ({ label, value }: { label: string; value: string }): string =>
    `<tr><th scope="row" style="${CELL}">${escaped(label)}</th><td style="${CELL}">${escaped(value)}</td></tr>`;
  return details.length === 0
    ? ''
    : `<table style="border-collapse:collapse">\n${details.map(row).join('\n')}\n</table>`;
}

function page(words: MailWords): string {
  const link = words.link;
  const blocks = [
    paragraph(escaped(words.greeting)),
    ...words.paragraphs.map((text) => paragraph(escaped(text))),
    table(words.details ?? []),
    link === undefined
      ? ''
      : paragraph(`<a href="${escaped(link.url)}" style="font-weight:bold;color:#1d70b8">${escaped(link.label)}</a>`),
    ...words.footer.map((text) => paragraph(escaped(text))),
  ];
  const head = '<!DOCTYPE html>\n<html lang="en-GB">\n<head><meta charset="utf-8"></head>';
  const body = blocks.filter((block) => block !== '').join('\n');
  return `${head}\n<body style="${FONT}">\n<div style="max-width:600px">\n${body}\n</div>\n</body>\n</html>\n`;
}

/** The two forms of one message: plain text with the link in full, and HTML with the same words. */
export function mailBody(words: MailWords): { text: string; html: string } {
  return { text: plainText(words), html: page(words) };
}
