import { EntitySchema } from 'typeorm';
import { DiaryEntry } from './diary-entry.js';

export const diaryEntryTable = new EntitySchema<DiaryEntry>({
  name: 'DiaryEntry',
  target: DiaryEntry,
  tableName: 'diary_entry',
  columns: {
    authorityId: { type: 'int', primary: true, name: 'authority_id' },
    messageId: { type: 'uuid', primary: true, name: 'message_id' },
    invitationId: { type: 'uuid', name: 'invitation_id' },
    meetingId: { type: 'uuid', name: 'meeting_id' },
    matterId: { type: 'uuid', name: 'matter_id' },
    kind: { type: 'text' },
    sequence: { type: 'int' },
    revision: { type: 'int' },
    startsAt: { type: 'timestamptz', name: 'starts_at' },
    endsAt: { type: 'timestamptz', name: 'ends_at' },
    zone: { type: 'text' },
    mode: { type: 'text' },
    place: { type: 'text' },
    joining: { type: 'text', nullable: true },
    isHold: { type: 'boolean', name: 'is_hold' },
    part: { type: 'text' },
  },
});
