/**
 * What may be the name of a person, an agency, a team or a post, and a telephone number. Names stand in emails,
 * calendars and on other agencies' screens, so a name is one line without hidden characters (Unicode Technical Report
 * 36, bidirectional text spoofing) and holds no address or web link that a mail program would turn into one.
 */
import { optionalText, requiredText, type TextRule } from '../authorities/plain-text.js';
import { RuleBroken } from '../errors.js';

/** Most characters of a name or a title. */
export const NAME_MAX = 120;

const HIDDEN =
  /[\p{Cc}\p{Cs}\p{Co}\p{Cn}\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/u;
/** Calendars print a backslash as a slash. */
const CLICKABLE = /@|:[/\\]{2}|\bwww\./i;
const PHONE = /^\+?[0-9() -]{3,30}(?:(?:ext\.?|x) ?\d{1,6})?$/i;

/** A name of at most 120 characters; throws REQUIRED, TOO_LONG or UNSAFE_TEXT. */
export function requiredName(typed: string | null | undefined, rule: TextRule): string {
  const name = requiredText(typed?.normalize('NFC'), { max: NAME_MAX, ...rule });
  refuseHidden(name, rule.field);
  if (CLICKABLE.test(name)) {
    throw new RuleBroken('UNSAFE_TEXT', 'Enter the name only, without an email or web address', rule.field);
  }
  return name;
}

/** A telephone number as people write it, or null; throws INVALID, TOO_LONG or UNSAFE_TEXT. */
export function optionalPhone(typed: string | null | undefined, field: string): string | null {
  const phone = optionalText(typed, { field, max: 40 });
  if (phone !== null && !PHONE.test(phone)) {
    throw new RuleBroken('INVALID', 'Enter a telephone number, like 01632 960 001 or +44 808 157 0192', field);
  }
  return phone;
}

/** A note of at most 500 characters, or null; throws TOO_LONG or UNSAFE_TEXT. */
export function optionalNote(typed: string | null | undefined, field: string): string | null {
  const note = optionalText(typed?.normalize('NFC'), { field, max: 500 });
  if (note !== null) refuseHidden(note.replaceAll('\n', ' '), field);
  return note;
}

function refuseHidden(line: string, field: string): void {
  if (HIDDEN.test(line)) {
    throw new RuleBroken('UNSAFE_TEXT', 'Remove the hidden characters: type it here, do not paste it', field);
  }
}
