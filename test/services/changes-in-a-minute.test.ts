import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ContactsService } from '../../src/directory/contacts.service.js';
import { AnswersService } from '../../src/meetings/answers.service.js';
import { ChangesService } from '../../src/meetings/changes.service.js';
import { InvitationsService } from '../../src/meetings/invitations.service.js';
import { type Meeting } from '../../src/meetings/meeting.js';
import { MeetingsService } from '../../src/meetings/meetings.service.js';
import { type SlotPlan } from '../../src/meetings/slot.js';
import { type Placed } from '../support/matters.js';
import { aCast, aMeeting, aPlan, type Cast, readCalendar } from '../support/meetings.js';
import { MONDAY, startService, type TestService } from '../support/service.js';

let service: TestService;
let cast: Cast;
let meeting: Meeting;
let invitations: InvitationsService;
let changes: ChangesService;
let round = 0;

beforeAll(async () => {
  service = await startService({ settings: { mailHoldSeconds: 60 } });
  invitations = service.get(InvitationsService);
  changes = service.get(ChangesService);
});

beforeEach(async () => {
  service.clock.set(MONDAY);
  round += 1;
  cast = await aCast(service, `minute${round}.example`);
  meeting = await aMeeting(service, cast);
});

afterAll(async () => {
  await service.stop();
});

/** Everything somebody got after the minute was over: subject, sequence and answer of each. */
async function got(who: Placed): Promise<string[]> {
  service.clock.pass(2);
  const mails = await service.mail(who.address);
  return mails
    .filter(({ calendar }) => calendar !== undefined)
    .map((mail) => {
      const { method, sequence, partstat } = readCalendar(mail);
      return `${method} ${sequence} ${partstat}: ${(mail.mail.subject ?? '').replace(/^.*ALL-2026-0147:? ?/, '')}`;
    });
}
const INVITED = 'REQUEST 0 NEEDS-ACTION: please reply by 16:00 on Tuesday 1 December';

const slot = (change: Partial<SlotPlan>): SlotPlan => ({ ...aPlan(cast).slot, ...change });
const version = async (): Promise<number> =>
  (await service.get(MeetingsService).find(cast.council.owen, meeting.id)).version;
const move = async (change: Partial<SlotPlan>): Promise<Meeting> =>
  changes.reschedule(cast.council.owen, meeting.id, { slot: slot(change), version: await version() });
const TWO = { from: '14:00', to: '15:00' };
const THREE = { from: '15:00', to: '16:00' };

async function inviteeOf(who: Placed) {
  const { invitees } = await service.get(MeetingsService).show(cast.council.owen, meeting.id);
  const found = invitees.filter((one) => one.contact_id === who.contactId);
  const one = found.find(({ status }) => status === 'OPEN') ?? found[0];
  if (one === undefined) throw new Error('Not invited');
  return one;
}
const says = async (who: Placed, kind: 'ACCEPTED' | 'DECLINED'): Promise<unknown> =>
  service.get(AnswersService).recordByPhone(cast.council.owen, (await inviteeOf(who)).id, {
    kind,
    reason: kind === 'DECLINED' ? 'CLASH' : null,
  });
const withdraw = async (who: Placed): Promise<void> =>
  invitations.withdraw(cast.council.owen, meeting.id, (await inviteeOf(who)).id);
const invite = (who: Placed): Promise<unknown> =>
  invitations.add(cast.council.owen, meeting.id, { contactId: who.contactId });

describe('before the invitation has left', () => {
  it('a move is still an invitation, worded and threaded as one', async () => {
    await move(TWO);
    expect(await got(cast.leanne)).toEqual(['REQUEST 1 NEEDS-ACTION: please reply by 16:00 on Tuesday 1 December']);
    const [only] = await service.mail(cast.leanne.address);
    expect(only?.mail.inReplyTo).toBeUndefined();
    expect(only?.mail.text).toContain('asks you to a multi-agency meeting');
    expect(only?.mail.text).toContain('2pm to 3pm');
    expect(only?.mail.text).not.toContain('10am');
  });

  it('a cancellation and a withdrawal send nothing at all', async () => {
    await withdraw(cast.tom);
    await changes.cancel(cast.council.owen, meeting.id, 'Called by mistake', await version());
    for (const who of [cast.leanne, cast.tom, cast.priya]) expect(await got(who)).toEqual([]);
  });

  it('somebody withdrawn and asked again gets one invitation', async () => {
    await withdraw(cast.tom);
    await invite(cast.tom);
    expect(await got(cast.tom)).toEqual([expect.stringMatching(/^REQUEST \d NEEDS-ACTION: please reply/)]);
  });
});

