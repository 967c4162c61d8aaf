/**
 * What a restructure would do, step by step, before it is done: which teams begin and end, which posts and shared inboxes
 * go where, which names go on finding them, and what nobody has given a place yet. Whoever plans it says where things go;
 * a merger takes everything along by itself.
 */
import { RuleBroken } from '../../errors.js';
import { requiredName } from '../name.js';

export const REORGANISATION_KINDS = ['RENAME', 'MERGE', 'SPLIT', 'CLOSE', 'MOVE_POST'] as const;
export type ReorganisationKind = (typeof REORGANISATION_KINDS)[number];

export const KIND_LABELS: Readonly<Record<ReorganisationKind, string>> = {
  RENAME: 'Rename a team',
  MERGE: 'Merge teams',
  SPLIT: 'Split a team',
  CLOSE: 'Close a team',
  MOVE_POST: 'Move a post',
};

/** Somebody wants this: which teams, and where each post and shared inbox goes. */
export interface ReorganisationPlan {
  readonly kind: ReorganisationKind;
  /** The teams that end or are renamed. */
  readonly teamIds: readonly string[];
  /** The team that takes the others in; it is there already. */
  readonly intoTeamId: string | null;
  /** The names of new teams, or the new name of the one that is renamed. */
  readonly names: readonly string[];
  /** The post that moves. */
  readonly postId: string | null;
  /** Where posts and inboxes go, by id: a team, the place of a new name (`new:0`), `agency` for no team. */
  readonly destinations: Readonly<Record<string, string>>;
}

/** What a plan is about, as the directory has it now. */
export interface KnownParts {
  readonly agencyId: string;
  readonly teams: readonly KnownTeam[];
  readonly posts: readonly KnownPart[];
  readonly inboxes: readonly KnownPart[];
}

export interface KnownTeam {
  readonly id: string;
  readonly name: string;
  readonly fromOn: string;
  readonly toOn: string | null;
  readonly successorIds: readonly string[];
}

/** A post or a shared inbox. */
export interface KnownPart {
  readonly id: string;
  readonly name: string;
  readonly teamId: string | null;
}

/** One step for the directory: this post or inbox goes to that team, or to none. */
export interface Move {
  readonly id: string;
  readonly name: string;
  readonly from: string | null;
  /** A team, `new:0` for one that begins, or null for none. */
  readonly to: string | null;
}

/** Everything that would happen. */
export interface Steps {
  readonly renamed: readonly { readonly teamId: string; readonly from: string; readonly to: string }[];
  readonly begun: readonly string[];
  readonly ended: readonly { readonly teamId: string; readonly name: string; readonly successors: readonly string[] }[];
  readonly posts: readonly Move[];
  readonly inboxes: readonly Move[];
  /** Names that from then on find the team that took them over. */
  readonly formerNames: readonly { readonly teamId: string; readonly names: readonly string[] }[];
  /** What has no destination; must be nothing. */
  readonly homeless: readonly string[];
  /** In one sentence. */
  readonly words: string;
}

/** What a plan would do. Throws INVALID, REQUIRED, NOTHING_CHANGED, ALREADY_EXISTS, MOVE_NOT_ALLOWED for what cannot be. */
export function stepsOf(plan: ReorganisationPlan, known: KnownParts): Steps {
  for (const id of plan.teamIds) mustBeThere(teamOf(known, id));
  return PLANNERS[plan.kind](plan, known);
}

/** Throws INVALID when a team would in the end succeed itself, through whatever others. */
export function refuseCycle(teams: readonly Pick<KnownTeam, 'id' | 'successorIds'>[], from: string, to: string): void {
  const next = new Map(teams.map(({ id, successorIds }) => [id, successorIds]));
  const seen = new Set<string>();
  const waiting = [to];
  for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
    if (id === from)
      throw new RuleBroken('INVALID', 'A team cannot become part of itself. Choose another team', 'intoTeamId');
    if (!seen.has(id)) waiting.push(...(next.get(id) ?? []));
    seen.add(id);
  }
}

