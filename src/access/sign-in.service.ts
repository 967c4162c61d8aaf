import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { UnitOfWork } from '../database/unit-of-work.js';
import { RuleBroken } from '../errors.js';
import { parseAddress } from '../mail/address.js';
import { systemActor } from './actor.js';
import { CodesService } from './codes.service.js';
import { RateLimits } from './rate-limits.service.js';
import { StaffService } from './staff.service.js';

/** A sign-in under way, kept in the session until the code is proved. */
export interface SigningIn {
  readonly email: string;
  /** What the code is bound to. */
  readonly askedBy: string;
  /** The account it was sent for; none when there is no such account, which nobody is told. */
  readonly account: { readonly authorityId: number; readonly staffId: string } | undefined;
}

const AUTHORITY = `select name, short_name as "shortName", phone as telephone from authority where id = $1`;

/** Signing in by a code to the address of a registered account: an interim until an identity provider is connected. */
@Injectable()
export class SignInService {
  constructor(
    @Inject(UnitOfWork) private readonly work: UnitOfWork,
    @Inject(StaffService) private readonly staff: StaffService,
    @Inject(CodesService) private readonly codes: CodesService,
    @Inject(RateLimits) private readonly limits: RateLimits,
  ) {}

  /** Sends a code if the address has an account; says the same if not. Throws INVALID_EMAIL and TOO_MANY_TRIES. */
  async ask(typed: string, from: string): Promise<SigningIn> {
    const email = parseAddress(typed);
    if (email === undefined) {
      throw new RuleBroken(
        'INVALID_EMAIL',
        'Enter an email address in the correct format, like name@example.com',
        'email',
      );
    }
    await this.mustBeWithin(`sign-in:${email.toLowerCase()}`, `sign-in-from:${from}`);
    const [account] = await this.staff.byEmail(email);
    const askedBy = `sign-in:${randomUUID()}`;
    if (account === undefined) return { email, askedBy, account: undefined };
    const { authorityId, id, name } = account;
    const authority = await this.authorityOf(authorityId);
    const request = { personId: id, name, address: account.email, askedBy, authority };
    await this.codes.ask(systemActor(authorityId), request).catch(sayNothing);
    return { email, askedBy, account: { authorityId, staffId: id } };
  }

  /** The account that is now signed in. Throws CODE_WRONG, CODE_EXPIRED or TOO_MANY_TRIES. */
  async prove(signingIn: SigningIn, typed: string): Promise<{ authorityId: number; staffId: string }> {
    const { account, askedBy } = signingIn;
    await this.mustBeWithin(`sign-in-proof:${askedBy}`);
    if (account === undefined)
      throw new RuleBroken('CODE_WRONG', 'The code is not right. Check it and try again', 'code');
    const attempt = { personId: account.staffId, askedBy, typed };
    await this.codes.prove(systemActor(account.authorityId), attempt);
    return account;
  }

  private async authorityOf(id: number): Promise<{ name: string; shortName: string; telephone: string }> {
    const rows = await this.work.run(systemActor(id), (tx) =>
      tx.sql<{ name: string; shortName: string; telephone: string }>(AUTHORITY, [id]),
    );
    return rows[0] ?? { name: '', shortName: '', telephone: '' };
  }

  private async mustBeWithin(...keys: string[]): Promise<void> {
    const limits = keys.map((key) => ({ key, most: 20, minutes: 15 }));
    if (await this.limits.within(...limits)) return;
    throw new RuleBroken('TOO_MANY_TRIES', 'There have been too many tries. Wait 15 minutes and try again');
  }
}

/** Too many codes for an account is not said to whoever asks: it would tell that the account exists. */
function sayNothing(error: unknown): void {
  if (!(error instanceof RuleBroken)) throw error instanceof Error ? error : new Error('A code could not be sent');
}
