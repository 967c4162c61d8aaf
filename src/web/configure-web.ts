import { type NestExpressApplication } from '@nestjs/platform-express';
import express, { type RequestHandler } from 'express';
import { type Store } from 'express-session';

import { readAssets } from './assets.js';
import { refuseCrossSite, requireFormToken } from './cross-site.js';
import { ErrorPagesFilter } from './error-pages.filter.js';
import { isForPrograms } from './page.js';
import { paths } from './paths.js';
import { securityHeaders } from './security-headers.js';
import { sessions } from './sessions.js';
import { pageLocals, useViews } from './views.js';

export interface WebSettings {
  /** The address people use, without a path: `https://quorate.northshire.example`. */
  baseUrl: string;
  https: boolean;
  sessionSecret: string;
  /** Where sessions live; in memory when none is given, which is for tests. */
  sessionStore: Store | undefined;
  /** Addresses of the proxies whose `X-Forwarded-*` are believed; none: nobody's are. */
  trustProxy: string[];
  /** Reads views and styles anew for each page. */
  development: boolean;
  serviceName: 'Quorate';
}

/** A form of ours is small; a list of people pasted from a spreadsheet, about 1 MB before encoding, is not. */
const FORM_LIMIT = '64kb';
const IMPORT_LIMIT = '2mb';
const GRAPHQL_LIMIT = '64kb';

/** 5 s for the headers, 10 s for a whole request (security guide, T-35), looked at every second. */
const HEADERS_MS = 5_000;
const REQUEST_MS = 10_000;
const CHECK_MS = 1_000;

/**
 * Makes a Nest application into the web service: what comes before every page, in order. Called before `app.init()`,
 * on an application created with `bodyParser: false`.
 */
export function configureWeb(app: NestExpressApplication, settings: WebSettings): void {
  app.set('trust proxy', settings.trustProxy.length > 0 ? settings.trustProxy : false);
  app.set('query parser', 'simple');
  app.set('etag', false);
  app.disable('x-powered-by');

  const assets = readAssets(settings.development);
  useViews(app, settings, assets);
  app.use('/assets', assets.serve);
  const before = [securityHeaders(settings.https), refuseCrossSite(settings.baseUrl)];
  const session = sessions(settings);
  const programs = inTurn([...before, express.json({ limit: GRAPHQL_LIMIT }), ...session]);
  const pages = inTurn([pageLocals, ...before, formParser(), ...session, requireFormToken]);
  app.use(((req, res, next) => {
    (isForPrograms(req) ? programs : pages)(req, res, next);
  }) satisfies RequestHandler);
  app.useGlobalFilters(new ErrorPagesFilter());

  Object.assign(app.getHttpServer(), {
    headersTimeout: HEADERS_MS,
    requestTimeout: REQUEST_MS,
    connectionsCheckingInterval: CHECK_MS,
  });
}

/** One handler that runs several: each of the router's own layers looks at the path again, and programs ask often. */
function inTurn([first, ...others]: RequestHandler[]): RequestHandler {
  if (first === undefined) {
    return (_req, _res, next) => {
      next();
    };
  }
  const rest = inTurn(others);
  return (req, res, next) => {
    first(req, res, (error?: unknown) => {
      if (error === undefined || error === null) rest(req, res, next);
      else next(error);
    });
  };
}

function formParser(): RequestHandler {
  const form = express.urlencoded({ extended: false, limit: FORM_LIMIT });
  const list = express.urlencoded({ extended: false, limit: IMPORT_LIMIT });
  return (req, res, next) => {
    const parse = req.path.toLowerCase().startsWith(paths.peopleImport()) ? list : form;
    parse(req, res, (error?: unknown) => {
      // A form sent with nothing in it is an empty form, not a missing one.
      req.body ??= {};
      next(error);
    });
  };
}
