import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { type Asked, Outgoing, outgoingAddress } from '../../src/web/outgoing.js';
import { isPublic } from '../../src/web/public-address.js';
import { CalendarServer, HOST, PUBLIC } from '../support/calendar-server.js';
import { INSIDE, NO_ADDRESSES } from '../support/inside-addresses.js';

const ADDRESS = `https://${HOST}/calendar.ics`;
const asked: Asked = { ports: [443], withinMs: 5_000, most: 100_000, accept: 'text/calendar' };
const NOTHING = { kind: 'NOTHING' };

let server: CalendarServer;
let outgoing: Outgoing;

beforeAll(async () => {
  server = await CalendarServer.start();
  outgoing = new Outgoing(server.routes);
});
afterAll(async () => {
  await server.stop();
});
afterEach(() => {
  server.forget();
  server.names.set(HOST, [PUBLIC]);
});

describe('a web address somebody gave', () => {
  it('is asked at the address that was checked, as the host it names', async () => {
    server.publishes('calendar', { ETag: '"7"', 'Last-Modified': 'Mon, 30 Nov 2026 11:00:00 GMT' });
    const got = await outgoing.get(`${ADDRESS}?key=abc#part`, asked);
    expect(got).toEqual({ kind: 'BODY', text: 'calendar', etag: '"7"', lastModified: 'Mon, 30 Nov 2026 11:00:00 GMT' });
    expect(server.dials).toEqual([{ address: PUBLIC, port: 443, host: HOST }]);
    expect([server.asked[0]?.url, server.asked[0]?.headers.host]).toEqual(['/calendar.ics?key=abc', HOST]);
    expect(server.asked[0]?.headers.cookie).toBeUndefined();
  });

  it('is asked for changes only, and unpacked', async () => {
    server.answer = (req, res) => {
      if (req.headers['if-none-match'] === '"7"') res.writeHead(304).end();
      else res.writeHead(200, { 'Content-Encoding': 'gzip' }).end(gzipSync('packed'));
    };
    expect(await outgoing.get(ADDRESS, { ...asked, etag: '"7"' })).toEqual({ kind: 'UNCHANGED' });
    expect(await outgoing.get(ADDRESS, asked)).toMatchObject({ kind: 'BODY', text: 'packed' });
  });

  it('may lead to any public address, old or new', () => {
    for (const address of [PUBLIC, '8.8.8.8', '1.1.1.1', '2606:4700::6810:85e5', '2a00:1450:4009:80b::200e']) {
      expect([address, isPublic(address)]).toEqual([address, true]);
    }
    expect(outgoingAddress('https://hooks.example:8443/x', [443, 8443])?.port).toBe('8443');
  });
});

