/**
 * Why a message came back, and whether for good. A report says it in fields (RFC 3464: Action and Status, codes of RFC
 * 3463); about half of real bounces only have words, often with the same codes in them. 5 is for good, 4 and "delayed"
 * for the time being; anything else a person has to read.
 */

import { cleanLine } from './taken-apart.js';

/** HARD: for good. SOFT: for the time being, or not for all who read there. NONE: it was delivered after all. */
export type BounceKind = 'HARD' | 'SOFT' | 'UNCLEAR' | 'NONE';

export interface Bounce {
  readonly kind: BounceKind;
  /** What the other mail server said, or in our words; at most 300 characters. */
  readonly why: string;
}

interface Recipient {
  readonly action: string;
  readonly status: string;
  readonly diagnostic: string;
}

const SEE_TEXT = 'The mail server gave no reason that can be read by a program: see its text';

/** Reads a bounce from its machine-readable part if it has one that says enough, else from its words. */
export function readBounce(mail: { deliveryStatus: string | null; text: string }): Bounce {
  const recipients = mail.deliveryStatus === null ? [] : recipientsIn(mail.deliveryStatus);
  const told = recipients.map(verdict);
  const [first] = recipients;
  const words = fromWords(mail.text);
  if (first === undefined) return words;
  const kind = together(told);
  const worst = recipients[told.indexOf(kind)] ?? first;
  if (kind === 'UNCLEAR')
    return { kind: words.kind, why: worst.diagnostic === '' ? words.why : short(worst.diagnostic) };
  return { kind, why: short(worst.diagnostic === '' ? `${worst.action} ${worst.status}` : worst.diagnostic) };
}

/** Somebody who was reached after all (a forwarding to two) keeps the address from being given up. */
function together(kinds: readonly BounceKind[]): BounceKind {
  const has = (kind: BounceKind): boolean => kinds.includes(kind);
  if (has('HARD')) return has('NONE') || has('SOFT') ? 'SOFT' : 'HARD';
  if (has('SOFT')) return 'SOFT';
  return has('UNCLEAR') ? 'UNCLEAR' : 'NONE';
}

function verdict({ action, status, diagnostic }: Recipient): BounceKind {
  if (['delivered', 'relayed', 'expanded'].includes(action)) return 'NONE';
  if (action === 'delayed') return 'SOFT';
  const code = status !== '' ? status : (codesIn(diagnostic)[0] ?? '');
  if (code.startsWith('4')) return 'SOFT';
  return code.startsWith('5') ? 'HARD' : 'UNCLEAR';
}

/** The groups of fields, one for each recipient; the first group is about the whole message. */
function recipientsIn(report: string): Recipient[] {
  const groups = report
    .replaceAll('\r\n', '\n')
    .replace(/\n[ \t]+/g, ' ')
    .split(/\n[ \t]*\n/);
  return groups.slice(0, 50).flatMap((group) => {
    const field = (name: string): string =>
      new RegExp(`^${name}[ \\t]*:[ \\t]*(.{0,1000})`, 'im').exec(group)?.[1]?.trim() ?? '';
    if (!/^(?:final|original)-recipient[ \t]*:/im.test(group)) return [];
    const action = /^[a-z]+/.exec(field('action').toLowerCase())?.[0] ?? '';
    return [
      {
        action,
        status: codesIn(field('status'))[0] ?? '',
        diagnostic: field('diagnostic-code').replace(/^[a-z]+ *; */i, ''),
      },
    ];
  });
}

/** Where the text of a bounce ends and the message that it returns begins. */
const RETURNED =
  /^(?:-+ ?(?:below this line|this is a copy|original message|returned message|the following|end of message)|original message headers|received: |return-path: |message-id: )/im;

function fromWords(text: string): Bounce {
  const end = RETURNED.exec(text)?.index ?? text.length;
  const words = text.slice(0, Math.min(end, 8_000));
  const codes = codesIn(words);
  const said = lineWith(words, codes[0]);
  if (codes.length > 0 && codes.every((code) => code.startsWith('5'))) return { kind: 'HARD', why: said };
  if (codes.length > 0 && codes.every((code) => code.startsWith('4'))) return { kind: 'SOFT', why: said };
  return { kind: 'UNCLEAR', why: SEE_TEXT };
}

/** Codes of RFC 3463 (5.1.1), and answers of a mail server (550) where a sentence gives one; never part of an address. */
function codesIn(text: string): string[] {
  const enhanced = [...text.matchAll(/(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.]*\d)/g)].map(
    (found) => found[1] ?? '',
  );
  if (enhanced.length > 0) return enhanced.filter((code) => !code.startsWith('2'));
  const answers = text.matchAll(
    /(?:^|said:|error[^\n]{0,80}?:|code|response[^\n]{0,40}?:|smtp;|reason:|<<<)[ \t]*([45]\d\d)(?=[ \t-])/gim,
  );
  return [...answers].map((found) => found[1] ?? '');
}

function lineWith(text: string, code: string | undefined): string {
  const line = text.split('\n').find((one) => code !== undefined && one.includes(code));
  return short(line ?? SEE_TEXT);
}

function short(text: string): string {
  return cleanLine(text, 300);
}
