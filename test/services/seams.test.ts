import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type Actor, systemActor } from '../../src/access/actor.js';
import { LinksService } from '../../src/access/links.service.js';
import { LostLinks } from '../../src/access/lost-links.service.js';
import { UnitOfWork } from '../../src/database/unit-of-work.js';
import { Contact } from '../../src/directory/contact.js';
import { ContactsService } from '../../src/directory/contacts.service.js';
import { DeputiesService } from '../../src/directory/deputies.service.js';
import { HandoversService } from '../../src/directory/handover/handovers.service.js';
import { FeedsService } from '../../src/feeds/feeds.service.js';
import { UndeliverableAddresses } from '../../src/mail/inbound/undeliverable.service.js';
import { Messages } from '../../src/mail/messages/messages.service.js';
import { ExclusionsService } from '../../src/matters/exclusions.service.js';
import { type Meeting } from '../../src/meetings/meeting.js';
import { InvitationsService } from '../../src/meetings/invitations.service.js';
import { HeldReplies } from '../../src/meetings/replies/held-replies.service.js';
import { SchedulingService } from '../../src/meetings/scheduling.service.js';
import { WorklistService } from '../../src/worklist/worklist.service.js';
import { invited, replies } from '../support/arriving.js';
import { aCalledMeeting, type CalledMeeting, cancel, lastMail, moveTo } from '../support/called-meeting.js';
import { type Placed } from '../support/matters.js';
import { FOUND } from '../support/replies.js';
import { MONDAY, startService, type TestService } from '../support/service.js';
import { aBrowser } from '../support/visitor.js';

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

/** The newest message that came from another address than the one asked, before the meeting moved. */
async function heldFromBefore(): Promise<string> {
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
  return id;
}

