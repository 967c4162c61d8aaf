/*
 * When somebody is busy, and nothing else: what is kept of a calendar that a person publishes. A time says no more than
 * "taken" or "pencilled in"; what it is for, who else is there and where are never read out of the calendar.
 */

export const BUSY_KINDS = ['BUSY', 'TENTATIVE'] as const;
export type BusyKind = (typeof BUSY_KINDS)[number];

export interface BusyTime {
  readonly startsAt: Date;
  readonly endsAt: Date;
  /** TENTATIVE is pencilled in: it may be moved for something that matters more. */
  readonly kind: BusyKind;
}

/** From when (included) until when (not included) a calendar is read. */
export interface Window {
  readonly from: Date;
  readonly to: Date;
}

/** Those times within the window, cut to it, with what touches or overlaps made one; each kind apart, in order of start. */
export function mergeTimes(times: readonly BusyTime[], { from, to }: Window): BusyTime[] {
  const cut = times
    .map(({ startsAt, endsAt, kind }) => ({ startsAt: later(startsAt, from), endsAt: earlier(endsAt, to), kind }))
    .filter(({ startsAt, endsAt }) => startsAt < endsAt);
  const merged = BUSY_KINDS.flatMap((kind) => mergeKind(cut.filter((time) => time.kind === kind)));
  return merged.sort((a, b) => a.startsAt.getTime() - b.startsAt.getTime());
}

function mergeKind(times: readonly BusyTime[]): BusyTime[] {
  const merged: BusyTime[] = [];
  for (const time of [...times].sort((a, b) => a.startsAt.getTime() - b.startsAt.getTime())) {
    const last = merged.at(-1);
    if (last === undefined || last.endsAt < time.startsAt) merged.push(time);
    else merged[merged.length - 1] = { ...last, endsAt: later(last.endsAt, time.endsAt) };
  }
  return merged;
}

const later = (a: Date, b: Date): Date => (a > b ? a : b);
const earlier = (a: Date, b: Date): Date => (a < b ? a : b);
