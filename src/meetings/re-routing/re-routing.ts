/**
 * That a place at a meeting was passed on because its person is not there, to whom, and whom it passed over. It is what
 * the coordinator reads beside the agency: "Police re-routed to DS Oyelaran (deputy), awaiting".
 */
import { ASKED_AS_WORDS, type AskedAs, type Skipped } from '../../directory/handover/who-is-asked.js';
import { ANSWER_LABELS, type AnswerKind } from '../response.js';

export class ReRouting {
  authorityId: number;
  id: string;
  handoverId: string;
  meetingId: string;
  matterId: string;
  /** The invitation that ended. */
  invitationId: string;
  /** The invitation that began; null where nobody or only a shared inbox could be asked. */
  toInvitationId: string | null = null;
  inboxId: string | null = null;
  askedAs: AskedAs;
  skipped: Skipped[] = [];
  at: Date;
  undoneAt: Date | null = null;

  static of(facts: Omit<ReRouting, 'undoneAt'>): ReRouting {
    return Object.assign(new ReRouting(), facts);
  }
}

export interface ReRoutedPlace {
  /** Police, Health and so on. */
  readonly category: string;
  /** Who is asked now: a person or an address; null where nobody is. */
  readonly name: string | null;
  readonly askedAs: AskedAs;
  readonly answer: AnswerKind;
}

/** One line for the coordinator. */
export function reRoutedWords({ category, name, askedAs, answer }: ReRoutedPlace): string {
  if (name === null) return `${category}: nobody could be asked instead. Choose somebody`;
  const state = answer === 'NO_RESPONSE' ? 'awaiting' : ANSWER_LABELS[answer].toLowerCase();
  return `${category} re-routed to ${name} (${ASKED_AS_WORDS[askedAs]}), ${state}`;
}
