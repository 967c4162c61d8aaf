import { EntitySchema } from 'typeorm';
import { Response } from './response.js';

export const responseTable = new EntitySchema<Response>({
  name: 'Response',
  target: Response,
  tableName: 'response',
  columns: {
    authorityId: { type: 'int', primary: true, name: 'authority_id' },
    id: { type: 'uuid', primary: true },
    invitationId: { type: 'uuid', name: 'invitation_id' },
    meetingId: { type: 'uuid', name: 'meeting_id' },
    matterId: { type: 'uuid', name: 'matter_id' },
    revision: { type: 'int' },
    kind: { type: 'text' },
    reason: { type: 'text', nullable: true },
    comment: { type: 'text', nullable: true },
    channel: { type: 'text' },
    recordedBy: { type: 'text', name: 'recorded_by' },
    saidBy: { type: 'text', name: 'said_by', nullable: true },
    at: { type: 'timestamptz' },
    statedAt: { type: 'timestamptz', name: 'stated_at' },
    linkId: { type: 'uuid', name: 'link_id', nullable: true },
    inboundMailId: { type: 'uuid', name: 'inbound_mail_id', nullable: true },
    confidence: { type: 'text', nullable: true },
    via: { type: 'text', nullable: true },
    sequence: { type: 'int', nullable: true },
    replyKey: { type: 'text', name: 'reply_key', nullable: true },
    setAside: { type: 'text', name: 'set_aside', nullable: true },
  },
});
