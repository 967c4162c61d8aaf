import { Inject, Injectable } from '@nestjs/common';
import { type Tx } from '../database/tx.js';
import { DirectoryService } from '../directory/directory.service.js';
import { mustBeAskable, type PersonInPost } from '../directory/person-in-post.js';
import { NotFound, RuleBroken } from '../errors.js';
import { ExclusionsService } from '../matters/exclusions.service.js';
import { MattersService } from '../matters/matters.service.js';
import { type Owner } from './action.js';
import { holdContact, peopleOfMeeting } from './action.store.js';
import { type ChosenOwner, requireNamedPerson } from './agreeing.js';

const FIELD = 'owner';
const SEARCH_LIMIT = 10;

/** Chooses who owns an action: one named person, who may know of the matter. */
@Injectable()
export class OwnersService {
  constructor(
    @Inject(DirectoryService) private readonly directory: DirectoryService,
    @Inject(ExclusionsService) private readonly exclusions: ExclusionsService,
    @Inject(MattersService) private readonly matters: MattersService,
  ) {}

  /**
   * The owner with the post and agency they act for, who may know of the matter from now on. Throws
   * OWNER_NOT_NAMED_PERSON, REQUIRED, EXCLUDED, CONTACT_HAS_LEFT, CONTACT_MERGED.
   */
  async choose(tx: Tx, about: { readonly id: string; readonly matterId: string }, chosen: ChosenOwner): Promise<Owner> {
    const contactId = requireNamedPerson(chosen);
    await holdContact(tx, contactId);
    const [person] = await this.directory.findForInviting(tx, [{ contactId, postId: chosen.postId ?? null }]);
    if (person === undefined) throw new NotFound();
    const { postId, agencyId, addressKey } = mustBeAskable(person, FIELD);
    await this.mayKnow(tx, about.matterId, {
      contactId,
      agencyId,
      addressKey,
      postIds: postId === null ? [] : [postId],
    });
    await this.matters.know(tx, about.matterId, [contactId, agencyId]);
    const people = await peopleOfMeeting(tx, about.id);
    const attended = people.some((one) => one.contactId === contactId && one.attended);
    return { contactId, postId, agencyId, addressKey, attended };
  }

  /** People whose name, post or agency matches what was typed where nobody was chosen. */
  async matching(tx: Tx, typed: string): Promise<PersonInPost[]> {
    if (typed.trim() === '') return [];
    return (await this.directory.search(tx, { part: typed, limit: SEARCH_LIMIT })).people;
  }

  private async mayKnow(tx: Tx, matterId: string, asked: Parameters<ExclusionsService['mayKnow']>[2]): Promise<void> {
    try {
      await this.exclusions.mayKnow(tx, matterId, asked);
    } catch (error) {
      throw error instanceof RuleBroken ? new RuleBroken(error.code, error.message, FIELD) : error;
    }
  }
}
