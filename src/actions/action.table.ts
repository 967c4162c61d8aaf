import { EntitySchema } from 'typeorm';
import { Action } from './action.js';

export const actionTable = new EntitySchema<Action>({
  name: 'Action',
  target: Action,
  tableName: 'action',
  columns: {
    authorityId: { type: 'int', primary: true, name: 'authority_id' },
    id: { type: 'uuid', primary: true },
    version: { type: 'int', version: true },
    ref: { type: 'text' },
    meetingId: { type: 'uuid', name: 'meeting_id' },
    matterId: { type: 'uuid', name: 'matter_id' },
    text: { type: 'text' },
    ownerContactId: { type: 'uuid', name: 'owner_contact_id' },
    ownerPostId: { type: 'uuid', name: 'owner_post_id', nullable: true },
    ownerAgencyId: { type: 'uuid', name: 'owner_agency_id' },
    ownerAttended: { type: 'boolean', name: 'owner_attended' },
    contactKey: { type: 'text', name: 'contact_key' },
    agencyKey: { type: 'text', name: 'agency_key' },
    addressKey: { type: 'text', name: 'address_key' },
    verdict: { type: 'text', nullable: true },
    dueOn: { type: 'date', name: 'due_on' },
    priority: { type: 'text' },
    status: { type: 'text' },
    reason: { type: 'text', nullable: true },
    doneNote: { type: 'text', name: 'done_note', nullable: true },
    settledAt: { type: 'timestamptz', name: 'settled_at', nullable: true },
    createdAt: { type: 'timestamptz', name: 'created_at' },
  },
});
