import { EntitySchema } from 'typeorm';
import { Team } from './team.js';

export const teamTable = new EntitySchema<Team>({
  name: 'Team',
  target: Team,
  tableName: 'team',
  columns: {
    authorityId: { type: 'int', primary: true, name: 'authority_id' },
    id: { type: 'uuid', primary: true },
    version: { type: 'int', version: true },
    agencyId: { type: 'uuid', name: 'agency_id' },
    name: { type: 'text' },
    formerNames: { type: 'text', array: true, name: 'former_names' },
    successorIds: { type: 'uuid', array: true, name: 'successor_ids' },
    fromOn: { type: 'date', name: 'from_on' },
    toOn: { type: 'date', name: 'to_on', nullable: true },
  },
});
