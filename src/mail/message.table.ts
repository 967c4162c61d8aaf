import { EntitySchema } from 'typeorm';
import { MAX_ATTEMPTS, type MessagePurpose, type MessageState } from './message.js';

/** A message as the service writes it; delivery columns belong to the mail worker. */
export class Message {
  authorityId = 0;
  id = '';
  stream = '';
  dedupeKey = '';
  purpose: MessagePurpose = 'INVITATION';
  matterId: string | null = null;
  meetingId: string | null = null;
  contactId: string | null = null;
  toAddress = '';
  envelopeFrom = '';
  subject = '';
  messageId = '';
  sealedBytes: Buffer | null = null;
  sha256 = '';
  state: MessageState = 'PENDING';
  reason: string | null = null;
  attempts = 0;
  /** After so many attempts it is given up. */
  attemptsAllowed = MAX_ATTEMPTS;
  /** How often it went again while nobody could say whether it had been taken. */
  possibleRepeats = 0;
  urgent = false;
  notBefore = new Date(0);
  notAfter: Date | null = null;
  createdAt = new Date(0);
  sentAt: Date | null = null;
}

export const messageTable = new EntitySchema<Message>({
  name: 'Message',
  target: Message,
  tableName: 'message',
  columns: {
    authorityId: { type: 'int', primary: true, name: 'authority_id' },
    id: { type: 'uuid', primary: true },
    stream: { type: 'text' },
    dedupeKey: { type: 'text', name: 'dedupe_key' },
    purpose: { type: 'text' },
    matterId: { type: 'uuid', name: 'matter_id', nullable: true },
    meetingId: { type: 'uuid', name: 'meeting_id', nullable: true },
    contactId: { type: 'uuid', name: 'contact_id', nullable: true },
    toAddress: { type: 'text', name: 'to_address' },
    envelopeFrom: { type: 'text', name: 'envelope_from' },
    subject: { type: 'text' },
    messageId: { type: 'text', name: 'message_id' },
    sealedBytes: { type: 'bytea', name: 'sealed_bytes', nullable: true },
    sha256: { type: 'text' },
    state: { type: 'text' },
    reason: { type: 'text', nullable: true },
    attempts: { type: 'int' },
    attemptsAllowed: { type: 'int', name: 'attempts_allowed' },
    possibleRepeats: { type: 'int', name: 'possible_repeats' },
    urgent: { type: 'boolean' },
    notBefore: { type: 'timestamptz', name: 'not_before' },
    notAfter: { type: 'timestamptz', name: 'not_after', nullable: true },
    createdAt: { type: 'timestamptz', name: 'created_at' },
    sentAt: { type: 'timestamptz', name: 'sent_at', nullable: true },
  },
});
