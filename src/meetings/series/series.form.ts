import { z } from 'zod';
import { choiceField, dateField, versionField } from '../../web/fields.js';
import { type FormBody, FormInvalid, parseForm, valuesById } from '../../web/forms.js';
import { safeText } from '../../web/safe-text.js';
import { MOST_FOLLOW_UPS, SERIES_UNITS, type SeriesRule, type SeriesUnit } from './series.js';
import { type FollowUps } from './series.service.js';

const UNIT_LABELS: Readonly<Record<SeriesUnit, string>> = {
  WORKING_DAYS: 'Working days',
  WEEKS: 'Weeks',
  MONTHS: 'Months',
};
export const UNIT_ITEMS = SERIES_UNITS.map((value) => ({ value, text: UNIT_LABELS[value] }));

const whole = (ask: string): z.ZodType<number> => z.coerce.number({ error: ask }).int(ask).positive(ask);

const ruleForm = z.object({
  count: whole(`Enter how many meetings follow, from 1 to ${MOST_FOLLOW_UPS}`),
  every: whole('Enter after how many days, weeks or months'),
  unit: choiceField(SERIES_UNITS, 'Select days, weeks or months'),
});

const addForm = z.object({
  version: versionField(),
  type: z.string().max(60).optional(),
  overrideReason: safeText({ label: 'reason', max: 1000, required: false, lines: true }),
});

/** How many follow, and after how long each. */
export function readRule(body: FormBody): SeriesRule {
  return parseForm(ruleForm, body);
}

/** The dates as they stand on the page, in their order. Throws FormInvalid, each date with its own sentence. */
export function readDates(body: FormBody): string[] {
  const typed = [...valuesById(body, 'date')].sort(([one], [other]) => Number(one) - Number(other));
  const read = typed.map(([number, value]) => ({
    field: `date[${number}]`,
    result: dateField('date').safeParse(value),
  }));
  const errors = read.flatMap(({ field, result }) =>
    result.success ? [] : [{ field, message: result.error.issues[0]?.message ?? 'Enter a date' }],
  );
  if (errors.length > 0) throw new FormInvalid(errors);
  return read.flatMap(({ result }) => (result.success ? [result.data] : []));
}

/** The meetings to be called. */
export function readFollowUps(body: FormBody): FollowUps {
  const { version, type, overrideReason = null } = parseForm(addForm, body);
  return { dates: readDates(body), version, typeCode: type === '' ? undefined : type, overrideReason };
}
