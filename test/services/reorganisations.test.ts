import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type Actor } from '../../src/access/actor.js';
import { Sweeps } from '../../src/database/sweeps.js';
import { AgenciesService } from '../../src/directory/agencies.service.js';
import { ContactsService } from '../../src/directory/contacts.service.js';
import { InboxesService } from '../../src/directory/inboxes.service.js';
import { type Reorganisation } from '../../src/directory/reorganisation/reorganisation.js';
import { ReorganisationsService } from '../../src/directory/reorganisation/reorganisations.service.js';
import { type ReorganisationPlan } from '../../src/directory/reorganisation/steps.js';
import { NotAllowed, NotFound } from '../../src/errors.js';
import { globalId } from '../../src/graphql/ids.js';
import { asStaff } from '../support/graphql.js';
import { aCouncil, aMatter, type Council, someone } from '../support/matters.js';
import { MONDAY, startService, type TestService } from '../support/service.js';

let service: TestService;
let council: Council;
let owen: Actor;
let reorganisations: ReorganisationsService;
let agencyId: string;
let agencies = 0;
const teams: Record<string, string> = {};

const plan = (given: Partial<ReorganisationPlan>): ReorganisationPlan => ({
  kind: 'MERGE',
  teamIds: [],
  intoTeamId: null,
  names: [],
  postId: null,
  destinations: {},
  ...given,
});
const eastIntoHub = (): ReorganisationPlan => plan({ teamIds: [teams.East ?? ''], intoTeamId: teams.Hub ?? '' });
const decide = (given: ReorganisationPlan, effectiveOn: string, confirmed = false): Promise<Reorganisation> =>
  reorganisations.decide(owen, agencyId, given, { effectiveOn, confirmed });
const teamOf = async (title: string): Promise<string | undefined> => {
  const [row] = await service.look<{ name: string }>(
    `select t.name from post p join team t on t.id = p.team_id where p.agency_id = $1 and p.title = $2`,
    [agencyId, title],
  );
  return row?.name;
};
const happened = async (): Promise<string[]> =>
  (
    await service.look<{ action: string }>(
      `select action from event where agency_id = $1 and action like 'reorganisation.%' order by seq`,
      [agencyId],
    )
  ).map(({ action }) => action);

beforeAll(async () => {
  service = await startService();
  council = await aCouncil(service);
  owen = council.owen;
  reorganisations = service.get(ReorganisationsService);
});
beforeEach(async () => {
  service.clock.set(MONDAY);
  agencies += 1;
  agencyId = (await service.get(AgenciesService).add(owen, { name: `Police ${agencies}`, category: 'POLICE' })).id;
  for (const name of ['East', 'West', 'Hub']) {
    teams[name] = (await service.get(AgenciesService).addTeam(owen, agencyId, name)).id;
    const person = {
      name: `Person of ${name}`,
      email: `p${agencies}${name}@police.example`,
      agencyId,
      teamName: name,
      postTitle: `Sergeant ${name}`,
    };
    await service.get(ContactsService).add(owen, person);
  }
  await service
    .get(InboxesService)
    .add(owen, agencyId, { address: `east${agencies}@police.example`, teamId: teams.East ?? '' });
});
afterAll(async () => {
  await service.stop();
});

