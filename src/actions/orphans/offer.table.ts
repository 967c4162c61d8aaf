import { EntitySchema } from 'typeorm';
import { Offer } from './offer.js';

export const offerTable = new EntitySchema<Offer>({
  name: 'Offer',
  target: Offer,
  tableName: 'action_offer',
  columns: {
    authorityId: { type: 'int', primary: true, name: 'authority_id' },
    id: { type: 'uuid', primary: true },
    version: { type: 'int', version: true },
    actionId: { type: 'uuid', name: 'action_id' },
    matterId: { type: 'uuid', name: 'matter_id' },
    contactId: { type: 'uuid', name: 'contact_id' },
    postId: { type: 'uuid', name: 'post_id', nullable: true },
    agencyId: { type: 'uuid', name: 'agency_id' },
    contactKey: { type: 'text', name: 'contact_key' },
    agencyKey: { type: 'text', name: 'agency_key' },
    addressKey: { type: 'text', name: 'address_key' },
    verdict: { type: 'text', nullable: true },
    status: { type: 'text' },
    reason: { type: 'text', nullable: true },
    offeredAt: { type: 'timestamptz', name: 'offered_at' },
    answeredAt: { type: 'timestamptz', name: 'answered_at', nullable: true },
  },
});
