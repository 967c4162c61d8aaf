import { z } from 'zod';
import { choiceField, versionField } from '../web/fields.js';
import { safeText } from '../web/safe-text.js';
import { EXCLUSION_REASONS, type Excluded } from './exclusion.js';

const WHO = /^(PERSON|POST|INBOX|AGENCY):([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

const excluded = z
  .string({ error: 'Select who must not be told' })
  .regex(WHO, 'Select who must not be told')
  .transform((chosen): Excluded => {
    const [, kind, id = ''] = WHO.exec(chosen) ?? [];
    if (kind === 'PERSON') return { contactId: id };
    if (kind === 'POST') return { postId: id };
    return kind === 'INBOX' ? { inboxId: id } : { agencyId: id };
  });

/** Somebody who must not be told. */
export const exclusionForm = z.object({
  excluded,
  reason: choiceField(EXCLUSION_REASONS, 'Select why they must not be told'),
  alternative: safeText({ label: 'whom to ask instead', max: 200, required: false }),
});

/** Why they may be told after all; the domain asks when it is missing. */
export const liftForm = z.object({
  version: versionField(),
  reason: safeText({ label: 'reason', max: 1000, required: false, lines: true }),
});