const EMPTY: Steps = {
  renamed: [],
  begun: [],
  ended: [],
  posts: [],
  inboxes: [],
  formerNames: [],
  homeless: [],
  words: '',
};

const PLANNERS: Readonly<Record<ReorganisationKind, (plan: ReorganisationPlan, known: KnownParts) => Steps>> = {
  RENAME: renaming,
  MERGE: merging,
  SPLIT: splitting,
  CLOSE: closing,
  MOVE_POST: movingPost,
};

function renaming(plan: ReorganisationPlan, known: KnownParts): Steps {
  const team = only(plan, known);
  const [name] = newNames(plan, known, { most: 1, except: team.id });
  if (name === undefined || name === team.name) {
    throw new RuleBroken('NOTHING_CHANGED', 'Enter another name: the team has this one', 'names');
  }
  const renamed = [{ teamId: team.id, from: team.name, to: name }];
  return { ...EMPTY, renamed, words: `${team.name} is renamed ${name}` };
}

function merging(plan: ReorganisationPlan, known: KnownParts): Steps {
  const gone = plan.teamIds.map((id) => teamOf(known, id));
  if (gone.length === 0) throw new RuleBroken('REQUIRED', 'Select the teams that become one', 'teamIds');
  const { to, name, begun } = plan.intoTeamId === null ? intoNew(plan, known) : intoOther(plan.intoTeamId, gone, known);
  return {
    ...EMPTY,
    begun,
    ended: gone.map((team) => ({ teamId: team.id, name: team.name, successors: [to] })),
    ...movedTo(known, gone, () => to),
    formerNames: [{ teamId: to, names: gone.map((team) => team.name) }],
    words: `${gone.map((team) => team.name).join(' and ')} merged into ${name}`,
  };
}

interface Into {
  readonly to: string;
  readonly name: string;
  readonly begun: readonly string[];
}

function intoNew(plan: ReorganisationPlan, known: KnownParts): Into {
  if (plan.teamIds.length < 2) {
    throw new RuleBroken('REQUIRED', 'Select two teams or more, or the team that takes this one in', 'teamIds');
  }
  const begun = newNames(plan, known, { most: 1 });
  return { to: 'new:0', name: begun.join(), begun };
}

function intoOther(intoTeamId: string, gone: readonly KnownTeam[], known: KnownParts): Into {
  const into = mustBeThere(teamOf(known, intoTeamId));
  for (const team of gone) refuseCycle(known.teams, team.id, into.id);
  return { to: into.id, name: into.name, begun: [] };
}

function splitting(plan: ReorganisationPlan, known: KnownParts): Steps {
  const team = only(plan, known);
  const begun = newNames(plan, known, { most: 5, except: team.id });
  if (begun.length < 2)
    throw new RuleBroken('REQUIRED', 'Enter the names of two new teams or more, one a line', 'names');
  const moves = movedTo(known, [team], ({ id }) => destinationOf(plan, known, { id, begun: begun.length }));
  const successors = begun.map((_, index) => `new:${index}`);
  const formerNames = successors.map((teamId) => ({ teamId, names: [team.name] }));
  const ended = [{ teamId: team.id, name: team.name, successors }];
  return { ...EMPTY, begun, ended, ...moves, formerNames, words: `${team.name} split into ${begun.join(' and ')}` };
}

function closing(plan: ReorganisationPlan, known: KnownParts): Steps {
  const team = only(plan, known);
  const moves = movedTo(known, [team], ({ id }) => destinationOf(plan, known, { id, begun: 0 }));
  const to = [...moves.posts, ...moves.inboxes].flatMap((move) => (move.to === null ? [] : [move.to]));
  if (to.includes(team.id)) {
    throw new RuleBroken('INVALID', 'A team that closes can take nothing. Choose another team', 'destinations');
  }
  const ended = [{ teamId: team.id, name: team.name, successors: [...new Set(to)] }];
  return { ...EMPTY, ended, ...moves, words: `${team.name} closed` };
}

