import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { type Actor } from '../../src/access/actor.js';
import { linkActor } from '../../src/access/found-link.js';
import { LinksService } from '../../src/access/links.service.js';
import { Action } from '../../src/actions/action.js';
import { ActionLists } from '../../src/actions/action-lists.service.js';
import { ActionsService, type AgreedAction } from '../../src/actions/actions.service.js';
import { OwnActionsService } from '../../src/actions/own-actions.service.js';
import { UnitOfWork } from '../../src/database/unit-of-work.js';
import { ContactsService } from '../../src/directory/contacts.service.js';
import { NotAllowed, NotFound, OutOfDate, RuleBroken } from '../../src/errors.js';
import { ExclusionsService } from '../../src/matters/exclusions.service.js';
import { MattersService } from '../../src/matters/matters.service.js';
import { type Meeting } from '../../src/meetings/meeting.js';
import { aMatter, aCouncil, type Placed, someone } from '../support/matters.js';
import { aCast, aMeeting, type Cast } from '../support/meetings.js';
import { type CaughtMail, MONDAY, startService, type TestService } from '../support/service.js';

const AFTER = '2026-12-02T11:30:00Z';
const LINK = /^http:\/\/localhost:3000\/i\/[A-Za-z0-9_-]{43}$/;

let service: TestService;
let cast: Cast;
let meeting: Meeting;
let owen: Actor;
let joan: Placed;
let alan: Placed;
let actions: ActionsService;
let own: OwnActionsService;
let lists: ActionLists;

beforeAll(async () => {
  service = await startService();
  cast = await aCast(service);
  owen = cast.council.owen;
  actions = service.get(ActionsService);
  own = service.get(OwnActionsService);
  lists = service.get(ActionLists);
  meeting = await aMeeting(service, cast);
});

/** Each test has people of its own, in one trust. */
beforeEach(async () => {
  service.clock.set(AFTER);
  const tag = randomUUID().slice(0, 8);
  joan = await someone(service, cast.council, 'Joan Petty', { category: 'HR', address: `joan.${tag}@kestrel.example` });
  const { agencyId } = joan;
  alan = await someone(service, cast.council, 'Alan Moss', { agencyId, address: `alan.${tag}@kestrel.example` });
});

afterAll(async () => {
  await service.stop();
});

const holder = ({ contactId }: Placed, name = 'Joan Petty') =>
  linkActor({ authorityId: cast.council.id, contactId }, name);

function agree(given: Partial<AgreedAction> = {}, by: Actor = owen): Promise<Action> {
  const agreed = { text: 'Get the statements', owner: { contactId: joan.contactId }, dueOn: '2026-12-04', ...given };
  return actions.agree(by, meeting.id, agreed);
}

async function stored(id: string): Promise<Action> {
  return service.get(UnitOfWork).run(owen, (tx) => tx.find(Action, id));
}

async function refusal(attempt: Promise<unknown>): Promise<RuleBroken> {
  const error: unknown = await attempt.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof RuleBroken)) throw new Error('It was not refused with a rule', { cause: error });
  return error;
}

async function mailTo(who: Placed): Promise<CaughtMail> {
  const mail = (await service.mail(who.address)).at(-1);
  if (mail === undefined) throw new Error(`No message to ${who.address}`);
  return mail;
}

async function eventsOf(action: Action): Promise<string[]> {
  const rows = await service.look<{ action: string }>(`select action from event where object = $1 order by seq`, [
    `action:${action.id}`,
  ]);
  return rows.map((row) => row.action);
}

