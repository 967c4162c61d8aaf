/** One domain's: messages on their way, and when the next ones may begin. */
interface Lane {
  onTheirWay: number;
  /** When everything begun so far is paid for; milliseconds of a clock that never steps. */
  paidUntil: number;
}

/** How fast one worker may go; 0 messages a minute is no limit. */
export interface PaceLimits {
  readonly connections: number;
  readonly domainConnections: number;
  readonly perMinute: number;
  readonly domainPerMinute: number;
}

/** At most this many seconds' worth of messages begin at once after a pause. */
const BURST_MS = 2_000;

/**
 * How many messages may begin now, in all and to each domain: so many on their way at once, so many a minute. A domain
 * that is slow or strict holds up no other.
 */
export class Pace {
  private readonly lanes = new Map<string, Lane>();
  private readonly all: Lane = { onTheirWay: 0, paidUntil: 0 };

  constructor(private readonly limits: PaceLimits) {}

  /** Messages that may begin at this moment. */
  free(at: number): number {
    return room(this.all, this.limits.connections, this.limits.perMinute, at);
  }

  /** Of these, to each domain that was written to lately; any other may have `other`. */
  allowances(at: number): { byDomain: Record<string, number>; other: number } {
    const { domainConnections, domainPerMinute } = this.limits;
    const byDomain: Record<string, number> = {};
    for (const [domain, lane] of this.lanes) {
      if (lane.onTheirWay === 0 && lane.paidUntil <= at - BURST_MS) this.lanes.delete(domain);
      else byDomain[domain] = room(lane, domainConnections, domainPerMinute, at);
    }
    return { byDomain, other: domainConnections };
  }

  /** A message to this address begins; call what it answers when it is over. */
  begin(address: string, at: number): () => void {
    const domain = address.slice(address.lastIndexOf('@') + 1).toLowerCase();
    const lane = this.lanes.get(domain) ?? { onTheirWay: 0, paidUntil: 0 };
    this.lanes.set(domain, lane);
    enter(this.all, this.limits.perMinute, at);
    enter(lane, this.limits.domainPerMinute, at);
    return () => {
      lane.onTheirWay -= 1;
      this.all.onTheirWay -= 1;
    };
  }
}

function room(lane: Lane, connections: number, perMinute: number, at: number): number {
  const places = Math.max(0, connections - lane.onTheirWay);
  if (perMinute === 0) return places;
  const saved = at - Math.max(lane.paidUntil, at - BURST_MS);
  const each = 60_000 / perMinute;
  const begun = saved < 0 ? 0 : Math.max(Math.floor(saved / each), saved >= BURST_MS ? 1 : 0);
  return Math.min(places, begun);
}

function enter(lane: Lane, perMinute: number, at: number): void {
  lane.onTheirWay += 1;
  if (perMinute > 0) lane.paidUntil = Math.max(lane.paidUntil, at - BURST_MS) + 60_000 / perMinute;
}
