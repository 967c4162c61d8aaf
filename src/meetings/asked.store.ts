import { type Authority } from '../authorities/authority.js';
import { columnsOf, rowOf } from '../database/table-rows.js';
import { type Tx } from '../database/tx.js';
import { canBeAsked, type Contact } from '../directory/contact.js';
import { NotFound } from '../errors.js';
import { type Invitation } from './invitation.js';
import { invitationTable } from './invitation.table.js';
import { type Meeting } from './meeting.js';

/** Everything that taking an answer needs to know, the invitation locked. */
export interface Asked {
  readonly invitation: Invitation;
  readonly meeting: Pick<Meeting, 'id' | 'status' | 'startsAt' | 'endsAt' | 'zone' | 'revision' | 'isHold' | 'isOut'>;
  /** The matter's reference. */
  readonly reference: string;
  readonly invitee: Pick<Contact, 'name' | 'email' | 'canBeAsked'>;
  readonly authority: Pick<Authority, 'name' | 'shortName' | 'phone'>;
}

const ASKED = `select ${columnsOf(invitationTable, 'i')}, a.ref as reference,
    m.status as "meetingStatus", m.starts_at as "startsAt", m.ends_at as "endsAt", m.zone, m.revision,
    m.status = 'PROPOSED' and m.last_stamped_at is not null as "isHold",
    c.name as "inviteeName", c.email, c.status as "inviteeStatus", t.name, t.short_name as "shortName", t.phone
  from invitation i join meeting m on m.authority_id = $1 and m.id = i.meeting_id join matter a on a.authority_id = $1 and a.id = i.matter_id
  join contact c on c.authority_id = $1 and c.id = i.contact_id join authority t on t.id = $1
  where i.authority_id = $1 and i.id = $2 for update of i`;

interface Beside {
  readonly reference: string;
  readonly inviteeName: string;
  readonly email: string;
  readonly inviteeStatus: Contact['status'];
  readonly name: string;
  readonly shortName: string;
  readonly phone: string;
  readonly meetingStatus: Meeting['status'];
  readonly startsAt: Date;
  readonly endsAt: Date;
  readonly zone: string;
  readonly revision: number;
  readonly isHold: boolean;
}

/** Locks an invitation. Throws NotFound, and OutOfDate when the page showed an older version of it. */
export async function lockAsked(tx: Tx, invitationId: string, seen?: number): Promise<Asked> {
  const [row] = await tx.sql<Record<string, unknown> & Beside>(ASKED, [tx.by.authorityId, invitationId]);
  if (row === undefined) throw new NotFound();
  const { reference, inviteeName, email, inviteeStatus, name, shortName, phone } = row;
  const { meetingStatus: status, startsAt, endsAt, zone, revision, isHold } = row;
  const isOut = status === 'SCHEDULED' || isHold;
  return {
    invitation: tx.locked(rowOf(invitationTable, 'i', row), seen),
    meeting: { id: row['i.meetingId'] as string, status, startsAt, endsAt, zone, revision, isHold, isOut },
    reference,
    invitee: { name: inviteeName, email, canBeAsked: canBeAsked(inviteeStatus) },
    authority: { name, shortName, phone },
  };
}

/** The same for an invitation that is locked already. */
export async function askedOf(tx: Tx, invitation: Invitation): Promise<Asked> {
  return { ...(await lockAsked(tx, invitation.id)), invitation };
}
