/** How fast invitations are made and delivered and answers are read, each beside the library alone, in turn. */
import 'reflect-metadata';
import { once } from 'node:events';
import { type AddressInfo } from 'node:net';
import { type INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import ICAL from 'ical.js';
import { DateTime } from 'luxon';
import { createTransport } from 'nodemailer';
import MailComposer from 'nodemailer/lib/mail-composer';
import { Client } from 'pg';
import PostalMime from 'postal-mime';
import { SMTPServer } from 'smtp-server';
import { type Actor } from '../src/access/actor.js';
import { AppModule } from '../src/app.module.js';
import { readReply } from '../src/calendar/read-reply.js';
import { readSettings } from '../src/config.js';
import { startEmbeddedPostgres } from '../src/database/embedded-postgres.js';
import { migrate } from '../src/database/migrate.js';
import { Sealing } from '../src/database/sealing.js';
import { Dispatcher } from '../src/mail/dispatcher.js';
import { sort } from '../src/mail/inbound/sorting.js';
import { takeApart } from '../src/mail/inbound/take-apart.js';
import { MattersService } from '../src/matters/matters.service.js';
import { SchedulingService } from '../src/meetings/scheduling.service.js';
import { loadAuthorities } from './load-authorities.js';

const AUTHORITY = 101;
const INVITEES = 20;
const MEETINGS_A_ROUND = 5;
const REPLIES_A_ROUND = 500;
const CONNECTIONS = 8;
const REASON = 'Everybody knows of each other’s diaries';

/** What one round measured: how many a second, ours and the library's. */
type Pair = readonly [ours: number, alone: number];

interface Bed {
  readonly app: INestApplicationContext;
  readonly admin: Client;
  readonly by: Actor;
  readonly matterId: string;
  readonly contacts: readonly string[];
  readonly smtp: { readonly port: number; taken: number };
}

async function sink(tidying: AsyncDisposableStack): Promise<Bed['smtp']> {
  const smtp = { port: 0, taken: 0 };
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    onData(stream, _session, done) {
      stream.resume();
      stream.on('end', () => {
        smtp.taken += 1;
        done();
      });
    },
  });
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  tidying.defer(async () => {
    server.close();
    await once(server.server, 'close');
  });
  smtp.port = (server.server.address() as AddressInfo).port;
  return smtp;
}

async function makeBed(folder: string, tidying: AsyncDisposableStack): Promise<Bed> {
  const postgres = await startEmbeddedPostgres({ folder, database: 'bench_mail' });
  tidying.defer(() => postgres.stop());
  await migrate(postgres.ownerUrl);
  const smtp = await sink(tidying);
  const settings = readSettings(
    {
      ...{ DATABASE_URL: postgres.appUrl, SMTP_URL: `smtp://127.0.0.1:${smtp.port}`, QUORATE_ROLE: 'web' },
      ...{ LINK_PEPPER: 'a pepper that only measures, 32 characters', SEALING_KEY: '5e'.repeat(32) },
      ...{
        MAIL_HOLD_SECONDS: '0',
        MAIL_CONNECTIONS: String(CONNECTIONS),
        MAIL_DOMAIN_CONNECTIONS: String(CONNECTIONS),
      },
      ...{ MAIL_DOMAIN_PER_MINUTE: '0', MAIL_STATE_FOLDER: folder, LOG_LEVEL: 'silent' },
    },
    { folder },
  );
  const size = { authorities: 1, contacts: 1_000, meetings: 1_000, firstId: AUTHORITY, now: new Date() };
  await loadAuthorities(postgres.ownerUrl, { ...size, sealing: new Sealing(settings) }, () => undefined);
  const app = await NestFactory.createApplicationContext(AppModule.with(settings), { logger: ['error'] });
  tidying.defer(() => app.close());
  const admin = new Client({ connectionString: postgres.adminUrl });
  await admin.connect();
  tidying.defer(() => admin.end());
  return { app, admin, smtp, ...(await people(admin, app)) };
}

