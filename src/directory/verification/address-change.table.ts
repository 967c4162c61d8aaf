import { EntitySchema } from 'typeorm';
import { AddressChange } from './address-change.js';

export const addressChangeTable = new EntitySchema<AddressChange>({
  name: 'AddressChange',
  target: AddressChange,
  tableName: 'address_change',
  columns: {
    authorityId: { type: 'int', primary: true, name: 'authority_id' },
    id: { type: 'uuid', primary: true },
    version: { type: 'int', version: true },
    contactId: { type: 'uuid', name: 'contact_id' },
    email: { type: 'text' },
    addressKey: { type: 'text', name: 'address_key' },
    status: { type: 'text' },
    madeAt: { type: 'timestamptz', name: 'made_at' },
    decidedAt: { type: 'timestamptz', name: 'decided_at', nullable: true },
    decidedBy: { type: 'text', name: 'decided_by', nullable: true },
  },
});
