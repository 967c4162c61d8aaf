/** The service and the worker killed at every point of a meeting's life: called, answered by calendar, moved, cancelled. */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DateTime } from 'luxon';
import { acceptanceCounts, faultsOfAnswer, standingsIn } from './answered.js';
import { check, type Step, type Stream, type Verdict } from './checker.js';
import { Lane } from './lane.js';
import { type Report } from './ordeal.js';
import { listedBy, lookUpIn } from './quiet.js';
import { randomFrom } from './random.js';
import { acceptTo, handOver } from './reply.js';
import { type Deed, type Outcome } from './words.js';

/** The service while it does what coordinators ask, the mail worker, and the service while it takes an answer in. */
const MORTALS = ['worker', 'service', 'reception'] as const;
type Mortal = (typeof MORTALS)[number];

interface Point {
  readonly who: Mortal;
  readonly n: number;
}

interface Life extends Point {
  readonly meetingId: string;
  readonly uid: string;
  readonly streams: readonly Stream[];
  /** The address of the one who answered. */
  readonly answered: string;
  /** Whether their answer counted before the meeting was moved. */
  readonly counted: boolean;
  /** Whether the process was killed: near the end of its work a point may not be reached any more. */
  readonly died: boolean;
}

/** Lanes side by side: a lane mostly waits, for a lease to run out or for a process to start. */
const LANES = 4;
/** In milliseconds: after so long a message is stuck. */
const PATIENCE = 30_000;

const UNSETTLED = `select 1 from message where meeting_id = $1 and state not in ('SENT', 'DEAD')
  union all select 1 from inbound_mail where meeting_id = $1 and state = 'RECEIVED'`;

/** One meeting's life in a lane, with one process killed on the way. */
class Lived {
  died = false;
  /** Points that taking the answer in had. */
  receptionPoints = 0;
  private counted = false;
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
    else this.lane.keepWorker();
    if (this.point.who === 'service') await this.lane.armService(this.point.n);
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
    await this.answer(called);
    const moved = await this.surely({ kind: 'move', meetingId: id, version, date: day(61), mark });
    await this.step('REQUEST', { ...moved, id });
    const cancelled = await this.surely({ kind: 'cancel', meetingId: id, version: moved.version });
    await this.step('CANCEL', { ...cancelled, id });
    const streams = this.people.addresses.map((address) => ({ uid, address, steps: this.steps }));
    const { answered, counted, died } = this;
    return { ...this.point, meetingId: id, uid, streams, answered, counted, died };
  }

  private get answered(): string {
    return this.people.addresses.at(-1) ?? '';
  }

  /** The last of those invited accepts; the site's mail server goes on until it hears that the message was taken. */
  private async answer({ id, uid }: Outcome): Promise<void> {
    const its = this.lane.taken().flatMap(({ calendar }) => (calendar?.uid === uid ? [calendar] : []));
    const request = its.find(({ attendees }) => attendees.includes(this.answered));
    // Whoever was not asked cannot answer: that is found at the end.
    if (request === undefined) return;
    const isMortal = this.point.who === 'reception';
    if (isMortal) await this.lane.armReception(this.point.n);
    const mail = acceptTo(request, new Date());
    const deadline = Date.now() + PATIENCE;
    do {
      await this.keepAll();
    } while (!(await handOver(this.lane.receptionPort, mail)) && Date.now() < deadline);
    await this.settled(id);
    this.counted = await acceptanceCounts(this.lane.cluster, id, this.answered);
    if (!isMortal) return;
    this.receptionPoints = await this.lane.receptionPoints();
    await this.lane.armReception(0);
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
    await this.settled(id);
  }

  private async settled(meetingId: string): Promise<void> {
    const deadline = Date.now() + PATIENCE;
    while ((await this.lane.cluster.ask(UNSETTLED, [meetingId])).length > 0 && Date.now() < deadline) {
      await this.keepAll();
      await sleep(20);
    }
    await this.keepAll();
  }

  /** Starts again whatever was killed. */
  private async keepAll(): Promise<void> {
    const deaths = [this.lane.keepWorker(), await this.lane.keepReception()];
    if (deaths.includes(true)) this.died = true;
  }
}

function day(ahead: number): string {
  return DateTime.now().plus({ days: ahead }).toISODate();
}

