import { z } from 'zod';
import { choiceField, dateField, idsField, optionalIdField, tickField } from '../../web/fields.js';
import { type FormBody, valuesById } from '../../web/forms.js';
import { safeText } from '../../web/safe-text.js';
import { type KnownParts, REORGANISATION_KINDS, type ReorganisationKind, type ReorganisationPlan } from './steps.js';

export const reorganisationForm = z.object({
  kind: choiceField(REORGANISATION_KINDS, 'Select what happens'),
  teamIds: idsField('Select the teams from the list'),
  intoTeamId: optionalIdField('Select the team from the list'),
  names: safeText({ label: 'names', max: 1_000, required: false, lines: true }),
  postId: optionalIdField('Select the post from the list'),
  effectiveOn: dateField('day from which it is so'),
  confirmed: tickField(),
  digest: safeText({ label: 'digest', max: 40, required: false }),
});

/** What was typed, as the service takes it. */
export function planOf(form: z.output<typeof reorganisationForm>, body: FormBody): ReorganisationPlan {
  const { kind, teamIds, intoTeamId, names, postId } = form;
  return {
    kind,
    teamIds: kind === 'MOVE_POST' ? [] : teamIds,
    intoTeamId: intoTeamId ?? null,
    names: (names ?? '')
      .split('\n')
      .map((name) => name.trim())
      .filter((name) => name !== ''),
    postId: postId ?? null,
    destinations: Object.fromEntries(valuesById(body, 'to')),
  };
}

interface Choice {
  readonly value: string;
  readonly text: string;
}

/** What the form offers: teams, posts, and where the parts of one team could go. */
export interface Choices {
  readonly teams: readonly Choice[];
  readonly posts: readonly Choice[];
  /** Posts and inboxes of the chosen team, each with where it could go. */
  readonly parts: readonly { readonly id: string; readonly name: string }[];
  readonly destinations: readonly Choice[];
}

/** The choices for one kind of restructure, with the parts of the team that was chosen. */
export function choicesOf(
  known: KnownParts,
  kind: ReorganisationKind,
  chosen: { teamIds: string[]; names: string[] },
): Choices {
  const there = known.teams.filter(({ toOn }) => toOn === null);
  const teams = there.map(({ id, name }) => ({ value: id, text: name }));
  const places = kind === 'SPLIT' || kind === 'CLOSE';
  const parts = places
    ? [...known.posts, ...known.inboxes].filter(({ teamId }) => teamId !== null && chosen.teamIds.includes(teamId))
    : [];
  const begun = kind === 'SPLIT' ? chosen.names.map((name, index) => ({ value: `new:${index}`, text: name })) : [];
  const others = teams.filter(({ value }) => !chosen.teamIds.includes(value));
  return {
    teams,
    posts: known.posts.map(({ id, name, teamId }) => ({ value: id, text: `${name}${teamName(known, teamId)}` })),
    parts,
    destinations: [...begun, ...others, { value: 'agency', text: 'The agency itself, in no team' }],
  };
}

function teamName(known: KnownParts, teamId: string | null): string {
  const team = known.teams.find(({ id }) => id === teamId);
  return team === undefined ? '' : `, ${team.name}`;
}
