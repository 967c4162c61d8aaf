import { z } from 'zod';
import { choiceField, choicesField, idField, idsField, versionField } from '../web/fields.js';
import { type FormState } from '../web/forms.js';
import { safeText } from '../web/safe-text.js';
import { MATTER_FACTS, MATTER_KINDS, type MatterFacts, SENSITIVITIES } from './matter.js';

const caseNumbers = safeText({ label: 'case numbers', max: 1300, required: false, lines: true }).transform((typed) =>
  (typed ?? '')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== ''),
);

const particulars = {
  neutralTitle: safeText({ label: 'neutral title' }),
  facts: choicesField(MATTER_FACTS, 'Select only facts from the list'),
  externalIds: caseNumbers,
};

/** A new matter. */
export const newMatterForm = z.object({
  kind: choiceField(MATTER_KINDS, 'Select what the matter is about'),
  sensitivity: choiceField(SENSITIVITIES, 'Select how sensitive the matter is'),
  coordinatorId: idField('Select who runs the matter'),
  readers: idsField('Select only people from the list'),
  ...particulars,
});

/** A matter put right. */
export const editMatterForm = z.object({ version: versionField(), ...particulars });

/** Another member of staff who runs it. */
export const handOverForm = z.object({ version: versionField(), coordinatorId: idField('Select who runs the matter') });

/** A reason, for closing a matter and opening it again; the domain asks when it is missing. */
export const reasonForm = z.object({
  version: versionField(),
  reason: safeText({ label: 'reason', max: 1000, required: false, lines: true }),
});

/** Somebody let in by name. */
export const readerForm = z.object({ reader: idField('Select a member of staff') });

/** The values of the edit form as the matter is. */
export function matterValues(matter: MatterFacts): FormState['values'] {
  return {
    neutralTitle: matter.neutralTitle,
    facts: [...matter.facts],
    externalIds: matter.externalIds.join('\n'),
  };
}
