import { EntitySchema } from 'typeorm';
import { Contact } from './contact.js';

export const contactTable = new EntitySchema<Contact>({
  name: 'Contact',
  target: Contact,
  tableName: 'contact',
  columns: {
    authorityId: { type: 'int', primary: true, name: 'authority_id' },
    id: { type: 'uuid', primary: true },
    version: { type: 'int', version: true },
    name: { type: 'text' },
    email: { type: 'text' },
    addressKey: { type: 'text', name: 'address_key' },
    phone: { type: 'text', nullable: true },
    mobile: { type: 'text', nullable: true },
    accessNeeds: { type: 'text', name: 'access_needs', nullable: true },
    status: { type: 'text' },
    lastVerifiedAt: { type: 'timestamptz', name: 'last_verified_at', nullable: true },
    verifiedHow: { type: 'text', name: 'verified_how', nullable: true },
    mergedInto: { type: 'uuid', name: 'merged_into', nullable: true },
    leaveFrom: { type: 'date', name: 'leave_from', nullable: true },
    leaveTo: { type: 'date', name: 'leave_to', nullable: true },
    coverContactId: { type: 'uuid', name: 'cover_contact_id', nullable: true },
    createdAt: { type: 'timestamptz', name: 'created_at' },
  },
});
