import { type NextFunction, type Request, type RequestHandler, type Response } from 'express';
import session from 'express-session';

import { isForPrograms, sessionOf } from './page.js';

/** 12 hours from signing in, however busy: a working day (ASVS 7.3.2). */
const LIFE_MS = 12 * 60 * 60 * 1000;

export interface SessionSettings {
  https: boolean;
  sessionSecret: string;
  sessionStore: session.Store | undefined;
}

/** The cookie's name: browsers accept a `__Host-` cookie only with Secure, from this very host. */
export function sessionCookie(https: boolean): string {
  return https ? '__Host-sid' : 'sid';
}

/**
 * Sign-in sessions. The cookie is SameSite=Lax, since mailed links and an identity provider's return come from other
 * sites. Programs that bring a token of their own, and health checks, have no session.
 */
export function sessions(settings: SessionSettings): RequestHandler[] {
  const keep = session({
    name: sessionCookie(settings.https),
    secret: settings.sessionSecret,
    ...(settings.sessionStore === undefined ? {} : { store: settings.sessionStore }),
    resave: false,
    saveUninitialized: false,
    cookie: { path: '/', httpOnly: true, sameSite: 'lax', secure: settings.https, maxAge: LIFE_MS },
  });
  return [
    (req, res, next) => {
      if (isForPrograms(req) && !mayBeSignedIn(req)) next();
      else keep(req, res, next);
    },
    endWhenOver,
  ];
}

/** Begins a session with a new id, so that an id from before signing in is worth nothing. */
export async function signIn(req: Request, staff: { authorityId: number; staffId: string }): Promise<void> {
  await finished((done) => req.session.regenerate(done));
  req.session.staff = staff;
  req.session.signedInAt = Date.now();
}

/** Ends the session here and in the store. */
export async function signOut(req: Request): Promise<void> {
  if (sessionOf(req) !== undefined) await finished((done) => req.session.destroy(done));
}

function mayBeSignedIn(req: Request): boolean {
  return !/^\/(health|feeds)(\/|$)/i.test(req.path) && req.headers.authorization === undefined;
}

function endWhenOver(req: Request, _res: Response, next: NextFunction): void {
  const current = sessionOf(req);
  if (current?.staff === undefined || Date.now() - (current.signedInAt ?? 0) < LIFE_MS) next();
  else current.regenerate(next);
}

function finished(work: (done: (error?: unknown) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    work((error) => {
      if (error === undefined || error === null) resolve();
      else reject(error instanceof Error ? error : new Error('The session store failed'));
    });
  });
}
