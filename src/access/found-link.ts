/**
 * A link that somebody has opened, with what may be said to them: which council sent it and whom to ring. The authority
 * comes from the link alone.
 */
import { type Actor } from './actor.js';
import { type Link } from './link.js';

/** The council that sent a link. */
export interface LinkAuthority {
  readonly id: number;
  readonly name: string;
  readonly shortName: string;
  readonly telephone: string;
}

export interface FoundLink {
  readonly link: Link;
  readonly authorityId: number;
  /** Taken back, or its person has left: shows the same page as a link that never was. */
  readonly revoked: boolean;
  /** One of the newest few of this person about this thing, so that its form opens. */
  readonly opensForm: boolean;
  readonly authority: LinkAuthority;
  /** The person it was sent to; never shown before the code. */
  readonly contactName: string;
  /** Whoever opened it, acting as the person it was sent to. */
  readonly actor: Actor;
}

/** Whoever opened a link, as the history shows them: "Leanne Firth by link". */
export function linkActor(link: Pick<Link, 'authorityId' | 'contactId'>, contactName: string): Actor {
  const { authorityId, contactId } = link;
  const name = `${contactName} by link`;
  return { kind: 'LINK', authorityId, id: contactId, name, knowsAs: contactId, roles: [], scopes: [] };
}
