import { EntitySchema } from 'typeorm';
import { ReRouting } from './re-routing.js';

export const reRoutingTable = new EntitySchema<ReRouting>({
  name: 'ReRouting',
  target: ReRouting,
  tableName: 're_routing',
  columns: {
    authorityId: { type: 'int', primary: true, name: 'authority_id' },
    id: { type: 'uuid', primary: true },
    handoverId: { type: 'uuid', name: 'handover_id' },
    meetingId: { type: 'uuid', name: 'meeting_id' },
    matterId: { type: 'uuid', name: 'matter_id' },
    invitationId: { type: 'uuid', name: 'invitation_id' },
    toInvitationId: { type: 'uuid', name: 'to_invitation_id', nullable: true },
    inboxId: { type: 'uuid', name: 'inbox_id', nullable: true },
    askedAs: { type: 'text', name: 'asked_as' },
    skipped: { type: 'jsonb' },
    at: { type: 'timestamptz' },
    undoneAt: { type: 'timestamptz', name: 'undone_at', nullable: true },
  },
});
