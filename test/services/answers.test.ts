import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type Actor } from '../../src/access/actor.js';
import { LinksService } from '../../src/access/links.service.js';
import { newId } from '../../src/database/ids.js';
import { UnitOfWork } from '../../src/database/unit-of-work.js';
import { NotAllowed, NotFound, OutOfDate } from '../../src/errors.js';
import { ExclusionsService } from '../../src/matters/exclusions.service.js';
import { AnswersService } from '../../src/meetings/answers.service.js';
import { Response } from '../../src/meetings/response.js';
import { SubstitutesService } from '../../src/meetings/substitutes.service.js';
import { aCalledMeeting, type CalledMeeting, cancel, lastMail } from '../support/called-meeting.js';
import { aCouncil, type Placed, someone } from '../support/matters.js';
import { MONDAY, startService, type TestService } from '../support/service.js';
import { aBrowser, answerBy, prove } from '../support/visitor.js';

let service: TestService;
let answers: AnswersService;
let substitutes: SubstitutesService;
let called: CalledMeeting;

beforeAll(async () => {
  service = await startService();
  answers = service.get(AnswersService);
  substitutes = service.get(SubstitutesService);
});

beforeEach(async () => {
  service.clock.set(MONDAY);
  called = await aCalledMeeting(service);
});

afterAll(async () => {
  await service.stop();
});

interface Row {
  id: string;
  version: number;
  answer: string;
  status: string;
  substitute_for: string | null;
  can_decide: boolean;
}

const invitation = async (who: Pick<Placed, 'contactId'>): Promise<Row> => {
  const [row] = await service.look<Row>(
    `select * from invitation where contact_id = $1 order by created_at desc limit 1`,
    [who.contactId],
  );
  if (row === undefined) throw new Error('Nobody invited');
  return row;
};

const ledger = (id: string): Promise<{ kind: string; channel: string; recorded_by: string }[]> =>
  service.look('select kind, channel, recorded_by from response where invitation_id = $1 order by at, id', [id]);

const holder = async (who: Placed): Promise<Actor> => {
  const { secret } = await lastMail(service, who);
  const found = await service.get(LinksService).find(secret);
  if (found === undefined) throw new Error('No link');
  return found.actor;
};

const partner = (agencyId: string): Actor => ({
  kind: 'PARTNER',
  authorityId: called.council.id,
  id: newId(),
  name: 'Records system',
  knowsAs: agencyId,
  roles: [],
  agencyId,
  scopes: ['invitations:own-agency'],
});

describe('an answer', () => {
  it('given by telephone is written down with who did, and confirmed to the person', async () => {
    await service.mail();
    service.clock.pass(1);
    const { id, version } = await invitation(called.sergeant);
    const given = { kind: 'DECLINED' as const, reason: 'LEAVE' as const, seen: version };
    await answers.recordByPhone(called.council.priya, id, given);
    expect(await ledger(id)).toEqual([{ kind: 'DECLINED', channel: 'PHONE', recorded_by: 'Priya' }]);
    const { mail } = await lastMail(service, called.sergeant);
    expect(mail.text).toContain('after a telephone call');
  });

  it('of ten o’clock written down at eleven does not undo what was sent at half past ten', async () => {
    const { id } = await invitation(called.sergeant);
    const { secret } = await lastMail(service, called.sergeant);
    service.clock.pass(30);
    await answerBy(service, aBrowser(service), secret, { answer: 'ACCEPTED' });
    service.clock.pass(30);
    await answers.recordByPhone(called.council.priya, id, { kind: 'TENTATIVE', statedAt: MONDAY });
    expect(await invitation(called.sergeant)).toMatchObject({ answer: 'ACCEPTED' });
    expect(await ledger(id)).toHaveLength(2);
  });

  it('comes from the agency’s own system for its own people', async () => {
    const { id } = await invitation(called.sergeant);
    await answers.byPartner(partner(called.sergeant.agencyId), id, { kind: 'REPORT_ONLY' });
    expect(await invitation(called.sergeant)).toMatchObject({ answer: 'REPORT_ONLY' });
  });

  it('given twice at once leaves one that counts, and both are kept', async () => {
    const { secret } = await lastMail(service, called.sergeant);
    const [one, two] = [aBrowser(service), aBrowser(service)];
    const sent = await Promise.all([
      answerBy(service, one, secret, { answer: 'ACCEPTED' }),
      answerBy(service, two, secret, { answer: 'TENTATIVE' }),
    ]);
    expect(sent.map(({ status }) => status)).toEqual([303, 303]);
    const { id, answer } = await invitation(called.sergeant);
    const kept = (await ledger(id)).map(({ kind }) => kind);
    expect(kept.sort()).toEqual(['ACCEPTED', 'TENTATIVE']);
    expect(kept).toContain(answer);
  });

  it('makes an unverified person verified', async () => {
    await service.look(`update contact set status = 'UNVERIFIED' where id = $1`, [called.sergeant.contactId]);
    const { secret } = await lastMail(service, called.sergeant);
    await answerBy(service, aBrowser(service), secret, { answer: 'ACCEPTED' });
    const [contact] = await service.look('select status, verified_how from contact where id = $1', [
      called.sergeant.contactId,
    ]);
    expect(contact).toEqual({ status: 'ACTIVE', verified_how: 'RESPONSE' });
  });

  it('is the same when loaded again', async () => {
    const { id: invitationId } = await invitation(called.sergeant);
    const work = service.get(UnitOfWork);
    const [link] = await service.look<{ id: string }>('select id from link where contact_id = $1', [
      called.sergeant.contactId,
    ]);
    const response = Response.given({
      authorityId: called.council.id,
      id: newId(),
      invitationId,
      meetingId: called.meeting.id,
      matterId: called.meeting.matterId,
      revision: 1,
      kind: 'DECLINED',
      reason: 'CLASH',
      comment: 'In court',
      channel: 'LINK',
      recordedBy: 'Leanne Firth by link',
      at: MONDAY,
      statedAt: MONDAY,
      linkId: link?.id ?? null,
    });
    await work.run(called.council.priya, (tx) => tx.insert(Response, response));
    await work.run(called.council.priya, async (tx) => {
      expect(await tx.find(Response, response.id)).toEqual(response);
    });
  });
});

