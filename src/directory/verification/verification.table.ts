import { EntitySchema } from 'typeorm';
import { Verification } from './verification.js';

export const verificationTable = new EntitySchema<Verification>({
  name: 'Verification',
  target: Verification,
  tableName: 'verification',
  columns: {
    authorityId: { type: 'int', primary: true, name: 'authority_id' },
    id: { type: 'uuid', primary: true },
    version: { type: 'int', version: true },
    contactId: { type: 'uuid', name: 'contact_id' },
    askedAt: { type: 'timestamptz', name: 'asked_at' },
    answer: { type: 'text', nullable: true },
    answeredAt: { type: 'timestamptz', name: 'answered_at', nullable: true },
  },
});
