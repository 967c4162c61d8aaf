import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { DataSource } from 'typeorm';
import { InboundMail1764000000006 } from '../../migrations/1764000000006-InboundMail.js';
import { Replies1764000000007 } from '../../migrations/1764000000007-Replies.js';
import { Sending1764000000008 } from '../../migrations/1764000000008-Sending.js';
import { CalendarLife1764000000009 } from '../../migrations/1764000000009-CalendarLife.js';
import { Feeds1764000000010 } from '../../migrations/1764000000010-Feeds.js';
import { Handover1764000000011 } from '../../migrations/1764000000011-Handover.js';
import { Verification1764000000013 } from '../../migrations/1764000000013-Verification.js';
import { ownerOptions } from '../../src/database/data-source.js';
import { aCalledMeeting } from '../support/called-meeting.js';
import { startService, type TestService } from '../support/service.js';

const LATER = [
  InboundMail1764000000006,
  Replies1764000000007,
  Sending1764000000008,
  CalendarLife1764000000009,
  Feeds1764000000010,
  Handover1764000000011,
  Verification1764000000013,
];

let service: TestService;

beforeEach(async () => {
  service = await startService();
});
afterEach(() => service.stop());

/** Takes the database back to before calendars answered, with what is in it, and forward again. */
async function backAndForth(): Promise<void> {
  const source = await new DataSource({ ...ownerOptions(service.database.ownerUrl), migrations: LATER }).initialize();
  try {
    for (let left = LATER.length; left > 0; left -= 1) await source.undoLastMigration();
    await source.runMigrations();
  } finally {
    await source.destroy();
  }
}

describe('a database that was in use before calendars answered', () => {
  it('takes answers to the invitations that went out before, in every authority', async () => {
    await aCalledMeeting(service);
    await aCalledMeeting(service);
    await service.mail();
    await backAndForth();
    const asked = await service.look<{ sent_sequence: number; asked_sequence: number | null }>(
      `select sent_sequence, asked_sequence from invitation where status = 'OPEN'`,
    );
    expect(asked).toHaveLength(6);
    expect(asked.filter((one) => one.asked_sequence !== one.sent_sequence)).toEqual([]);
    const told = await service.look(`select 1 from diary_entry where kind = 'REQUEST'`);
    expect(told).toHaveLength(6);
  });
});
