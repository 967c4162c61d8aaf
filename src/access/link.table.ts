import { EntitySchema } from 'typeorm';
import { Link } from './link.js';

export const linkTable = new EntitySchema<Link>({
  name: 'Link',
  target: Link,
  tableName: 'link',
  columns: {
    authorityId: { type: 'int', primary: true, name: 'authority_id' },
    id: { type: 'uuid', primary: true },
    contactId: { type: 'uuid', name: 'contact_id' },
    purpose: { type: 'text' },
    targetId: { type: 'uuid', name: 'target_id' },
    secretHash: { type: 'bytea', name: 'secret_hash' },
    createdAt: { type: 'timestamptz', name: 'created_at' },
    revokedAt: { type: 'timestamptz', name: 'revoked_at', nullable: true },
    revokedReason: { type: 'text', name: 'revoked_reason', nullable: true },
  },
});
