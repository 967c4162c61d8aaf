import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import request, { type Response } from 'supertest';
import { asStaff, type Ask, aToken } from '../support/graphql.js';
import { aCast, aMeeting, type Cast } from '../support/meetings.js';
import { startService, type TestService } from '../support/service.js';

let service: TestService;
let cast: Cast;
let ask: Ask;
let token: string;

beforeAll(async () => {
  service = await startService();
  cast = await aCast(service);
  await aMeeting(service, cast);
  ask = await asStaff(service, cast.council.owen);
  token = (await aToken(service, cast.council.owen, cast.tom.agencyId)).token;
});

afterAll(async () => {
  await service.stop();
});

const send = (body: string | object, headers: Record<string, string> = {}): Promise<Response> =>
  request(service.app.getHttpServer())
    .post('/graphql')
    .set({ Authorization: `Bearer ${token}`, 'Content-Type': 'application/json', ...headers })
    .send(body)
    .then((response) => response);

/** Chained fragments over a cycle of types: small to send, endless to follow. */
function fragmentBomb(): string {
  const parts = Array.from({ length: 22 }, (_, at) => {
    const next = `...F${at + 1}`;
    return `fragment F${at} on Meeting { a: matter { meetings { nodes { ${next} } } } b: matter { meetings { nodes { ${next} } } } }`;
  });
  return `{ meeting(ref: "x") { ...F0 } } ${parts.join(' ')} fragment F22 on Meeting { ref }`;
}

const deep = (depth: number): string =>
  depth === 0 ? 'ref' : `matter { meetings(first: 1) { nodes { ${deep(depth - 1)} } } }`;

const FIFTY_MEETINGS = `query($first: Int = 50, $asked: Int = 10) { meetings(first: $first) { edges { node { id ref startsAt
  invitations(first: $asked) { edges { node { id answer contact { name } agency { name } } } }
  actions(first: 5) { nodes { id text owner { name } } } } } } }`;

describe('passes', () => {
  it('fifty upcoming meetings with invitations, contacts, agencies and actions', async () => {
    expect(await ask(FIFTY_MEETINGS)).toMatchObject({ status: 200, errors: [] });
  });

  it('meetings, invitations, contact and post by edges, which is as deep as it goes', async () => {
    const query = `{ meetings(first: 2) { edges { node { invitations(first: 2) { edges { node { contact { post { agency { name } } } } } } } } } }`;
    expect(await ask(query)).toMatchObject({ status: 200, errors: [] });
  });

  it('what includes, skips, spreads and gives other names', async () => {
    const query = `query($yes: Boolean!) { a: meetings(first: 1) { list: nodes { ...M number: ref @include(if: $yes) zone @skip(if: $yes) } }
      b: meetings(first: 1) { nodes { ...M } } } fragment M on Meeting { startsAt ... on Node { id } __typename }`;
    const { data, errors } = await ask(query, { yes: true });
    expect(errors).toEqual([]);
    const [one] = data.a.list as Record<string, unknown>[];
    expect(Object.keys(one ?? {}).sort()).toEqual(['__typename', 'id', 'number', 'startsAt']);
    expect(Object.keys(data.b.nodes[0] as object).sort()).toEqual(['__typename', 'id', 'startsAt']);
  });
});

