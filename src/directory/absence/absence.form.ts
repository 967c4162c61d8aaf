import { z } from 'zod';
import { dateField, optionalIdField, versionField } from '../../web/fields.js';
import { type Contact } from '../contact.js';
import { type Field } from '../field.form.js';
import { type Colleague } from './absences.service.js';
import { type Leave } from './leave.js';

const optionalDate = z.preprocess(
  (value) => (value === '' ? undefined : value),
  dateField('day they are back').optional(),
);

export const absenceForm = z.object({
  version: versionField(),
  fromOn: dateField('first day away'),
  toOn: optionalDate,
  cover: optionalIdField('Select who covers from the list'),
});

/** Where the errors of the domain stand on the form. */
export const ABSENCE_INPUTS = { from: 'fromOn', to: 'toOn' };

/** What was typed, as the service takes it. */
export function leaveOf({ fromOn, toOn, cover }: z.output<typeof absenceForm>): Leave {
  return { from: fromOn, to: toOn ?? null, cover: cover ?? null };
}

/** What the form shows at first. */
export function absenceValues({
  version,
  leaveFrom,
  leaveTo,
  coverContactId,
}: Contact): Record<string, string | number | null> {
  return { version, fromOn: leaveFrom, toOn: leaveTo, cover: coverContactId };
}

/** The questions, to a coordinator about somebody or to the person themselves. */
export function absenceFields(colleagues: readonly Colleague[], own: boolean): readonly Field[] {
  const items = colleagues.map(({ contactId, name, postTitle }) => ({
    value: contactId,
    text: `${name}, ${postTitle}`,
  }));
  return [
    { kind: 'date', name: 'fromOn', label: 'First day away' },
    { kind: 'date', name: 'toOn', label: own ? 'First day you are back (optional)' : 'First day back (optional)' },
    {
      kind: 'select',
      name: 'cover',
      label: own ? 'Who covers for you (optional)' : 'Who covers (optional)',
      items,
      blank: 'Nobody yet',
      hint: own ? 'They are asked first while you are away' : 'They are asked first meanwhile',
    },
  ];
}
