import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { systemActor } from '../../src/access/actor.js';
import { UnitOfWork } from '../../src/database/unit-of-work.js';
import { Contact } from '../../src/directory/contact.js';
import { ContactsService } from '../../src/directory/contacts.service.js';
import { DeputiesService } from '../../src/directory/deputies.service.js';
import { HandoversService } from '../../src/directory/handover/handovers.service.js';
import { HeldReplies } from '../../src/meetings/replies/held-replies.service.js';
import { SchedulingService } from '../../src/meetings/scheduling.service.js';
import { invited, replies } from '../support/arriving.js';
import { aCalledMeeting, type CalledMeeting, moveTo } from '../support/called-meeting.js';
import { type Placed } from '../support/matters.js';
import { MONDAY, startService, type TestService } from '../support/service.js';

let service: TestService;
let called: CalledMeeting;
let leanne: Placed;

beforeAll(async () => {
  service = await startService();
});
beforeEach(async () => {
  service.clock.set(MONDAY);
  called = await aCalledMeeting(service);
  leanne = called.sergeant;
  await service.mail();
  service.clock.pass(10);
});
afterAll(async () => {
  await service.stop();
});

const invitationsOf = (who: Placed): Promise<{ status: string; answer: string }[]> =>
  service.look('select status, answer from invitation where contact_id = $1 order by created_at, id', [who.contactId]);
const heldVersion = async (id: string): Promise<number> => {
  const [row] = await service.look<{ version: number }>('select version from inbound_mail where id = $1', [id]);
  return row?.version ?? 0;
};

describe('an address recognised as another one of theirs', () => {
  it('does not make an answer to the time before a move one to the present time', async () => {
    const before = await invited(service, leanne);
    const other = 'leanne.private@elsewhere.example';
    const { id, ...outcome } = await replies(service, called, leanne, {
      to: before,
      odd: { attendee: other },
      mail: { sender: { name: 'Leanne', address: other } },
    });
    expect(outcome).toMatchObject({ state: 'HELD', reason: 'STRANGER' });
    service.clock.pass(10);
    await moveTo(service, called, '2026-12-03');
    await service.mail();
    await service.get(HeldReplies).addAlias(called.council.priya, id, await heldVersion(id));
    expect(await invitationsOf(leanne)).toEqual([{ status: 'OPEN', answer: 'NO_RESPONSE' }]);
    const [kept] = await service.look(
      `select r.kind, r.set_aside, r.revision from response r join invitation i on i.id = r.invitation_id where i.contact_id = $1`,
      [leanne.contactId],
    );
    expect(kept).toEqual({ kind: 'ACCEPTED', set_aside: 'EARLIER_TIME', revision: 1 });
  });
});

async function bounce(who: Placed): Promise<void> {
  await service.get(UnitOfWork).run(systemActor(called.council.id), async (tx) => {
    const contact = await tx.lock(Contact, who.contactId);
    const bounced = contact.bounce(who.address, 'No such mailbox');
    await tx.save(contact);
    await tx.record(bounced);
  });
}

describe('mail that comes back twice', () => {
  it('is one departure, which taking back undoes whole', async () => {
    await bounce(leanne);
    await bounce(leanne);
    await service.get(HandoversService).undo(called.council.owen, leanne.contactId);
    expect((await invitationsOf(leanne)).at(-1)?.status).toBe('OPEN');
    const [row] = await service.look<{ status: string }>('select status from contact where id = $1', [
      leanne.contactId,
    ]);
    expect(row?.status).toBe('ACTIVE');
  });
});

describe('a held time whose invitee is not there any more', () => {
  it('passes on to the deputy like any other', async () => {
    const { council } = called;
    const [agency] = await service.look<{ agency_id: string; post_id: string }>(
      `select p.agency_id, p.id as post_id from holding h join post p on p.id = h.post_id where h.contact_id = $1`,
      [leanne.contactId],
    );
    const deputy = await service.get(ContactsService).add(council.owen, {
      name: 'Mark Oyelaran',
      email: `mark${council.id}@force.example`,
      agencyId: agency?.agency_id ?? '',
      postTitle: 'Inspector',
    });
    await service.get(DeputiesService).add(council.owen, agency?.post_id ?? '', { postId: deputy.postId ?? '' });
    const held = await service.get(SchedulingService).schedule(council.priya, {
      matterId: called.meeting.matterId,
      typeCode: 'STRATEGY_MEETING',
      slot: { date: '2026-12-10', from: '10:00', to: '11:00', zone: 'Europe/London', mode: 'VIDEO' },
      chairContactId: called.chair.contactId,
      invitees: [{ contactId: leanne.contactId }],
      hold: true,
    });
    await service.get(ContactsService).leave(council.owen, leanne.contactId);
    const asked = await service.look(
      `select contact_id from invitation where meeting_id = $1 and status = 'OPEN' and contact_id = $2`,
      [held.id, deputy.contactId],
    );
    expect(asked).toHaveLength(1);
  });
});
