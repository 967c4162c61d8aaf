/** Before anything is measured: both sides must answer every kind of question with the same values. */
import { isDeepStrictEqual } from 'node:util';
import { type Measured } from './measuring.js';
import { type Pair, type Question } from './questions.js';

const SAMPLES = 20;

/** Throws with the first question that the two answer differently. */
export async function compare(
  question: Question,
  pairs: readonly Pair[],
  { ours, bare }: { readonly ours: Measured; readonly bare: Measured },
): Promise<void> {
  const step = Math.max(1, Math.floor(pairs.length / SAMPLES));
  for (let at = 0; at < pairs.length; at += step) {
    const pair = pairs[at];
    if (pair === undefined) break;
    const mine = await ask(ours, pair.ours);
    const theirs = await ask(bare, pair.bare);
    if (!isDeepStrictEqual(tidy(question, mine), tidy(question, theirs))) {
      const said = (answer: unknown): string => JSON.stringify(answer, undefined, 1).slice(0, 3000);
      throw new Error(`The two answer ${pair.ours.body} differently.\nOurs: ${said(mine)}\nBare: ${said(theirs)}`);
    }
  }
}

async function ask(server: Measured, { token, body }: Pair['ours']): Promise<unknown> {
  const response = await fetch(`http://127.0.0.1:${server.port}${server.path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body,
  });
  const answer = (await response.json()) as { data?: unknown; errors?: unknown };
  if (response.status !== 200 || answer.errors !== undefined) {
    throw new Error(`${server.name} answered ${response.status}: ${JSON.stringify(answer).slice(0, 1000)}`);
  }
  return answer.data;
}

/** Each answer is a change of its own: when it was given and how often it changed are not the same. */
function tidy(question: Question, answer: unknown): unknown {
  if (question !== 'answer') return answer;
  const untold = new Set(['answeredAt', 'version']);
  return JSON.parse(JSON.stringify(answer, (key, value: unknown) => (untold.has(key) ? typeof value : value)));
}
