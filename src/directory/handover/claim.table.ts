import { EntitySchema } from 'typeorm';
import { Claim } from './claim.js';

export const claimTable = new EntitySchema<Claim>({
  name: 'Claim',
  target: Claim,
  tableName: 'claim',
  columns: {
    authorityId: { type: 'int', primary: true, name: 'authority_id' },
    id: { type: 'uuid', primary: true },
    version: { type: 'int', version: true },
    postId: { type: 'uuid', name: 'post_id' },
    heldBy: { type: 'uuid', name: 'held_by' },
    contactId: { type: 'uuid', name: 'contact_id', nullable: true },
    name: { type: 'text' },
    email: { type: 'text' },
    addressKey: { type: 'text', name: 'address_key' },
    status: { type: 'text' },
    madeAt: { type: 'timestamptz', name: 'made_at' },
    decidedAt: { type: 'timestamptz', name: 'decided_at', nullable: true },
    decidedBy: { type: 'text', name: 'decided_by', nullable: true },
    reason: { type: 'text', nullable: true },
  },
});
