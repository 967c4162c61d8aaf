/** The four questions of the measurement, in the service's language and in the yardstick's, with values from the database. */
import { type Client } from 'pg';
import { globalId } from '../src/graphql/ids.js';
import { type Asker, type PreparedRequest } from './protocol.js';

export const QUESTIONS = ['meeting', 'upcoming', 'actions', 'answer'] as const;
export type Question = (typeof QUESTIONS)[number];

export const TITLES: Readonly<Record<Question, string>> = {
  meeting: 'A meeting with its invitations, contacts, agencies and actions',
  upcoming: 'Fifty upcoming meetings with the same',
  actions: 'A contact’s open actions with meeting and matter',
  answer: 'A response: change, event, queue',
};

const meetingFields = `id ref status startsAt endsAt mode place revision type { label } matter { id ref neutralTitle } chair { id name }
    invitations(first: 10) { nodes { id role required status answer answeredAt contact { id name email } agency { id name category } } }
    actions(first: 5) { nodes { id ref text status dueOn owner { id name } ownerAgency { id name } } }`;

const DOCUMENTS: Readonly<Record<Question, string>> = {
  meeting: `query Meeting($ref: String!) { meeting(ref: $ref) { ${meetingFields} } }`,
  upcoming: `query Upcoming($from: Instant!) { meetings(from: $from, first: 50) { nodes { ${meetingFields} } } }`,
  actions: `query OpenActions($owner: ID!) {
    actions(owner: $owner, status: [PROPOSED, ASSIGNED, ACCEPTED, QUERIED, IN_PROGRESS, ORPHANED], first: 20) {
      nodes { id ref text status dueOn priority meeting { id ref startsAt } matter { id ref neutralTitle } } } }`,
  answer: `mutation Answer($invitation: ID!, $answer: GivenAnswer!) {
    recordAnswer(input: { invitation: $invitation, answer: $answer }) { invitation { id answer answeredAt version } problems { code message field } } }`,
};

/** One request, as each of the two wants it. */
export interface Pair {
  readonly ours: PreparedRequest;
  readonly bare: PreparedRequest;
}

const ASKERS = `select s.authority_id as "authorityId", s.id as "staffId", s.name from staff s
  where s.desk is null and 'COORDINATOR' = any (s.roles) and s.authority_id > 100 order by s.authority_id`;

/** $1 authority, $2 a seed, $3 now: values for each question, a random lot that is the same for the same seed. */
const VALUES: Readonly<Record<Question, string>> = {
  meeting: `select ref as value from meeting where authority_id = $1 and status in ('SCHEDULED', 'HELD', 'CLOSED') and starts_at < $3::timestamptz + interval '60 days'
    order by md5($2::text || ref) limit 100`,
  upcoming: `select to_char((date_trunc('hour', $3::timestamptz) + n * interval '7 hours') at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as value
    from generate_series(1, 20) n where $1::int > 0 order by md5($2::text || n)`,
  actions: `select owner_contact_id as value from action where authority_id = $1 and $3::timestamptz is not null
    and status in ('PROPOSED', 'ASSIGNED', 'ACCEPTED', 'QUERIED', 'IN_PROGRESS', 'ORPHANED')
    group by owner_contact_id having count(*) between 6 and 12 order by md5($2::text || owner_contact_id) limit 40`,
  answer: `select i.id as value from invitation i join meeting m on m.authority_id = i.authority_id and m.id = i.meeting_id
    where i.authority_id = $1 and i.status = 'OPEN' and m.status = 'SCHEDULED' and m.starts_at > $3::timestamptz + interval '2 days'
    order by md5($2::text || i.id) limit 300`,
};

/** The members of staff who ask: one of each loaded authority, who sees all its matters. */
export async function findAskers(admin: Client, tokenOf: () => string): Promise<Asker[]> {
  const { rows } = await admin.query<Omit<Asker, 'token'>>(ASKERS);
  return rows.map((row) => ({ ...row, token: tokenOf() }));
}

/** Requests for one question, the authorities in turn. */
export async function prepare(
  admin: Client,
  question: Question,
  at: { readonly askers: readonly Asker[]; readonly seed: number; readonly now: Date },
): Promise<Pair[]> {
  const lots = await lotsOf(admin, question, at);
  const longest = Math.max(...lots.map(({ values }) => values.length));
  const pairs: Pair[] = [];
  for (let turn = 0; turn < longest; turn += 1) {
    for (const { asker, values } of lots) {
      const value = values[turn % values.length];
      if (value !== undefined) pairs.push(pair(question, asker, value, pairs.length));
    }
  }
  if (pairs.length === 0) throw new Error(`Nothing to ask about ${question}: load more meetings.`);
  return pairs;
}

async function lotsOf(
  admin: Client,
  question: Question,
  at: { readonly askers: readonly Asker[]; readonly seed: number; readonly now: Date },
): Promise<{ asker: Asker; values: string[] }[]> {
  const lots: { asker: Asker; values: string[] }[] = [];
  for (const asker of at.askers) {
    const { rows } = await admin.query<{ value: string }>(VALUES[question], [asker.authorityId, at.seed, at.now]);
    lots.push({ asker, values: rows.map(({ value }) => value) });
  }
  return lots;
}

function pair(question: Question, { token }: Asker, value: string, turn: number): Pair {
  const kind = turn % 2 === 0 ? 'ACCEPTED' : 'TENTATIVE';
  const variables: Readonly<Record<Question, object>> = {
    meeting: { ref: value },
    upcoming: { from: value },
    actions: { owner: globalId('Contact', value) },
    answer: { invitation: globalId('Invitation', value), answer: kind },
  };
  return {
    ours: { token, body: JSON.stringify({ query: DOCUMENTS[question], variables: variables[question] }) },
    bare: { token, body: JSON.stringify({ question, value, kind }) },
  };
}
