/**
 * What is known of when people are busy elsewhere, in calendars of their own. Who reads those stands above meetings and is
 * not known here; it says no more than "busy", "pencilled in", "free" or "no data", and how old that is. No data is not
 * free: the person may be anywhere.
 */
import { wallTime } from '../authorities/civil-time.js';
import { type Tx } from '../database/tx.js';
import { type Slot, type Warning } from './slot.js';

export interface PersonsTime {
  readonly contactId: string;
  readonly contactName: string;
  readonly state: 'BUSY' | 'TENTATIVE' | 'FREE' | 'NO_DATA';
  /** When their calendar was last known to say so; null where there is no data. */
  readonly asOf: Date | null;
}

/** Asked once for everybody of a slot; answers for each of them, in order of name. */
export type AskAvailability = (
  tx: Tx,
  contactIds: readonly string[],
  slot: Pick<Slot, 'startsAt' | 'endsAt'>,
) => Promise<PersonsTime[]>;

export class Availability {
  private ask: AskAvailability | undefined;

  /** Says who reads people's own calendars. Called once, when the module starts. */
  register(ask: AskAvailability): void {
    this.ask = ask;
  }

  /** What their own calendars say about a slot; nothing about anybody where nobody reads them. */
  async of(tx: Tx, contactIds: readonly string[], slot: Pick<Slot, 'startsAt' | 'endsAt'>): Promise<PersonsTime[]> {
    return this.ask === undefined || contactIds.length === 0 ? [] : this.ask(tx, contactIds, slot);
  }
}

/** A warning for each who is busy: that they are and how old that is, never with what. */
export function busyWarnings(times: readonly PersonsTime[], zone: string): Warning[] {
  return times
    .filter(({ state }) => state === 'BUSY')
    .map((time) => ({ code: 'BUSY_ELSEWHERE', message: inWords(time, zone), field: 'invitees' }));
}

/** "Mark Oyelaran is busy in their own calendar (as of 10:15am on Monday 30 November 2026)". */
export function inWords({ contactName, state, asOf }: PersonsTime, zone: string): string {
  const said = `${contactName} ${IN_WORDS[state]}`;
  if (asOf === null) return said;
  const { clock, longDate } = wallTime(asOf, zone);
  return `${said} (as of ${clock} on ${longDate})`;
}

const IN_WORDS: Readonly<Record<PersonsTime['state'], string>> = {
  BUSY: 'is busy in their own calendar',
  TENTATIVE: 'has something pencilled in in their own calendar',
  FREE: 'has nothing in their own calendar',
  NO_DATA: 'has given us no calendar, or it cannot be read',
};
