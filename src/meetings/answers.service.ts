import { Inject, Injectable } from '@nestjs/common';
import { type Actor, coordinates, hasScope } from '../access/actor.js';
import { FormNonces } from '../access/form-nonces.service.js';
import { type FoundLink } from '../access/found-link.js';
import { newId } from '../database/ids.js';
import { type Tx } from '../database/tx.js';
import { UnitOfWork } from '../database/unit-of-work.js';
import { ContactsService } from '../directory/contacts.service.js';
import { HandoversService } from '../directory/handover/handovers.service.js';
import { NotAllowed, NotFound, RuleBroken } from '../errors.js';
import { answer, whyNotAsked } from './answer.js';
import { type Asked, lockAsked } from './asked.store.js';
import { Confirmations, referenceOf } from './confirmations.service.js';
import { Invitation } from './invitation.js';
import { Meeting } from './meeting.js';
import { type DeclineReason, Response, type ResponseChannel, type ResponseKind } from './response.js';

/** An answer as somebody gives it. A substitute is named, not answered: see `SubstitutesService`. */
export interface GivenAnswer {
  readonly kind: Exclude<ResponseKind, 'SUBSTITUTE_NAMED'>;
  readonly reason?: DeclineReason | null | undefined;
  readonly comment?: string | null | undefined;
}

/** What the page of a link shows: the invitation and the meeting as they are now. */
export interface PresentState {
  readonly invitation: Invitation;
  readonly meeting: Meeting;
  /** The matter's reference. */
  readonly reference: string;
  /** This person was asked in the place of somebody who is not there any more. */
  readonly standsIn: boolean;
  /** Why no answer is asked for; null while one is. */
  readonly whyNot: string | null;
}

/** How an answer reached us. */
interface CameBy {
  readonly channel: ResponseChannel;
  /** The revision of the meeting that was answered; the present one where it was not said. */
  readonly revision?: number | undefined;
  readonly statedAt?: Date | undefined;
  readonly saidBy?: string | null | undefined;
  readonly linkId?: string;
  /** Whose doing it was, where nobody acts; whoever acts unless told. */
  readonly recordedBy?: string;
  /** For an answer that came in a message. */
  readonly mail?: Pick<Response, 'inboundMailId' | 'confidence' | 'via' | 'sequence' | 'replyKey'>;
}

/** An answer that somebody gave by telephone. */
export interface PhonedAnswer extends GivenAnswer {
  /** Who said it, where that was not the invitee. */
  readonly saidBy?: string | null | undefined;
  /** When they said it; now unless told. */
  readonly statedAt?: Date | undefined;
  /** The version of the invitation that the page showed. */
  readonly seen?: number | undefined;
}

/** The newest invitation of a contact to the meeting of one of theirs: who was asked again answers there. */
const PRESENT = `select i.id, exists (select 1 from re_routing r where r.authority_id = i.authority_id and r.to_invitation_id = i.id
    and r.undone_at is null and r.asked_as <> 'SUCCESSOR') as "standsIn" from invitation i where i.authority_id = $1 and i.contact_id = $2 and i.meeting_id in
    (select t.meeting_id from invitation t where t.authority_id = $1 and t.id = $3 and t.contact_id = $2)
  order by (i.status = 'OPEN') desc, i.created_at desc, i.id desc limit 1`;

const NEWER = 'We have sent you a newer message since. Answer by the link in the newest one, or ring us';

/** Answers to invitations: by link, by telephone, by a partner's system. */
@Injectable()
export class AnswersService {
  constructor(
    @Inject(UnitOfWork) private readonly work: UnitOfWork,
    @Inject(FormNonces) private readonly nonces: FormNonces,
    @Inject(HandoversService) private readonly handovers: HandoversService,
    @Inject(ContactsService) private readonly contacts: ContactsService,
    @Inject(Confirmations) private readonly confirmations: Confirmations,
  ) {}

  /** What whoever opened a link may see of the meeting now; nothing once they may not know of it. Changes nothing. */
  async present(found: FoundLink): Promise<PresentState | undefined> {
    const { link, actor, opensForm } = found;
    return this.work.run(actor, async (tx) => {
      const [row] = await tx.sql<{ id: string; standsIn: boolean }>(PRESENT, [
        link.authorityId,
        link.contactId,
        link.targetId,
      ]);
      if (row === undefined) return undefined;
      const invitation = await tx.find(Invitation, row.id);
      const meeting = await tx.find(Meeting, invitation.meetingId);
      const whyNot = whyNotAsked(invitation, meeting, tx.now);
      return {
        invitation,
        meeting,
        reference: await referenceOf(tx, invitation.matterId),
        standsIn: row.standsIn,
        whyNot: whyNot ?? (opensForm ? null : NEWER),
      };
    });
  }

