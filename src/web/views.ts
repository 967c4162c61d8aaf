import { join } from 'node:path';

import { type NestExpressApplication } from '@nestjs/platform-express';
import { type RequestHandler } from 'express';
import nunjucks from 'nunjucks';

import { type Assets, govukDist } from './assets.js';
import { csrfField } from './cross-site.js';
import { takeFlash } from './flash.js';
import { type FormState } from './forms.js';
import { isLinkPage } from './page.js';
import { paths, withQuery } from './paths.js';
import { statusTag } from './status-words.js';
import * as when from './when.js';

/** The folder of the modules: views are named from here, `meetings/views/meeting.njk`. */
const SOURCES = join(import.meta.dirname, '..');

export interface ViewSettings {
  development: boolean;
  serviceName: string;
}

/** Sets up nunjucks: views end in `.njk`, everything is escaped, and no text of a person is ever a template. */
export function useViews(app: NestExpressApplication, settings: ViewSettings, assets: Assets): void {
  const views = nunjucks.configure([SOURCES, govukDist], {
    autoescape: true,
    throwOnUndefined: false,
    noCache: settings.development,
    express: app.getHttpAdapter().getInstance(),
  });
  app.setViewEngine('njk');
  views.addGlobal('serviceName', settings.serviceName);
  views.addGlobal('paths', paths);
  views.addGlobal('withQuery', withQuery);
  views.addGlobal('asset', assets.address);
  views.addGlobal('statusTag', statusTag);
  views.addGlobal('typedFor', typedFor);
  views.addGlobal('allTypedFor', (form: FormState | undefined, name: string) => [typedFor(form, name)].flat());
  views.addGlobal('errorFor', errorFor);
  views.addGlobal('needsConfirmation', needsConfirmation);
  views.addGlobal('errorTitle', (form: FormState | undefined) => ((form?.errors.length ?? 0) > 0 ? 'Error: ' : ''));
  views.addGlobal('summaryItems', summaryItems);
  for (const name of ['day', 'shortDay', 'clock', 'dayAndTime', 'shortTime', 'span', 'isoDay', 'isoClock'] as const) {
    views.addFilter(name, when[name]);
  }
  views.addFilter('count', count);
}

/** What the layouts need of each request. Nothing is read or written before a page asks for it. */
export const pageLocals: RequestHandler = (req, res, next) => {
  res.locals.currentPath = req.path;
  res.locals.layout = isLinkPage(req) ? 'web/views/link-layout.njk' : 'web/views/layout.njk';
  res.locals.csrfField = () => csrfField(req);
  res.locals.takeFlash = () => takeFlash(req);
  next();
};

/** `3 | count('invitation')` is "3 invitations"; a plural of its own comes second: `count('person', 'people')`. */
function count(number: number, one: string, many = `${one}s`): string {
  return `${number.toLocaleString('en-GB')} ${number === 1 ? one : many}`;
}

function typedFor(form: FormState | undefined, name: string): string | string[] {
  return form?.values[name] ?? '';
}

function errorFor(form: FormState | undefined, name: string): { text: string } | undefined {
  const error = form?.errors.find((one) => one.field === name);
  return error === undefined ? undefined : { text: error.message };
}

function needsConfirmation(form: FormState | undefined): boolean {
  return form?.errors.some((error) => error.code === 'NEEDS_CONFIRMATION') ?? false;
}

function summaryItems(form: FormState | undefined): { text: string; href?: string }[] {
  return (form?.errors ?? []).map(({ field, message }) =>
    field === undefined ? { text: message } : { text: message, href: `#${field}` },
  );
}
