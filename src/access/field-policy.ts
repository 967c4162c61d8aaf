/**
 * Who sees which field of the programs' interface (domain guide, section 5). Each field names one policy, which is asked
 * before anything is read: what somebody may not see is never fetched and then hidden. A partner's system belongs to one
 * agency. It sees the people of its own agency whole, and of the others the post and the kind of agency they come for;
 * what would say what a matter is about is for the council's staff.
 */
import { type Actor, administers, coordinates, type Scope } from './actor.js';

/**
 * everybody: whoever has proved who they are. staff: the council's staff who work on matters. coordinate: those who run
 * meetings. exclusions: those who may read who must not be told. administer: those who keep accounts and tokens.
 * meetings, actions, directory: staff, and partners with the scope. own-agency: staff, and a partner in the rows of its
 * own agency.
 */
export type FieldPolicy =
  | 'everybody'
  | 'staff'
  | 'coordinate'
  | 'exclusions'
  | 'administer'
  | 'meetings'
  | 'actions'
  | 'directory'
  | 'own-agency';

/** SEEN as it is; HIDDEN always; OWN only in rows of the partner's own agency. */
export type Verdict = 'SEEN' | 'HIDDEN' | 'OWN';

const SCOPES: Partial<Record<FieldPolicy, readonly Scope[]>> = {
  meetings: ['invitations:own-agency', 'meetings:write'],
  actions: ['actions:own-agency'],
  directory: ['directory:own-agency'],
};

/** What this actor gets of a field with this policy. */
export function fieldVerdict(policy: FieldPolicy, by: Actor): Verdict {
  if (policy === 'everybody' || by.kind === 'SYSTEM') return 'SEEN';
  if (by.kind === 'PARTNER') return partnerSees(policy, by);
  return by.kind === 'STAFF' && staffSees(policy, by) ? 'SEEN' : 'HIDDEN';
}

function partnerSees(policy: FieldPolicy, by: Actor): Verdict {
  if (policy === 'own-agency') return 'OWN';
  const scopes = SCOPES[policy] ?? [];
  return by.scopes.some((scope) => scopes.includes(scope)) ? 'SEEN' : 'HIDDEN';
}

/** Scrutiny sees counts only, and somebody without a role sees nothing. */
function staffSees(policy: FieldPolicy, by: Actor): boolean {
  if (policy === 'coordinate') return coordinates(by);
  if (policy === 'administer') return administers(by);
  if (policy === 'exclusions') return coordinates(by) || by.roles.includes('CHAIR');
  return by.roles.some((role) => role !== 'SCRUTINY');
}
