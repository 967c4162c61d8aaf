import { Inject, Injectable } from '@nestjs/common';
import { type Actor, coordinates, hasScope } from '../access/actor.js';
import { type Tx } from '../database/tx.js';
import { UnitOfWork } from '../database/unit-of-work.js';
import { ContactsService } from '../directory/contacts.service.js';
import { DirectoryService } from '../directory/directory.service.js';
import { type Doubt } from '../directory/verification/doubt.js';
import { NotAllowed, NotFound, RuleBroken } from '../errors.js';
import { requireAsking } from './answer.js';
import { Invitation } from './invitation.js';
import { Meeting } from './meeting.js';
import { SubstitutePlaces } from './substitute-places.service.js';
import { isOfDomains, mustBeReplaceable } from './substitution.js';

/** Somebody of the directory, or somebody new with an address of the agency. */
export type NamedSubstitute =
  | { readonly contactId: string; readonly canDecide?: boolean | undefined }
  | {
      readonly name: string;
      readonly email: string;
      readonly postTitle: string;
      readonly canDecide?: boolean | undefined;
    };

/** INVITED: they have their own invitation. ASKED: the coordinator decides, because the address is not the agency's. */
export type SubstituteResult =
  { readonly outcome: 'INVITED'; readonly invitation: Invitation } | { readonly outcome: 'ASKED' };

/** A colleague who could come instead. */
export interface Colleague {
  readonly contactId: string;
  readonly name: string;
  readonly postTitle: string | null;
  /** Why their particulars should not be relied upon. */
  readonly doubt: Doubt | null;
}

/** A colleague as they stand in a list to choose from: name, post, and why to ring first. */
export function colleagueWords({ name, postTitle, doubt }: Colleague): string {
  const place = postTitle === null ? name : `${name}, ${postTitle}`;
  return doubt === null ? place : `${place} (${doubt.words})`;
}

/** Somebody comes in an invitee's place: of the same agency, with an invitation of their own, once. */
@Injectable()
export class SubstitutesService {
  constructor(
    @Inject(UnitOfWork) private readonly work: UnitOfWork,
    @Inject(DirectoryService) private readonly directory: DirectoryService,
    @Inject(ContactsService) private readonly contacts: ContactsService,
    @Inject(SubstitutePlaces) private readonly places: SubstitutePlaces,
  ) {}

  /**
   * The colleagues of an invitee, to choose from. Who must not be told is among them: leaving somebody out would say so.
   * Throws what `name` does before anybody is named.
   */
  async colleagues(by: Actor, invitationId: string): Promise<{ agency: string; colleagues: Colleague[] }> {
    return this.work.run(by, async (tx) => {
      const invitation = await tx.find(Invitation, invitationId);
      mustNameFor(by, invitation);
      const meeting = await tx.find(Meeting, invitation.meetingId);
      requireAsking(invitation, meeting, tx.now);
      mustBeReplaceable(invitation);
      const agency = await this.directory.agency(tx, invitation.agencyId);
      const people = await this.directory.peopleOf(tx, invitation.agencyId);
      const others = new Map(people.map((person) => [person.contactId, person]));
      others.delete(invitation.contactId);
      return { agency: agency.name, colleagues: [...others.values()] };
    });
  }

  /**
   * Names who comes instead. Throws NOT_SAME_AGENCY, EXCLUDED, ALREADY_INVITED, CONTACT_HAS_LEFT, MOVE_NOT_ALLOWED for a
   * substitute's substitute or the chair's, INVITATION_CLOSED, MEETING_CANCELLED, MEETING_STARTED, NotFound.
   */
  async name(by: Actor, invitationId: string, named: NamedSubstitute): Promise<SubstituteResult> {
    return this.work.run(by, async (tx) => {
      const { meetingId } = await tx.find(Invitation, invitationId);
      const meeting = await tx.lock(Meeting, meetingId);
      const invitation = await tx.lock(Invitation, invitationId);
      mustNameFor(by, invitation);
      requireAsking(invitation, meeting, tx.now);
      mustBeReplaceable(invitation);
      const contactId = 'contactId' in named ? named.contactId : await this.newPerson(tx, invitation, named);
      if (contactId === null) return { outcome: 'ASKED' as const };
      const place = { contactId, canDecide: named.canDecide };
      return { outcome: 'INVITED' as const, invitation: await this.places.pass(tx, meeting, invitation, place) };
    });
  }

  /** Adds somebody with an address of the agency; for another address notes the wish, and the coordinator decides. */
  private async newPerson(
    tx: Tx,
    invitation: Invitation,
    named: Exclude<NamedSubstitute, { readonly contactId: string }>,
  ): Promise<string | null> {
    const { name, email, postTitle, canDecide } = named;
    const agency = await this.directory.agency(tx, invitation.agencyId);
    if (!isOfDomains(email, agency.emailDomains)) {
      const { meetingId, contactId, agencyId, matterId } = invitation;
      const details = { meetingId, contactId, agencyId, name, email, postTitle };
      const object = `invitation:${invitation.id}`;
      await tx.record({ action: 'invitation.substitute-asked', object, details, matterId, agencyId });
      return null;
    }
    const known = await this.colleagueWith(tx, agency.id, email);
    if (known !== undefined) return known;
    const person = { name, email, agencyId: agency.id, postTitle, canDecide: canDecide ?? false };
    const added = await addUnlessShared(() => this.directory.addPerson(tx, person, 'RESPONSE'));
    await this.contacts.doubtIn(tx, added.contactId, 'Named as a substitute; not heard from yet');
    return added.contactId;
  }

  private async colleagueWith(tx: Tx, agencyId: string, email: string): Promise<string | undefined> {
    const people = await this.directory.peopleOf(tx, agencyId);
    return people.find((person) => person.email.toLowerCase() === email.toLowerCase())?.contactId;
  }
}

/** Only the invitee themselves, their agency's system, or a coordinator to whom it was told. */
function mustNameFor(by: Actor, invitation: Invitation): void {
  if (by.kind === 'LINK' && invitation.contactId !== by.id) throw new NotFound();
  if (by.kind === 'PARTNER' && invitation.agencyId !== by.agencyId) throw new NotFound();
  if (by.kind === 'LINK' || coordinates(by) || hasScope(by, 'invitations:own-agency')) return;
  throw new NotAllowed('You cannot name a substitute', 'The person invited, or a coordinator');
}

/** An address that others read, or that another person has, is for a coordinator to look at; nobody is named here. */
async function addUnlessShared<T>(add: () => Promise<T>): Promise<T> {
  try {
    return await add();
  } catch (error) {
    if (!(error instanceof RuleBroken) || error.code !== 'NEEDS_CONFIRMATION') throw error;
    throw new RuleBroken(
      'INVALID_EMAIL',
      'This address cannot be used here. Enter their own address, or ring us',
      'email',
    );
  }
}