describe('refuses', () => {
  it('every form of an address that leads inside, before anybody is asked', async () => {
    expect(NO_ADDRESSES.length).toBeGreaterThan(500);
    for (const address of NO_ADDRESSES) {
      expect([address, outgoingAddress(address, [443])?.href]).toEqual([address, undefined]);
      expect(await outgoing.get(address, asked)).toEqual(NOTHING);
    }
    expect([server.lookups, server.dials]).toEqual([0, []]);
  });

  it('a name that leads inside, alone or among public addresses, in whatever form the resolver says it', async () => {
    expect(INSIDE.length).toBeGreaterThan(300);
    for (const address of INSIDE) {
      for (const found of [[address], [PUBLIC, address], [address, PUBLIC]]) {
        server.names.set(HOST, found);
        expect([found, await outgoing.get(ADDRESS, asked)]).toEqual([found, NOTHING]);
      }
    }
    for (const found of [[], [''], ['a name'], ['999.1.1.1']]) {
      server.names.set(HOST, found);
      expect(await outgoing.get(ADDRESS, asked)).toEqual(NOTHING);
    }
    expect(server.dials).toEqual([]);
  });

  it('a name that leads inside the next time it is looked up: it is looked up once', async () => {
    server.answer = (_, res) => {
      server.names.set(HOST, ['127.0.0.1']);
      res.writeHead(200).end('calendar');
    };
    expect(await outgoing.get(ADDRESS, asked)).toMatchObject({ kind: 'BODY' });
    expect([server.lookups, server.dials]).toEqual([1, [{ address: PUBLIC, port: 443, host: HOST }]]);
    expect(await outgoing.get(ADDRESS, asked)).toEqual(NOTHING);
    expect(server.dials).toHaveLength(1);
  });

  it('to follow anywhere: no redirect is ever connected to', async () => {
    const targets = [...NO_ADDRESSES, `https://${HOST}/elsewhere.ics`, 'https://other.example/'];
    const statuses = [301, 302, 303, 307, 308];
    for (const [at, target] of targets.entries()) {
      server.answer = (_, res) => {
        res.writeHead(statuses[at % statuses.length] ?? 302, { Location: encodeURI(target) }).end('calendar');
      };
      expect([target, await outgoing.get(ADDRESS, asked)]).toEqual([target, NOTHING]);
    }
    expect(server.asked).toHaveLength(targets.length);
    expect(server.lookups).toBe(targets.length);
    expect(server.dials.every(({ address, host }) => address === PUBLIC && host === HOST)).toBe(true);
    expect(server.dials).toHaveLength(targets.length);
  });

  it('a server that cannot prove that it is that host', async () => {
    server.publishes('calendar');
    server.names.set('other.example', [PUBLIC]);
    expect(await outgoing.get('https://other.example/calendar.ics', asked)).toEqual(NOTHING);
    expect(server.asked).toEqual([]);
    expect(await outgoing.get('https://nowhere.example/', asked)).toEqual(NOTHING);
  });

  it('what is too large, also once it is unpacked, or packed in a way nobody asked for', async () => {
    server.publishes('x'.repeat(100_001));
    expect(await outgoing.get(ADDRESS, asked)).toEqual(NOTHING);
    const bomb = gzipSync(Buffer.alloc(50_000_000));
    let sent = 0;
    server.answer = (_, res) => {
      sent += 1;
      res.writeHead(200, { 'Content-Encoding': 'gzip' }).end(bomb);
    };
    expect(bomb.length).toBeLessThan(100_000);
    expect(await outgoing.get(ADDRESS, asked)).toEqual(NOTHING);
    expect(sent).toBe(1);
    for (const encoding of ['br', 'deflate', 'gzip, gzip', 'gzip']) {
      server.publishes('no gzip', { 'Content-Encoding': encoding });
      expect([encoding, await outgoing.get(ADDRESS, asked)]).toEqual([encoding, NOTHING]);
    }
    server.publishes('x'.repeat(100_000));
    expect(await outgoing.get(ADDRESS, asked)).toMatchObject({ kind: 'BODY' });
  });

  it('what comes too slowly: no name, no answer, a byte at a time, an answer that never ends', async () => {
    const soon = { ...asked, withinMs: 250 };
    const never = new Outgoing({ ...server.routes, resolve: () => new Promise(() => undefined) });
    expect(await never.get(ADDRESS, soon)).toEqual(NOTHING);
    server.answer = () => undefined;
    expect(await outgoing.get(ADDRESS, soon)).toEqual(NOTHING);
    server.answer = (_, res) => {
      const drip = setInterval(() => res.write('x'), 20);
      res.on('close', () => {
        clearInterval(drip);
      });
    };
    expect(await outgoing.get(ADDRESS, soon)).toEqual(NOTHING);
  });

  it('any answer but the calendar itself, and headers that could not be sent back', async () => {
    for (const status of [204, 206, 400, 401, 403, 404, 429, 500, 503]) {
      server.answer = (_, res) => res.writeHead(status).end(status === 204 ? undefined : 'calendar');
      expect([status, await outgoing.get(ADDRESS, asked)]).toEqual([status, NOTHING]);
    }
    server.publishes('calendar', { ETag: `"${'x'.repeat(300)}"` });
    expect(await outgoing.get(ADDRESS, asked)).toMatchObject({ kind: 'BODY', etag: null });
    server.answer = (_, res) => res.socket?.destroy();
    expect(await outgoing.get(ADDRESS, asked)).toEqual(NOTHING);
  });
});
