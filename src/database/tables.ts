import { type EntitySchema } from 'typeorm';
import { emailedCodeTable } from '../access/emailed-code.table.js';
import { linkTable } from '../access/link.table.js';
import { partnerTokenTable } from '../access/partner-token.table.js';
import { staffTable } from '../access/staff.table.js';
import { visitTable } from '../access/visit.table.js';
import { actionTable } from '../actions/action.table.js';
import { offerTable } from '../actions/orphans/offer.table.js';
import { authorityTable } from '../authorities/authority.table.js';
import { meetingTypeTable } from '../authorities/meeting-type.table.js';
import { agencyTable } from '../directory/agency.table.js';
import { contactTable } from '../directory/contact.table.js';
import { deputyTable } from '../directory/deputy.table.js';
import { claimTable } from '../directory/handover/claim.table.js';
import { handoverTable } from '../directory/handover/handover.table.js';
import { holdingTable } from '../directory/holding.table.js';
import { inboxTable } from '../directory/inbox.table.js';
import { postTable } from '../directory/post.table.js';
import { reorganisationTable } from '../directory/reorganisation/reorganisation.table.js';
import { teamTable } from '../directory/team.table.js';
import { addressChangeTable } from '../directory/verification/address-change.table.js';
import { verificationTable } from '../directory/verification/verification.table.js';
import { inboundMailTable } from '../mail/inbound/inbound-mail.table.js';
import { feedTable } from '../feeds/feed.table.js';
import { ownCalendarTable } from '../feeds/own-calendar.table.js';
import { messageTable } from '../mail/message.table.js';
import { exclusionTable } from '../matters/exclusion.table.js';
import { matterTable } from '../matters/matter.table.js';
import { standingTable } from '../matters/standing.table.js';
import { attendanceTable } from '../meetings/attendance.table.js';
import { diaryEntryTable } from '../meetings/diaries/diary-entry.table.js';
import { invitationTable } from '../meetings/invitation.table.js';
import { meetingTable } from '../meetings/meeting.table.js';
import { contactAliasTable } from '../meetings/replies/contact-alias.table.js';
import { heldAnswerTable } from '../meetings/replies/held-answer.table.js';
import { proposalTable } from '../meetings/replies/proposal.table.js';
import { reRoutingTable } from '../meetings/re-routing/re-routing.table.js';
import { responseTable } from '../meetings/response.table.js';

/** Every mapping of a class to its table; a new table is one line here. */
export const tables: EntitySchema[] = [
  actionTable,
  addressChangeTable,
  agencyTable,
  attendanceTable,
  authorityTable,
  contactAliasTable,
  claimTable,
  contactTable,
  deputyTable,
  diaryEntryTable,
  emailedCodeTable,
  exclusionTable,
  heldAnswerTable,
  feedTable,
  handoverTable,
  holdingTable,
  inboundMailTable,
  inboxTable,
  linkTable,
  invitationTable,
  matterTable,
  meetingTable,
  meetingTypeTable,
  messageTable,
  ownCalendarTable,
  partnerTokenTable,
  postTable,
  proposalTable,
  offerTable,
  partnerTokenTable,
  postTable,
  reRoutingTable,
  reorganisationTable,
  responseTable,
  staffTable,
  standingTable,
  teamTable,
  verificationTable,
  visitTable,
];
