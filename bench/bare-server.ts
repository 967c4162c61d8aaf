/**
 * The yardstick: `node:http` and `pg` and nothing else, answering the same questions for the same people under the same
 * row-level security. What it leaves out is what the service is for: any other question.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { Pool, type PoolClient } from 'pg';
import { contextStatements } from '../src/database/context.js';
import { type Actor } from '../src/access/actor.js';
import { answerInvitation } from './bare-answer.js';
import { MEETING, OPEN_ACTIONS, UPCOMING } from './bare.sql.js';
import { type Asker, serveMeasured, type ServerPlan } from './protocol.js';

/** A question of the yardstick: which of the four, and its one value. */
interface Asked {
  readonly question: 'meeting' | 'upcoming' | 'actions' | 'answer';
  readonly value: string;
  readonly kind?: string;
}

interface Known {
  readonly hash: Buffer;
  readonly by: Asker;
  readonly context: string;
}

const READS = {
  meeting: { name: 'meeting', text: MEETING },
  upcoming: { name: 'upcoming', text: UPCOMING },
  actions: { name: 'actions', text: OPEN_ACTIONS },
} as const;

class BareServer {
  private readonly pool: Pool;
  private readonly known = new Map<string, Known>();
  readonly server = createServer((req, res) => {
    this.handle(req, res).catch((error: unknown) => {
      process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
      res.writeHead(500).end('{}');
    });
  });

  constructor(private readonly plan: ServerPlan) {
    this.pool = new Pool({ connectionString: plan.databaseUrl, max: plan.poolSize });
    this.pool.on('error', () => undefined);
    for (const by of plan.askers) {
      const hash = this.hash(by.token);
      this.known.set(hash.toString('base64'), { hash, by, context: contextStatements(actorOf(by)) });
    }
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await this.pool.end();
  }

  private async handle(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const known = this.whoAsks(req.headers.authorization ?? '');
    const parts: Buffer[] = [];
    for await (const part of req) parts.push(part as Buffer);
    if (known === undefined) {
      res.writeHead(401).end();
      return;
    }
    const asked = JSON.parse(Buffer.concat(parts).toString('utf8')) as Asked;
    const answer =
      asked.question === 'answer'
        ? await this.write(known, asked)
        : await this.read(known, asked.question, asked.value);
    const body = Buffer.from(`{"data":${answer}}\n`);
    res.writeHead(200, { 'content-type': 'application/json; charset=utf-8', 'content-length': body.length }).end(body);
  }

  private whoAsks(authorization: string): Known | undefined {
    const hash = this.hash(authorization.slice('Bearer '.length));
    const known = this.known.get(hash.toString('base64'));
    return known !== undefined && timingSafeEqual(known.hash, hash) ? known : undefined;
  }

  private hash(token: string): Buffer {
    return createHmac('sha256', this.plan.linkPepper).update(`partner|${token}`).digest();
  }

  private async read({ by, context }: Known, question: keyof typeof READS, value: string): Promise<string> {
    const client = await this.pool.connect();
    try {
      await client.query('BEGIN READ ONLY; ' + context);
      const { rows } = await client.query<{ answer: string }>({ ...READS[question], values: [by.authorityId, value] });
      end(client, 'COMMIT');
      return rows[0]?.answer ?? 'null';
    } catch (error) {
      end(client, 'ROLLBACK');
      throw error;
    }
  }

  private async write({ by, context }: Known, { value, kind = 'ACCEPTED' }: Asked): Promise<string> {
    const client = await this.pool.connect();
    try {
      await client.query('BEGIN; ' + context);
      const answer = await answerInvitation(client, this.plan, by, { invitationId: value, kind });
      await client.query('COMMIT');
      client.release();
      return `{"recordAnswer":{"invitation":${answer},"problems":[]}}`;
    } catch (error) {
      end(client, 'ROLLBACK');
      throw error;
    }
  }
}

/** Ends a transaction that nobody waits for. */
function end(client: PoolClient, how: 'COMMIT' | 'ROLLBACK'): void {
  client.query(how).then(
    () => {
      client.release();
    },
    () => {
      client.release(true);
    },
  );
}

function actorOf({ authorityId, staffId, name }: Asker): Actor {
  return { kind: 'STAFF', authorityId, id: staffId, knowsAs: staffId, name, roles: ['COORDINATOR'], scopes: [] };
}

serveMeasured(async (plan) => {
  const bare = new BareServer(plan);
  await new Promise<void>((resolve) => bare.server.listen(0, '127.0.0.1', resolve));
  return { server: bare.server, stop: () => bare.stop() };
});
