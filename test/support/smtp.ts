import { type AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';

/** What a mail server does with the next message. */
export type Conduct = 'take' | 'later' | 'refuse' | 'take and lose the answer';

export interface Received {
  readonly from: string;
  readonly to: string[];
  readonly bytes: Buffer;
}

export interface TestSmtp {
  readonly url: string;
  readonly received: Received[];
  /** How the coming messages are treated, in turn; when used up, they are taken. */
  readonly conduct: Conduct[];
  stop(): Promise<void>;
}

/** A separate mail server on this machine that keeps everything and can misbehave. */
export async function startSmtp(): Promise<TestSmtp> {
  const received: Received[] = [];
  const conduct: Conduct[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    onData(stream, session, done) {
      const parts: Buffer[] = [];
      stream.on('data', (part: Buffer) => parts.push(part));
      stream.on('end', () => {
        const how = conduct.shift() ?? 'take';
        if (how === 'later') {
          done(Object.assign(new Error('try again'), { responseCode: 451 }));
          return;
        }
        if (how === 'refuse') {
          done(Object.assign(new Error('no such mailbox'), { responseCode: 550 }));
          return;
        }
        const { mailFrom, rcptTo } = session.envelope;
        const from = mailFrom === false ? '' : mailFrom.address;
        received.push({ from, to: rcptTo.map(({ address }) => address), bytes: Buffer.concat(parts) });
        if (how === 'take') done();
        else
          for (const connection of server.connections)
            (connection as { _socket: { destroy(): void } })._socket.destroy();
      });
    },
  });
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.server.address() as AddressInfo;
  return {
    url: `smtp://127.0.0.1:${port}`,
    received,
    conduct,
    stop: () =>
      new Promise((resolve) => {
        server.close(resolve);
      }),
  };
}
