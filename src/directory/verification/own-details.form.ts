import { z } from 'zod';
import { choiceField, tickField, versionField } from '../../web/fields.js';
import { safeText } from '../../web/safe-text.js';
import { addressField } from '../contact.form.js';
import { type Contact } from '../contact.js';

/** What somebody presses on the page of their link; CORRECT leads to the form behind the code. */
export const verificationForm = z.object({
  answer: choiceField(['RIGHT', 'CORRECT', 'MOVED_ON', 'NOT_ME'], 'Select whether your details are right'),
});

export const ownDetailsForm = z.object({
  version: versionField(),
  name: safeText({ label: 'full name' }),
  email: addressField,
  phone: safeText({ label: 'telephone number', max: 40, required: false }),
  mobile: safeText({ label: 'mobile number', max: 40, required: false }),
  accessNeeds: safeText({ label: 'access needs', max: 500, required: false, lines: true }),
});

export const upkeepForm = z.object({ days: z.coerce.number({ error: 'Enter a number of days' }) });
export const addressChangeForm = z.object({ version: versionField(), confirmed: tickField() });

/** What the form shows at first. */
export function ownValues(contact: Contact, newEmail: string | null): Record<string, string | number | null> {
  const { version, name, email, phone, mobile, accessNeeds } = contact;
  return { version, name, email: newEmail ?? email, phone, mobile, accessNeeds };
}
