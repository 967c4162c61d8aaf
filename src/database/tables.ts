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
import { messageTable } from '../mail/message.table.js';
import { exclusionTable } from '../matters/exclusion.table.js';
import { matterTable } from '../matters/matter.table.js';
import { standingTable } from '../matters/standing.table.js';
import { attendanceTable } from '../meetings/attendance.table.js';
import { invitationTable } from '../meetings/invitation.table.js';
import { meetingTable } from '../meetings/meeting.table.js';
import { reRoutingTable } from '../meetings/re-routing/re-routing.table.js';
import { responseTable } from '../meetings/response.table.js';

/** Every mapping of a class to its table; a new table is one line here. */
export const tables: EntitySchema[] = [
  actionTable,
  agencyTable,
  attendanceTable,
  authorityTable,
  claimTable,
  contactTable,
  deputyTable,
  emailedCodeTable,
  exclusionTable,
  handoverTable,
  holdingTable,
  inboxTable,
  linkTable,
  invitationTable,
  matterTable,
  meetingTable,
  meetingTypeTable,
  messageTable,
  offerTable,
  partnerTokenTable,
  postTable,
  reRoutingTable,
  reorganisationTable,
  responseTable,
  staffTable,
  standingTable,
  teamTable,
  visitTable,
];
