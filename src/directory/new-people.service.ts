import { Inject, Injectable } from '@nestjs/common';
import { newId } from '../database/ids.js';
import { type Tx } from '../database/tx.js';
import { RuleBroken } from '../errors.js';
import { Agency } from './agency.js';
import { AgenciesService } from './agencies.service.js';
import { teamNamed } from './agencies.store.js';
import { Contact, type ContactFacts, type RegisteredAddress, type VerifiedHow } from './contact.js';
import { HoldingsService } from './holdings.service.js';
import { lookAlike } from './look-alike.js';
import {
  addressesLike,
  inboxesWithAddresses,
  oneAtATime,
  peopleById,
  peopleWithAddresses,
  today,
} from './people.store.js';
import { type PersonInPost } from './person-in-post.js';
import { type Post } from './post.js';
import { PostsService } from './posts.service.js';
import { registeredAddress } from './registered-address.js';

/** Where somebody works: a post of the directory, or a title at an agency of the directory or at a new one. */
export interface Place {
  readonly postId?: string;
  readonly agencyId?: string;
  readonly newAgency?: { readonly name: string; readonly category: string };
  readonly postTitle?: string;
  readonly teamName?: string;
  /** Of a new post: may its holder commit the agency? Yes unless told. */
  readonly canDecide?: boolean;
}

/** A person who is not in the directory yet, as a coordinator types them in. */
export interface NewPerson extends Omit<ContactFacts, keyof RegisteredAddress>, Place {
  readonly email: string;
  /** First day in the post (`YYYY-MM-DD`); today unless told. */
  readonly fromOn?: string;
  /** The person has said that an address others have, or a look-alike one, is right. */
  readonly confirmed?: boolean;
  /** Whoever decides has seen the address and whose it is, but not who else has it. */
  readonly addressSeen?: boolean;
}

/** Brings somebody into the directory in one step: the person, and agency, team and post where they are new. */
@Injectable()
export class NewPeople {
  constructor(
    @Inject(AgenciesService) private readonly agencies: AgenciesService,
    @Inject(PostsService) private readonly posts: PostsService,
    @Inject(HoldingsService) private readonly holdings: HoldingsService,
  ) {}

  /**
   * Adds a person with their post in an open transaction; the caller has asked whether the actor may. Throws
   * NEEDS_CONFIRMATION for an address that somebody else has or that may only look right, INVALID_EMAIL, REQUIRED,
   * TOO_LONG, UNSAFE_TEXT.
   */
  async add(tx: Tx, person: NewPerson, how: VerifiedHow): Promise<PersonInPost> {
    const address = registeredAddress(person.email);
    const at = { authorityId: tx.by.authorityId, id: newId(), now: tx.now, how };
    const contact = Contact.of({ ...person, ...address }, at);
    await oneAtATime(tx, address.addressKey);
    if (person.confirmed !== true) await refuseSharedAddress(tx, address);
    const post = await this.postAt(tx, person);
    if (person.confirmed !== true && person.addressSeen !== true) {
      await refuseLookAlike(tx, address, (await tx.find(Agency, post.agencyId)).emailDomains);
    }
    await tx.insert(Contact, contact);
    await tx.record(contact.added());
    await this.holdings.startIn(tx, { contactId: contact.id, postId: post.id, fromOn: person.fromOn ?? today(tx) });
    const [added] = await peopleById(tx, [{ contactId: contact.id, postId: post.id }]);
    if (added === undefined) throw new Error('A person who was just added cannot be found');
    return added;
  }

  /** The post somebody works in, made with its team and agency where they are new. Throws REQUIRED. */
  async postAt(tx: Tx, place: Place): Promise<Post> {
    if (place.postId !== undefined) return this.posts.open(tx, place.postId);
    const agency = await this.agencyAt(tx, place);
    const { postTitle: typed = '', canDecide = true } = place;
    const title = typed.trim();
    if (title === '') throw new RuleBroken('REQUIRED', 'Enter their post', 'postTitle');
    const teamId = await this.teamAt(tx, agency.id, place.teamName);
    const found = await this.posts.titled(tx, agency.id, title, teamId);
    if (found !== undefined) return found;
    const facts = { title, teamId, canDecide };
    return calling({ title: 'postTitle' }, () => this.posts.addIn(tx, agency.id, facts));
  }

  private async agencyAt(tx: Tx, { agencyId, newAgency }: Place): Promise<Agency> {
    if (agencyId !== undefined) {
      const agency = await tx.lock(Agency, agencyId);
      if (agency.endedOn === null || agency.endedOn > today(tx)) return agency;
      throw new RuleBroken('MOVE_NOT_ALLOWED', `${agency.name} has ended. Choose another agency`, 'agencyId');
    }
    if (newAgency === undefined) throw new RuleBroken('REQUIRED', 'Select the agency they work for', 'agencyId');
    const inputs = { name: 'agencyName', category: 'agencyCategory' };
    return calling(inputs, () => this.agencies.addIn(tx, newAgency));
  }

  private async teamAt(tx: Tx, agencyId: string, typed: string | undefined): Promise<string | null> {
    const name = (typed ?? '').trim();
    if (name === '') return null;
    const found = await teamNamed(tx, agencyId, name);
    if (found !== undefined) return found;
    return (await calling({ name: 'teamName' }, () => this.agencies.addTeamIn(tx, agencyId, name))).id;
  }
}

/** Refuses with NEEDS_CONFIRMATION an address that another contact has, or that several people read. */
export async function refuseSharedAddress(tx: Tx, address: RegisteredAddress, of?: string): Promise<void> {
  const others = await peopleWithAddresses(tx, [address.addressKey]);
  const other = others.find(({ id }) => id !== of);
  if (other !== undefined) throw confirm(`${other.name} already has this email address`);
  const [inbox] = await inboxesWithAddresses(tx, [address.addressKey]);
  if (inbox !== undefined) throw confirm(`This is a shared inbox of ${inbox.agencyName}: others read it too`);
}

/**
 * Refuses with NEEDS_CONFIRMATION an address that only looks like the one that is meant, or is outside the agency's
 * domains; `of` is the contact who takes it.
 */
export async function refuseLookAlike(
  tx: Tx,
  address: RegisteredAddress,
  agencyDomains: readonly string[],
  of?: string,
): Promise<void> {
  const known = await addressesLike(tx, address.addressKey, of);
  const found = lookAlike(address.email, { ...known, agencyDomains });
  if (found !== null) throw confirm(found.words);
}

function confirm(what: string): RuleBroken {
  return new RuleBroken('NEEDS_CONFIRMATION', `${what}. Enter another, or confirm that it is right`, 'email');
}

/** Does something whose fields are called otherwise on the form of a new person. */
async function calling<T>(inputs: Record<string, string>, attempt: () => Promise<T>): Promise<T> {
  try {
    return await attempt();
  } catch (error) {
    const field = error instanceof RuleBroken && error.field !== undefined ? inputs[error.field] : undefined;
    if (!(error instanceof RuleBroken) || field === undefined) throw error;
    throw new RuleBroken(error.code, error.message, field);
  }
}
