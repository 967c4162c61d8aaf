/**
 * Holds what the mail server took against what was promised. Judged are the mail server's own journal and the driver's
 * own journal of what it was told is done; of the product's tables only the list of what it says it gave up or doubts.
 */
import { type Acceptance, type CalendarFacts } from './acceptance.js';

/** What was done to one person's invitation, in the order of doing. */
export interface Step {
  readonly method: 'REQUEST' | 'CANCEL';
  /** Of the calendar entry; not known where the service does not tell. */
  readonly sequence: number | null;
}

/** One meeting and one person: everything that was promised to them. */
export interface Stream {
  readonly uid: string;
  readonly address: string;
  readonly steps: readonly Step[];
}

/** A message as the product's own list has it. */
export interface Listed {
  readonly messageId: string;
  readonly address: string;
  readonly state: string;
  readonly reason: string | null;
  /** Does the product say that it may have been sent twice, or that nobody knows whether it was sent? */
  readonly doubted: boolean;
}

export interface Evidence {
  readonly streams: readonly Stream[];
  readonly taken: readonly Acceptance[];
  /** Whose answers came in, once for each answer: every one is confirmed once, to that address. */
  readonly answered: readonly string[];
  readonly listed: readonly Listed[];
  /** Addresses that the mail server refused for good. */
  readonly refused: ReadonlySet<string>;
  /** Can the mail server be asked what it took? Then nothing may double. */
  readonly lookUp: boolean;
  /** How often the mail server took a message without the sender hearing of it. */
  readonly lostAnswers: number;
}

export interface Verdict {
  readonly lost: readonly string[];
  readonly doubled: readonly string[];
  readonly misaddressed: readonly string[];
  readonly outOfOrder: readonly string[];
  /** Repeats that plain SMTP cannot avoid: byte for byte the same, and listed as in doubt. */
  readonly repeats: number;
}

/** Judges a run. */
export function check(evidence: Evidence): Verdict {
  const streams = new Map(evidence.streams.map((stream) => [nameOf(stream.uid, stream.address), stream]));
  const byStream = new Map<string, Acceptance[]>();
  const misaddressed: string[] = [];
  for (const one of [...evidence.taken].sort((first, second) => first.order - second.order)) {
    const wrong = wrongAddress(one, streams, evidence.answered);
    if (wrong !== null) misaddressed.push(`${one.messageId} ${wrong}`);
    const name = nameOf(one.calendar?.uid ?? '', one.to[0] ?? '');
    byStream.set(name, [...(byStream.get(name) ?? []), one]);
  }
  const { doubled, repeats } = doublesIn(evidence);
  const { missing, tooMany } = confirmationsIn(evidence);
  return {
    lost: [...lostOf(evidence, streams, byStream), ...missing, ...notSettled(evidence)],
    doubled: [...doubled, ...tooMany],
    misaddressed,
    outOfOrder: [...byStream].flatMap(([name, its]) =>
      disorderIn(firstTakings(its), mayHaveBeenAsked(evidence, its)).map((why) => `${name} ${why}`),
    ),
    repeats,
  };
}

function nameOf(uid: string, address: string): string {
  return `${uid} ${address}`;
}

function wrongAddress(
  one: Acceptance,
  streams: ReadonlyMap<string, Stream>,
  answered: readonly string[],
): string | null {
  const [to] = one.to;
  if (to === undefined || !isOnly(one.to, to)) return `went to ${one.to.length} recipients`;
  if (!isOnly(one.headed, to)) return `went to ${to} but is headed ${one.headed.join(', ')}`;
  if (one.calendar !== null) return wrongInvitee(one.calendar, to, streams);
  if (!one.confirms) return 'has no calendar part that can be read';
  return answered.includes(to) ? null : `went to ${to}, who answered nothing`;
}

function wrongInvitee(
  { attendees, uid }: CalendarFacts,
  to: string,
  streams: ReadonlyMap<string, Stream>,
): string | null {
  if (!isOnly(attendees, to)) return `went to ${to} but invites ${attendees.join(', ')}`;
  return streams.has(nameOf(uid, to)) ? null : `went to ${to}, who was promised nothing about ${uid}`;
}

function isOnly(addresses: readonly string[], address: string): boolean {
  return addresses.length === 1 && addresses[0] === address;
}

/** The same message twice; or, under another name, the same step of the same meeting to the same person. */
function doublesIn(evidence: Evidence): { doubled: string[]; repeats: number } {
  const { taken, lostAnswers } = evidence;
  const doubted = new Set(evidence.listed.filter((one) => one.doubted).map(({ messageId }) => messageId));
  const first = new Map<string, Acceptance>();
  const doubled: string[] = [];
  let repeats = 0;
  for (const one of taken) {
    const earlier = first.get(one.messageId);
    if (earlier === undefined) first.set(one.messageId, one);
    else {
      const why = whyNoRepeat(one, earlier, { lookUp: evidence.lookUp, doubted });
      if (why === null) repeats += 1;
      else doubled.push(`${one.messageId} was taken again${why}`);
    }
  }
  if (repeats > lostAnswers) doubled.push(`${repeats} repeats, but the sender was left in doubt ${lostAnswers} times`);
  return { doubled: [...doubled, ...saidAgain([...first.values()])], repeats };
}

