import { type Tx } from '../database/tx.js';
import { type AgencyCategory } from '../directory/agency-category.js';
import { type ContactStatus } from '../directory/contact.js';
import { NotFound } from '../errors.js';
import { Invitation } from './invitation.js';
import { type Meeting } from './meeting.js';
import * as sql from './meeting.sql.js';
import { type DeclineReason, type ResponseChannel } from './response.js';
import { type Clash, type Slot } from './slot.js';

/** A meeting in a list. */
export interface MeetingRow {
  readonly id: string;
  readonly version: number;
  readonly ref: string;
  readonly matter_id: string;
  readonly matter_ref: string;
  readonly neutral_title: string;
  readonly matter_facts: string[];
  readonly type_code: string;
  readonly type_label: string;
  readonly status: Meeting['status'];
  readonly urgency: Meeting['urgency'];
  readonly starts_at: Date;
  readonly ends_at: Date;
  readonly zone: string;
  readonly mode: Meeting['mode'];
  readonly place: string;
  readonly revision: number;
  readonly chair_contact_id: string | null;
  readonly chair_name: string | null;
  readonly minute_taker_contact_id: string | null;
  readonly quorum_rule_id: string;
  readonly quorum_rule_version: number;
}

/** Somebody asked, as a page shows them and quorum counts them. */
export interface InviteeRow {
  readonly id: string;
  readonly version: number;
  readonly meeting_id: string;
  readonly contact_id: string;
  readonly post_id: string | null;
  readonly agency_id: string;
  readonly role: Invitation['role'];
  readonly required: Invitation['required'];
  readonly status: Invitation['status'];
  readonly can_decide: boolean;
  readonly direct_involvement: boolean;
  readonly substitute_for: string | null;
  readonly sent_sequence: number | null;
  readonly asked_revision: number;
  readonly answer: Invitation['answer'];
  readonly answered_revision: number | null;
  readonly answered_at: Date | null;
  readonly name: string;
  readonly email: string;
  readonly phone: string | null;
  readonly mobile: string | null;
  readonly contact_status: ContactStatus;
  readonly post_title: string | null;
  /** The name their team had on the day of the meeting. */
  readonly team_name: string | null;
  readonly agency_name: string;
  readonly category: AgencyCategory;
  readonly discipline: string | null;
  readonly channel: ResponseChannel | null;
  readonly reason: DeclineReason | null;
  /** Who said it on the telephone, where that was not the invitee. */
  readonly said_by: string | null;
}

export type MeetingsOf = { readonly upcoming: true } | { readonly past: true } | { readonly matterId: string };

/** At most 200 meetings this person may know of. */
export async function meetingRows(tx: Tx, which: MeetingsOf): Promise<MeetingRow[]> {
  const { authorityId } = tx.by;
  if ('matterId' in which) return tx.sql<MeetingRow>(sql.OF_MATTER, [authorityId, which.matterId]);
  return tx.sql<MeetingRow>('upcoming' in which ? sql.UPCOMING : sql.PAST, [authorityId, tx.now]);
}

/** Everybody asked to these meetings, withdrawn ones too, the chair first. */
export async function inviteeRows(tx: Tx, meetingIds: readonly string[]): Promise<InviteeRow[]> {
  return tx.sql<InviteeRow>(sql.INVITEES, [tx.by.authorityId, meetingIds]);
}

/** Live invitations of a meeting, each locked, always in the same order. */
export async function lockLive(tx: Tx, meetingId: string): Promise<Invitation[]> {
  const rows = await tx.sql<{ id: string }>(sql.LIVE_OF_MEETING, [tx.by.authorityId, meetingId]);
  const live: Invitation[] = [];
  for (const { id } of rows) {
    const invitation = await tx.lock(Invitation, id);
    if (invitation.isLive) live.push(invitation);
  }
  return live;
}

/** Open invitations of a meeting, to look at. */
export async function openOf(tx: Tx, meetingId: string): Promise<Invitation[]> {
  return tx.manager.find(Invitation, { where: { authorityId: tx.by.authorityId, meetingId, status: 'OPEN' } });
}

export interface LiveRow {
  readonly id: string;
  readonly meeting_id: string;
}

/** Live invitations of a matter behind which one of these keys stands. */
export async function liveBehind(tx: Tx, matterId: string, keys: readonly string[]): Promise<LiveRow[]> {
  return tx.sql<LiveRow>(sql.LIVE_BEHIND, [tx.by.authorityId, matterId, keys]);
}

/** Live invitations of one contact to meetings still to come. */
export async function liveOfContact(tx: Tx, contactId: string): Promise<LiveRow[]> {
  return tx.sql<LiveRow>(sql.LIVE_OF_CONTACT, [tx.by.authorityId, contactId, tx.now]);
}

/** Other scheduled meetings of these people at that time, of those this coordinator may know of. */
export async function clashesOf(
  tx: Tx,
  contactIds: readonly string[],
  slot: Pick<Slot, 'startsAt' | 'endsAt'>,
  but: string | null = null,
): Promise<Clash[]> {
  const values = [tx.by.authorityId, contactIds, slot.startsAt, slot.endsAt, but];
  const rows = await tx.sql<{ contact_name: string; starts_at: Date; ends_at: Date }>(sql.CLASHES, values);
  return rows.map((row) => ({ contactName: row.contact_name, startsAt: row.starts_at, endsAt: row.ends_at }));
}

export interface EarlierInvitation {
  readonly contact_id: string;
  readonly id: string;
  readonly reply_hash: Buffer;
  readonly reply_sealed: Buffer;
  readonly sent_sequence: number | null;
  readonly answer: Invitation['answer'];
  readonly address_key: string;
}

/** The latest invitation of each of these people to one meeting, whatever became of it. */
export async function earlierInvitations(
  tx: Tx,
  meetingId: string,
  contactIds: readonly string[],
): Promise<Map<string, EarlierInvitation>> {
  const rows = await tx.sql<EarlierInvitation>(sql.EARLIER, [tx.by.authorityId, meetingId, contactIds]);
  return new Map(rows.map((row) => [row.contact_id, row]));
}

/** The name of a setting or a person that stands in a text meant for everybody's diary, or null. */
export async function namedIn(tx: Tx, text: string): Promise<string | null> {
  const [row] = await tx.sql<{ name: string }>(sql.NAMED_IN, [tx.by.authorityId, text]);
  return row?.name ?? null;
}

/** Holds the matter of a meeting still: nobody is excluded from it before the transaction ends. Throws NotFound. */
export async function lockMatterOf(tx: Tx, meetingId: string): Promise<void> {
  const [matter] = await tx.sql(sql.MATTER_OF_MEETING, [tx.by.authorityId, meetingId]);
  if (matter === undefined) throw new NotFound();
}

/** The keys of those who must not be told of a matter. */
export async function mustNotKnow(tx: Tx, matterId: string): Promise<Set<string>> {
  const rows = await tx.sql<{ who: string }>(sql.MUST_NOT_KNOW, [tx.by.authorityId, matterId]);
  return new Set(rows.map(({ who }) => who));
}

/** A place whose person has left. */
export interface VacatedRow {
  readonly invitation_id: string;
  readonly meeting_id: string;
  readonly starts_at: Date;
  readonly ref: string;
  readonly name: string;
  readonly agency_name: string;
  readonly required: Invitation['required'];
  readonly role: Invitation['role'];
}

/** Places in meetings still to come that somebody left behind. */
export async function vacatedRows(tx: Tx): Promise<VacatedRow[]> {
  return tx.sql<VacatedRow>(sql.VACATED, [tx.by.authorityId, tx.now]);
}
