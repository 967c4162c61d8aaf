import { z } from 'zod';

/** How mail comes back to us. */
export interface InboundSettings {
  /** Where the site's mail server hands it over; undefined: nowhere. 0 is any free port. */
  port: number | undefined;
  /** The port is only the trial's own choice: when it is taken, the service goes on without. */
  portIsOptional: boolean;
  host: string;
  lmtp: boolean;
  /** The mailbox that is read instead, as in imaps://user:password@mail.example/INBOX. */
  imapUrl: string | undefined;
  /** The name under which the site's mail server writes what it found out about senders. */
  authservId: string | undefined;
  /** Whether signatures and domains' policies are looked up. */
  dns: boolean;
}

/** The port for incoming mail of a trial installation. */
const TRIAL_INBOUND_PORT = 2525;

/** The settings of incoming mail, by their names in the environment. */
export const inboundShape = {
  /** The port on which the site's mail server hands over answers and bounces, `off`, or 0 for any free one. */
  INBOUND_SMTP_PORT: z.union([z.literal('off'), z.coerce.number().int().min(0).max(65_535)]).optional(),
  INBOUND_SMTP_HOST: z.string().default('127.0.0.1'),
  INBOUND_SMTP_PROTOCOL: z.enum(['smtp', 'lmtp']).default('smtp'),
  /** A mailbox to be read instead, such as imaps://user:password@mail.example/INBOX. */
  INBOUND_IMAP_URL: z
    .string()
    .regex(/^imaps?:\/\//, 'must start with imap:// or imaps://')
    .optional(),
  /** The name in the Authentication-Results of the site's own mail server (its authserv-id). */
  INBOUND_AUTHSERV_ID: z.string().optional(),
  /** Whether DKIM keys and DMARC policies are looked up; not in a trial installation. */
  INBOUND_DNS: z.enum(['on', 'off']).optional(),
};

/** Reads the settings of incoming mail from an environment that was checked. */
export function inboundOf(given: z.infer<z.ZodObject<typeof inboundShape>>, isTrial: boolean): InboundSettings {
  const port = given.INBOUND_SMTP_PORT ?? (isTrial ? TRIAL_INBOUND_PORT : 'off');
  return {
    port: port === 'off' ? undefined : port,
    portIsOptional: given.INBOUND_SMTP_PORT === undefined,
    host: given.INBOUND_SMTP_HOST,
    lmtp: given.INBOUND_SMTP_PROTOCOL === 'lmtp',
    imapUrl: given.INBOUND_IMAP_URL,
    authservId: given.INBOUND_AUTHSERV_ID,
    dns: (given.INBOUND_DNS ?? (isTrial ? 'off' : 'on')) === 'on',
  };
}
