import { z } from 'zod';
import { AGENCY_CATEGORIES } from '../directory/agency-category.js';
import { type NewPerson } from '../directory/new-people.service.js';
import {
  choiceField,
  dateField,
  idField,
  idsField,
  optionalIdField,
  tickField,
  timeField,
  versionField,
} from '../web/fields.js';
import { type FormBody, type FormState, parseForm, valuesById } from '../web/forms.js';
import { safeText } from '../web/safe-text.js';
import { type GuestPlan } from './guests.service.js';
import { REQUIREDNESS, type Requiredness } from './invitation.js';
import { type Meeting } from './meeting.js';
import { MEETING_MODES, type MeetingMode, type SlotPlan } from './slot.js';
import { roleOf } from './suggesting.js';

export const MODE_LABELS: Readonly<Record<MeetingMode, string>> = {
  IN_PERSON: 'In person',
  VIDEO: 'By video',
  PHONE: 'By telephone',
  HYBRID: 'In person and by video',
};
export const MODE_ITEMS = MEETING_MODES.map((value) => ({ value, text: MODE_LABELS[value] }));

/** Meetings are held on the clock of the United Kingdom. */
const ZONE = 'Europe/London';

const when = {
  date: dateField('the date of the meeting'),
  from: timeField('the time it starts'),
  mode: choiceField(MEETING_MODES, 'Select how the meeting is held'),
  place: safeText({ label: 'place', max: 200, required: false }),
  joinDetails: safeText({ label: 'joining details', max: 1000, required: false, lines: true }),
};

const overrideReason = safeText({ label: 'reason', max: 1000, required: false, lines: true });

/** When and how a new meeting is held; without an end it takes as long as its kind usually does. */
const whenForm = z.object({
  type: z.string({ error: 'Select what kind of meeting it is' }).min(1, 'Select what kind of meeting it is').max(60),
  to: z.preprocess((value) => (value === '' ? undefined : value), timeField('the time it ends').optional()),
  ...when,
});

/** Who is asked. */
const peopleForm = z.object({
  chair: optionalIdField('Select the chair from the list'),
  minuteTaker: optionalIdField('Select the minute taker from the list'),
  invitee: idsField('Select people from the list'),
  overrideReason,
  sure: tickField(),
});

/** Another time or place for a meeting that has gone out. */
const moveForm = z.object({ version: versionField(), to: timeField('the time it ends'), overrideReason, ...when });

export const cancellationForm = z.object({
  version: versionField(),
  reason: safeText({ label: 'reason', max: 1000, required: false, lines: true }),
  /** Of a series: this meeting alone, or the later ones too. */
  which: z.enum(['ONE', 'LATER'], { error: 'Select which meetings are cancelled' }).optional(),
});

/** A held time made certain. */
export const confirmationForm = z.object({ version: versionField(), overrideReason });

/** Whether somebody is needed. */
export const needForm = z.object({
  required: z.enum(REQUIREDNESS, { error: 'Select whether they are needed' }),
});

export const chairForm = z.object({
  version: versionField(),
  chair: optionalIdField('Select the chair from the list'),
  minuteTaker: optionalIdField('Select the minute taker from the list'),
});

const required = z.preprocess(
  (value) => value ?? 'NO',
  z.enum(REQUIREDNESS, { error: 'Select whether they are needed' }),
);

/** Somebody of the directory who is asked to a meeting that has gone out. */
export const inviteForm = z.object({
  contact: idField('Select whom to invite'),
  role: z.string().max(40).optional(),
  required,
  overrideReason,
  sure: tickField(),
});

/** What the person new to the directory plays, beside who they are. */
export const newGuestForm = z.object({
  role: z.string().max(40).optional(),
  required,
  overrideReason,
  sure: tickField(),
});

const personForm = z.object({
  personName: safeText({ label: 'full name' }),
  email: safeText({ label: 'email address', max: 254 }),
  phone: safeText({ label: 'telephone number', max: 40, required: false }),
  postTitle: safeText({ label: 'post' }),
  agencyId: optionalIdField('Select the agency from the list'),
  agencyName: safeText({ label: 'name of the agency', required: false }),
  agencyCategory: z.preprocess(
    (value) => (value === '' ? undefined : value),
    z.enum(AGENCY_CATEGORIES, { error: 'Select what kind of agency it is' }).optional(),
  ),
  confirmed: tickField(),
});

