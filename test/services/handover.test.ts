import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type Actor } from '../../src/access/actor.js';
import { ActionsService } from '../../src/actions/actions.service.js';
import { Sweeps } from '../../src/database/sweeps.js';
import { UnitOfWork } from '../../src/database/unit-of-work.js';
import { AbsencesService } from '../../src/directory/absence/absences.service.js';
import { AgenciesService } from '../../src/directory/agencies.service.js';
import { ContactsService } from '../../src/directory/contacts.service.js';
import { DeputiesService } from '../../src/directory/deputies.service.js';
import { ClaimsService } from '../../src/directory/handover/claims.service.js';
import { HandoversService } from '../../src/directory/handover/handovers.service.js';
import { InboxesService } from '../../src/directory/inboxes.service.js';
import { type PersonInPost } from '../../src/directory/person-in-post.js';
import { ReachingService } from '../../src/directory/reaching/reaching.service.js';
import { NotFound } from '../../src/errors.js';
import { ExclusionsService } from '../../src/matters/exclusions.service.js';
import { type Meeting } from '../../src/meetings/meeting.js';
import { MeetingsService } from '../../src/meetings/meetings.service.js';
import { SchedulingService } from '../../src/meetings/scheduling.service.js';
import { lastMail } from '../support/called-meeting.js';
import { aMatter, aCouncil, type Council, type Placed, someone } from '../support/matters.js';
import { MONDAY, startService, type TestService } from '../support/service.js';
import { aBrowser, answerBy, hiddenOf, prove } from '../support/visitor.js';

let service: TestService;
let council: Council;
let owen: Actor;
let people = 0;

interface Unit {
  readonly meeting: Meeting;
  readonly agencyId: string;
  readonly teamId: string;
  readonly leanne: PersonInPost;
  readonly first: PersonInPost;
  readonly second: PersonInPost;
}
let unit: Unit;

const placed = ({ contactId, email }: PersonInPost): Placed => ({ contactId, address: email }) as unknown as Placed;

async function ofTheUnit(
  name: string,
  agencyId: string,
  given: { postId?: string; postTitle?: string },
): Promise<PersonInPost> {
  people += 1;
  const person = { name, email: `p${people}@police.example`, agencyId, teamName: 'CAIU East', ...given };
  return service.get(ContactsService).add(owen, person);
}

/** A unit of the police with a constable, two deputies in order, and a meeting on Wednesday that the constable is asked to. */
async function aUnit(): Promise<Unit> {
  people += 1;
  const agency = await service
    .get(AgenciesService)
    .add(owen, { name: `Police ${people}`, category: 'POLICE', emailDomains: ['police.example'] });
  const leanne = await ofTheUnit('Leanne Firth', agency.id, { postTitle: 'Constable' });
  const first = await ofTheUnit('Mark Oyelaran', agency.id, { postTitle: 'Sergeant' });
  const second = await ofTheUnit('Dee Amos', agency.id, { postTitle: 'Inspector' });
  for (const { postId } of [first, second]) {
    await service.get(DeputiesService).add(owen, leanne.postId ?? '', { postId: postId ?? '' });
  }
  const [team] = await service.look<{ id: string }>('select id from team where agency_id = $1', [agency.id]);
  const chair = await someone(service, council, `Chair ${people}`, {
    category: 'CHILDRENS_SOCIAL_CARE',
    address: `c${people}@csc.example`,
  });
  const matter = await aMatter(service, council.priya);
  const meeting = await service.get(SchedulingService).schedule(owen, {
    matterId: matter.id,
    typeCode: 'ALLEGATION_MEETING',
    slot: { date: '2026-12-02', from: '10:00', to: '11:00', zone: 'Europe/London', mode: 'VIDEO' },
    chairContactId: chair.contactId,
    invitees: [{ contactId: leanne.contactId, required: 'BY_QUORUM' }],
  });
  return { meeting, agencyId: agency.id, teamId: team?.id ?? '', leanne, first, second };
}

const leaves = (who: PersonInPost): Promise<void> => service.get(ContactsService).leave(owen, who.contactId);
const exclude = (who: PersonInPost): Promise<unknown> =>
  service
    .get(ExclusionsService)
    .exclude(owen, unit.meeting.matterId, { excluded: { contactId: who.contactId }, reason: 'RELATIVE' });
const words = async (): Promise<string[]> =>
  (await service.get(MeetingsService).show(owen, unit.meeting.id)).reRouted.map((one) => one.words);
const invited = async (): Promise<Record<string, string>> =>
  Object.fromEntries(
    (await service.get(MeetingsService).show(owen, unit.meeting.id)).invitees.map((one) => [one.name, one.status]),
  );