describe('a reply that waited while the meeting moved', () => {
  it('does not answer the present time when its address is recognised', async () => {
    const id = await heldFromBefore();
    await service.get(HeldReplies).addAlias(called.council.priya, id, await heldVersion(id));
    expect(await invitationsOf(leanne)).toEqual([{ status: 'OPEN', answer: 'NO_RESPONSE' }]);
    const [kept] = await service.look(
      `select r.kind, r.set_aside, r.revision from response r join invitation i on i.id = r.invitation_id where i.contact_id = $1`,
      [leanne.contactId],
    );
    expect(kept).toEqual({ kind: 'ACCEPTED', set_aside: 'EARLIER_TIME', revision: 1 });
  });

  it('is not taken as it stands by a coordinator either', async () => {
    const id = await heldFromBefore();
    const given = { kind: 'ACCEPTED' as const, seen: await heldVersion(id) };
    await expect(service.get(HeldReplies).apply(called.council.priya, id, given)).rejects.toMatchObject({
      code: 'ANSWER_TO_OLD_TIME',
    });
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

/** A second agency post that stands in for the sergeant's. */
async function aDeputy(): Promise<Placed> {
  const { council } = called;
  const deputy = await service.get(ContactsService).add(council.owen, {
    name: 'Mark Oyelaran',
    email: `mark${council.id}@force.example`,
    agencyId: leanne.agencyId,
    postTitle: 'Inspector',
  });
  await service.get(DeputiesService).add(council.owen, leanne.postId, { postId: deputy.postId ?? '' });
  return { ...leanne, contactId: deputy.contactId, address: deputy.email };
}

async function aHold(): Promise<Meeting> {
  service.clock.pass(1);
  return service.get(SchedulingService).schedule(called.council.priya, {
    matterId: called.meeting.matterId,
    typeCode: 'STRATEGY_MEETING',
    slot: { date: '2026-12-10', from: '10:00', to: '11:00', zone: 'Europe/London', mode: 'VIDEO' },
    chairContactId: called.chair.contactId,
    invitees: [{ contactId: leanne.contactId }],
    hold: true,
  });
}

const isAsked = async (who: Placed, meeting: Pick<Meeting, 'id'>): Promise<boolean> =>
  (
    await service.look(`select 1 from invitation where meeting_id = $1 and status = 'OPEN' and contact_id = $2`, [
      meeting.id,
      who.contactId,
    ])
  ).length === 1;

const asLeanne = (): Actor =>
  service.get(LinksService).linkActor({ authorityId: called.council.id, contactId: leanne.contactId }, 'Leanne Firth');

async function feedOf(address: string): Promise<string> {
  const secret = /feeds\/([^.]+)\.ics/.exec(address)?.[1] ?? '';
  const answer = await service.get(FeedsService).read(secret);
  return typeof answer === 'object' ? answer.calendar : String(answer);
}

describe('somebody withdrawn and asked again before they heard of it', () => {
  it('answers the request that they have', async () => {
    const { priya } = called.council;
    const before = await invited(service, leanne);
    const [row] = await service.look<{ id: string }>('select id from invitation where contact_id = $1', [
      leanne.contactId,
    ]);
    await service.get(InvitationsService).withdraw(priya, called.meeting.id, row?.id ?? '');
    service.clock.pass(0.1);
    await service.get(InvitationsService).add(priya, called.meeting.id, { contactId: leanne.contactId });
    expect(await invited(service, leanne)).toEqual(before);
    await replies(service, called, leanne, { to: before });
    expect((await invitationsOf(leanne)).at(-1)).toEqual({ status: 'OPEN', answer: 'ACCEPTED' });
  });
});

describe('a departure recorded by mistake', () => {
  it('is taken back with a link that works, for the one before was stopped', async () => {
    const { owen } = called.council;
    const before = (await lastMail(service, leanne)).secret;
    await service.get(ContactsService).leave(owen, leanne.contactId);
    await service.get(HandoversService).undo(owen, leanne.contactId);
    const { secret } = await lastMail(service, leanne);
    expect(secret).not.toBe(before);
    expect((await aBrowser(service).get(`/i/${secret}`)).text).toContain(called.reference);
  });
});

describe('a held time', () => {
  it('passes on to the deputy when its invitee is not there any more', async () => {
    const deputy = await aDeputy();
    const hold = await aHold();
    await service.get(ContactsService).leave(called.council.owen, leanne.contactId);
    expect(await isAsked(deputy, hold)).toBe(true);
  });

  it('is answered from a calendar like any other', async () => {
    const hold = await aHold();
    expect(await replies(service, { ...called, meeting: hold }, leanne)).toMatchObject({ state: 'DONE' });
    expect((await invitationsOf(leanne)).at(-1)).toEqual({ status: 'OPEN', answer: 'ACCEPTED' });
  });

  it('stands in a feed as one that is not certain', async () => {
    const hold = await aHold();
    const feed = await feedOf(await service.get(FeedsService).make(asLeanne()));
    expect(feed).toContain(hold.calendarUid);
    expect(feed.match(/^STATUS:.*$/gm)?.map((line) => line.trim())).toEqual(['STATUS:CONFIRMED', 'STATUS:TENTATIVE']);
  });
});

const marked = (address: string): Promise<void> =>
  service
    .get(UnitOfWork)
    .run(systemActor(called.council.id), (tx) =>
      service.get(UndeliverableAddresses).mark(tx, address, { why: 'No such mailbox', messageId: null }),
    );

describe('an address that mail came back from', () => {
  it('is not asked in the place of somebody who has left', async () => {
    const deputy = await aDeputy();
    await marked(deputy.address);
    await service.get(ContactsService).leave(called.council.owen, leanne.contactId);
    expect(await isAsked(deputy, called.meeting)).toBe(false);
  });

  it('gets no withdrawal once it is put right, for it never had the invitation', async () => {
    await service.look(
      `update message set bounce_kind = 'HARD', bounced_at = now(), bounce_reason = '5.1.1' where contact_id = $1`,
      [leanne.contactId],
    );
    await marked(leanne.address);
    const facts = { name: 'Leanne Firth', email: `new.${leanne.address}`, confirmed: true };
    await service.get(ContactsService).correct(called.council.owen, leanne.contactId, facts);
    const purposes = await service.look(`select purpose, state from message where contact_id = $1 order by ordinal`, [
      leanne.contactId,
    ]);
    expect(purposes).toEqual([
      { purpose: 'INVITATION', state: 'SENT' },
      { purpose: 'INVITATION', state: 'PENDING' },
    ]);
  });
});

describe('a letter that asks for an answer', () => {
  const asks = async (): Promise<boolean> =>
    (await service.mail(leanne.address)).some(({ mail }) => mail.subject?.includes('please confirm your answer'));
  beforeEach(async () => {
    await replies(service, called, leanne, { mail: { authentication: FOUND.forged('force.example') } });
  });

  it('leaves while the answer is wanted', async () => {
    expect(await asks()).toBe(true);
  });

  it('does not leave any more once the meeting is off', async () => {
    await cancel(service, called);
    expect(await asks()).toBe(false);
  });

  it('does not leave any more once the person is not needed', async () => {
    const [row] = await service.look<{ id: string }>('select id from invitation where contact_id = $1', [
      leanne.contactId,
    ]);
    await service.get(InvitationsService).withdraw(called.council.priya, called.meeting.id, row?.id ?? '');
    expect(await asks()).toBe(false);
  });
});

describe('a cancellation that did not get out', () => {
  it('waits for somebody to telephone, although the meeting is off', async () => {
    await cancel(service, called);
    await service.look(
      `update message set state = 'DEAD', reason = 'ATTEMPTS' where contact_id = $1 and purpose = $2`,
      [leanne.contactId, 'CANCELLATION'],
    );
    const rows = await service.get(WorklistService).rows(called.council.priya);
    expect(rows.filter(({ kind }) => kind === 'MAIL_NOT_DELIVERED')).toMatchObject([
      { about: called.meeting.ref, detail: 'Leanne Firth' },
    ]);
  });
});

describe('a lost link that is sent again', () => {
  it('is for those who may know of the matter, and not for whoever is excluded meanwhile', async () => {
    await service.get(LostLinks).askAgain(leanne.address, '192.0.2.1');
    const [message] = await service.look<{ id: string }>(
      `select id from message where contact_id = $1 and subject = 'The link you asked for'`,
      [leanne.contactId],
    );
    const { owen, priya } = called.council;
    expect((await service.get(Messages).show(priya, message?.id ?? '')).contents?.text).toContain(called.reference);
    await expect(service.get(Messages).show(owen, message?.id ?? '')).rejects.toThrow('Not found');
    const excluded = { contactId: leanne.contactId };
    await service.get(ExclusionsService).exclude(priya, called.meeting.matterId, { excluded, reason: 'RELATIVE' });
    const subjects = (await service.mail(leanne.address)).map(({ mail }) => mail.subject);
    expect(subjects).not.toContain('The link you asked for');
  });
});

describe('the feed of somebody in whose place another speaks', () => {
  it('stops when they say that they hold the post now', async () => {
    const address = await service.get(FeedsService).make(asLeanne());
    await service
      .get(UnitOfWork)
      .run(called.council.owen, (tx) =>
        service.get(HandoversService).startIn(tx, leanne.contactId, 'REPLACED', 'Somebody holds the post now'),
      );
    expect(await feedOf(address)).toBe('undefined');
  });
});
