import { Readable } from 'node:stream';
import SMTPConnection, { type SMTPConnectionOptions } from 'nodemailer/lib/smtp-connection';
import { type Parcel } from './post-office.js';

/** How the library reports a failure. */
export interface SmtpFailure extends Error {
  responseCode?: number;
  response?: string;
  code?: string;
  /** What the server was asked when it failed. */
  command?: string;
}

export interface Login {
  readonly user: string;
  readonly pass: string;
}

/** What the server said when it took a message, and whom it took it for. */
export interface Accepted {
  readonly accepted: readonly string[];
  readonly answer: string;
}

/** One connection to a mail server, used for one message after another. */
export class SmtpLine {
  private readonly connection: SMTPConnection;
  private readonly ended: Promise<never>;
  private isOpen = false;
  /** Set by a message that failed: the server's half of it is taken back before the next. */
  private leftovers = false;
  /** It broke or was closed: good for nothing any more. */
  isBroken = false;
  /** Messages it was used for. */
  uses = 0;
  idleSince = 0;

  constructor(
    options: SMTPConnectionOptions,
    private readonly login: Login | undefined,
  ) {
    this.connection = new SMTPConnection(options);
    this.ended = new Promise<never>((_, reject) => {
      this.connection.on('error', (error: Error) => {
        this.isBroken = true;
        reject(error);
      });
      // After a 421 the library says that the line ended before it says what the server answered.
      this.connection.once('end', () => {
        this.isBroken = true;
        setImmediate(() => {
          reject(new Error('The connection ended'));
        });
      });
    });
    this.ended.catch(() => undefined);
  }

  /** Sends one message; rejects with what the server said, or with how the connection broke. */
  async send(parcel: Parcel, content: Content): Promise<Accepted> {
    this.uses += 1;
    return Promise.race([this.ended, this.whole(parcel, content)]);
  }

  /** After a refusal the line may be used again, once the server has forgotten what it refused. */
  keepAfterRefusal(): void {
    this.leftovers = true;
  }

  close(): void {
    this.isBroken = true;
    this.connection.close();
  }

  private async whole(parcel: Parcel, content: Content): Promise<Accepted> {
    if (!this.isOpen) await this.open();
    if (this.leftovers)
      await settled((done) => {
        this.connection.reset(done);
      });
    this.leftovers = false;
    const envelope = { from: parcel.envelopeFrom, to: [parcel.toAddress] };
    return new Promise((resolve, reject) => {
      this.connection.send(envelope, content, (error, sent) => {
        if (error) reject(error);
        else resolve({ accepted: [...sent.accepted], answer: sent.response });
      });
    });
  }

  private async open(): Promise<void> {
    await settled((done) => {
      this.connection.connect(done);
    });
    const { login } = this;
    if (login !== undefined) {
      await settled((done) => {
        this.connection.login({ ...login }, done);
      });
    }
    this.isOpen = true;
  }
}

/** The bytes of a message, noting when the mail server begins to be given them; after the deadline it gives none. */
export class Content extends Readable {
  begun = false;

  constructor(
    private readonly bytes: Buffer,
    private readonly deadline: number,
  ) {
    super();
  }

  override _read(): void {
    if (this.begun) return;
    if (performance.now() > this.deadline) {
      this.destroy(new Error('It was too late to begin'));
      return;
    }
    this.begun = true;
    this.push(this.bytes);
    this.push(null);
  }
}

async function settled(work: (done: (error?: Error | null) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    work((error) => {
      if (error) reject(error);
      else resolve();
    });
  });
}
