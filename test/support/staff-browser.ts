import request, { type Response } from 'supertest';
import { type Actor } from '../../src/access/actor.js';
import { type TestService } from './service.js';

/** The browser of somebody signed in, who sends forms from the page they saw last. */
export interface StaffBrowser {
  get(path: string): Promise<Response>;
  post(path: string, fields: Record<string, string>): Promise<Response>;
}

/** Signs a member of staff in on the demonstration's page; their authority becomes one of the demonstration. */
export async function signedIn(service: TestService, by: Actor): Promise<StaffBrowser> {
  await service.look('update authority set demonstration = true where id = $1', [by.authorityId]);
  const browser = request.agent(service.app.getHttpServer());
  let token = '';
  const keep = (page: Response): Response => {
    token = /name="_csrf" value="([^"]*)"/.exec(page.text)?.[1] ?? token;
    return page;
  };
  const staff: StaffBrowser = {
    get: async (path) => keep(await browser.get(path)),
    post: async (path, fields) =>
      keep(
        await browser
          .post(path)
          .type('form')
          .send({ _csrf: token, ...fields }),
      ),
  };
  await staff.get('/sign-in');
  await staff.post('/sign-in', { staff: `${by.authorityId}:${by.id}` });
  await staff.get('/');
  return staff;
}

/** What the fields of a page's forms hold: inputs, ticked boxes and radios, chosen options. */
export function fieldsOf(page: Response): Record<string, string> {
  const inputs = [...page.text.matchAll(/<input\b[^>]*>/g)].map(([tag]) => tag);
  const selects = [...page.text.matchAll(/<select\b[^>]*\bname="([^"]*)"[^>]*>(.*?)<\/select>/gs)];
  return Object.fromEntries([
    ...inputs.filter(isSent).map((tag) => [attribute(tag, 'name'), attribute(tag, 'value')]),
    ...selects.map(([, name, options = '']) => [name, chosen(options)]),
  ]) as Record<string, string>;
}

function isSent(input: string): boolean {
  const type = attribute(input, 'type');
  return (type !== 'checkbox' && type !== 'radio') || /\schecked/.test(input);
}

function chosen(options: string): string {
  return (/<option value="([^"]*)" selected/.exec(options) ?? /<option value="([^"]*)"/.exec(options))?.[1] ?? '';
}

function attribute(tag: string, name: string): string {
  return new RegExp(`\\b${name}="([^"]*)"`).exec(tag)?.[1] ?? '';
}