function movingPost(plan: ReorganisationPlan, known: KnownParts): Steps {
  const post = known.posts.find(({ id }) => id === plan.postId);
  if (post === undefined) throw new RuleBroken('REQUIRED', 'Select the post that moves', 'postId');
  const team = plan.intoTeamId === null ? null : mustBeThere(teamOf(known, plan.intoTeamId));
  const { to, name } = team === null ? { to: null, name: 'no team' } : { to: team.id, name: team.name };
  if (post.teamId === to) {
    throw new RuleBroken('NOTHING_CHANGED', 'The post is there already. Choose another team', 'intoTeamId');
  }
  const posts = [{ id: post.id, name: post.name, from: post.teamId, to }];
  return { ...EMPTY, posts, words: `${post.name} moved to ${name}` };
}

/** Where every post and inbox of the teams goes; what nobody has said is homeless. */
function movedTo(
  known: KnownParts,
  gone: readonly KnownTeam[],
  to: (part: KnownPart) => string | null | undefined,
): Pick<Steps, 'posts' | 'inboxes' | 'homeless'> {
  const from = new Set(gone.map(({ id }) => id));
  const homeless: string[] = [];
  const moves = (parts: readonly KnownPart[]): Move[] =>
    parts.flatMap((part) => {
      if (part.teamId === null || !from.has(part.teamId)) return [];
      const destination = to(part);
      if (destination !== undefined) return [{ id: part.id, name: part.name, from: part.teamId, to: destination }];
      homeless.push(part.name);
      return [];
    });
  return { posts: moves(known.posts), inboxes: moves(known.inboxes), homeless };
}

/** The destination somebody chose: a team, the place of a new one, null for no team, undefined for none chosen. */
function destinationOf(
  plan: ReorganisationPlan,
  known: KnownParts,
  { id, begun }: { id: string; begun: number },
): string | null | undefined {
  const chosen = plan.destinations[id];
  if (chosen === undefined || chosen === '') return undefined;
  if (chosen === 'agency') return null;
  const isNew = /^new:\d$/.test(chosen) && Number(chosen.slice('new:'.length)) < begun;
  return isNew ? chosen : mustBeThere(teamOf(known, chosen)).id;
}

function only(plan: ReorganisationPlan, known: KnownParts): KnownTeam {
  const [id] = plan.teamIds;
  if (id === undefined) throw new RuleBroken('REQUIRED', 'Select the team', 'teamIds');
  return teamOf(known, id);
}

function teamOf(known: KnownParts, id: string): KnownTeam {
  const team = known.teams.find((one) => one.id === id);
  if (team === undefined) throw new RuleBroken('NOT_SAME_AGENCY', 'Choose teams of the same agency', 'teamIds');
  return team;
}

function mustBeThere(team: KnownTeam): KnownTeam {
  if (team.toOn === null) return team;
  throw new RuleBroken('MOVE_NOT_ALLOWED', `${team.name} has ended already. Choose another team`, 'teamIds');
}

/** The names of what begins, each once and none that another team of the agency has. */
function newNames(plan: ReorganisationPlan, known: KnownParts, limits: { most: number; except?: string }): string[] {
  const names = plan.names
    .slice(0, limits.most)
    .map((name) => requiredName(name, { field: 'names', ask: 'Enter the name of the team' }));
  if (names.length === 0) throw new RuleBroken('REQUIRED', 'Enter the name of the team', 'names');
  const staying = known.teams.filter(
    ({ id, toOn }) => toOn === null && id !== limits.except && !plan.teamIds.includes(id),
  );
  const taken = new Set(staying.map(({ name }) => name.toLowerCase()));
  for (const name of names) {
    if (taken.has(name.toLowerCase())) {
      throw new RuleBroken(
        'ALREADY_EXISTS',
        `This agency already has a team called ${name}. Enter another name`,
        'names',
      );
    }
    taken.add(name.toLowerCase());
  }
  return names;
}
