import { EntitySchema } from 'typeorm';
import { Authority } from './authority.js';

export const authorityTable = new EntitySchema<Authority>({
  name: 'Authority',
  target: Authority,
  tableName: 'authority',
  columns: {
    id: { type: 'int', primary: true },
    name: { type: 'text' },
    shortName: { type: 'text', name: 'short_name' },
    jurisdiction: { type: 'text' },
    zone: { type: 'text' },
    phone: { type: 'text' },
    referencePrefix: { type: 'text', name: 'reference_prefix' },
    demonstration: { type: 'boolean' },
    createdAt: { type: 'timestamptz', name: 'created_at' },
  },
});