describe('an action', () => {
  it('is agreed with its owner, post and agency, a reference, and is saved whole', async () => {
    const action = await agree();
    expect(action.ref).toMatch(/^ACT-2026-\d{4}$/);
    expect(await stored(action.id)).toEqual(action);
    expect(action).toMatchObject({
      authorityId: cast.council.id,
      meetingId: meeting.id,
      matterId: cast.matter.id,
      ownerContactId: joan.contactId,
      ownerPostId: joan.postId,
      ownerAgencyId: joan.agencyId,
      ownerAttended: false,
      dueOn: '2026-12-04',
      status: 'ASSIGNED',
      createdAt: new Date(AFTER),
      version: 1,
    });
    expect(await eventsOf(action)).toEqual(['action.agreed', 'action.assigned']);
    const next = await agree();
    expect(Number(next.ref.slice(-4))).toBe(Number(action.ref.slice(-4)) + 1);
  });

  it('reaches its owner as a neutral message with a link of their own', async () => {
    const action = await agree({ text: 'Get statements from Hillbrook about Graham Tull' });
    const mail = await mailTo(joan);
    expect(mail.mail.subject).toBe(
      `Multi-agency meeting ${cast.matter.ref}: an action for you, due Friday 4 December 2026`,
    );
    expect(mail.mail.text).toContain('Dear Joan Petty');
    expect(mail.mail.text).toContain(`Action: ${action.ref}`);
    expect(mail.link).toMatch(LINK);
    for (const word of ['statements', 'Hillbrook', 'Tull', 'allegation', 'Agency of', 'Post of', 'Enquiry 14']) {
      expect([mail.raw, mail.mail.text, mail.mail.html].join(' ')).not.toContain(word);
    }
  });

  it('opens by its link with reference and date alone, and its owner sees it as their own', async () => {
    const action = await agree();
    const [mail] = await service.mail(joan.address);
    const found = await service.get(LinksService).find(mail?.link?.split('/i/')[1] ?? '');
    expect(found).toMatchObject({ revoked: false, link: { purpose: 'ACTION', targetId: action.id } });
    expect(await own.mine(holder(joan))).toMatchObject([{ id: action.id, text: 'Get the statements', overdue: false }]);
    expect(await own.mine(holder(alan))).toEqual([]);
  });

  it('is accepted, started and completed by its owner, and checked by the coordinator', async () => {
    const { id } = await agree();
    await own.accept(holder(joan), id);
    await own.start(holder(joan), id);
    service.clock.pass(60);
    const done = await own.complete(holder(joan), id, 'Sent to DS Oyelaran');
    expect(done).toMatchObject({ status: 'DONE', doneNote: 'Sent to DS Oyelaran', verdict: null });
    expect(done.settledAt).toEqual(new Date('2026-12-02T12:30:00Z'));
    const checked = await actions.verify(owen, id, done.version);
    expect(await eventsOf(checked)).toEqual([
      ...['action.agreed', 'action.assigned', 'action.accepted', 'action.progressed'],
      ...['action.done', 'action.verified'],
    ]);
  });

  it('is queried, given to the right person, and the history shows both; the first link stops', async () => {
    const action = await agree();
    const [first] = await service.mail(joan.address);
    await own.query(holder(joan), action.id, 'The investigating officer is Alan Moss');
    expect(await stored(action.id)).toMatchObject({
      status: 'QUERIED',
      reason: 'The investigating officer is Alan Moss',
    });
    const reassigned = await actions.reassign(owen, action.id, { contactId: alan.contactId });
    expect(reassigned).toMatchObject({ status: 'ASSIGNED', ownerContactId: alan.contactId, version: 3 });
    const [told] = await service.mail(alan.address);
    expect(told?.link).toMatch(LINK);
    const found = await service.get(LinksService).find(first?.link?.split('/i/')[1] ?? '');
    expect(found?.revoked).toBe(true);
    await expect(own.accept(holder(joan), action.id)).rejects.toBeInstanceOf(NotFound);
    const [event] = await service.look<{ details: unknown }>(
      `select details from event where object = $1 and action = 'action.reassigned'`,
      [`action:${action.id}`],
    );
    expect(event?.details).toMatchObject({
      before: { contactId: joan.contactId },
      owner: { contactId: alan.contactId },
    });
    const hindered = await own.notPossible(holder(alan), action.id, 'Witness off sick, police asked us to wait');
    expect(hindered.status).toBe('NOT_POSSIBLE_CIRCUMSTANCES_CHANGED');
  });

  it('changes its date with a reason and tells the owner; an unsent message is overtaken and says the new date', async () => {
    const action = await agree();
    const why = { dueOn: '2026-12-11', reason: 'The witness is back on Wednesday' };
    await actions.moveDueDate(owen, action.id, why, action.version);
    const mails = await service.mail(joan.address);
    expect(mails.map(({ mail }) => mail.subject)).toEqual([
      expect.stringContaining('an action for you, due Friday 11 December 2026'),
    ]);
    await actions.moveDueDate(owen, action.id, { ...why, dueOn: '2026-12-14' });
    const later = await service.mail(joan.address);
    expect(later.at(-1)?.mail.subject).toContain('your action is now due Monday 14 December 2026');
  });

  it('comes back to its owner when something is missing, and is cancelled with a reason', async () => {
    const { id } = await agree();
    await service.mail();
    await own.complete(holder(joan), id, null);
    const returned = await actions.returnToOwner(owen, id, 'Two statements are missing');
    expect(returned).toMatchObject({ status: 'ASSIGNED', settledAt: null, verdict: 'may_know' });
    await actions.cancel(owen, id, 'No longer wanted');
    const subjects = (await service.mail(joan.address)).map(({ mail }) => mail.subject);
    expect(subjects).toEqual([expect.stringContaining('an action for you'), expect.stringContaining('is cancelled')]);
  });

  it('is overdue the day after its date, first in the list, and only while it is open', async () => {
    const late = await agree({ text: 'Late' });
    const later = await agree({ dueOn: '2026-12-18', text: 'Later' });
    service.clock.set('2026-12-05T09:00:00Z');
    const { actions: open, agencies } = await lists.list(owen, { agencyId: joan.agencyId });
    expect(open.map(({ id, overdue }) => [id, overdue])).toEqual([
      [late.id, true],
      [later.id, false],
    ]);
    expect(agencies.map(({ id }) => id)).toContain(joan.agencyId);
    await own.notDone(holder(joan), late.id, 'Forgotten');
    const { actions: overdue } = await lists.list(owen, { show: 'overdue', agencyId: joan.agencyId });
    expect(overdue).toEqual([]);
    const { actions: all } = await lists.list(owen, { show: 'all', agencyId: joan.agencyId });
    expect(all).toHaveLength(2);
  });

  it('is in the list of whoever runs the meeting, and not in another coordinator’s own', async () => {
    const action = await agree();
    const idsOf = async (by: Actor) =>
      (await lists.list(by, { mine: true, agencyId: joan.agencyId })).actions.map(({ id }) => id);
    expect(await idsOf(owen)).toEqual([action.id]);
    expect(await idsOf({ ...owen, id: cast.council.bev.id })).toEqual([]);
  });
});

