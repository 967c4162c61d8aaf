import { argon2, randomBytes, randomInt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { Inject, Injectable } from '@nestjs/common';
import { newId } from '../database/ids.js';
import { type Tx } from '../database/tx.js';
import { UnitOfWork } from '../database/unit-of-work.js';
import { Outbox } from '../mail/outbox.js';
import { type Actor } from './actor.js';
import {
  CODE_TRIES,
  EmailedCode,
  mayAskForCode,
  readCode,
  tooManyCodes,
  type Tried,
  writeCode,
  wrongCode,
} from './emailed-code.js';

/** Who is sent a code, and for what. */
export interface CodeRequest {
  /** The contact or member of staff; limits count for them. */
  readonly personId: string;
  readonly name: string;
  /** Their registered address, never one that was typed in. */
  readonly address: string;
  /** The visit or session, in which alone the code counts. */
  readonly askedBy: string;
  readonly authority: { readonly name: string; readonly shortName: string; readonly telephone: string };
}

/** A code as somebody typed it. */
export interface CodeTry {
  readonly personId: string;
  readonly askedBy: string;
  readonly typed: string;
}

const ONE_AT_A_TIME = `select pg_advisory_xact_lock($1::int, hashtext('code:' || $2::text))`;
const SENT = `select created_at as at from emailed_code where authority_id = $1 and person_id = $2 and created_at > $3
  order by created_at desc limit 20`;
const FORGET = `delete from emailed_code where authority_id = $1 and person_id = $2 and created_at < $3`;
const LATEST = `select id, code_hash, expires_at, used_at, tries from emailed_code
  where authority_id = $1 and person_id = $2 and asked_by = $3 order by created_at desc, id desc limit 1 for update`;
const TRIED = `update emailed_code set tries = tries + 1, used_at = $3 where authority_id = $1 and id = $2`;

const DAY_MS = 24 * 60 * 60_000;
const derive = promisify(argon2);

interface CodeRow {
  readonly id: string;
  readonly code_hash: string;
  readonly expires_at: Date;
  readonly used_at: Date | null;
  readonly tries: number;
}

/** Codes sent to registered addresses, for people without an account and for staff who sign in. */
@Injectable()
export class CodesService {
  constructor(
    @Inject(UnitOfWork) private readonly work: UnitOfWork,
    @Inject(Outbox) private readonly outbox: Outbox,
  ) {}

  /** Sends a code. Throws TOO_MANY_TRIES after 3 in 15 minutes or 10 in a day, and notes the latter in the history. */
  async ask(by: Actor, request: CodeRequest): Promise<void> {
    const may = await this.work.run(by, async (tx) => {
      await tx.sql(ONE_AT_A_TIME, [tx.by.authorityId, request.personId]);
      const since = new Date(tx.now.getTime() - DAY_MS);
      const sent = await tx.sql<{ at: Date }>(SENT, [tx.by.authorityId, request.personId, since]);
      const answer = mayAskForCode(
        sent.map(({ at }) => at),
        tx.now,
      );
      if (answer === 'YES') await this.send(tx, request, since);
      if (answer === 'TOMORROW') await tell(tx, 'code.refused', request.personId);
      return answer;
    });
    if (may !== 'YES') throw tooManyCodes(may);
  }

  /**
   * Tries a code; `proved` is done in the same transaction when it is right. Throws CODE_WRONG, CODE_EXPIRED or
   * TOO_MANY_TRIES. Each try is counted in the row under its lock and kept though the code is wrong, so that tries at
   * the same time count one by one.
   */
  async prove(by: Actor, attempt: CodeTry, proved?: (tx: Tx) => Promise<void>): Promise<void> {
    const digits = readCode(attempt.typed);
    const tried = await this.work.run(by, async (tx) => {
      const result = await this.attempt(tx, attempt, digits);
      if (result === 'RIGHT') {
        await tell(tx, 'code.proved', attempt.personId);
        await proved?.(tx);
      }
      return result;
    });
    if (tried !== 'RIGHT') throw wrongCode(tried);
  }

  private async attempt(tx: Tx, { personId, askedBy }: CodeTry, digits: string): Promise<Tried> {
    const [row] = await tx.sql<CodeRow>(LATEST, [tx.by.authorityId, personId, askedBy]);
    if (row?.used_at !== null || row.expires_at <= tx.now) return 'EXPIRED';
    if (row.tries >= CODE_TRIES) return 'USED_UP';
    const right = await matches(row.code_hash, digits);
    await tx.sql(TRIED, [tx.by.authorityId, row.id, right ? tx.now : null]);
    return right ? 'RIGHT' : 'WRONG';
  }

  private async send(tx: Tx, request: CodeRequest, since: Date): Promise<void> {
    const { personId, askedBy, authority } = request;
    const digits = String(randomInt(100_000_000)).padStart(8, '0');
    const facts = { authorityId: tx.by.authorityId, id: newId(), personId, askedBy, createdAt: tx.now };
    const code = EmailedCode.sent({ ...facts, codeHash: await hash(digits) });
    await tx.sql(FORGET, [tx.by.authorityId, personId, since]);
    await tx.insert(EmailedCode, code);
    await this.outbox.queue(tx, {
      purpose: 'CODE',
      stream: `code:${personId}`,
      dedupeKey: `code:${code.id}`,
      to: { name: request.name, address: request.address },
      from: this.outbox.plainFrom(authority),
      subject: 'Your code',
      notAfter: code.expiresAt,
      urgent: true,
      words: {
        greeting: `Dear ${request.name}`,
        paragraphs: [
          `Your code is ${writeCode(digits)}`,
          'Type it into the page that asked for it. It works once, for 10 minutes, in the browser you asked in.',
          'Nobody of the council will ever ask you for this code. If you did not ask for it, somebody else has a message ' +
            'that was sent to you: ring us.',
        ],
        footer: [`Questions? Ring ${authority.name} on ${authority.telephone}.`],
      },
    });
  }
}

async function tell(tx: Tx, action: string, personId: string): Promise<void> {
  await tx.record({ action, object: `person:${personId}`, details: {} });
}

/** argon2id with 19 MiB and two passes (OWASP's least), about 20 ms: a stolen table is slow to search. */
async function digest(digits: string, salt: Buffer): Promise<Buffer> {
  const cost = { parallelism: 1, tagLength: 32, memory: 19 * 1024, passes: 2 };
  return derive('argon2id', { message: digits, nonce: salt, ...cost });
}

async function hash(digits: string): Promise<string> {
  const salt = randomBytes(16);
  return `${salt.toString('base64url')}.${(await digest(digits, salt)).toString('base64url')}`;
}

async function matches(kept: string, digits: string): Promise<boolean> {
  const [salt = '', expected = ''] = kept.split('.');
  const found = await digest(digits, Buffer.from(salt, 'base64url'));
  const wanted = Buffer.from(expected, 'base64url');
  return found.length === wanted.length && timingSafeEqual(found, wanted);
}
