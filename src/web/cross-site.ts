import { csrfSync } from 'csrf-sync';
import { type Request, type RequestHandler } from 'express';
import nunjucks from 'nunjucks';

import { NotAllowed, RuleBroken } from '../errors.js';
import { isForPrograms, isLinkPage, sessionOf } from './page.js';

const READS = new Set(['GET', 'HEAD', 'OPTIONS']);

const { isRequestValid, generateToken } = csrfSync({
  size: 32,
  getTokenFromRequest: (req) => {
    const body = req.body as { _csrf?: unknown } | undefined;
    return typeof body?._csrf === 'string' ? body._csrf : undefined;
  },
  getTokenFromState: (req) => sessionOf(req)?.csrfToken,
});

/**
 * Refuses changes that another site's page makes a browser send. Browsers say where a request comes from
 * (`Sec-Fetch-Site`, or `Origin` where that is missing); programs say neither and are not driven by pages.
 * Link holders' pages send `Origin: null`, since they give no referrer: there only `Sec-Fetch-Site` counts.
 */
export function refuseCrossSite(baseUrl: string): RequestHandler {
  const own = new URL(baseUrl).origin;
  return (req, _res, next) => {
    if (READS.has(req.method) || isOurs(req, own)) next();
    else
      next(
        new NotAllowed('This was sent from another website, so nothing has been changed. Open Quorate and do it there'),
      );
  };
}

/** Every other change of a signed-in page carries the token of its session in the hidden field `_csrf`. */
export const requireFormToken: RequestHandler = (req, _res, next) => {
  if (READS.has(req.method) || isForPrograms(req) || isLinkPage(req) || isRequestValid(req)) next();
  else
    next(new RuleBroken('FORM_EXPIRED', 'This page was open for too long, so nothing has been changed. Open it again'));
};

/** The hidden field with the token, for `{{ csrfField() }}` in a form; empty where there is no session. */
export function csrfField(req: Request): nunjucks.runtime.SafeString | string {
  if (sessionOf(req) === undefined) return '';
  return new nunjucks.runtime.SafeString(`<input type="hidden" name="_csrf" value="${generateToken(req)}">`);
}

function isOurs(req: Request, own: string): boolean {
  const site = req.headers['sec-fetch-site'];
  if (site !== undefined) return site === 'same-origin' || site === 'none';
  const origin = req.headers.origin;
  if (origin === undefined || (origin === 'null' && isLinkPage(req))) return true;
  return origin === own || origin === `${req.protocol}://${req.headers.host ?? ''}`;
}
