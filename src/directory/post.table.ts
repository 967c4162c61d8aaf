import { EntitySchema } from 'typeorm';
import { Post } from './post.js';

export const postTable = new EntitySchema<Post>({
  name: 'Post',
  target: Post,
  tableName: 'post',
  columns: {
    authorityId: { type: 'int', primary: true, name: 'authority_id' },
    id: { type: 'uuid', primary: true },
    version: { type: 'int', version: true },
    agencyId: { type: 'uuid', name: 'agency_id' },
    teamId: { type: 'uuid', name: 'team_id', nullable: true },
    title: { type: 'text' },
    discipline: { type: 'text', nullable: true },
    canDecide: { type: 'boolean', name: 'can_decide' },
    functions: { type: 'text', array: true },
    endedOn: { type: 'date', name: 'ended_on', nullable: true },
  },
});
