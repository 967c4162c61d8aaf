import { Inject, Injectable } from '@nestjs/common';
import { newId } from '../database/ids.js';
import { type Tx } from '../database/tx.js';
import { DirectoryService } from '../directory/directory.service.js';
import { RuleBroken } from '../errors.js';
import { AnswersService } from './answers.service.js';
import { askedOf } from './asked.store.js';
import { GuestsService } from './guests.service.js';
import { Diaries } from './diaries/diaries.service.js';
import { Invitation } from './invitation.js';
import { InvitationsService } from './invitations.service.js';
import { type Meeting } from './meeting.js';
import { type ResponseChannel } from './response.js';

/** Who takes a place; what they may decide is their post's to say unless told. */
export interface NewHolder {
  readonly contactId: string;
  readonly canDecide?: boolean | undefined;
}

/** Passes a place at a meeting from one person to another. */
@Injectable()
export class SubstitutePlaces {
  constructor(
    @Inject(AnswersService) private readonly answers: AnswersService,
    @Inject(GuestsService) private readonly guests: GuestsService,
    @Inject(InvitationsService) private readonly invitations: InvitationsService,
    @Inject(Diaries) private readonly diaries: Diaries,
    @Inject(DirectoryService) private readonly directory: DirectoryService,
  ) {}

  /**
   * In an open transaction with meeting and invitation locked: keeps the answer, ends the one invitation, and sends the
   * other person theirs. The new holder may take no seat they must not know of: EXCLUDED.
   */
  async pass(tx: Tx, meeting: Meeting, invitation: Invitation, holder: NewHolder): Promise<Invitation> {
    const [guest] = await this.guests.choose(tx, meeting.matterId, [holder]);
    if (guest === undefined) throw new Error('Nobody was chosen');
    const { contactId, agencyId, postId, canDecide } = guest.person;
    if (agencyId !== invitation.agencyId) {
      throw new RuleBroken('NOT_SAME_AGENCY', 'Choose somebody from your own agency, or ring us', 'contactId');
    }
    await this.tellReplaced(tx, meeting, invitation);
    const replaced = { ...(await askedOf(tx, invitation)), meeting };
    await this.answers.take(tx, replaced, { kind: 'SUBSTITUTE_NAMED' }, { channel: CHANNELS[tx.by.kind] });
    const decides = holder.canDecide ?? canDecide;
    const { change } = invitation.substitute({ id: newId(), contactId, agencyId, postId, canDecide: decides });
    await tx.save(invitation);
    await tx.record(change);
    const { role, required, directInvolvement, id: substituteFor } = invitation;
    const place = { contactId, postId, role, required, directInvolvement, canDecide: decides, substituteFor };
    const [asked] = await this.invitations.askIn(tx, meeting, [{ person: guest.person, place }]);
    if (asked === undefined) throw new Error('Nobody was asked');
    return asked;
  }

  /** Takes the meeting out of the diary of whoever does not come any more. */
  private async tellReplaced(tx: Tx, meeting: Meeting, invitation: Invitation): Promise<void> {
    const to = await this.directory.contact(tx, invitation.contactId);
    const diary = await this.diaries.settle(tx, invitation, to, 'SUPERSEDED');
    if (diary.told === null) return;
    meeting.stampAgain(tx.now, true);
    await tx.save(meeting);
    const about = await this.diaries.about(tx, meeting);
    await this.diaries.callOff(tx, about, { kind: 'WITHDRAWN', invitation, to, diary });
  }
}

const CHANNELS: Readonly<Record<Tx['by']['kind'], ResponseChannel>> = {
  LINK: 'LINK',
  STAFF: 'PHONE',
  PARTNER: 'PARTNER',
  SYSTEM: 'LINK',
};
