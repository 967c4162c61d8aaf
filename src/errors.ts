/**
 * The four ways in which the service says no. Anything else that is thrown is our own fault, and people see only a
 * reference. Pages and GraphQL each have one mapper; nothing else turns these into HTTP.
 */

/** What is wrong, for programs. A closed list: partners' scripts depend on it, so a code never changes its meaning. */
export type Code =
  | 'REQUIRED'
  | 'INVALID'
  | 'TOO_LONG'
  | 'UNSAFE_TEXT'
  | 'INVALID_EMAIL'
  | 'INVALID_DATE'
  | 'DATE_IN_PAST'
  | 'UNKNOWN_ZONE'
  | 'TIME_DOES_NOT_EXIST'
  | 'START_IN_PAST'
  | 'END_BEFORE_START'
  | 'NO_CHAIR'
  | 'MINUTE_TAKER_IS_CHAIR'
  | 'REASON_REQUIRED'
  | 'NEEDS_CONFIRMATION'
  | 'MOVE_NOT_ALLOWED'
  | 'EXCLUDED'
  | 'CONTACT_HAS_LEFT'
  | 'CONTACT_MERGED'
  | 'ALREADY_INVITED'
  | 'ALREADY_EXISTS'
  | 'ANSWER_TO_OLD_TIME'
  | 'MEETING_STARTED'
  | 'MEETING_NOT_STARTED'
  | 'NOTHING_CHANGED'
  | 'MEETING_CANCELLED'
  | 'INVITATION_CLOSED'
  | 'NOT_SAME_AGENCY'
  | 'CODE_WRONG'
  | 'CODE_EXPIRED'
  | 'TOO_MANY_TRIES'
  | 'OWNER_NOT_NAMED_PERSON'
  | 'INTERVAL_INVALID'
  | 'INTERVALS_OVERLAP'
  | 'FORM_EXPIRED'
  | 'KEY_REUSED';

/** The person can put it right: shown beside the field, and as a `problem` with its code in GraphQL. */
export class RuleBroken extends Error {
  override readonly name = 'RuleBroken';
  constructor(
    readonly code: Code,
    message: string,
    readonly field?: string,
  ) {
    super(message);
  }
}

/** Not there, or not yours: one answer for both, so that nobody learns what exists. */
export class NotFound extends Error {
  override readonly name = 'NotFound';
  constructor(message = 'Not found') {
    super(message);
  }
}

/** You may see it, but not do this. */
export class NotAllowed extends Error {
  override readonly name = 'NotAllowed';
  constructor(
    message: string,
    readonly whoCan?: string,
  ) {
    super(message);
  }
}

/** Somebody changed it first. */
export class OutOfDate extends Error {
  override readonly name = 'OutOfDate';
  constructor(
    message = 'Somebody else changed this while you were working on it',
    readonly changes: readonly string[] = [],
  ) {
    super(message);
  }
}
