import { z } from 'zod';
import { parseAddress } from '../mail/address.js';
import { choiceField, optionalIdField } from '../web/fields.js';
import { type FormBody, FormInvalid, parseForm } from '../web/forms.js';
import { safeText } from '../web/safe-text.js';
import { type NamedSubstitute } from './substitutes.service.js';

const colleague = z.object({
  contactId: optionalIdField('Choose a colleague from the list'),
  canDecide: choiceField(['yes', 'no'], 'Choose whether they may decide for your agency'),
});

const newcomer = z.object({
  name: safeText({ label: 'their full name' }),
  email: z
    .string({ error: 'Enter their email address' })
    .refine((typed) => parseAddress(typed) !== undefined, 'Enter their email address, like name@example.com'),
  postTitle: safeText({ label: 'their post' }),
});

/** Reads who comes instead: a colleague of the list, or somebody new with name, address and post. */
export function readSubstitute(body: FormBody): NamedSubstitute {
  const { contactId, ...typed } = parseForm(colleague, body);
  const canDecide = typed.canDecide === 'yes';
  if (contactId !== undefined) return { contactId, canDecide };
  if ([body.name, body.email, body.postTitle].every((one) => one === undefined || one === '')) {
    throw new FormInvalid([{ field: 'contactId', message: 'Choose a colleague, or enter who comes instead' }]);
  }
  return { ...parseForm(newcomer, body), canDecide };
}
