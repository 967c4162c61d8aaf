import { EntitySchema } from 'typeorm';
import { Standing } from './standing.js';

export const standingTable = new EntitySchema<Standing>({
  name: 'Standing',
  target: Standing,
  tableName: 'standing',
  columns: {
    authorityId: { type: 'int', primary: true, name: 'authority_id' },
    matterId: { type: 'uuid', primary: true, name: 'matter_id' },
    who: { type: 'text', primary: true },
    verdict: { type: 'text' },
  },
});
