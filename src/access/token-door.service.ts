import { timingSafeEqual } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { Clock } from '../database/clock.js';
import { Sealing } from '../database/sealing.js';
import { UnitOfWork } from '../database/unit-of-work.js';
import { type Actor, type Scope, systemActor } from './actor.js';
import { readToken } from './partner-token.js';

/** A token that was found good is believed this long, so that taking it back works within a second everywhere. */
const BELIEVED_MS = 900;
const BELIEVED_AT_MOST = 2_000;

interface Found {
  readonly authority_id: number;
  readonly id: string;
  readonly agency_id: string;
  readonly name: string;
  readonly secret_hash: Buffer;
  readonly scopes: Scope[];
  readonly expires_at: Date;
  readonly revoked_at: Date | null;
}

interface Believed {
  readonly actor: Actor;
  readonly expiresAt: Date;
  readonly until: number;
}

const BY_KEY = 'select * from partner_token_by_key($1)';
const USED = `update partner_token set last_used_on = $3::date where authority_id = $1 and id = $2
  and (last_used_on is null or last_used_on < $3::date)`;

/** Finds out which partner's system a token belongs to. */
@Injectable()
export class TokenDoor {
  private believed = new Map<string, Believed>();
  private readonly usedOn = new Map<string, string>();

  constructor(
    @Inject(UnitOfWork) private readonly work: UnitOfWork,
    @Inject(Sealing) private readonly sealing: Sealing,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  /** The partner's system acting for its agency; nobody for a token that is unknown, expired or taken back. */
  async open(token: string): Promise<Actor | undefined> {
    const form = readToken(token);
    if (form === undefined) return undefined;
    const hash = this.sealing.hash('partner', token);
    const known = this.believed.get(hash.toString('base64'));
    const now = this.clock.now();
    const found =
      known !== undefined && known.until > performance.now() ? known : await this.believe(form.keyId, hash, now);
    return found !== undefined && found.expiresAt > now ? found.actor : undefined;
  }

  /** Believes nothing any more without asking the database again. */
  forget(): void {
    this.believed = new Map();
  }

  private async believe(keyId: string, hash: Buffer, now: Date): Promise<Believed | undefined> {
    const found = await this.find(keyId, hash);
    if (found?.revoked_at !== null || found.expires_at <= now) return undefined;
    await this.noteUse(found, now.toISOString().slice(0, 10));
    if (this.believed.size >= BELIEVED_AT_MOST) this.forget();
    const until = performance.now() + BELIEVED_MS;
    const believed = { actor: actorOf(found), expiresAt: found.expires_at, until };
    this.believed.set(hash.toString('base64'), believed);
    return believed;
  }

  private async find(keyId: string, hash: Buffer): Promise<Found | undefined> {
    const rows = await this.work.outside((sql) => sql<Found>(BY_KEY, [keyId]));
    return rows.find(({ secret_hash: kept }) => kept.length === hash.length && timingSafeEqual(kept, hash));
  }

  /** Once a day is enough to see which tokens nobody uses. */
  private async noteUse({ authority_id: authorityId, id }: Found, today: string): Promise<void> {
    if (this.usedOn.get(id) === today) return;
    await this.work.run(systemActor(authorityId), (tx) => tx.sql(USED, [authorityId, id, today]));
    this.usedOn.set(id, today);
  }
}

function actorOf({ authority_id: authorityId, id, agency_id: agencyId, name, scopes }: Found): Actor {
  return { kind: 'PARTNER', authorityId, id, name, knowsAs: agencyId, agencyId, roles: [], scopes };
}
