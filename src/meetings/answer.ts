/**
 * Taking an answer. It may be given and changed until the meeting starts, by anybody the invitation is open for, and only
 * to the meeting as it is now: an answer to an earlier time is refused, so that nobody is counted for a time they never
 * saw. A refusal to come has a reason, because partnerships report why agencies were absent; a calendar has nowhere to give
 * one. The latest answer by its own
 * time counts, whichever channel it came by: a telephone call of ten o'clock written down at eleven does not undo what the
 * person sent at half past ten.
 */
import { optionalText, requiredText } from '../authorities/plain-text.js';
import { RuleBroken } from '../errors.js';
import { type Change } from '../history/change.js';
import { type Invitation, type InvitationStatus } from './invitation.js';
import { type Meeting } from './meeting.js';
import { type AnswerKind, type Response } from './response.js';

type AskingMeeting = Pick<Meeting, 'id' | 'status' | 'startsAt' | 'revision'> & Partial<Pick<Meeting, 'isHold'>>;

/**
 * Puts a response on its invitation and tells whether it now `counts`; the caller keeps the response either way. Throws
 * MEETING_CANCELLED, MEETING_STARTED, INVITATION_CLOSED, ANSWER_TO_OLD_TIME, REASON_REQUIRED, REQUIRED.
 */
export function answer(invitation: Invitation, meeting: AskingMeeting, response: Response, now: Date): Change {
  requireAsking(invitation, meeting, now);
  if (response.revision !== meeting.revision) {
    throw new RuleBroken('ANSWER_TO_OLD_TIME', 'The meeting has moved since you opened this page. Please answer again');
  }
  tidy(response, now);
  const counts = applies(invitation, response);
  const before = invitation.answer;
  if (counts) {
    invitation.answer = response.kind as AnswerKind;
    invitation.answeredRevision = response.revision;
    invitation.answeredAt = response.statedAt;
  }
  const { kind, reason, channel, revision } = response;
  const about = { meetingId: meeting.id, contactId: invitation.contactId, agencyId: invitation.agencyId };
  return {
    action: 'invitation.answered',
    object: `invitation:${invitation.id}`,
    details: { ...about, kind, reason, channel, revision, before, counts },
    matterId: invitation.matterId,
  };
}

/** Throws with the sentence to show unless this invitation can still be answered; for the form as for the answer. */
export function requireAsking(invitation: Invitation, meeting: AskingMeeting, now: Date): void {
  if (meeting.status === 'CANCELLED') {
    throw new RuleBroken('MEETING_CANCELLED', 'This meeting has been cancelled. You do not need to answer');
  }
  const whyNot = WHY_NOT[invitation.status];
  if (whyNot !== null) throw new RuleBroken('INVITATION_CLOSED', whyNot);
  if (!isSent(meeting)) throw new RuleBroken('INVITATION_CLOSED', NOT_SENT);
  if (!ASKING.includes(meeting.status) || now >= meeting.startsAt) {
    throw new RuleBroken('MEETING_STARTED', 'The meeting has started, so this form is closed. Ring us instead');
  }
}

const ASKING: readonly Meeting['status'][] = ['SCHEDULED', 'PROPOSED'];

/** Stands in diaries: a held time is asked about too, a poll or a draft is not. */
function isSent({ status, isHold }: AskingMeeting): boolean {
  return status !== 'DRAFT' && (status !== 'PROPOSED' || isHold === true);
}

/** The sentence that says why this invitation asks for no answer; null while it does. */
export function whyNotAsked(invitation: Invitation, meeting: AskingMeeting, now: Date): string | null {
  try {
    requireAsking(invitation, meeting, now);
    return null;
  } catch (error) {
    if (error instanceof RuleBroken) return error.message;
    throw error;
  }
}

const NOT_SENT = 'This invitation has not been sent yet. Wait for it, or ring us';
const WHY_NOT: Readonly<Record<InvitationStatus, string | null>> = {
  DRAFT: NOT_SENT,
  OPEN: null,
  WITHDRAWN: 'You are no longer needed at this meeting. You do not need to answer',
  SUPERSEDED: 'Somebody else has taken your place. Ring us if that is wrong',
  CLOSED: 'This invitation is over. You do not need to answer',
};

/** Nobody answers from the future, only a refusal has a reason, and words carry no hidden characters. */
function tidy(response: Response, now: Date): void {
  if (response.kind === 'DECLINED' && response.reason === null && response.channel !== 'CALENDAR_REPLY') {
    throw new RuleBroken('REASON_REQUIRED', 'Choose why you cannot come', 'reason');
  }
  if (response.kind !== 'DECLINED') response.reason = null;
  response.comment =
    response.kind === 'SUGGESTED_TIME'
      ? requiredText(response.comment, { field: 'comment', ask: 'Enter the time that would suit you' })
      : optionalText(response.comment, { field: 'comment' });
  response.saidBy = optionalText(response.saidBy, { field: 'saidBy', max: 120 });
  if (response.statedAt > now) response.statedAt = now;
}

function applies(invitation: Invitation, response: Response): boolean {
  if (response.kind === 'SUGGESTED_TIME') return false;
  const sameRevision = invitation.answeredRevision === response.revision;
  return !sameRevision || invitation.answeredAt === null || response.statedAt >= invitation.answeredAt;
}