beforeAll(async () => {
  service = await startService();
  council = await aCouncil(service);
  owen = council.owen;
});
beforeEach(async () => {
  service.clock.set(MONDAY);
  unit = await aUnit();
});
afterAll(async () => {
  await service.stop();
});

describe('somebody who leaves', () => {
  it('passes a place on to whoever holds the post now, with an invitation of their own', async () => {
    const next = await ofTheUnit('Sam Next', unit.agencyId, { postId: unit.leanne.postId ?? '' });
    await service.mail();
    await leaves(unit.leanne);
    expect(await words()).toEqual(['Police re-routed to Sam Next (holds the post now), awaiting']);
    expect(await invited()).toMatchObject({ 'Leanne Firth': 'SUPERSEDED', 'Sam Next': 'OPEN' });
    expect((await service.mail(next.email)).map(({ mail }) => mail.subject)).toHaveLength(1);
    expect((await service.mail(unit.leanne.email)).length).toBe(1);
  });

  it('gets nothing more: what waits to be sent is dropped', async () => {
    await leaves(unit.leanne);
    expect(await service.mail(unit.leanne.email)).toEqual([]);
    expect(await service.look(`select reason from message where to_address = $1`, [unit.leanne.email])).toEqual([
      { reason: 'LEFT' },
    ]);
  });

  it('passes it on to the first deputy who may know, and nobody excluded hears of it', async () => {
    await exclude(unit.first);
    await leaves(unit.leanne);
    expect(await words()).toEqual(['Police re-routed to Dee Amos (deputy), awaiting']);
    expect(await service.mail(unit.first.email)).toEqual([]);
  });

  it('passes it on to whoever covers a deputy on leave, and says who was passed over', async () => {
    const cover = await ofTheUnit('Jo Cover', unit.agencyId, { postTitle: 'Acting sergeant' });
    await service
      .get(AbsencesService)
      .plan(owen, unit.first.contactId, { from: '2026-11-30', to: '2026-12-14', cover: cover.contactId });
    await leaves(unit.leanne);
    expect(await words()).toEqual(['Police re-routed to Jo Cover (covers their leave), awaiting']);
    const [reRouted] = (await service.get(MeetingsService).show(owen, unit.meeting.id)).reRouted;
    expect(reRouted?.skippedWords).toEqual(['Mark Oyelaran is on leave']);
  });

  it('leaves the shared inbox of the team a neutral message without a link, then the coordinator', async () => {
    const box = await service
      .get(InboxesService)
      .add(owen, unit.agencyId, { address: `box${people}@police.example`, teamId: unit.teamId });
    await leaves(unit.first);
    await leaves(unit.second);
    await leaves(unit.leanne);
    expect(await words()).toEqual([`Police re-routed to ${box.address} (shared inbox), awaiting`]);
    const [mail, ...more] = await service.mail(box.address);
    expect([mail?.link, more]).toEqual([undefined, []]);
    expect(mail?.mail.text).not.toContain('Firth');
    expect(mail?.mail.text).toContain('Wednesday 2 December 2026');
  });

  it('leaves an inbox that somebody excluded reads alone', async () => {
    const box = await service
      .get(InboxesService)
      .add(owen, unit.agencyId, { address: `box${people}@police.example`, teamId: unit.teamId });
    const clerk = await ofTheUnit('Clerk Reader', unit.agencyId, { postTitle: 'Clerk' });
    await service.get(ReachingService).read(owen, box.id, [clerk.contactId]);
    await exclude(clerk);
    await leaves(unit.first);
    await leaves(unit.second);
    await leaves(unit.leanne);
    expect(await words()).toEqual(['Police: nobody could be asked instead. Choose somebody']);
    expect(await service.mail(box.address)).toEqual([]);
    expect(await service.get(MeetingsService).vacated(owen)).toMatchObject([
      { name: 'Leanne Firth', meeting_id: unit.meeting.id },
    ]);
  });

  it('can be taken back on the day: asked again, and owner again, where nobody has answered', async () => {
    await leaves(unit.leanne);
    await service.get(HandoversService).undo(owen, unit.leanne.contactId);
    expect(await invited()).toMatchObject({ 'Mark Oyelaran': 'WITHDRAWN' });
    const rows = await service.look(`select status from invitation where contact_id = $1 order by created_at, id`, [
      unit.leanne.contactId,
    ]);
    expect(rows).toEqual([{ status: 'SUPERSEDED' }, { status: 'OPEN' }]);
    const { contact, holdings } = await service.get(ContactsService).detail(owen, unit.leanne.contactId);
    expect([contact.status, holdings.map(({ toOn }) => toOn)]).toEqual(['ACTIVE', [null]]);
    const { secret } = await lastMail(service, placed(unit.leanne));
    expect((await aBrowser(service).get(`/i/${secret}`)).status).toBe(200);
    expect(await words()).toEqual([]);
  });

  it('taken back, sends a link that works to somebody whose diary holds the meeting already', async () => {
    const before = await lastMail(service, placed(unit.leanne));
    await leaves(unit.leanne);
    expect((await aBrowser(service).get(`/i/${before.secret}`)).status).toBe(404);
    await service.get(HandoversService).undo(owen, unit.leanne.contactId);
    const { secret } = await lastMail(service, placed(unit.leanne));
    expect(secret).not.toBe(before.secret);
    expect((await aBrowser(service).get(`/i/${secret}`)).status).toBe(200);
  });
});