/** How many points the work of each has: lives in which nobody is killed, once everything has run before. */
async function countPoints(lane: Lane): Promise<Record<Mortal, number>> {
  await new Lived(lane, { who: 'reception', n: 0 }).through();
  await lane.armService(0);
  await new Lived(lane, { who: 'worker', n: 0 }).through();
  const counts = { service: await lane.servicePoints(), worker: await lane.workerPoints() };
  const answering = new Lived(lane, { who: 'reception', n: 0 });
  await answering.through();
  return { ...counts, reception: answering.receptionPoints };
}

/** Of whose points every so manyth is tried. */
export type Strides = Readonly<Record<Mortal, number>>;

/** Every so manyth point from one that the seed chooses. */
function pointsOf(counts: Record<Mortal, number>, strides: Strides, seed: number): Point[] {
  const random = randomFrom(seed);
  return MORTALS.flatMap((who) => {
    const each = strides[who];
    const offset = Math.floor(random() * each);
    return Array.from({ length: counts[who] }, (_, at) => ({ who, n: at + 1 })).filter((_, at) => at % each === offset);
  });
}

/** Kills at every point and says what came of it. */
export async function crashPoints(
  folder: string,
  { strides, seed }: { strides: Strides; seed: number },
  tidying: AsyncDisposableStack,
): Promise<Report> {
  const lanes = await Promise.all(
    Array.from({ length: LANES }, (_, n) => Lane.start(join(folder, `lane-${n}`), tidying)),
  );
  const [first] = lanes;
  if (first === undefined) throw new Error('No lane.');
  const counts = await countPoints(first);
  const points = pointsOf(counts, strides, seed);
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
  /** Entries of the ledger, and confirmations that the mail server took. */
  readonly entries: number;
  readonly confirmed: number;
}

/** What the checker has against each of the lives of a lane. */
async function judge(lane: Lane, lives: readonly Life[]): Promise<Judged[]> {
  const taken = lane.taken();
  const listed = await listedBy(lane);
  const standings = await standingsIn(lane.cluster);
  return lives.map((life) => {
    const addresses = new Set(life.streams.map(({ address }) => address));
    const its = taken.filter(({ calendar, to }) => calendar?.uid === life.uid || to.some((one) => addresses.has(one)));
    const standing = standings.get(life.meetingId);
    const verdict = check({
      streams: life.streams,
      taken: its,
      answered: [life.answered],
      listed: listed.filter(({ address }) => addresses.has(address)),
      refused: new Set(),
      lookUp: true,
      lostAnswers: 0,
    });
    return {
      ...life,
      faults: [...faultsIn(verdict), ...faultsOfAnswer(standing, life.counted)],
      entries: standing?.entries ?? 0,
      confirmed: its.filter(({ confirms }) => confirms).length,
    };
  });
}

function faultsIn({ lost, doubled, misaddressed, outOfOrder }: Verdict): string[] {
  return [...lost, ...doubled, ...misaddressed, ...outOfOrder];
}

function survivalOf(who: Mortal, lives: readonly Judged[]): string {
  const its = lives.filter((life) => life.who === who);
  const died = its.filter((life) => life.died).length;
  const survived = its.filter(({ faults }) => faults.length === 0).length;
  return `  ${who}: ${died} killed, ${survived} of ${its.length} survived`;
}

function reportOf(counts: Record<Mortal, number>, lives: readonly Judged[]): Report {
  const hurt = lives.filter(({ faults }) => faults.length > 0);
  const died = lives.filter((life) => life.died).length;
  const sum = (of: (life: Judged) => number): number => lives.reduce((total, life) => total + of(life), 0);
  return {
    lines: [
      `The service's part has ${counts.service} points, the worker's ${counts.worker}, taking an answer in ${counts.reception}; ${died} processes were killed at one.`,
      ...MORTALS.map((who) => survivalOf(who, lives)),
      `answers ${lives.length}, entries of the ledger ${sum(({ entries }) => entries)}, confirmations ${sum(({ confirmed }) => confirmed)}`,
      ...hurt.slice(0, 10).map(({ who, n, faults }) => `! ${who} at point ${n}: ${faults.slice(0, 3).join('; ')}`),
      `crash points ${lives.length - hurt.length} of ${lives.length} survived`,
    ],
    // The last points may not be reached when the work takes a step less than it did while it was counted.
    passed: hurt.length === 0 && died >= lives.length * 0.9,
  };
}
