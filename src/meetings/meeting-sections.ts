/**
 * What other parts of the work add to a meeting's page: who came, what was agreed. They stand above meetings and are not
 * known here, so each brings its own heading and view.
 */
import { type Actor } from '../access/actor.js';

/** A part of the page: a view that is included under its heading with these values as `section`. */
export interface MeetingSection {
  readonly view: string;
  readonly locals: object;
}

export type MeetingSectionMaker = (by: Actor, meetingId: string) => Promise<MeetingSection>;

export interface ShownSection extends MeetingSection {
  readonly title: string;
}

export class MeetingSections {
  private readonly makers: { readonly title: string; readonly make: MeetingSectionMaker }[] = [];

  /** Adds a section below those already there; called once, when the module starts. */
  register(title: string, make: MeetingSectionMaker): void {
    this.makers.push({ title, make });
  }

  /** All sections of one meeting for one person, in the order in which they were added. */
  of(by: Actor, meetingId: string): Promise<ShownSection[]> {
    return Promise.all(this.makers.map(({ title, make }) => make(by, meetingId).then((made) => ({ ...made, title }))));
  }
}
