import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { aCalledMeeting, type CalledMeeting } from '../support/called-meeting.js';
import { staffAgent } from '../support/graphql.js';
import { aSiteMailServer, bounceAddressOf, keptMail, readAll, type SiteMailServer } from '../support/inbound.js';
import { AWAY, BOUNCES, delayed, wordless } from '../support/inbound-mails.js';
import { type Placed } from '../support/matters.js';
import { MONDAY, startService, type TestService } from '../support/service.js';

let service: TestService;
let site: SiteMailServer;
let called: CalledMeeting;

beforeAll(async () => {
  service = await startService();
  site = await aSiteMailServer(service);
});

beforeEach(async () => {
  service.clock.set(MONDAY);
  called = await aCalledMeeting(service);
  await service.mail();
});

afterAll(async () => {
  site.end();
  await service.stop();
});

const contact = async (who: Placed): Promise<{ status: string }> => {
  const [row] = await service.look<{ status: string }>('select status from contact where id = $1', [who.contactId]);
  if (row === undefined) throw new Error('Nobody');
  return row;
};

const messages = (who: Placed): Promise<{ state: string; reason: string | null; bounce_kind: string | null }[]> =>
  service.look('select state, reason, bounce_kind, bounce_reason from message where to_address = $1 order by ordinal', [
    who.address,
  ]);

async function comesBack(who: Placed, made: (original: { to: string; messageId: string }) => string): Promise<void> {
  const { envelope, messageId } = await bounceAddressOf(service, who.address);
  const heard = await site.send(envelope.toUpperCase(), made({ to: who.address, messageId }));
  expect(heard.message).toMatch(/^250/);
  await readAll(service);
}

describe('a bounce', () => {
  it.each(Object.keys(BOUNCES))('of %s shows on the meeting, the worklist and the contact', async (system) => {
    await comesBack(called.sergeant, BOUNCES[system] ?? (() => ''));
    expect(await messages(called.sergeant)).toMatchObject([{ state: 'SENT', bounce_kind: 'HARD' }]);
    expect(await contact(called.sergeant)).toEqual({ status: 'UNVERIFIED' });
    const agent = await staffAgent(service, called.council.priya);
    const meeting = await agent.get(`/meetings/${called.meeting.id}`);
    expect(meeting.text).toContain('Address does not work');
    expect((await agent.get('/')).text).toContain('A message did not get through: telephone');
    expect((await agent.get(`/directory/contacts/${called.sergeant.contactId}`)).text).toMatch(/came back on/);
    expect(await contact(called.head)).toEqual({ status: 'ACTIVE' });
  });
});
