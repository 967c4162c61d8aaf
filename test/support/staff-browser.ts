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

/** What the fields of a page's forms hold: inputs, ticked boxes and radios, chosen options, text areas. */
export function fieldsOf(page: Response): Record<string, string> {
  const fields: Record<string, string> = {};
  const attribute = (tag: string, name: string): string => new RegExp(`\\b${name}="([^"]*)"`).exec(tag)?.[1] ?? '';
  for (const [tag] of page.text.matchAll(/<input\b[^>]*>/g)) {
    const type = attribute(tag, 'type');
    const isOff = (type === 'checkbox' || type === 'radio') && !/\schecked/.test(tag);
    if (!isOff) fields[attribute(tag, 'name')] = attribute(tag, 'value');
  }
  for (const [, name = '', options = ''] of page.text.matchAll(
    /<select\b[^>]*\bname="([^"]*)"[^>]*>(.*?)<\/select>/gs,
  )) {
    const chosen = /<option value="([^"]*)" selected/.exec(options) ?? /<option value="([^"]*)"/.exec(options);
    fields[name] = chosen?.[1] ?? '';
  }
  return fields;
}