async function people(admin: Client, app: INestApplicationContext): Promise<Pick<Bed, 'by' | 'matterId' | 'contacts'>> {
  const { rows: staff } = await admin.query<{ id: string; name: string }>(
    `select id, name from staff where authority_id = $1 and 'COORDINATOR' = any (roles) and desk = 'LADO' limit 1`,
    [AUTHORITY],
  );
  const [{ id, name }] = staff as [{ id: string; name: string }];
  const by: Actor = {
    kind: 'STAFF',
    authorityId: AUTHORITY,
    id,
    knowsAs: id,
    name,
    roles: ['COORDINATOR'],
    desk: 'LADO',
    scopes: [],
  };
  const { rows } = await admin.query<{ id: string }>(
    `select distinct on (h.contact_id) h.contact_id as id from holding h join contact c on c.authority_id = h.authority_id and c.id = h.contact_id
     where h.authority_id = $1 and h.to_on is null and c.status = 'ACTIVE' order by h.contact_id limit 400`,
    [AUTHORITY],
  );
  const matter = await app.get(MattersService, { strict: false }).open(by, {
    ...{ kind: 'ALLEGATION', sensitivity: 'STANDARD', neutralTitle: 'Enquiry 14, north team', coordinatorId: by.id },
    ...{ facts: ['POSSIBLE_OFFENCE'], externalIds: [] },
  });
  return { by, matterId: matter.id, contacts: rows.map((row) => row.id) };
}

async function pace(count: number, work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return (count / (performance.now() - began)) * 1_000;
}

async function schedule({ app, by, matterId, contacts }: Bed, round: number): Promise<void> {
  const day = DateTime.utc()
    .plus({ days: 20 + round })
    .toISODate();
  for (let n = 0; n < MEETINGS_A_ROUND; n += 1) {
    const from = ((round * MEETINGS_A_ROUND + n) * INVITEES) % (contacts.length - INVITEES);
    const [chair = null, ...others] = contacts.slice(from, from + INVITEES);
    await app.get(SchedulingService, { strict: false }).schedule(by, {
      ...{ matterId, typeCode: 'ALLEGATION_MEETING', chairContactId: chair, overrideReason: REASON },
      slot: { date: day, from: '10:00', to: '11:00', zone: 'Europe/London', mode: 'VIDEO' },
      invitees: others.map((contactId) => ({ contactId })),
    });
  }
}

/** The messages of the last round as they were sent, opened again. */
async function sentBytes({ app, admin }: Bed): Promise<{ from: string; to: string; raw: Buffer }[]> {
  const sealing = app.get(Sealing, { strict: false });
  const { rows } = await admin.query<{ id: string; to_address: string; envelope_from: string; sealed_bytes: Buffer }>(
    'select id, to_address, envelope_from, sealed_bytes from message where authority_id = $1 order by ordinal desc limit $2',
    [AUTHORITY, MEETINGS_A_ROUND * INVITEES],
  );
  return rows.map((row) => ({
    from: row.envelope_from,
    to: row.to_address,
    raw: sealing.open(row.sealed_bytes, `${AUTHORITY}|message|${row.id}`),
  }));
}

/** The library alone: the same text, page and calendar as the invitations have, made into bytes and thrown away. */
async function render(like: Buffer, count: number): Promise<void> {
  const {
    text = '',
    html = '',
    subject = '',
    attachments,
  } = await PostalMime.parse(like, { attachmentEncoding: 'utf8' });
  const calendar = attachments.find(({ mimeType }) => mimeType === 'text/calendar')?.content;
  const icalEvent = {
    method: 'REQUEST',
    filename: 'invite.ics',
    content: typeof calendar === 'string' ? calendar : '',
    contentTransferEncoding: 'base64',
  };
  for (let n = 0; n < count; n += 1) {
    const mail = { from: 'r@reply.example', to: `p${n}@agency.example`, subject, text, html, icalEvent };
    await new MailComposer({ ...mail, newline: 'windows' }).compile().build();
  }
}

const REPLY = [
  'BEGIN:VCALENDAR',
  'PRODID:-//Example//Calendar//EN',
  'VERSION:2.0',
  'METHOD:REPLY',
  'BEGIN:VEVENT',
  'UID:0b9f1a52-7f6b-4a3c-9a5e-6f1d2f3a4b5c@reply.quorate.example',
  'SEQUENCE:0',
  'DTSTAMP:20261130T112000Z',
  'DTSTART:20261202T100000Z',
  'DTEND:20261202T111500Z',
  'ORGANIZER:mailto:r-abcdefghijklmnopqrstuvwxyz@reply.quorate.example',
  'ATTENDEE;PARTSTAT=ACCEPTED;CN=Leanne Firth:mailto:leanne.firth@police.example',
  'SUMMARY:Multi-agency meeting ALL-2026-0147',
  'END:VEVENT',
  'END:VCALENDAR',
  '',
].join('\r\n');

