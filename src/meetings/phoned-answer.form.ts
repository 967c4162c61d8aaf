import { z } from 'zod';
import { civilTime } from '../authorities/civil-time.js';
import { RuleBroken } from '../errors.js';
import { choiceField, dateField, timeField, versionField } from '../web/fields.js';
import { type FieldError, type FormBody, FormInvalid, parseForm } from '../web/forms.js';
import { safeText } from '../web/safe-text.js';
import { type PhonedAnswer } from './answers.service.js';
import { ANSWER_LABELS, DECLINE_REASONS } from './response.js';

/** What can be said on the telephone; a substitute is named on a page of their own. */
const PHONED = ['ACCEPTED', 'TENTATIVE', 'DECLINED', 'REPORT_ONLY', 'SUGGESTED_TIME', 'MOVED_ON', 'NOT_ME'] as const;

export const PHONED_ITEMS = PHONED.map((value) => ({ value, text: ANSWER_LABELS[value] }));

const optional = <T>(field: z.ZodType<T>): z.ZodType<T | undefined> =>
  z.preprocess((value) => (value === '' ? undefined : value), field.optional());

const phonedForm = z.object({
  kind: choiceField(PHONED, 'Select what they said'),
  reason: optional(z.enum(DECLINE_REASONS, { error: 'Select why they cannot come' })),
  saidBy: safeText({ label: 'who said it', required: false }),
  saidOn: optional(dateField('day they said it')),
  saidAt: optional(timeField('time they said it')),
  comment: safeText({ label: 'comment', required: false, max: 500, lines: true }),
  version: versionField(),
});

/** Where the errors of the domain stand on the form. */
export const PHONED_INPUTS: Readonly<Record<string, string>> = { date: 'saidOn', time: 'saidAt' };

/** Reads the form; `now` because nobody has said anything later. Throws FormInvalid, TIME_DOES_NOT_EXIST. */
export function readPhoned(body: FormBody, now: Date, zone: string): PhonedAnswer {
  const { version, saidOn, saidAt, ...said } = parseForm(phonedForm, body);
  const problem = problemWith(said);
  if (problem !== undefined) throw new FormInvalid([problem]);
  return { ...said, statedAt: momentOf({ saidOn, saidAt }, now, zone), seen: version };
}

/** Asked here in the coordinator's words: the rule itself speaks to the invitee. */
function problemWith({ kind, reason, comment }: Omit<PhonedAnswer, 'seen'>): FieldError | undefined {
  if (kind === 'DECLINED' && reason === undefined) return { field: 'reason', message: 'Select why they cannot come' };
  const names = kind === 'SUGGESTED_TIME' && comment === undefined;
  return names ? { field: 'comment', message: 'Enter the time that would suit them' } : undefined;
}

function momentOf(
  { saidOn, saidAt }: { saidOn: string | undefined; saidAt: string | undefined },
  now: Date,
  zone: string,
): Date | undefined {
  if (saidOn === undefined && saidAt === undefined) return undefined;
  if (saidOn === undefined) throw new FormInvalid([{ field: 'saidOn', message: 'Enter the day they said it' }]);
  if (saidAt === undefined) throw new FormInvalid([{ field: 'saidAt', message: 'Enter the time they said it' }]);
  const moment = civilTime(saidOn, saidAt, zone).instant;
  if (moment > now)
    throw new RuleBroken('INVALID', 'Enter a time that has passed, or leave both empty for now', 'time');
  return moment;
}
