/**
 * Who may use an address of the service. Every route names one of these, or the service does not start.
 *
 * anybody: no sign-in (health, sign-in itself, the neutral pages). link: the bearer of an emailed link, who proves it on
 * the page itself. staff: anyone signed in. coordinate: those who run meetings. administer: those who keep accounts,
 * partners' tokens and the directory. partner: programs, with a token of their own.
 */
import { type Actor, administers, coordinates } from './actor.js';

export type PolicyName = 'anybody' | 'link' | 'staff' | 'coordinate' | 'administer' | 'partner';

/** May this signed-in person use a route with this policy? */
export function allows(policy: PolicyName, by: Actor): boolean {
  if (policy === 'coordinate') return coordinates(by);
  if (policy === 'administer') return administers(by);
  return true;
}

/** Who can, for the page that says no. */
export const WHO_CAN: Readonly<Record<PolicyName, string>> = {
  anybody: 'Anybody',
  link: 'The person the link was sent to',
  staff: 'Anybody signed in',
  coordinate: 'A coordinator or a designated officer',
  administer: 'A coordinator or an administrator of the authority',
  partner: 'A partner system with a token',
};

/** Routes that need somebody signed in. */
export function needsSignIn(policy: PolicyName): boolean {
  return policy === 'staff' || policy === 'coordinate' || policy === 'administer';
}
