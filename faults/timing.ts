/**
 * The waiting times of a run, in milliseconds: the product's own, through its settings, and the mail server's. They keep
 * the order that the real ones have. A connection that a frozen worker holds is closed by the mail server, and the
 * look-up knows what came over it, before a doubt is settled; a stalled answer comes after the worker has given up.
 */
export const TIMING = {
  lease: 2_000,
  sendLimit: 1_000,
  doubt: 2_000,
  poll: 50,
  backOff: 50,
  idle: 800,
  lag: 200,
  stall: 1_300,
  slow: 150,
  greylist: 300,
  frozen: 4_800,
  delay: 400,
  halfOpen: 3_000,
} as const;

type Times = Readonly<Record<'lease' | 'sendLimit' | 'doubt' | 'poll' | 'backOff', number>>;

/** The same for a worker's environment. */
function workerTimes(times: Times): Readonly<Record<string, string>> {
  return {
    MAIL_LEASE_SECONDS: String(times.lease / 1000),
    MAIL_SEND_LIMIT_SECONDS: String(times.sendLimit / 1000),
    MAIL_DOUBT_SECONDS: String(times.doubt / 1000),
    MAIL_POLL_MS: String(times.poll),
    MAIL_BACKOFF_SECONDS: String(times.backOff / 1000),
    MAIL_CONNECTIONS: '8',
    MAIL_DOMAIN_CONNECTIONS: '8',
    MAIL_PER_MINUTE: '0',
    MAIL_DOMAIN_PER_MINUTE: '0',
  };
}

export const WORKER_TIMES = workerTimes(TIMING);

/** Where one process at a time is killed once, everything can be quicker; only the mail server's part. */
export const pointTiming = { stall: 0, slow: 0, greylist: 0, idle: 600, lag: 50 } as const;
export const POINT_TIMES = workerTimes({ lease: 1_500, sendLimit: 1_200, doubt: 1_000, poll: 200, backOff: 50 });
