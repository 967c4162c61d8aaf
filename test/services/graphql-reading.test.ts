import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Actor } from '../../src/access/actor.js';
import { Reader } from '../../src/database/reader.js';
import { globalId } from '../../src/graphql/ids.js';
import { type Matter } from '../../src/matters/matter.js';
import { ExclusionsService } from '../../src/matters/exclusions.service.js';
import { type Meeting } from '../../src/meetings/meeting.js';
import { SchedulingService } from '../../src/meetings/scheduling.service.js';
import { asStaff, type Ask } from '../support/graphql.js';
import { aCouncil, aMatter } from '../support/matters.js';
import { aCast, aMeeting, aPlan, type Cast } from '../support/meetings.js';
import { startService, type TestService } from '../support/service.js';

let service: TestService;
let cast: Cast;
let meeting: Meeting;
let other: Matter;
let ask: Ask;

beforeAll(async () => {
  service = await startService();
  cast = await aCast(service);
  meeting = await aMeeting(service, cast);
  await service.get(ExclusionsService).exclude(cast.council.priya, cast.matter.id, {
    excluded: { contactId: cast.tull.contactId },
    reason: 'IS_SUBJECT',
    alternative: 'Fiona Akande',
  });
  for (const [from, to] of [
    ['12:00', '13:00'],
    ['14:00', '15:00'],
    ['16:00', '16:30'],
  ] as const) {
    const slot = { ...aPlan(cast).slot, from, to };
    await service.get(SchedulingService).schedule(cast.council.owen, aPlan(cast, { slot }));
  }
  other = await aMatter(service, cast.council.bev, 'CHILD_PROTECTION');
  ask = await asStaff(service, cast.council.owen);
});

afterAll(async () => {
  await service.stop();
});

interface Changes {
  readonly nodes: { seq: string; action: string; object: string }[];
  readonly pageInfo: { endCursor: string | null; hasNextPage: boolean };
}

/** Runs something and answers with how many statements it took to read. */
async function counted(work: () => Promise<unknown>): Promise<number> {
  const reader = service.get(Reader);
  const row = reader.row.bind(reader);
  let statements = 0;
  Object.assign(reader, {
    row: (by: Actor, statement: Parameters<Reader['row']>[1]) => {
      statements += 1;
      return row(by, statement);
    },
  });
  try {
    await work();
  } finally {
    Object.assign(reader, { row });
  }
  return statements;
}