/** Where the fields of a person and of a slot stand on these forms. */
export const INPUTS: Readonly<Record<string, string>> = {
  name: 'personName',
  category: 'agencyCategory',
  contact: 'invitee',
  invitees: 'invitee',
  newAgency: 'agencyName',
};

export interface WhenTyped {
  readonly typeCode: string;
  readonly slot: SlotPlan;
}

/** The first step of a new meeting; `durations` are minutes by kind of meeting. */
export function readWhen(body: FormBody, durations: ReadonlyMap<string, number>): WhenTyped {
  const { type, ...typed } = parseForm(whenForm, body);
  const to = typed.to ?? endOf(typed.from, durations.get(type) ?? 60);
  return { typeCode: type, slot: { ...typed, to, zone: ZONE } };
}

export interface PeopleTyped {
  readonly chairContactId: string | null;
  readonly minuteTakerContactId: string | null;
  readonly invitees: GuestPlan[];
  readonly overrideReason: string | null;
  readonly sure: boolean;
}

/** The second and third step: who, in which part, needed or not; `usual` where the form does not say yet. */
export function readPeople(body: FormBody, usual: (contactId: string) => Omit<GuestPlan, 'contactId'>): PeopleTyped {
  const {
    chair = null,
    minuteTaker = null,
    invitee,
    sure,
    overrideReason: reason = null,
  } = parseForm(peopleForm, body);
  const roles = valuesById(body, 'role');
  const needed = valuesById(body, 'required');
  const invitees = invitee.map((contactId) => {
    const role = roles.get(contactId);
    if (role === undefined) return { contactId, ...usual(contactId) };
    const part = roleOf(role);
    const isOffice = part === 'CHAIR' || part === 'MINUTE_TAKER';
    return { contactId, role: isOffice ? 'ATTENDEE' : part, required: needednessOf(needed.get(contactId)) };
  });
  return { chairContactId: chair, minuteTakerContactId: minuteTaker, invitees, overrideReason: reason, sure };
}

export interface MoveTyped {
  readonly version: number;
  readonly slot: SlotPlan;
  readonly overrideReason: string | null;
}

/** Another time or place. */
export function readMove(body: FormBody): MoveTyped {
  const { version, overrideReason: reason = null, ...slot } = parseForm(moveForm, body);
  return { version, slot: { ...slot, zone: ZONE }, overrideReason: reason };
}

/** Somebody new to the directory, as typed while inviting. */
export function readPerson(body: FormBody): NewPerson {
  const { personName, agencyName, agencyCategory, agencyId, phone, ...rest } = parseForm(personForm, body);
  const newAgency = { name: agencyName ?? '', category: agencyCategory ?? '' };
  const isNew = agencyId === undefined && agencyName !== undefined;
  return {
    ...rest,
    name: personName,
    ...(phone === undefined ? {} : { phone }),
    ...(agencyId === undefined ? {} : { agencyId }),
    ...(isNew ? { newAgency } : {}),
  };
}

/** The values of the form that moves a meeting, as it is now. */
export function moveValues(meeting: Meeting): FormState['values'] {
  return {
    version: String(meeting.version),
    date: meeting.wallStart.slice(0, 10),
    from: meeting.wallStart.slice(11),
    to: meeting.wallEnd.slice(11),
    mode: meeting.mode,
    place: meeting.place,
    joinDetails: meeting.joinDetails ?? '',
  };
}

function needednessOf(typed: string | undefined): Requiredness {
  return REQUIREDNESS.find((one) => one === typed) ?? 'NO';
}

/** Some minutes after a time of day, `10:00`; a meeting ends on the day it begins. */
function endOf(from: string, minutes: number): string {
  const [hour = 0, minute = 0] = from.split(':').map(Number);
  const end = Math.min(hour * 60 + minute + minutes, 24 * 60 - 1);
  return `${String(Math.floor(end / 60)).padStart(2, '0')}:${String(end % 60).padStart(2, '0')}`;
}
