/** What was promised, read from the driver's journal; what nobody heard of is settled by looking, once all is quiet. */
import { type Stream, type Step } from './checker.js';
import { type Promised } from './coordinator.js';
import { type Deed, type Outcome } from './words.js';

/** A deed that nobody knows the end of. */
export interface OpenDeed {
  readonly n: number;
  readonly deed: Exclude<Deed, { kind: 'open a matter' }>;
}

export interface Tally {
  readonly done: number;
  readonly refused: readonly string[];
  readonly unknown: number;
  /** Of those nobody heard of, how many had happened. */
  readonly happened: number;
}

interface Promises {
  readonly meetings: number;
  readonly invitations: number;
  readonly streams: Stream[];
  readonly tally: Tally;
}

/** Finds out whether a deed happened: the outcome, or nothing. Throws when it happened by half. */
export type LookedUp = (open: OpenDeed) => Promise<Outcome | null>;

interface Meeting {
  readonly uid: string;
  readonly steps: Map<string, Step[]>;
}

/** Everything that people were promised, step by step. */
export async function promisesOf(
  journal: readonly Promised[],
  addressOf: (contactId: string) => string,
  lookUp: LookedUp,
): Promise<Promises> {
  const begun = new Map(journal.flatMap((line) => ('begins' in line ? [[line.n, line.begins] as const] : [])));
  const ended = new Map(journal.flatMap((line) => ('begins' in line ? [] : [[line.n, line] as const])));
  const meetings = new Map<string, Meeting>();
  const refused: string[] = [];
  let [done, unknown, happened] = [0, 0, 0];
  for (const [n, deed] of begun) {
    if (deed.kind === 'open a matter') continue;
    const end = ended.get(n);
    if (end !== undefined && 'refused' in end) refused.push(`${deed.kind}: ${end.refused}`);
    else if (end !== undefined && 'done' in end) {
      done += 1;
      promise(meetings, deed, end.done);
    } else {
      unknown += 1;
      const found = await lookUp({ n, deed });
      if (found === null) continue;
      happened += 1;
      promise(meetings, deed, found);
    }
  }
  return { ...streamsOf(meetings, addressOf), tally: { done, refused, unknown, happened } };
}

function promise(meetings: Map<string, Meeting>, deed: OpenDeed['deed'], { id, uid, sequence }: Outcome): void {
  const first: Step = { method: 'REQUEST', sequence };
  if (deed.kind === 'schedule') {
    meetings.set(id, { uid, steps: new Map(deed.contacts.map((contact) => [contact, [first]])) });
    return;
  }
  const steps = meetings.get(deed.meetingId)?.steps ?? new Map<string, Step[]>();
  if (deed.kind === 'withdraw') steps.get(deed.contactId)?.push({ method: 'CANCEL', sequence: null });
  else tellAll([...steps.values()], deed.kind === 'move' ? first : { method: 'CANCEL', sequence });
}

/** Everybody who is still asked hears of it. */
function tellAll(people: readonly Step[][], step: Step): void {
  for (const one of people) if (one.at(-1)?.method === 'REQUEST') one.push(step);
}

function streamsOf(
  meetings: ReadonlyMap<string, Meeting>,
  addressOf: (contactId: string) => string,
): Omit<Promises, 'tally'> {
  const streams = [...meetings.values()].flatMap(({ uid, steps }) =>
    [...steps].map(([contact, done]) => ({ uid, address: addressOf(contact), steps: done })),
  );
  return { meetings: meetings.size, invitations: streams.length, streams };
}