describe('reading', () => {
  it('takes one statement for each root field, however much is asked of it', async () => {
    const page = `{ nodes { ref forecast { result } matter { ref exclusions { nodes { contact { name } } } }
      invitations(first: 5) { edges { cursor node { contact { name post { title } } responses(first: 3) { nodes { kind } } } } } } }`;
    expect(await counted(() => ask(`{ meetings(first: 4) ${page} }`))).toBe(1);
    expect(await counted(() => ask(`{ a: meetings(first: 2) ${page} me { name } }`))).toBe(2);
  });

  it('sends on the JSON of the database as it is, unless a rule of the domain works out a part', async () => {
    const said = async (more: string): Promise<string> =>
      (await ask(`{ meetings(first: 1) { nodes { ref ${more} } pageInfo { hasNextPage } } }`)).text;
    expect(await said('')).toContain('"hasNextPage" : true');
    expect(await said('forecast { result }')).toContain('"hasNextPage":true');
  });

  it('gives every page once, in order, without a gap', async () => {
    const query =
      'query($after: String) { meetings(first: 3, after: $after) { nodes { ref startsAt } pageInfo { hasNextPage hasPreviousPage endCursor } } }';
    const first = (await ask(query)).data.meetings;
    const second = (await ask(query, { after: first.pageInfo.endCursor })).data.meetings;
    expect([first.nodes.length, first.pageInfo.hasNextPage, first.pageInfo.hasPreviousPage]).toEqual([3, true, false]);
    expect([second.nodes.length, second.pageInfo.hasNextPage, second.pageInfo.hasPreviousPage]).toEqual([
      1,
      false,
      true,
    ]);
    const starts = [...first.nodes, ...second.nodes].map(({ startsAt }: { startsAt: string }) => startsAt);
    expect(starts).toEqual([10, 12, 14, 16].map((hour) => `2026-12-02T${hour}:00:00.000Z`));
  });

  it('goes through equal sort keys without losing or repeating one', async () => {
    const query =
      'query($after: String) { meeting(ref: "ALL-2026-0147-M1") { invitations(first: 2, after: $after) { edges { cursor node { id } } pageInfo { endCursor hasNextPage } } } }';
    const ids: string[] = [];
    let after: string | null = null;
    do {
      const { edges, pageInfo } = (await ask(query, { after })).data.meeting.invitations as {
        edges: { node: { id: string } }[];
        pageInfo: { endCursor: string; hasNextPage: boolean };
      };
      ids.push(...edges.map(({ node }) => node.id));
      after = pageInfo.hasNextPage ? pageInfo.endCursor : null;
    } while (after !== null);
    expect([ids.length, new Set(ids).size]).toEqual([5, 5]);
    expect(ids).toEqual(
      [...ids].sort((a, b) =>
        Buffer.from(a, 'base64url').toString() < Buffer.from(b, 'base64url').toString() ? -1 : 1,
      ),
    );
  });

  it('narrows by time, state and matter', async () => {
    const refs = async (args: string): Promise<string[]> =>
      (await ask(`{ meetings(${args}) { nodes { ref } } }`)).data.meetings.nodes.map(({ ref }: { ref: string }) => ref);
    expect(await refs('from: "2026-12-02T12:00:00Z", to: "2026-12-02T16:00:00Z"')).toEqual([
      'ALL-2026-0147-M2',
      'ALL-2026-0147-M3',
    ]);
    expect(await refs('status: [CANCELLED]')).toEqual([]);
    expect(await refs(`matter: "${globalId('Matter', other.id)}"`)).toEqual([]);
    expect(await refs(`matter: "${globalId('Matter', cast.matter.id)}", first: 1`)).toEqual(['ALL-2026-0147-M1']);
    expect(await refs('matter: "nope"')).toEqual([]);
  });

  it('finds people by the words of their name, post and agency, and signs of patterns stand for themselves', async () => {
    const names = async (search: string): Promise<string[]> =>
      (
        await ask('query($search: String) { contacts(search: $search) { nodes { name } } }', { search })
      ).data.contacts.nodes.map(({ name }: { name: string }) => name);
    expect(await names('firth')).toEqual(['Leanne Firth', 'Mark Oyelaran']);
    expect(await names('OYEL  post')).toEqual(['Mark Oyelaran']);
    expect(await names('%')).toEqual([]);
    expect(await names("o'x'; drop table contact")).toEqual([]);
  });

  it('says what follows from the answers, by the rule of the domain', async () => {
    const { forecast } = (
      await ask('{ meeting(ref: "ALL-2026-0147-M1") { forecast { result requirements { key label state } missing } } }')
    ).data.meeting;
    expect(forecast).toMatchObject({ result: 'AT_RISK', missing: [] });
    expect(forecast.requirements.map(({ key }: { key: string }) => key)).toEqual(['LADO_CHAIR', 'EMPLOYER', 'POLICE']);
  });

  it('finds whatever an id names', async () => {
    const id = globalId('Contact', cast.tom.contactId);
    const query = 'query($id: ID!) { node(id: $id) { __typename id ... on Contact { name } ... on Meeting { ref } } }';
    expect((await ask(query, { id })).data.node).toEqual({ __typename: 'Contact', id, name: 'Tom Beck' });
    const ref = globalId('Meeting', meeting.id);
    expect((await ask(query, { id: ref })).data.node).toEqual({
      __typename: 'Meeting',
      id: ref,
      ref: 'ALL-2026-0147-M1',
    });
    const type = globalId('MeetingType', 'STRATEGY_MEETING');
    expect((await ask(query, { id: type })).data.node).toEqual({ __typename: 'MeetingType', id: type });
  });

  it('follows what changes, each once, and the ids in it lead on', async () => {
    const query =
      'query($after: String) { changes(first: 100, after: $after) { nodes { seq action object actor } pageInfo { endCursor hasNextPage } } }';
    const all: { seq: string; action: string; object: string }[] = [];
    let after: string | null = null;
    for (;;) {
      const { nodes, pageInfo } = (await ask(query, { after })).data.changes as Changes;
      all.push(...nodes);
      after = pageInfo.endCursor ?? after;
      if (!pageInfo.hasNextPage) break;
    }
    const seqs = all.map(({ seq }) => Number(seq));
    expect(seqs).toEqual([...seqs].sort((a, b) => a - b));
    expect((await ask(query, { after })).data.changes.nodes).toEqual([]);
    const scheduled = all.find(({ action }) => action === 'meeting.scheduled');
    expect(
      (await ask('query($id: ID!) { node(id: $id) { ... on Meeting { ref } } }', { id: scheduled?.object })).data.node,
    ).toEqual({ ref: 'ALL-2026-0147-M1' });
    await aMatter(service, cast.council.owen);
    expect((await ask(query, { after })).data.changes.nodes.map(({ action }: { action: string }) => action)).toEqual([
      'matter.opened',
    ]);
  });
});

