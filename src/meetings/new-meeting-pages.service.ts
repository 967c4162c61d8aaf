import { Inject, Injectable } from '@nestjs/common';
import { type Actor } from '../access/actor.js';
import { AGENCY_CATEGORIES, CATEGORY_LABELS } from '../directory/agency-category.js';
import { AgenciesService } from '../directory/agencies.service.js';
import { ContactsService } from '../directory/contacts.service.js';
import { type PersonInPost } from '../directory/person-in-post.js';
import { emptyForm, failedForm, type FormBody, type FormPage, type FormState } from '../web/forms.js';
import { type GuestPlan } from './guests.service.js';
import { INVITATION_ROLES, ROLE_LABELS } from './invitation.js';
import { INPUTS, MODE_ITEMS, MODE_LABELS, readPeople, readPerson, readWhen } from './meeting.form.js';
import { type CheckedPlan, type MeetingPlan, SchedulingService } from './scheduling.service.js';
import { slotOf } from './slot.js';
import { type SuggestedGroup } from './suggesting.js';
import { type Beginning, SuggestionsService } from './suggestions.service.js';

/** People who may be shown at once beside the suggested ones. */
const CARRIED_MAX = 60;
const WHEN_FIELDS = ['type', 'date', 'from', 'to', 'mode', 'place', 'joinDetails'];
const PERSON_FIELDS = [
  'personName',
  'email',
  'phone',
  'postTitle',
  'agencyId',
  'agencyName',
  'agencyCategory',
  'confirmed',
];

export const ROLE_ITEMS = INVITATION_ROLES.filter((role) => role !== 'CHAIR' && role !== 'MINUTE_TAKER').map(
  (value) => ({
    value,
    text: ROLE_LABELS[value],
  }),
);

/** The choices for the agency of somebody new to the directory. */
export async function agencyItems(agencies: AgenciesService, by: Actor): Promise<object> {
  const choices = await agencies.choices(by);
  return {
    agencies: choices.map(({ id, name }) => ({ value: id, text: name })),
    categories: AGENCY_CATEGORIES.map((value) => ({ value, text: CATEGORY_LABELS[value] })),
  };
}

/**
 * The three pages on which a meeting is called: when and how, who, look it over and send. What was typed travels with the
 * pages and is kept nowhere before it is sent.
 */
@Injectable()
export class NewMeetingPages {
  constructor(
    @Inject(SchedulingService) private readonly scheduling: SchedulingService,
    @Inject(SuggestionsService) private readonly suggestions: SuggestionsService,
    @Inject(ContactsService) private readonly contacts: ContactsService,
    @Inject(AgenciesService) private readonly agencies: AgenciesService,
  ) {}

  /** The page for an error: where its field stands. Errors that nobody can put right are thrown on. */
  async failed(by: Actor, matterId: string, body: FormBody, error: unknown): Promise<FormPage> {
    const form = failedForm(body, error, INPUTS);
    const field = form.errors[0]?.field ?? '';
    if (WHEN_FIELDS.includes(field)) return this.when(by, matterId, form);
    if (field === 'sure') return this.sure(by, matterId, body, form);
    if (field === 'overrideReason') return this.check(by, matterId, body, form.errors);
    return this.people(by, matterId, form);
  }

  /** When and how. */
  async when(by: Actor, matterId: string, form: FormState): Promise<FormPage> {
    const beginning = await this.suggestions.begin(by, matterId);
    const types = beginning.types.map(({ code, label }) => ({ value: code, text: label }));
    const locals = { matter: beginning.matter, types, modes: MODE_ITEMS, form };
    return { view: 'meetings/views/new-meeting-when.njk', locals };
  }

  /** Who: the suggested people, those found or added, and who chairs. Throws what is wrong with when and how. */
  async people(by: Actor, matterId: string, form: FormState): Promise<FormPage> {
    const beginning = await this.suggestions.begin(by, matterId);
    const { typeCode, slot } = readWhen(form.values, durationsOf(beginning));
    slotOf(slot);
    const groups = await this.suggestions.suggest(by, matterId, typeCode);
    const typed = typedOf(form.values, 'q');
    const found = await this.suggestions.search(by, matterId, typed);
    const suggested = new Set(groups.flatMap(({ people }) => people.map(({ contactId }) => contactId)));
    const ids = [...idsIn(form.values), ...found.map(({ contactId }) => contactId)].filter((id) => !suggested.has(id));
    const others = await this.suggestions.people(by, [...new Set(ids)].slice(0, CARRIED_MAX));
    const everybody = [...groups.flatMap(({ people }) => people), ...others];
    const locals = {
      matter: beginning.matter,
      typeLabel: labelOf(beginning, typeCode),
      slot,
      modeLabels: MODE_LABELS,
      groups,
      others,
      searched: typed === '' ? null : { typed, found: found.length },
      chairs: chairItems(groups, everybody),
      form,
      ...(await agencyItems(this.agencies, by)),
    };
    return { view: 'meetings/views/new-meeting-people.njk', locals };
  }

