import { Inject, Injectable } from '@nestjs/common';
import { type Actor } from '../access/actor.js';
import { AuthoritiesService } from '../authorities/authorities.service.js';
import { type MeetingType } from '../authorities/meeting-type.js';
import { type Tx } from '../database/tx.js';
import { UnitOfWork } from '../database/unit-of-work.js';
import { type AgencyCategory } from '../directory/agency-category.js';
import { DirectoryService } from '../directory/directory.service.js';
import { type PersonInPost } from '../directory/person-in-post.js';
import { Matter } from '../matters/matter.js';
import { mustNotKnow } from './meeting.store.js';
import { mustRunMeetings } from './running.js';
import { type SuggestedGroup, suggest } from './suggesting.js';

/** What a new meeting about a matter starts from. */
export interface Beginning {
  readonly matter: Matter;
  /** Kinds of meeting that suit the matter. */
  readonly types: readonly MeetingType[];
}

/** Whom to ask: the authority's suggestions for a kind of meeting, filled from the directory. */
@Injectable()
export class SuggestionsService {
  constructor(
    @Inject(UnitOfWork) private readonly work: UnitOfWork,
    @Inject(AuthoritiesService) private readonly authorities: AuthoritiesService,
    @Inject(DirectoryService) private readonly directory: DirectoryService,
  ) {}

  /** The matter and the kinds of meeting that suit it. Throws NotFound. */
  async begin(by: Actor, matterId: string): Promise<Beginning> {
    mustRunMeetings(by);
    return this.work.run(by, async (tx) => {
      const matter = await tx.find(Matter, matterId);
      return { matter, types: await this.authorities.meetingTypes(tx, matter.kind) };
    });
  }

  /**
   * Whom to ask to a kind of meeting about a matter, required ones first; nobody who must not be told of it is among them.
   * Throws NotFound.
   */
  async suggest(by: Actor, matterId: string, typeCode: string): Promise<SuggestedGroup[]> {
    mustRunMeetings(by);
    return this.work.run(by, async (tx) => {
      const matter = await tx.find(Matter, matterId);
      const type = await this.authorities.meetingType(tx, typeCode);
      const wanted = type.suggestedFor(matter.facts);
      const categories = wanted.flatMap(({ category }) => (category === undefined ? [] : [category as AgencyCategory]));
      const people = await this.directory.peopleOfCategories(tx, [...new Set(categories)]);
      return suggest(wanted, await this.tellable(tx, matterId, people));
    });
  }

  /** People of the directory by a part of a name, post or agency; nobody who must not be told of the matter. */
  async search(by: Actor, matterId: string, part: string): Promise<PersonInPost[]> {
    mustRunMeetings(by);
    if (part.trim() === '') return [];
    return this.work.run(by, async (tx) => {
      await tx.find(Matter, matterId);
      const { people } = await this.directory.search(tx, { part, limit: 20 });
      return this.tellable(tx, matterId, people);
    });
  }

  /** These people as they come to a meeting, for a page that carries their ids along. */
  async people(by: Actor, contactIds: readonly string[]): Promise<PersonInPost[]> {
    mustRunMeetings(by);
    return this.work.run(by, (tx) =>
      this.directory.findForInviting(
        tx,
        contactIds.map((contactId) => ({ contactId })),
      ),
    );
  }

  private async tellable(tx: Tx, matterId: string, people: readonly PersonInPost[]): Promise<PersonInPost[]> {
    const barred = await mustNotKnow(tx, matterId);
    return people.filter((person) => keysOf(person).every((key) => !barred.has(key)));
  }
}

function keysOf(person: PersonInPost): string[] {
  const { contactId, addressKey, agencyId, postId } = person;
  return [`contact:${contactId}`, addressKey, `agency:${agencyId ?? ''}`, `post:${postId ?? ''}`];
}
