/**
 * When an action may be agreed and whom it may be given to. It is agreed at a meeting, so not before the meeting starts,
 * and not once its matter is closed. Its owner is a named person: "HR" or "the school" is refused, because tasks left
 * with an agency are nobody's (SafeLives, checklist for minutes).
 */
import { optionalText } from '../authorities/plain-text.js';
import { RuleBroken } from '../errors.js';
import { type Meeting } from '../meetings/meeting.js';
import { type MeetingStatus } from '../meetings/meeting-status.js';

/** The owner as somebody chooses them: a contact of the directory, or only what was typed. */
export interface ChosenOwner {
  readonly contactId?: string | null | undefined;
  /** The post they act in; the newest they hold unless told. */
  readonly postId?: string | null | undefined;
  /** What was typed where nobody was chosen. */
  readonly typed?: string | null | undefined;
}

const WHY_NOT: Readonly<Partial<Record<MeetingStatus, string>>> = {
  DRAFT: 'This meeting has not been held. Actions are agreed at a meeting',
  PROPOSED: 'This meeting has not been held. Actions are agreed at a meeting',
  CLOSED: 'This meeting is closed. Agree the action at another meeting of the matter',
};

/** Throws MEETING_NOT_STARTED, MEETING_CANCELLED or MOVE_NOT_ALLOWED unless something can be agreed at this meeting now. */
export function requireAgreeing(
  meeting: Pick<Meeting, 'status' | 'startsAt'>,
  matter: { readonly isOpen: boolean },
  now: Date,
): void {
  if (meeting.status === 'CANCELLED') {
    throw new RuleBroken(
      'MEETING_CANCELLED',
      'This meeting was cancelled. Agree the action at a meeting that was held',
    );
  }
  const whyNot = matter.isOpen ? WHY_NOT[meeting.status] : 'The matter is closed. Open it again first';
  if (whyNot !== undefined) throw new RuleBroken('MOVE_NOT_ALLOWED', whyNot);
  if (meeting.status === 'SCHEDULED' && now < meeting.startsAt) {
    throw new RuleBroken('MEETING_NOT_STARTED', 'The meeting has not started. Record what it agrees once it has');
  }
}

/** The contact chosen as the owner. Throws OWNER_NOT_NAMED_PERSON for words without a person, REQUIRED for nothing. */
export function requireNamedPerson(chosen: ChosenOwner): string {
  if (chosen.contactId) return chosen.contactId;
  const typed = optionalText(chosen.typed, { field: 'owner', max: 120 });
  if (typed === null) throw new RuleBroken('REQUIRED', 'Choose one named person who owns the action', 'owner');
  throw new RuleBroken(
    'OWNER_NOT_NAMED_PERSON',
    `“${typed}” is not a person in the directory. Choose one named person who owns the action`,
    'owner',
  );
}
