/**
 * From the lists a meeting has (invitations, attendance) to the seats that quorum counts. The category is the agency's,
 * the discipline the post's. An answer to an earlier time is no answer, and a substitute sits for the agency of the person
 * they stand for. Somebody who came without an invitation counts for the agency they came from.
 */
import { type AgencyCategory } from '../directory/agency-category.js';
import { type Attendance } from './attendance.js';
import { type Invitation } from './invitation.js';
import { type AskedSeat, type Presence } from './quorum.js';

interface SeatedMeeting {
  readonly revision: number;
  readonly minuteTakerContactId: string | null;
}

/** The seat of somebody asked; null for an invitation that no longer holds a place. */
export function askedSeat(
  invitation: Invitation,
  from: { readonly category: AgencyCategory; readonly discipline: string | null },
  meeting: SeatedMeeting,
): AskedSeat | null {
  if (!invitation.isLive) return null;
  return {
    personKey: invitation.contactId,
    agencyKey: invitation.agencyId,
    category: from.category,
    discipline: from.discipline,
    role: invitation.role,
    canDecide: invitation.canDecide,
    isMinuteTaker: isMinuteTaker(invitation.contactId, invitation, meeting),
    directInvolvement: invitation.directInvolvement,
    answer: invitation.answeredRevision === meeting.revision ? invitation.answer : 'NO_RESPONSE',
  };
}

/** The presence of one entry of the standing register, with the invitation of the same person if there was one. */
export function presentSeat(entry: Attendance, invitation: Invitation | null, meeting: SeatedMeeting): Presence {
  return {
    personKey: entry.contactId,
    agencyKey: entry.agencyId,
    category: entry.category,
    discipline: entry.discipline,
    role: invitation?.role ?? 'ATTENDEE',
    canDecide: entry.canDecide,
    isMinuteTaker: isMinuteTaker(entry.contactId, invitation, meeting),
    directInvolvement: invitation?.directInvolvement ?? false,
    status: entry.status,
    joinedAt: entry.joinedAt,
    leftAt: entry.leftAt,
  };
}

function isMinuteTaker(contactId: string, invitation: Invitation | null, meeting: SeatedMeeting): boolean {
  return contactId === meeting.minuteTakerContactId || invitation?.role === 'MINUTE_TAKER';
}