describe('a substitute', () => {
  it('of the same agency has an invitation of their own, and the place is theirs', async () => {
    const colleague = await someone(service, called.council, 'Amir Khan', {
      agencyId: called.sergeant.agencyId,
      address: `amir.${newId()}@force.example`,
    });
    const { secret } = await lastMail(service, called.sergeant);
    const browser = aBrowser(service);
    const led = await answerBy(service, browser, secret, { answer: 'SUBSTITUTE' });
    const { id } = await invitation(called.sergeant);
    expect(led.headers.location).toBe(`/my/meetings/${id}/substitute`);
    expect(await ledger(id)).toEqual([]);
    await prove(service, browser, secret, called.sergeant);
    const page = await browser.get(`/my/meetings/${id}/substitute`);
    expect(page.text).toContain('Amir Khan, Post of Amir Khan');
    const fields = { contactId: colleague.contactId, canDecide: 'no' };
    const named = await browser.post(`/my/meetings/${id}/substitute`).type('form').send(fields);
    expect([named.status, named.headers.location]).toEqual([303, `/my/meetings/${id}?told=invited`]);
    expect(await invitation(called.sergeant)).toMatchObject({ status: 'SUPERSEDED', answer: 'SUBSTITUTE_NAMED' });
    expect(await invitation(colleague)).toMatchObject({ status: 'OPEN', substitute_for: id, can_decide: false });
    const asked = await lastMail(service, colleague);
    expect(asked.calendar).toContain('METHOD:REQUEST');
    expect(asked.raw).not.toContain('Leanne');
    expect((await service.mail(called.sergeant.address)).map(({ mail }) => mail.subject)).toContain(
      `Multi-agency meeting ${called.reference}: we have your answer`,
    );
    expect((await browser.get(`/my/meetings/${id}`)).text).toContain('Amir Khan comes in your place');
    expect((await browser.get(`/i/${secret}`)).text).toContain('Somebody else has taken your place');
  });

  it('who is new needs an address of the agency; another address is for the coordinator to decide', async () => {
    const actor = await holder(called.sergeant);
    const { id } = await invitation(called.sergeant);
    const stranger = { name: 'Sam Stone', email: 'sam@elsewhere.example', postTitle: 'Inspector' };
    expect(await substitutes.name(actor, id, stranger)).toEqual({ outcome: 'ASKED' });
    expect(await service.mail('sam@elsewhere.example')).toEqual([]);
    expect(await invitation(called.sergeant)).toMatchObject({ status: 'OPEN' });
    const asked = await service.look(
      `select 1 from event where action = 'invitation.substitute-asked' and object = $1`,
      [`invitation:${id}`],
    );
    expect(asked).toHaveLength(1);
    const own = { ...stranger, email: `sam.${newId()}@north.force.example` };
    const result = await substitutes.name(actor, id, own);
    expect(result).toMatchObject({ outcome: 'INVITED', invitation: { substituteFor: id, canDecide: false } });
    expect(await service.mail(own.email)).toHaveLength(1);
    const [contact] = await service.look('select status from contact where email = $1', [own.email]);
    expect(contact).toEqual({ status: 'UNVERIFIED' });
  });
});

