import { z } from 'zod';
import { parseAddress } from '../mail/address.js';
import { dateField, idField, optionalIdField, tickField, versionField } from '../web/fields.js';
import { safeText } from '../web/safe-text.js';
import { AGENCY_CATEGORIES, CATEGORY_LABELS } from './agency-category.js';
import { type AgencyChoice } from './agencies.store.js';
import { type Contact } from './contact.js';
import { type ContactCorrection } from './contacts.service.js';
import { type Field, type Item, itemsOf } from './field.form.js';
import { END_REASON_LABELS, END_REASONS } from './holding.js';
import { type NewPerson, type Place } from './new-people.service.js';

/** Checked here too, so that a wrong address is said together with what else is wrong. */
export const addressField = safeText({ label: 'email address', max: 254 }).refine(
  (typed) => parseAddress(typed) !== undefined,
  { error: 'Enter one email address in the correct format, like name@example.com' },
);

const particulars = {
  name: safeText({ label: 'full name' }),
  email: addressField,
  phone: safeText({ label: 'telephone number', max: 40, required: false }),
  mobile: safeText({ label: 'mobile number', max: 40, required: false }),
  accessNeeds: safeText({ label: 'access needs', max: 500, required: false, lines: true }),
  confirmed: tickField(),
};

const place = {
  agencyId: optionalIdField('Select the agency they work for'),
  agencyName: safeText({ label: 'name of the agency', required: false }),
  agencyCategory: z.preprocess(
    (value) => (value === '' ? undefined : value),
    z.enum(AGENCY_CATEGORIES, { error: 'Select what kind of agency it is' }).optional(),
  ),
  postTitle: safeText({ label: 'post' }),
  teamName: safeText({ label: 'team', required: false }),
};

export const newContactForm = z.object({ ...particulars, ...place });
export const correctContactForm = z.object({ ...particulars, version: versionField() });
export const takeUpForm = z.object({ ...place, fromOn: dateField('date they took up the post') });
export const endHoldingForm = z.object({
  version: versionField(),
  toOn: dateField('date from which they no longer hold the post'),
  endReason: z.enum(END_REASONS, { error: 'Select why they no longer hold the post' }),
});
export const contactVersionForm = z.object({ version: versionField() });
export const mergeForm = z.object({ version: versionField(), into: idField('Select the contact that stays') });

/** What was typed on the form of a new person, as the service takes it. */
export function newPersonOf(form: z.output<typeof newContactForm>): NewPerson {
  return { ...form, ...placeOf(form) };
}

/** Where they work, as the service takes it: an agency of the list, or the new one that was typed. */
export function placeOf(form: Pick<z.output<typeof newContactForm>, keyof typeof place>): Place {
  const { agencyId, agencyName, agencyCategory, postTitle, teamName } = form;
  const isNew = agencyId === undefined && (agencyName !== undefined || agencyCategory !== undefined);
  const newAgency = { name: agencyName ?? '', category: agencyCategory ?? '' };
  return { agencyId, postTitle, teamName, ...(isNew ? { newAgency } : {}) };
}

/** A correction as the service takes it. */
export function correctionOf(form: z.output<typeof correctContactForm>): ContactCorrection {
  const { name, email, phone, mobile, accessNeeds, confirmed } = form;
  return { name, email, phone, mobile, accessNeeds, confirmed };
}

/** What the form of a correction shows at first. */
export function contactValues(contact: Contact): Record<string, string | number | null> {
  const { version, name, email, phone, mobile, accessNeeds } = contact;
  return { version, name, email, phone, mobile, accessNeeds };
}

export const personFields: readonly Field[] = [
  { kind: 'text', name: 'name', label: 'Full name' },
  {
    kind: 'email',
    name: 'email',
    label: 'Email address',
    hint: 'Their own address, where the invitation goes. Not a shared inbox',
  },
  { kind: 'confirm', name: 'confirmed', label: 'This address is right for this person' },
  { kind: 'text', name: 'phone', label: 'Telephone number (optional)', width: 20, type: 'tel' },
  { kind: 'text', name: 'mobile', label: 'Mobile number (optional)', width: 20, type: 'tel' },
  {
    kind: 'words',
    name: 'accessNeeds',
    label: 'What they need to take part (optional)',
    hint: 'For example step-free access or a hearing loop',
  },
];

/** The questions about where somebody works. */
export function placeFields(agencies: readonly AgencyChoice[]): readonly Field[] {
  return [
    {
      kind: 'select',
      name: 'agencyId',
      label: 'Agency',
      items: agencyItems(agencies),
      blank: 'Not in this list',
      heading: 'Where they work',
    },
    { kind: 'text', name: 'agencyName', label: 'Or the name of a new agency' },
    {
      kind: 'select',
      name: 'agencyCategory',
      label: 'Kind of a new agency',
      items: itemsOf(CATEGORY_LABELS),
      hint: 'Quorum counts this',
    },
    { kind: 'text', name: 'postTitle', label: 'Post', hint: 'For example Detective Sergeant or Head teacher' },
    { kind: 'text', name: 'teamName', label: 'Team (optional)' },
  ];
}

export const endHoldingFields: readonly Field[] = [
  { kind: 'date', name: 'toOn', label: 'They no longer hold it from' },
  { kind: 'radios', name: 'endReason', label: 'Why', items: itemsOf(END_REASON_LABELS) },
];

function agencyItems(agencies: readonly AgencyChoice[]): Item[] {
  return agencies.map(({ id, name, category }) => ({ value: id, text: `${name} (${CATEGORY_LABELS[category]})` }));
}
