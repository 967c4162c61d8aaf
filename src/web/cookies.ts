import { type Request, type Response } from 'express';

/** The cookie's full name: browsers accept `__Host-` only with Secure, for this very host and all its paths. */
export function cookieName(https: boolean, name: string): string {
  return https ? `__Host-${name}` : name;
}

/** The value of a cookie, or undefined where there is none. */
export function readCookie(req: Request, name: string): string | undefined {
  for (const pair of (req.headers.cookie ?? '').split(';')) {
    const at = pair.indexOf('=');
    if (at > 0 && pair.slice(0, at).trim() === name) return pair.slice(at + 1).trim();
  }
  return undefined;
}

/** Keeps a value in the browser, unreadable for scripts, until it is closed or `maxAge` milliseconds are over. */
export function keepCookie(res: Response, https: boolean, name: string, kept: { value: string; maxAge: number }): void {
  res.cookie(cookieName(https, name), kept.value, {
    path: '/',
    httpOnly: true,
    sameSite: 'lax',
    secure: https,
    maxAge: kept.maxAge,
  });
}

/** Makes the browser forget a value. */
export function dropCookie(res: Response, https: boolean, name: string): void {
  res.clearCookie(cookieName(https, name), { path: '/', httpOnly: true, sameSite: 'lax', secure: https });
}