describe('an action whose owner is gone', () => {
  it('waits for another owner when the person leaves; nothing unsent leaves and the link stops', async () => {
    const action = await agree();
    await service.get(ContactsService).leave(cast.council.bev, joan.contactId);
    expect(await stored(action.id)).toMatchObject({ status: 'ORPHANED', verdict: null });
    expect(await service.mail(joan.address)).toEqual([]);
    await expect(own.accept(holder(joan), action.id)).rejects.toThrow();
    expect(await actions.reassign(owen, action.id, { contactId: alan.contactId })).toMatchObject({
      status: 'ASSIGNED',
    });
  });

  it('waits for another owner when they must not be told any more, queried or not', async () => {
    const [first, second] = [await agree(), await agree()];
    await own.query(holder(joan), second.id, 'Ask Alan Moss');
    const excluded = { excluded: { contactId: joan.contactId }, reason: 'RELATIVE' };
    const exclusion = await service.get(ExclusionsService).exclude(owen, cast.matter.id, excluded);
    expect([(await stored(first.id)).status, (await stored(second.id)).status]).toEqual(['ORPHANED', 'ORPHANED']);
    expect(await service.mail(joan.address)).toEqual([]);
    expect(await refusal(agree())).toMatchObject({ code: 'EXCLUDED', field: 'owner' });
    expect((await refusal(actions.reassign(owen, first.id, { contactId: joan.contactId }))).code).toBe('EXCLUDED');
    expect(await own.mine(holder(joan))).toEqual([]);
    await service.get(ExclusionsService).lift(owen, cast.matter.id, exclusion.id, 'It was another Joan');
  });

  it('follows the owner to a new address, with a link that works there', async () => {
    const action = await agree();
    await service.mail();
    const email = `new.${joan.address}`;
    await service.get(ContactsService).correct(cast.council.bev, joan.contactId, { name: 'Joan Petty', email });
    const [mail] = await service.mail(email);
    expect(mail?.mail.subject).toContain('an action for you');
    const found = await service.get(LinksService).find(mail?.link?.split('/i/')[1] ?? '');
    expect(found).toMatchObject({ revoked: false, link: { targetId: action.id } });
    expect((await stored(action.id)).addressKey).toBe(email);
  });
});