/** Why a message that came again is no repeat that plain SMTP cannot avoid. */
function whyNoRepeat(
  one: Acceptance,
  earlier: Acceptance,
  { lookUp, doubted }: { lookUp: boolean; doubted: ReadonlySet<string> },
): string | null {
  if (lookUp) return '';
  if (earlier.sha256 !== one.sha256) return ' with other bytes';
  return doubted.has(one.messageId) ? null : ' and never listed as in doubt';
}

function saidAgain(taken: readonly Acceptance[]): string[] {
  const steps = new Map<string, string>();
  return taken.flatMap((one) => {
    const step = stepOf(one);
    const earlier = steps.get(step);
    steps.set(step, one.messageId);
    return earlier === undefined ? [] : [`${one.messageId} says again what ${earlier} said`];
  });
}

function stepOf({ calendar, to, messageId }: Acceptance): string {
  if (calendar === null) return messageId;
  return [calendar.uid, calendar.method, calendar.sequence, ...to].join(' ');
}

/** Each answer is confirmed once, unless the mail server refused its sender for good. */
function confirmationsIn({ answered, taken, refused }: Evidence): { missing: string[]; tooMany: string[] } {
  const missing: string[] = [];
  const tooMany: string[] = [];
  for (const address of new Set(answered)) {
    const given = answered.filter((one) => one === address).length;
    const its = taken.filter(({ confirms, to }) => confirms && to.includes(address));
    const confirmed = new Set(its.map(({ messageId }) => messageId)).size;
    const why = `${address} answered ${given} times and was confirmed ${confirmed}`;
    if (confirmed < given && !refused.has(address)) missing.push(why);
    if (confirmed > given) tooMany.push(why);
  }
  return { missing, tooMany };
}

/** A repeat stands where its first taking stood: it is judged as a double, not as disorder. */
function firstTakings(taken: readonly Acceptance[]): Acceptance[] {
  return taken.filter((one, at) => taken.findIndex(({ messageId }) => messageId === one.messageId) === at);
}

/**
 * Over plain SMTP nobody can know whether a request in doubt was taken: once the meeting is off it does not go again, and
 * the cancellation goes in case it was.
 */
function mayHaveBeenAsked({ lookUp, listed }: Evidence, taken: readonly Acceptance[]): boolean {
  const addresses = taken.flatMap(({ to }) => to);
  return !lookUp && listed.some(({ address, doubted }) => doubted && addresses.includes(address));
}

function disorderIn(taken: readonly Acceptance[], perhapsAsked: boolean): string[] {
  const heard = taken.flatMap(({ calendar }) => calendar ?? []);
  const isAsked = heard.some(({ method }) => method === 'REQUEST');
  const early = heard[0]?.method === 'CANCEL' && (isAsked || !perhapsAsked);
  const older = heard.flatMap(({ sequence }, at) => {
    const before = heard[at - 1]?.sequence ?? sequence;
    return sequence < before ? [`got ${sequence} after ${before}`] : [];
  });
  return [...(early ? ['was cancelled before anything was asked'] : []), ...older];
}

/** Every person must have heard how things stand at the end, unless the mail server refused them for good. */
function lostOf(
  { refused, listed }: Evidence,
  streams: ReadonlyMap<string, Stream>,
  byStream: ReadonlyMap<string, readonly Acceptance[]>,
): string[] {
  const toldDead = new Set(listed.filter(({ state }) => state === 'DEAD').map(({ address }) => address));
  return [...streams].flatMap(([name, { address, steps }]) => {
    const last = steps.at(-1);
    if (last === undefined || (refused.has(address) && toldDead.has(address))) return [];
    const heard = (byStream.get(name) ?? []).flatMap(({ calendar }) => calendar ?? []);
    return hasHeard(heard, last) ? [] : [`${name} never heard of ${last.method} ${last.sequence ?? ''}`];
  });
}

/** Who was never asked need not hear that it is off. */
function hasHeard(heard: readonly CalendarFacts[], last: Step): boolean {
  if (last.method === 'CANCEL' && heard.length === 0) return true;
  return heard.some((one) => one.method === last.method && one.sequence === (last.sequence ?? one.sequence));
}

/** When everything has come to rest nothing is under way, and what is listed as sent was taken. */
function notSettled({ listed, taken }: Evidence): string[] {
  const known = new Set(taken.map(({ messageId }) => messageId));
  return listed.flatMap(({ messageId, state, address }) => {
    if (state === 'SENT' && !known.has(messageId))
      return [`${messageId} to ${address} is listed as sent, but never came`];
    if (state !== 'SENT' && state !== 'DEAD') return [`${messageId} to ${address} is still ${state}`];
    return [];
  });
}

/** The line that says it all. */
export function summary({ lost, doubled, misaddressed, outOfOrder }: Verdict): string {
  return `lost ${lost.length} doubled ${doubled.length} misaddressed ${misaddressed.length} out-of-order ${outOfOrder.length}`;
}

export function isClean({ lost, doubled, misaddressed, outOfOrder }: Verdict): boolean {
  return [lost, doubled, misaddressed, outOfOrder].every((kind) => kind.length === 0);
}
