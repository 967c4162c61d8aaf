import { EntitySchema } from 'typeorm';
import { Visit } from './visit.js';

export const visitTable = new EntitySchema<Visit>({
  name: 'Visit',
  target: Visit,
  tableName: 'visit',
  columns: {
    authorityId: { type: 'int', primary: true, name: 'authority_id' },
    id: { type: 'uuid', primary: true },
    linkId: { type: 'uuid', name: 'link_id' },
    contactId: { type: 'uuid', name: 'contact_id' },
    secretHash: { type: 'bytea', name: 'secret_hash' },
    openedAt: { type: 'timestamptz', name: 'opened_at' },
    lastSeenAt: { type: 'timestamptz', name: 'last_seen_at' },
    provedAt: { type: 'timestamptz', name: 'proved_at', nullable: true },
    endedAt: { type: 'timestamptz', name: 'ended_at', nullable: true },
  },
});
