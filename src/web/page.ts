/** What every page shares: who asks, what the layout shows, and where the person goes next. */
import { type Request, type Response } from 'express';
import { type Session, type SessionData } from 'express-session';

import { type Actor } from '../access/actor.js';

declare module 'express-session' {
  interface SessionData {
    /** Who has signed in. Their rights are read anew on each request and never kept here. */
    staff?: { authorityId: number; staffId: string };
    /** Somebody who asked for a code to sign in with, before they have proved it. */
    signingIn?: {
      email: string;
      askedBy: string;
      account: { authorityId: number; staffId: string } | undefined;
    };
    /** When they signed in, in milliseconds since 1970: the session ends 12 hours later however busy it is. */
    signedInAt?: number;
    /** One sentence for the next page: "Meeting scheduled". */
    flash?: string;
  }
}

/** A request for a page of signed-in staff; the guard fills `actor`. */
export interface PageRequest extends Request {
  actor?: Actor;
}

/** The session, or nothing where it is not used or the store cannot be reached. */
export function sessionOf(req: Request): (Session & Partial<SessionData>) | undefined {
  return (req as { session?: Session & Partial<SessionData> }).session;
}

/** Sends the browser to another page of ours after a change, with 303, so that reloading repeats nothing. */
export function redirect(res: Response, path: string): void {
  res.redirect(303, path);
}

/** Puts the signed-in person and their authority into the header of the page. */
export function showPerson(res: Response, person: { name: string; authorityName: string }): void {
  res.locals.person = person;
}

/** Puts the authority's name and telephone number on a link holder's page. */
export function showAuthority(res: Response, authority: { name: string; telephone: string }): void {
  res.locals.authority = authority;
}

/** The path if it is one of ours, else the worklist: `next=https://elsewhere` or `//elsewhere` leads nowhere. */
export function localPath(path: unknown): string {
  return typeof path === 'string' && /^\/(?![/\\])[\x21-\x7e]*$/.test(path) && !path.includes('\\') ? path : '/';
}

/** Pages that are reached by an emailed link, by people without an account. */
export function isLinkPage(req: Request): boolean {
  return /^\/(i|my)(\/|$)/i.test(req.path);
}

/** Addresses that programs read, and that answer in JSON or as a calendar. */
export function isForPrograms(req: Request): boolean {
  return /^\/(graphql|health|feeds|schema\.gql)(\/|$)/i.test(req.path);
}
