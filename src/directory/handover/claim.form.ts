import { z } from 'zod';
import { versionField } from '../../web/fields.js';
import { safeText } from '../../web/safe-text.js';

export const claimDecisionForm = z.object({ version: versionField() });

export const claimRefusalForm = z.object({
  version: versionField(),
  reason: safeText({ label: 'reason', required: false, max: 500, lines: true }),
});
