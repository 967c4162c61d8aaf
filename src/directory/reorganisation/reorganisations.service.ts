import { createHash } from 'node:crypto';
import { Inject, Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { type Actor, systemActor } from '../../access/actor.js';
import { civilTime } from '../../authorities/civil-time.js';
import { newId } from '../../database/ids.js';
import { Sweeps } from '../../database/sweeps.js';
import { type Tx } from '../../database/tx.js';
import { UnitOfWork } from '../../database/unit-of-work.js';
import { RuleBroken } from '../../errors.js';
import { Agency } from '../agency.js';
import { mustKeep, mustRead } from '../keeping.js';
import { today } from '../people.store.js';
import { Team } from '../team.js';
import { type Effect, ReorganisationEffects } from './effects.js';
import { Reorganisation } from './reorganisation.js';
import * as sql from './reorganisation.sql.js';
import { type KnownParts, type KnownTeam, type Move, type ReorganisationPlan, type Steps, stepsOf } from './steps.js';

/** What a restructure would do, before it is decided. */
export interface ReorganisationPreview {
  readonly steps: Steps;
  /** Who holds the posts that move. */
  readonly contacts: readonly { readonly id: string; readonly name: string }[];
  readonly effects: readonly Effect[];
  /** Of exactly these steps: sent back to show that nothing has changed since. */
  readonly digest: string;
}

/** What is decided, on top of what the preview showed. */
export interface Deciding {
  /** `YYYY-MM-DD` */
  readonly effectiveOn: string;
  /** A day in the past is right. */
  readonly confirmed: boolean;
  /** Of the preview that was looked at; any is taken when it is left out. */
  readonly digest?: string | undefined;
}

const ZONE = 'Europe/London';

/** Restructures of an agency: looked at, decided for a day, applied whole on it. */
@Injectable()
export class ReorganisationsService implements OnModuleInit {
  private readonly log = new Logger('Reorganisations');

  constructor(
    @Inject(UnitOfWork) private readonly work: UnitOfWork,
    @Inject(Sweeps) private readonly sweeps: Sweeps,
    @Inject(ReorganisationEffects) private readonly effects: ReorganisationEffects,
  ) {}

  onModuleInit(): void {
    this.sweeps.add(() => this.applyDue());
  }

  /** The teams, posts and inboxes of an agency, to plan with. Throws NotFound. */
  async parts(by: Actor, agencyId: string): Promise<KnownParts & { agency: Agency }> {
    mustRead(by);
    return this.work.run(by, async (tx) => ({
      agency: await tx.find(Agency, agencyId),
      ...(await partsOf(tx, agencyId)),
    }));
  }

  /** The restructures of an agency, the latest first. */
  async list(by: Actor, agencyId: string): Promise<Reorganisation[]> {
    mustRead(by);
    return this.work.run(by, async (tx) => {
      const rows = await tx.sql<{ id: string }>(sql.OF_AGENCY, [tx.by.authorityId, agencyId]);
      const found: Reorganisation[] = [];
      for (const { id } of rows) found.push(await tx.find(Reorganisation, id));
      return found;
    });
  }

  /** One restructure with its agency. Throws NotFound. */
  async show(by: Actor, id: string): Promise<{ reorganisation: Reorganisation; agency: Agency }> {
    mustRead(by);
    return this.work.run(by, async (tx) => {
      const reorganisation = await tx.find(Reorganisation, id);
      return { reorganisation, agency: await tx.find(Agency, reorganisation.agencyId) };
    });
  }

  /** What a plan would do. Changes nothing. Throws what `stepsOf` does, NotFound. */
  async preview(by: Actor, agencyId: string, plan: ReorganisationPlan): Promise<ReorganisationPreview> {
    mustKeep(by);
    return this.work.run(by, async (tx) => {
      await tx.find(Agency, agencyId);
      const steps = stepsOf(plan, await partsOf(tx, agencyId));
      const contacts = await this.holders(tx, steps, plan);
      const contactIds = contacts.map(({ id }) => id);
      const touched = { agencyId, contactIds, postIds: await this.postsOf(tx, agencyId, steps, plan) };
      return { steps, contacts, effects: await this.effects.of(tx, touched), digest: digestOf(steps) };
    });
  }

  /**
   * Decides a restructure: for today or a day that has passed it happens now, whole; for a later day it waits for it. Throws
   * NEEDS_CONFIRMATION for a day in the past, INVALID while anything has no destination, ALREADY_EXISTS while another one of
   * the same team waits, NOTHING_CHANGED when the directory is no longer as it was shown, and what `stepsOf` does.
   */
  async decide(by: Actor, agencyId: string, plan: ReorganisationPlan, deciding: Deciding): Promise<Reorganisation> {
    mustKeep(by);
    return this.work.run(by, async (tx) => {
      await tx.lock(Agency, agencyId);
      const steps = stepsOf(plan, await partsOf(tx, agencyId));
      mustBeWhole(steps);
      if (deciding.digest !== undefined && deciding.digest !== digestOf(steps)) throw changedSince();
      const touched = touchedBy(plan, steps);
      await mustBeOnlyOne(tx, agencyId, touched);
      const { authorityId, name: decidedBy } = by;
      const at = { authorityId, id: newId(), agencyId, decidedBy, decidedAt: tx.now, kind: plan.kind };
      const facts = { ...at, plan, touched, words: steps.words, effectiveOn: deciding.effectiveOn };
      const decided = Reorganisation.decide(facts, { today: today(tx), confirmed: deciding.confirmed });
      await tx.insert(Reorganisation, decided);
      if (decided.isDue(today(tx))) await this.apply(tx, decided, steps);
      else await tx.record(decided.scheduled());
      return decided;
    });
  }

  /** Takes back a restructure whose day has not come. Throws MOVE_NOT_ALLOWED, OutOfDate, NotFound. */
  async reverse(by: Actor, id: string, seen?: number): Promise<void> {
    mustKeep(by);
    await this.work.run(by, async (tx) => {
      const reorganisation = await tx.lock(Reorganisation, id, seen);
      const reversed = reorganisation.reverse({ now: tx.now, today: today(tx), by: by.name });
      await tx.save(reorganisation);
      await tx.record(reversed);
    });
  }

  /** Applies what is due by the service's clock, in every authority, each by itself; safe to run twice. */
  async applyDue(): Promise<void> {
    const authorities = await this.work.outside((run) => run<{ id: number }>('select id from authority order by id'));
    for (const { id } of authorities) {
      const by = systemActor(id);
      const due = await this.work.run(by, (tx) => tx.sql<{ id: string }>(sql.DUE, [id, today(tx)]));
      for (const row of due) await this.applyOne(by, row.id);
    }
  }

  private async applyOne(by: Actor, id: string): Promise<void> {
    await this.work.run(by, async (tx) => {
      const { agencyId } = await tx.find(Reorganisation, id);
      await tx.lock(Agency, agencyId);
      const reorganisation = await tx.lock(Reorganisation, id);
      if (!reorganisation.isDue(today(tx))) return;
      try {
        await tx.part(async (part) => {
          const steps = stepsOf(reorganisation.plan, await partsOf(part, agencyId));
          mustBeWhole(steps);
          await this.apply(part, reorganisation, steps);
        });
      } catch (error) {
        if (!(error instanceof RuleBroken)) throw error;
        this.log.warn('a restructure could not be applied on its day');
        const stuck = await tx.lock(Reorganisation, id);
        stuck.trouble = error.message;
        await tx.save(stuck);
      }
    });
  }

  /** In an open transaction with the agency locked: everything at once, in a few statements, and one entry in the history. */
  private async apply(tx: Tx, reorganisation: Reorganisation, steps: Steps): Promise<void> {
    const { agencyId, effectiveOn, plan } = reorganisation;
    const { authorityId } = tx.by;
    const begun = await this.begin(tx, steps.begun, { agencyId, fromOn: effectiveOn });
    const teamId = (place: string | null): string | null =>
      place?.startsWith('new:') === true ? (begun[Number(place.slice(4))] ?? null) : place;
    const until = civilTime(effectiveOn, '00:00', ZONE).instant;
    const moved = steps.posts.map(({ id }) => id);
    await tx.sql(sql.REMEMBER_PLACES, [authorityId, moved, plan.kind === 'MOVE_POST' ? [] : plan.teamIds, until]);
    const targets = (moves: readonly Move[]): unknown[] => [
      authorityId,
      moves.map(({ id }) => id),
      moves.map(({ to }) => teamId(to)),
    ];
    if (steps.posts.length > 0) await tx.sql(sql.MOVE_POSTS, targets(steps.posts));
    if (steps.inboxes.length > 0) await tx.sql(sql.MOVE_INBOXES, targets(steps.inboxes));
    for (const { teamId: id, successors } of steps.ended) {
      await tx.sql(sql.END_TEAM, [authorityId, id, effectiveOn, successors.map(teamId)]);
    }
    for (const { teamId: place, names } of steps.formerNames) {
      await tx.sql(sql.KEEP_NAMES, [authorityId, teamId(place), names, plan.teamIds]);
    }
    for (const { teamId: id, to } of steps.renamed) {
      const team = await tx.lock(Team, id);
      team.rename(to);
      await tx.save(team);
    }
    const told = {
      teams: steps.ended.map(({ name }) => name),
      posts: steps.posts.length,
      inboxes: steps.inboxes.length,
    };
    const applied = reorganisation.apply(tx.now, told);
    await tx.save(reorganisation);
    await tx.record(applied);
  }

  private async begin(tx: Tx, names: readonly string[], at: { agencyId: string; fromOn: string }): Promise<string[]> {
    const teams = names.map((name) => Team.of(name, { authorityId: tx.by.authorityId, id: newId(), ...at }));
    await tx.insert(Team, ...teams);
    return teams.map(({ id }) => id);
  }

  private async postsOf(tx: Tx, agencyId: string, steps: Steps, plan: ReorganisationPlan): Promise<string[]> {
    if (plan.kind !== 'RENAME') return steps.posts.map(({ id }) => id);
    const { posts } = await partsOf(tx, agencyId);
    return posts.filter(({ teamId }) => teamId !== null && plan.teamIds.includes(teamId)).map(({ id }) => id);
  }

  private async holders(tx: Tx, steps: Steps, plan: ReorganisationPlan): Promise<{ id: string; name: string }[]> {
    const [row] = await tx.sql<{ agency_id: string }>(
      'select agency_id from team where authority_id = $1 and id = any ($2::uuid[])',
      [tx.by.authorityId, plan.teamIds],
    );
    const postIds =
      row === undefined ? steps.posts.map(({ id }) => id) : await this.postsOf(tx, row.agency_id, steps, plan);
    return tx.sql(sql.HOLDERS, [tx.by.authorityId, postIds, today(tx)]);
  }
}

async function partsOf(tx: Tx, agencyId: string): Promise<KnownParts> {
  const values = [tx.by.authorityId, agencyId];
  return {
    agencyId,
    teams: await tx.sql<KnownTeam>(sql.TEAMS, values),
    posts: await tx.sql(sql.POSTS, [...values, today(tx)]),
    inboxes: await tx.sql(sql.INBOXES, [...values, today(tx)]),
  };
}

function touchedBy(plan: ReorganisationPlan, steps: Steps): string[] {
  const targets = [...steps.posts, ...steps.inboxes].flatMap(({ to }) =>
    to === null || to.startsWith('new:') ? [] : [to],
  );
  const given = [plan.intoTeamId, plan.postId].filter((id) => id !== null);
  return [...new Set([...plan.teamIds, ...given, ...targets])];
}

async function mustBeOnlyOne(tx: Tx, agencyId: string, touched: readonly string[]): Promise<void> {
  const [other] = await tx.sql<{ words: string; effectiveOn: string }>(sql.WAITING, [
    tx.by.authorityId,
    agencyId,
    touched,
  ]);
  if (other === undefined) return;
  throw new RuleBroken(
    'ALREADY_EXISTS',
    `Another restructure of this waits for its day: ${other.words}, ${other.effectiveOn}. Take that one back first`,
  );
}

function mustBeWhole({ homeless }: Steps): void {
  if (homeless.length === 0) return;
  const message = `Say where these go: ${homeless.slice(0, 5).join(', ')}${homeless.length > 5 ? ' and others' : ''}`;
  throw new RuleBroken('INVALID', message, 'destinations');
}

function digestOf(steps: Steps): string {
  return createHash('sha256').update(JSON.stringify(steps)).digest('base64url').slice(0, 22);
}

function changedSince(): RuleBroken {
  return new RuleBroken('NOTHING_CHANGED', 'The directory has changed since you looked. Look at it again, then go on');
}