describe('somebody who says by link', () => {
  it('that they have moved on owes nothing any more: the new holder is offered each action', async () => {
    service.clock.set('2026-12-02T11:20:00Z');
    const agreed = { text: 'Send the log', owner: { contactId: unit.leanne.contactId }, dueOn: '2026-12-11' };
    const action = await service.get(ActionsService).agree(owen, unit.meeting.id, agreed);
    service.clock.set('2026-12-01T09:00:00Z');
    const { secret } = (await service.mail(unit.leanne.email)).map(({ link }) => ({
      secret: link?.split('/i/')[1] ?? '',
    }))[0] ?? { secret: '' };
    await answerBy(service, aBrowser(service), secret, { answer: 'MOVED_ON', whom: 'Sam Next' });
    expect((await aBrowser(service).get(`/i/${secret}`)).status).toBe(404);
    expect(await words()).toEqual(['Police re-routed to Mark Oyelaran (deputy), awaiting']);
    const state = (): Promise<unknown[]> => service.look(`select status from action where id = $1`, [action.id]);
    expect(await state()).toEqual([{ status: 'ORPHANED' }]);
    const next = await ofTheUnit('Sam Next', unit.agencyId, { postId: unit.leanne.postId ?? '' });
    expect(await service.look(`select status, contact_id from action_offer where action_id = $1`, [action.id])).toEqual(
      [{ status: 'OFFERED', contact_id: next.contactId }],
    );
    expect(await state()).toEqual([{ status: 'ORPHANED' }]);
    await exclude(next);
    expect(await service.look(`select status from action_offer where action_id = $1`, [action.id])).toEqual([
      { status: 'WITHDRAWN' },
    ]);
    expect(await service.mail(next.email)).toEqual([]);
  });

  it('that they have replaced her sees no more, until the agency’s point of contact confirms it', async () => {
    const spoc = await ofTheUnit('Pat Contact', unit.agencyId, { postTitle: 'Single point of contact' });
    const posts = { spocPostId: spoc.postId, outOfHoursPostId: null, chaseManagerPostId: null };
    await service.get(ReachingService).answerBy(owen, unit.agencyId, posts);
    const { secret } = await lastMail(service, placed(unit.leanne));
    const browser = aBrowser(service);
    const page = await browser.get(`/i/${secret}`);
    service.clock.pass(0.5);
    const claim = { ...hiddenOf(page), claimName: 'Ravi New', claimEmail: 'ravi.new@police.example' };
    const sent = await browser.post(`/i/${secret}/claim`).type('form').send(claim);
    expect([sent.status, sent.headers.location]).toEqual([303, '/claimed']);
    expect((await browser.get(`/i/${secret}`)).status).toBe(404);
    expect((await browser.get('/my')).status).toBe(403);
    expect(await service.mail('ravi.new@police.example')).toEqual([]);
    expect(await invited()).toEqual(expect.objectContaining({ 'Leanne Firth': 'OPEN' }));
    const theirs = aBrowser(service);
    const asked = await lastMail(service, placed(spoc));
    expect(`${asked.mail.subject ?? ''} ${asked.mail.text ?? ''}`).not.toMatch(/Firth|Ravi/);
    await prove(service, theirs, asked.secret, placed(spoc));
    const [row] = await service.look<{ id: string }>(`select id from claim where held_by = $1`, [
      unit.leanne.contactId,
    ]);
    const own = await theirs.get(`/my/claims/${row?.id ?? ''}`);
    expect(own.text).toContain('Ravi New');
    service.clock.pass(0.5);
    const decided = await theirs
      .post(`/my/claims/${row?.id ?? ''}`)
      .type('form')
      .send({ ...hiddenOf(own), decision: 'right' });
    expect(decided.status).toBe(303);
    expect(await words()).toEqual(['Police re-routed to Ravi New (holds the post now), awaiting']);
    expect(await service.look(`select status from contact where id = $1`, [unit.leanne.contactId])).toEqual([
      { status: 'LEFT' },
    ]);
    expect((await service.mail('ravi.new@police.example')).length).toBe(2);
  });

  it('that they have replaced her, which is not so: taken back, she gets a new link to what stayed hers', async () => {
    const { secret } = await lastMail(service, placed(unit.leanne));
    const browser = aBrowser(service);
    const page = await browser.get(`/i/${secret}`);
    service.clock.pass(0.5);
    const claim = { ...hiddenOf(page), claimName: 'Ravi New', claimEmail: 'ravi.new@police.example' };
    await browser.post(`/i/${secret}/claim`).type('form').send(claim);
    const { contactId } = unit.leanne;
    const [row] = await service.look<{ id: string }>('select id from claim where held_by = $1', [contactId]);
    await service.get(ClaimsService).refuse(owen, row?.id ?? '', 'She is still here');
    expect((await browser.get(`/i/${secret}`)).status).toBe(404);
    await service.get(HandoversService).undo(owen, contactId);
    const again = await lastMail(service, placed(unit.leanne));
    expect((await aBrowser(service).get(`/i/${again.secret}`)).status).toBe(200);
    expect(await invited()).toEqual(expect.objectContaining({ 'Leanne Firth': 'OPEN' }));
  });
});