describe('after the invitation has left', () => {
  beforeEach(async () => {
    if ((await got(cast.leanne)).length !== 1) throw new Error('No invitation has left');
  });

  it('two moves are one message, from what they were told to what is', async () => {
    await move(TWO);
    await move(THREE);
    expect(await got(cast.leanne)).toEqual([INVITED, expect.stringMatching(/^REQUEST 2 NEEDS-ACTION: has changed/)]);
    const mails = await service.mail(cast.leanne.address);
    const text = mails.at(-1)?.mail.text;
    expect(text).toContain('When: Wednesday 2 December 2026, 3pm to 4pm');
    expect(text).toContain('When before: Wednesday 2 December 2026, 10am to 11:15am');
    expect(text).not.toContain('2pm');
    expect(mails.at(-1)?.mail.inReplyTo).toBe(mails[0]?.mail.messageId);
  });

  it('a move and a move back say nothing, and the answers count as if nothing had been', async () => {
    await says(cast.leanne, 'ACCEPTED');
    await move(TWO);
    expect((await inviteeOf(cast.leanne)).answer).toBe('NO_RESPONSE');
    const back = await move({});
    expect(await got(cast.leanne)).toEqual([INVITED]);
    expect(await inviteeOf(cast.leanne)).toMatchObject({
      answer: 'ACCEPTED',
      answered_revision: back.revision,
      channel: 'PHONE',
    });
    expect(await inviteeOf(cast.tom)).toMatchObject({ answer: 'NO_RESPONSE', answered_revision: null });
  });

  it('whoever answered for the time in between is asked again, for they saw another', async () => {
    await says(cast.leanne, 'ACCEPTED');
    await move(TWO);
    await says(cast.leanne, 'DECLINED');
    await move({});
    expect((await inviteeOf(cast.leanne)).answer).toBe('NO_RESPONSE');
    expect((await got(cast.leanne)).at(-1)).toMatch(/^REQUEST 2 NEEDS-ACTION: has changed: please reply/);
    expect(await got(cast.tom)).toEqual([INVITED]);
  });

  it('whoever answered for the new time already keeps that answer', async () => {
    await move(TWO);
    await says(cast.leanne, 'ACCEPTED');
    await move({ ...TWO, joinDetails: 'Room 4' });
    expect((await got(cast.leanne)).at(-1)).toBe('REQUEST 2 ACCEPTED: has changed: we have your answer');
    expect((await inviteeOf(cast.leanne)).answer).toBe('ACCEPTED');
  });

  it('a move and a cancellation are one cancellation, of the time they know', async () => {
    await move(TWO);
    await changes.cancel(cast.council.owen, meeting.id, 'Held by telephone', await version());
    expect(await got(cast.leanne)).toEqual([INVITED, 'CANCEL 2 NEEDS-ACTION: is cancelled']);
    const last = (await service.mail(cast.leanne.address)).at(-1);
    expect(last?.mail.text).toContain('10am to 11:15am');
    expect(last?.calendar).toContain('T100000');
  });

  it('somebody withdrawn and asked again has it all and hears nothing, unless they had answered', async () => {
    await says(cast.fiona, 'ACCEPTED');
    for (const who of [cast.tom, cast.fiona]) {
      await withdraw(who);
      await invite(who);
    }
    expect(await got(cast.tom)).toEqual([INVITED]);
    expect(await got(cast.fiona)).toEqual([INVITED, expect.stringMatching(/^REQUEST \d NEEDS-ACTION: please reply/)]);
  });

  it('somebody withdrawn after a move that never reached them is told once', async () => {
    await move(TWO);
    await withdraw(cast.tom);
    expect(await got(cast.tom)).toEqual([INVITED, 'CANCEL 2 NEEDS-ACTION: you are no longer needed']);
    await invite(cast.tom);
    await withdraw(cast.tom);
    expect(await got(cast.tom)).toHaveLength(2);
  });

  it('somebody needed, and not needed after all, hears nothing; needed, that', async () => {
    const need = async (who: Placed, required: 'NO' | 'BY_COORDINATOR' | 'BY_QUORUM') =>
      invitations.need(cast.council.owen, meeting.id, (await inviteeOf(who)).id, required);
    await need(cast.tom, 'BY_QUORUM');
    await need(cast.tom, 'NO');
    expect(await got(cast.tom)).toEqual([INVITED]);
    await says(cast.tom, 'ACCEPTED');
    await need(cast.tom, 'BY_COORDINATOR');
    expect(await got(cast.tom)).toEqual([INVITED, 'REQUEST 0 ACCEPTED: you are needed']);
    await need(cast.tom, 'BY_QUORUM');
    expect(await got(cast.tom)).toHaveLength(2);
    expect(await got(cast.leanne)).toEqual([INVITED]);
  });

  it('an address put right and put back within the minute: one message to the address that counts', async () => {
    const email = `leanne.new@minute${round}.example`;
    const correct = (address: string) =>
      service
        .get(ContactsService)
        .correct(cast.council.bev, cast.leanne.contactId, { name: 'Leanne Firth', email: address });
    await correct(email);
    await correct(cast.leanne.address);
    expect(await got(cast.leanne)).toEqual([INVITED, expect.stringMatching(/^REQUEST/)]);
    expect(await service.mail(email)).toEqual([]);
  });

  it('each change of its own minute is a message of its own', async () => {
    await move(TWO);
    await got(cast.leanne);
    await move(THREE);
    expect(await got(cast.leanne)).toHaveLength(3);
  });
});

describe('refuses', () => {
  it('to hold anything back in an emergency', async () => {
    const soon = slot({ date: '2026-11-30', from: '12:30', to: '13:30' });
    const plan = { slot: soon, overrideReason: 'The child is at home' };
    const urgent = await aMeeting(service, cast, plan);
    expect(urgent.urgency).toBe('EMERGENCY');
    expect((await service.mail(cast.leanne.address)).map(({ calendar }) => calendar?.includes('T123000'))).toEqual([
      true,
    ]);
  });

  it('a name that cannot be printed, as a rule that is broken and not as a fault of ours, and keeps nothing', async () => {
    await service.look(`update contact set name = 'www.evil.test' where id = $1`, [cast.mark.contactId]);
    await expect(invite(cast.mark)).rejects.toMatchObject({ name: 'RuleBroken', code: 'UNSAFE_TEXT' });
    expect(await service.look('select id from invitation where contact_id = $1', [cast.mark.contactId])).toEqual([]);
  });
});
