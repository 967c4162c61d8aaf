import { Inject, Injectable } from '@nestjs/common';
import { newId } from '../database/ids.js';
import { type Tx } from '../database/tx.js';
import { DirectoryService } from '../directory/directory.service.js';
import { type Askable, mustBeAskable, type PersonInPost } from '../directory/person-in-post.js';
import { NotFound, RuleBroken } from '../errors.js';
import { ExclusionsService } from '../matters/exclusions.service.js';
import { MattersService } from '../matters/matters.service.js';
import { Diaries } from './diaries/diaries.service.js';
import { Invitation, type InvitationFacts, type InvitationRole, type Requiredness } from './invitation.js';
import { type AboutMeeting, InvitationLetters } from './invitation-letters.service.js';
import { earlierInvitations } from './meeting.store.js';
import { type Meeting } from './meeting.js';
import { type Precaution, precautionsOf } from './precautions/precaution.js';

/** Somebody to be asked, as a coordinator chooses them. */
export interface GuestPlan {
  readonly contactId: string;
  /** The post they come for; the newest they hold unless told. */
  readonly postId?: string | null | undefined;
  readonly role?: InvitationRole | undefined;
  readonly required?: Requiredness | undefined;
  /** May speak and decide for the agency; as the post says unless told. */
  readonly canDecide?: boolean | undefined;
  readonly directInvolvement?: boolean | undefined;
}

/** Somebody who may be asked, with the place they take. */
export interface Guest {
  readonly person: Askable;
  readonly place: GuestPlan & { readonly substituteFor?: string | null | undefined };
}

/** Brings people to a meeting: looks them up, makes sure that they may know, and sends each an invitation. */
@Injectable()
export class GuestsService {
  constructor(
    @Inject(DirectoryService) private readonly directory: DirectoryService,
    @Inject(ExclusionsService) private readonly exclusions: ExclusionsService,
    @Inject(MattersService) private readonly matters: MattersService,
    @Inject(InvitationLetters) private readonly letters: InvitationLetters,
    @Inject(Diaries) private readonly diaries: Diaries,
  ) {}

  /**
   * The chosen people as they come to a meeting about a matter. Throws CONTACT_HAS_LEFT, CONTACT_MERGED, REQUIRED for
   * somebody without a post, INVALID_EMAIL where mail came back, EXCLUDED, ALREADY_INVITED for somebody chosen twice, NotFound.
   */
  async choose(tx: Tx, matterId: string, plans: readonly GuestPlan[]): Promise<Guest[]> {
    const people = await this.directory.findForInviting(
      tx,
      plans.map(({ contactId, postId }) => ({ contactId, postId: postId ?? null })),
    );
    const guests: Guest[] = [];
    for (const plan of plans) {
      const field = fieldOf(plan.role);
      const found = people.find((one) => one.contactId === plan.contactId);
      if (found === undefined) throw new NotFound();
      if (guests.some(({ person }) => person.contactId === plan.contactId)) {
        throw new RuleBroken('ALREADY_INVITED', `${found.name} is chosen twice. Choose each person once`, field);
      }
      const person = mustBeAskable(found, field);
      refuseUndeliverable(person, field);
      guests.push({ person, place: plan });
    }
    for (const { person, place } of guests) await this.mayKnow(tx, matterId, person, fieldOf(place.role));
    return guests;
  }

  /**
   * Asks people to a meeting that goes out or has gone out: one live invitation each, access to the matter for their own
   * page, an event and a message. The meeting is locked or new. Somebody who was told that they are not needed hears of
   * it again with a higher sequence only. `mustHear`: whatever their diary holds. Throws ALREADY_INVITED, EXCLUDED.
   */
  async ask(tx: Tx, about: AboutMeeting, guests: readonly Guest[], mustHear = false): Promise<Invitation[]> {
    if (guests.length === 0) return [];
    const { meeting } = about;
    const knowing = guests.flatMap(({ person }) => [person.contactId, person.agencyId]);
    await this.matters.know(tx, meeting.matterId, [...new Set(knowing)]);
    const asked = await this.opened(tx, meeting, guests);
    for (const { invitation, person, hadAnswered } of asked) {
      await this.diaries.ask(tx, about, invitation, person, mustHear || hadAnswered);
    }
    return asked.map(({ invitation }) => invitation);
  }

