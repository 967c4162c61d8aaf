import { NestFactory } from '@nestjs/core';
import { type NestExpressApplication } from '@nestjs/platform-express';
import connectPgSimple from 'connect-pg-simple';
import session from 'express-session';
import { Pool } from 'pg';
import { type DynamicModule, type LoggerService, type LogLevel } from '@nestjs/common';
import { type Settings } from '../config.js';
import { Database } from '../database/database.js';
import { configureWeb } from './configure-web.js';

/** The service as an application, not yet listening: for `main.ts` and for the tests, which want the same one. */
export async function createApp(
  module: DynamicModule,
  settings: Settings,
  logger: LoggerService | LogLevel[] | false,
): Promise<NestExpressApplication> {
  const app = await NestFactory.create<NestExpressApplication>(module, {
    logger,
    bodyParser: false,
    abortOnError: false,
  });
  const sessions = sessionStore(settings);
  configureWeb(app, {
    baseUrl: settings.baseUrl,
    https: settings.baseUrl.startsWith('https://'),
    sessionSecret: settings.sessionSecret,
    sessionStore: sessions.store,
    trustProxy: settings.trustProxy,
    development: false,
    serviceName: 'Quorate',
  });
  app.setLocal('mailbox', !settings.production && settings.smtpUrl === undefined);
  app.get(Database).alsoClose(sessions.end);
  return app;
}

function sessionStore(settings: Settings): { store: session.Store; end: () => Promise<void> } {
  const pool = new Pool({ connectionString: settings.databaseUrl, max: 4, connectionTimeoutMillis: 2_000 });
  pool.on('error', () => undefined);
  const Store = connectPgSimple(session);
  const store = new Store({
    pool,
    tableName: 'login_session',
    createTableIfMissing: false,
    pruneSessionInterval: false,
  });
  return { store, end: () => pool.end() };
}
