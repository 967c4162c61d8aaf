import { z } from 'zod';
import { choiceField, dateField, optionalIdField, versionField } from '../web/fields.js';
import { safeText } from '../web/safe-text.js';
import { ACTION_MOVES, type ActionMove, type ActionStatus } from './action.js';

const LONG = 1000;
const owner = {
  owner: optionalIdField('Choose one named person who owns the action'),
  ownerName: safeText({ label: 'name', required: false }),
};

const reason = (label: string): z.ZodType<string> => safeText({ label, max: LONG, lines: true });

/** What a meeting agreed. Who owns it and whether the date makes sense is for the rules to say. */
export const agreedForm = z.object({
  ...owner,
  text: safeText({ label: 'what is to be done', max: LONG, lines: true }),
  dueOn: dateField('the date it is due'),
});

export const ownerForm = z.object({ ...owner, version: versionField() });

export const dueDateForm = z.object({
  dueOn: dateField('the date it is due'),
  dateReason: reason('why the date changes'),
  version: versionField(),
});
export const returnForm = z.object({ returnReason: reason('what is still to be done'), version: versionField() });
export const cancelForm = z.object({ cancelReason: reason('why it is cancelled'), version: versionField() });

export const versionForm = z.object({ version: versionField() });

/** What an owner may say of their action, in the order of the page. */
export const OWN_CHOICES = ['accept', 'progress', 'done', 'query', 'notPossible', 'notDone'] as const;
export type OwnChoice = (typeof OWN_CHOICES)[number];

const CHOICE_LABELS: Readonly<Record<OwnChoice, { text: string; hint?: string }>> = {
  accept: { text: 'I accept it' },
  progress: { text: 'I have started' },
  done: { text: 'It is done', hint: 'You may say below how' },
  query: { text: 'It is not mine', hint: 'Say below why, and whom to ask instead' },
  notPossible: { text: 'It is no longer possible', hint: 'Say below what changed' },
  notDone: { text: 'It was not done', hint: 'Say below why' },
};

export const ownForm = z.object({
  choice: choiceField(OWN_CHOICES, 'Select what you want to tell us'),
  words: safeText({ label: 'text', max: LONG, lines: true, required: false }),
  version: versionField(),
});

/** The choices that are open for an action as it stands, as items for radios. */
export function ownChoices(status: ActionStatus): { value: OwnChoice; text: string; hint?: { text: string } }[] {
  const mayMove = (move: ActionMove): boolean => (ACTION_MOVES[move].from as readonly ActionStatus[]).includes(status);
  return OWN_CHOICES.filter(mayMove).map((value) => {
    const { text, hint } = CHOICE_LABELS[value];
    return hint === undefined ? { value, text } : { value, text, hint: { text: hint } };
  });
}
