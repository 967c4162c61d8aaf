import { type AddressInfo } from 'node:net';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server';
import { SettingProblem, type Settings, SETTINGS } from '../../config.js';
import { Intake } from './intake.service.js';
import { Rounds } from './rounds.js';
import { BOUNDS } from './taken-apart.js';

/** Recipients of one message: each is a copy of its own. */
const RECIPIENTS = 20;

/**
 * Takes mail from the site's own mail server (SMTP, or LMTP by setting), which routes the domain of our addresses here.
 * Any address of our form is taken, known or not; the site's server hears "taken" only once the message is on disk, and
 * "try again later" when the database is away.
 */
@Injectable()
export class InboundMailServer {
  private readonly log = new Logger('Mail');
  private server: SMTPServer | undefined;

  constructor(
    @Inject(SETTINGS) private readonly settings: Settings,
    @Inject(Intake) private readonly intake: Intake,
    @Inject(Rounds) private readonly rounds: Rounds,
  ) {}

  /** The port it listens on; undefined while it does not. */
  get port(): number | undefined {
    return (this.server?.server.address() as AddressInfo | null | undefined)?.port;
  }

  /** Begins to listen; throws SettingProblem when another program has the port. */
  async listen(port: number): Promise<void> {
    const { host, lmtp } = this.settings.inbound;
    const server = this.made(lmtp);
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, host, resolve);
    }).catch((error: unknown) => {
      throw cannotListen(error, port);
    });
    server.on('error', (error: Error) => {
      this.log.debug(`A connection for mail to us ended: ${error.message}`);
    });
    this.server = server;
  }

  /** Lets what is being taken finish, at most a second. */
  async stop(): Promise<void> {
    const server = this.server;
    this.server = undefined;
    if (server === undefined) return;
    await new Promise<void>((resolve) => {
      server.close(resolve);
    });
  }

  private made(lmtp: boolean): SMTPServer {
    return new SMTPServer({
      lmtp,
      size: BOUNDS.message,
      disabledCommands: ['AUTH', 'STARTTLS'],
      authOptional: true,
      disableReverseLookup: true,
      banner: 'Quorate takes answers and bounces',
      maxClients: 50,
      closeTimeout: 1_000,
      socketTimeout: 60_000,
      onRcptTo: ({ address }, session, done) => {
        done(this.refusal(address, session));
      },
      onData: (stream, session, done) => {
        this.take(stream, session).then(() => {
          done();
        }, done);
      },
    });
  }

  private refusal(address: string, { envelope }: SMTPServerSession): Error | null {
    if (!this.intake.isOurs(address)) return answer(550, 'There is no such address here');
    return envelope.rcptTo.length >= RECIPIENTS ? answer(452, 'Too many recipients: send it again for the rest') : null;
  }

  private async take(stream: SMTPServerDataStream, session: SMTPServerSession): Promise<void> {
    const bytes = await collected(stream);
    if (bytes === undefined) throw answer(552, 'The message is larger than 1 MiB');
    const { mailFrom, rcptTo } = session.envelope;
    const from = mailFrom === false || mailFrom.address === '' ? null : mailFrom.address;
    try {
      for (const { address } of rcptTo) await this.intake.keep({ recipient: address, envelopeFrom: from, bytes });
    } catch (error) {
      this.log.warn(`Mail could not be taken in: ${error instanceof Error ? error.message : 'error'}`);
      throw answer(451, 'Not now: try again later');
    }
    this.rounds.wake();
  }
}

/** All of it, or nothing when it is larger than we take; what is over the limit is read and let go. */
async function collected(stream: SMTPServerDataStream): Promise<Buffer | undefined> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of stream as AsyncIterable<Buffer>) {
    length += part.length;
    if (length <= BOUNDS.message) parts.push(part);
  }
  return stream.sizeExceeded || length > BOUNDS.message ? undefined : Buffer.concat(parts);
}

function answer(responseCode: number, message: string): Error {
  return Object.assign(new Error(message), { responseCode });
}

function cannotListen(error: unknown, port: number): unknown {
  if ((error as { code?: string }).code !== 'EADDRINUSE') return error;
  return new SettingProblem(
    `Port ${port} for incoming mail is in use by another program: set INBOUND_SMTP_PORT to a free one, or to 0 for any.`,
  );
}
