import { Staff } from '../access/staff.js';
import { type Tx } from '../database/tx.js';
import { type Matter, type MatterKind, type Sensitivity } from './matter.js';
import { DESK_MATTERS, GIVE_ACCESS, HOW_MANY_MATTERS, MATTERS, MATTERS_OF_CONTACT, READERS } from './matter.sql.js';

/** How many matters a page of the list has. */
export const PAGE = 25;

/** One line of the list of matters. */
export interface MatterRow {
  readonly id: string;
  readonly ref: string;
  readonly kind: MatterKind;
  readonly neutralTitle: string;
  readonly sensitivity: Sensitivity;
  readonly status: string;
  readonly createdAt: Date;
  readonly coordinatorName: string | null;
}

/** What to list; without a word everything there is. */
export interface MatterQuery {
  /** Part of a reference, of a title or of a case number. */
  readonly search?: string | undefined;
  readonly kind?: MatterKind | undefined;
  readonly status?: 'OPEN' | 'CLOSED' | undefined;
  /** From 1. */
  readonly page?: number | undefined;
}

export interface MatterList {
  readonly matters: MatterRow[];
  readonly total: number;
  readonly page: number;
  readonly pages: number;
}

/** A member of staff who may know of a matter. */
export interface Reader {
  readonly id: string;
  readonly name: string;
  readonly roles: string[];
  readonly desk: string | null;
}

/** A page of the matters this person may know of. */
export async function listMatters(tx: Tx, { search, kind, status, page: asked = 1 }: MatterQuery): Promise<MatterList> {
  const wanted = [tx.by.authorityId, kind ?? null, status ?? null, patternOf(search)];
  const [counted] = await tx.sql<{ total: number }>(HOW_MANY_MATTERS, wanted);
  const total = counted?.total ?? 0;
  const pages = Math.max(1, Math.ceil(total / PAGE));
  const page = Math.min(Math.max(1, Math.floor(asked)), pages);
  const matters = await tx.sql<MatterRow>(MATTERS, [...wanted, (page - 1) * PAGE]);
  return { matters, total, page, pages };
}

function patternOf(search: string | undefined): string | null {
  const words = (search ?? '').trim().slice(0, 120).toLowerCase();
  return words === '' ? null : `%${words.replace(/[\\%_]/g, '\\$&')}%`;
}

/** The matters this person may know of in which a contact has been told something; at most 100, newest first. */
export async function mattersOfContact(tx: Tx, contactId: string): Promise<MatterRow[]> {
  return tx.sql<MatterRow>(MATTERS_OF_CONTACT, [tx.by.authorityId, contactId]);
}

/** Members of staff who may know of a matter. */
export async function readersOf(tx: Tx, matterId: string): Promise<Reader[]> {
  return tx.sql<Reader>(READERS, [tx.by.authorityId, matterId]);
}

/** Lets people know of a matter; the database refuses unless the giver knows of it, or nobody does yet. */
export async function giveAccess(tx: Tx, matterId: string, people: readonly string[]): Promise<void> {
  await tx.sql(GIVE_ACCESS, [matterId, [...new Set(people)]]);
}

/** Everybody with an account that works. */
export async function activeStaff(tx: Tx): Promise<Staff[]> {
  const all = await tx.manager.find(Staff, {
    where: { authorityId: tx.by.authorityId },
    order: { name: 'ASC', id: 'ASC' },
  });
  return all.filter(({ disabledAt }) => disabledAt === null);
}

/** Open matters of some kinds that their whole desk may read. */
export async function deskMatters(tx: Tx, kinds: readonly Matter['kind'][]): Promise<string[]> {
  const rows = await tx.sql<{ id: string }>(DESK_MATTERS, [tx.by.authorityId, [...kinds]]);
  return rows.map(({ id }) => id);
}
