import { Inject, Injectable } from '@nestjs/common';
import { type Tx } from '../database/tx.js';
import { type AgencyCategory } from './agency-category.js';
import { Agency } from './agency.js';
import { Contact, type VerifiedHow } from './contact.js';
import { Inbox } from './inbox.js';
import { NewPeople, type NewPerson } from './new-people.service.js';
import {
  colleaguesLike,
  deputiesOf,
  holdersOf,
  peopleById,
  peopleOfAgency,
  peopleOfCategories,
  type PeoplePage,
  type PeopleQuery,
  searchPeople,
} from './people.store.js';
import { type PersonInPost } from './person-in-post.js';
import { Post } from './post.js';

/**
 * What matters, meetings and actions ask the directory, inside their own transaction. Who may ask is theirs to say; all
 * answers are of the actor's authority alone.
 */
@Injectable()
export class DirectoryService {
  constructor(@Inject(NewPeople) private readonly newPeople: NewPeople) {}

  /**
   * Chosen people as they come to a meeting, in the order asked: the post chosen for each if they hold it now, else the
   * newest they hold. Ids of nobody are left out; the status says who may not be asked (`mustBeAskable`).
   */
  async findForInviting(
    tx: Tx,
    chosen: readonly { contactId: string; postId?: string | null }[],
  ): Promise<PersonInPost[]> {
    return chosen.length === 0 ? [] : peopleById(tx, chosen);
  }

  /** People by part of a name, post, team or agency, for choosing whom to invite. */
  async search(tx: Tx, query: PeopleQuery): Promise<PeoplePage> {
    return searchPeople(tx, query);
  }

  /** Who works for an agency now: possible substitutes. */
  async peopleOf(tx: Tx, agencyId: string): Promise<PersonInPost[]> {
    return peopleOfAgency(tx, agencyId);
  }

  /** Who holds some posts now. */
  async holdersOf(tx: Tx, postIds: readonly string[]): Promise<PersonInPost[]> {
    return holdersOf(tx, postIds);
  }

  /** Who holds the posts that stand in for a post, the first to be asked first. */
  async deputiesOf(tx: Tx, postId: string): Promise<PersonInPost[]> {
    return deputiesOf(tx, postId);
  }

  /** Who comes from agencies of some categories, for suggesting invitees; 200 people at most. */
  async peopleOfCategories(tx: Tx, categories: readonly AgencyCategory[], limit = 200): Promise<PersonInPost[]> {
    return peopleOfCategories(tx, categories, Math.min(limit, 200));
  }

  /** For chosen people who have never shown that mail reaches them: colleagues' addresses that might be meant instead. */
  async colleaguesLike(tx: Tx, contactIds: readonly string[]): Promise<Map<string, string[]>> {
    return colleaguesLike(tx, contactIds);
  }

  /** Adds somebody while inviting, or a substitute an invitee names; throws what `ContactsService.add` does. */
  async addPerson(tx: Tx, person: NewPerson, how: VerifiedHow = 'COORDINATOR'): Promise<PersonInPost> {
    return this.newPeople.add(tx, person, how);
  }

  /** One contact, or NotFound. */
  async contact(tx: Tx, id: string): Promise<Contact> {
    return tx.find(Contact, id);
  }

  /** One agency, or NotFound. */
  async agency(tx: Tx, id: string): Promise<Agency> {
    return tx.find(Agency, id);
  }

  /** One post, or NotFound. */
  async post(tx: Tx, id: string): Promise<Post> {
    return tx.find(Post, id);
  }

  /** One shared inbox, or NotFound. */
  async inbox(tx: Tx, id: string): Promise<Inbox> {
    return tx.find(Inbox, id);
  }
}
