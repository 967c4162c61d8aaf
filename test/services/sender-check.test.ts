import { generateKeyPairSync } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { createTransport } from 'nodemailer';
import { type Settings } from '../../src/config.js';
import { type Authentication } from '../../src/mail/inbound/opened-mail.js';
import { Names, SenderCheck } from '../../src/mail/inbound/sender-check.js';
import { takeApart } from '../../src/mail/inbound/take-apart.js';

const keys = generateKeyPairSync('rsa', { modulusLength: 2048 });
const key = keys.publicKey.export({ type: 'spki', format: 'der' }).toString('base64');

/** The domain name system as these tests need it. */
const RECORDS: Readonly<Record<string, string>> = {
  's1._domainkey.force.example': `v=DKIM1; k=rsa; p=${key}`,
  's1._domainkey.other.example': `v=DKIM1; k=rsa; p=${key}`,
  '_dmarc.force.example': 'v=DMARC1; p=reject',
};

class TestNames extends Names {
  asked = 0;
  override readonly resolve = async (domain: string, type: string): Promise<string[][]> => {
    this.asked += 1;
    const record = type === 'TXT' ? RECORDS[domain] : undefined;
    if (record === undefined) throw Object.assign(new Error('not found'), { code: 'ENOTFOUND' });
    return [[record]];
  };
}

class Unreachable extends Names {
  override readonly resolve = async (): Promise<string[][]> => {
    throw Object.assign(new Error('refused'), { code: 'ECONNREFUSED' });
  };
}

const inbound = {
  port: undefined,
  portIsOptional: false,
  host: '',
  lmtp: false,
  imapUrl: undefined,
  authservId: 'mx.site.example',
};
const settings = (dns: boolean): Settings => ({ inbound: { ...inbound, dns } }) as unknown as Settings;

let signed: Record<'force' | 'other', string>;

async function rendered(domain: string): Promise<string> {
  const dkim = {
    domainName: domain,
    keySelector: 's1',
    privateKey: keys.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
  const { message } = await createTransport({ streamTransport: true, buffer: true, newline: 'windows' }).sendMail({
    from: 'Leanne Firth <leanne@force.example>',
    to: 'r-a@reply.site.example',
    subject: 'Accepted',
    text: 'Yes.',
    dkim,
  });
  return (message as Buffer).toString();
}

beforeAll(async () => {
  signed = { force: await rendered('force.example'), other: await rendered('other.example') };
});

async function check(raw: string, names: Names = new TestNames(), dns = true): Promise<Authentication> {
  const bytes = Buffer.from(raw);
  return new SenderCheck(settings(dns), names).of(bytes, await takeApart(bytes));
}

describe('where a message comes from', () => {
  it('is vouched for by a signature of the author’s own domain', async () => {
    expect(await check(signed.force)).toMatchObject({
      dmarc: { domain: 'force.example', result: 'pass' },
      dkim: [{ domain: 'force.example', result: 'pass' }],
    });
  });

  it('or by the machine that sent it, as the site’s server found', async () => {
    const raw = `Authentication-Results: mx.site.example; spf=pass smtp.mailfrom=force.example\r\nFrom: a@force.example\r\n\r\nx\r\n`;
    expect(await check(raw)).toEqual({
      dmarc: { domain: 'force.example', result: 'pass' },
      dkim: [],
      spf: { domain: 'force.example', result: 'pass' },
    });
  });

  it('is not known for a domain without a policy', async () => {
    const raw = 'From: a@school.example\r\n\r\nx\r\n';
    expect(await check(raw)).toMatchObject({ dmarc: { domain: 'school.example', result: 'none' }, dkim: [] });
  });
});

describe('refuses', () => {
  it('a message that was changed, and a signature of somebody else', async () => {
    const changed = await check(signed.force.replace('Yes.', 'No!!'));
    expect(changed.dmarc.result).toBe('fail');
    expect(changed.dkim[0]?.result).toBe('fail');
    expect(await check(signed.other)).toMatchObject({
      dmarc: { domain: 'force.example', result: 'fail' },
      dkim: [{ domain: 'other.example', result: 'pass' }],
    });
  });

  it('to take a line in the site’s name that was there before for the site’s own', async () => {
    const raw = `Authentication-Results: mx.outside.example; spf=fail\r\nAuthentication-Results: mx.site.example; spf=pass smtp.mailfrom=force.example\r\nFrom: a@force.example\r\n\r\nx\r\n`;
    expect((await check(raw)).dmarc.result).toBe('fail');
  });

  it('to fail, or to guess, when nobody can be asked', async () => {
    const nothing = { dmarc: { result: 'none' } };
    const unreachable = await check(signed.force, new Unreachable());
    expect(unreachable).toMatchObject(nothing);
    expect(unreachable.dkim.every(({ result }) => result === 'none')).toBe(true);
    const names = new TestNames();
    expect(await check(signed.force, names, false)).toMatchObject({ ...nothing, dkim: [] });
    expect(names.asked).toBe(0);
    for (const raw of [
      '',
      '\r\n\r\n',
      'From: \r\n\r\nx',
      'From: a@b\r\nFrom: c@d\r\n\r\nx',
      'DKIM-Signature: v=9\r\n\r\n',
    ])
      expect(await check(raw)).toMatchObject(nothing);
  });
});
