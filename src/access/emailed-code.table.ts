import { EntitySchema } from 'typeorm';
import { EmailedCode } from './emailed-code.js';

export const emailedCodeTable = new EntitySchema<EmailedCode>({
  name: 'EmailedCode',
  target: EmailedCode,
  tableName: 'emailed_code',
  columns: {
    authorityId: { type: 'int', primary: true, name: 'authority_id' },
    id: { type: 'uuid', primary: true },
    personId: { type: 'uuid', name: 'person_id' },
    askedBy: { type: 'text', name: 'asked_by' },
    codeHash: { type: 'text', name: 'code_hash' },
    createdAt: { type: 'timestamptz', name: 'created_at' },
    expiresAt: { type: 'timestamptz', name: 'expires_at' },
    tries: { type: 'int' },
    usedAt: { type: 'timestamptz', name: 'used_at', nullable: true },
  },
});
