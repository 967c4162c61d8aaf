import { EntitySchema } from 'typeorm';
import { Handover } from './handover.js';

export const handoverTable = new EntitySchema<Handover>({
  name: 'Handover',
  target: Handover,
  tableName: 'handover',
  columns: {
    authorityId: { type: 'int', primary: true, name: 'authority_id' },
    id: { type: 'uuid', primary: true },
    version: { type: 'int', version: true },
    contactId: { type: 'uuid', name: 'contact_id' },
    signal: { type: 'text' },
    statusBefore: { type: 'text', name: 'status_before' },
    holdingIds: { type: 'uuid', array: true, name: 'holding_ids' },
    addressKey: { type: 'text', name: 'address_key' },
    startedAt: { type: 'timestamptz', name: 'started_at' },
    startedBy: { type: 'text', name: 'started_by' },
    undoneAt: { type: 'timestamptz', name: 'undone_at', nullable: true },
    undoneBy: { type: 'text', name: 'undone_by', nullable: true },
  },
});
