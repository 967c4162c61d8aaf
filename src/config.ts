import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, linkSync, mkdirSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { type DkimKey, readDkimKey } from './mail/domain/dkim-key.js';
import { inboundOf, type InboundSettings, inboundShape } from './mail/inbound/inbound-settings.js';
import { sendingOf, sendingProblem, type SendingSettings, sendingShape } from './mail/sending/sending-settings.js';

export const SETTINGS = Symbol('Settings');

/** Every setting of the service. The environment's names stand in `schema` below, with their meaning. */
export interface Settings {
  production: boolean;
  role: 'all' | 'web' | 'worker';
  host: string;
  port: number;
  baseUrl: string;
  databaseUrl: string;
  databaseOwnerUrl: string | undefined;
  databaseMailUrl: string | undefined;
  poolSize: number;
  smtpUrl: string | undefined;
  mailDomain: string;
  mailHoldSeconds: number;
  sending: SendingSettings;
  /** Without it the relay signs. */
  dkim: DkimKey | undefined;
  linkPepper: string;
  sealingKey: Buffer;
  sessionSecret: string;
  trustProxy: string[];
  logLevel: string;
  inbound: InboundSettings;
}

/** A setting that is missing or wrong: one sentence that says what to set. */
export class SettingProblem extends Error {
  override readonly name = 'SettingProblem';
}

const databaseUrl = z.string().regex(/^postgres(ql)?:\/\//, 'must start with postgresql://');

const schema = z.object({
  NODE_ENV: z.enum(['development', 'production', 'test']).default('development'),
  /** Web pages, background work, or both in one process. */
  QUORATE_ROLE: z.enum(['all', 'web', 'worker']).default('all'),
  HOST: z.string().default('127.0.0.1'),
  PORT: z.coerce.number().int().min(0).max(65_535).default(3000),
  /** The address people reach the service at; it stands in every emailed link. */
  BASE_URL: z.url({ protocol: /^https?$/ }).optional(),
  /** The restricted role. Without it the service starts its own PostgreSQL, for trying it out. */
  DATABASE_URL: databaseUrl.optional(),
  /** The role that migrates; without it the database must already be at this release. */
  DATABASE_OWNER_URL: databaseUrl.optional(),
  /** The mail worker's own login; without it the worker uses DATABASE_URL and takes the mail role. */
  DATABASE_MAIL_URL: databaseUrl.optional(),
  DATABASE_POOL_SIZE: z.coerce.number().int().min(2).max(200).default(20),
  /** Where mail goes, such as smtp://relay.example:587; without it mail stays in the built-in mailbox. */
  SMTP_URL: z
    .string()
    .regex(/^smtps?:\/\//, 'must start with smtp:// or smtps://')
    .optional(),
  /** The domain of the addresses that replies and bounces come back to. */
  MAIL_DOMAIN: z
    .string()
    .regex(/^[a-z0-9-]+(\.[a-z0-9-]+)+$/, 'must be a domain name')
    .optional(),
  /** How long a message waits before it leaves, so that it can be taken back: 60 seconds, 0 in a trial installation. */
  MAIL_HOLD_SECONDS: z.coerce.number().int().min(0).max(3600).optional(),
  ...sendingShape,
  ...inboundShape,
  /** Where the secrets of a trial installation are kept. */
  QUORATE_FOLDER: z.string().optional(),
  LINK_PEPPER: z.string().min(32, 'must have at least 32 characters').optional(),
  SEALING_KEY: z
    .string()
    .regex(/^[0-9a-f]{64}$/, 'must be 64 hexadecimal digits')
    .optional(),
  SESSION_SECRET: z.string().min(32, 'must have at least 32 characters').optional(),
  /** Addresses of the proxies in front, comma-separated. */
  TRUST_PROXY: z.string().optional(),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'silent']).default('warn'),
});

type Environment = z.infer<typeof schema>;

const MAIL_DOMAIN = 'reply.quorate.example';

