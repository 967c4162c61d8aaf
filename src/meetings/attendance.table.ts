import { EntitySchema } from 'typeorm';
import { Attendance } from './attendance.js';

export const attendanceTable = new EntitySchema<Attendance>({
  name: 'Attendance',
  target: Attendance,
  tableName: 'attendance',
  columns: {
    authorityId: { type: 'int', primary: true, name: 'authority_id' },
    id: { type: 'uuid', primary: true },
    meetingId: { type: 'uuid', name: 'meeting_id' },
    matterId: { type: 'uuid', name: 'matter_id' },
    contactId: { type: 'uuid', name: 'contact_id' },
    agencyId: { type: 'uuid', name: 'agency_id' },
    category: { type: 'text' },
    discipline: { type: 'text', nullable: true },
    status: { type: 'text' },
    mode: { type: 'text', nullable: true },
    joinedAt: { type: 'timestamptz', name: 'joined_at', nullable: true },
    leftAt: { type: 'timestamptz', name: 'left_at', nullable: true },
    canDecide: { type: 'boolean', name: 'can_decide' },
    substituteForContactId: { type: 'uuid', name: 'substitute_for_contact_id', nullable: true },
    recordedBy: { type: 'uuid', name: 'recorded_by' },
    recordedAt: { type: 'timestamptz', name: 'recorded_at' },
    supersedesId: { type: 'uuid', name: 'supersedes_id', nullable: true },
    note: { type: 'text', nullable: true },
  },
});
