import { Inject, Injectable } from '@nestjs/common';
import { FormNonces } from '../../access/form-nonces.service.js';
import { type FoundLink } from '../../access/found-link.js';
import { type Tx } from '../../database/tx.js';
import { UnitOfWork } from '../../database/unit-of-work.js';
import { ClaimsService, type NewClaim } from '../../directory/handover/claims.service.js';
import { HandoversService } from '../../directory/handover/handovers.service.js';
import { NotFound, RuleBroken } from '../../errors.js';
import { AnswersService } from '../answers.service.js';
import { Invitation } from '../invitation.js';

/** What whoever opened a link typed. */
export interface GivenClaim {
  readonly name?: string | undefined;
  readonly email?: string | undefined;
  readonly nonce: string;
}

const STANDS_IN_FOR = `select o.contact_id as "heldBy", o.post_id as "postId" from re_routing r
  join invitation o on o.authority_id = r.authority_id and o.id = r.invitation_id
  where r.authority_id = $1 and r.to_invitation_id = $2 and r.undone_at is null`;

/** "I have replaced her", said on the page of an invitation. */
@Injectable()
export class InvitationClaims {
  constructor(
    @Inject(UnitOfWork) private readonly work: UnitOfWork,
    @Inject(FormNonces) private readonly nonces: FormNonces,
    @Inject(AnswersService) private readonly answers: AnswersService,
    @Inject(ClaimsService) private readonly claims: ClaimsService,
    @Inject(HandoversService) private readonly handovers: HandoversService,
  ) {}

  /**
   * Whoever opened a link holds the post now. Somebody who was asked in another's place claims that other's post and keeps
   * their own invitation; anybody else says who they are, the links they came by stop, and they see no more. Throws
   * FORM_EXPIRED for a form sent before, REQUIRED, INVALID_EMAIL, INVALID, NotFound.
   */
  async claim(found: FoundLink, given: GivenClaim): Promise<void> {
    const state = await this.answers.present(found);
    if (state === undefined) throw new NotFound();
    await this.work.run(found.actor, async (tx) => {
      if (!(await this.nonces.use(tx, given.nonce))) {
        throw new RuleBroken('FORM_EXPIRED', 'This form has been sent already. Check it and send it again');
      }
      const { id, contactId, postId } = await tx.find(Invitation, state.invitation.id);
      const [place] = await tx.sql<{ heldBy: string; postId: string | null }>(STANDS_IN_FOR, [tx.by.authorityId, id]);
      const made = place === undefined ? { heldBy: contactId, postId } : { ...place, contactId };
      await this.make(tx, made, given);
      if (place === undefined)
        await this.handovers.startIn(tx, contactId, 'REPLACED', 'Somebody says that they hold the post now');
    });
  }

  private async make(
    tx: Tx,
    made: Omit<NewClaim, 'postId'> & { postId: string | null },
    given: GivenClaim,
  ): Promise<void> {
    const { postId } = made;
    if (postId === null) throw new RuleBroken('INVALID', 'Ring us, please: we do not know which post this is about');
    const who = made.contactId === undefined ? { name: given.name, email: given.email } : {};
    await this.claims.makeIn(tx, { ...made, postId, ...who });
  }
}
