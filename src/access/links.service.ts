import { randomBytes } from 'node:crypto';
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { type Settings, SETTINGS } from '../config.js';
import { newId } from '../database/ids.js';
import { Sealing } from '../database/sealing.js';
import { type Tx } from '../database/tx.js';
import { UnitOfWork } from '../database/unit-of-work.js';
import { type Change } from '../history/change.js';
import { Listeners } from '../history/listeners.js';
import { paths } from '../web/paths.js';
import { type Actor, systemActor } from './actor.js';
import { type FoundLink, linkActor } from './found-link.js';
import { Link, type LinkPurpose, OPENING_LINKS, type RevokedReason, SECRET_FORM } from './link.js';

const HOLDER = `select c.name, c.status, a.name as authority, a.short_name, a.phone,
    (select count(*)::int from link n where n.authority_id = $1 and n.target_id = $3 and n.contact_id = $2
      and n.purpose = $4 and (n.created_at, n.id) > ($5, $6)) as newer
  from contact c join authority a on a.id = c.authority_id where c.authority_id = $1 and c.id = $2`;

const REVOKE = `with stopped as (
    update link set revoked_at = $2, revoked_reason = $3 where authority_id = $1 and revoked_at is null
      and ($4::uuid is null or contact_id = $4) and ($5::uuid is null or target_id = $5) and ($6::text is null or purpose = $6)
    returning id)
  update visit set ended_at = $2 where authority_id = $1 and ended_at is null and link_id in (select id from stopped)`;

interface Holder {
  readonly name: string;
  readonly status: string;
  readonly authority: string;
  readonly short_name: string;
  readonly phone: string;
  readonly newer: number;
}

/** Which links: those that fit everything given. */
export interface WhichLinks {
  readonly contactId?: string;
  readonly targetId?: string;
  readonly purpose?: LinkPurpose;
}

/** Emailed links: made for one message, found by their secret, taken back. */
@Injectable()
export class LinksService implements OnModuleInit {
  constructor(
    @Inject(SETTINGS) private readonly settings: Settings,
    @Inject(Sealing) private readonly sealing: Sealing,
    @Inject(UnitOfWork) private readonly work: UnitOfWork,
    @Inject(Listeners) private readonly listeners: Listeners,
  ) {}

  /** The links of somebody who is gone stop with the change that says so. */
  onModuleInit(): void {
    this.stopOn('contact.left', 'LEFT');
    this.stopOn('contact.merged', 'LEFT');
    this.stopOn('contact.address-changing', 'COORDINATOR');
  }

  /** A new link for one message: the full address, `<base>/i/<43 characters>`. The secret is kept nowhere. */
  async mint(tx: Tx, to: { contactId: string; purpose: LinkPurpose; targetId: string }): Promise<string> {
    const secret = randomBytes(32).toString('base64url');
    const { authorityId } = tx.by;
    const secretHash = this.sealing.hash('link', secret);
    await tx.insert(Link, Link.to({ authorityId, id: newId(), secretHash, createdAt: tx.now, ...to }));
    return `${this.settings.baseUrl}${paths.link(secret)}`;
  }

  /** Stops links and ends the visits they opened, from the commit on. */
  async revoke(tx: Tx, which: WhichLinks, reason: RevokedReason): Promise<void> {
    const { contactId = null, targetId = null, purpose = null } = which;
    if (contactId === null && targetId === null) throw new Error('Revoke which links?');
    await tx.sql(REVOKE, [tx.by.authorityId, tx.now, reason, contactId, targetId, purpose]);
  }

  /** The link with this secret, revoked ones too; nothing for a secret that never was. Changes nothing. */
  async find(secret: string): Promise<FoundLink | undefined> {
    if (!SECRET_FORM.test(secret)) return undefined;
    const hash = this.sealing.hash('link', secret);
    const [place] = await this.work.outside((sql) =>
      sql<{ authority_id: number; id: string }>('select authority_id, id from link_by_secret($1)', [hash]),
    );
    return place === undefined ? undefined : this.load(place.authority_id, place.id);
  }

  /** A link of one authority by its id, with what may be said to its holder. */
  async load(authorityId: number, id: string): Promise<FoundLink> {
    return this.work.run(systemActor(authorityId), async (tx) => {
      const link = await tx.find(Link, id);
      const { contactId, targetId, purpose, createdAt } = link;
      const [holder] = await tx.sql<Holder>(HOLDER, [authorityId, contactId, targetId, purpose, createdAt, id]);
      if (holder === undefined) throw new Error('A link without its contact');
      const gone = holder.status === 'LEFT' || holder.status === 'MERGED';
      const { authority: name, short_name: shortName, phone: telephone } = holder;
      return {
        link,
        authorityId,
        revoked: link.revokedAt !== null || gone,
        opensForm: holder.newer < OPENING_LINKS,
        authority: { id: authorityId, name, shortName, telephone },
        contactName: holder.name,
        actor: linkActor(link, holder.name),
      };
    });
  }

  /** Whoever opened a link, acting as its contact. */
  linkActor(link: Pick<Link, 'authorityId' | 'contactId'>, contactName: string): Actor {
    return linkActor(link, contactName);
  }

  private stopOn(action: string, reason: RevokedReason): void {
    this.listeners.on(action, (tx: Tx, change: Change) => this.stopAll(tx, change, reason));
  }

  private async stopAll(tx: Tx, change: Change, reason: RevokedReason): Promise<void> {
    const { contactId } = change.details;
    if (typeof contactId === 'string') await this.revoke(tx, { contactId }, reason);
  }
}
