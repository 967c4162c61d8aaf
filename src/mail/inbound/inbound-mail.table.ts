import { EntitySchema } from 'typeorm';
import { type Authentication, type InboundHoldReason, type InboundKind, type InboundState } from './opened-mail.js';

/** A message that reached an address of ours, kept as it came; what was found in it is filled in when it is read. */
export class InboundMail {
  authorityId = 0;
  id = '';
  version = 1;
  receivedAt = new Date(0);
  recipient = '';
  addressKind: 'r' | 'b' = 'r';
  envelopeFrom: string | null = null;
  sha256 = '';
  bytesLength = 0;
  sealedBytes = Buffer.alloc(0);
  state: InboundState = 'RECEIVED';
  reason: InboundHoldReason | null = null;
  /** What came of it, in one line for a person. */
  note: string | null = null;
  kind: InboundKind | null = null;
  attempts = 0;
  invitationId: string | null = null;
  meetingId: string | null = null;
  matterId: string | null = null;
  contactId: string | null = null;
  /** At a bounce address: the message of ours that it names. */
  ofMessageId: string | null = null;
  senderName: string | null = null;
  senderAddress: string | null = null;
  subject: string | null = null;
  sentAt: Date | null = null;
  messageId: string | null = null;
  possiblyAutomatic = false;
  authentication: Authentication | null = null;
  /** What a person would read of it, sealed for `<authority>|inbound_mail|<id>|text`. */
  sealedText: Buffer | null = null;
  settledAt: Date | null = null;
  /** The member of staff who settled what was held. */
  settledBy: string | null = null;
}

export const inboundMailTable = new EntitySchema<InboundMail>({
  name: 'InboundMail',
  target: InboundMail,
  tableName: 'inbound_mail',
  columns: {
    authorityId: { type: 'int', primary: true, name: 'authority_id' },
    id: { type: 'uuid', primary: true },
    version: { type: 'int', version: true },
    receivedAt: { type: 'timestamptz', name: 'received_at' },
    recipient: { type: 'text' },
    addressKind: { type: 'text', name: 'address_kind' },
    envelopeFrom: { type: 'text', name: 'envelope_from', nullable: true },
    sha256: { type: 'text' },
    bytesLength: { type: 'int', name: 'bytes_length' },
    sealedBytes: { type: 'bytea', name: 'sealed_bytes' },
    state: { type: 'text' },
    reason: { type: 'text', nullable: true },
    note: { type: 'text', nullable: true },
    kind: { type: 'text', nullable: true },
    attempts: { type: 'int' },
    invitationId: { type: 'uuid', name: 'invitation_id', nullable: true },
    meetingId: { type: 'uuid', name: 'meeting_id', nullable: true },
    matterId: { type: 'uuid', name: 'matter_id', nullable: true },
    contactId: { type: 'uuid', name: 'contact_id', nullable: true },
    ofMessageId: { type: 'uuid', name: 'of_message_id', nullable: true },
    senderName: { type: 'text', name: 'sender_name', nullable: true },
    senderAddress: { type: 'text', name: 'sender_address', nullable: true },
    subject: { type: 'text', nullable: true },
    sentAt: { type: 'timestamptz', name: 'sent_at', nullable: true },
    messageId: { type: 'text', name: 'message_id', nullable: true },
    possiblyAutomatic: { type: 'boolean', name: 'possibly_automatic' },
    authentication: { type: 'jsonb', nullable: true },
    sealedText: { type: 'bytea', name: 'sealed_text', nullable: true },
    settledAt: { type: 'timestamptz', name: 'settled_at', nullable: true },
    settledBy: { type: 'uuid', name: 'settled_by', nullable: true },
  },
});
