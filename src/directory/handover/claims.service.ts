import { Inject, Injectable } from '@nestjs/common';
import { type Actor, administers } from '../../access/actor.js';
import { newId } from '../../database/ids.js';
import { type Tx } from '../../database/tx.js';
import { UnitOfWork } from '../../database/unit-of-work.js';
import { NotAllowed, NotFound } from '../../errors.js';
import { Agency } from '../agency.js';
import { Contact } from '../contact.js';
import { ContactsService } from '../contacts.service.js';
import { HoldingsService } from '../holdings.service.js';
import { mustRead } from '../keeping.js';
import { NewPeople } from '../new-people.service.js';
import { peopleOfAgency, today } from '../people.store.js';
import { Post } from '../post.js';
import { registeredAddress } from '../registered-address.js';
import { Claim } from './claim.js';
import { ClaimLetters } from './claim-letters.service.js';

/** A claim as those who decide it see it. */
export interface ShownClaim {
  readonly claim: Claim;
  readonly post: Post;
  readonly agency: Agency;
  readonly holder: Contact;
  /** Their address is at one of the agency's domains. */
  readonly isAgencyAddress: boolean;
}

/** Who claims which post, and in whose place. */
export interface NewClaim {
  readonly postId: string;
  readonly heldBy: string;
  /** Somebody of the directory; or name and address of somebody who is perhaps new to it. */
  readonly contactId?: string;
  readonly name?: string | undefined;
  readonly email?: string | undefined;
}

const OPEN = `select id from claim where authority_id = $1 and post_id = $2 and held_by = $3 and address_key = $4 and status = 'MADE'`;
const SPOC = `select a.id from agency a join post p on p.authority_id = a.authority_id and p.agency_id = a.id and p.id = $2
  join holding h on h.authority_id = a.authority_id and h.post_id = a.spoc_post_id and h.contact_id = $3
  and h.from_on <= $4::date and (h.to_on is null or h.to_on > $4::date)
  where a.authority_id = $1`;

/** "I have replaced her": said by link, confirmed by somebody entitled. */
@Injectable()
export class ClaimsService {
  constructor(
    @Inject(UnitOfWork) private readonly work: UnitOfWork,
    @Inject(ContactsService) private readonly contacts: ContactsService,
    @Inject(HoldingsService) private readonly holdings: HoldingsService,
    @Inject(NewPeople) private readonly newPeople: NewPeople,
    @Inject(ClaimLetters) private readonly letters: ClaimLetters,
  ) {}

  /**
   * In an open transaction: keeps what somebody says, once however often they say it, and asks the agency's single point
   * of contact. Throws REQUIRED, INVALID_EMAIL, INVALID for the holder's own address.
   */
  async makeIn(tx: Tx, made: NewClaim): Promise<Claim> {
    const holder = await tx.find(Contact, made.heldBy);
    const who = await this.claimant(tx, made);
    const [same] = await tx.sql<{ id: string }>(OPEN, [tx.by.authorityId, made.postId, holder.id, who.addressKey]);
    if (same !== undefined) return tx.find(Claim, same.id);
    const { authorityId, addressKey: holderAddressKey } = holder;
    const at = { authorityId, id: newId(), madeAt: tx.now, postId: made.postId, heldBy: holder.id, holderAddressKey };
    const claim = Claim.of({ ...at, ...who });
    const post = await tx.find(Post, made.postId);
    await tx.insert(Claim, claim);
    await tx.record(claim.made(post.agencyId));
    await this.letters.askSpoc(tx, claim, post.agencyId);
    return claim;
  }