  /** What to look at once more before people are written to: that they are many, and whose address is strange. */
  async precautions(tx: Tx, guests: readonly Guest[]): Promise<Precaution[]> {
    const ids = guests.map(({ person }) => person.contactId);
    const colleagues = await this.directory.colleaguesLike(tx, ids);
    return precautionsOf(
      guests.map(({ person }) => ({ ...person, colleagues: colleagues.get(person.contactId) ?? [] })),
    );
  }

  private async mayKnow(tx: Tx, matterId: string, person: Askable, field: string): Promise<void> {
    const { contactId, agencyId, addressKey, postId } = person;
    try {
      const asked = { contactId, agencyId, addressKey, postIds: postId === null ? [] : [postId] };
      await this.exclusions.mayKnow(tx, matterId, asked);
    } catch (error) {
      throw error instanceof RuleBroken ? new RuleBroken(error.code, error.message, field) : error;
    }
  }

  private async opened(
    tx: Tx,
    meeting: Meeting,
    guests: readonly Guest[],
  ): Promise<{ invitation: Invitation; person: Askable; hadAnswered: boolean }[]> {
    const ids = guests.map(({ person }) => person.contactId);
    const earlier = await earlierInvitations(tx, meeting.id, ids);
    if (earlier.size > 0) {
      meeting.stampAgain(
        tx.now,
        [...earlier.values()].some((one) => one.sent_sequence !== null),
      );
      await tx.save(meeting);
    }
    const asked = guests.map((guest) => {
      const invitation = Invitation.to(factsOf(guest, meeting, tx.now));
      const before = earlier.get(guest.person.contactId);
      const address =
        before?.address_key === guest.person.addressKey
          ? this.letters.sameReplyAddress(invitation, before)
          : this.letters.newReplyAddress(invitation);
      const hadAnswered = before !== undefined && before.answer !== 'NO_RESPONSE';
      return { invitation: Object.assign(invitation, address), person: guest.person, hadAnswered };
    });
    const opened = asked.map(({ invitation }) => invitation.open(meeting));
    await tx.insert(Invitation, ...asked.map(({ invitation }) => invitation));
    for (const change of opened) await tx.record(change);
    return asked;
  }
}

/** Nothing is sent to an address that mail came back from: somebody puts it right first. */
function refuseUndeliverable({ name, doubt }: PersonInPost, field: string): void {
  if (doubt?.kind !== 'BOUNCED') return;
  const message = `${name} cannot be reached by email: ${doubt.words}. Put the address right in the directory first`;
  throw new RuleBroken('INVALID_EMAIL', message, field);
}

function factsOf({ person, place }: Guest, meeting: Meeting, now: Date): InvitationFacts {
  return {
    authorityId: meeting.authorityId,
    id: newId(),
    meetingId: meeting.id,
    matterId: meeting.matterId,
    contactId: person.contactId,
    postId: person.postId,
    agencyId: person.agencyId,
    addressKey: person.addressKey,
    role: place.role ?? 'ATTENDEE',
    required: place.required ?? 'NO',
    canDecide: place.canDecide ?? person.canDecide,
    directInvolvement: place.directInvolvement ?? false,
    substituteFor: place.substituteFor ?? null,
    createdAt: now,
  };
}

function fieldOf(role: InvitationRole | undefined): string {
  if (role === 'CHAIR') return 'chair';
  return role === 'MINUTE_TAKER' ? 'minuteTaker' : 'invitees';
}
