/**
 * Who may come in somebody's place. A substitute speaks for the same agency, so a new name needs an address at one of the
 * agency's own domains; otherwise the coordinator is asked. A substitute does not send a substitute of their own: after
 * two steps nobody knows who was meant to hear of the matter. Who chairs or takes the minutes is the coordinator's to say.
 */
import { RuleBroken } from '../errors.js';
import { type Invitation } from './invitation.js';

/** Throws MOVE_NOT_ALLOWED unless this invitee may send somebody in their place. */
export function mustBeReplaceable(invitation: Pick<Invitation, 'role' | 'substituteFor'>): void {
  if (invitation.substituteFor !== null) {
    throw new RuleBroken('MOVE_NOT_ALLOWED', 'You come in somebody’s place already. Ring us if you cannot come');
  }
  if (invitation.role === 'CHAIR' || invitation.role === 'MINUTE_TAKER') {
    throw new RuleBroken('MOVE_NOT_ALLOWED', 'You have a part in running this meeting. Ring us if you cannot come');
  }
}

/** Whether this invitee may send somebody in their place. */
export function isReplaceable({ role, substituteFor }: Pick<Invitation, 'role' | 'substituteFor'>): boolean {
  return substituteFor === null && role !== 'CHAIR' && role !== 'MINUTE_TAKER';
}

/** Whether an address is at one of an agency's domains, or below one. */
export function isOfDomains(email: string, domains: readonly string[]): boolean {
  const domain = email.slice(email.lastIndexOf('@') + 1).toLowerCase();
  return domains.some((own) => domain === own.toLowerCase() || domain.endsWith(`.${own.toLowerCase()}`));
}
