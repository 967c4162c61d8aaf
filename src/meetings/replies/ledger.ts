/**
 * The ledger of one invitation: everything that was answered, whichever way it came, with the one that counts and, for
 * each of the others, why it does not. Nothing is ever taken out. The latest by its own time counts, among the answers to
 * the meeting as it is now.
 */
import { channelsDisagree, currentAnswer, type Response } from '../response.js';

/** Why an entry does not count; SUGGESTION stands beside the answer. */
export const LEDGER_STANDINGS = [
  'COUNTS',
  'EARLIER_TIME',
  'LATER_ANSWER',
  'SUGGESTION',
  'OLDER_VERSION',
  'MEETING_OVER',
  'NOT_ASKED',
] as const;
export type LedgerStanding = (typeof LEDGER_STANDINGS)[number];

export const STANDING_LABELS: Readonly<Record<LedgerStanding, string>> = {
  COUNTS: 'Counts',
  EARLIER_TIME: 'Answers an earlier time',
  LATER_ANSWER: 'A later answer counts',
  SUGGESTION: 'A suggestion: stands beside the answer',
  OLDER_VERSION: 'Answers an older version of the invitation',
  MEETING_OVER: 'Came after the meeting began',
  NOT_ASKED: 'Came when nothing was asked any more',
};

export interface LedgerEntry {
  readonly response: Response;
  readonly standing: LedgerStanding;
}

export interface Ledger {
  /** The newest first, by their own time. */
  readonly entries: readonly LedgerEntry[];
  /** Two ways gave different answers within ten minutes: ring and ask. */
  readonly disagree: boolean;
}

/** The ledger of one invitation to a meeting of that revision. */
export function ledgerOf(responses: readonly Response[], revision: number): Ledger {
  const current = currentAnswer(responses, revision);
  const newestFirst = [...responses].sort(
    (one, other) => other.statedAt.getTime() - one.statedAt.getTime() || other.at.getTime() - one.at.getTime(),
  );
  return {
    entries: newestFirst.map((response) => ({ response, standing: standingOf(response, current, revision) })),
    disagree: channelsDisagree(responses, revision),
  };
}

function standingOf(response: Response, current: Response | null, revision: number): LedgerStanding {
  if (response.setAside !== null) return response.setAside;
  if (response.revision !== revision) return 'EARLIER_TIME';
  if (response.kind === 'SUGGESTED_TIME') return 'SUGGESTION';
  return response === current ? 'COUNTS' : 'LATER_ANSWER';
}
