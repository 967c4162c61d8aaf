import { type SMTPConnectionOptions } from 'nodemailer/lib/smtp-connection';
import { type Handover } from '../message.js';
import { type Parcel, type PostOffice } from './post-office.js';
import { Content, type Login, type SmtpFailure, SmtpLine } from './smtp-line.js';

/** A line idle for longer is closed: mail servers end silent ones themselves, some after ten seconds. */
const IDLE_MS = 5_000;
/** Messages on one line before it is closed: many servers take no more than a hundred. */
const USES = 100;
const LONGEST_ANSWER = 300;

/** Is the mail server on this machine, so that nobody listens in between? */
export function isLocalServer(url: string): boolean {
  return ['127.0.0.1', '[::1]', 'localhost'].includes(new URL(url).hostname);
}

/**
 * Hands messages to a mail server over lines that are kept for the next message. The library names the stage of a lost
 * connection wrongly, so we watch ourselves whether the content had begun to flow. TLS 1.2 with a certificate that fits
 * is required unless the server is on this machine.
 */
export class MailServer implements PostOffice {
  private readonly options: SMTPConnectionOptions;
  private readonly login: Login | undefined;
  private readonly idle: SmtpLine[] = [];
  private sweeping: NodeJS.Timeout | undefined;

  /** `limitMs`: how long the server may be silent; `ca`: the certificate (PEM) of an authority of one's own. */
  constructor(url: string, { limitMs, ca }: { limitMs: number; ca?: string | undefined }) {
    const server = new URL(url);
    const host = server.hostname.replace(/[[\]]/g, '');
    const local = isLocalServer(url);
    const secure = server.protocol === 'smtps:';
    this.options = {
      host,
      port: Number(server.port) || (secure ? 465 : 587),
      secure,
      requireTLS: !local && !secure,
      ignoreTLS: local && !secure,
      tls: { minVersion: 'TLSv1.2', ...(ca === undefined ? {} : { ca }) },
      connectionTimeout: 10_000,
      greetingTimeout: 10_000,
      socketTimeout: limitMs,
    };
    const [user, pass] = [server.username, server.password].map(decodeURIComponent);
    this.login = user ? { user, pass: pass ?? '' } : undefined;
  }

  async handOver(parcel: Parcel, deadline: number): Promise<Handover> {
    const kept = this.idle.pop();
    if (kept !== undefined) {
      const outcome = await this.over(kept, parcel, deadline);
      if (outcome !== 'stale') return outcome;
    }
    const outcome = await this.over(new SmtpLine(this.options, this.login), parcel, deadline);
    return outcome === 'stale' ? { kind: 'later', why: 'The connection ended' } : outcome;
  }

  close(): void {
    clearInterval(this.sweeping);
    this.sweeping = undefined;
    for (const line of this.idle.splice(0)) line.close();
  }

  private async over(line: SmtpLine, parcel: Parcel, deadline: number): Promise<Handover | 'stale'> {
    const content = new Content(parcel.bytes, deadline);
    const wasKept = line.uses > 0;
    const limit = setTimeout(
      () => {
        line.close();
      },
      Math.max(0, deadline - performance.now()),
    );
    try {
      const { accepted, answer } = await line.send(parcel, content);
      const isTaken = accepted.length === 1 && accepted[0] === parcel.toAddress;
      if (!isTaken) throw new Error('The mail server took it for somebody else');
      this.keep(line);
      return { kind: 'taken', answer: short(answer) };
    } catch (error) {
      const failure = error as SmtpFailure;
      this.afterFailure(line, failure);
      const isStale = wasKept && !content.begun && isAboutTheLine(failure) && performance.now() < deadline;
      return isStale ? 'stale' : meaning(failure, content.begun);
    } finally {
      clearTimeout(limit);
      content.destroy();
    }
  }

  private afterFailure(line: SmtpLine, failure: SmtpFailure): void {
    const { responseCode = 0 } = failure;
    if (responseCode < 400 || responseCode === 421 || !isAboutTheMessage(failure)) {
      line.close();
      return;
    }
    line.keepAfterRefusal();
    this.keep(line);
  }

  private keep(line: SmtpLine): void {
    if (line.isBroken || line.uses >= USES) {
      line.close();
      return;
    }
    line.idleSince = performance.now();
    this.idle.push(line);
    this.sweeping ??= setInterval(() => {
      this.sweep();
    }, 1_000).unref();
  }

  private sweep(): void {
    const before = performance.now() - IDLE_MS;
    for (const line of this.idle.splice(0)) {
      if (line.isBroken || line.idleSince < before) line.close();
      else this.idle.push(line);
    }
    if (this.idle.length === 0) {
      clearInterval(this.sweeping);
      this.sweeping = undefined;
    }
  }
}

const isAboutTheMessage = ({ command }: SmtpFailure): boolean => command === 'RCPT TO' || command === 'DATA';

/** A line that was kept turns out to be dead: no answer, a farewell, or a server that will not forget the last message. */
const isAboutTheLine = ({ responseCode = 0, command }: SmtpFailure): boolean =>
  responseCode === 0 || responseCode === 421 || command === 'RSET';

/**
 * A refusal of this recipient or this content by the server is final; one of ourselves (at the greeting, at signing in,
 * of the sender) would be one of every message, so it waits. A 4xx is certain at any stage; a silence only before the
 * content began.
 */
function meaning(failure: SmtpFailure, contentBegun: boolean): Handover {
  const status = failure.responseCode ?? 0;
  const said = { why: codeOf(failure), answer: short(failure.response ?? failure.message) };
  if (status < 400) return { kind: contentBegun ? 'unknown' : 'later', ...said };
  return { kind: status >= 500 && isAboutTheMessage(failure) ? 'refused' : 'later', ...said };
}

const codeOf = ({ code = 'error', responseCode }: SmtpFailure): string =>
  responseCode ? `${code} ${responseCode}` : code;

function short(answer: string): string {
  return answer.replace(/[\p{Cc}\p{Cs}]+/gu, ' ').slice(0, LONGEST_ANSWER);
}
