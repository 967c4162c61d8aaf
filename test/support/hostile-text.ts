import fc from 'fast-check';

const HOSTILE = [
  ...['\r\nATTENDEE:mailto:c@evil.test', '\nBcc: c@evil.test', '\r', '\0', '\u2028', '\u202e', '\ud800', '\\n', '\\,'],
  ...[';', ':', '"', '^', "^'", '^n', '<', '>', '&', '=?UTF-8?Q?=0D=0A?=', 'BEGIN:VEVENT', 'END:VCALENDAR'],
  ...['\u{1f469}\u200d', 'mailto:', '</a>', '<img src=x>', '&#64;', '\u0085', '\ufeff', 'e\u0301', '\u5c71', '\\nwww.'],
];

/** What might break out of a header or a calendar line, among letters of every script. */
export const hostileText = fc
  .array(fc.oneof(fc.constantFrom(...HOSTILE), fc.string({ unit: 'grapheme' }), fc.string({ unit: 'binary' })), {
    maxLength: 6,
  })
  .map((parts) => parts.join(''));
