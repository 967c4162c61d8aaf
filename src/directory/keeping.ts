/**
 * Who reads and who keeps the directory. All of the council's staff find people in it; coordinators, designated officers
 * and administrators of the authority change it (domain guide, section 5). Holders of links and partners' systems see of
 * it only what their own pages and fields show.
 */
import { type Actor, administers } from '../access/actor.js';
import { NotAllowed } from '../errors.js';

/** Throws NotAllowed for anybody who does not keep the directory. */
export function mustKeep(by: Actor): void {
  if (administers(by)) return;
  throw new NotAllowed('You cannot change the directory', 'A coordinator or an administrator of the authority');
}

/** Throws NotAllowed for anybody who may not look people up. */
export function mustRead(by: Actor): void {
  if (by.kind === 'STAFF' || by.kind === 'SYSTEM') return;
  throw new NotAllowed('You cannot look people up', 'Staff of the authority');
}
