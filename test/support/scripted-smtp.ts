import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';
import { type AddressInfo } from 'node:net';

/** Where in handing a message over the server misbehaves. */
export type Stage = 'greeting' | 'EHLO' | 'MAIL' | 'RCPT' | 'DATA' | 'end';
/** A reply such as `450 later`, `drop` for a dropped connection, or silence for some milliseconds before the usual reply. */
export type Conduct = string | { readonly silentMs: number };

/** A mail server that says exactly what a test tells it to, and keeps what it took. */
export interface ScriptedSmtp {
  readonly url: string;
  readonly port: number;
  /** What it said "250" to, as it came. */
  readonly taken: string[];
  /** What happens next at a stage, once each. */
  readonly script: [Stage, Conduct][];
  /** Every command, in order. */
  readonly commands: string[];
  connections: number;
  /** The most messages that were between MAIL and their end at once. */
  atOnce: number;
  /** Ends every connection that is open now. */
  hangUp(): void;
  stop(): Promise<void>;
}

const USUAL: Readonly<Record<Stage, string>> = {
  greeting: '220 ready',
  EHLO: '250-sink\r\n250 8BITMIME',
  MAIL: '250 ok',
  RCPT: '250 ok',
  DATA: '354 go on',
  end: '250 taken as 1',
};

function next(script: [Stage, Conduct][], stage: Stage): Conduct {
  const at = script.findIndex(([one]) => one === stage);
  return at === -1 ? USUAL[stage] : (script.splice(at, 1)[0]?.[1] ?? '');
}

/** Starts one on this machine; with certificates it speaks TLS from the first byte. */
export async function startScriptedSmtp(tls?: TlsOptions): Promise<ScriptedSmtp> {
  const open = new Set<Socket>();
  const sink = {
    taken: [] as string[],
    script: [] as [Stage, Conduct][],
    commands: [] as string[],
    connections: 0,
    atOnce: 0,
  };
  let inHand = 0;
  const serve = (socket: Socket): void => {
    sink.connections += 1;
    open.add(socket);
    socket.on('close', () => open.delete(socket)).on('error', () => undefined);
    let rest = '';
    let content: string | undefined;
    const answer = (stage: Stage, then: () => void = () => undefined): void => {
      const conduct = next(sink.script, stage);
      if (conduct === 'drop') {
        socket.destroy();
        return;
      }
      const [reply, wait] = typeof conduct === 'string' ? [conduct, 0] : [USUAL[stage], conduct.silentMs];
      if (/^[23]/.test(reply)) then();
      setTimeout(() => socket.write(`${reply}\r\n`), wait);
    };
    const command = (line: string): void => {
      sink.commands.push(line);
      const verb = line.slice(0, 4).toUpperCase();
      if (verb === 'EHLO') answer('EHLO');
      else if (verb === 'MAIL') {
        inHand += 1;
        sink.atOnce = Math.max(sink.atOnce, inHand);
        answer('MAIL');
      } else if (verb === 'RCPT') answer('RCPT');
      else if (verb === 'DATA') {
        answer('DATA', () => {
          content = '';
        });
      } else if (verb === 'QUIT') socket.end('221 bye\r\n');
      else socket.write('250 ok\r\n');
    };
    const ended = (whole: string): void => {
      answer('end', () => sink.taken.push(whole));
      inHand -= 1;
    };
    socket.on('data', (part) => {
      rest += part.toString('latin1');
      for (;;) {
        const mark: string = content === undefined ? '\r\n' : '\r\n.\r\n';
        const end = rest.indexOf(mark);
        if (end === -1) return;
        const piece = rest.slice(0, end);
        rest = rest.slice(end + mark.length);
        if (content === undefined) command(piece);
        else {
          content = undefined;
          ended(piece);
        }
      }
    });
    answer('greeting');
  };
  const server: Server = tls === undefined ? createServer(serve) : createTlsServer(tls, serve);
  server.on('tlsClientError', () => undefined);
  await new Promise<void>((resolve) => {
    server.listen(0, '0.0.0.0', resolve);
  });
  const { port } = server.address() as AddressInfo;
  const hangUp = (): void => {
    for (const socket of open) socket.destroy();
  };
  const stop = async (): Promise<void> => {
    hangUp();
    await new Promise((resolve) => server.close(resolve));
  };
  return Object.assign(sink, { url: `smtp://127.0.0.1:${port}`, port, hangUp, stop });
}