describe('a restructure', () => {
  it('waits for its day, and then happens whole by the service’s clock, once', async () => {
    const { id, status } = await decide(eastIntoHub(), '2026-12-07');
    expect([status, await teamOf('Sergeant East')]).toEqual(['SCHEDULED', 'East']);
    await service.get(Sweeps).run();
    expect(await teamOf('Sergeant East')).toBe('East');
    service.clock.set('2026-12-07T00:10:00Z');
    await Promise.all([service.get(Sweeps).run(), service.get(Sweeps).run()]);
    expect(await teamOf('Sergeant East')).toBe('Hub');
    expect(await service.look(`select former_names from team where id = $1`, [teams.Hub])).toEqual([
      { former_names: ['East'] },
    ]);
    const [ended] = await service.look(`select to_on::text, successor_ids from team where id = $1`, [teams.East]);
    expect(ended).toEqual({ to_on: '2026-12-07', successor_ids: [teams.Hub] });
    expect(await service.look(`select team_id from inbox where agency_id = $1`, [agencyId])).toEqual([
      { team_id: teams.Hub },
    ]);
    expect(await happened()).toEqual(['reorganisation.scheduled', 'reorganisation.applied']);
    expect((await reorganisations.show(owen, id)).reorganisation.status).toBe('APPLIED');
    const found = await service.get(ContactsService).search(owen, { part: `east police ${agencies}` });
    expect(found.people.map(({ name }) => name)).toContain('Person of East');
  });

  it('is taken back until its day, and then nothing happens', async () => {
    const { id } = await decide(eastIntoHub(), '2026-12-07');
    await reorganisations.reverse(owen, id);
    service.clock.set('2026-12-07T09:00:00Z');
    await service.get(Sweeps).run();
    expect([await teamOf('Sergeant East'), await happened()]).toEqual([
      'East',
      ['reorganisation.scheduled', 'reorganisation.reversed'],
    ]);
  });

  it('splits a team with every post and inbox where somebody said', async () => {
    const { posts, inboxes } = await reorganisations.parts(owen, agencyId);
    const post = posts.find(({ teamId }) => teamId === teams.East)?.id ?? '';
    const split = plan({
      kind: 'SPLIT',
      teamIds: [teams.East ?? ''],
      names: ['East North', 'East South'],
      destinations: { [post]: 'new:1', [inboxes[0]?.id ?? '']: 'new:0' },
    });
    await decide(split, '2026-11-30');
    expect(await teamOf('Sergeant East')).toBe('East South');
  });

  it('renames a team, and a past day is right when somebody says so', async () => {
    await decide(plan({ kind: 'RENAME', teamIds: [teams.West ?? ''], names: ['West and Coast'] }), '2026-11-02', true);
    expect(await teamOf('Sergeant West')).toBe('West and Coast');
    expect(
      await service.look(
        `select team_name from post_place p join post on post.id = p.post_id where post.agency_id = $1`,
        [agencyId],
      ),
    ).toEqual([{ team_name: 'West' }]);
  });

  it('of teams with 40 people, 30 future invitations and 25 open actions is one screen and one entry in the history', async () => {
    await manyOf(40, { invitations: 30, actions: 25 });
    const preview = await reorganisations.preview(
      owen,
      agencyId,
      plan({ teamIds: [teams.East ?? '', teams.West ?? ''], intoTeamId: teams.Hub ?? '' }),
    );
    expect(preview.contacts).toHaveLength(42);
    expect(preview.effects.map(({ label, count }) => [label, count])).toEqual([
      ['Future meetings', 1],
      ['Open invitations', 30],
      ['Quorum forecasts that change', 0],
      ['Open actions', 25],
    ]);
    await decide(plan({ teamIds: [teams.East ?? '', teams.West ?? ''], intoTeamId: teams.Hub ?? '' }), '2026-11-30');
    expect(await service.look(`select count(*)::int as n from post where team_id = $1`, [teams.Hub])).toEqual([
      { n: 43 },
    ]);
    expect(await happened()).toEqual(['reorganisation.applied']);
  });

  it('is made and taken back by programs', async () => {
    const ask = await asStaff(service, owen);
    const input = {
      agency: globalId('Agency', agencyId),
      kind: 'MERGE',
      teams: [globalId('Team', teams.East ?? '')],
      into: globalId('Team', teams.Hub ?? ''),
      effectiveOn: '2026-12-07',
    };
    const made = await ask(
      `mutation($input: ReorganiseInput!) { reorganise(input: $input) { reorganisation { id words status } problems { code } } }`,
      { input },
    );
    const { reorganisation, problems } = made.data.reorganise;
    expect([reorganisation.words, reorganisation.status, problems]).toEqual(['East merged into Hub', 'SCHEDULED', []]);
    const back = await ask(
      `mutation($input: ReverseReorganisationInput!) { reverseReorganisation(input: $input) { reorganisation { status } problems { code } } }`,
      { input: { reorganisation: reorganisation.id } },
    );
    expect(back.data.reverseReorganisation.reorganisation.status).toBe('DRAFT');
  });
});

