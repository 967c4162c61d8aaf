/** Breaks things while the work flows: each thing planned once, spread evenly over the run. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Bed } from './bed.js';
import { type Fault, type OtherFault, type Plan } from './plan.js';
import { type Side } from './proxy.js';
import { type Random, randomFrom } from './random.js';
import { TIMING } from './timing.js';

/** By when, as a share of the messages or of the meetings, everything that was planned has happened. */
const UNTIL = 0.85;

export class Breaking {
  private readonly done = new Map<Fault, number>();
  private readonly random: Random;
  private frozen: Promise<void> | undefined;
  private next = 0;
  private over = false;

  constructor(
    private readonly bed: Bed,
    private readonly plan: Plan,
    /** How far the coordinators have come, from 0 to 1. */
    private readonly progress: () => number,
  ) {
    this.random = randomFrom(plan.seed + 2);
  }

  /** How often each thing really happened. */
  async performed(): Promise<Map<Fault, number>> {
    const { performed } = await this.bed.counts();
    const seen = { ...performed, ...(await this.bed.broken()) };
    return new Map<Fault, number>([...this.done, ...(Object.entries(seen) as [Fault, number][])]);
  }

  /** Nothing more is broken; what is frozen thaws. */
  async end(): Promise<void> {
    this.over = true;
    await this.frozen;
  }

  /** Breaks things as the mail server takes messages, until everything planned has happened or `end` is called. */
  async run(): Promise<void> {
    const { events, size } = this.plan;
    while (this.next < events.length && !this.over) {
      const { taken } = await this.bed.counts();
      const share = Math.max(taken / size.invitations, this.progress());
      const due = Math.floor((events.length * share) / UNTIL);
      while (this.next < Math.min(due, events.length)) {
        const event = events[this.next];
        this.next += 1;
        if (event !== undefined) await this.break(event);
      }
      await sleep(50);
    }
  }

  private count(fault: OtherFault): void {
    this.done.set(fault, (this.done.get(fault) ?? 0) + 1);
  }

  private async break(fault: OtherFault): Promise<void> {
    if (fault === 'worker killed') await this.killWorker();
    else if (fault === 'service killed') await this.oneOf(this.bed.coordinators).kill();
    else if (fault === 'PostgreSQL stopped at once') await this.bed.cluster.crash();
    else if (fault === 'worker frozen longer than its lease') {
      // Counted once it has thawed; one at a time, so that the other one works on.
      await this.frozen;
      this.frozen = this.freeze(fault);
      return;
    } else {
      const side: Side = this.random() < 0.5 ? 'service' : 'worker';
      // Counted by the proxy, when it happens.
      this.bed.break(side, fault);
      return;
    }
    this.count(fault);
  }

  private async killWorker(): Promise<void> {
    const worker = this.oneOf(this.bed.workers.filter(({ frozen }) => !frozen));
    // One that is only starting is killed all the same, a moment later.
    while (!(await worker.kill())) await sleep(20);
  }

  private async freeze(fault: OtherFault): Promise<void> {
    const worker = this.oneOf(this.bed.workers);
    if (await worker.freeze(TIMING.frozen)) this.count(fault);
  }

  private oneOf<T>(things: readonly T[]): T {
    const thing = things[Math.floor(this.random() * things.length)];
    if (thing === undefined) throw new Error('Nothing to break.');
    return thing;
  }
}