/** What the built-in PostgreSQL offers, and the folder where a trial keeps its secrets. */
export interface Embedded {
  readonly folder: string;
  readonly appUrl?: string;
  readonly ownerUrl?: string;
  readonly mailUrl?: string;
}

/**
 * Reads the settings from the environment. `embedded` gives the addresses of the built-in PostgreSQL when there is no
 * DATABASE_URL. Throws SettingProblem.
 */
export function readSettings(env: NodeJS.ProcessEnv, embedded: Embedded): Settings {
  const given = readEnvironment(env);
  const production = given.NODE_ENV === 'production';
  if (production) requireInProduction(given);
  return {
    ...placeOf(given, production),
    sending: sendingOf(given, embedded.folder),
    dkim: dkimOf(given),
    ...databaseOf(given, embedded),
    ...secretsOf(given, embedded.folder, production),
    inbound: inboundOf(given, given.DATABASE_URL === undefined),
  };
}

/** What the sending worker needs when it runs by itself. */
export type WorkerSettings = Pick<
  Settings,
  'databaseUrl' | 'databaseMailUrl' | 'smtpUrl' | 'sealingKey' | 'sending' | 'mailDomain'
>;

/** The settings of a sending worker on its own: it needs no secret but the key of the messages. Throws SettingProblem. */
export function readWorkerSettings(env: NodeJS.ProcessEnv, folder: string): WorkerSettings {
  const given = readEnvironment(env);
  const url = given.DATABASE_MAIL_URL ?? given.DATABASE_URL ?? missing('DATABASE_URL');
  if (given.NODE_ENV === 'production') requireAll(given, ['SMTP_URL', 'SEALING_KEY', 'MAIL_DOMAIN']);
  return {
    databaseUrl: given.DATABASE_URL ?? url,
    databaseMailUrl: given.DATABASE_MAIL_URL,
    smtpUrl: given.SMTP_URL,
    mailDomain: given.MAIL_DOMAIN ?? MAIL_DOMAIN,
    sealingKey: Buffer.from(given.SEALING_KEY ?? localSecrets(folder, false).sealingKey, 'hex'),
    sending: sendingOf(given, folder),
  };
}

function readEnvironment(env: NodeJS.ProcessEnv): Environment {
  const parsed = schema.safeParse(Object.fromEntries(Object.entries(env).filter(([, value]) => value !== '')));
  if (!parsed.success) throw new SettingProblem(firstProblem(parsed.error));
  const problem = sendingProblem(parsed.data);
  if (problem !== undefined) throw new SettingProblem(problem);
  return parsed.data;
}

/**
 * Throws SettingProblem without a mail server: the built-in mailbox, which anybody may open, is for invented people and
 * must never hold the codes and links of real ones.
 */
export function requireMailServer(settings: Pick<Settings, 'smtpUrl'>): void {
  if (settings.smtpUrl !== undefined) return;
  throw new SettingProblem(
    'SMTP_URL is not set: with DATABASE_URL, mail needs a server, as in smtp://relay.example:587.',
  );
}

function placeOf(
  given: Environment,
  production: boolean,
): Omit<Settings, keyof DatabaseSettings | keyof SecretSettings | 'sending' | 'dkim' | 'inbound'> {
  return {
    production,
    role: given.QUORATE_ROLE,
    host: given.HOST,
    port: given.PORT,
    baseUrl: (given.BASE_URL ?? `http://localhost:${given.PORT}`).replace(/\/$/, ''),
    poolSize: given.DATABASE_POOL_SIZE,
    smtpUrl: given.SMTP_URL,
    mailDomain: given.MAIL_DOMAIN ?? MAIL_DOMAIN,
    mailHoldSeconds: given.MAIL_HOLD_SECONDS ?? (given.DATABASE_URL === undefined ? 0 : 60),
    trustProxy: (given.TRUST_PROXY ?? '')
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== ''),
    logLevel: given.LOG_LEVEL,
  };
}

