import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { type Routes } from '../../src/web/outgoing.js';

export const HOST = 'calendars.example';
/** An address of nobody's that counts as public, for a name to lead to. */
export const PUBLIC = '93.184.215.14';

export interface Dial {
  readonly address: string;
  readonly port: number;
  readonly host: string;
}

/** A server for published calendars on this machine, and the only way to it: nothing else is ever connected to. */
export class CalendarServer {
  /** What names lead to; those not named lead nowhere. */
  readonly names = new Map<string, string[]>([[HOST, [PUBLIC]]]);
  /** Every connection that was asked for. */
  readonly dials: Dial[] = [];
  /** Every question that arrived. */
  readonly asked: IncomingMessage[] = [];
  lookups = 0;
  answer: (req: IncomingMessage, res: ServerResponse) => void = (_, res) => {
    res.writeHead(404).end();
  };

  private constructor(
    private readonly server: Server,
    private readonly certificate: Buffer,
  ) {}

  static async start(): Promise<CalendarServer> {
    const { key, cert } = aCertificate();
    const server = createServer({ key, cert });
    const one = new CalendarServer(server, cert);
    server.on('request', (req, res) => {
      one.asked.push(req);
      one.answer(req, res);
    });
    server.on('tlsClientError', () => undefined);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return one;
  }

  readonly routes: Routes = {
    resolve: async (host) => {
      this.lookups += 1;
      const found = this.names.get(host);
      if (found === undefined) throw new Error('ENOTFOUND');
      return found;
    },
    dial: (to) => {
      this.dials.push(to);
      const { port } = this.server.address() as AddressInfo;
      return connect({ host: '127.0.0.1', port, servername: to.host, ca: [this.certificate] });
    },
  };

  /** Answers everything with this calendar. */
  publishes(text: string, headers: Record<string, string> = {}): void {
    this.answer = (_, res) => res.writeHead(200, { 'Content-Type': 'text/calendar', ...headers }).end(text);
  }

  forget(): void {
    this.dials.length = 0;
    this.asked.length = 0;
    this.lookups = 0;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

function aCertificate(): { key: Buffer; cert: Buffer } {
  const folder = mkdtempSync(join(tmpdir(), 'quorate-certificate-'));
  try {
    const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
    const made = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '3650'];
    const named = ['-subj', `/CN=${HOST}`, '-addext', `subjectAltName=DNS:${HOST},DNS:*.${HOST}`];
    execFileSync('openssl', [...made, ...named, '-keyout', key, '-out', cert], { stdio: 'ignore' });
    return { key: readFileSync(key), cert: readFileSync(cert) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
