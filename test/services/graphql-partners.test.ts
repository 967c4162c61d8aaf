import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { globalId } from '../../src/graphql/ids.js';
import { ActionsService } from '../../src/actions/actions.service.js';
import { type Action } from '../../src/actions/action.js';
import { InvitationsService } from '../../src/meetings/invitations.service.js';
import { type Meeting } from '../../src/meetings/meeting.js';
import { SchedulingService } from '../../src/meetings/scheduling.service.js';
import { type Ask, asStaff, aToken, withToken } from '../support/graphql.js';
import { aMatter, someone } from '../support/matters.js';
import { aCast, aMeeting, aPlan, type Cast } from '../support/meetings.js';
import { startService, type TestService } from '../support/service.js';

let service: TestService;
let cast: Cast;
let meeting: Meeting;
/** A meeting of the same matter to which the trust is not asked. */
let foreign: Meeting;
let trust: Ask;
let police: Ask;
let actions: Action[];

beforeAll(async () => {
  service = await startService();
  cast = await aCast(service);
  await service.look(
    `insert into inbox (authority_id, id, agency_id, address, address_key, restricted) values
      ($1, gen_random_uuid(), $2, 'caiu@northshire.police.example', 'caiu@northshire.police.example', false),
      ($1, gen_random_uuid(), $2, 'vault@northshire.police.example', 'vault@northshire.police.example', true)`,
    [cast.council.id, cast.leanne.agencyId],
  );
  meeting = await aMeeting(service, cast);
  const slot = { ...aPlan(cast).slot, from: '14:00', to: '15:00' };
  const invitees = [{ contactId: cast.leanne.contactId }, { contactId: cast.fiona.contactId }];
  foreign = await service.get(SchedulingService).schedule(cast.council.owen, aPlan(cast, { slot, invitees }));
  service.clock.set('2026-12-02T11:20:00Z');
  const agree = (contactId: string): Promise<Action> =>
    service
      .get(ActionsService)
      .agree(cast.council.owen, meeting.id, { text: 'Send the chronology', owner: { contactId }, dueOn: '2026-12-04' });
  actions = [await agree(cast.tom.contactId), await agree(cast.leanne.contactId)];
  service.clock.set('2026-11-30T11:20:00Z');
  trust = withToken(service, (await aToken(service, cast.council.owen, cast.tom.agencyId)).token);
  police = withToken(service, (await aToken(service, cast.council.owen, cast.leanne.agencyId)).token);
});

afterAll(async () => {
  await service.stop();
});

const EVERYTHING = `{ meetings(first: 2) { nodes { ref startsAt place joinDetails overrideReason cancelReason organiser type { label } chair { name }
  minuteTaker { name } forecast { result } attendance(first: 2) { nodes { note } } attendanceEntries matter { ref kind neutralTitle facts externalIds coordinator
    sensitivity exclusions(first: 2) { nodes { reason } } } invitations(first: 6) { nodes { role required answer canDecide contact { name email phone }
    post { title holdings(first: 2) { nodes { contact { name } } } } agency { name category inboxes(first: 5) { nodes { address } } } responses(first: 2) { nodes { comment } } } } } } }`;

