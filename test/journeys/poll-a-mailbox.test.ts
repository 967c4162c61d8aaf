import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MailboxPolling } from '../../src/mail/inbound/mailbox-polling.js';
import { polledEnvelope } from '../../src/mail/inbound/polled-envelope.js';
import { freePort } from '../support/free-port.js';
import { keptMail } from '../support/inbound.js';
import { anAuthority, startService, type TestService } from '../support/service.js';

const DOVECOT = '/usr/sbin/dovecot';
/** A real server, where one is installed (Debian: dovecot-imapd). */
const withDovecot = existsSync(DOVECOT) ? describe : describe.skip;

const UNKNOWN = 'r-abcdefghijklmnopqrstuvwxyz@reply.northshire.example';
const mail = (n: number, to = UNKNOWN): string =>
  `Return-Path: <leanne@force.example>\r\nDelivered-To: ${to}\r\nFrom: leanne@force.example\r\nTo: somebody@else.example\r\nSubject: ${n}\r\n\r\nHello\r\n`;

let folder: string;
let dovecot: ChildProcess | undefined;
let service: TestService;
let port: number;

/** An ordinary user runs it: as root it takes the user of the embedded database. */
function configuration(): string {
  const user = userInfo().uid === 0 ? 'postgres' : userInfo().username;
  const group = execFileSync('id', ['-gn', user]).toString().trim();
  return `
base_dir = ${folder}/base
state_dir = ${folder}/state
log_path = ${folder}/log
protocols = imap
listen = 127.0.0.1
default_internal_user = ${user}
default_internal_group = ${group}
default_login_user = ${user}
ssl = no
first_valid_uid = 1
first_valid_gid = 1
disable_plaintext_auth = no
mail_location = maildir:~/Maildir
passdb {
  driver = static
  args = password=secret
}
userdb {
  driver = static
  args = uid=${user} gid=${group} home=${folder}/mail/%Ln allow_all_users=yes
}
service anvil {
  chroot =
}
service imap-login {
  chroot =
  inet_listener imap {
    port = ${port}
  }
  inet_listener imaps {
    port = 0
  }
}
`;
}

async function answers(): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection(port, '127.0.0.1');
    const end = (greeted: boolean) => (): void => {
      socket.destroy();
      resolve(greeted);
    };
    socket.once('data', end(true)).once('error', end(false)).setTimeout(500, end(false));
  });
}

const inbox = (part: 'new' | 'cur'): string => join(folder, 'mail', 'quorate', 'Maildir', part);

let delivered = 0;
function deliver(text: string): void {
  delivered += 1;
  writeFileSync(join(inbox('new'), `${Date.now()}.${delivered}.host`), text);
  if (userInfo().uid === 0) execFileSync('chown', ['-R', 'postgres', folder]);
}

const strays = (): Promise<{ recipient: string; envelope_from: string | null }[]> =>
  service.look('select recipient, envelope_from from stray_mail order by received_at');

async function until(met: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 150 && !(await met()); tries += 1) await sleep(100);
}

withDovecot('a mailbox that is polled', () => {
  beforeAll(async () => {
    port = await freePort();
    folder = mkdtempSync(join(tmpdir(), 'quorate-imap-'));
    for (const part of ['new', 'cur']) mkdirSync(inbox(part as 'new'), { recursive: true });
    writeFileSync(join(folder, 'dovecot.conf'), configuration());
    if (userInfo().uid === 0) execFileSync('chown', ['-R', 'postgres', folder]);
    dovecot = spawn(DOVECOT, ['-F', '-c', join(folder, 'dovecot.conf')], { stdio: 'ignore' });
    await until(answers);
    const imapUrl = `imap://quorate:secret@127.0.0.1:${port}/INBOX`;
    const settings = {
      port: undefined,
      portIsOptional: false,
      host: '127.0.0.1',
      lmtp: false,
      authservId: undefined,
      dns: false,
    };
    service = await startService({ settings: { inbound: { ...settings, imapUrl } }, prepare: anAuthority });
  });

  afterAll(async () => {
    await service.get(MailboxPolling).stop();
    await service.stop();
    dovecot?.kill();
    await sleep(300);
    rmSync(folder, { recursive: true, force: true });
  });

  it('is read: each message is kept once for the address it was delivered to, then marked as seen', async () => {
    deliver(mail(1));
    deliver(mail(2));
    service.get(MailboxPolling).start();
    await until(async () => (await strays()).length === 2);
    expect(await strays()).toEqual([1, 2].map(() => ({ recipient: UNKNOWN, envelope_from: 'leanne@force.example' })));
    await until(async () => readdirSync(inbox('cur')).filter((name) => name.endsWith('S')).length === 2);
    expect(readdirSync(inbox('cur')).filter((name) => name.endsWith('S'))).toHaveLength(2);
  });

  it('tells at once that something came, and goes on after the last message when it starts again', async () => {
    await sleep(1_500);
    deliver(mail(3));
    await until(async () => (await strays()).length === 3);
    expect(await strays()).toHaveLength(3);
    await service.get(MailboxPolling).stop();
    await service.look('truncate stray_mail');
    deliver(mail(4));
    service.get(MailboxPolling).start();
    await until(async () => (await strays()).length > 0);
    expect(await strays()).toHaveLength(1);
    expect(await keptMail(service)).toEqual([]);
  });
});

describe('the envelope of a message in a mailbox', () => {
  it('is what the server noted: Delivered-To before X-Original-To before To', async () => {
    expect(await polledEnvelope(Buffer.from(mail(1)))).toEqual({
      recipients: [UNKNOWN, 'somebody@else.example'],
      envelopeFrom: 'leanne@force.example',
    });
    const noted =
      'Return-Path: <>\r\nTo: A <a@b.example>\r\nX-Original-To: r@b.example\r\n\r\nDelivered-To: in@words.example';
    expect(await polledEnvelope(Buffer.from(noted))).toEqual({
      recipients: ['r@b.example', 'a@b.example'],
      envelopeFrom: null,
    });
  });
});
