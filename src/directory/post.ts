/**
 * A role that outlasts whoever holds it: "Detective Sergeant, Child Abuse, East", "Head teacher". Invitations and actions
 * keep the post beside the person, so that the work can follow the post when the person moves on. `canDecide` says that
 * its holder may commit the agency at a meeting (Working Together asks for people of sufficient seniority).
 */
import { optionalText } from '../authorities/plain-text.js';
import { RuleBroken } from '../errors.js';
import { type Change } from '../history/change.js';
import { disciplineOf } from './agency.js';
import { changedFacts } from './changed.js';
import { requiredName } from './name.js';

/** What a post does in this work, beyond its title. */
export const POST_FUNCTIONS = [
  'STRATEGY_ATTENDEE',
  'LADO_LEAD',
  'HR_CASE_LEAD',
  'NAMED_NURSE',
  'DSL',
  'CASE_MANAGER',
  'CHAIR_OF_GOVERNORS',
  'OUT_OF_HOURS',
  'MACPT_MEMBER',
  'LCPP',
] as const;
export type PostFunction = (typeof POST_FUNCTIONS)[number];

export const FUNCTION_LABELS: Readonly<Record<PostFunction, string>> = {
  STRATEGY_ATTENDEE: 'Attends strategy meetings',
  LADO_LEAD: 'Leads on allegations',
  HR_CASE_LEAD: 'Leads HR cases',
  NAMED_NURSE: 'Named nurse',
  DSL: 'Designated safeguarding lead',
  CASE_MANAGER: 'Case manager',
  CHAIR_OF_GOVERNORS: 'Chair of governors',
  OUT_OF_HOURS: 'Out of hours',
  MACPT_MEMBER: 'Member of the multi-agency child protection team',
  LCPP: 'Lead child protection practitioner',
};

export interface PostFacts {
  readonly title: string;
  readonly teamId?: string | null;
  readonly discipline?: string | null;
  readonly canDecide?: boolean;
  readonly functions?: readonly string[];
}

export class Post {
  authorityId: number;
  id: string;
  version = 1;
  agencyId: string;
  teamId: string | null = null;
  title: string;
  discipline: string | null = null;
  canDecide = true;
  functions: PostFunction[] = [];
  /** The first day on which there was no such post (`YYYY-MM-DD`). */
  endedOn: string | null = null;

  /** A new post; throws REQUIRED, TOO_LONG, UNSAFE_TEXT or INVALID. */
  static of(facts: PostFacts, at: { authorityId: number; id: string; agencyId: string }): Post {
    return Object.assign(new Post(), at, checked(facts));
  }

  /** Told once, when it is new. */
  added(): Change {
    return this.tell('post.added', { title: this.title });
  }

  /** Puts its particulars right; null when nothing is different. */
  correct(facts: PostFacts): Change | null {
    const changed = changedFacts<Post>(this, checked(facts));
    return changed === null ? null : this.tell('post.corrected', changed);
  }

  /** There is no such post from a day on. */
  end(on: string): Change {
    if (this.endedOn !== null) throw new RuleBroken('MOVE_NOT_ALLOWED', 'This post has already ended', 'endedOn');
    this.endedOn = on;
    return this.tell('post.ended', { on });
  }

  private tell(action: string, details: Record<string, unknown>): Change {
    return { action, object: `post:${this.id}`, details, agencyId: this.agencyId };
  }
}

function checked(facts: PostFacts): Pick<Post, 'title' | 'teamId' | 'discipline' | 'canDecide' | 'functions'> {
  return {
    title: requiredName(facts.title, { field: 'title', ask: 'Enter the title of the post' }),
    teamId: optionalText(facts.teamId, { field: 'teamId' }),
    discipline: disciplineOf(facts.discipline),
    canDecide: facts.canDecide ?? true,
    functions: (facts.functions ?? []).map(functionOf),
  };
}

function functionOf(code: string): PostFunction {
  const known = POST_FUNCTIONS.find((one) => one === code);
  if (known === undefined) throw new RuleBroken('INVALID', 'Select what the post does from the list', 'functions');
  return known;
}
