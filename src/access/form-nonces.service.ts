import { randomBytes, timingSafeEqual } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { Clock } from '../database/clock.js';
import { Sealing } from '../database/sealing.js';
import { type Tx } from '../database/tx.js';

/** A person reads before they press; a program does not. Seconds. */
const LEAST_MS = 2_000;
const MOST_MS = 2 * 60 * 60_000;
/** Used ones are forgotten once they could not be used again anyhow. */
const KEPT_MS = MOST_MS + 60 * 60_000;

const USE = `insert into used_nonce (authority_id, nonce_hash, used_at) values ($1, $2, $3)
  on conflict do nothing returning nonce_hash`;
const FORGET = 'delete from used_nonce where authority_id = $1 and used_at < $2';

/** What a form's nonce is worth: TOO_FAST and STALE are put right by sending the form again. */
export type NonceVerdict = 'GOOD' | 'TOO_FAST' | 'STALE';

/** What a form was shown for: the link or visit, and the revision of the meeting it showed. */
export interface FormPlace {
  readonly about: string;
  readonly revision: number;
  /** The secret of the browser, from its cookie. */
  readonly browser: string;
}

/**
 * The values that make a form of a link holder's page valid: signed over what it was shown for, when and in which browser,
 * good from 2 seconds to 2 hours after it was shown, and once. Mail scanners that send forms do so at once or in
 * another browser.
 */
@Injectable()
export class FormNonces {
  constructor(
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Sealing) private readonly sealing: Sealing,
  ) {}

  /** A nonce for a form shown now. */
  make(place: FormPlace): string {
    const shown = `${randomBytes(12).toString('base64url')}.${this.clock.now().getTime()}`;
    return `${shown}.${this.sign(shown, place)}`;
  }

  /** Judges a nonce without using it. */
  judge(nonce: string, place: FormPlace): NonceVerdict {
    const [random = '', time = '', signature = ''] = nonce.split('.');
    const expected = Buffer.from(this.sign(`${random}.${time}`, place));
    const given = Buffer.from(signature);
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) return 'STALE';
    const age = this.clock.now().getTime() - Number(time);
    if (age < LEAST_MS) return 'TOO_FAST';
    return age > MOST_MS ? 'STALE' : 'GOOD';
  }

  /** Uses a nonce up; false when it was used before, at the same time too. */
  async use(tx: Tx, nonce: string): Promise<boolean> {
    const hash = this.sealing.hash('used-nonce', nonce);
    const used = await tx.sql<unknown>(USE, [tx.by.authorityId, hash, tx.now]);
    await tx.sql(FORGET, [tx.by.authorityId, new Date(tx.now.getTime() - KEPT_MS)]);
    return used.length === 1;
  }

  private sign(shown: string, { about, revision, browser }: FormPlace): string {
    return this.sealing.hash('nonce', [shown, about, revision, browser].join('|')).toString('base64url');
  }
}
