import { EntitySchema } from 'typeorm';
import { Inbox } from './inbox.js';

export const inboxTable = new EntitySchema<Inbox>({
  name: 'Inbox',
  target: Inbox,
  tableName: 'inbox',
  columns: {
    authorityId: { type: 'int', primary: true, name: 'authority_id' },
    id: { type: 'uuid', primary: true },
    version: { type: 'int', version: true },
    agencyId: { type: 'uuid', name: 'agency_id' },
    teamId: { type: 'uuid', name: 'team_id', nullable: true },
    address: { type: 'text' },
    addressKey: { type: 'text', name: 'address_key' },
    restricted: { type: 'boolean' },
    endedOn: { type: 'date', name: 'ended_on', nullable: true },
  },
});
