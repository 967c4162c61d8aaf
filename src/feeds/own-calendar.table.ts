import { EntitySchema } from 'typeorm';
import { OwnCalendar } from './own-calendar.js';

export const ownCalendarTable = new EntitySchema<OwnCalendar>({
  name: 'OwnCalendar',
  target: OwnCalendar,
  tableName: 'own_calendar',
  columns: {
    authorityId: { type: 'int', primary: true, name: 'authority_id' },
    id: { type: 'uuid', primary: true },
    version: { type: 'int', version: true },
    contactId: { type: 'uuid', name: 'contact_id' },
    addressSealed: { type: 'bytea', name: 'address_sealed' },
    givenBy: { type: 'text', name: 'given_by' },
    givenAt: { type: 'timestamptz', name: 'given_at' },
    nextReadAt: { type: 'timestamptz', name: 'next_read_at' },
    freshAt: { type: 'timestamptz', name: 'fresh_at', nullable: true },
    readAt: { type: 'timestamptz', name: 'read_at', nullable: true },
    coversUntil: { type: 'timestamptz', name: 'covers_until', nullable: true },
    failures: { type: 'int' },
    etag: { type: 'text', nullable: true },
    lastModified: { type: 'text', name: 'last_modified', nullable: true },
  },
});
