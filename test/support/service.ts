import { randomBytes } from 'node:crypto';
import { type DynamicModule, type Type } from '@nestjs/common';
import { type NestExpressApplication } from '@nestjs/platform-express';
import PostalMime, { type Email } from 'postal-mime';
import { Client } from 'pg';
import request, { type Agent } from 'supertest';
import { AppModule } from '../../src/app.module.js';
import { type Actor } from '../../src/access/actor.js';
import { StaffService } from '../../src/access/staff.service.js';
import { type Settings } from '../../src/config.js';
import { Clock } from '../../src/database/clock.js';
import { Dispatcher } from '../../src/mail/dispatcher.js';
import { usualSending } from '../../src/mail/sending/sending-settings.js';
import { createApp } from '../../src/web/create-app.js';
import { aDatabase, type TestDatabase } from './cluster.js';

/** The moment at which every test begins unless it says otherwise: the Monday of the first scenario, 11:20 in London. */
export const MONDAY = new Date('2026-11-30T11:20:00Z');

export interface CaughtMail {
  readonly to: string;
  readonly raw: string;
  readonly mail: Email;
  /** The one link of the message, if it has one. */
  readonly link: string | undefined;
  /** The calendar part as text, if it has one. */
  readonly calendar: string | undefined;
}

/** The whole service on a database of its own, with a clock that the test moves. */
export interface TestService {
  readonly app: NestExpressApplication;
  readonly settings: Settings;
  readonly http: Agent;
  readonly database: TestDatabase;
  readonly clock: TestClock;
  get<T>(what: Type<T>): T;
  /** The actor of a member of staff, by the account's address. */
  staff(email: string): Promise<Actor>;
  /** Sends what is queued and answers every message caught so far, oldest first; `to` narrows to one address. */
  mail(to?: string): Promise<CaughtMail[]>;
  /** A look behind the policies, as superuser. */
  look<R>(sql: string, values?: unknown[]): Promise<R[]>;
  stop(): Promise<void>;
}

export class TestClock extends Clock {
  private at: Date = MONDAY;
  override now(): Date {
    return new Date(this.at);
  }
  set(at: Date | string): void {
    this.at = new Date(at);
  }
  /** Moves on by some minutes. */
  pass(minutes: number): void {
    this.at = new Date(this.at.getTime() + minutes * 60_000);
  }
}

/**
 * Starts the service without listening; `prepare` fills the database as superuser before it starts, `root` is another
 * choice of modules.
 */
export async function startService(
  options: {
    now?: Date;
    settings?: Partial<Settings>;
    prepare?: (admin: Client) => Promise<void>;
    log?: boolean;
    root?: (settings: Settings) => DynamicModule;
  } = {},
): Promise<TestService> {
  const database = await aDatabase();
  const admin = new Client({ connectionString: database.adminUrl });
  await admin.connect();
  await options.prepare?.(admin);
  const settings = testSettings(database, options.settings);
  const app = await createApp(
    (options.root ?? ((given: Settings) => AppModule.with(given)))(settings),
    settings,
    options.log ? ['debug', 'log', 'warn', 'error'] : false,
  );
  const clock = new TestClock();
  clock.set(options.now ?? MONDAY);
  Object.assign(app.get(Clock), { now: () => clock.now() });
  app.get(Dispatcher).start = () => undefined;
  await app.init();
  const http = request.agent(app.getHttpServer());
  return {
    app,
    settings,
    http,
    database,
    clock,
    get: (what) => app.get(what, { strict: false }),
    staff: (email) => staffActor(app, email),
    mail: (to) => caught(app, admin, to),
    look: async <R>(sql: string, values: unknown[] = []) => (await admin.query(sql, values)).rows as R[],
    stop: async () => {
      await app.close();
      await admin.end();
      await database.drop();
    },
  };
}

function testSettings(database: TestDatabase, given: Partial<Settings> = {}): Settings {
  const secret = (): string => randomBytes(32).toString('hex');
  return {
    production: false,
    role: 'web',
    host: '127.0.0.1',
    port: 0,
    baseUrl: 'http://localhost:3000',
    databaseUrl: database.appUrl,
    databaseOwnerUrl: database.ownerUrl,
    databaseMailUrl: database.mailUrl,
    poolSize: 10,
    smtpUrl: undefined,
    mailDomain: 'reply.northshire.example',
    mailHoldSeconds: 0,
    sending: { ...usualSending(), domainPerMinute: 0 },
    dkim: undefined,
    linkPepper: secret(),
    sealingKey: randomBytes(32),
    sessionSecret: secret(),
    trustProxy: [],
    logLevel: 'silent',
    ...given,
  };
}

async function staffActor(app: NestExpressApplication, email: string): Promise<Actor> {
  const [staff] = await app.get(StaffService, { strict: false }).byEmail(email);
  if (staff === undefined) throw new Error(`No account for ${email}`);
  return staff.asActor();
}

async function caught(app: NestExpressApplication, admin: Client, to: string | undefined): Promise<CaughtMail[]> {
  await app.get(Dispatcher, { strict: false }).drain();
  const { rows } = await admin.query<{ to_address: string; bytes: Buffer }>(
    `select to_address, bytes from caught_mail where $1::text is null or to_address = $1 order by caught_at, id`,
    [to ?? null],
  );
  return Promise.all(
    rows.map(async ({ to_address, bytes }) => {
      const mail = await PostalMime.parse(bytes, { attachmentEncoding: 'utf8' });
      const calendar = mail.attachments.find((part) => part.mimeType === 'text/calendar');
      return {
        to: to_address,
        raw: bytes.toString('utf8'),
        mail,
        link: /https?:\/\/\S+/.exec(mail.text ?? '')?.[0],
        calendar: calendar === undefined ? undefined : textOf(calendar.content),
      };
    }),
  );
}

function textOf(content: string | ArrayBuffer | Uint8Array): string {
  return typeof content === 'string' ? content : new TextDecoder().decode(content);
}

/** An authority with nothing in it, for what needs no more. */
export async function anAuthority(admin: Client): Promise<void> {
  await admin.query(
    `insert into authority (id, name, short_name, phone, created_at) values (1, 'Northshire Council', 'Northshire', '01632 960100', now())`,
  );
}
