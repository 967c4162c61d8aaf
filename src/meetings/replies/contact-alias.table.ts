import { EntitySchema } from 'typeorm';
import { ContactAlias } from './contact-alias.js';

export const contactAliasTable = new EntitySchema<ContactAlias>({
  name: 'ContactAlias',
  target: ContactAlias,
  tableName: 'contact_alias',
  columns: {
    authorityId: { type: 'int', primary: true, name: 'authority_id' },
    id: { type: 'uuid', primary: true },
    contactId: { type: 'uuid', name: 'contact_id' },
    address: { type: 'text' },
    addressKey: { type: 'text', name: 'address_key' },
    addedBy: { type: 'text', name: 'added_by' },
    addedAt: { type: 'timestamptz', name: 'added_at' },
  },
});
