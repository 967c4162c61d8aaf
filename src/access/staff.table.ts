import { EntitySchema } from 'typeorm';
import { Staff } from './staff.js';

export const staffTable = new EntitySchema<Staff>({
  name: 'Staff',
  target: Staff,
  tableName: 'staff',
  columns: {
    authorityId: { type: 'int', primary: true, name: 'authority_id' },
    id: { type: 'uuid', primary: true },
    version: { type: 'int', version: true },
    name: { type: 'text' },
    email: { type: 'text' },
    roles: { type: 'text', array: true },
    desk: { type: 'text', nullable: true },
    contactId: { type: 'uuid', name: 'contact_id', nullable: true },
    disabledAt: { type: 'timestamptz', name: 'disabled_at', nullable: true },
    createdAt: { type: 'timestamptz', name: 'created_at' },
  },
});
