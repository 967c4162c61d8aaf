import { z } from 'zod';

/** The settings of the sending worker, by their names in the environment. */
export const sendingShape = {
  /** How long one worker may hold a message, by the database's clock. Seconds. */
  MAIL_LEASE_SECONDS: z.coerce.number().min(1).max(600).default(60),
  /** How long one handing-over may take; less than the lease. Seconds. */
  MAIL_SEND_LIMIT_SECONDS: z.coerce.number().min(0.2).max(590).default(45),
  /** How long a message stays in doubt before it is looked up or goes again: the mail server's idle time-out. Seconds. */
  MAIL_DOUBT_SECONDS: z.coerce.number().min(0).max(86_400).default(300),
  /** How often the worker looks for work nobody told it of. Milliseconds. */
  MAIL_POLL_MS: z.coerce.number().int().min(20).max(60_000).default(1_000),
  /** The wait after the first attempt that failed; it doubles up to 120 times as much. Seconds. */
  MAIL_BACKOFF_SECONDS: z.coerce.number().min(0.02).max(600).default(15),
  /** Messages on their way at once, each on a connection of its own. */
  MAIL_CONNECTIONS: z.coerce.number().int().min(1).max(100).default(8),
  /** Of these, to one domain. */
  MAIL_DOMAIN_CONNECTIONS: z.coerce.number().int().min(1).max(100).default(4),
  /** Messages one worker begins in a minute; 0 for no limit. */
  MAIL_PER_MINUTE: z.coerce.number().int().min(0).max(1_000_000).default(0),
  /** Messages one worker begins in a minute to one domain; 0 for no limit. */
  MAIL_DOMAIN_PER_MINUTE: z.coerce.number().int().min(0).max(1_000_000).default(600),
  /** Certificates (PEM) of an authority of one's own that signed the mail server's. */
  SMTP_CA_FILE: z.string().optional(),
  /** Where to ask whether a message was taken: `?id=<Message-ID>` is added and JSON `{"taken": true | false | null}` expected. */
  MAIL_LOOKUP_URL: z.url({ protocol: /^https?$/ }).optional(),
  /** The folder of the file that tells an old copy of the database from the present one: outside what is backed up. */
  MAIL_STATE_FOLDER: z.string().optional(),
  /** The signing domain, the name of its key and the file of the private key (PEM): all three or none. */
  DKIM_DOMAIN: z
    .string()
    .regex(/^[a-z0-9-]+(\.[a-z0-9-]+)+$/, 'must be a domain name')
    .optional(),
  DKIM_SELECTOR: z
    .string()
    .regex(/^[a-z0-9-]+(\.[a-z0-9-]+)*$/i, 'must be a name such as quorate1')
    .optional(),
  DKIM_KEY_FILE: z.string().optional(),
};

const schema = z.object(sendingShape);

/** How the worker sends; all times in seconds unless they say otherwise. */
export interface SendingSettings {
  readonly leaseSeconds: number;
  readonly sendLimitSeconds: number;
  readonly doubtSeconds: number;
  readonly pollMs: number;
  readonly backOffSeconds: number;
  readonly connections: number;
  readonly domainConnections: number;
  readonly perMinute: number;
  readonly domainPerMinute: number;
  readonly caFile: string | undefined;
  readonly lookupUrl: string | undefined;
  /** Without a folder an old copy of the database is recognised only while this process lives. */
  readonly stateFolder: string | undefined;
}

/** Reads the sending settings from an environment that was checked. */
export function sendingOf(given: z.infer<typeof schema>, folder: string): SendingSettings {
  return {
    leaseSeconds: given.MAIL_LEASE_SECONDS,
    sendLimitSeconds: given.MAIL_SEND_LIMIT_SECONDS,
    doubtSeconds: given.MAIL_DOUBT_SECONDS,
    pollMs: given.MAIL_POLL_MS,
    backOffSeconds: given.MAIL_BACKOFF_SECONDS,
    connections: given.MAIL_CONNECTIONS,
    domainConnections: given.MAIL_DOMAIN_CONNECTIONS,
    perMinute: given.MAIL_PER_MINUTE,
    domainPerMinute: given.MAIL_DOMAIN_PER_MINUTE,
    caFile: given.SMTP_CA_FILE,
    lookupUrl: given.MAIL_LOOKUP_URL,
    stateFolder: given.MAIL_STATE_FOLDER ?? folder,
  };
}

/** What nothing else is set to: the numbers of the schema, without a folder. */
export function usualSending(): SendingSettings {
  return { ...sendingOf(schema.parse({}), ''), stateFolder: undefined };
}

/** The name of the setting that contradicts another, and why; undefined when they fit. */
export function sendingProblem(given: z.infer<typeof schema>): string | undefined {
  if (given.MAIL_SEND_LIMIT_SECONDS >= given.MAIL_LEASE_SECONDS)
    return 'MAIL_SEND_LIMIT_SECONDS must be less than MAIL_LEASE_SECONDS, or two workers may send one message.';
  const dkim = [given.DKIM_DOMAIN, given.DKIM_SELECTOR, given.DKIM_KEY_FILE].filter((one) => one !== undefined);
  if (dkim.length !== 0 && dkim.length !== 3) return 'DKIM_DOMAIN, DKIM_SELECTOR and DKIM_KEY_FILE are set together.';
  return undefined;
}
