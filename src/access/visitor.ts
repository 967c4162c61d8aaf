/**
 * Somebody without an account who has come by their link and pressed a button. Until `proved`, they may be anybody the
 * mail was forwarded to: they see what the link alone shows. Proved, they are the person it was sent to.
 */
import { type Actor } from './actor.js';
import { type LinkAuthority } from './found-link.js';

export interface Visitor {
  readonly visitId: string;
  readonly linkId: string;
  readonly contactId: string;
  readonly contactName: string;
  readonly authorityId: number;
  readonly authority: LinkAuthority;
  /** Whether the code sent to their registered address was typed in. */
  readonly proved: boolean;
  /** Acts as this contact; the database shows them what this contact may know. */
  readonly actor: Actor;
}
