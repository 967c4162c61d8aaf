import { type Pool } from 'pg';

/** A message whose fate is unknown. */
export interface Doubtful {
  readonly authorityId: number;
  readonly id: string;
  /** With its angle brackets. */
  readonly messageId: string;
}

/** UNREACHABLE: nobody answered, so it is asked again before anything is repeated. */
export type Finding = 'TAKEN' | 'NOT_TAKEN' | 'CANNOT_TELL' | 'UNREACHABLE';

/** Answers whether a message was taken, before any repeat of it. */
export interface DeliveryOracle {
  find(message: Doubtful): Promise<Finding>;
}

/** Plain SMTP: nobody can tell. */
export class NoOracle implements DeliveryOracle {
  async find(): Promise<Finding> {
    return 'CANNOT_TELL';
  }
}

const ANSWER_MS = 10_000;
const LONGEST_ANSWER = 10_000;

/** Asks the mail server's own log over HTTP: `GET <url>?id=<Message-ID>` answers `{"taken": true | false | null}`. */
export class LookupOracle implements DeliveryOracle {
  constructor(private readonly url: string) {}

  async find({ messageId }: Doubtful): Promise<Finding> {
    const url = new URL(this.url);
    url.searchParams.set('id', messageId);
    try {
      const signal = AbortSignal.timeout(ANSWER_MS);
      const answer = await fetch(url, { signal, redirect: 'error', headers: { accept: 'application/json' } });
      const text = await answer.text();
      return answer.status === 200 && text.length <= LONGEST_ANSWER ? meaning(text) : 'UNREACHABLE';
    } catch {
      return 'UNREACHABLE';
    }
  }
}

function meaning(text: string): Finding {
  const { taken } = JSON.parse(text) as { taken?: unknown };
  if (taken === true) return 'TAKEN';
  if (taken === false) return 'NOT_TAKEN';
  return taken === null ? 'CANNOT_TELL' : 'UNREACHABLE';
}

const CAUGHT = 'select 1 from caught_mail where authority_id = $1 and message_id = $2';

/** The built-in mailbox always knows. */
export class MailboxOracle implements DeliveryOracle {
  constructor(private readonly pool: Pool) {}

  async find({ authorityId, id }: Doubtful): Promise<Finding> {
    const { rowCount } = await this.pool.query(CAUGHT, [authorityId, id]);
    return (rowCount ?? 0) > 0 ? 'TAKEN' : 'NOT_TAKEN';
  }
}
