import { randomBytes } from 'node:crypto';

import { type NextFunction, type Request, type RequestHandler, type Response } from 'express';
import helmet, { type HelmetOptions } from 'helmet';

import { isForPrograms, isLinkPage } from './page.js';

const YEAR_SECONDS = 31_536_000;

/**
 * What browsers are told with every answer: scripts only from us or with this answer's nonce, styles only from us,
 * no frames, forms only to us, nothing kept in a cache, nothing listed by a search engine. A link holder's page also
 * sends no referrer, since its address may hold a secret.
 */
export function securityHeaders(https: boolean): RequestHandler {
  const staffPage = helmet(helmetOptions(https, 'same-origin'));
  const linkPage = helmet(helmetOptions(https, 'no-referrer'));
  return (req, res, next) => {
    res.setHeader('Cache-Control', 'no-store');
    if (isForPrograms(req)) {
      forPrograms(res, https);
      next();
      return;
    }
    res.setHeader('X-Robots-Tag', 'noindex, nofollow');
    res.locals.cspNonce = randomBytes(16).toString('base64');
    runHelmet(isLinkPage(req) ? linkPage : staffPage, req, res, next);
  };
}

function runHelmet(headers: ReturnType<typeof helmet>, req: Request, res: Response, next: NextFunction): void {
  headers(req, res, (error) => {
    next(error);
  });
}

function helmetOptions(https: boolean, referrer: 'same-origin' | 'no-referrer'): HelmetOptions {
  return {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'", (_req, res) => `'nonce-${String((res as Response).locals.cspNonce)}'`],
        styleSrc: ["'self'"],
        imgSrc: ["'self'"],
        fontSrc: ["'self'"],
        connectSrc: ["'self'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
        requireTrustedTypesFor: ["'script'"],
        ...(https ? { upgradeInsecureRequests: [] } : {}),
      },
    },
    referrerPolicy: { policy: referrer },
    strictTransportSecurity: https ? { maxAge: YEAR_SECONDS, includeSubDomains: true } : false,
    xFrameOptions: { action: 'deny' },
  };
}

/** Answers in JSON need few of them, and are asked for often. */
function forPrograms(res: Response, https: boolean): void {
  res.setHeader('X-Content-Type-Options', 'nosniff');
  res.setHeader('Content-Security-Policy', "default-src 'none'; frame-ancestors 'none'");
  res.setHeader('Referrer-Policy', 'no-referrer');
  res.removeHeader('X-Powered-By');
  if (https) res.setHeader('Strict-Transport-Security', `max-age=${YEAR_SECONDS}; includeSubDomains`);
}
