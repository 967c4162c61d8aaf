import { EntitySchema } from 'typeorm';
import { PartnerToken } from './partner-token.js';

export const partnerTokenTable = new EntitySchema<PartnerToken>({
  name: 'PartnerToken',
  target: PartnerToken,
  tableName: 'partner_token',
  columns: {
    authorityId: { type: 'int', primary: true, name: 'authority_id' },
    id: { type: 'uuid', primary: true },
    version: { type: 'int', version: true },
    agencyId: { type: 'uuid', name: 'agency_id' },
    name: { type: 'text' },
    keyId: { type: 'text', name: 'key_id' },
    secretHash: { type: 'bytea', name: 'secret_hash' },
    scopes: { type: 'text', array: true },
    issuedBy: { type: 'uuid', name: 'issued_by' },
    issuedAt: { type: 'timestamptz', name: 'issued_at' },
    expiresAt: { type: 'timestamptz', name: 'expires_at' },
    lastUsedOn: { type: 'date', name: 'last_used_on', nullable: true },
    revokedAt: { type: 'timestamptz', name: 'revoked_at', nullable: true },
  },
});
