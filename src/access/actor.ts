/**
 * Who is acting. Every change names one: a member of the council's staff, the holder of an emailed link, a partner's
 * system, or the service itself when something falls due. The authority always comes from how they proved who they
 * are, never from what they typed.
 */
export type ActorKind = 'STAFF' | 'LINK' | 'PARTNER' | 'SYSTEM';

/** What a staff account is for (domain guide, section 5). */
export type StaffRole = 'COORDINATOR' | 'LADO' | 'CHAIR' | 'MINUTE_TAKER' | 'AUTHORITY_ADMIN' | 'SCRUTINY';

/** Which matters a member of staff works on: allegations are ring-fenced from the rest. */
export type Desk = 'LADO' | 'CHILD_PROTECTION';

/** What a partner's system may do (domain guide, section 5). */
export type Scope = 'invitations:own-agency' | 'actions:own-agency' | 'directory:own-agency' | 'meetings:write';

export interface Actor {
  readonly kind: ActorKind;
  readonly authorityId: number;
  /** The member of staff, the contact, or the partner's client. */
  readonly id: string;
  /** What the history shows: "Owen Tidy", "Leanne Firth by link". */
  readonly name: string;
  /**
   * Whose need to know counts in the database: the member of staff, the contact, or, for a partner's system, its
   * agency.
   */
  readonly knowsAs: string;
  readonly roles: readonly StaffRole[];
  readonly desk?: Desk;
  readonly agencyId?: string;
  readonly scopes: readonly Scope[];
}

/** The service itself sees everything in its authority; the database knows it by this id. */
export const SYSTEM_ID = '00000000-0000-0000-0000-000000000000';

/** The service acting for an authority when something falls due. */
export function systemActor(authorityId: number): Actor {
  return { kind: 'SYSTEM', authorityId, id: SYSTEM_ID, name: 'Quorate', knowsAs: SYSTEM_ID, roles: [], scopes: [] };
}

/** May this person run meetings: call them, invite, record who came and what was agreed? */
export function coordinates(actor: Actor): boolean {
  return actor.kind === 'SYSTEM' || actor.roles.some((role) => role === 'COORDINATOR' || role === 'LADO');
}

/** May this person keep the directory, staff accounts and partners' tokens? */
export function administers(actor: Actor): boolean {
  return coordinates(actor) || actor.roles.includes('AUTHORITY_ADMIN');
}

/** May this partner's system do what the scope covers? */
export function hasScope(actor: Actor, scope: Scope): boolean {
  return actor.kind === 'PARTNER' && actor.scopes.includes(scope);
}
