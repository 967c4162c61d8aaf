import { randomBytes } from 'node:crypto';
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { newId } from '../database/ids.js';
import { Sealing } from '../database/sealing.js';
import { type Tx } from '../database/tx.js';
import { UnitOfWork } from '../database/unit-of-work.js';
import { NotAllowed, RuleBroken } from '../errors.js';
import { Listeners } from '../history/listeners.js';
import { type Actor, administers, type Scope } from './actor.js';
import { KEY_LENGTH, lettersFrom, PartnerToken, SECRET_LENGTH, writeToken } from './partner-token.js';
import { TokenDoor } from './token-door.service.js';

/** A token as the page of partner systems shows it; the token itself is nowhere. */
export interface PartnerRow {
  readonly id: string;
  readonly name: string;
  readonly agencyId: string;
  readonly agencyName: string;
  readonly keyId: string;
  readonly scopes: Scope[];
  readonly issuedBy: string;
  readonly issuedAt: Date;
  readonly expiresAt: Date;
  readonly lastUsedOn: string | null;
  readonly revokedAt: Date | null;
}

const ROWS = `select t.id, t.name, t.agency_id as "agencyId", a.name as "agencyName", t.key_id as "keyId", t.scopes, s.name as "issuedBy",
    t.issued_at as "issuedAt", t.expires_at as "expiresAt", t.last_used_on::text as "lastUsedOn", t.revoked_at as "revokedAt"
  from partner_token t join agency a on a.authority_id = t.authority_id and a.id = t.agency_id
  join staff s on s.authority_id = t.authority_id and s.id = t.issued_by
  where t.authority_id = $1 order by t.revoked_at is not null, t.issued_at desc, t.id limit 500`;

const AGENCIES = `select id, name from agency where authority_id = $1 and (ended_on is null or ended_on > $2::date)
  order by lower(name), id limit 5000`;

const AGENCY = `select true as there from agency where authority_id = $1 and id = $2 and (ended_on is null or ended_on > $3::date)`;
const KIND = `select demonstration from authority where id = $1`;
const OF_AGENCY = 'select id from partner_token where authority_id = $1 and agency_id = $2 and revoked_at is null';

export interface NewToken {
  readonly agencyId: string;
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly expiresAt: Date;
}

/** Tokens of partners' systems: issued and taken back by those who keep accounts. */
@Injectable()
export class PartnersService implements OnModuleInit {
  constructor(
    @Inject(UnitOfWork) private readonly work: UnitOfWork,
    @Inject(Sealing) private readonly sealing: Sealing,
    @Inject(TokenDoor) private readonly door: TokenDoor,
    @Inject(Listeners) private readonly listeners: Listeners,
  ) {}

  /** The tokens of an agency that is no more stop with it. */
  onModuleInit(): void {
    this.listeners.on('agency.ended', async (tx, { object }) => {
      const rows = await tx.sql<{ id: string }>(OF_AGENCY, [tx.by.authorityId, object.slice(object.indexOf(':') + 1)]);
      for (const { id } of rows) await this.revokeIn(tx, id);
    });
  }

  /** Issues a token and answers with it: it is shown this once. Throws REQUIRED, INVALID, INVALID_DATE, UNSAFE_TEXT. */
  async issue(by: Actor, given: NewToken): Promise<{ token: string; issued: PartnerToken }> {
    mustAdminister(by);
    return this.work.run(by, async (tx) => {
      const { authorityId } = by;
      const today = tx.now.toISOString().slice(0, 10);
      const [agency] = await tx.sql(AGENCY, [authorityId, given.agencyId, today]);
      if (agency === undefined) throw new RuleBroken('INVALID', 'Choose the agency the system belongs to', 'agency');
      const [authority] = await tx.sql<{ demonstration: boolean }>(KIND, [authorityId]);
      const keyId = letters(KEY_LENGTH);
      const token = writeToken(authority?.demonstration === true ? 'test' : 'live', keyId, letters(SECRET_LENGTH));
      const issued = PartnerToken.issue({
        ...{ authorityId, id: newId(), keyId, issuedBy: by.id, issuedAt: tx.now },
        ...given,
        scopes: [...given.scopes],
        secretHash: this.sealing.hash('partner', token),
      });
      await tx.insert(PartnerToken, issued);
      await tx.record(issued.issued());
      return { token, issued };
    });
  }

  /** Takes a token back: it stops within a second, everywhere. */
  async revoke(by: Actor, id: string): Promise<void> {
    mustAdminister(by);
    await this.work.run(by, (tx) => this.revokeIn(tx, id));
  }

  /** Every token of the authority, those that still work first. */
  async list(by: Actor): Promise<PartnerRow[]> {
    mustAdminister(by);
    return this.work.run(by, (tx) => tx.sql<PartnerRow>(ROWS, [by.authorityId]));
  }

  /** The agencies a token can belong to. */
  async agencies(by: Actor): Promise<{ id: string; name: string }[]> {
    mustAdminister(by);
    return this.work.run(by, (tx) => tx.sql(AGENCIES, [by.authorityId, tx.now.toISOString().slice(0, 10)]));
  }

  private async revokeIn(tx: Tx, id: string): Promise<void> {
    const token = await tx.lock(PartnerToken, id);
    const revoked = token.revoke(tx.now);
    if (revoked === null) return;
    await tx.save(token);
    await tx.record(revoked);
    tx.afterCommit(() => {
      this.door.forget();
    });
  }
}

function mustAdminister(by: Actor): void {
  if (by.kind === 'STAFF' && administers(by)) return;
  throw new NotAllowed(
    'You cannot keep the tokens of partner systems',
    'A coordinator or an administrator of the authority',
  );
}

/** So many random letters and digits. */
function letters(count: number): string {
  let found = '';
  while (found.length < count) found += lettersFrom(randomBytes(count));
  return found.slice(0, count);
}
