import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ExclusionsService } from '../../src/matters/exclusions.service.js';
import { ChangesService } from '../../src/meetings/changes.service.js';
import { InvitationsService } from '../../src/meetings/invitations.service.js';
import { type Meeting } from '../../src/meetings/meeting.js';
import { type Placed, aMatter } from '../support/matters.js';
import { aCast, aMeeting, type Cast } from '../support/meetings.js';
import { startService, type TestService } from '../support/service.js';

let service: TestService;
let cast: Cast;
let meeting: Meeting;

beforeAll(async () => {
  service = await startService();
  cast = await aCast(service);
});

beforeEach(async () => {
  service.clock.pass(1);
  cast = { ...cast, matter: await aMatter(service, cast.council.priya) };
  meeting = await aMeeting(service, cast, { overrideReason: 'They can be in both' });
});

afterAll(async () => {
  await service.stop();
});

const exclude = (who: Placed): Promise<unknown> =>
  service.get(ExclusionsService).exclude(cast.council.owen, cast.matter.id, {
    excluded: { contactId: who.contactId },
    reason: 'IS_SUBJECT',
  });

/** What has reached somebody about this matter. */
const subjects = async ({ address }: Placed): Promise<(string | undefined)[]> => {
  const mails = await service.mail(address);
  return mails.map(({ mail }) => mail.subject).filter((subject) => subject?.includes(cast.matter.ref));
};

const waitingFor = ({ contactId }: Placed): Promise<unknown[]> =>
  service.look(`select id from message where matter_id = $1 and contact_id = $2 and state = 'PENDING'`, [
    cast.matter.id,
    contactId,
  ]);

async function withdraw(who: Placed): Promise<void> {
  const [row] = await service.look<{ id: string }>(
    'select id from invitation where meeting_id = $1 and contact_id = $2',
    [meeting.id, who.contactId],
  );
  await service.get(InvitationsService).withdraw(cast.council.owen, meeting.id, row?.id ?? '');
}

describe('nothing that still waits reaches somebody who is excluded', () => {
  it('after their invitation was withdrawn', async () => {
    expect(await subjects(cast.tom)).toHaveLength(1);
    await withdraw(cast.tom);
    expect(await waitingFor(cast.tom)).toHaveLength(1);
    await exclude(cast.tom);
    expect(await subjects(cast.tom)).toHaveLength(1);
  });

  it('after the meeting was cancelled, while everybody else hears of it', async () => {
    await subjects(cast.tom);
    const { version } = await service
      .get(ChangesService)
      .cancel(cast.council.owen, meeting.id, 'Not needed', await versionNow());
    expect(version).toBeGreaterThan(1);
    await exclude(cast.tom);
    expect(await subjects(cast.tom)).toHaveLength(1);
    expect(await subjects(cast.leanne)).toHaveLength(2);
  });
});

async function versionNow(): Promise<number> {
  const [row] = await service.look<{ version: number }>('select version from meeting where id = $1', [meeting.id]);
  return row?.version ?? 0;
}
