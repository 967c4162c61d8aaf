import { EntitySchema } from 'typeorm';
import { MeetingType } from './meeting-type.js';

export const meetingTypeTable = new EntitySchema<MeetingType>({
  name: 'MeetingType',
  target: MeetingType,
  tableName: 'meeting_type',
  columns: {
    authorityId: { type: 'int', primary: true, name: 'authority_id' },
    code: { type: 'text', primary: true },
    version: { type: 'int', version: true },
    label: { type: 'text' },
    matterKind: { type: 'text', name: 'matter_kind', nullable: true },
    durationMinutes: { type: 'int', name: 'duration_minutes' },
    quorumRuleId: { type: 'text', name: 'quorum_rule_id' },
    suggestions: { type: 'jsonb' },
    agenda: { type: 'jsonb' },
    active: { type: 'boolean' },
    position: { type: 'int' },
  },
});
