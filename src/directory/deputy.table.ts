import { EntitySchema } from 'typeorm';
import { Deputy } from './deputy.js';

export const deputyTable = new EntitySchema<Deputy>({
  name: 'Deputy',
  target: Deputy,
  tableName: 'deputy',
  columns: {
    authorityId: { type: 'int', primary: true, name: 'authority_id' },
    id: { type: 'uuid', primary: true },
    version: { type: 'int', version: true },
    postId: { type: 'uuid', name: 'post_id' },
    deputyPostId: { type: 'uuid', name: 'deputy_post_id' },
    rank: { type: 'int' },
    fromOn: { type: 'date', name: 'from_on' },
    toOn: { type: 'date', name: 'to_on', nullable: true },
  },
});