  /** One claim, for staff and for the single point of contact of its agency. Throws NotFound. */
  async show(by: Actor, id: string): Promise<ShownClaim> {
    if (by.kind !== 'LINK') mustRead(by);
    return this.work.run(by, async (tx) => {
      const claim = await tx.find(Claim, id);
      await mustDecide(tx, by, claim, false);
      const post = await tx.find(Post, claim.postId);
      const agency = await tx.find(Agency, post.agencyId);
      const domain = claim.email.slice(claim.email.lastIndexOf('@') + 1).toLowerCase();
      const isAgencyAddress = agency.emailDomains.some((own) => domain === own || domain.endsWith(`.${own}`));
      return { claim, post, agency, holder: await tx.find(Contact, claim.heldBy), isAgencyAddress };
    });
  }

  /**
   * It is so: the claimant takes up the post from today, the old holder has left, and what they owed is offered on. Throws
   * MOVE_NOT_ALLOWED, NEEDS_CONFIRMATION for an address others have, NotAllowed, OutOfDate.
   */
  async confirm(by: Actor, id: string, seen?: number): Promise<void> {
    await this.work.run(by, async (tx) => {
      const claim = await tx.lock(Claim, id, seen);
      await mustDecide(tx, by, claim, true);
      const { agencyId } = await tx.find(Post, claim.postId);
      const confirmed = claim.confirm({ now: tx.now, by: by.name, agencyId });
      claim.contactId = await this.takesUp(tx, claim);
      await tx.save(claim);
      await tx.record(confirmed);
      const holder = await tx.find(Contact, claim.heldBy);
      if (holder.canBeAsked) await this.contacts.leaveIn(tx, holder.id);
      await this.letters.tell(tx, claim.contactId, true);
    });
  }

  /** It is not so: the post stays as it is, and the old holder stays unverified until checked. Throws REASON_REQUIRED. */
  async refuse(by: Actor, id: string, reason: string | null, seen?: number): Promise<void> {
    await this.work.run(by, async (tx) => {
      const claim = await tx.lock(Claim, id, seen);
      await mustDecide(tx, by, claim, true);
      const { agencyId } = await tx.find(Post, claim.postId);
      const refused = claim.refuse(reason, { now: tx.now, by: by.name, agencyId });
      await tx.save(claim);
      await tx.record(refused);
    });
  }

  private async takesUp(tx: Tx, claim: Claim): Promise<string> {
    const { postId, name, email } = claim;
    if (claim.contactId === null) {
      const added = await this.newPeople.add(tx, { name, email, postId, addressSeen: true }, 'COORDINATOR');
      return added.contactId;
    }
    const contact = await tx.lock(Contact, claim.contactId);
    contact.mustBeAskable();
    await this.holdings.startUnlessHeld(tx, { contactId: contact.id, postId, fromOn: today(tx) });
    return contact.id;
  }

  private async claimant(
    tx: Tx,
    made: NewClaim,
  ): Promise<{ contactId: string | null; name: string; email: string; addressKey: string }> {
    if (made.contactId !== undefined) {
      const { id: contactId, name, email, addressKey } = await tx.find(Contact, made.contactId);
      return { contactId, name, email, addressKey };
    }
    const address = registeredAddress(made.email, 'claimEmail');
    const { agencyId } = await tx.find(Post, made.postId);
    const people = await peopleOfAgency(tx, agencyId);
    const known = people.find((one) => one.addressKey === address.addressKey);
    return { ...address, contactId: known?.contactId ?? null, name: made.name ?? '' };
  }
}

/**
 * Coordinators decide; so does whoever holds the agency's single point of contact, but never about themselves. To read is
 * enough for other staff. Throws NotAllowed, or NotFound for everybody else.
 */
async function mustDecide(tx: Tx, by: Actor, claim: Claim, toDecide: boolean): Promise<void> {
  if (by.kind === 'LINK') {
    const [agency] = await tx.sql(SPOC, [tx.by.authorityId, claim.postId, by.id, today(tx)]);
    if (agency === undefined || [claim.contactId, claim.heldBy].includes(by.id)) throw new NotFound();
    return;
  }
  if (toDecide && !administers(by)) {
    throw new NotAllowed('You cannot confirm who holds a post', 'A coordinator or the agency’s point of contact');
  }
}
