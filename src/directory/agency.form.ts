import { z } from 'zod';
import { choicesField, dateField, idField, optionalIdField, tickField, versionField } from '../web/fields.js';
import { safeText } from '../web/safe-text.js';
import { AGENCY_CATEGORIES, CATEGORY_LABELS } from './agency-category.js';
import { type TeamRow } from './agencies.store.js';
import { addressField } from './contact.form.js';
import { type Field, type Item, itemsOf } from './field.form.js';
import { FUNCTION_LABELS, POST_FUNCTIONS, type PostFacts } from './post.js';

const agency = {
  name: safeText({ label: 'name of the agency' }),
  category: z.enum(AGENCY_CATEGORIES, { error: 'Select what kind of agency it is' }),
  discipline: safeText({ label: 'discipline', max: 40, required: false }),
  phone: safeText({ label: 'telephone number', max: 40, required: false }),
  emailDomains: safeText({ label: 'email domains', max: 2_000, required: false, lines: true }).transform((typed) =>
    (typed ?? '').split(/[\s,;]+/).filter((domain) => domain !== ''),
  ),
};
export const newAgencyForm = z.object(agency);
export const correctAgencyForm = z.object({ ...agency, version: versionField() });

export const endingForm = z.object({
  version: versionField(),
  endedOn: dateField('date from which it has ended'),
  confirmed: tickField(),
});

export const partEndingForm = z.object({ version: versionField(), endedOn: dateField('date from which it has ended') });

const team = { name: safeText({ label: 'name of the team' }) };
export const newTeamForm = z.object(team);
export const renameTeamForm = z.object({ ...team, version: versionField() });

const inbox = {
  address: addressField,
  teamId: optionalIdField('Select a team from the list'),
  restricted: tickField(),
};
export const newInboxForm = z.object(inbox);
export const correctInboxForm = z.object({ ...inbox, version: versionField() });

const post = {
  title: safeText({ label: 'title of the post' }),
  teamId: optionalIdField('Select a team from the list'),
  discipline: safeText({ label: 'discipline', max: 40, required: false }),
  canDecide: tickField(),
  functions: choicesField(POST_FUNCTIONS, 'Select what the post does from the list'),
};
export const newPostForm = z.object(post);
export const correctPostForm = z.object({ ...post, version: versionField() });

export const deputyForm = z.object({
  deputyPostId: idField('Select the post that stands in'),
  rank: z.preprocess(
    (value) => (value === '' ? undefined : value),
    z.coerce.number({ error: 'Enter who is asked first as a number from 1 to 9' }).optional(),
  ),
});

/** What was typed about a post, as the service takes it. */
export function postFactsOf(form: z.output<typeof newPostForm>): PostFacts {
  const { title, teamId = null, discipline = null, canDecide, functions } = form;
  return { title, teamId, discipline, canDecide, functions };
}

export const agencyFields: readonly Field[] = [
  { kind: 'text', name: 'name', label: 'Name' },
  {
    kind: 'select',
    name: 'category',
    label: 'Kind of agency',
    items: itemsOf(CATEGORY_LABELS),
    hint: 'Quorum counts this',
  },
  {
    kind: 'text',
    name: 'discipline',
    label: 'Discipline (optional)',
    hint: 'For example school nurse, where your procedures count it for itself',
    width: 20,
  },
  { kind: 'text', name: 'phone', label: 'Telephone number (optional)', width: 20, type: 'tel' },
  {
    kind: 'words',
    name: 'emailDomains',
    label: 'Email domains of its people (optional)',
    hint: 'One a line, like northshire.police.uk. A substitute with such an address is invited at once; any other waits for you.',
  },
];

export const endingFields: readonly Field[] = [
  { kind: 'date', name: 'endedOn', label: 'It has ended from' },
  { kind: 'confirm', name: 'confirmed', label: 'Yes, end the posts that people still hold' },
];

export const partEndingFields: readonly Field[] = [{ kind: 'date', name: 'endedOn', label: 'It has ended from' }];

export const teamFields: readonly Field[] = [{ kind: 'text', name: 'name', label: 'Name of the team' }];

export function inboxFields(teams: readonly TeamRow[]): readonly Field[] {
  return [
    { kind: 'email', name: 'address', label: 'Email address' },
    teamField(teams),
    {
      kind: 'ticks',
      name: 'restricted',
      label: 'Who reads it',
      items: [{ value: 'yes', text: 'Only named people can open it' }],
    },
  ];
}

export function postFields(teams: readonly TeamRow[]): readonly Field[] {
  return [
    { kind: 'text', name: 'title', label: 'Title', hint: 'For example Detective Sergeant or Head teacher' },
    teamField(teams),
    {
      kind: 'text',
      name: 'discipline',
      label: 'Discipline (optional)',
      hint: 'For example paediatrician, where your procedures count it for itself',
      width: 20,
    },
    {
      kind: 'ticks',
      name: 'canDecide',
      label: 'At a meeting',
      items: [{ value: 'yes', text: 'Can decide for the agency' }],
    },
    { kind: 'ticks', name: 'functions', label: 'What the post does (optional)', items: itemsOf(FUNCTION_LABELS) },
  ];
}

export function deputyFields(posts: readonly Item[]): readonly Field[] {
  return [
    { kind: 'select', name: 'deputyPostId', label: 'Post that stands in', items: posts },
    {
      kind: 'text',
      name: 'rank',
      label: 'Asked as number (optional)',
      hint: '1 is asked first. Leave empty to ask this one last',
      width: 2,
    },
  ];
}

function teamField(teams: readonly TeamRow[]): Field {
  const items = teams.filter(({ toOn }) => toOn === null).map(({ id, name }) => ({ value: id, text: name }));
  return { kind: 'select', name: 'teamId', label: 'Team (optional)', items, blank: 'No team' };
}