function dkimOf(given: Environment): DkimKey | undefined {
  try {
    return readDkimKey(given, given.MAIL_DOMAIN ?? MAIL_DOMAIN);
  } catch (error) {
    throw new SettingProblem((error as Error).message);
  }
}

type DatabaseSettings = Pick<Settings, 'databaseUrl' | 'databaseOwnerUrl' | 'databaseMailUrl'>;
type SecretSettings = Pick<Settings, 'linkPepper' | 'sealingKey' | 'sessionSecret'>;

function databaseOf(given: Environment, embedded: Embedded): DatabaseSettings {
  const own = given.DATABASE_URL;
  if (own === undefined) {
    const { appUrl, ownerUrl, mailUrl } = embedded;
    return { databaseUrl: appUrl ?? missing('DATABASE_URL'), databaseOwnerUrl: ownerUrl, databaseMailUrl: mailUrl };
  }
  return { databaseUrl: own, databaseOwnerUrl: given.DATABASE_OWNER_URL, databaseMailUrl: given.DATABASE_MAIL_URL };
}

function secretsOf(given: Environment, folder: string, production: boolean): SecretSettings {
  const secrets = localSecrets(folder, production);
  return {
    linkPepper: given.LINK_PEPPER ?? secrets.linkPepper,
    sealingKey: Buffer.from(given.SEALING_KEY ?? secrets.sealingKey, 'hex'),
    sessionSecret: given.SESSION_SECRET ?? secrets.sessionSecret,
  };
}

function firstProblem(error: z.ZodError): string {
  const issue = error.issues[0];
  return `${issue?.path.join('.') ?? 'A setting'} ${issue?.message ?? 'is wrong'}: set it to an allowed value, or leave it out.`;
}

function missing(name: string): never {
  throw new SettingProblem(`${name} is not set: give the address of a PostgreSQL database.`);
}

function requireInProduction(given: Environment): void {
  requireAll(given, [
    'DATABASE_URL',
    'BASE_URL',
    'SMTP_URL',
    'LINK_PEPPER',
    'SEALING_KEY',
    'SESSION_SECRET',
    'MAIL_DOMAIN',
    'TRUST_PROXY',
  ]);
  if (given.BASE_URL?.startsWith('https://') !== true)
    throw new SettingProblem('BASE_URL must start with https:// in production.');
}

function requireAll(given: Environment, names: readonly (keyof Environment)[]): void {
  const absent = names.find((name) => given[name] === undefined);
  if (absent !== undefined) throw new SettingProblem(`${absent} is not set: it is required in production.`);
}

const secretsInFile = z.object({
  linkPepper: z.string(),
  sealingKey: z.string().length(64),
  sessionSecret: z.string(),
});
type LocalSecrets = z.infer<typeof secretsInFile>;

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * The secrets of an installation without settings of its own, made once and kept: a link mailed before a restart must
 * work after it. Two processes that start at once end up with the same file, because only one can link it into place.
 */
function localSecrets(folder: string, production: boolean): LocalSecrets {
  if (production) return { linkPepper: '', sealingKey: '', sessionSecret: '' };
  const file = join(folder, 'secrets.json');
  if (!existsSync(file)) {
    mkdirSync(folder, { recursive: true });
    const draft = `${file}.${process.pid}`;
    const fresh = (): string => randomBytes(32).toString('hex');
    writeFileSync(draft, JSON.stringify({ linkPepper: fresh(), sealingKey: fresh(), sessionSecret: fresh() }), {
      mode: 0o600,
    });
    try {
      linkSync(draft, file);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    unlinkSync(draft);
    chmodSync(file, 0o600);
  }
  const kept = secretsInFile.safeParse(parsed(readFileSync(file, 'utf8')));
  if (!kept.success)
    throw new SettingProblem(`${file} is damaged: restore it, or delete it, and links mailed so far stop working.`);
  return kept.data;
}
