/** What the processes of a run say to each other. */
import { type Actor } from '../src/access/actor.js';

/** What the driver asks a service to do for a coordinator. */
export type Deed =
  | { readonly kind: 'open a matter' }
  | {
      readonly kind: 'schedule';
      readonly matterId: string;
      readonly date: string;
      /** Stands in the meeting, so that it is found again when nobody heard whether it was made. */
      readonly mark: string;
      readonly contacts: readonly string[];
    }
  | {
      readonly kind: 'move';
      readonly meetingId: string;
      readonly version: number;
      readonly date: string;
      readonly mark: string;
    }
  | { readonly kind: 'cancel'; readonly meetingId: string; readonly version: number }
  | { readonly kind: 'withdraw'; readonly meetingId: string; readonly contactId: string };

/** How a meeting, or a matter, stands after a deed. */
export interface Outcome {
  readonly id: string;
  readonly uid: string;
  readonly sequence: number;
  readonly version: number;
}

export interface DeedAsked {
  readonly n: number;
  readonly by: Actor;
  readonly deed: Deed;
}

/** What a process of the service is told to make it take in what people answer. */
export interface TakeAnswers {
  readonly take: 'answers';
}

/** What is heard by what is loaded before a process, and by the process with it. */
export type PointsAsked = { readonly arm: number } | { readonly ask: 'points' };

/** Answers to a deed: done, refused by a rule, or broken off so that nobody knows. */
export type DeedAnswer =
  | { readonly n: number; readonly done: Outcome }
  | { readonly n: number; readonly refused: string }
  | { readonly n: number; readonly unknown: string };
