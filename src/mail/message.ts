/**
 * One message to one person, on its way out. It is rendered once, in the transaction that decides it, and every attempt
 * sends those bytes, so that a repeat can be recognised as one. Plain SMTP cannot promise "exactly once": a message whose
 * fate is unknown is in doubt, and people see "may have been sent; telephone" until that is settled (RFC 1047).
 */
export const MESSAGE_STATES = ['PENDING', 'SENDING', 'SENT', 'IN_DOUBT', 'DEAD'] as const;
export type MessageState = (typeof MESSAGE_STATES)[number];

export type MessagePurpose =
  'INVITATION' | 'UPDATE' | 'CANCELLATION' | 'WITHDRAWAL' | 'CONFIRMATION' | 'CODE' | 'ACTION' | 'LINK';

/** Why a message will not leave any more. */
export type DropReason = 'WITHDRAWN' | 'SUPERSEDED' | 'EXCLUDED' | 'CANCELLED' | 'LEFT';

/** What may follow what; anything else is refused. */
export const MESSAGE_MOVES: Readonly<Record<MessageState, readonly MessageState[]>> = {
  PENDING: ['SENDING', 'DEAD'],
  SENDING: ['SENT', 'PENDING', 'IN_DOUBT', 'DEAD'],
  IN_DOUBT: ['SENT', 'PENDING', 'DEAD'],
  SENT: [],
  DEAD: [],
};

/** Attempts before a message is given up and shown to the coordinator (security guide, T-38). */
export const MAX_ATTEMPTS = 8;
/** How long one worker may hold a message, in seconds by the database's clock. */
export const LEASE_SECONDS = 60;
/** How long one handing-over may take, in milliseconds by a clock that never steps. */
export const SEND_LIMIT_MS = 45_000;

/** How one handing-over to the mail server ended. */
export type Handover =
  | { readonly kind: 'taken' }
  /** Certainly not taken: a 4xx, or a break before the message was complete. */
  | { readonly kind: 'later'; readonly why: string }
  /** Refused for good: a 5xx. */
  | { readonly kind: 'refused'; readonly why: string }
  /** A break after the message was complete, or an error of unknown stage. */
  | { readonly kind: 'unknown'; readonly why: string };

/** What an attempt makes of a message. `attempts` counts this one. */
export function afterHandover(outcome: Handover, attempts: number): { state: MessageState; reason: string | null } {
  switch (outcome.kind) {
    case 'taken':
      return { state: 'SENT', reason: null };
    case 'refused':
      return { state: 'DEAD', reason: 'REFUSED' };
    case 'unknown':
      return { state: 'IN_DOUBT', reason: outcome.why };
    case 'later':
      return attempts >= MAX_ATTEMPTS
        ? { state: 'DEAD', reason: 'ATTEMPTS' }
        : { state: 'PENDING', reason: outcome.why };
  }
}

/** Seconds until the next attempt: doubling from 15 s to half an hour, spread by `spread` from 0 to 1. */
export function backOffSeconds(attempts: number, spread: number): number {
  const step = Math.min(15 * 2 ** Math.max(0, attempts - 1), 1_800);
  return Math.round(step * (0.75 + spread / 2));
}
