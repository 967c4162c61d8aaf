import { z } from 'zod';
import { choiceField, tickField, versionField } from '../../web/fields.js';
import { type FormBody, FormInvalid, parseForm } from '../../web/forms.js';
import { safeText } from '../../web/safe-text.js';
import { type GivenAnswer } from '../answers.service.js';
import { ANSWER_LABELS, DECLINE_LABELS, DECLINE_REASONS } from '../response.js';
import { type NamedSubstitute } from '../substitutes.service.js';

/** What may be read out of a message; a substitute has a form of their own. */
const READ = ['ACCEPTED', 'TENTATIVE', 'DECLINED', 'REPORT_ONLY', 'SUGGESTED_TIME', 'MOVED_ON', 'NOT_ME'] as const;

export const READ_ITEMS = READ.map((value) => ({ value, text: ANSWER_LABELS[value] }));
export const REASON_ITEMS = DECLINE_REASONS.map((value) => ({ value, text: DECLINE_LABELS[value] }));

const applicationForm = z.object({
  kind: choiceField(READ, 'Select what they answered'),
  reason: z.preprocess(
    (value) => (value === '' ? undefined : value),
    z.enum(DECLINE_REASONS, { error: 'Select why they cannot come' }).optional(),
  ),
  comment: safeText({ label: 'comment', required: false, max: 500, lines: true }),
  version: versionField(),
});

const substituteForm = z.object({
  name: safeText({ label: 'full name' }),
  email: safeText({ label: 'email address', max: 254 }),
  postTitle: safeText({ label: 'post' }),
  canDecide: tickField(),
  version: versionField(),
});

const aliasForm = z.object({ version: versionField() });

const reasonForm = z.object({
  why: safeText({ label: 'reason', max: 500, required: false, lines: true }),
  version: versionField(),
});

/** An answer read out of a message. Throws FormInvalid. */
export function readApplication(body: FormBody, isCalendar: boolean): GivenAnswer & { readonly seen: number } {
  const { version: seen, ...given } = parseForm(applicationForm, body);
  if (given.kind === 'DECLINED' && given.reason === undefined && !isCalendar) {
    throw new FormInvalid([{ field: 'reason', message: 'Select why they cannot come' }]);
  }
  if (given.kind === 'SUGGESTED_TIME' && given.comment === undefined) {
    throw new FormInvalid([{ field: 'comment', message: 'Enter the time that would suit them' }]);
  }
  return { ...given, seen };
}

/** Who comes instead. Throws FormInvalid. */
export function readNamed(body: FormBody): NamedSubstitute & { readonly seen: number } {
  const { version: seen, ...named } = parseForm(substituteForm, body);
  return { ...named, seen };
}

/** The version that the page showed. */
export function readSeen(body: FormBody): number {
  return parseForm(aliasForm, body).version;
}

/** A reason, on its page under the name `why`. */
export function readReason(body: FormBody): { reason: string | null; seen: number } {
  const { why = null, version: seen } = parseForm(reasonForm, body);
  return { reason: why, seen };
}
