import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '../../src/database/ids.js';
import { UnitOfWork } from '../../src/database/unit-of-work.js';
import { AnswersService } from '../../src/meetings/answers.service.js';
import { ContactAlias } from '../../src/meetings/replies/contact-alias.js';
import { HeldAnswer } from '../../src/meetings/replies/held-answer.js';
import { Proposal } from '../../src/meetings/replies/proposal.js';
import { ReplySections } from '../../src/meetings/replies/reply-sections.service.js';
import { arrive, invited, replies } from '../support/arriving.js';
import { aCalledMeeting, type CalledMeeting, moveTo } from '../support/called-meeting.js';
import { asStaff, aToken, withToken } from '../support/graphql.js';
import { MONDAY, startService, type TestService } from '../support/service.js';

let service: TestService;
let called: CalledMeeting;

beforeAll(async () => {
  service = await startService();
  service.clock.set(MONDAY);
  called = await aCalledMeeting(service);
  await service.mail();
});
afterAll(async () => {
  await service.stop();
});

const LEDGER = `query ($ref: String!) { meeting(ref: $ref) {
  proposals(first: 9) { nodes { state startsAt words channel } }
  invitations(first: 9) { nodes { contact { name } responses(first: 20) { nodes { kind channel standing via confidence } } } } } }`;

describe('the ledger in GraphQL', () => {
  it('says the same as the page of which answers count and why the others do not', async () => {
    const before = await invited(service, called.sergeant);
    await replies(service, called, called.sergeant);
    await moveTo(service, called, '2026-12-03');
    await service.mail();
    service.clock.pass(5);
    await replies(service, called, called.sergeant, { to: before, odd: { partstat: 'DECLINED' } });
    service.clock.pass(5);
    const [row] = await service.look<{ id: string }>('select id from invitation where contact_id = $1', [
      called.sergeant.contactId,
    ]);
    await service.get(AnswersService).recordByPhone(called.council.priya, row?.id ?? '', { kind: 'TENTATIVE' });
    service.clock.pass(5);
    await replies(service, called, called.sergeant);
    const proposes = { start: '20261204T100000', end: '20261204T113000', tzid: 'Europe/London' };
    await replies(service, called, called.sergeant, { odd: { method: 'COUNTER', partstat: 'TENTATIVE', proposes } });
    const { ledgers } = await service.get(ReplySections).ledgers(called.council.priya, called.meeting.id);
    const ofPage = ledgers.find(({ invitee }) => invitee.name === 'Leanne Firth')?.ledger.entries ?? [];
    const ask = await asStaff(service, called.council.priya);
    const { data, errors } = await ask(LEDGER, { ref: called.meeting.ref });
    expect(errors).toEqual([]);
    const meeting = (data as { meeting: Found }).meeting;
    const inGraph =
      meeting.invitations.nodes.find((one) => one.contact?.name === 'Leanne Firth')?.responses.nodes ?? [];
    const words = (list: { kind: string; standing: string }[]): string[] =>
      list.map((one) => `${one.kind} ${one.standing}`).sort();
    expect(words(inGraph)).toEqual(words(ofPage.map(({ response, standing }) => ({ kind: response.kind, standing }))));
    expect(words(inGraph)).toEqual([
      'ACCEPTED COUNTS',
      'ACCEPTED EARLIER_TIME',
      'DECLINED EARLIER_TIME',
      'SUGGESTED_TIME SUGGESTION',
      'TENTATIVE LATER_ANSWER',
    ]);
    expect(meeting.proposals.nodes).toEqual([
      { state: 'OPEN', startsAt: '2026-12-04T10:00:00.000Z', words: null, channel: 'CALENDAR_REPLY' },
    ]);
  });
});

interface Found {
  proposals: { nodes: object[] };
  invitations: {
    nodes: { contact: { name: string } | null; responses: { nodes: { kind: string; standing: string }[] } }[];
  };
}

describe('what is kept of replies', () => {
  it('is the same when loaded again', async () => {
    const { id: authorityId, priya } = called.council;
    const { id: meetingId, matterId } = called.meeting;
    const [row] = await service.look<{ id: string }>('select id from invitation where contact_id = $1', [
      called.head.contactId,
    ]);
    const invitationId = row?.id ?? '';
    const held = await arrive(service, called, called.head, { kind: 'OTHER', text: 'Yes' });
    const answer: HeldAnswer = Object.assign(new HeldAnswer(), {
      ...{ authorityId, id: held.id, matterId, invitationId, address: 'a@b.example', answer: 'DECLINED', sequence: 1 },
      ...{ statedAt: MONDAY, comment: 'x', startsAt: MONDAY, endsAt: MONDAY, delegate: 'c@b.example' },
    });
    const proposal = Proposal.made({
      ...{ authorityId, id: newId(), meetingId, matterId, invitationId, channel: 'EMAIL', revision: 2, madeAt: MONDAY },
      ...{ startsAt: MONDAY, endsAt: service.clock.now(), words: 'After court', inboundMailId: held.id },
    });
    const alias: ContactAlias = Object.assign(new ContactAlias(), {
      ...{
        authorityId,
        id: newId(),
        contactId: called.head.contactId,
        address: 'G@b.example',
        addressKey: 'g@b.example',
      },
      ...{ addedBy: 'Priya', addedAt: MONDAY },
    });
    const work = service.get(UnitOfWork);
    await work.run(priya, async (tx) => {
      await tx.insert(HeldAnswer, answer);
      await tx.insert(Proposal, proposal);
      await tx.insert(ContactAlias, alias);
    });
    await work.run(priya, async (tx) => {
      expect(await tx.find(HeldAnswer, held.id)).toEqual(answer);
      expect(await tx.find(Proposal, proposal.id)).toEqual(proposal);
      expect(await tx.find(ContactAlias, alias.id)).toEqual(alias);
    });
  });
});

describe('refuses', () => {
  it('to tell a partner of other agencies’ suggestions, or under which address anybody answered', async () => {
    const token = await aToken(service, called.council.priya, called.head.agencyId);
    const { data } = await withToken(service, token.token)(LEDGER, { ref: called.meeting.ref });
    const text = JSON.stringify(data);
    expect(text).not.toContain('2026-12-04T10:00');
    expect(text).not.toContain('MEDIUM');
  });
});
