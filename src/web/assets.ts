import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';

import { type Request, type RequestHandler, type Response } from 'express';

/** The folder `dist` of govuk-frontend, where its templates, styles and script are. */
export const govukDist = join(dirname(createRequire(import.meta.url).resolve('govuk-frontend/package.json')), 'dist');

const OUR_FONTS = '"Helvetica Neue",Arial,sans-serif';

/** The mark of the service: six places round a table, five of them taken. */
const FAVICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="6" fill="#12475a"/><g fill="#fff"><circle cx="16" cy="6.5" r="3"/><circle cx="24.2" cy="11.2" r="3"/><circle cx="7.8" cy="11.2" r="3"/><circle cx="7.8" cy="20.8" r="3"/><circle cx="16" cy="25.5" r="3"/></g><circle cx="24.2" cy="20.8" r="2.2" fill="none" stroke="#fff" stroke-width="1.6"/></svg>`;

interface Asset {
  readonly type: string;
  readonly bytes: Buffer;
  readonly gzipped: Buffer;
  readonly version: string;
}

export interface Assets {
  /** The address of an asset with its version: `/assets/quorate.css?v=3f2a9c41`. */
  readonly address: (name: string) => string;
  readonly serve: RequestHandler;
}

/**
 * The few files pages load, kept in memory and compressed once. The style of GOV.UK comes without its typeface and
 * crown, which are licensed for GOV.UK alone. A versioned address may be kept by browsers for a year.
 */
export function readAssets(development: boolean): Assets {
  let assets = load();
  return {
    address: (name) => `/assets/${name}?v=${assets.get(name)?.version ?? '0'}`,
    serve: (req, res, next) => {
      if (development) assets = load();
      const found = req.method === 'GET' || req.method === 'HEAD' ? assets.get(req.path.slice(1)) : undefined;
      if (found === undefined) next();
      else send(req, res, found, development ? undefined : found.version);
    },
  };
}

/** Sends one; browsers keep it for a year if they asked for the `lasting` version. */
function send(req: Request, res: Response, found: Asset, lasting: string | undefined): void {
  const lasts = lasting !== undefined && req.query.v === lasting;
  const zipped = req.acceptsEncodings('gzip') === 'gzip';
  res.set({
    'Content-Type': found.type,
    'Cache-Control': lasts ? 'public, max-age=31536000, immutable' : 'no-cache',
    'X-Content-Type-Options': 'nosniff',
    'Cross-Origin-Resource-Policy': 'same-origin',
    Vary: 'Accept-Encoding',
    ...(zipped ? { 'Content-Encoding': 'gzip' } : {}),
  });
  res.end(zipped ? found.gzipped : found.bytes);
}

function load(): Map<string, Asset> {
  const govuk = join(govukDist, 'govuk');
  const style = withoutTypeface(readFileSync(join(govuk, 'govuk-frontend.min.css'), 'utf8'));
  const own = readFileSync(join(import.meta.dirname, 'quorate.css'), 'utf8');
  const script = readFileSync(join(govuk, 'govuk-frontend.min.js'), 'utf8').replace(
    /\n\/\/# sourceMappingURL=.*\s*$/,
    '\n',
  );
  return new Map([
    ['quorate.css', asset('text/css; charset=utf-8', `${style}\n${own}`)],
    ['govuk-frontend.js', asset('text/javascript; charset=utf-8', script)],
    ['favicon.svg', asset('image/svg+xml', FAVICON)],
  ]);
}

function withoutTypeface(css: string): string {
  return css
    .replace(/@font-face\{[^}]*\}/g, '')
    .replace(/GDS Transport,\s*arial,\s*sans-serif/g, OUR_FONTS)
    .replace(/\n\/\*# sourceMappingURL=.*\*\/\s*$/, '');
}

function asset(type: string, text: string): Asset {
  const bytes = Buffer.from(text);
  const version = createHash('sha256').update(bytes).digest('hex').slice(0, 8);
  return { type, bytes, gzipped: gzipSync(bytes), version };
}