describe('refuses', () => {
  it.each<[string, Partial<AgreedAction>, string, string]>([
    ['no text', { text: ' ' }, 'REQUIRED', 'text'],
    ['10,000 characters', { text: 'x'.repeat(10_000) }, 'TOO_LONG', 'text'],
    ['text that turns the line round', { text: 'x\u202ey' }, 'UNSAFE_TEXT', 'text'],
    ['no owner', { owner: {} }, 'REQUIRED', 'owner'],
    ['"HR" as the owner', { owner: { typed: 'HR' } }, 'OWNER_NOT_NAMED_PERSON', 'owner'],
    ['no date', { dueOn: null }, 'REQUIRED', 'dueOn'],
    ['a date that is none', { dueOn: '2026-02-30' }, 'INVALID_DATE', 'dueOn'],
    ['a date that has passed', { dueOn: '2026-12-01' }, 'DATE_IN_PAST', 'dueOn'],
  ])('%s, and keeps and sends nothing', async (_what, wrong, code, field) => {
    expect(await refusal(agree(wrong))).toMatchObject({ code, field });
    const kept = await service.look(`select 1 from action where owner_contact_id = $1`, [joan.contactId]);
    expect(kept).toEqual([]);
    expect(await service.mail(joan.address)).toEqual([]);
  });

  it('an owner who has left, and one nobody knows', async () => {
    await service.get(ContactsService).leave(owen, joan.contactId);
    expect(await refusal(agree())).toMatchObject({ code: 'CONTACT_HAS_LEFT', field: 'owner' });
    await expect(agree({ owner: { contactId: randomUUID() } })).rejects.toBeInstanceOf(NotFound);
  });

  it('an action before the meeting, and of a matter that is closed', async () => {
    service.clock.set(MONDAY);
    expect((await refusal(agree())).code).toBe('MEETING_NOT_STARTED');
    const matter = await aMatter(service, cast.council.priya);
    const other = await aMeeting(service, cast, { matterId: matter.id, overrideReason: 'Yes' });
    service.clock.set(AFTER);
    await service.get(MattersService).close(cast.council.priya, matter.id, 'Nothing in it');
    const agreed = { text: 'x', owner: { contactId: joan.contactId }, dueOn: '2026-12-04' };
    expect((await refusal(actions.agree(owen, other.id, agreed))).code).toBe('MOVE_NOT_ALLOWED');
  });

  it('to close a matter with an action open, and lets it close once each has come to an end', async () => {
    service.clock.set(MONDAY);
    const matter = await aMatter(service, cast.council.priya);
    const other = await aMeeting(service, cast, { matterId: matter.id, overrideReason: 'Yes' });
    service.clock.set(AFTER);
    const agreed = { text: 'x', owner: { contactId: joan.contactId }, dueOn: '2026-12-04' };
    const action = await actions.agree(owen, other.id, agreed);
    const close = () => service.get(MattersService).close(cast.council.priya, matter.id, 'Done');
    const error = await refusal(close());
    expect(error.code).toBe('MOVE_NOT_ALLOWED');
    expect(error.message).toContain(action.ref);
    await own.notDone(holder(joan), action.id, 'Forgotten');
    expect((await close()).status).toBe('CLOSED');
  });

  it('a move without its reason, or from where it does not lead', async () => {
    const { id } = await agree();
    expect((await refusal(own.query(holder(joan), id, ' '))).code).toBe('REASON_REQUIRED');
    expect((await refusal(own.notDone(holder(joan), id, null))).code).toBe('REASON_REQUIRED');
    expect((await refusal(own.notPossible(holder(joan), id, ''))).code).toBe('REASON_REQUIRED');
    expect((await refusal(actions.cancel(owen, id, ''))).code).toBe('REASON_REQUIRED');
    expect((await refusal(actions.verify(owen, id))).code).toBe('MOVE_NOT_ALLOWED');
    expect((await refusal(actions.returnToOwner(owen, id, 'x'))).code).toBe('MOVE_NOT_ALLOWED');
    expect((await refusal(actions.reassign(owen, id, { contactId: joan.contactId }))).code).toBe('NOTHING_CHANGED');
    expect((await refusal(actions.reassign(owen, id, { typed: 'HR' }))).code).toBe('OWNER_NOT_NAMED_PERSON');
    const sameDay = { dueOn: '2026-12-04', reason: 'x' };
    expect((await refusal(actions.moveDueDate(owen, id, sameDay))).code).toBe('NOTHING_CHANGED');
    expect(await stored(id)).toMatchObject({ status: 'ASSIGNED', version: 1 });
  });

  it('a page that showed it as it was before, and one of two at once', async () => {
    const { id, version } = await agree();
    await own.accept(holder(joan), id, version);
    await expect(own.complete(holder(joan), id, null, version)).rejects.toBeInstanceOf(OutOfDate);
    const two = await Promise.allSettled([
      actions.moveDueDate(owen, id, { dueOn: '2026-12-10', reason: 'One' }, 2),
      actions.moveDueDate(cast.council.priya, id, { dueOn: '2026-12-11', reason: 'Other' }, 2),
    ]);
    expect(two.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(two.find(({ status }) => status === 'rejected')).toMatchObject({ reason: expect.any(OutOfDate) });
  });

  it('whoever is not its owner, and another authority', async () => {
    const { id } = await agree();
    await expect(own.accept(holder(cast.leanne, 'Leanne Firth'), id)).rejects.toBeInstanceOf(NotFound);
    await expect(own.one(holder(cast.leanne), id)).rejects.toBeInstanceOf(NotFound);
    await expect(actions.verify(holder(joan), id)).rejects.toBeInstanceOf(NotAllowed);
    await expect(lists.list(holder(joan))).rejects.toBeInstanceOf(NotAllowed);
    const elsewhere = await aCouncil(service, `other-${randomUUID().slice(0, 8)}.example`);
    await expect(lists.detail(elsewhere.owen, id)).rejects.toBeInstanceOf(NotFound);
    await expect(actions.cancel(elsewhere.owen, id, 'x')).rejects.toBeInstanceOf(NotFound);
    await expect(lists.detail(cast.council.bev, id)).rejects.toBeInstanceOf(NotFound);
    await expect(agree({}, elsewhere.owen)).rejects.toBeInstanceOf(NotFound);
  });

  it('less than a named owner with a date, in the database itself', async () => {
    const { id } = await agree();
    const set = (what: string) => service.look(`update action set ${what} where id = '${id}'`);
    await expect(set('owner_contact_id = null')).rejects.toThrow(/not-null/);
    await expect(set('due_on = null')).rejects.toThrow(/not-null/);
    await expect(set(`text = ' '`)).rejects.toThrow(/action_has_text/);
    await expect(set(`status = 'NOT_DONE', verdict = null`)).rejects.toThrow(/action_not_has_reason/);
    await expect(set('verdict = null')).rejects.toThrow(/action_live_has_verdict/);
  });

  it('one of the two when an action and an exclusion of its owner meet', async () => {
    const excluded = { excluded: { contactId: alan.contactId }, reason: 'RELATIVE' };
    await Promise.allSettled([
      agree({ owner: { contactId: alan.contactId } }),
      service.get(ExclusionsService).exclude(owen, cast.matter.id, excluded),
    ]);
    const live = await service.look(`select 1 from action where owner_contact_id = $1 and verdict is not null`, [
      alan.contactId,
    ]);
    const barred = await service.look(`select 1 from standing where who = $1 and verdict = 'must_not_know'`, [
      `contact:${alan.contactId}`,
    ]);
    expect([live.length, barred.length]).toEqual([0, 1]);
  });
});
