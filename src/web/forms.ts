/** A form as a page shows it: what was typed, and what has to be put right. */
import { type Response } from 'express';
import { type z } from 'zod';

import { RuleBroken } from '../errors.js';
import { redirect } from './page.js';
import { tidyText } from './safe-text.js';

/** What a browser sends with a form. Names are flat: `status[<id>]` is one name, read by `valuesById`. */
export type FormBody = Record<string, unknown>;

export interface FieldError {
  /** The name of the input it belongs to; without one it stands in the summary only. */
  readonly field?: string;
  /** One sentence that says what to do. */
  readonly message: string;
  /** The code of the broken rule, such as NEEDS_CONFIRMATION. */
  readonly code?: string;
}

export interface FormState {
  readonly values: Record<string, string | string[]>;
  readonly errors: FieldError[];
}

/** What was typed does not fit the form; each field has its own sentence. */
export class FormInvalid extends Error {
  override readonly name = 'FormInvalid';
  constructor(readonly errors: readonly FieldError[]) {
    super('The form has errors');
  }
}

/** A form nobody has sent yet, empty or filled from what is there. */
export function emptyForm(values: FormState['values'] = {}): FormState {
  return { values, errors: [] };
}

/** The form again, with what was typed kept. Whatever the person cannot put right is thrown on. */
export function failedForm(body: FormBody, error: unknown, inputs: Record<string, string> = {}): FormState {
  const errors = errorsOf(error).map((one) => {
    const field = one.field === undefined ? undefined : (inputs[one.field] ?? one.field);
    return field === undefined ? one : { ...one, field };
  });
  return { values: typedValues(body), errors };
}

/**
 * What was typed, as the schema wants it; white space around it goes and Unicode is brought to NFC first.
 * Throws `FormInvalid` with the first problem of each field.
 */
export function parseForm<S extends z.ZodType>(schema: S, body: unknown): z.output<S> {
  const result = schema.safeParse(typedValues(body as FormBody | undefined), { error: () => 'Check this answer' });
  if (result.success) return result.data;
  const errors: FieldError[] = [];
  for (const { path, message } of result.error.issues) {
    const field = path.length === 0 ? undefined : String(path[0]);
    if (errors.some((one) => one.field === field)) continue;
    errors.push(field === undefined ? { message } : { field, message });
  }
  throw new FormInvalid(errors);
}

/** What was typed into inputs named `name[<id>]`, by id: the rows of a register. */
export function valuesById(body: FormBody, name: string): Map<string, string> {
  const rows = new Map<string, string>();
  for (const [key, value] of Object.entries(typedValues(body))) {
    const id = key.startsWith(`${name}[`) && key.endsWith(']') ? key.slice(name.length + 1, -1) : '';
    if (id !== '' && typeof value === 'string') rows.set(id, value);
  }
  return rows;
}

export interface Submission {
  /** Does the change and answers with the path to go to. */
  change(): Promise<string>;
  /** The page with the form, for when there is something to put right. */
  again(form: FormState): Promise<FormPage> | FormPage;
  /** Input names for fields the domain calls otherwise: `{ startsAt: 'time' }`. */
  readonly inputs?: Record<string, string>;
}

export interface FormPage {
  readonly view: string;
  readonly locals: object;
}

/** Does the change and goes on with 303; or shows the form again with 422, the errors and what was typed. */
export async function submitForm(res: Response, body: FormBody, submission: Submission): Promise<void> {
  try {
    redirect(res, await submission.change());
  } catch (error) {
    const form = failedForm(body, error, submission.inputs);
    const page = await submission.again(form);
    res.status(422).render(page.view, { ...page.locals, form });
  }
}

function errorsOf(error: unknown): readonly FieldError[] {
  if (error instanceof FormInvalid) return error.errors;
  if (error instanceof RuleBroken) return [errorOf(error)];
  if (Array.isArray(error) && error.every((one) => one instanceof RuleBroken)) return error.map(errorOf);
  throw error instanceof Error ? error : new Error('A form failed for no reason a person could put right');
}

function errorOf({ code, message, field }: RuleBroken): FieldError {
  return field === undefined ? { code, message } : { code, message, field };
}

function typedValues(body: FormBody | undefined): FormState['values'] {
  const values: FormState['values'] = {};
  for (const [name, value] of Object.entries(body ?? {})) {
    if (name === '_csrf' || name === '__proto__') continue;
    if (typeof value === 'string') values[name] = tidyText(value);
    if (Array.isArray(value)) values[name] = value.map((one) => tidyText(String(one)));
  }
  return values;
}
