/**
 * What each kind of link opens. Links are kept here, below everything they lead to; so the module that sends a kind of
 * link says what its first page shows, what that person still has open, and what stands on their own pages.
 */
import { type Tx } from '../database/tx.js';
import { type FoundLink, type LinkAuthority } from './found-link.js';
import { type LinkPurpose } from './link.js';
import { type Visitor } from './visitor.js';

/** A view and what it needs. */
export interface ShownPage {
  readonly view: string;
  readonly locals: object;
}

/** Something of this person that is still open, for which a lost link is sent again. */
export interface OpenTarget {
  readonly targetId: string;
  /** The matter it is about, of which not everybody who works here may know. */
  readonly matterId: string;
  /** Neutral facts for the message: reference, date, time. */
  readonly details: readonly { readonly label: string; readonly value: string }[];
}

/** The first page of one kind of link. It shows nothing personal, and showing it changes nothing. */
export interface LinkPage {
  /** The page as it is now. `nonce` makes a form that may be sent from it valid; undefined stands for "gone". */
  show(found: FoundLink, nonceFor: (revision: number) => string): Promise<ShownPage | undefined>;
  /** Where "Continue" leads: a path under `/my`. */
  next(found: FoundLink): string;
  /** What this contact still has open, seen as this contact. */
  openFor(tx: Tx, contactId: string, authority: LinkAuthority): Promise<OpenTarget[]>;
}

/** One entry of a section of a person's own page. */
export interface OwnItem {
  readonly href: string;
  readonly title: string;
  /** Neutral facts, one a line. */
  readonly lines: readonly string[];
  /** A state that `statusTag` knows, such as ACCEPTED. */
  readonly status?: string;
}

/** One part of `/my`, behind the code. */
export interface OwnSection {
  /** Those with lower numbers stand first: what asks for an answer before what somebody may tell. */
  readonly position: number;
  readonly heading: string;
  readonly none: string;
  items(visitor: Visitor): Promise<OwnItem[]>;
}

export class LinkPages {
  private readonly pages = new Map<LinkPurpose, LinkPage>();
  private readonly parts: OwnSection[] = [];

  /** Says what links of one purpose open. Called once, when the module starts. */
  register(purpose: LinkPurpose, page: LinkPage): void {
    this.pages.set(purpose, page);
  }

  /** Adds a part to everybody's own page. Called once, when the module starts. */
  addSection(section: OwnSection): void {
    this.parts.push(section);
    this.parts.sort((one, other) => one.position - other.position);
  }

  page(purpose: LinkPurpose): LinkPage | undefined {
    return this.pages.get(purpose);
  }

  all(): readonly (readonly [LinkPurpose, LinkPage])[] {
    return [...this.pages];
  }

  sections(): readonly OwnSection[] {
    return this.parts;
  }
}
