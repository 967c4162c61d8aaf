/** One run from beginning to end: the work, the breaking, the quiet afterwards, the judgement. */
import { Bed, type BedSettings } from './bed.js';
import { Breaking } from './breaking.js';
import { check, isClean, summary, type Verdict } from './checker.js';
import { Meetings } from './meetings.js';
import { type Fault, type Plan } from './plan.js';
import { promisesOf, type Tally } from './promises.js';
import { comeToRest, listedBy, lookUpIn } from './quiet.js';

export interface Report {
  readonly lines: readonly string[];
  readonly passed: boolean;
}

/** Messages a worker may have on their way when it is killed or frozen, or loses its database. */
const ON_THEIR_WAY = 8;

/** Runs a plan and says what came of it; whatever was started is handed to `tidying`. */
export async function ordeal(settings: BedSettings, tidying: AsyncDisposableStack): Promise<Report> {
  const began = performance.now();
  const bed = await Bed.start(settings, tidying);
  const meetings = new Meetings(bed, settings.plan);
  await meetings.prepare();
  const breaking = new Breaking(bed, settings.plan, () => meetings.progress);
  const ready = performance.now();
  let made = ready;
  const work = async (): Promise<void> => {
    await meetings.run();
    made = performance.now();
    await comeToRest(bed);
    await breaking.end();
  };
  await Promise.all([work(), breaking.run()]);
  await comeToRest(bed);
  const settled = performance.now();
  bed.requirePlanted();
  const performed = await breaking.performed();
  const promises = await promisesOf(bed.promised(), (contact) => bed.addressOf(contact), lookUpIn(bed));
  const taken = bed.taken();
  const verdict = check({
    streams: promises.streams,
    taken,
    answered: [],
    listed: await listedBy(bed),
    refused: refusedIn(settings.plan),
    lookUp: settings.lookUp,
    lostAnswers: lostAnswers(performed),
  });
  const seconds = (from: number, to: number): string => `${((to - from) / 1000).toFixed(0)} s`;
  const fell = bed.workers.reduce((sum, one) => sum + one.fell, 0);
  return reportOf(settings.plan, verdict, performed, [
    `${promises.invitations} invitations to ${promises.meetings} meetings; the mail server took ${taken.length} messages.`,
    deedsOf(promises.tally),
    ...(fell === 0 ? [] : [`The workers ended ${fell} times by themselves and were started again.`]),
    `Started in ${seconds(began, ready)}, everything called in ${seconds(ready, made)}, at rest after another ${seconds(made, settled)}.`,
    ...(settings.lookUp
      ? []
      : [`repeats ${verdict.repeats}, all of them byte for byte the same and listed as in doubt`]),
  ]);
}

function refusedIn(plan: Plan): Set<string> {
  const refused = [...plan.conduct].filter(([, faults]) => faults.includes('refuses for good (550)'));
  return new Set(refused.map(([address]) => address));
}

function lostAnswers(performed: ReadonlyMap<Fault, number>): number {
  const times = (fault: Fault): number => performed.get(fault) ?? 0;
  const workers =
    times('worker killed') + times('worker frozen longer than its lease') + 2 * times('PostgreSQL stopped at once');
  return (
    times('takes it and loses the answer') + times('takes it and stalls') + times('is slow') + ON_THEIR_WAY * workers
  );
}

function deedsOf({ done, refused, unknown, happened }: Tally): string {
  const broken = `${unknown} broken off, of which ${happened} had happened`;
  const kinds = [...new Set(refused)].slice(0, 3).join('; ');
  return `${done} deeds of coordinators done, ${broken}${refused.length === 0 ? '' : `, ${refused.length} refused (${kinds})`}.`;
}

function reportOf(
  plan: Plan,
  verdict: Verdict,
  performed: ReadonlyMap<Fault, number>,
  told: readonly string[],
): Report {
  const short = [...plan.quotas].filter(([fault, claimed]) => (performed.get(fault) ?? 0) < claimed);
  const all = [...plan.quotas.keys()].reduce((sum, fault) => sum + (performed.get(fault) ?? 0), 0);
  const found = [verdict.lost, verdict.doubled, verdict.misaddressed, verdict.outOfOrder].flatMap((kind) =>
    kind.slice(0, 5),
  );
  return {
    lines: [
      ...told,
      `${all} faults:`,
      ...[...plan.quotas].map(
        ([fault, claimed]) => `  ${String(performed.get(fault) ?? 0).padStart(6)} of ${claimed} ${fault}`,
      ),
      ...found.map((one) => `! ${one}`),
      ...short.map(([fault]) => `! fewer than claimed: ${fault}`),
      summary(verdict),
    ],
    passed: isClean(verdict) && short.length === 0,
  };
}
