import { type Tx } from '../database/tx.js';
import { type Change } from './change.js';

export type Listener = (tx: Tx, change: Change) => Promise<void>;

/**
 * How a module above hears what happens below without being known there: it registers for an event by name and is
 * called in the same transaction; throwing refuses the change.
 */
export class Listeners {
  private readonly byAction = new Map<string, Listener[]>();

  /** Registers for one event, such as `contact.left`. Called once, when the module starts. */
  on(action: string, listener: Listener): void {
    this.byAction.set(action, [...(this.byAction.get(action) ?? []), listener]);
  }

  async tell(tx: Tx, change: Change): Promise<void> {
    for (const listener of this.byAction.get(change.action) ?? []) await listener(tx, change);
  }
}
