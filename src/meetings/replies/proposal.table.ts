import { EntitySchema } from 'typeorm';
import { Proposal } from './proposal.js';

export const proposalTable = new EntitySchema<Proposal>({
  name: 'Proposal',
  target: Proposal,
  tableName: 'proposal',
  columns: {
    authorityId: { type: 'int', primary: true, name: 'authority_id' },
    id: { type: 'uuid', primary: true },
    version: { type: 'int', version: true },
    meetingId: { type: 'uuid', name: 'meeting_id' },
    matterId: { type: 'uuid', name: 'matter_id' },
    invitationId: { type: 'uuid', name: 'invitation_id' },
    channel: { type: 'text' },
    startsAt: { type: 'timestamptz', name: 'starts_at', nullable: true },
    endsAt: { type: 'timestamptz', name: 'ends_at', nullable: true },
    words: { type: 'text', nullable: true },
    revision: { type: 'int' },
    inboundMailId: { type: 'uuid', name: 'inbound_mail_id', nullable: true },
    state: { type: 'text' },
    reason: { type: 'text', nullable: true },
    madeAt: { type: 'timestamptz', name: 'made_at' },
    settledAt: { type: 'timestamptz', name: 'settled_at', nullable: true },
  },
});
