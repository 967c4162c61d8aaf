import { type Tx } from '../../database/tx.js';
import { type AgencyCategory, CATEGORY_LABELS } from '../../directory/agency-category.js';
import { type AskedAs, SKIPPED_WORDS, type WhySkipped } from '../../directory/handover/who-is-asked.js';
import { type AnswerKind } from '../response.js';
import { reRoutedWords } from './re-routing.js';
import { AWAITING, OF_MEETING } from './re-routing.sql.js';

/** A place that was passed on, with one line for people. */
export interface ReRoutedRow {
  readonly id: string;
  readonly meetingId: string;
  readonly askedAs: AskedAs;
  readonly skipped: readonly { readonly name: string; readonly why: WhySkipped }[];
  readonly at: Date;
  readonly category: AgencyCategory;
  readonly agencyName: string;
  readonly goneName: string;
  readonly name: string | null;
  readonly answer: AnswerKind;
  readonly ref: string;
  readonly startsAt: Date;
  readonly words: string;
  /** Why whoever came before in order was not asked, in words: "Sam Stone is on leave". */
  readonly skippedWords: readonly string[];
}

type Read = Omit<ReRoutedRow, 'words' | 'skippedWords'>;

/** What was passed on at a meeting, the first first. */
export async function reRoutedOf(tx: Tx, meetingId: string): Promise<ReRoutedRow[]> {
  return worded(await tx.sql<Read>(OF_MEETING, [tx.by.authorityId, meetingId]));
}

/** What was passed on and waits for an answer, at meetings still to come. */
export async function reRoutedAwaiting(tx: Tx): Promise<ReRoutedRow[]> {
  return worded(await tx.sql<Read>(AWAITING, [tx.by.authorityId, tx.now]));
}

/** Whoever must not be told is not named here: the page is read by others than those who may see exclusions. */
function worded(rows: readonly Read[]): ReRoutedRow[] {
  return rows.map((row) => ({
    ...row,
    words: reRoutedWords({ ...row, category: CATEGORY_LABELS[row.category] }),
    skippedWords: row.skipped
      .filter(({ why }) => why !== 'EXCLUDED')
      .map(({ name, why }) => `${name} ${SKIPPED_WORDS[why]}`),
  }));
}
