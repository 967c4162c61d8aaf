import { readFileSync } from 'node:fs';
import { Pool } from 'pg';
import { SettingProblem, type WorkerSettings } from '../../config.js';
import { BuiltInMailbox } from './built-in-mailbox.js';
import { type DeliveryOracle, LookupOracle, MailboxOracle, NoOracle } from './delivery-oracle.js';
import { MailServer } from './mail-server.js';
import { type PostOffice } from './post-office.js';
import { type SenderParts } from './sender.js';

/** Connections of the mail role, by its own login or by the service's, which may become it. */
export function mailPool({ databaseUrl, databaseMailUrl, sending }: WorkerSettings): Pool {
  const role = databaseMailUrl === undefined ? { options: '-c role=quorate_mail' } : {};
  const pool = new Pool({
    connectionString: databaseMailUrl ?? databaseUrl,
    max: Math.max(4, Math.ceil(sending.connections / 2)),
    connectionTimeoutMillis: 2_000,
    statement_timeout: 5_000,
    query_timeout: 10_000,
    ...role,
  });
  pool.on('error', () => undefined);
  return pool;
}

/** Where mail goes and who knows whether it arrived, by the settings. Throws SettingProblem. */
export function whereMailGoes(
  settings: WorkerSettings,
  pool: Pool,
  now: () => Date,
): Pick<SenderParts, 'office' | 'oracle'> {
  const { smtpUrl, sending } = settings;
  const office: PostOffice =
    smtpUrl === undefined
      ? new BuiltInMailbox(pool, now)
      : new MailServer(smtpUrl, { limitMs: sending.sendLimitSeconds * 1_000, ca: certificate(sending.caFile) });
  return { office, oracle: oracleOf(settings, pool) };
}

function oracleOf({ smtpUrl, sending }: WorkerSettings, pool: Pool): DeliveryOracle {
  if (smtpUrl === undefined) return new MailboxOracle(pool);
  return sending.lookupUrl === undefined ? new NoOracle() : new LookupOracle(sending.lookupUrl);
}

function certificate(file: string | undefined): string | undefined {
  if (file === undefined) return undefined;
  try {
    return readFileSync(file, 'utf8');
  } catch {
    throw new SettingProblem(`SMTP_CA_FILE: ${file} cannot be read: give the certificates as a PEM file.`);
  }
}
