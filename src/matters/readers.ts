/**
 * Which members of staff may know of a matter. Allegations belong to the designated officer's desk and everything else to
 * child protection; everybody who works at the desk reads its matters, except those highly restricted, which name their
 * readers (domain guide, section 5). Those who only administer or scrutinise read none.
 */
import { type Actor, type Desk, type StaffRole } from '../access/actor.js';
import { type Staff } from '../access/staff.js';
import { RuleBroken } from '../errors.js';
import { type Matter, type MatterKind } from './matter.js';

const CASE_ROLES: readonly StaffRole[] = ['COORDINATOR', 'LADO', 'CHAIR', 'MINUTE_TAKER'];
const RUNNING_ROLES: readonly StaffRole[] = ['COORDINATOR', 'LADO'];

/** The desk whose matters these are. */
export function deskOf(kind: MatterKind): Desk {
  return kind === 'ALLEGATION' ? 'LADO' : 'CHILD_PROTECTION';
}

/** The kinds of matters of a desk. */
export function kindsOf(desk: Desk): MatterKind[] {
  return desk === 'LADO' ? ['ALLEGATION'] : ['CHILD_PROTECTION', 'COMPLEX'];
}

/** May this actor open a matter of the kind? Allegations only from the designated officer's side. */
export function mayOpen(by: Actor, kind: MatterKind): boolean {
  return kind !== 'ALLEGATION' || by.kind === 'SYSTEM' || isOnLadoSide(by);
}

/** May this member of staff run a matter of the kind? */
export function mayRun(staff: Staff, kind: MatterKind): boolean {
  const runs = staff.disabledAt === null && staff.roles.some((role) => RUNNING_ROLES.includes(role));
  return runs && (kind !== 'ALLEGATION' || isOnLadoSide(staff));
}

/** The member of staff of that id, who may run it; throws INVALID. */
export function mustRun(staff: readonly Staff[], id: string, kind: MatterKind): Staff {
  const found = staff.find((one) => one.id === id);
  if (found === undefined || !mayRun(found, kind)) {
    const side = kind === 'ALLEGATION' ? ' of the designated officer’s side' : '';
    throw new RuleBroken('INVALID', `Select a coordinator${side}`, 'coordinatorId');
  }
  return found;
}

/** Could this member of staff be let in by name? An allegation stays on its side even then. */
export function mayBeNamed(staff: Staff, kind: MatterKind): boolean {
  const works = staff.disabledAt === null && staff.roles.some((role) => CASE_ROLES.includes(role));
  return works && (kind !== 'ALLEGATION' || isOnLadoSide(staff));
}

/** The member of staff of that id, who may be let in by name; throws INVALID. */
export function mustBeNamed(staff: readonly Staff[], id: string, kind: MatterKind, field = 'readers'): Staff {
  const found = staff.find((one) => one.id === id);
  if (found === undefined || !mayBeNamed(found, kind)) {
    const who = found?.name ?? 'This person';
    throw new RuleBroken('INVALID', `${who} may not read this kind of matter. Select somebody else`, field);
  }
  return found;
}

/** Who knows of a new matter: the creator, the coordinator, those named, and the desk unless it is highly restricted. */
export function firstReaders(
  matter: Pick<Matter, 'kind' | 'sensitivity' | 'coordinatorId'>,
  creator: string,
  staff: readonly Staff[],
  named: readonly string[],
): string[] {
  const desk =
    matter.sensitivity === 'HIGHLY_RESTRICTED' ? [] : staff.filter((one) => worksAt(one, deskOf(matter.kind)));
  return [...new Set([creator, matter.coordinatorId, ...named, ...desk.map(({ id }) => id)])];
}

/** Reads what its desk reads. */
export function worksAt(staff: Staff, desk: Desk): boolean {
  return staff.disabledAt === null && staff.desk === desk && staff.roles.some((role) => CASE_ROLES.includes(role));
}

function isOnLadoSide(who: { readonly roles: readonly StaffRole[]; readonly desk?: Desk | null }): boolean {
  return who.desk === 'LADO' || who.roles.includes('LADO');
}
