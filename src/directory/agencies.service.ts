import { Inject, Injectable } from '@nestjs/common';
import { type Actor } from '../access/actor.js';
import { requireDate } from '../authorities/civil-time.js';
import { newId } from '../database/ids.js';
import { type Tx } from '../database/tx.js';
import { UnitOfWork } from '../database/unit-of-work.js';
import { RuleBroken } from '../errors.js';
import { Agency, type AgencyFacts } from './agency.js';
import {
  agenciesNamed,
  type AgencyChoice,
  agencyChoices,
  type AgencyQuery,
  type AgencyRow,
  type InboxRow,
  inboxesOf,
  searchAgencies,
  type StaffedPost,
  staffedPostsOf,
  type TeamRow,
  teamsOf,
} from './agencies.store.js';
import { mustKeep, mustRead } from './keeping.js';
import { today } from './people.store.js';
import { Post } from './post.js';
import { type Ending, PostsService } from './posts.service.js';
import { Team } from './team.js';

/** An agency with its parts. */
export interface AgencyDetail {
  readonly agency: Agency;
  readonly teams: TeamRow[];
  readonly inboxes: InboxRow[];
  readonly posts: StaffedPost[];
}

/** Agencies and their teams. */
@Injectable()
export class AgenciesService {
  constructor(
    @Inject(UnitOfWork) private readonly work: UnitOfWork,
    @Inject(PostsService) private readonly posts: PostsService,
  ) {}

  /** Agencies by part of their name. */
  async search(by: Actor, query: AgencyQuery): Promise<{ agencies: AgencyRow[]; more: boolean }> {
    mustRead(by);
    return this.work.run(by, (tx) => searchAgencies(tx, query));
  }

  /** Every agency there is now, for a list to choose from. */
  async choices(by: Actor): Promise<AgencyChoice[]> {
    mustRead(by);
    return this.work.run(by, agencyChoices);
  }

  /** One agency with teams, inboxes, posts, who holds them and who stands in. */
  async detail(by: Actor, id: string): Promise<AgencyDetail> {
    mustRead(by);
    return this.work.run(by, async (tx) => ({
      agency: await tx.find(Agency, id),
      teams: await teamsOf(tx, id),
      inboxes: await inboxesOf(tx, id),
      posts: await staffedPostsOf(tx, id),
    }));
  }

  /** Adds an agency. Throws ALREADY_EXISTS for a name that is taken, however capitals stand. */
  async add(by: Actor, facts: AgencyFacts): Promise<Agency> {
    mustKeep(by);
    return this.work.run(by, (tx) => this.addIn(tx, facts));
  }

  /** The same in an open transaction. */
  async addIn(tx: Tx, facts: AgencyFacts): Promise<Agency> {
    const agency = Agency.of(facts, { authorityId: tx.by.authorityId, id: newId(), now: tx.now });
    await mustBeOnly(tx, agency);
    await tx.insert(Agency, agency);
    await tx.record(agency.added());
    return agency;
  }

  /** Puts an agency's particulars right. Throws ALREADY_EXISTS or OutOfDate. */
  async correct(by: Actor, id: string, facts: AgencyFacts, seen?: number): Promise<Agency> {
    mustKeep(by);
    return this.work.run(by, async (tx) => {
      const agency = await tx.lock(Agency, id, seen);
      const change = agency.correct(facts);
      if (change === null) return agency;
      await mustBeOnly(tx, agency);
      await tx.save(agency);
      await tx.record(change);
      return agency;
    });
  }

  /**
   * Ends an agency with its teams, posts and who holds them. Throws NEEDS_CONFIRMATION while somebody holds a post there,
   * unless that was confirmed.
   */
  async end(by: Actor, id: string, ending: Ending, seen?: number): Promise<void> {
    mustKeep(by);
    requireDate(ending.on, 'endedOn');
    await this.work.run(by, async (tx) => {
      const agency = await tx.lock(Agency, id, seen);
      const change = agency.end(ending.on);
      const posts: Post[] = [];
      for (const post of await staffedPostsOf(tx, id)) {
        if (post.endedOn === null) posts.push(await tx.lock(Post, post.id));
      }
      await this.posts.endIn(tx, posts, ending);
      for (const team of await teamsOf(tx, id)) {
        const on = ending.on < team.fromOn ? team.fromOn : ending.on;
        if (team.toOn === null) await endTeam(tx, await tx.lock(Team, team.id), on);
      }
      await tx.save(agency);
      await tx.record(change);
    });
  }

  /** Adds a team to an agency, from today. Throws ALREADY_EXISTS for a name the agency's teams have. */
  async addTeam(by: Actor, agencyId: string, name: string): Promise<Team> {
    mustKeep(by);
    return this.work.run(by, async (tx) => {
      await tx.lock(Agency, agencyId);
      return this.addTeamIn(tx, agencyId, name);
    });
  }

  /** The same in an open transaction, to an agency that is locked in it. */
  async addTeamIn(tx: Tx, agencyId: string, name: string): Promise<Team> {
    const at = { authorityId: tx.by.authorityId, id: newId(), agencyId, fromOn: today(tx) };
    const team = Team.of(name, at);
    await mustBeOnlyTeam(tx, team);
    await tx.insert(Team, team);
    await tx.record(team.added());
    return team;
  }

  /** One team, or NotFound. */
  async team(by: Actor, id: string): Promise<Team> {
    mustRead(by);
    return this.work.run(by, (tx) => tx.find(Team, id));
  }

  /** Gives a team another name; the old one still finds it. Throws ALREADY_EXISTS or OutOfDate. */
  async renameTeam(by: Actor, id: string, name: string, seen?: number): Promise<Team> {
    mustKeep(by);
    return this.work.run(by, async (tx) => {
      const { agencyId } = await tx.find(Team, id);
      await tx.lock(Agency, agencyId);
      const team = await tx.lock(Team, id, seen);
      const change = team.rename(name);
      if (change === null) return team;
      await mustBeOnlyTeam(tx, team);
      await tx.save(team);
      await tx.record(change);
      return team;
    });
  }

  /** A team exists no more from a day on; its posts stay with the agency. */
  async endTeam(by: Actor, id: string, on: string, seen?: number): Promise<void> {
    mustKeep(by);
    requireDate(on, 'endedOn');
    await this.work.run(by, async (tx) => endTeam(tx, await tx.lock(Team, id, seen), on));
  }
}

async function mustBeOnly(tx: Tx, { id, name }: Agency): Promise<void> {
  const others = await agenciesNamed(tx, [name]);
  if (others.some((other) => other.id !== id)) {
    throw new RuleBroken('ALREADY_EXISTS', 'There is already an agency with this name', 'name');
  }
}

async function mustBeOnlyTeam(tx: Tx, { id, agencyId, name }: Team): Promise<void> {
  const others = await teamsOf(tx, agencyId);
  const same = others.some((other) => other.id !== id && other.toOn === null && sameName(other.name, name));
  if (same) throw new RuleBroken('ALREADY_EXISTS', 'This agency already has a team with this name', 'name');
}

async function endTeam(tx: Tx, team: Team, on: string): Promise<void> {
  const change = team.end(on);
  await tx.save(team);
  await tx.record(change);
}

function sameName(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}
