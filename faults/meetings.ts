/** The work that flows while things break: meetings are called, moved, cancelled, and people told they are not needed. */
import { DateTime } from 'luxon';
import { type Bed } from './bed.js';
import { type Coordinator } from './coordinator.js';
import { type Fate, type Plan } from './plan.js';
import { type Random, randomFrom } from './random.js';
import { type Deed, type DeedAnswer, type Outcome } from './words.js';

/** A thing to do, for one authority. */
interface Task {
  readonly place: number;
  readonly do: (by: Coordinator) => Promise<void>;
}

/** How many deeds are asked of one process of the service at once. */
const AT_ONCE = 3;
/** A meeting changes so soon, drawn anew for each, while some of its messages are still in doubt. Milliseconds. */
const CHANGES_WITHIN = 3_000;

export class Meetings {
  private called = 0;
  private readonly random: Random;
  private readonly waiting: Task[] = [];
  private readonly later: { readonly at: number; readonly task: Task }[] = [];
  private readonly matters: string[] = [];
  private readonly busy = new Set<number>();
  private tries = 0;

  constructor(
    private readonly bed: Bed,
    private readonly plan: Plan,
  ) {
    this.random = randomFrom(plan.seed + 1);
  }

  /** Opens the matters that meetings are about; before anything breaks. */
  async prepare(): Promise<void> {
    const [coordinator] = this.bed.coordinators;
    for (const { coordinator: by } of this.bed.places) {
      const answer = await coordinator?.do(by, { kind: 'open a matter' });
      if (answer === undefined || !('done' in answer)) throw new Error(`No matter: ${JSON.stringify(answer)}`);
      this.matters.push(answer.done.id);
    }
    const perPlace = Math.ceil(this.plan.fates.length / this.bed.places.length);
    for (let n = 0; n < perPlace; n += 1) {
      for (let place = 0; place < this.bed.places.length; place += 1) {
        const fate = this.plan.fates[n * this.bed.places.length + place];
        if (fate !== undefined) this.waiting.push(this.calling(place, n, fate));
      }
    }
  }

  /** The share of the meetings that have been called. */
  get progress(): number {
    return this.called / this.plan.fates.length;
  }

  /** Does everything there is to do. */
  async run(): Promise<void> {
    const hands = this.bed.coordinators.flatMap((one) => Array.from({ length: AT_ONCE }, () => one));
    await Promise.all(hands.map((hand) => this.keepDoing(hand)));
  }

  private async keepDoing(hand: Coordinator): Promise<void> {
    for (;;) {
      const task = this.take();
      if (task === 'nothing left') return;
      if (task === undefined) {
        await new Promise((resolve) => setTimeout(resolve, 20));
        continue;
      }
      this.busy.add(task.place);
      await task.do(hand).finally(() => this.busy.delete(task.place));
    }
  }

  /** The next task of an authority that nobody is at work for, since they would only wait for each other. */
  private take(): Task | 'nothing left' | undefined {
    for (let at = this.later.length - 1; at >= 0; at -= 1) {
      const one = this.later[at];
      if (one === undefined || one.at > Date.now()) continue;
      this.waiting.unshift(one.task);
      this.later.splice(at, 1);
    }
    const free = this.waiting.findIndex(({ place }) => !this.busy.has(place));
    if (free >= 0) return this.waiting.splice(free, 1)[0];
    return this.waiting.length + this.later.length + this.busy.size === 0 ? 'nothing left' : undefined;
  }

  private after(place: number, act: (by: Coordinator) => Promise<void>): void {
    const at = Date.now() + this.random() * CHANGES_WITHIN;
    this.later.push({ at, task: { place, do: act } });
  }

  private calling(place: number, n: number, fate: Fate): Task {
    return { place, do: (by) => this.call(by, place, { n, fate }) };
  }

  private async call(by: Coordinator, place: number, { n, fate }: { n: number; fate: Fate }): Promise<void> {
    const { each } = this.plan.size;
    const at = this.bed.places[place];
    const contacts = (at?.contacts ?? []).slice(n * each, (n + 1) * each).map(({ id }) => id);
    if (at === undefined || contacts.length === 0) return;
    this.tries += 1;
    const mark = `Room ${this.tries}`;
    const matterId = this.matters[place] ?? '';
    const deed: Deed = { kind: 'schedule', matterId, date: dateOf(n), mark, contacts };
    const answer = await by.do(at.coordinator, deed);
    if (!('done' in answer)) {
      // Like anybody who got an error page: once more. What became of the first is found out at the end.
      this.waiting.push(this.calling(place, n, fate));
      return;
    }
    this.called += 1;
    this.follow(place, { n, fate, mark, contacts, meeting: answer.done });
  }

  private follow(place: number, one: Called): void {
    if (one.fate === 'held') return;
    this.after(place, async (by) => {
      const moves = one.fate === 'moved' || one.fate === 'moved, then cancelled';
      const answer = await this.change(by, place, moves ? movedOf(one) : this.endOf(one));
      if (one.fate !== 'moved, then cancelled' || !('done' in answer)) return;
      const meeting = answer.done;
      this.after(place, async (again) => {
        await this.change(again, place, this.endOf({ ...one, meeting }));
      });
    });
  }

  private async change(by: Coordinator, place: number, deed: Deed): Promise<DeedAnswer> {
    const actor = this.bed.places[place]?.coordinator;
    if (actor === undefined) throw new Error('Nobody acts.');
    return by.do(actor, deed);
  }

  private endOf({ fate, meeting: { id, version }, contacts }: Called): Deed {
    if (fate !== 'one withdrawn') return { kind: 'cancel', meetingId: id, version };
    // Never the first, who chairs.
    const contactId = contacts[1 + Math.floor(this.random() * (contacts.length - 1))] ?? '';
    return { kind: 'withdraw', meetingId: id, contactId };
  }
}

interface Called {
  readonly n: number;
  readonly fate: Fate;
  readonly mark: string;
  readonly contacts: readonly string[];
  readonly meeting: Outcome;
}

function movedOf({ n, mark, meeting: { id, version } }: Called): Deed {
  return { kind: 'move', meetingId: id, version, date: dateOf(n + 1), mark };
}

/** A day two months ahead or more. */
function dateOf(n: number): string {
  return DateTime.now()
    .plus({ days: 60 + (n % 200) })
    .toISODate();
}
