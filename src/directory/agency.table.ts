import { EntitySchema } from 'typeorm';
import { Agency } from './agency.js';

export const agencyTable = new EntitySchema<Agency>({
  name: 'Agency',
  target: Agency,
  tableName: 'agency',
  columns: {
    authorityId: { type: 'int', primary: true, name: 'authority_id' },
    id: { type: 'uuid', primary: true },
    version: { type: 'int', version: true },
    name: { type: 'text' },
    category: { type: 'text' },
    discipline: { type: 'text', nullable: true },
    phone: { type: 'text', nullable: true },
    emailDomains: { type: 'text', array: true, name: 'email_domains' },
    registerKey: { type: 'text', name: 'register_key', nullable: true },
    endedOn: { type: 'date', name: 'ended_on', nullable: true },
    spocPostId: { type: 'uuid', name: 'spoc_post_id', nullable: true },
    outOfHoursPostId: { type: 'uuid', name: 'out_of_hours_post_id', nullable: true },
    chaseManagerPostId: { type: 'uuid', name: 'chase_manager_post_id', nullable: true },
    createdAt: { type: 'timestamptz', name: 'created_at' },
  },
});