describe('refuses with 400 and no suggestion', () => {
  const fifty = (one: (at: number) => string): string => Array.from({ length: 50 }, (_, at) => one(at)).join(' ');
  it.each([
    ['a fragment bomb', fragmentBomb()],
    ['fifty aliases', `{ ${fifty((at) => `a${at}: me { name }`)} }`],
    ['twenty levels', `{ meeting(ref: "x") { ${deep(9)} } }`],
    ['two thousand fields', `{ me { ${'name '.repeat(2_000)} } }`],
    ['fifty directives', `{ me { name ${'@include(if: true) '.repeat(50)} } }`],
    ['introspection', '{ __schema { types { name } } }'],
    ['introspection of a type', '{ __type(name: "Meeting") { name } }'],
    ['a misspelt field', '{ meeings { nodes { ref } } }'],
    ['a misspelt argument', '{ meetings(frist: 1) { nodes { ref } } }'],
    ['a misspelt enum value', '{ meetings(status: [SCHEDULD]) { nodes { ref } } }'],
    ['a fragment that leads to itself', '{ me { ...A } } fragment A on Me { ...A }'],
    ['no question', ''],
    ['half a question', '{ me { name '],
    ['a moment that is none', '{ meetings(from: "2027-02-30T10:00:00Z") { nodes { ref } } }'],
    ['the 25th hour', '{ meetings(from: "2027-02-03T24:00:00Z") { nodes { ref } } }'],
    ['words as a moment', '{ meetings(from: "nope") { nodes { ref } } }'],
  ])('%s', async (_, query) => {
    const { status, text } = await send({ query });
    expect(status).toBe(400);
    expect(text).not.toMatch(/did you mean|select |from "|\.ts|\.js|node_modules|\bat \//i);
    expect(text).not.toMatch(/\b(5|10|1000)\b/);
  });

  it('more than one change at a time', async () => {
    const change = (alias: string): string =>
      `${alias}: recordAnswer(input: {invitation: "x", answer: ACCEPTED, clientMutationId: "${alias}"}) { problems { code } }`;
    expect((await send({ query: `mutation { ${change('a')} ${change('b')} }` })).status).toBe(400);
  });

  it.each([
    ['an array of questions', [{ query: '{ me { name } }' }, { query: '{ me { name } }' }], {}],
    ['a broken body', '{"query": "{ me', {}],
    ['plain text', '{ me { name } }', { 'Content-Type': 'text/plain' }],
    ['a form', 'query={me{name}}', { 'Content-Type': 'application/x-www-form-urlencoded' }],
    ['a number', '7', {}],
    ['words in place of variables', { query: '{ me { name } }', variables: 'x' }, {}],
  ])('%s', async (_, body, headers) => {
    const { status, text } = await send(body, headers);
    expect(status).toBe(400);
    expect(text).not.toMatch(/did you mean|\.ts|\.js|node_modules/i);
  });

  it('a question by GET, with or without the header that browsers do not send', async () => {
    const http = request(service.app.getHttpServer());
    const asked = '/graphql?query=%7Bme%7Bname%7D%7D';
    expect((await http.get(asked).set('Authorization', `Bearer ${token}`)).status).toBe(400);
    const forced = await http.get(asked).set({ Authorization: `Bearer ${token}`, 'Apollo-Require-Preflight': '1' });
    expect(forced.status).toBe(405);
  });
});

describe('refuses what costs too much', () => {
  it('by a variable', async () => {
    const { status, errors } = await ask(FIFTY_MEETINGS, { first: 100 });
    expect([status, errors[0]?.extensions.code]).toEqual([400, 'GRAPHQL_VALIDATION_FAILED']);
    expect((await ask(FIFTY_MEETINGS, { asked: 30 })).status).toBe(400);
  });

  it('by nodes as by edges', async () => {
    const page = 'invitations(first: 20) { nodes { id } }';
    expect((await ask(`{ meetings(first: 50) { nodes { ${page} } } }`)).status).toBe(400);
    expect((await ask(`{ meetings(first: 50) { edges { node { ${page} } } } }`)).status).toBe(400);
    expect((await ask(`{ meetings(first: 40) { nodes { ${page} } } }`)).status).toBe(200);
  });

  it('by default sizes, by fragments and by aliases', async () => {
    const nested = '{ matters { nodes { meetings { nodes { invitations { nodes { id } } } } } } }';
    expect((await ask(nested)).status).toBe(400);
    const spread = `{ a: meetings(first: 100) { ...M } b: meetings(first: 100) { ...M } } fragment M on MeetingConnection { nodes { actions(first: 5) { nodes { id } } } }`;
    expect((await ask(spread)).status).toBe(400);
  });

  it('no page, and fewer than none', async () => {
    for (const first of [0, -5]) {
      const { status, errors } = await ask('query($n: Int) { meetings(first: $n) { nodes { ref } } }', { n: first });
      expect([status, errors[0]?.extensions.code]).toEqual([400, 'BAD_USER_INPUT']);
    }
  });

  it('a body that is too large', async () => {
    expect((await send({ query: `{ me { name } } # ${'x'.repeat(70_000)}` })).status).toBe(413);
  });
});

describe('tells nothing of a fault of ours', () => {
  it('but a reference', async () => {
    await service.look('alter table agency rename column name to nome');
    try {
      const { status, text, errors } = await ask('{ agencies(first: 3) { nodes { name } } }');
      expect(status).toBe(200);
      expect(errors[0]?.extensions).toMatchObject({
        code: 'INTERNAL',
        reference: expect.stringMatching(/^[2-9A-Z]{8}$/),
      });
      expect(text).not.toMatch(/nome|does not exist|select|42703|pg/i);
    } finally {
      await service.look('alter table agency rename column nome to name');
    }
  });
});
