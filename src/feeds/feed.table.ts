import { EntitySchema } from 'typeorm';
import { Feed } from './feed.js';

export const feedTable = new EntitySchema<Feed>({
  name: 'Feed',
  target: Feed,
  tableName: 'feed',
  columns: {
    authorityId: { type: 'int', primary: true, name: 'authority_id' },
    id: { type: 'uuid', primary: true },
    version: { type: 'int', version: true },
    contactId: { type: 'uuid', name: 'contact_id', nullable: true },
    staffId: { type: 'uuid', name: 'staff_id', nullable: true },
    secretHash: { type: 'bytea', name: 'secret_hash' },
    madeAt: { type: 'timestamptz', name: 'made_at' },
    lastFetchedAt: { type: 'timestamptz', name: 'last_fetched_at', nullable: true },
    revokedAt: { type: 'timestamptz', name: 'revoked_at', nullable: true },
    revokedReason: { type: 'text', name: 'revoked_reason', nullable: true },
  },
});
