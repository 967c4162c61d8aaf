import 'reflect-metadata';
import { join } from 'node:path';
import { ConsoleLogger, Logger, type LogLevel } from '@nestjs/common';
import { AppModule } from './app.module.js';
import { readSettings, requireMailServer, SettingProblem, type Settings } from './config.js';
import { type EmbeddedPostgres, quorateFolder, startEmbeddedPostgres } from './database/embedded-postgres.js';
import { migrate } from './database/migrate.js';
import { checkDatabase } from './database/open-database.js';
import { loadDemonstration } from './demonstration/load-demonstration.js';
import { InboundMailServer } from './mail/inbound/inbound-mail-server.js';
import { welcome } from './welcome.js';
import { createApp } from './web/create-app.js';
import { requireFreePort } from './web/free-port.js';

const CHECKOUT = join(import.meta.dirname, '..', '..');

function requireNode(): void {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major < 24 || (major === 24 && minor < 11)) {
    throw new SettingProblem(
      `Quorate runs on Node.js 24.11 or newer, and this is ${process.versions.node}: start it with npm start.`,
    );
  }
}

async function embedded(folder: string): Promise<EmbeddedPostgres | undefined> {
  const own = process.env.DATABASE_URL ?? '';
  if (own !== '' || process.env.NODE_ENV === 'production') return undefined;
  return startEmbeddedPostgres({ folder });
}

async function start(): Promise<void> {
  requireNode();
  const folder = process.env.QUORATE_FOLDER ?? quorateFolder(CHECKOUT);
  const postgres = await embedded(folder);
  try {
    const settings = readSettings(process.env, { folder, ...(postgres ?? {}) });
    if (postgres === undefined) requireMailServer(settings);
    if (settings.databaseOwnerUrl !== undefined) await migrate(settings.databaseOwnerUrl);
    if (settings.role !== 'worker') await requireFreePort(settings.port, settings.host);
    await checkDatabase(settings);
    await serve(settings, postgres, folder);
  } catch (error) {
    await postgres?.stop();
    throw error;
  }
}

async function serve(settings: Settings, postgres: EmbeddedPostgres | undefined, folder: string): Promise<void> {
  const app = await createApp(AppModule.with(settings), settings, logger(settings));
  try {
    await app.init();
    const token = postgres === undefined ? undefined : await loadDemonstration(app, settings, folder);
    if (settings.role !== 'worker') await app.listen(settings.port, settings.host);
    const mailPort = app.get(InboundMailServer, { strict: false }).port;
    process.stdout.write(welcome(settings, { embedded: postgres !== undefined, token, mailPort }));
  } catch (error) {
    await app.close();
    throw error;
  }
  let stopping = false;
  const stop = (): void => {
    if (stopping) return;
    stopping = true;
    void app
      .close()
      .then(() => postgres?.stop())
      .then(() => process.exit(0), fail);
  };
  process.on('SIGINT', stop).on('SIGTERM', stop);
}

const LEVELS: LogLevel[] = ['fatal', 'error', 'warn', 'log', 'debug'];

/** Lines for people while trying it out, one JSON object a line in production; never a parameter of a statement. */
function logger({ production, logLevel }: Settings): ConsoleLogger {
  const least = ['fatal', 'error', 'warn', 'info', 'debug'].indexOf(logLevel);
  return new ConsoleLogger({ json: production, logLevels: LEVELS.slice(0, least + 1) });
}

function fail(error: unknown): void {
  const code = (error as { code?: string } | undefined)?.code;
  if (error instanceof SettingProblem) process.stderr.write(`${error.message}\n`);
  else if (code === 'EADDRINUSE') {
    process.stderr.write(
      `Port ${process.env.PORT ?? '3000'} is in use by another program: set PORT to a free one, as in PORT=3001 npm start.\n`,
    );
  } else new Logger('Start').fatal(error instanceof Error ? (error.stack ?? error.message) : String(error));
  process.exit(1);
}

start().catch(fail);
