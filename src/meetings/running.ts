/**
 * Who runs meetings: calls them, asks people, moves and cancels them. In this council's service that is a coordinator or a
 * designated officer (LADO); chairs and minute takers see their meetings and record who came.
 */
import { type Actor, coordinates } from '../access/actor.js';
import { NotAllowed } from '../errors.js';

/** Throws NotAllowed for anybody who does not run meetings. */
export function mustRunMeetings(by: Actor): void {
  if (coordinates(by)) return;
  throw new NotAllowed('You cannot change meetings', 'A coordinator or a designated officer');
}

/** Whether somebody may look at meetings on staff pages. */
export function maySeeMeetings(by: Actor): boolean {
  const isStaff = by.kind === 'STAFF' && by.roles.some((role) => role !== 'SCRUTINY' && role !== 'AUTHORITY_ADMIN');
  return isStaff || by.kind === 'SYSTEM';
}

/** Throws NotAllowed for anybody who may not look at meetings on staff pages. */
export function mustSeeMeetings(by: Actor): void {
  if (maySeeMeetings(by)) return;
  throw new NotAllowed('You cannot see meetings with your account', 'A coordinator, a designated officer or the chair');
}