describe('a partner sees', () => {
  it('the meetings its people are asked to, its own people whole, and of others post and inbox', async () => {
    const { data, errors } = await trust(EVERYTHING);
    expect(errors).toEqual([]);
    const [one, ...more] = data.meetings.nodes;
    expect(more).toEqual([]);
    expect(one).toMatchObject({
      ref: meeting.ref,
      startsAt: '2026-12-02T10:00:00.000Z',
      chair: null,
      minuteTaker: null,
    });
    const { invitations } = one;
    const own = invitations.nodes.filter(({ contact }: { contact: unknown }) => contact !== null);
    expect(own).toHaveLength(1);
    expect(own[0]).toMatchObject({
      role: 'ATTENDEE',
      required: 'NO',
      answer: 'NO_RESPONSE',
      contact: { name: 'Tom Beck', email: cast.tom.address },
      post: { holdings: { nodes: [{ contact: { name: 'Tom Beck' } }] } },
    });
    const leanne = invitations.nodes.find(
      ({ post }: { post: { title: string } }) => post.title === 'Post of Leanne Firth',
    );
    expect(leanne).toMatchObject({
      role: null,
      required: null,
      answer: null,
      canDecide: null,
      contact: null,
      post: { title: 'Post of Leanne Firth', holdings: { nodes: [] } },
      agency: { category: 'POLICE', inboxes: { nodes: [{ address: 'caiu@northshire.police.example' }] } },
      responses: { nodes: [] },
    });
  });

  it('nothing that says what the matter is about', async () => {
    const { data } = await trust(EVERYTHING);
    const [{ matter, type, forecast, joinDetails, organiser, attendanceEntries }] = data.meetings.nodes;
    expect(matter).toEqual({
      ...{ ref: cast.matter.ref, kind: null, neutralTitle: null, facts: null, externalIds: null, coordinator: null },
      ...{ sensitivity: null, exclusions: null },
    });
    expect([type, forecast, joinDetails, organiser, attendanceEntries]).toEqual([null, null, null, null, null]);
    expect(JSON.stringify(data)).not.toMatch(
      /ALLEGATION|Enquiry 14|POSSIBLE_OFFENCE|LCS-1|"Leanne Firth|leanne\.firth@|"Priya/,
    );
  });

  it('its own people in the directory, and the posts and open inboxes of others', async () => {
    const { data } = await trust('{ contacts { nodes { name } } agencies { nodes { category } } }');
    expect(data.contacts.nodes).toEqual([{ name: 'Tom Beck' }]);
    expect(data.agencies.nodes).toHaveLength(5);
    const own = await police(
      '{ me { agency { inboxes { nodes { address restricted } } } } contacts { nodes { name } } }',
    );
    expect(own.data.me.agency.inboxes.nodes).toHaveLength(2);
    expect(own.data.contacts.nodes).toEqual([{ name: 'Leanne Firth' }, { name: 'Mark Oyelaran' }]);
  });

  it('the actions its people own, and what happened to its own', async () => {
    const { data } = await trust(
      '{ actions { nodes { ref text owner { name } overdue } } changes(first: 100) { nodes { action object actor } } }',
    );
    expect(data.actions.nodes).toEqual([
      { ref: actions[0]?.ref, text: 'Send the chronology', owner: { name: 'Tom Beck' }, overdue: false },
    ]);
    const seen = data.changes.nodes as { action: string; object: string; actor: unknown }[];
    const [invitation] = await service.look<{ id: string }>('select id from invitation where contact_id = $1', [
      cast.tom.contactId,
    ]);
    expect(seen.filter(({ action }) => action === 'invitation.sent')).toEqual([
      { action: 'invitation.sent', object: globalId('Invitation', invitation?.id ?? ''), actor: null },
    ]);
    expect(seen.filter(({ action }) => action.startsWith('action.')).map(({ action }) => action)).toEqual([
      'action.agreed',
      'action.assigned',
    ]);
  });

  it('a substitute of its own, and no meeting that it was taken off', async () => {
    const matter = await aMatter(service, cast.council.priya);
    const nurse = await someone(service, cast.council, 'Ann Nurse', { agencyId: cast.tom.agencyId });
    const slot = { ...aPlan(cast).slot, date: '2026-12-03' };
    const plan = aPlan(cast, {
      matterId: matter.id,

      slot,
      invitees: [{ contactId: nurse.contactId }],
    });
    const called = await service.get(SchedulingService).schedule(cast.council.owen, plan);
    const asked = `{ meeting(ref: "${called.ref}") { invitations { nodes { id contact { name } } } } }`;
    const { data } = await trust(asked);
    const mine = data.meeting.invitations.nodes.find(
      ({ contact }: { contact: { name: string } | null }) => contact?.name === 'Ann Nurse',
    );
    const id =
      Buffer.from(mine.id as string, 'base64url')
        .toString()
        .split(':')[1] ?? '';
    await service.get(InvitationsService).withdraw(cast.council.owen, called.id, id);
    expect((await trust(asked)).errors[0]?.extensions).toEqual({ code: 'NOT_FOUND' });
  });
});

