/**
 * A message taken apart into what its sorting and its readers look at. Every text is cleaned of control characters, so
 * that no name or subject can carry a second line with it.
 */

/** One part that is not the text itself. */
export interface TakenPart {
  readonly mimeType: string;
  /** The `method` of a calendar part's header, in capitals. */
  readonly method: string | null;
  readonly filename: string | null;
  /** Kept of calendars, reports and returned headers alone. */
  readonly text: string | null;
}

export interface TakenApart {
  /** Header lines in the order in which they stand, names in lower case. */
  readonly headers: readonly { readonly key: string; readonly value: string }[];
  readonly from: { readonly name: string; readonly address: string } | null;
  readonly subject: string;
  readonly sentAt: Date | null;
  readonly messageId: string | null;
  readonly inReplyTo: string | null;
  readonly text: string;
  readonly parts: readonly TakenPart[];
}

/** The bounds within which a message is taken apart (interoperability guide, section 8.2). */
export const BOUNDS = {
  /** Bytes of a whole message. */
  message: 1_048_576,
  /** Bytes of all headers together. */
  headers: 262_144,
  depth: 32,
  parts: 64,
  /** Characters of text that are kept. */
  text: 20_000,
  /** Characters of a calendar that are kept. */
  calendar: 262_144,
  /** Milliseconds for the whole work. */
  time: 5_000,
} as const;

/** Control characters, but for what separates lines and words. */
// eslint-disable-next-line no-control-regex -- these are what it is about
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;

/** Without halves of characters, which no row can hold. */
export function wellFormed(text: string): string {
  return text.replace(/\p{Surrogate}/gu, ' ');
}

/** Text of several lines, cleaned and cut. */
export function cleanText(text: string, most: number): string {
  return wellFormed(text.replaceAll('\r\n', '\n').slice(0, most).replace(CONTROLS, ' ')).trim();
}

/** Text of one line, cleaned and cut. */
export function cleanLine(text: string, most = 998): string {
  return wellFormed(
    cleanText(text.slice(0, most * 2), most * 2)
      .replace(/\s+/g, ' ')
      .slice(0, most),
  );
}

/** The value of the first header of a name, in full; empty when it is not there. */
export function headerOf({ headers }: Pick<TakenApart, 'headers'>, key: string): string {
  return headers.find((header) => header.key === key)?.value ?? '';
}
