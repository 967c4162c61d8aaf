/**
 * Words that people type into pages. They are brought to one form of Unicode (NFC), freed of white space around them,
 * counted in characters as a person counts, and refused when they hold characters that hide in a line or turn it round
 * (Unicode Technical Report 36): what one person wrote is what everybody else reads.
 */
import { z } from 'zod';

export interface TextRule {
  /** The thing in the middle of a sentence: "full name", "reason for cancelling". */
  readonly label: string;
  /** Most characters; 120 unless told, the length of a name. */
  readonly max?: number;
  /** Must something be typed? Yes unless told. */
  readonly required?: boolean;
  /** May it have several lines, as in a text area? */
  readonly lines?: boolean;
}

/**
 * Controls (\p{Cc}), marks that set direction, characters of no width, separators of lines, halves of characters,
 * private ones and tags. Joiners (U+200C, U+200D) stay: names in Persian and some Indian languages need them.
 */
const HIDDEN =
  /[\p{Cc}\p{Cs}\p{Co}\p{Cn}\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/u;

/** Does the text hold characters that nobody can see? Line breaks count as hidden. */
export function hasHiddenCharacters(text: string): boolean {
  return HIDDEN.test(text);
}

/** As typed, in one form: NFC, line breaks as \n, tabs and hard spaces as spaces, nothing around it. */
export function tidyText(typed: string): string {
  return typed
    .normalize('NFC')
    .replace(/\r\n?/g, '\n')
    .replace(/[\t\u00a0]/g, ' ')
    .trim();
}

/** A zod string for words; messages are in the style of GOV.UK and say what to do. */
export function safeText(rule: TextRule & { readonly required: false }): z.ZodType<string | undefined>;
export function safeText(rule: TextRule): z.ZodType<string>;
export function safeText(rule: TextRule): z.ZodType<string | undefined> {
  const ask = `Enter ${withArticle(rule.label)}`;
  const text = z.string({ error: ask }).superRefine((value, ctx) => {
    const problem = problemWith(value, rule, ask);
    if (problem !== undefined) ctx.addIssue({ code: 'custom', message: problem });
  });
  const tidied = z.preprocess((value) => (typeof value === 'string' ? tidyText(value) : (value ?? '')), text);
  return rule.required === false ? tidied.transform((value) => (value === '' ? undefined : value)) : tidied;
}

function problemWith(value: string, rule: TextRule, ask: string): string | undefined {
  if (value === '') return rule.required === false ? undefined : ask;
  const max = rule.max ?? 120;
  if (Array.from(value).length > max) {
    return `${capital(rule.label)} must be ${max.toLocaleString('en-GB')} characters or fewer`;
  }
  if (hasHiddenCharacters(rule.lines === true ? value.replaceAll('\n', '') : value)) {
    return `${capital(rule.label)} has hidden characters in it: type it here instead of pasting it`;
  }
  return undefined;
}

/** "a reason", "an email address"; words that bring their own ("the date", "your name", "why not") stay as they are. */
export function withArticle(label: string): string {
  if (/^(a|an|the|your|their|his|her|who|whom|what|why|when|where|how|which|at|one)\b/i.test(label)) return label;
  return `${/^[aeiou]/i.test(label) ? 'an' : 'a'} ${label}`;
}

/** The label at the start of a sentence. */
export function capital(label: string): string {
  return label.charAt(0).toUpperCase() + label.slice(1);
}
