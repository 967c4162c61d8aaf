import { type Tx } from '../database/tx.js';
import { type AgencyCategory } from '../directory/agency-category.js';
import { Attendance } from './attendance.js';
import { Invitation } from './invitation.js';

/** Somebody of the register as a page names them. */
export interface RegisterPerson {
  readonly contactId: string;
  readonly name: string;
  readonly agencyId: string;
  readonly agencyName: string;
  readonly category: AgencyCategory;
  readonly discipline: string | null;
  readonly postTitle: string | null;
}

const INVITED = `select i.contact_id as "contactId", c.name, a.id as "agencyId", a.name as "agencyName", a.category,
    coalesce(p.discipline, a.discipline) as discipline, p.title as "postTitle"
  from invitation i
  join contact c on c.authority_id = i.authority_id and c.id = i.contact_id
  join agency a on a.authority_id = i.authority_id and a.id = i.agency_id
  left join post p on p.authority_id = i.authority_id and p.id = i.post_id
  where i.authority_id = $1 and i.meeting_id = $2 order by i.created_at, i.id`;

const ENTERED = `select distinct on (e.contact_id) e.contact_id as "contactId", c.name, a.id as "agencyId", a.name as "agencyName",
    e.category, e.discipline, null as "postTitle"
  from attendance e
  join contact c on c.authority_id = e.authority_id and c.id = e.contact_id
  join agency a on a.authority_id = e.authority_id and a.id = e.agency_id
  where e.authority_id = $1 and e.meeting_id = $2 order by e.contact_id, e.recorded_at, e.id`;

/** Every entry of a meeting's register, superseded ones too, in the order in which they were written. */
export async function entriesOf(tx: Tx, meetingId: string): Promise<Attendance[]> {
  const where = { authorityId: tx.by.authorityId, meetingId };
  return tx.manager.find(Attendance, { where, order: { recordedAt: 'ASC', id: 'ASC' } });
}

/** Every invitation of a meeting, whatever became of it. */
export async function invitationsOf(tx: Tx, meetingId: string): Promise<Invitation[]> {
  const where = { authorityId: tx.by.authorityId, meetingId };
  return tx.manager.find(Invitation, { where, order: { createdAt: 'ASC', id: 'ASC' } });
}

/** Everybody who was asked or came, by contact. */
export async function peopleOf(tx: Tx, meetingId: string): Promise<Map<string, RegisterPerson>> {
  const values = [tx.by.authorityId, meetingId];
  const entered = await tx.sql<RegisterPerson>(ENTERED, values);
  const invited = await tx.sql<RegisterPerson>(INVITED, values);
  return new Map([...entered, ...invited].map((person) => [person.contactId, person]));
}

/** The names of members of staff, by id. */
export async function staffNames(tx: Tx, ids: readonly string[]): Promise<Map<string, string>> {
  const sql = 'select id, name from staff where authority_id = $1 and id = any ($2::uuid[])';
  const rows = await tx.sql<{ id: string; name: string }>(sql, [tx.by.authorityId, ids]);
  return new Map(rows.map((row) => [row.id, row.name]));
}

/** What of a matter decides who had to be there, and what everybody calls it. */
export async function matterOf(tx: Tx, matterId: string): Promise<{ ref: string; facts: string[] }> {
  const sql = 'select ref, facts from matter where authority_id = $1 and id = $2';
  const [row] = await tx.sql<{ ref: string; facts: string[] }>(sql, [tx.by.authorityId, matterId]);
  return row ?? { ref: '', facts: [] };
}