describe('refuses', () => {
  it('a foreign meeting, action and person with the bytes of one that is not there', async () => {
    const NODE = 'query($id: ID!) { node(id: $id) { id } }';
    const absent = await trust(NODE, { id: globalId('Meeting', '0198a000-0000-7000-8000-000000000001') });
    expect(absent.errors[0]?.extensions).toEqual({ code: 'NOT_FOUND' });
    const [invitation] = await service.look<{ id: string }>('select id from invitation where meeting_id = $1 limit 1', [
      foreign.id,
    ]);
    const foreigners = [
      globalId('Meeting', foreign.id),
      globalId('Contact', cast.leanne.contactId),
      globalId('Action', actions[1]?.id ?? ''),
      globalId('Invitation', invitation?.id ?? ''),
    ];
    for (const id of foreigners) expect((await trust(NODE, { id })).text).toBe(absent.text);
    const byRef = 'query($ref: String!) { meeting(ref: $ref) { id } }';
    expect((await trust(byRef, { ref: foreign.ref })).text).toBe(
      (await trust(byRef, { ref: 'ALL-2026-0147-M9' })).text,
    );
  });

  it('the subject, by asking and by filtering', async () => {
    const code = async (query: string): Promise<unknown> => (await trust(query)).errors[0]?.extensions.code;
    expect(await code('{ matters(kind: ALLEGATION) { nodes { ref } } }')).toBe('NOT_ALLOWED');
    expect(await code('{ matters(search: "enquiry") { nodes { ref } } }')).toBe('NOT_ALLOWED');
    expect(await code('{ meetingTypes { nodes { code } } }')).toBe('NOT_ALLOWED');
    expect(await code('{ partnerTokens { nodes { name } } }')).toBe('NOT_ALLOWED');
    expect(await code(`{ node(id: "${globalId('MeetingType', 'ALLEGATION_MEETING')}") { id } }`)).toBe('NOT_ALLOWED');
    expect((await trust('{ matters { nodes { subject } } }')).status).toBe(400);
  });

  it('what the token has no scope for', async () => {
    const { token } = await aToken(service, cast.council.owen, cast.tom.agencyId, ['actions:own-agency']);
    const ask = withToken(service, token);
    for (const list of ['meetings', 'contacts', 'agencies', 'changes', 'matters']) {
      expect((await ask(`{ ${list} { pageInfo { hasNextPage } } }`)).errors[0]?.extensions.code).toBe('NOT_ALLOWED');
    }
    const { data } = await ask('{ actions { nodes { ref meeting { ref } ownerAgency { name } } } }');
    expect(data.actions.nodes).toMatchObject([{ ref: actions[0]?.ref, meeting: null }]);
  });

  it('the people of another authority to a token of this one, and the other way round', async () => {
    const elsewhere = await aCast(service, 'eastmere.example');
    const stranger = withToken(service, (await aToken(service, elsewhere.council.owen, elsewhere.tom.agencyId)).token);
    const { data } = await stranger(
      '{ meetings { nodes { ref } } contacts { nodes { id } } actions { nodes { ref } } }',
    );
    expect(data.meetings.nodes).toEqual([]);
    expect(data.actions.nodes).toEqual([]);
    expect(data.contacts.nodes).toEqual([{ id: globalId('Contact', elsewhere.tom.contactId) }]);
    expect((await stranger(`{ meeting(ref: "${meeting.ref}") { ref } }`)).errors[0]?.extensions.code).toBe('NOT_FOUND');
  });

  it('every change that is the council’s to make', async () => {
    const send = async (query: string): Promise<unknown> => (await trust(query)).errors[0]?.extensions.code;
    const key = 'clientMutationId: "k1"';
    const id = globalId('Meeting', meeting.id);
    expect(
      await send(
        `mutation { cancelMeeting(input: { meeting: "${id}", version: 1, reason: "x", ${key} }) { problems { code } } }`,
      ),
    ).toBe('NOT_ALLOWED');
    expect(
      await send(`mutation { addAgency(input: { name: "x", category: OTHER, ${key} }) { problems { code } } }`),
    ).toBe('NOT_ALLOWED');
    expect(
      await send(`mutation { openMatter(input: { kind: COMPLEX, neutralTitle: "x", ${key} }) { problems { code } } }`),
    ).toBe('NOT_ALLOWED');
    const owner = globalId('Agency', cast.tom.agencyId);
    expect(
      await send(
        `mutation { issuePartnerToken(input: { agency: "${owner}", name: "x", scopes: ["meetings:write"], expiresAt: "2027-01-01T00:00:00Z", ${key} }) { token } }`,
      ),
    ).toBe('NOT_ALLOWED');
    const staff = await asStaff(service, cast.council.owen);
    expect((await staff(`{ meeting(ref: "${meeting.ref}") { status } }`)).data.meeting.status).toBe('SCHEDULED');
  });
});
