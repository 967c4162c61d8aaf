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

/** The same for a worker's environment. */
export const WORKER_TIMES: Readonly<Record<string, string>> = {
  MAIL_LEASE_SECONDS: String(TIMING.lease / 1000),
  MAIL_SEND_LIMIT_SECONDS: String(TIMING.sendLimit / 1000),
  MAIL_DOUBT_SECONDS: String(TIMING.doubt / 1000),
  MAIL_POLL_MS: String(TIMING.poll),
  MAIL_BACKOFF_SECONDS: String(TIMING.backOff / 1000),
  MAIL_CONNECTIONS: '8',
  MAIL_DOMAIN_CONNECTIONS: '8',
  MAIL_PER_MINUTE: '0',
  MAIL_DOMAIN_PER_MINUTE: '0',
};