/** People in posts of East, some of them asked to one meeting to come and owning actions of a past one. */
// eslint-disable-next-line complexity -- rows as they come, one after the other
async function manyOf(n: number, has: { invitations: number; actions: number }): Promise<void> {
  const matter = await aMatter(service, council.priya);
  const [meeting, past] = [randomUUID(), randomUUID()];
  const chair = await someone(service, council, `Chair ${agencies}`);
  const [rule] = await service.look<{ id: string; version: number }>(
    `select id, rule_version as version from quorum_rule where authority_id = $1 limit 1`,
    [council.id],
  );
  for (const [id, start] of [
    [meeting, '2026-12-02T10:00Z'],
    [past, '2026-11-02T10:00Z'],
  ]) {
    await service.look(`insert into meeting select (jsonb_populate_record(null::meeting, $1)).*`, [
      {
        authority_id: council.id,
        id,
        version: 1,
        ref: `M-${id ?? ''}`,
        matter_id: matter.id,
        type_code: 'ALLEGATION_MEETING',
        urgency: 'ROUTINE',
        status: 'SCHEDULED',
        starts_at: start,
        ends_at: (start ?? '').replace('T10', 'T11'),
        zone: 'Europe/London',
        wall_start: (start ?? '').slice(0, 16),
        wall_end: (start ?? '').slice(0, 16),
        mode: 'VIDEO',
        place: '',
        quorum_rule_id: rule?.id,
        quorum_rule_version: rule?.version,
        revision: 1,
        calendar_uid: id,
        calendar_sequence: 0,
        organiser_staff_id: owen.id,
        chair_contact_id: chair.contactId,
        created_at: MONDAY,
      },
    ]);
  }
  for (let index = 0; index < n; index += 1) {
    const person = {
      name: `Many ${index}`,
      email: `m${agencies}.${index}@police.example`,
      agencyId,
      teamName: 'East',
      postTitle: `Post ${index}`,
    };
    const { contactId, postId, addressKey } = await service.get(ContactsService).add(owen, person);
    const keys = [`contact:${contactId}`, `post:${postId ?? ''}`, `agency:${agencyId}`, addressKey];
    await service.look(
      `insert into standing select $1, $2, k, 'may_know' from unnest($3::text[]) k on conflict do nothing`,
      [council.id, matter.id, keys],
    );
    const who = {
      authority_id: council.id,
      version: 1,
      matter_id: matter.id,
      contact_key: keys[0],
      agency_key: keys[2],
      address_key: addressKey,
      verdict: 'may_know',
      created_at: MONDAY,
    };
    if (index < has.invitations) {
      await service.look(`insert into invitation select (jsonb_populate_record(null::invitation, $1)).*`, [
        {
          ...who,
          id: randomUUID(),
          meeting_id: meeting,
          contact_id: contactId,
          post_id: postId,
          agency_id: agencyId,
          post_key: keys[1],
          role: 'ATTENDEE',
          required: 'NO',
          status: 'OPEN',
          can_decide: true,
          direct_involvement: false,
          asked_revision: 1,
          answer: 'NO_RESPONSE',
          reply_hash: `\\x${randomUUID().replaceAll('-', '')}`,
          reply_sealed: '\\x00',
        },
      ]);
    }
    if (index < has.actions) {
      await service.look(`insert into action select (jsonb_populate_record(null::action, $1)).*`, [
        {
          ...who,
          id: randomUUID(),
          ref: `A-${agencies}-${index}`,
          meeting_id: past,
          text: 'Do it',
          owner_contact_id: contactId,
          owner_post_id: postId,
          owner_agency_id: agencyId,
          owner_attended: true,
          due_on: '2026-12-11',
          priority: 'NORMAL',
          status: 'ACCEPTED',
        },
      ]);
    }
  }
}

describe('refuses', () => {
  it('a day in the past without the confirmation, and anything without a destination', async () => {
    await expect(decide(eastIntoHub(), '2026-11-23')).rejects.toMatchObject({ code: 'NEEDS_CONFIRMATION' });
    const closing = plan({ kind: 'CLOSE', teamIds: [teams.East ?? ''] });
    expect((await reorganisations.preview(owen, agencyId, closing)).steps.homeless).toHaveLength(2);
    await expect(decide(closing, '2026-12-07')).rejects.toMatchObject({ code: 'INVALID', field: 'destinations' });
  });

  it('a second restructure of the same team, planned or at the same moment', async () => {
    const both = await Promise.allSettled([decide(eastIntoHub(), '2026-12-07'), decide(eastIntoHub(), '2026-12-08')]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const renaming = plan({ kind: 'RENAME', teamIds: [teams.Hub ?? ''], names: ['Other'] });
    await expect(decide(renaming, '2026-12-01')).rejects.toMatchObject({ code: 'ALREADY_EXISTS' });
  });

  it('a cycle: a team that has become part of another takes that one in no more', async () => {
    await decide(eastIntoHub(), '2026-11-30');
    const back = plan({ teamIds: [teams.Hub ?? ''], intoTeamId: teams.East ?? '' });
    await expect(decide(back, '2026-12-07')).rejects.toMatchObject({ code: 'MOVE_NOT_ALLOWED' });
  });

  it('what was looked at before the directory changed, and what has been done', async () => {
    const { digest } = await reorganisations.preview(owen, agencyId, eastIntoHub());
    const person = {
      name: 'New Person',
      email: `new${agencies}@police.example`,
      agencyId,
      teamName: 'East',
      postTitle: 'New post',
    };
    await service.get(ContactsService).add(owen, person);
    const seen = { effectiveOn: '2026-12-07', confirmed: false, digest };
    await expect(reorganisations.decide(owen, agencyId, eastIntoHub(), seen)).rejects.toMatchObject({
      code: 'NOTHING_CHANGED',
    });
    const { id } = await decide(eastIntoHub(), '2026-11-30');
    await expect(reorganisations.reverse(owen, id)).rejects.toMatchObject({ code: 'MOVE_NOT_ALLOWED' });
  });

  it('somebody who only chairs, and another authority', async () => {
    await expect(
      reorganisations.preview({ ...owen, roles: ['CHAIR'] }, agencyId, eastIntoHub()),
    ).rejects.toBeInstanceOf(NotAllowed);
    const south = await aCouncil(service, `south${agencies}.example`);
    await expect(reorganisations.preview(south.owen, agencyId, eastIntoHub())).rejects.toBeInstanceOf(NotFound);
  });
});
