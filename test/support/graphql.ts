import request, { type Agent, type Response } from 'supertest';
import { type Actor, type Scope } from '../../src/access/actor.js';
import { PartnersService } from '../../src/access/partners.service.js';
import { type TestService } from './service.js';

/** An answer of the programs' interface. */
export interface Answer {
  readonly status: number;
  readonly text: string;
  readonly headers: Record<string, string>;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- whatever the test asked for
  readonly data: any;
  readonly errors: { message: string; extensions: Record<string, unknown>; path?: unknown[] }[];
}

export type Ask = (query: string, variables?: object, headers?: Record<string, string>) => Promise<Answer>;

function readAnswer(response: Response): Answer {
  const { status, text } = response;
  const body = response.body as { data?: unknown; errors?: Answer['errors'] };
  const headers = response.headers as Record<string, string>;
  return { status, text, headers, data: body.data, errors: body.errors ?? [] };
}

/** Asks as a partner's system with a token. */
export function withToken(service: TestService, token: string): Ask {
  const http = request(service.app.getHttpServer());
  return async (query, variables = {}, headers = {}) =>
    readAnswer(
      await http
        .post('/graphql')
        .set({ Authorization: `Bearer ${token}`, ...headers })
        .send({ query, variables }),
    );
}

/** A browser in which a member of staff of the demonstration is signed in. */
export async function staffAgent(service: TestService, by: Actor): Promise<Agent> {
  await service.look('update authority set demonstration = true where id = $1', [by.authorityId]);
  const agent = request.agent(service.app.getHttpServer());
  const page = await agent.get('/sign-in');
  const _csrf = /name="_csrf" value="([^"]*)"/.exec(page.text)?.[1] ?? '';
  await agent
    .post('/sign-in')
    .type('form')
    .send({ _csrf, staff: `${by.authorityId}:${by.id}` });
  return agent;
}

/** Asks as somebody signed in. */
export async function asStaff(service: TestService, by: Actor): Promise<Ask> {
  const agent = await staffAgent(service, by);
  return async (query, variables = {}, headers = {}) =>
    readAnswer(await agent.post('/graphql').set(headers).send({ query, variables }));
}

/** A new token of an agency's system, with every scope unless told. */
export async function aToken(
  service: TestService,
  by: Actor,
  agencyId: string,
  scopes: readonly Scope[] = ['invitations:own-agency', 'actions:own-agency', 'directory:own-agency'],
): Promise<{ token: string; id: string }> {
  const expiresAt = new Date(service.clock.now().getTime() + 90 * 86_400_000);
  const { token, issued } = await service
    .get(PartnersService)
    .issue(by, { agencyId, name: 'nhs-trust', scopes, expiresAt });
  return { token, id: issued.id };
}

/** Makes a change with the input as a variable, and answers with its payload. */
export async function change(
  ask: Ask,
  name: string,
  input: object,
  wanted = '',
  headers = {},
): Promise<Answer & { payload: Answer['data'] }> {
  const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`;
  const query = `mutation($input: ${type}!) { ${name}(input: $input) { ${wanted} problems { code field message } clientMutationId } }`;
  const answer = await ask(query, { input }, headers);
  return { ...answer, payload: (answer.data as Record<string, unknown> | null)?.[name] };
}
