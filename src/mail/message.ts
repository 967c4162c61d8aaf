/**
 * One message to one person, on its way out. It is rendered once, in the transaction that decides it, and every attempt
 * sends those bytes, so that a repeat can be recognised as one. Plain SMTP cannot promise "exactly once": a message whose
 * fate is unknown is in doubt, and people see "may have been sent; telephone" until that is settled (RFC 1047).
 */
export const MESSAGE_STATES = ['PENDING', 'SENDING', 'SENT', 'IN_DOUBT', 'DEAD'] as const;
export type MessageState = (typeof MESSAGE_STATES)[number];

export type MessagePurpose =
  'INVITATION' | 'UPDATE' | 'CANCELLATION' | 'WITHDRAWAL' | 'CONFIRMATION' | 'CODE' | 'ACTION' | 'LINK';

/** Why somebody ends a message that has not left. */
export type DropReason = 'WITHDRAWN' | 'SUPERSEDED' | 'EXCLUDED' | 'CANCELLED' | 'LEFT' | 'STOPPED' | 'RESTORED';

/** What became of one attempt; the last three are what a look-up found about an attempt in doubt. */
export type AttemptOutcome =
  'BEGUN' | 'TAKEN' | 'LATER' | 'REFUSED' | 'UNKNOWN' | 'CUT_OFF' | 'FOUND_TAKEN' | 'FOUND_NOT_TAKEN' | 'NOT_KNOWN';

/** What may follow what; anything else is refused. A dead message comes back only when a person tries it again. */
export const MESSAGE_MOVES: Readonly<Record<MessageState, readonly MessageState[]>> = {
  PENDING: ['SENDING', 'DEAD'],
  SENDING: ['SENT', 'PENDING', 'IN_DOUBT', 'DEAD'],
  IN_DOUBT: ['SENT', 'PENDING', 'DEAD'],
  SENT: [],
  DEAD: ['PENDING'],
};

/** Attempts before a message is given up and shown to the coordinator (security guide, T-38). */
export const MAX_ATTEMPTS = 8;
/** How one handing-over to the mail server ended. */
export type Handover =
  | { readonly kind: 'taken'; readonly answer?: string }
  /** Certainly not taken: a 4xx, or a break before the message was complete. `answer`: in the server's words. */
  | { readonly kind: 'later'; readonly why: string; readonly answer?: string }
  /** Refused for good: a 5xx. */
  | { readonly kind: 'refused'; readonly why: string; readonly answer?: string }
  /** A break after the message was complete, or an error of unknown stage. */
  | { readonly kind: 'unknown'; readonly why: string; readonly answer?: string };

/** What an attempt makes of a message. `attempts` counts this one; `allowed` is after how many it is given up. */
export function afterHandover(
  outcome: Handover,
  attempts: number,
  allowed = MAX_ATTEMPTS,
): { state: MessageState; reason: string | null } {
  switch (outcome.kind) {
    case 'taken':
      return { state: 'SENT', reason: null };
    case 'refused':
      return { state: 'DEAD', reason: 'REFUSED' };
    case 'unknown':
      return { state: 'IN_DOUBT', reason: outcome.why };
    case 'later':
      return attempts >= allowed ? { state: 'DEAD', reason: 'ATTEMPTS' } : { state: 'PENDING', reason: outcome.why };
  }
}

/**
 * Seconds until the next attempt: doubling from `first` (15 s) up to 120 times as much (half an hour), spread by `spread`
 * from 0 to 1, so that what failed together does not come back together.
 */
export function backOffSeconds(attempts: number, spread: number, first = 15): number {
  const step = Math.min(first * 2 ** Math.max(0, attempts - 1), first * 120);
  return step * (0.75 + spread / 2);
}
