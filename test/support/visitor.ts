import request, { type Agent, type Response } from 'supertest';
import { type Placed } from './matters.js';
import { type TestService } from './service.js';

/** The hidden fields of a form on a page. */
export interface Hidden {
  readonly nonce: string;
  readonly revision: string;
}

/** Somebody's browser, with cookies of its own. */
export function aBrowser(service: TestService): Agent {
  return request.agent(service.app.getHttpServer());
}

/** What the forms of a page carry along. */
export function hiddenOf(page: Response): Hidden {
  const value = (name: string): string => new RegExp(`name="${name}" value="([^"]*)"`).exec(page.text)?.[1] ?? '';
  return { nonce: value('nonce'), revision: value('revision') };
}

/** Opens the page of a link, reads it for half a minute and sends the form. */
export async function answerBy(
  service: TestService,
  browser: Agent,
  secret: string,
  fields: Record<string, string>,
): Promise<Response> {
  const page = await browser.get(`/i/${secret}`);
  service.clock.pass(0.5);
  return browser
    .post(`/i/${secret}/answer`)
    .type('form')
    .send({ ...hiddenOf(page), ...fields });
}

/** The code in the newest message to somebody, as it is written there. */
export async function codeIn(service: TestService, to: Placed): Promise<string> {
  const mail = (await service.mail(to.address)).findLast((one) => one.mail.subject === 'Your code');
  return /\d{4}-\d{4}/.exec(mail?.mail.text ?? '')?.[0] ?? 'no code';
}

/** Continues from the page of a link and types in the emailed code; answers with where that leads. */
export async function prove(service: TestService, browser: Agent, secret: string, who: Placed): Promise<Response> {
  await browser.post(`/i/${secret}`);
  const page = await browser.get('/my/code');
  service.clock.pass(0.5);
  await browser.post('/my/code/new').type('form').send(hiddenOf(page));
  return browser
    .post('/my/code')
    .type('form')
    .send({ code: await codeIn(service, who), next: '/my' });
}

/** A digest of every table, to show that nothing has changed; without what only counts requests. */
export async function digest(service: TestService): Promise<Record<string, string>> {
  const tables = await service.look<{ name: string }>(
    `select tablename as name from pg_tables where schemaname = 'public' and tablename not in ('caught_mail') order by 1`,
  );
  const digests: Record<string, string> = {};
  for (const { name } of tables) {
    const [row] = await service.look<{ d: string }>(
      `select count(*) || ':' || md5(coalesce(string_agg(t::text, '|' order by t::text), '')) as d from "${name}" t`,
    );
    digests[name] = row?.d ?? '';
  }
  return digests;
}
