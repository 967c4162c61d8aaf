import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { GraphQLSchemaHost } from '@nestjs/graphql';
import fc from 'fast-check';
import { type GraphQLSchema } from 'graphql';
import { type Actor } from '../../src/access/actor.js';
import { PARTNER_SCOPES } from '../../src/access/partner-token.js';
import { TokenDoor } from '../../src/access/token-door.service.js';
import { ActionsService } from '../../src/actions/actions.service.js';
import { globalId } from '../../src/graphql/ids.js';
import { ExclusionsService } from '../../src/matters/exclusions.service.js';
import { AnswersService } from '../../src/meetings/answers.service.js';
import { SchedulingService } from '../../src/meetings/scheduling.service.js';
import { type Ask, asStaff, aToken, withToken } from '../support/graphql.js';
import { aCast, aMeeting, aPlan, type Cast } from '../support/meetings.js';
import { readPlainly } from '../support/plain-reading.js';
import { numbersFrom, RandomDocuments } from '../support/random-documents.js';
import { startService, type TestService } from '../support/service.js';

let service: TestService;
let cast: Cast;
let schema: GraphQLSchema;
let roots: string[];
let askers: { by: Actor; ask: Ask }[];

beforeAll(async () => {
  service = await startService();
  cast = await aCast(service);
  schema = service.get(GraphQLSchemaHost).schema;
  const meeting = await aMeeting(service, cast);
  const slot = { ...aPlan(cast).slot, from: '14:00', to: '15:00' };
  await service
    .get(SchedulingService)
    .schedule(cast.council.owen, aPlan(cast, { slot, invitees: [{ contactId: cast.fiona.contactId }] }));
  const [toms] = await service.look<{ id: string }>('select id from invitation where contact_id = $1', [
    cast.tom.contactId,
  ]);
  await service
    .get(AnswersService)
    .recordByPhone(cast.council.owen, toms?.id ?? '', { kind: 'DECLINED', reason: 'CLASH', comment: '“No” – Tom\\n' });
  await service.get(AnswersService).recordByPhone(cast.council.owen, toms?.id ?? '', { kind: 'ACCEPTED' });
  const excluded = { excluded: { contactId: cast.tull.contactId }, reason: 'IS_SUBJECT' };
  await service.get(ExclusionsService).exclude(cast.council.priya, cast.matter.id, excluded);
  service.clock.set('2026-12-02T11:20:00Z');
  for (const [contactId, dueOn] of [
    [cast.tom.contactId, '2026-12-04'],
    [cast.leanne.contactId, '2026-12-03'],
    [cast.tom.contactId, '2026-12-03'],
  ] as const) {
    await service
      .get(ActionsService)
      .agree(cast.council.owen, meeting.id, { text: 'Do it', owner: { contactId }, dueOn });
  }
  service.clock.set('2026-12-04T11:20:00Z');
  const { token } = await aToken(service, cast.council.owen, cast.tom.agencyId, [...PARTNER_SCOPES]);
  const partner = await service.get(TokenDoor).open(token);
  if (partner === undefined) throw new Error('No partner');
  askers = [
    { by: cast.council.owen, ask: await asStaff(service, cast.council.owen) },
    { by: partner, ask: withToken(service, token) },
  ];
  roots = [
    'meetings',
    'meetings(status: [SCHEDULED, HELD])',
    'meetings(from: "2026-12-01T00:00:00Z", to: "2026-12-31T00:00:00Z")',
    `meetings(matter: "${globalId('Matter', cast.matter.id)}")`,
    `meeting(ref: "${meeting.ref}")`,
    'matters',
    `matter(ref: "${cast.matter.ref}")`,
    'actions',
    'actions(overdue: true)',
    'actions(status: [ASSIGNED])',
    `actions(owner: "${globalId('Contact', cast.tom.contactId)}")`,
    'contacts',
    'contacts(search: "tom")',
    `contacts(agency: "${globalId('Agency', cast.tom.agencyId)}")`,
    'agencies',
    'agencies(category: HEALTH)',
    'agencies(search: "agency")',
    'changes',
    'me',
  ];
});

afterAll(async () => {
  await service.stop();
});

describe('the one statement answers what plain resolvers answer', () => {
  it('to questions at random, for staff and for a partner', async () => {
    let answered = 0;
    await fc.assert(
      fc.asyncProperty(fc.integer(), async (seed) => {
        const random = numbersFrom(seed);
        const asked = new RandomDocuments(schema, roots, random).next();
        for (const { by, ask } of askers) {
          const { data, errors } = await ask(asked.query, asked.variables);
          if (errors[0]?.extensions.code === 'GRAPHQL_VALIDATION_FAILED') continue;
          expect({ query: asked.query, errors }).toEqual({ query: asked.query, errors: [] });
          expect({ query: asked.query, data: data as unknown }).toEqual({
            query: asked.query,
            data: await readPlainly(service, by, schema, asked),
          });
          answered += 1;
        }
      }),
      { numRuns: 60 },
    );
    expect(answered).toBeGreaterThan(60);
  }, 120_000);

  it('to a second page, by each list’s own cursor', async () => {
    for (const { by, ask } of askers) {
      for (const list of ['meetings', 'actions', 'contacts', 'agencies', 'changes']) {
        const first = await ask(`{ ${list}(first: 1) { pageInfo { endCursor } } }`);
        const query = `query($after: String) { ${list}(first: 2, after: $after) { edges { cursor node { __typename } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }`;
        const variables = {
          after: (first.data as Record<string, { pageInfo: { endCursor: string | null } }>)[list]?.pageInfo.endCursor,
        };
        const { data } = await ask(query, variables);
        expect(data).toEqual(await readPlainly(service, by, schema, { query, variables }));
      }
    }
  });
});

describe('whatever is asked', () => {
  it('is no fault of ours: a thousand questions, half of them broken', async () => {
    const random = numbersFrom(20_261_130);
    const documents = new RandomDocuments(schema, [...roots, 'partnerTokens', 'meetingTypes'], random);
    const signs = [
      '{',
      '}',
      '(',
      ')',
      '"',
      '$',
      '@',
      ':',
      '...',
      'null',
      '\u0000',
      '\u202e',
      '99999999999',
      '[',
      'on',
      '!',
      '#',
    ];
    for (let at = 0; at < 1_000; at += 1) {
      const { query, variables } = documents.next();
      const where = Math.floor(random() * query.length);
      const sign = signs[Math.floor(random() * signs.length)] ?? '';
      const broken = at % 2 === 0 ? query : query.slice(0, where) + sign + query.slice(where + (at % 3));
      const strange = at % 7 === 0 ? { ...variables, few: 'x', yes: null, $: {} } : variables;
      expect(await faultsOf(at % 2, broken, strange)).toEqual({ broken, faults: [] });
    }
  }, 120_000);
});

/** What was our own fault in an answer; nothing, whatever was asked. */
async function faultsOf(
  asker: number,
  broken: string,
  variables: object,
): Promise<{ broken: string; faults: unknown[] }> {
  const answer = await askers[asker]?.ask(broken, variables);
  if (answer === undefined || answer.status >= 500) return { broken, faults: [answer?.text] };
  return { broken, faults: answer.errors.filter(({ extensions }) => extensions.code === 'INTERNAL') };
}
