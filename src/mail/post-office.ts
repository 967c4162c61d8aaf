import { Readable } from 'node:stream';
import SMTPConnection, { type SMTPConnectionOptions } from 'nodemailer/lib/smtp-connection';
import { type Pool } from 'pg';
import { newId } from '../database/ids.js';
import { type Handover, SEND_LIMIT_MS } from './message.js';

/** A message as the worker hands it over. */
export interface Parcel {
  readonly authorityId: number;
  readonly id: string;
  readonly messageId: string;
  readonly envelopeFrom: string;
  readonly toAddress: string;
  readonly bytes: Buffer;
}

/** Where messages go: a mail server, or the built-in mailbox. */
export interface PostOffice {
  handOver(parcel: Parcel): Promise<Handover>;
  /** Was this message taken earlier? Plain SMTP cannot tell. */
  find(parcel: Pick<Parcel, 'authorityId' | 'id'>): Promise<'taken' | 'not taken' | 'cannot tell'>;
}

interface SmtpFailure extends Error {
  responseCode?: number;
  code?: string;
}

/**
 * Hands messages to a mail server, one connection for each: the library names the stage of a lost connection wrongly, so
 * we watch ourselves whether the content had begun to flow. TLS is required unless the server is on this machine.
 */
export class MailServer implements PostOffice {
  private readonly options: SMTPConnectionOptions;
  private readonly auth: { user: string; pass: string } | undefined;

  constructor(url: string) {
    const server = new URL(url);
    const host = server.hostname.replace(/[[\]]/g, '');
    const local = ['127.0.0.1', '::1', 'localhost'].includes(host);
    const secure = server.protocol === 'smtps:';
    this.options = {
      host,
      port: Number(server.port) || (secure ? 465 : 587),
      secure,
      requireTLS: !local && !secure,
      ignoreTLS: local && !secure,
      tls: { minVersion: 'TLSv1.2' },
      connectionTimeout: 10_000,
      greetingTimeout: 10_000,
      socketTimeout: SEND_LIMIT_MS - 5_000,
    };
    const [user, pass] = [server.username, server.password].map(decodeURIComponent);
    this.auth = user ? { user, pass: pass ?? '' } : undefined;
  }

  async handOver(parcel: Parcel): Promise<Handover> {
    const connection = new SMTPConnection(this.options);
    const broken = new Promise<never>((_, reject) => {
      connection.once('error', reject);
      connection.once('end', () => {
        reject(new Error('The connection ended'));
      });
    });
    broken.catch(() => undefined);
    const content = new Content(parcel.bytes);
    try {
      const accepted = await Promise.race([broken, this.send(connection, parcel, content)]);
      const taken = accepted.length === 1 && accepted[0] === parcel.toAddress;
      return taken ? { kind: 'taken' } : { kind: 'unknown', why: 'The mail server took it for somebody else' };
    } catch (error) {
      return afterFailure(error as SmtpFailure, content.begun);
    } finally {
      connection.close();
    }
  }

  async find(): Promise<'cannot tell'> {
    return 'cannot tell';
  }

  private async send(connection: SMTPConnection, parcel: Parcel, content: Content): Promise<string[]> {
    await settled((done) => {
      connection.connect(done);
    });
    const { auth } = this;
    if (auth !== undefined) {
      await settled((done) => {
        connection.login(auth, done);
      });
    }
    const envelope = { from: parcel.envelopeFrom, to: [parcel.toAddress] };
    return new Promise((resolve, reject) => {
      connection.send(envelope, content, (error, sent) => {
        if (error) reject(error);
        else resolve([...sent.accepted]);
      });
    });
  }
}

/** The bytes of a message, noting when the mail server begins to be given them. */
class Content extends Readable {
  begun = false;

  constructor(private readonly bytes: Buffer) {
    super();
  }

  override _read(): void {
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

/** A refusal by the server is certain at any stage; a silence only before the content began. */
function afterFailure(failure: SmtpFailure, contentBegun: boolean): Handover {
  const { code = 'error', responseCode = 0 } = failure;
  const why = responseCode === 0 ? code : `${code} ${responseCode}`;
  const aboutUs = ['EAUTH', 'ETLS'].includes(code);
  if (responseCode >= 500 && !aboutUs) return { kind: 'refused', why };
  if (responseCode >= 400) return { kind: 'later', why };
  return contentBegun ? { kind: 'unknown', why } : { kind: 'later', why };
}

const CATCH = `insert into caught_mail (authority_id, id, message_id, to_address, caught_at, bytes) values ($1, $2, $3, $4, $5, $6)`;

/** The built-in mailbox of a trial installation: nothing leaves the machine. */
export class BuiltInMailbox implements PostOffice {
  constructor(
    private readonly pool: Pool,
    private readonly now: () => Date,
  ) {}

  async handOver(parcel: Parcel): Promise<Handover> {
    await this.pool.query(CATCH, [parcel.authorityId, newId(), parcel.id, parcel.toAddress, this.now(), parcel.bytes]);
    return { kind: 'taken' };
  }

  async find(parcel: Pick<Parcel, 'authorityId' | 'id'>): Promise<'taken' | 'not taken'> {
    const { rowCount } = await this.pool.query(
      'select 1 from caught_mail where authority_id = $1 and message_id = $2',
      [parcel.authorityId, parcel.id],
    );
    return (rowCount ?? 0) > 0 ? 'taken' : 'not taken';
  }
}
