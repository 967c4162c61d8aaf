import { z } from 'zod';
import { choiceField } from '../web/fields.js';
import { type FormBody, type FormState, parseForm } from '../web/forms.js';
import { safeText } from '../web/safe-text.js';
import { type GivenAnswer } from './answers.service.js';
import { DECLINE_LABELS, DECLINE_REASONS, type DeclineReason } from './response.js';

/** The choices of the form, none of them chosen beforehand. SUBSTITUTE leads on: naming somebody needs the code. */
const CHOICES = [
  'ACCEPTED',
  'TENTATIVE',
  'DECLINED',
  'SUBSTITUTE',
  'REPORT_ONLY',
  'SUGGESTED_TIME',
  'MOVED_ON',
  'NOT_ME',
] as const;

const line = (label: string): z.ZodType<string | undefined> => safeText({ label, required: false, max: 200 });

const answerForm = z.object({
  answer: choiceField(CHOICES, 'Choose your answer'),
  reason: z.preprocess(
    (value) => (value === '' ? undefined : value),
    z.enum(DECLINE_REASONS, { error: 'Choose why you cannot come' }).optional(),
  ),
  anotherTime: line('time that would suit you'),
  whom: line('name of whom to ask'),
  comment: safeText({ label: 'comment', required: false, max: 500, lines: true }),
  revision: z.coerce.number().int().positive().catch(0),
});

/** What was sent: an answer, or the wish to name somebody. */
export interface SentAnswer {
  readonly given: GivenAnswer | 'SUBSTITUTE';
  /** The revision of the meeting that the form showed. */
  readonly revision: number;
}

/** Reads the form; throws FormInvalid with the sentence for each field. */
export function readAnswer(body: FormBody): SentAnswer {
  const { answer, revision, ...typed } = parseForm(answerForm, body);
  if (answer === 'SUBSTITUTE') return { given: answer, revision };
  const own = { SUGGESTED_TIME: typed.anotherTime, MOVED_ON: typed.whom }[answer as string];
  const reason: DeclineReason | null = typed.reason ?? null;
  if (answer === 'SUGGESTED_TIME' && own === undefined) return { given: { kind: answer }, revision };
  const comment = [own, typed.comment].filter((words) => words !== undefined).join('\n');
  return { given: { kind: answer, reason, comment }, revision };
}

/** Where the errors of the domain stand on the form. */
export function inputsOf(body: FormBody): Record<string, string> {
  return body.answer === 'SUGGESTED_TIME' ? { comment: 'anotherTime' } : {};
}

/** The form again: what was typed is kept, unless the meeting has moved, when each answer has to be given anew. */
export function formAgain(form: FormState): FormState {
  const moved = form.errors.some(({ code }) => code === 'ANSWER_TO_OLD_TIME');
  return moved ? { values: {}, errors: form.errors } : form;
}

/** The reasons of a refusal, for a list. */
export const REASON_ITEMS = DECLINE_REASONS.map((value) => ({ value, text: DECLINE_LABELS[value] }));