describe('refuses', () => {
  const NODE = 'query($id: ID!) { node(id: $id) { id } }';

  it('what is not there and what is not yours, with the same bytes', async () => {
    const bev = await asStaff(service, cast.council.bev);
    const absent = await bev(NODE, { id: globalId('Meeting', '0198a000-0000-7000-8000-000000000001') });
    expect(absent.errors[0]?.extensions).toEqual({ code: 'NOT_FOUND' });
    for (const id of [
      globalId('Meeting', meeting.id),
      globalId('Matter', cast.matter.id),
      'nope',
      globalId('Meeting', 'x'),
      globalId('Nothing', meeting.id),
    ]) {
      expect((await bev(NODE, { id })).text).toBe(absent.text);
    }
    const byRef = 'query($ref: String!) { meeting(ref: $ref) { id } }';
    expect((await bev(byRef, { ref: 'ALL-2026-0147-M1' })).text).toBe(
      (await bev(byRef, { ref: 'ALL-2026-9999-M1' })).text,
    );
    expect((await bev('{ matters(search: "ALL-2026") { nodes { ref } } meetings { nodes { ref } } }')).data).toEqual({
      matters: { nodes: [] },
      meetings: { nodes: [] },
    });
  });

  it('anything of another authority', async () => {
    const elsewhere = await aCouncil(service, 'eastmere.example');
    const stranger = await asStaff(service, elsewhere.owen);
    for (const id of [
      globalId('Meeting', meeting.id),
      globalId('Contact', cast.tom.contactId),
      globalId('Agency', cast.tom.agencyId),
      globalId('Authority', String(cast.council.id)),
    ]) {
      expect((await stranger(NODE, { id })).errors[0]?.extensions).toEqual({ code: 'NOT_FOUND' });
    }
    const { data } = await stranger(
      '{ contacts { nodes { name } } agencies { nodes { name } } changes { nodes { action } } }',
    );
    expect(data).toMatchObject({ contacts: { nodes: [] }, agencies: { nodes: [] } });
    expect(JSON.stringify(data)).not.toContain('meeting');
  });

  it('scrutiny everything about people and meetings', async () => {
    await service.look(`update staff set roles = '{SCRUTINY}' where id = $1`, [cast.council.bev.id]);
    const scrutiny = await asStaff(service, cast.council.bev);
    for (const query of [
      '{ contacts { nodes { name } } }',
      '{ meetings { nodes { ref } } }',
      '{ matters { nodes { ref } } }',
      '{ changes { nodes { seq } } }',
      '{ partnerTokens { nodes { name } } }',
    ]) {
      expect((await scrutiny(query)).errors[0]?.extensions.code).toBe('NOT_ALLOWED');
    }
    expect((await scrutiny('{ me { name roles } }')).data.me).toEqual({ name: 'Bev', roles: ['SCRUTINY'] });
  });

  it('a cursor of another list', async () => {
    const { endCursor } = (await ask('{ changes(first: 1) { pageInfo { endCursor } } }')).data.changes.pageInfo;
    const { errors } = await ask('query($after: String) { meetings(after: $after) { nodes { ref } } }', {
      after: endCursor,
    });
    expect(errors[0]?.extensions.code).toBe('BAD_USER_INPUT');
  });
});
