import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { type Handover } from '../../src/mail/message.js';
import { MailServer } from '../../src/mail/sending/mail-server.js';
import { type ScriptedSmtp, startScriptedSmtp } from '../support/scripted-smtp.js';

let folder: string;
let smtp: ScriptedSmtp;

const openssl = (...args: string[]): Buffer => execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' });

/** A certificate of an authority of the test's own, for a name, valid for so many days. */
function certificate(name: string, altName: string, days: number): void {
  writeFileSync(join(folder, `${name}.ext`), `subjectAltName=${altName}\n`);
  openssl(
    'req',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-keyout',
    `${name}.key`,
    '-subj',
    `/CN=${name}`,
    '-out',
    `${name}.csr`,
  );
  const signed = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-extfile', `${name}.ext`];
  openssl('x509', '-req', '-in', `${name}.csr`, ...signed, '-days', String(days), '-out', `${name}.pem`);
}

const read = (file: string): string => readFileSync(join(folder, file), 'utf8');

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'quorate-tls-'));
  openssl(
    'req',
    '-x509',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-keyout',
    'ca.key',
    '-subj',
    '/CN=Test',
    '-days',
    '2',
    '-out',
    'ca.pem',
  );
  certificate('good', 'IP:127.0.0.1', 2);
  certificate('elsewhere', 'DNS:relay.elsewhere.example', 2);
  certificate('expired', 'IP:127.0.0.1', 0);
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});
afterEach(() => smtp.stop());

async function handOver(url: string, ca?: string): Promise<Handover> {
  const office = new MailServer(url, { limitMs: 5_000, ca });
  const parcel = {
    authorityId: 1,
    id: 'one',
    messageId: '<one@reply.example>',
    envelopeFrom: 'b-one@reply.example',
    toAddress: 'tom.beck@nhs.example',
    bytes: Buffer.from('Subject: one\r\n\r\nMessage one.\r\n'),
  };
  const outcome = await office.handOver(parcel, performance.now() + 5_000);
  office.close();
  return outcome;
}

async function withCertificate(name: string): Promise<void> {
  smtp = await startScriptedSmtp({ key: read(`${name}.key`), cert: read(`${name}.pem`) });
}

describe('a mail server elsewhere', () => {
  it('is given a message when its certificate fits', async () => {
    await withCertificate('good');
    expect(await handOver(`smtps://127.0.0.1:${smtp.port}`, read('ca.pem'))).toMatchObject({ kind: 'taken' });
  });
});

describe('refuses', () => {
  it.each([
    ['expired', true],
    ['elsewhere', true],
    ['good', false],
  ])('a server whose certificate is %s, its authority known: %s, and nothing leaves', async (name, known) => {
    await withCertificate(name);
    const outcome = await handOver(`smtps://127.0.0.1:${smtp.port}`, known ? read('ca.pem') : undefined);
    expect(outcome.kind).toBe('later');
    expect(smtp.commands).toEqual([]);
    expect(smtp.taken).toEqual([]);
  });

  it('a server that offers no TLS where somebody may listen in between', async () => {
    smtp = await startScriptedSmtp();
    expect((await handOver(`smtp://127.0.0.2:${smtp.port}`)).kind).toBe('later');
    expect(smtp.commands.filter((line) => line.startsWith('MAIL'))).toEqual([]);
    expect(smtp.taken).toEqual([]);
  });
});
