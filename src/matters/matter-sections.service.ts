import { Injectable } from '@nestjs/common';
import { type Actor } from '../access/actor.js';
import { type Matter } from './matter.js';

/** A part of a matter's page that another module fills. */
export interface MatterSection {
  /** A view, such as `meetings/views/of-matter.njk`; it is included and finds its locals in `section`. */
  readonly view: string;
  readonly [local: string]: unknown;
}

export type LoadSection = (by: Actor, matter: Matter) => Promise<MatterSection | null>;

/** What modules above add to a matter's page: meetings, actions, history. Registered once, when a module starts. */
@Injectable()
export class MatterSections {
  private readonly known: { position: number; load: LoadSection }[] = [];

  /** Adds a section; lower positions come first (meetings 10, actions 20, history 90). */
  register(position: number, load: LoadSection): void {
    this.known.push({ position, load });
    this.known.sort((a, b) => a.position - b.position);
  }

  /** The sections of one matter for this person, those with nothing to show left out. */
  async of(by: Actor, matter: Matter): Promise<MatterSection[]> {
    const sections: MatterSection[] = [];
    for (const { load } of this.known) {
      const section = await load(by, matter);
      if (section !== null) sections.push(section);
    }
    return sections;
  }
}
