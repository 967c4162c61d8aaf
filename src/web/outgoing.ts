/*
 * The one way in which the service asks a web address that somebody has given it. Such an address may point inside: to
 * this machine, its neighbours, a provider's store of keys. So the name is looked up once, every address found must be a
 * public one, and the connection goes to the address that was looked at, whatever the name says a moment later. Nothing
 * is followed elsewhere, what comes is small and comes soon, and whoever asked learns "no" without a reason, since
 * reasons would tell them what stands behind the wall.
 */
import { lookup } from 'node:dns/promises';
import { type IncomingMessage, type OutgoingHttpHeaders } from 'node:http';
import { request } from 'node:https';
import { type Duplex, pipeline } from 'node:stream';
import { connect } from 'node:tls';
import { createGunzip } from 'node:zlib';
import { isNumeric, isPublic } from './public-address.js';

/** How names are looked up and connections made; tests bring their own, so that nothing leaves the machine. */
export interface Routes {
  /** Every address of a name. */
  resolve(host: string): Promise<string[]>;
  /** A connection to that address which proves, by its certificate, that it is that host. */
  dial(to: { readonly address: string; readonly port: number; readonly host: string }): Duplex;
}

/** The internet as this machine sees it. */
export const theInternet: Routes = {
  resolve: async (host) => (await lookup(host, { all: true })).map(({ address }) => address),
  dial: ({ address, port, host }) =>
    connect({ host: address, port, servername: host, ALPNProtocols: ['http/1.1'], minVersion: 'TLSv1.2' }),
};

export interface Asked {
  /** What may be in the port of the address. */
  readonly ports: readonly number[];
  /** For everything together, milliseconds. */
  readonly withinMs: number;
  /** Bytes of the answer, unpacked. */
  readonly most: number;
  readonly accept: string;
  /** What came with the last answer, to hear only of changes. */
  readonly etag?: string | null;
  readonly lastModified?: string | null;
}

export type Got =
  | { readonly kind: 'BODY'; readonly text: string; readonly etag: string | null; readonly lastModified: string | null }
  | { readonly kind: 'UNCHANGED' }
  | { readonly kind: 'NOTHING' };

const NAME = /^(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$/;
const HEADER = /^[\x20-\x7e]{1,200}$/;

/** A web address that may be asked: https, a name with a dot and no number, an allowed port, nobody's password. */
export function outgoingAddress(typed: string, ports: readonly number[]): URL | undefined {
  if (typed.length > 2_000 || !URL.canParse(typed)) return undefined;
  const url = new URL(typed);
  const isPlain = url.protocol === 'https:' && url.username === '' && url.password === '';
  if (!isPlain || !ports.includes(portOf(url)) || !isName(url.hostname)) return undefined;
  url.hash = '';
  return url;
}

const isName = (host: string): boolean => NAME.test(host) && !isNumeric(host);
const portOf = ({ port }: URL): number => (port === '' ? 443 : Number(port));

/** Asks web addresses that people give. */
export class Outgoing {
  constructor(private readonly routes: Routes) {}

  /** What stands at an address; NOTHING for every reason there may be. Never throws. */
  async get(address: string, asked: Asked): Promise<Got> {
    try {
      const url = outgoingAddress(address, asked.ports);
      if (url === undefined) return { kind: 'NOTHING' };
      const signal = AbortSignal.timeout(asked.withinMs);
      const [checked] = await unlessAborted(this.checked(url.hostname), signal);
      return checked === undefined ? { kind: 'NOTHING' } : await this.ask(url, checked, asked, signal);
    } catch {
      return { kind: 'NOTHING' };
    }
  }

  /** The addresses of a name if all of them are public; none otherwise. */
  private async checked(host: string): Promise<string[]> {
    const found = await this.routes.resolve(host);
    return found.every(isPublic) ? found : [];
  }

  private async ask(url: URL, address: string, asked: Asked, signal: AbortSignal): Promise<Got> {
    const res = await new Promise<IncomingMessage>((resolve, reject) => {
      const to = { address, port: portOf(url), host: url.hostname };
      const createConnection = (): Duplex => this.routes.dial(to);
      const headers = headersFor(asked);
      request(url, { createConnection, defaultPort: 443, headers, signal }, resolve).on('error', reject).end();
    });
    try {
      if (res.statusCode === 304) return { kind: 'UNCHANGED' };
      if (res.statusCode !== 200) return { kind: 'NOTHING' };
      const text = await bodyOf(res, asked.most, signal);
      return { kind: 'BODY', text, etag: kept(res.headers.etag), lastModified: kept(res.headers['last-modified']) };
    } finally {
      res.destroy();
    }
  }
}

function headersFor({ accept, etag = null, lastModified = null }: Asked): OutgoingHttpHeaders {
  return {
    Accept: accept,
    'Accept-Encoding': 'gzip',
    'User-Agent': 'Quorate',
    Connection: 'close',
    ...(etag === null ? {} : { 'If-None-Match': etag }),
    ...(lastModified === null ? {} : { 'If-Modified-Since': lastModified }),
  };
}

/** What may be sent back as it came: one short line of plain characters. */
function kept(header: string | undefined): string | null {
  return header !== undefined && HEADER.test(header) ? header : null;
}

/** The body as text. Throws when it is larger than allowed, or packed in a way that was not asked for. */
async function bodyOf(res: IncomingMessage, most: number, signal: AbortSignal): Promise<string> {
  const encoding = (res.headers['content-encoding'] ?? 'identity').toLowerCase();
  if (!['identity', 'gzip'].includes(encoding)) throw new Error('Packed in another way');
  const body = encoding === 'gzip' ? pipeline(res, createGunzip(), () => undefined) : res;
  const stop = (): void => {
    res.destroy(new Error('Too slow'));
  };
  signal.addEventListener('abort', stop, { once: true });
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of body as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > most) throw new Error('Too large');
    parts.push(part);
  }
  signal.throwIfAborted();
  return Buffer.concat(parts).toString('utf8');
}

function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const late = new Promise<never>((_, reject) => {
    signal.addEventListener(
      'abort',
      () => {
        reject(new Error('Too slow'));
      },
      { once: true },
    );
  });
  return Promise.race([work, late]);
}
