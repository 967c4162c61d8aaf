import { randomBytes } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { newId } from '../database/ids.js';
import { Sealing } from '../database/sealing.js';
import { UnitOfWork } from '../database/unit-of-work.js';
import { systemActor } from './actor.js';
import { CodesService } from './codes.service.js';
import { type FoundLink } from './found-link.js';
import { SECRET_FORM } from './link.js';
import { LinksService } from './links.service.js';
import { Visit } from './visit.js';
import { type Visitor } from './visitor.js';

const ADDRESS = 'select email from contact where authority_id = $1 and id = $2';
const SEEN = 'update visit set last_seen_at = $3 where authority_id = $1 and id = $2';
const PROVED = 'update visit set proved_at = $3 where authority_id = $1 and id = $2 and ended_at is null';
const ENDED = 'update visit set ended_at = $3 where authority_id = $1 and id = $2 and ended_at is null';

/** Visits of people without an account, each kept in their browser by a secret of its own. */
@Injectable()
export class VisitsService {
  constructor(
    @Inject(Sealing) private readonly sealing: Sealing,
    @Inject(UnitOfWork) private readonly work: UnitOfWork,
    @Inject(LinksService) private readonly links: LinksService,
    @Inject(CodesService) private readonly codes: CodesService,
  ) {}

  /** Opens a visit for whoever has this link; answers with the secret for their browser. */
  async open(found: FoundLink): Promise<string> {
    const secret = randomBytes(32).toString('base64url');
    const { authorityId, id: linkId, contactId } = found.link;
    const secretHash = this.sealing.hash('visit', secret);
    await this.work.run(found.actor, async (tx) => {
      const visit = { authorityId, id: newId(), linkId, contactId, secretHash, openedAt: tx.now };
      await tx.insert(Visit, Visit.open(visit));
    });
    return secret;
  }

  /** Who comes with this secret; nobody once the visit is over or its link was taken back. */
  async find(secret: string): Promise<Visitor | undefined> {
    if (!SECRET_FORM.test(secret)) return undefined;
    const hash = this.sealing.hash('visit', secret);
    const [place] = await this.work.outside((sql) =>
      sql<{ authority_id: number; id: string }>('select authority_id, id from visit_by_secret($1)', [hash]),
    );
    if (place === undefined) return undefined;
    const visit = await this.stillOpen(place.authority_id, place.id);
    if (visit === undefined) return undefined;
    const found = await this.links.load(visit.authorityId, visit.linkId);
    return found.revoked ? undefined : visitorOf(visit, found);
  }

  /** Sends the visitor a code, to the address they are registered with. Throws TOO_MANY_TRIES. */
  async askCode(visitor: Visitor): Promise<void> {
    const { visitId, contactId: personId, contactName: name, authority, actor } = visitor;
    const address = await this.work.run(actor, async (tx) => {
      const [row] = await tx.sql<{ email: string }>(ADDRESS, [tx.by.authorityId, personId]);
      return row?.email ?? '';
    });
    await this.codes.ask(actor, { personId, name, address, askedBy: visitId, authority });
  }

  /** The visitor types in the code. Throws CODE_WRONG, CODE_EXPIRED or TOO_MANY_TRIES. */
  async proveCode(visitor: Visitor, typed: string): Promise<void> {
    const { visitId, contactId: personId, actor } = visitor;
    await this.codes.prove(actor, { personId, askedBy: visitId, typed }, async (tx) => {
      await tx.sql(PROVED, [tx.by.authorityId, visitId, tx.now]);
    });
  }

  /** Ends a visit, as when somebody leaves a shared computer. */
  async end(visitor: Visitor): Promise<void> {
    await this.work.run(visitor.actor, (tx) => tx.sql(ENDED, [visitor.authorityId, visitor.visitId, tx.now]));
  }

  private async stillOpen(authorityId: number, id: string): Promise<Visit | undefined> {
    return this.work.run(systemActor(authorityId), async (tx) => {
      const visit = await tx.find(Visit, id);
      if (!visit.isOpen(tx.now)) return undefined;
      if (visit.isDueToBeSeen(tx.now)) await tx.sql(SEEN, [authorityId, id, tx.now]);
      return visit;
    });
  }
}

function visitorOf(visit: Visit, found: FoundLink): Visitor {
  const { id: visitId, linkId, contactId, authorityId } = visit;
  const { actor, authority, contactName } = found;
  return { visitId, linkId, contactId, contactName, authorityId, authority, proved: visit.provedAt !== null, actor };
}
