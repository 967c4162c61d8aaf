import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { dkimVerify } from 'mailauth/lib/dkim/verify.js';
import { buildCalendar } from '../../src/calendar/calendar.js';
import { publicHalf, readDkimKey } from '../../src/mail/domain/dkim-key.js';
import { domainWarnings } from '../../src/mail/domain/domain-records.js';
import { signMessage } from '../../src/mail/domain/sign-message.js';
import { lintMessage } from '../../src/mail/lint.js';
import { renderMessage } from '../../src/mail/render.js';
import { mailBody } from '../../src/mail/words.js';
import { aCalendarMail, LINK } from '../support/calendar-mails.js';

const DOMAIN = 'quorate.test';
const folder = mkdtempSync(join(tmpdir(), 'quorate-dkim-'));
const FILE = join(folder, 'key.pem');
const pem = (modulusLength: number): string =>
  generateKeyPairSync('rsa', { modulusLength }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
writeFileSync(FILE, pem(2048));
writeFileSync(join(folder, 'short.pem'), pem(1024));
const given = { DKIM_DOMAIN: DOMAIN, DKIM_SELECTOR: 'q1', DKIM_KEY_FILE: FILE };
const read = readDkimKey(given, `reply.${DOMAIN}`);
if (read === undefined) throw new Error('No key was read');
const key = read;

afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** A DNS of the test's own: what stands in it, and nothing else. */
function dns(records: Record<string, string[]>): { resolveTxt(name: string): Promise<string[][]> } {
  return {
    resolveTxt: async (name) => {
      const found = records[name];
      if (found === undefined) throw Object.assign(new Error('none'), { code: 'ENOTFOUND' });
      return found.map((text) => [text.slice(0, 200), text.slice(200)]);
    },
  };
}

const good = {
  [`reply.${DOMAIN}`]: ['v=spf1 ip4:192.0.2.1 -all'],
  [`q1._domainkey.${DOMAIN}`]: [`v=DKIM1; k=rsa; p=${publicHalf(key)}`],
  [`_dmarc.${DOMAIN}`]: ['v=DMARC1; p=reject'],
};

async function signed(): Promise<{ bytes: Buffer; sha256: string }> {
  const invitation = aCalendarMail();
  const words = { greeting: 'Dear Priya', paragraphs: ['Please come — it matters.'], footer: ['Ring us.'] };
  const mail = {
    from: invitation.organiser,
    to: invitation.invitee.address,
    subject: 'Multi-agency meeting ALL-2026-0147',
    messageId: '<4f8d7c@quorate.test>',
    date: new Date('2026-07-01T09:00:00Z'),
    ...mailBody({ ...words, link: { label: 'Answer', url: LINK } }),
    calendar: { method: 'REQUEST' as const, content: buildCalendar(invitation) },
  };
  const rendered = await signMessage(await renderMessage(mail), key);
  await lintMessage(rendered.bytes, { ...mail, link: LINK });
  return rendered;
}

async function verdict(bytes: Buffer): Promise<string | undefined> {
  const resolver = (name: string): Promise<string[][]> => dns(good).resolveTxt(name);
  const { results } = await dkimVerify(bytes, { resolver: resolver });
  return results[0]?.status.result;
}

describe('a signed message', () => {
  it('passes the output lint and verifies against the key in the DNS', async () => {
    const { bytes } = await signed();
    expect(bytes.toString('latin1').match(/^DKIM-Signature:/gm)).toHaveLength(1);
    expect(await verdict(bytes)).toBe('pass');
  });

  it('does not verify any more when a word of it was changed', async () => {
    const { bytes } = await signed();
    const changed = Buffer.from(
      bytes.toString('latin1').replace('meeting ALL-2026-0147', 'meeting ALL-2026-0148'),
      'latin1',
    );
    expect(await verdict(changed)).toBe('fail');
  });
});

describe('the records of the sender’s domain', () => {
  it('are not complained of when all three are right', async () => {
    expect(await domainWarnings(dns(good), `reply.${DOMAIN}`, key)).toEqual([]);
  });

  it.each([
    ['no SPF', { [`reply.${DOMAIN}`]: [] }, 'no SPF record'],
    ['two SPF', { [`reply.${DOMAIN}`]: ['v=spf1 -all', 'v=spf1 mx -all'] }, 'more than one SPF'],
    ['SPF for anybody', { [`reply.${DOMAIN}`]: ['v=spf1 +all'] }, 'lets anybody'],
    ['no key', { [`q1._domainkey.${DOMAIN}`]: [] }, 'not in the DNS'],
    ['another key', { [`q1._domainkey.${DOMAIN}`]: ['p=MIIB'] }, 'another key'],
    ['no DMARC', { [`_dmarc.${DOMAIN}`]: [] }, 'no DMARC record'],
  ])('are complained of: %s', async (_, wrong, words) => {
    const warnings = await domainWarnings(dns({ ...good, ...wrong }), `reply.${DOMAIN}`, key);
    expect(warnings).toEqual([expect.stringContaining(words)]);
  });

  it('are one warning, and no failure, when the DNS cannot be reached', async () => {
    const away = { resolveTxt: () => Promise.reject(Object.assign(new Error('away'), { code: 'ESERVFAIL' })) };
    expect(await domainWarnings(away, `reply.${DOMAIN}`, key)).toEqual([
      expect.stringContaining('could not be looked up'),
    ]);
  });
});

describe('refuses', () => {
  it.each([
    ['a key that cannot be read', { ...given, DKIM_KEY_FILE: '/nowhere.pem' }, 'cannot be read'],
    ['a key that is too short', { ...given, DKIM_KEY_FILE: join(folder, 'short.pem') }, '2048 bits'],
    ['a domain that is not above the sender’s', { ...given, DKIM_DOMAIN: 'elsewhere.test' }, 'above it'],
  ])('%s', (_, settings, words) => {
    expect(() => readDkimKey(settings, `reply.${DOMAIN}`)).toThrow(words);
  });
});
