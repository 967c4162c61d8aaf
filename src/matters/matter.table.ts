import { EntitySchema } from 'typeorm';
import { Matter } from './matter.js';

export const matterTable = new EntitySchema<Matter>({
  name: 'Matter',
  target: Matter,
  tableName: 'matter',
  columns: {
    authorityId: { type: 'int', primary: true, name: 'authority_id' },
    id: { type: 'uuid', primary: true },
    version: { type: 'int', version: true },
    ref: { type: 'text' },
    kind: { type: 'text' },
    neutralTitle: { type: 'text', name: 'neutral_title' },
    sensitivity: { type: 'text' },
    status: { type: 'text' },
    coordinatorId: { type: 'uuid', name: 'coordinator_id' },
    facts: { type: 'text', array: true },
    externalIds: { type: 'text', name: 'external_ids', array: true },
    createdAt: { type: 'timestamptz', name: 'created_at' },
    closedAt: { type: 'timestamptz', name: 'closed_at', nullable: true },
    matterId: { type: 'uuid', name: 'matter_id' },
  },
});
