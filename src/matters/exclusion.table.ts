import { EntitySchema } from 'typeorm';
import { Exclusion } from './exclusion.js';

export const exclusionTable = new EntitySchema<Exclusion>({
  name: 'Exclusion',
  target: Exclusion,
  tableName: 'exclusion',
  columns: {
    authorityId: { type: 'int', primary: true, name: 'authority_id' },
    id: { type: 'uuid', primary: true },
    version: { type: 'int', version: true },
    matterId: { type: 'uuid', name: 'matter_id' },
    contactId: { type: 'uuid', name: 'contact_id', nullable: true },
    postId: { type: 'uuid', name: 'post_id', nullable: true },
    inboxId: { type: 'uuid', name: 'inbox_id', nullable: true },
    agencyId: { type: 'uuid', name: 'agency_id', nullable: true },
    reason: { type: 'text' },
    alternative: { type: 'text', nullable: true },
    keys: { type: 'text', array: true },
    addedBy: { type: 'uuid', name: 'added_by' },
    addedAt: { type: 'timestamptz', name: 'added_at' },
    liftedAt: { type: 'timestamptz', name: 'lifted_at', nullable: true },
    liftedReason: { type: 'text', name: 'lifted_reason', nullable: true },
  },
});