describe('refuses', () => {
  it('a substitute who must not be told, without saying so in the list', async () => {
    const tull = await someone(service, called.council, 'Gerald Tull', {
      agencyId: called.sergeant.agencyId,
      address: `gerald.${newId()}@force.example`,
    });
    const { priya } = called.council;
    const excluded = { contactId: tull.contactId };
    await service.get(ExclusionsService).exclude(priya, called.meeting.matterId, { excluded, reason: 'RELATIVE' });
    const actor = await holder(called.sergeant);
    const { id } = await invitation(called.sergeant);
    const { colleagues } = await substitutes.colleagues(actor, id);
    expect(colleagues.map(({ name }) => name)).toContain('Gerald Tull');
    const named = substitutes.name(actor, id, { contactId: tull.contactId });
    await expect(named).rejects.toMatchObject({
      code: 'EXCLUDED',
      message: 'This person cannot be invited. Ask the council whom to ask instead.',
    });
    expect(await service.mail(tull.address)).toEqual([]);
    expect(await invitation(called.sergeant)).toMatchObject({ status: 'OPEN', answer: 'NO_RESPONSE' });
  });

  it('a substitute of another agency, one already invited, a substitute’s substitute, and one for the chair', async () => {
    const actor = await holder(called.sergeant);
    const { id } = await invitation(called.sergeant);
    const other = await someone(service, called.council, 'Nora Nurse', { address: `nora.${newId()}@force.example` });
    const code = (who: Placed, by = actor, of = id): Promise<unknown> =>
      substitutes
        .name(by, of, { contactId: who.contactId })
        .catch((error: unknown) => (error as { code?: string }).code);
    expect(await code(other)).toBe('NOT_SAME_AGENCY');
    expect(await code(called.sergeant)).toBe('ALREADY_INVITED');
    const chair = await invitation(called.chair);
    expect(await code(other, await holder(called.chair), chair.id)).toBe('MOVE_NOT_ALLOWED');
    const own = { name: 'Sam Stone', email: `sam.${newId()}@force.example`, postTitle: 'Inspector' };
    const first = await substitutes.name(actor, id, own);
    if (first.outcome !== 'INVITED') throw new Error('Not invited');
    const { contactId } = first.invitation;
    const samActor = { ...actor, id: contactId, knowsAs: contactId };
    expect(await code(other, samActor, first.invitation.id)).toBe('MOVE_NOT_ALLOWED');
    await expect(substitutes.name(actor, chair.id, own)).rejects.toThrow(NotFound);
  });

  it('the links of somebody excluded later', async () => {
    const { secret } = await lastMail(service, called.head);
    const browser = aBrowser(service);
    await prove(service, browser, secret, called.head);
    expect((await browser.get('/my')).status).toBe(200);
    const excluded = { contactId: called.head.contactId };
    await service.get(ExclusionsService).exclude(called.council.priya, called.meeting.matterId, {
      excluded,
      reason: 'IS_SUBJECT',
    });
    expect((await browser.get(`/i/${secret}`)).status).toBe(404);
    expect((await browser.get('/my')).status).toBe(403);
    const before = (await service.mail(called.head.address)).length;
    await browser.post('/i/again').type('form').send({ email: called.head.address });
    expect(await service.mail(called.head.address)).toHaveLength(before);
  });

  it('answers written down by others, for others, of an older page, and to a cancelled meeting', async () => {
    const { id } = await invitation(called.sergeant);
    const { priya } = called.council;
    const accepted = { kind: 'ACCEPTED' as const };
    const actor = await holder(called.sergeant);
    await expect(answers.recordByPhone(actor, id, accepted)).rejects.toThrow(NotAllowed);
    await expect(answers.recordByPhone(priya, id, { ...accepted, seen: 99 })).rejects.toThrow(OutOfDate);
    await expect(answers.byPartner(partner(called.head.agencyId), id, accepted)).rejects.toThrow(NotFound);
    const scopeless = { ...partner(called.sergeant.agencyId), scopes: [] };
    await expect(answers.byPartner(scopeless, id, accepted)).rejects.toThrow(NotAllowed);
    const elsewhere = await aCouncil(service, 'elsewhere.example');
    await expect(answers.recordByPhone(elsewhere.priya, id, accepted)).rejects.toThrow(NotFound);
    await cancel(service, called);
    await expect(answers.recordByPhone(priya, id, accepted)).rejects.toMatchObject({ code: 'MEETING_CANCELLED' });
    expect(await ledger(id)).toEqual([]);
  });
});
