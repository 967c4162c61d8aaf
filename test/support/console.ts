import request, { type Agent, type Response } from 'supertest';
import { type Actor } from '../../src/access/actor.js';
import { type TestService } from './service.js';

/** Somebody of a demonstration's staff at the console, with a session of their own. */
export interface AtConsole {
  get(path: string): Promise<Response>;
  /** Fills in and sends the form of the page last seen, with its hidden token. */
  post(path: string, fields: Record<string, string | string[]>): Promise<Response>;
}

/** Signs a member of staff of a demonstration authority in over HTTP. */
export async function atConsole(service: TestService, who: Actor): Promise<AtConsole> {
  const agent: Agent = request.agent(service.app.getHttpServer());
  let token = '';
  const seen = (answer: Response): Response => {
    token = /name="_csrf" value="([^"]+)"/.exec(answer.text)?.[1] ?? token;
    return answer;
  };
  const get = async (path: string): Promise<Response> => seen(await agent.get(path));
  const post = async (path: string, fields: Record<string, string | string[]>): Promise<Response> => {
    const body = new URLSearchParams({ _csrf: token });
    for (const [name, value] of Object.entries(fields)) for (const one of [value].flat()) body.append(name, one);
    return seen(await agent.post(path).type('form').send(body.toString()));
  };
  await get('/sign-in');
  const answer = await post('/sign-in', { staff: `${who.authorityId}:${who.id}` });
  if (answer.status !== 303) throw new Error(`Signing in answered ${answer.status}`);
  await get('/matters');
  return { get, post };
}
