/**
 * What an invitee answered, entry by entry. A response is never changed: a new one stands beside it, whatever channel it
 * came by, and the latest by the time it was given counts. A suggested time stands beside the answer and does not change
 * it. A response names the revision of the meeting it answers, and an answer to an earlier time never counts for the
 * present one: silence after a move is not consent. Kinds and reasons: this product's own list, drawn from what agencies
 * give as reasons for non-attendance in partnership reports.
 */
export const RESPONSE_KINDS = [
  'ACCEPTED',
  'TENTATIVE',
  'DECLINED',
  'SUBSTITUTE_NAMED',
  'REPORT_ONLY',
  'SUGGESTED_TIME',
  'NOT_ME',
  'MOVED_ON',
] as const;
export type ResponseKind = (typeof RESPONSE_KINDS)[number];

/** Where an invitation stands: nothing yet, or the latest kind (never SUGGESTED_TIME, which stands beside it). */
export type AnswerKind = 'NO_RESPONSE' | Exclude<ResponseKind, 'SUGGESTED_TIME'>;

export const DECLINE_REASONS = [
  'CLASH',
  'SHORT_NOTICE',
  'LEAVE',
  'SHIFT_OR_COURT',
  'NO_INFORMATION_HELD',
  'NOT_OUR_REMIT',
  'NO_CAPACITY',
  'OTHER',
] as const;
export type DeclineReason = (typeof DECLINE_REASONS)[number];

export const RESPONSE_CHANNELS = ['LINK', 'CALENDAR_REPLY', 'EMAIL', 'PHONE', 'PARTNER'] as const;
export type ResponseChannel = (typeof RESPONSE_CHANNELS)[number];

export const CHANNEL_LABELS: Readonly<Record<ResponseChannel, string>> = {
  LINK: 'by link',
  CALENDAR_REPLY: 'from their calendar',
  EMAIL: 'by email',
  PHONE: 'by telephone',
  PARTNER: 'by their system',
};

export const ANSWER_LABELS: Readonly<Record<AnswerKind | ResponseKind, string>> = {
  NO_RESPONSE: 'No answer yet',
  ACCEPTED: 'Coming',
  TENTATIVE: 'Not sure yet',
  DECLINED: 'Not coming',
  SUBSTITUTE_NAMED: 'Sending someone else',
  REPORT_ONLY: 'Sending a report instead',
  SUGGESTED_TIME: 'Suggested another time',
  NOT_ME: 'Not the right person',
  MOVED_ON: 'Has moved on',
};

export const DECLINE_LABELS: Readonly<Record<DeclineReason, string>> = {
  CLASH: 'I have something else at that time',
  SHORT_NOTICE: 'The notice is too short',
  LEAVE: 'I am on leave',
  SHIFT_OR_COURT: 'I am off shift or in court',
  NO_INFORMATION_HELD: 'We hold no information',
  NOT_OUR_REMIT: 'This is not for our agency',
  NO_CAPACITY: 'We have nobody free',
  OTHER: 'Another reason',
};

/** One entry of the ledger. */
export class Response {
  authorityId: number;
  id: string;
  invitationId: string;
  meetingId: string;
  matterId = '';
  /** The meeting's revision that is answered. */
  revision: number;
  kind: ResponseKind;
  /** Only with DECLINED. */
  reason: DeclineReason | null = null;
  comment: string | null = null;
  channel: ResponseChannel = 'LINK';
  /** Who wrote it down: the link holder, or the coordinator who took the call. */
  recordedBy: string;
  /** Who said it on the telephone, where that was not the invitee: their office, a colleague. */
  saidBy: string | null = null;
  /** When it was written down. */
  at: Date;
  /** When it was given: the POST, the telephone call, the reply's own time. Decides which answer is the latest. */
  statedAt: Date;
  /** The emailed link it came by: which message, and when that was sent. */
  linkId: string | null = null;
  /** The message it came in, for answers from a calendar or in words. */
  inboundMailId: string | null = null;
  /** How sure one may be that it is the invitee's own, for answers from a calendar. */
  confidence: 'HIGH' | 'MEDIUM' | 'LOW' | null = null;
  /** The other address that they answered under. */
  via: string | null = null;
  /** SEQUENCE of the request it answers, for answers from a calendar. */
  sequence: number | null = null;
  /** What makes two answers from a calendar one: day, SEQUENCE, moment and answer. */
  replyKey: string | null = null;
  /** Why it was kept without being applied; null for all that could count. */
  setAside: SetAside | null = null;

  static given(facts: ResponseFacts): Response {
    return Object.assign(new Response(), facts);
  }
}

/** Why an answer is kept beside those that count: it came too late, or is about something that is no more. */
export type SetAside = 'EARLIER_TIME' | 'OLDER_VERSION' | 'MEETING_OVER' | 'NOT_ASKED';

/** What an entry is made of; only answers by link have a link. */
export type ResponseFacts = Omit<Response, MayLack> & Partial<Pick<Response, MayLack>>;

type MayLack = 'matterId' | 'linkId' | 'saidBy' | FromCalendar;
type FromCalendar = 'inboundMailId' | 'confidence' | 'via' | 'sequence' | 'replyKey' | 'setAside';

/** The response that counts for a revision, or null while there is none; in which order they were written down does not matter. */
export function currentAnswer(responses: readonly Response[], revision: number): Response | null {
  return responses
    .filter((response) => isAnswerTo(response, revision))
    .reduce<Response | null>((latest, next) => (latest === null || isLater(next, latest) ? next : latest), null);
}

/** This product’s own number, ten minutes: the length of a telephone call and a look at the inbox. */
const DISAGREEMENT_WINDOW_MS = 10 * 60_000;

/** Whether two channels gave different answers within ten minutes of each other: somebody should ring and ask. */
export function channelsDisagree(responses: readonly Response[], revision: number): boolean {
  const answers = responses.filter((response) => isAnswerTo(response, revision));
  return answers.some((one) =>
    answers.some(
      (other) =>
        one.channel !== other.channel &&
        one.kind !== other.kind &&
        Math.abs(one.statedAt.getTime() - other.statedAt.getTime()) <= DISAGREEMENT_WINDOW_MS,
    ),
  );
}

function isAnswerTo(response: Response, revision: number): boolean {
  return response.revision === revision && response.kind !== 'SUGGESTED_TIME' && response.setAside === null;
}

function isLater(one: Response, other: Response): boolean {
  const byStated = one.statedAt.getTime() - other.statedAt.getTime();
  const byWritten = one.at.getTime() - other.at.getTime();
  return byStated > 0 || (byStated === 0 && (byWritten > 0 || (byWritten === 0 && one.id > other.id)));
}