describe('leave', () => {
  it('begins and ends by the service’s clock, with who covers', async () => {
    const absences = service.get(AbsencesService);
    await absences.plan(owen, unit.leanne.contactId, {
      from: '2026-12-07',
      to: '2026-12-14',
      cover: unit.first.contactId,
    });
    const status = async (): Promise<string> => (await absences.show(owen, unit.leanne.contactId)).contact.status;
    expect(await status()).toBe('ACTIVE');
    service.clock.set('2026-12-07T00:30:00Z');
    await service.get(Sweeps).run();
    expect(await status()).toBe('ON_LEAVE');
    service.clock.set('2026-12-14T00:30:00Z');
    await service.get(Sweeps).run();
    await service.get(Sweeps).run();
    expect((await absences.show(owen, unit.leanne.contactId)).contact).toMatchObject({
      status: 'ACTIVE',
      coverContactId: null,
    });
  });
});

describe('refuses', () => {
  it('to take a departure back on a later day', async () => {
    await leaves(unit.leanne);
    service.clock.set('2026-12-01T09:00:00Z');
    await expect(service.get(HandoversService).undo(owen, unit.leanne.contactId)).rejects.toMatchObject({
      code: 'MOVE_NOT_ALLOWED',
    });
  });

  it('a hand-over to oneself, and a claim decided by the claimant or by another agency', async () => {
    const { postId, contactId, email } = unit.leanne;
    const claims = service.get(ClaimsService);
    const make = (given: object): Promise<{ id: string }> =>
      service
        .get(UnitOfWork)
        .run(owen, (tx) => claims.makeIn(tx, { postId: postId ?? '', heldBy: contactId, ...given }));
    await expect(make({ name: 'Leanne Firth', email })).rejects.toMatchObject({ code: 'INVALID' });
    await expect(make({ contactId })).rejects.toMatchObject({ code: 'INVALID' });
    const { id } = await make({ contactId: unit.first.contactId });
    const link: Actor = {
      kind: 'LINK',
      authorityId: council.id,
      id: unit.first.contactId,
      name: 'x',
      knowsAs: unit.first.contactId,
      roles: [],
      scopes: [],
    };
    await expect(claims.confirm(link, id)).rejects.toBeInstanceOf(NotFound);
    await expect(claims.confirm({ ...link, id: unit.second.contactId }, id)).rejects.toBeInstanceOf(NotFound);
  });

  it('cover by oneself, by a stranger, and a day back before the first day away', async () => {
    const plan = (leave: object): Promise<unknown> =>
      service
        .get(AbsencesService)
        .plan(owen, unit.leanne.contactId, { from: '2026-12-07', to: null, cover: null, ...leave });
    const stranger = await someone(service, council, `Stranger ${people}`);
    await expect(plan({ cover: unit.leanne.contactId })).rejects.toMatchObject({ code: 'INVALID' });
    await expect(plan({ cover: stranger.contactId })).rejects.toMatchObject({ code: 'NOT_SAME_AGENCY' });
    await expect(plan({ to: '2026-12-07' })).rejects.toMatchObject({ code: 'INVALID_DATE' });
  });
});
