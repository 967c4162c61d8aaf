import { type Request } from 'express';

import { sessionOf } from './page.js';

/** Keeps one sentence for the next page, where the layout shows it once as the green banner. */
export function flash(req: Request, message: string): void {
  const session = sessionOf(req);
  if (session !== undefined) session.flash = message;
}

/** The sentence kept for this page, and forgets it. */
export function takeFlash(req: Request): string | undefined {
  const session = sessionOf(req);
  const message = session?.flash;
  if (message !== undefined) delete session?.flash;
  return message;
}
