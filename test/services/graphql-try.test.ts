import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { asStaff, aToken, withToken } from '../support/graphql.js';
import { aCast, aMeeting, type Cast } from '../support/meetings.js';
import { type TestService, startService } from '../support/service.js';
let s: TestService;
let cast: Cast;
beforeAll(async () => {
  s = await startService({ });
  cast = await aCast(s);
  await aMeeting(s, cast);
});
afterAll(async () => {
  await s?.stop();
});
const Q = `query($n: Int) { me { kind name roles authority { name } agency { name } } 
 meetings(first: $n) { edges { cursor node { id __typename ref startsAt type { label } m: matter { ref kind facts exclusions { nodes { reason } } } chair { name } forecast { result requirements { key state } }
   invitations(first: 10) { nodes { id status answer contact { name email } post { title } agency { name category } } pageInfo { hasNextPage endCursor } } actions { nodes { ref overdue } } } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }`;
it('answers', async () => {
  const ask = await asStaff(s, cast.council.owen);
  const r = await ask(Q, { n: 2 });
  void 0;
  const c = await ask(`{ changes(first: 3) { nodes { seq at action object actor } pageInfo { endCursor } } contacts(search: "firth") { nodes { name post { title } } } meetingTypes(first: 2) { nodes { id code agenda suggestions { a: category required } } } }`);
  console.log(c.status, JSON.stringify(c.data ?? c.errors), JSON.stringify(c.errors));
  const n = await ask(`query($id: ID!) { node(id: $id) { id ... on Meeting { ref } } }`, { id: r.data.meetings.edges[0].node.id });
  console.log(n.text);
  const { token } = await aToken(s, cast.council.owen, cast.tom.agencyId);
  const p = await withToken(s, token)(Q, { n: 2 });
  void 0;
  expect(r.status).toBe(200);
});
