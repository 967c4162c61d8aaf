import { EntitySchema } from 'typeorm';
import { Reorganisation } from './reorganisation.js';

export const reorganisationTable = new EntitySchema<Reorganisation>({
  name: 'Reorganisation',
  target: Reorganisation,
  tableName: 'reorganisation',
  columns: {
    authorityId: { type: 'int', primary: true, name: 'authority_id' },
    id: { type: 'uuid', primary: true },
    version: { type: 'int', version: true },
    agencyId: { type: 'uuid', name: 'agency_id' },
    kind: { type: 'text' },
    plan: { type: 'jsonb' },
    touched: { type: 'uuid', array: true },
    words: { type: 'text' },
    effectiveOn: { type: 'date', name: 'effective_on' },
    status: { type: 'text' },
    decidedBy: { type: 'text', name: 'decided_by' },
    decidedAt: { type: 'timestamptz', name: 'decided_at' },
    appliedAt: { type: 'timestamptz', name: 'applied_at', nullable: true },
    reversedAt: { type: 'timestamptz', name: 'reversed_at', nullable: true },
    reversedBy: { type: 'text', name: 'reversed_by', nullable: true },
    trouble: { type: 'text', nullable: true },
  },
});
