/**
 * What a restructure touches besides the directory: meetings, invitations, actions. They stand above the directory and are
 * not known here, so each says for itself how much of it hangs on the people and posts that move.
 */
import { type Tx } from '../../database/tx.js';

/** The people and posts of a restructure. */
export interface Touched {
  readonly agencyId: string;
  readonly contactIds: readonly string[];
  readonly postIds: readonly string[];
}

/** One line of the preview: how many, and those of them that the reader may see, by reference. */
export interface Effect {
  readonly label: string;
  readonly count: number;
  readonly shown: readonly string[];
}

export type EffectCounter = (tx: Tx, touched: Touched) => Promise<Effect[]>;

export class ReorganisationEffects {
  private readonly counters: EffectCounter[] = [];

  /** Adds what a module above counts; called once, when the module starts. */
  register(count: EffectCounter): void {
    this.counters.push(count);
  }

  /** Everything counted, in the order in which it was added. */
  async of(tx: Tx, touched: Touched): Promise<Effect[]> {
    const effects: Effect[] = [];
    for (const count of this.counters) effects.push(...(await count(tx, touched)));
    return effects;
  }
}