  /**
   * The answer of whoever opened a link, to the revision their form showed. Throws ANSWER_TO_OLD_TIME, FORM_EXPIRED for a
   * form that was sent before, MEETING_CANCELLED, MEETING_STARTED, INVITATION_CLOSED, REASON_REQUIRED, REQUIRED.
   */
  async byLink(found: FoundLink, given: GivenAnswer & { revision: number; nonce: string }): Promise<Invitation> {
    const state = await this.present(found);
    if (state === undefined) throw new NotFound();
    if (!found.opensForm) throw new RuleBroken('INVITATION_CLOSED', NEWER);
    return this.work.run(found.actor, async (tx) => {
      if (!(await this.nonces.use(tx, given.nonce))) {
        throw new RuleBroken('FORM_EXPIRED', 'This form has been sent already. Check your answer and send it again');
      }
      const asked = await lockAsked(tx, state.invitation.id);
      await this.take(tx, asked, given, { channel: 'LINK', revision: given.revision, linkId: found.link.id });
      await this.heedPerson(tx, asked.invitation, given.kind);
      return asked.invitation;
    });
  }

  /**
   * An answer somebody gave by telephone, written down by a coordinator. Throws NotAllowed, NotFound, OutOfDate, and what
   * an answer by link does.
   */
  async recordByPhone(by: Actor, invitationId: string, given: PhonedAnswer): Promise<Invitation> {
    if (!coordinates(by))
      throw new NotAllowed('You cannot write down answers', 'A coordinator or a designated officer');
    return this.work.run(by, async (tx) => {
      const asked = await lockAsked(tx, invitationId, given.seen);
      await this.take(tx, asked, given, { channel: 'PHONE', statedAt: given.statedAt, saidBy: given.saidBy });
      return asked.invitation;
    });
  }

  /** An answer from the system of the invitee's agency. Throws NotAllowed, NotFound, and what an answer by link does. */
  async byPartner(
    by: Actor,
    invitationId: string,
    given: GivenAnswer & { readonly revision?: number | undefined },
  ): Promise<Invitation> {
    if (!hasScope(by, 'invitations:own-agency')) throw new NotAllowed('This token cannot answer invitations');
    return this.work.run(by, async (tx) => {
      const asked = await lockAsked(tx, invitationId);
      if (asked.invitation.agencyId !== by.agencyId) throw new NotFound();
      await this.take(tx, asked, given, { channel: 'PARTNER', revision: given.revision });
      return asked.invitation;
    });
  }

  /** In an open transaction with the invitation locked: puts one entry in the ledger, and confirms it. */
  async take(
    tx: Tx,
    asked: Asked,
    given: Omit<GivenAnswer, 'kind'> & { readonly kind: ResponseKind },
    cameBy: CameBy,
  ): Promise<Response> {
    const { invitation, meeting } = asked;
    const { authorityId, id: invitationId, meetingId, matterId, agencyId } = invitation;
    const response = Response.given({
      ...{ authorityId, id: newId(), invitationId, meetingId, matterId, linkId: cameBy.linkId ?? null },
      ...{ kind: given.kind, reason: given.reason ?? null, comment: given.comment ?? null },
      revision: cameBy.revision ?? meeting.revision,
      channel: cameBy.channel,
      recordedBy: cameBy.recordedBy ?? tx.by.name,
      saidBy: cameBy.saidBy ?? null,
      at: tx.now,
      statedAt: cameBy.statedAt ?? tx.now,
      ...cameBy.mail,
    });
    const change = answer(invitation, meeting, response, tx.now);
    await tx.together(async () => {
      await tx.insert(Response, response);
      await tx.save(invitation);
      await this.confirmations.send(tx, asked, response);
      await tx.record({ ...change, agencyId });
    });
    return response;
  }

  /** An answer shows that the person is there; another kind shows that somebody else is. */
  private async heedPerson(tx: Tx, { contactId }: Invitation, kind: ResponseKind): Promise<void> {
    if (kind === 'NOT_ME') {
      await this.handovers.startIn(tx, contactId, 'NOT_ME', 'Answered: not the right person');
    } else if (kind === 'MOVED_ON') {
      await this.handovers.startIn(tx, contactId, 'MOVED_ON', 'Answered: has moved on');
    } else {
      await this.contacts.verifyIn(tx, contactId, 'RESPONSE');
    }
  }
}
