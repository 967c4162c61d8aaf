/** The service and the worker killed at every point of a meeting's life: called, moved, cancelled. */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DateTime } from 'luxon';
import { check, type Step, type Stream, type Verdict } from './checker.js';
import { Lane } from './lane.js';
import { type Report } from './ordeal.js';
import { listedBy, lookUpIn } from './quiet.js';
import { randomFrom } from './random.js';
import { type Deed, type Outcome } from './words.js';

type Mortal = 'service' | 'worker';

interface Point {
  readonly who: Mortal;
  readonly n: number;
}

interface Life extends Point {
  readonly uid: string;
  readonly streams: readonly Stream[];
  /** Whether the process was killed: near the end of its work a point may not be reached any more. */
  readonly died: boolean;
}

/** Lanes side by side: a lane mostly waits, for a lease to run out or for a process to start. */
const LANES = 4;
/** In milliseconds: after so long a message is stuck. */
const PATIENCE = 30_000;

const UNSETTLED = `select from message where meeting_id = $1 and state not in ('SENT', 'DEAD')`;

/** One meeting's life in a lane, with one process killed on the way. */
class Lived {
  died = false;
  private readonly steps: Step[] = [];
  private readonly people: { contacts: string[]; addresses: string[] };

  constructor(
    private readonly lane: Lane,
    private readonly point: Point,
  ) {
    this.people = lane.nextPeople();
  }

  async through(): Promise<Life> {
    if (this.point.who === 'worker') await this.lane.armWorker(this.point.n);
    else {
      this.lane.keepWorker();
      await this.lane.armService(this.point.n);
    }
    const mark = `Room ${this.point.who} ${this.point.n} ${this.people.addresses[0] ?? ''}`.replace(/@.*/, '');
    const { matterId } = this.lane;
    const called = await this.surely({
      kind: 'schedule',
      matterId,
      date: day(60),
      mark,
      contacts: this.people.contacts,
    });
    const { id, uid, version } = called;
    await this.step('REQUEST', called);
    const moved = await this.surely({ kind: 'move', meetingId: id, version, date: day(61), mark });
    await this.step('REQUEST', { ...moved, id });
    const cancelled = await this.surely({ kind: 'cancel', meetingId: id, version: moved.version });
    await this.step('CANCEL', { ...cancelled, id });
    const streams = this.people.addresses.map((address) => ({ uid, address, steps: this.steps }));
    return { ...this.point, uid, streams, died: this.died };
  }

  /** Does something until it is done, as somebody does who looks first whether it happened after all. */
  private async surely(deed: Exclude<Deed, { kind: 'open a matter' }>): Promise<Outcome> {
    for (let attempt = 0; attempt < 5; attempt += 1) {
      const answer = await this.lane.do(deed);
      if (answer !== undefined && 'done' in answer) return answer.done;
      if (answer === undefined) this.died = true;
      const found = await lookUpIn(this.lane)({ n: 0, deed });
      if (found !== null) return found;
      if (answer !== undefined && 'refused' in answer) throw new Error(`${deed.kind}: ${answer.refused}`);
    }
    throw new Error(`${deed.kind} could not be done.`);
  }

  /** Waits until the messages of this step have come to rest. */
  private async step(method: Step['method'], { id, sequence }: Outcome): Promise<void> {
    this.steps.push({ method, sequence });
    const deadline = Date.now() + PATIENCE;
    while ((await this.lane.cluster.ask(UNSETTLED, [id])).length > 0 && Date.now() < deadline) {
      if (this.lane.keepWorker()) this.died = true;
      await sleep(20);
    }
    if (this.lane.keepWorker()) this.died = true;
  }
}

function day(ahead: number): string {
  return DateTime.now().plus({ days: ahead }).toISODate();
}

/** How many points the work of each has: a life in which nobody is killed. */
async function countPoints(lane: Lane): Promise<Record<Mortal, number>> {
  await lane.armService(0);
  await new Lived(lane, { who: 'worker', n: 0 }).through();
  return { service: await lane.servicePoints(), worker: await lane.workerPoints() };
}

/**
 * Every `stride`-th point from one that the seed chooses. Sending is where mail is lost and doubled, and a worker starts
 * quickly: of its points twice as many are tried.
 */
function pointsOf(counts: Record<Mortal, number>, stride: number, seed: number): Point[] {
  const random = randomFrom(seed);
  return (['worker', 'service'] as const).flatMap((who) => {
    const each = who === 'worker' ? Math.ceil(stride / 2) : stride;
    const offset = Math.floor(random() * each);
    return Array.from({ length: counts[who] }, (_, at) => ({ who, n: at + 1 })).filter((_, at) => at % each === offset);
  });
}

/** Kills at every point and says what came of it. */
export async function crashPoints(
  folder: string,
  { stride, seed }: { stride: number; seed: number },
  tidying: AsyncDisposableStack,
): Promise<Report> {
  const lanes = await Promise.all(
    Array.from({ length: LANES }, (_, n) => Lane.start(join(folder, `lane-${n}`), tidying)),
  );
  const [first] = lanes;
  if (first === undefined) throw new Error('No lane.');
  const counts = await countPoints(first);
  const points = pointsOf(counts, stride, seed);
  const waiting = [...points];
  const lives = await Promise.all(
    lanes.map(async (lane) => {
      const lived: Life[] = [];
      for (let point = waiting.shift(); point !== undefined; point = waiting.shift()) {
        lived.push(await new Lived(lane, point).through());
      }
      return judge(lane, lived);
    }),
  );
  return reportOf(counts, lives.flat());
}

interface Judged extends Life {
  readonly faults: readonly string[];
}

/** What the checker has against each of the lives of a lane. */
async function judge(lane: Lane, lives: readonly Life[]): Promise<Judged[]> {
  const taken = lane.taken();
  const listed = await listedBy(lane);
  return lives.map((life) => {
    const its = taken.filter(({ calendar }) => calendar?.uid === life.uid);
    const addresses = new Set(life.streams.map(({ address }) => address));
    const verdict = check({
      streams: life.streams,
      taken: its,
      listed: listed.filter(({ address }) => addresses.has(address)),
      refused: new Set(),
      lookUp: true,
      lostAnswers: 0,
    });
    return { ...life, faults: faultsIn(verdict) };
  });
}

function faultsIn({ lost, doubled, misaddressed, outOfOrder }: Verdict): string[] {
  return [...lost, ...doubled, ...misaddressed, ...outOfOrder];
}

function reportOf(counts: Record<Mortal, number>, lives: readonly Judged[]): Report {
  const hurt = lives.filter(({ faults }) => faults.length > 0);
  const died = lives.filter((life) => life.died).length;
  return {
    lines: [
      `The service's part has ${counts.service} points, the worker's ${counts.worker}; ${died} processes were killed at one.`,
      ...hurt.slice(0, 10).map(({ who, n, faults }) => `! ${who} at point ${n}: ${faults.slice(0, 3).join('; ')}`),
      `crash points ${lives.length - hurt.length} of ${lives.length} survived`,
    ],
    // The last points may not be reached when the work takes a step less than it did while it was counted.
    passed: hurt.length === 0 && died >= lives.length * 0.9,
  };
}
