/**
 * Words that people type: a reason, a comment, an action, a place. They are kept as typed but for the white space
 * around them. Nothing empty passes for a reason, nothing is cut short silently, and no character may turn the line
 * round or hide in it (Unicode Technical Report 36, bidirectional text spoofing): what one person wrote is what every
 * other person reads.
 */
import { RuleBroken } from '../errors.js';

export interface TextRule {
  /** The field the error belongs to. */
  readonly field: string;
  /** What to say when nothing was typed, an instruction: "Enter a reason". */
  readonly ask: string;
  /** Most characters, 1,000 unless told: a page's text box, not a document. */
  readonly max?: number;
}

const INVISIBLE = /[\s\u200b-\u200f\u2060\ufeff]/gu;
/**
 * Controls, marks that set direction, characters of no width, separators of lines, halves of characters, private ones
 * and tags. Joiners (U+200C, U+200D) stay: names in Persian and some Indian languages need them.
 */
const UNSAFE =
  /[\p{Cc}\p{Cs}\p{Co}\p{Cn}\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/u;

/** The text without white space around it; throws REQUIRED, TOO_LONG or UNSAFE_TEXT. */
export function requiredText(typed: string | null | undefined, rule: TextRule): string {
  const text = optionalText(typed, rule);
  if (text === null) throw new RuleBroken('REQUIRED', rule.ask, rule.field);
  return text;
}

/** A reason, which a change that needs one is refused without; throws REASON_REQUIRED, TOO_LONG or UNSAFE_TEXT. */
export function requiredReason(typed: string | null | undefined, ask: string, field = 'reason'): string {
  const text = optionalText(typed, { field });
  if (text === null) throw new RuleBroken('REASON_REQUIRED', ask, field);
  return text;
}

/** As `requiredText`, but nothing typed is null. */
export function optionalText(typed: string | null | undefined, rule: Omit<TextRule, 'ask'>): string | null {
  const text = (typed ?? '').replaceAll('\r\n', '\n').trim();
  if (text.replace(INVISIBLE, '') === '') return null;
  const max = rule.max ?? 1000;
  if (text.length > max) {
    throw new RuleBroken('TOO_LONG', `Shorten this to ${max.toLocaleString('en-GB')} characters or fewer`, rule.field);
  }
  if (UNSAFE.test(text.replace(/[\n\t]/g, ''))) {
    throw new RuleBroken(
      'UNSAFE_TEXT',
      'Remove the hidden characters: type the text here, do not paste it',
      rule.field,
    );
  }
  return text;
}
