import { EntitySchema } from 'typeorm';
import { Holding } from './holding.js';

export const holdingTable = new EntitySchema<Holding>({
  name: 'Holding',
  target: Holding,
  tableName: 'holding',
  columns: {
    authorityId: { type: 'int', primary: true, name: 'authority_id' },
    id: { type: 'uuid', primary: true },
    version: { type: 'int', version: true },
    contactId: { type: 'uuid', name: 'contact_id' },
    postId: { type: 'uuid', name: 'post_id' },
    fromOn: { type: 'date', name: 'from_on' },
    toOn: { type: 'date', name: 'to_on', nullable: true },
    endReason: { type: 'text', name: 'end_reason', nullable: true },
  },
});
