/**
 * When somebody asked to a meeting may read how to join it. A joining link or a room number opens the meeting to whoever
 * has it, so it is shown only on the person's own page, after the code, once they have said that they come, and from the
 * day before. (This product's own rule, from the service's need-to-know table.)
 */
import { DateTime } from 'luxon';
import { type Invitation } from './invitation.js';
import { type Meeting } from './meeting.js';

type Coming = Pick<Invitation, 'status' | 'answer' | 'answeredRevision'>;
type When = Pick<Meeting, 'status' | 'revision' | 'startsAt' | 'zone'>;

/** Says that this person comes to the meeting as it is now. */
export function isComing(invitation: Coming, meeting: Pick<Meeting, 'revision'>): boolean {
  const { status, answer, answeredRevision } = invitation;
  return status === 'OPEN' && answer === 'ACCEPTED' && answeredRevision === meeting.revision;
}

/** The first moment of the day before the meeting, by the clock where it is held. */
export function joiningShownFrom(meeting: Pick<Meeting, 'startsAt' | 'zone'>): Date {
  return DateTime.fromJSDate(meeting.startsAt, { zone: meeting.zone }).startOf('day').minus({ days: 1 }).toJSDate();
}

/** May this person read the joining details now? */
export function mayReadJoining(invitation: Coming, meeting: When, now: Date): boolean {
  const goesAhead = meeting.status === 'SCHEDULED' || meeting.status === 'IN_PROGRESS';
  return goesAhead && isComing(invitation, meeting) && now >= joiningShownFrom(meeting);
}