const REPLY_MAIL = Buffer.from(
  [
    'From: Leanne Firth <leanne.firth@police.example>',
    'To: r-abcdefghijklmnopqrstuvwxyz@reply.quorate.example',
    'Subject: Accepted: Multi-agency meeting ALL-2026-0147',
    'Message-ID: <one@police.example>',
    'Date: Mon, 30 Nov 2026 11:20:00 +0000',
    'MIME-Version: 1.0',
    'Content-Type: multipart/alternative; boundary=part',
    '',
    '--part',
    'Content-Type: text/plain; charset=utf-8',
    '',
    'Leanne Firth has accepted this invitation.',
    '--part',
    'Content-Type: text/calendar; charset=utf-8; method=REPLY',
    'Content-Transfer-Encoding: base64',
    '',
    Buffer.from(REPLY).toString('base64').replace(/.{76}/g, '$&\r\n'),
    '--part--',
    '',
  ].join('\r\n'),
);

async function readByUs(): Promise<void> {
  const mail = await takeApart(REPLY_MAIL);
  readReply(sort(mail, { addressKind: 'r', returnPath: 'leanne.firth@police.example' }).calendars);
}

async function readByLibraries(): Promise<void> {
  const mail = await PostalMime.parse(REPLY_MAIL, { attachmentEncoding: 'utf8' });
  new ICAL.Component(ICAL.parse(mail.attachments[0]?.content as string) as unknown[]).getAllSubcomponents('vevent');
}

async function times(count: number, work: () => Promise<void>): Promise<void> {
  for (let n = 0; n < count; n += 1) await work();
}

async function measureRound(bed: Bed, round: number): Promise<{ made: Pair; delivered: Pair; read: Pair }> {
  const count = MEETINGS_A_ROUND * INVITEES;
  const made = await pace(count, () => schedule(bed, round));
  const messages = await sentBytes(bed);
  const like = messages[0]?.raw ?? Buffer.alloc(0);
  const rendered = await pace(count, () => render(like, count));
  const before = bed.smtp.taken;
  const delivered = await pace(count, () => bed.app.get(Dispatcher, { strict: false }).drain());
  if (bed.smtp.taken - before !== count) throw new Error(`${bed.smtp.taken - before} of ${count} messages arrived`);
  const alone = await pace(count, () => deliverAlone(bed.smtp.port, messages));
  const read = await pace(REPLIES_A_ROUND, () => times(REPLIES_A_ROUND, readByUs));
  const parsed = await pace(REPLIES_A_ROUND, () => times(REPLIES_A_ROUND, readByLibraries));
  return { made: [made, rendered], delivered: [delivered, alone], read: [read, parsed] };
}

async function deliverAlone(
  port: number,
  messages: readonly { from: string; to: string; raw: Buffer }[],
): Promise<void> {
  const pooled = { pool: true, maxConnections: CONNECTIONS, host: '127.0.0.1', port, ignoreTLS: true } as const;
  const transport = createTransport(pooled);
  await Promise.all(messages.map(({ from, to, raw }) => transport.sendMail({ envelope: { from, to: [to] }, raw })));
  transport.close();
}

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;

function line(what: string, pairs: readonly Pair[]): string {
  const [ours, alone] = [0, 1].map((side) => median(pairs.map((pair) => pair[side] ?? 0)));
  const ratio = median(pairs.map(([one, other]) => one / other)).toFixed(2);
  return `| ${what} | ${(ours ?? 0).toFixed(0)} | ${(alone ?? 0).toFixed(0)} | **${ratio}** |`;
}

/** Measures in a database of its own in `folder`; the lines of a table. One round more is thrown away. */
export async function measureMail(folder: string, rounds: number, tidying: AsyncDisposableStack): Promise<string> {
  const bed = await makeBed(folder, tidying);
  const results = [];
  for (let round = 0; round <= rounds; round += 1) results.push(await measureRound(bed, round));
  const shown = results.slice(1);
  return [
    '| A second | Ours | The libraries alone | Ratio |',
    '| --- | --: | --: | --: |',
    line(
      'Invitations rendered, checked and stored / rendered',
      shown.map(({ made }) => made),
    ),
    line(
      'Messages delivered to a local server over kept connections',
      shown.map(({ delivered }) => delivered),
    ),
    line(
      'Answers of calendars read and understood / parsed',
      shown.map(({ read }) => read),
    ),
    '',
  ].join('\n');
}
