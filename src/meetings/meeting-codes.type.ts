import { enumOf } from '../graphql/enums.js';
import { ATTENDANCE_LABELS, ATTENDANCE_MODES, ATTENDANCE_STATUSES } from './attendance.js';
import { INVITATION_ROLES, INVITATION_STATUSES, REQUIREDNESS, ROLE_LABELS } from './invitation.js';
import { URGENCIES } from './meeting.js';
import { MEETING_STATUSES } from './meeting-status.js';
import { CONFIDENCES } from './replies/confidence.js';
import { LEDGER_STANDINGS, STANDING_LABELS } from './replies/ledger.js';
import { PROPOSAL_STATES } from './replies/proposal.js';
import { ANSWER_LABELS, DECLINE_LABELS, DECLINE_REASONS, RESPONSE_CHANNELS, RESPONSE_KINDS } from './response.js';
import { MEETING_MODES } from './slot.js';

const ANSWERS = ['NO_RESPONSE', ...RESPONSE_KINDS.filter((kind) => kind !== 'SUGGESTED_TIME')];

export const MeetingStatusCode = enumOf('MeetingStatus', MEETING_STATUSES, 'Where a meeting stands.');
export const UrgencyCode = enumOf('Urgency', URGENCIES, 'How soon a meeting has to be.');
export const MeetingModeCode = enumOf('MeetingMode', MEETING_MODES, 'How people come together.');
export const InvitationStatusCode = enumOf('InvitationStatus', INVITATION_STATUSES, 'Where an invitation stands.');
export const InvitationRoleCode = enumOf('InvitationRole', INVITATION_ROLES, 'What somebody comes as.', ROLE_LABELS);
export const RequirednessCode = enumOf(
  'Requiredness',
  REQUIREDNESS,
  'Whether a place has to be filled, and by whose word.',
);
export const AnswerCode = enumOf('Answer', ANSWERS, 'The answer that counts.', ANSWER_LABELS);
export const ResponseKindCode = enumOf('ResponseKind', RESPONSE_KINDS, 'What somebody answered.', ANSWER_LABELS);
export const GivenAnswerCode = enumOf(
  'GivenAnswer',
  RESPONSE_KINDS.filter((kind) => kind !== 'SUBSTITUTE_NAMED'),
  'What can be answered by telephone or program; a substitute is named by link.',
  ANSWER_LABELS,
);
export const DeclineReasonCode = enumOf(
  'DeclineReason',
  DECLINE_REASONS,
  'Why somebody does not come.',
  DECLINE_LABELS,
);
export const ResponseChannelCode = enumOf('ResponseChannel', RESPONSE_CHANNELS, 'By which way an answer came.');
export const LedgerStandingCode = enumOf(
  'LedgerStanding',
  LEDGER_STANDINGS,
  'Whether an answer counts, and if not, why.',
  STANDING_LABELS,
);
export const ConfidenceCode = enumOf(
  'Confidence',
  CONFIDENCES,
  'How sure one may be that an answer from a calendar is the invitee’s own.',
);
export const ProposalStateCode = enumOf('ProposalState', PROPOSAL_STATES, 'What became of a suggested time.');
export const AttendanceStatusCode = enumOf(
  'AttendanceStatus',
  ATTENDANCE_STATUSES,
  'Whether somebody came.',
  ATTENDANCE_LABELS,
);
export const AttendanceModeCode = enumOf('AttendanceMode', ATTENDANCE_MODES, 'How somebody came.');
export const ForecastResultCode = enumOf('ForecastResult', ['MET', 'AT_RISK', 'NOT_MET'], 'Whether there is quorum.', {
  MET: 'Every place is filled by somebody who can decide',
  AT_RISK: 'Some place waits for an answer',
  NOT_MET: 'Some place has nobody left to ask',
});
export const PlaceStateCode = enumOf('PlaceState', ['CONFIRMED', 'AWAITED', 'MISSING'], 'Whether a place is filled.');