  /** Adds somebody to the directory and ticks them. Throws what is wrong with them. */
  async add(by: Actor, matterId: string, body: FormBody): Promise<FormPage> {
    const person = await this.contacts.add(by, readPerson(body));
    const { values } = failedForm(body, []);
    for (const name of PERSON_FIELDS) Reflect.deleteProperty(values, name);
    values.invitee = [...[values.invitee ?? []].flat(), person.contactId];
    return this.people(by, matterId, emptyForm(values));
  }

  /** Everything on one page before it is sent. Throws what would be refused; lists what is warned of. */
  async check(by: Actor, matterId: string, body: FormBody, errors: FormState['errors'] = []): Promise<FormPage> {
    const beginning = await this.suggestions.begin(by, matterId);
    const plan = await this.plan(by, matterId, body);
    const checked = await this.scheduling.check(by, plan);
    const values: FormState['values'] = { ...failedForm(body, []).values, ...placeValues(checked) };
    const locals = {
      matter: beginning.matter,
      typeLabel: labelOf(beginning, plan.typeCode),
      modeLabels: MODE_LABELS,
      checked,
      roleLabels: ROLE_LABELS,
      roles: ROLE_ITEMS,
      form: { values, errors },
    };
    return { view: 'meetings/views/new-meeting-check.njk', locals };
  }

  /** What to look at once more before it is sent; the tick is asked for there and not before. */
  private async sure(by: Actor, matterId: string, body: FormBody, form: FormState): Promise<FormPage> {
    const { matter } = await this.suggestions.begin(by, matterId);
    const { precautions } = await this.scheduling.check(by, await this.plan(by, matterId, body));
    const errors = body.asked === 'yes' ? form.errors : [];
    const values = { ...form.values, asked: 'yes' };
    const locals = { matter, precautions, hold: body.do === 'hold', form: { values, errors } };
    return { view: 'meetings/precautions/views/sure.njk', locals };
  }

  /** The meeting as the pages describe it. Throws what is wrong with the form. */
  async plan(by: Actor, matterId: string, body: FormBody): Promise<MeetingPlan> {
    const beginning = await this.suggestions.begin(by, matterId);
    const { typeCode, slot } = readWhen(body, durationsOf(beginning));
    const groups = await this.suggestions.suggest(by, matterId, typeCode);
    return { matterId, typeCode, slot, ...readPeople(body, (contactId) => usualPlace(groups, contactId)) };
  }
}

/** What somebody comes as where the coordinator has not said: as suggested, needed where the suggestion is. */
function usualPlace(groups: readonly SuggestedGroup[], contactId: string): Omit<GuestPlan, 'contactId'> {
  const group = groups.find(({ people }) => people.some((person) => person.contactId === contactId));
  if (group === undefined) return { role: 'ATTENDEE', required: 'NO' };
  const role = group.role === 'CHAIR' ? 'ATTENDEE' : group.role;
  return { role, required: group.required ? 'BY_QUORUM' : 'NO' };
}

function durationsOf({ types }: Beginning): Map<string, number> {
  return new Map(types.map(({ code, durationMinutes }) => [code, durationMinutes]));
}

function labelOf({ types }: Beginning, code: string): string {
  return types.find((type) => type.code === code)?.label ?? code;
}

/** Everybody on the page, those suggested as chair first. */
function chairItems(groups: readonly SuggestedGroup[], everybody: readonly PersonInPost[]): object[] {
  const first = groups.filter(({ role }) => role === 'CHAIR').flatMap(({ people }) => people);
  const rest = everybody.filter((person) => !first.includes(person));
  return [...first, ...rest].map(({ contactId, name, agencyName }) => ({
    value: contactId,
    text: agencyName === null ? name : `${name}, ${agencyName}`,
  }));
}

/** The parts and the need of everybody as the last page shows them. */
function placeValues({ guests }: CheckedPlan): FormState['values'] {
  const values: FormState['values'] = {};
  for (const { person, place } of guests) {
    values[`role[${person.contactId}]`] = place.role ?? 'ATTENDEE';
    values[`required[${person.contactId}]`] = place.required ?? 'NO';
  }
  return values;
}

function idsIn(values: FormState['values']): string[] {
  const typed = ['invitee', 'known', 'chair', 'minuteTaker'].flatMap((name) => values[name] ?? []);
  return typed.filter((id) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id));
}

function typedOf(values: FormState['values'], name: string): string {
  const value = values[name];
  return typeof value === 'string' ? value : '';
}
