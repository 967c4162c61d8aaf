import { createHash } from 'node:crypto';
import { type AgencyCategory } from '../directory/agency-category.js';
import { Agency } from '../directory/agency.js';
import { Contact } from '../directory/contact.js';
import { Deputy } from '../directory/deputy.js';
import { Holding } from '../directory/holding.js';
import { Inbox } from '../directory/inbox.js';
import { Post, type PostFunction } from '../directory/post.js';
import { Team } from '../directory/team.js';
import { addressKey } from '../mail/address.js';
import { agenciesOf, type AgencyTemplate, FIRST_NAMES, SURNAMES } from './names.js';

/** The directory of one authority of the demonstration; the same every time for the same number. */
export interface Population {
  readonly agencies: Agency[];
  readonly teams: Team[];
  readonly inboxes: Inbox[];
  readonly posts: Post[];
  readonly contacts: Contact[];
  readonly holdings: Holding[];
  readonly deputies: Deputy[];
}

const SINCE = '2024-04-01';

/** An id that is the same in each demonstration, from what it names. */
export function fixedId(...parts: (string | number)[]): string {
  const hex = createHash('sha256').update(parts.join('|')).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-7${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** Builds up one authority's directory, piece by piece. */
export class Populating {
  readonly population: Population = {
    agencies: [],
    teams: [],
    inboxes: [],
    posts: [],
    contacts: [],
    holdings: [],
    deputies: [],
  };
  private people = 0;

  constructor(
    private readonly authorityId: number,
    private readonly now: Date,
  ) {}

  agency(name: string, category: AgencyCategory, ...emailDomains: string[]): Agency {
    const id = fixedId(this.authorityId, 'agency', name);
    const facts = { authorityId: this.authorityId, id, name, category, emailDomains, createdAt: this.now };
    const agency = Object.assign(new Agency(), { ...facts, phone: phoneFor(id) });
    this.population.agencies.push(agency);
    return agency;
  }

  team(agency: Agency, name: string): Team {
    const id = fixedId(this.authorityId, 'team', name);
    const facts = { authorityId: this.authorityId, id, agencyId: agency.id, name, fromOn: SINCE };
    const team = Object.assign(new Team(), facts);
    this.population.teams.push(team);
    return team;
  }

  inbox(agency: Agency, address: string, team: Team | null = null): Inbox {
    const id = fixedId(this.authorityId, 'inbox', address);
    const facts = { authorityId: this.authorityId, id, agencyId: agency.id, teamId: team?.id ?? null, address };
    const inbox = Object.assign(new Inbox(), { ...facts, addressKey: addressKey(address) });
    this.population.inboxes.push(inbox);
    return inbox;
  }

  post(
    agency: Agency,
    title: string,
    more: { functions?: readonly string[]; discipline?: string; team?: Team } = {},
  ): Post {
    const id = fixedId(this.authorityId, 'post', agency.name, title);
    const post = Object.assign(new Post(), {
      authorityId: this.authorityId,
      id,
      agencyId: agency.id,
      teamId: more.team?.id ?? null,
      title,
      functions: [...(more.functions ?? [])] as PostFunction[],
      discipline: more.discipline ?? null,
    });
    this.population.posts.push(post);
    return post;
  }

  holder(post: Post, name: string, email: string): Contact {
    const id = fixedId(this.authorityId, 'contact', email);
    const contact = Object.assign(new Contact(), {
      authorityId: this.authorityId,
      id,
      name,
      email,
      addressKey: addressKey(email),
      phone: phoneFor(id),
      lastVerifiedAt: new Date(this.now.getTime() - (this.people % 60) * 24 * 3_600_000),
      verifiedHow: 'COORDINATOR',
      createdAt: this.now,
    });
    this.people += 1;
    this.population.contacts.push(contact);
    const holding = { authorityId: this.authorityId, id: fixedId(id, 'holding'), contactId: id, postId: post.id };
    this.population.holdings.push(Object.assign(new Holding(), { ...holding, fromOn: SINCE }));
    return contact;
  }

  deputy(post: Post, deputy: Post): void {
    const facts = { authorityId: this.authorityId, id: fixedId(post.id, deputy.id), postId: post.id };
    this.population.deputies.push(
      Object.assign(new Deputy(), { ...facts, deputyPostId: deputy.id, rank: 1, fromOn: SINCE }),
    );
  }

  /** The rest of the place: schools, practices, services, each with the posts of its kind and somebody in each. */
  fill(place: string): void {
    for (const template of agenciesOf(place)) this.fillAgency(template);
  }

  private fillAgency(template: AgencyTemplate): void {
    const domain = `${template.name.toLowerCase().replace(/[^a-z0-9]+/g, '-')}.example`;
    const agency = this.agency(template.name, template.category as AgencyCategory, domain);
    for (const { title, ...more } of template.posts) {
      const post = this.post(agency, title, more);
      const name = this.nextName();
      this.holder(post, name, `${name.toLowerCase().replace(/[^a-z]+/g, '.')}@${domain}`);
    }
  }

  private nextName(): string {
    const turn = this.people + this.authorityId * 7;
    const first = FIRST_NAMES[(turn * 7) % FIRST_NAMES.length] ?? '';
    const last = SURNAMES[(turn * 11 + Math.floor(turn / SURNAMES.length)) % SURNAMES.length] ?? '';
    return `${first} ${last}`;
  }
}

/** A number from the range kept for drama: nobody answers it. */
function phoneFor(id: string): string {
  return `01632 960${(Number.parseInt(id.slice(0, 6), 16) % 1000).toString().padStart(3, '0')}`;
}
